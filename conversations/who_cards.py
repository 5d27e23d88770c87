"""Who signed up, as a coordinator sees it: counts, themes, details to check, and names page by page."""

from collections import Counter
from collections.abc import Collection, Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Divider, Facts, Text, buttons, card, quiet, text
from conversations.content import Content
from conversations.forms import Form, Line, PersonPick
from conversations.people_words import counted, named, told_apart
from conversations.sign_up_cards import check_buttons, declared_rows
from storage.reports import ASKED
from storage.tables import Enrollment, Person, Program

Listed = Sequence[tuple[Enrollment, Person]]

# A card should fit one screen; Slack takes 50 blocks.
NAMES_A_PAGE = 20
MOST_TO_CHECK = 5
MOST_THEMES = 8
ORDER = ("joined", "matched", "invited", "nominated", "declined", "left")
STATUS_WORDS = {
    "joined": "joined",
    "matched": "matched",
    "invited": "invited (no answer yet)",
    "nominated": "named by a colleague (no answer yet)",
    "declined": "said no",
    "left": "not taking part",
}


def who_card(
    content: Content, program: Program, rows: Listed, page: int, settling: Collection[int] = frozenset()
) -> Card:
    """One page. The details to check come first, since matching waits for them.

    `settling`: ids of those whose pair ends and waits for its note. Both sides stay "matched" until then: else the
    list would tell which of the two has asked for somebody else.
    """
    if not rows:
        return nobody_card(program)
    to_check = [(enrollment, person) for enrollment, person in rows if _waits(enrollment)]
    pages = max(1, -(-len(rows) // NAMES_A_PAGE))
    page = min(max(page, 1), pages)
    checks = [block for one in to_check[:MOST_TO_CHECK] for block in _check_blocks(*one, page)]
    more = len(to_check) - MOST_TO_CHECK
    return card(
        f"Who signed up: {program.name}",
        Facts(_count_rows(rows, settling)),
        _themes(content, rows) if page == 1 else None,
        text("**Please check {people}**", people=counted(len(to_check), "person", "people")) if to_check else None,
        *checks,
        quiet("{more} more come up once these are done.", more=str(more)) if more > 0 else None,
        Divider(),
        _names(rows, page, settling),
        _pages(program, page, pages),
    )


def nobody_card(program: Program) -> Card:
    """Nobody yet: what to do about it."""
    here = {"program": program.id}
    return card(
        f"Nobody has signed up for {program.name} yet",
        text("Announce it in a channel with /mentor program open, or invite people in person."),
        buttons(
            Button("Open sign-up", Action("opening", "start", here), "primary"),
            Button("Invite people", Action("invite", "start", here)),
            Button("Import people", Action("roster", "start", here)),
        ),
    )


def correct_form(person: Person, action: Action) -> Form:
    """What the person said about themselves, for the coordinator to put right."""
    return Form(
        title="Correct the details",
        action=action,
        fields=(
            Line(key="department", label="Department", required=False, value=person.department),
            Line(key="team", label="Team", required=False, value=person.team),
            PersonPick(
                key="manager_email",
                label="Manager",
                required=False,
                value=person.manager_email,
                hint="Empty only for somebody who reports to nobody.",
            ),
            Line(
                key="level",
                label="Level",
                value=str(person.level) if person.level is not None else "",
                max_length=4,
                hint="A whole number, higher is more senior, on the same scale as everybody else's.",
            ),
        ),
        submit_label="Save and confirm",
        intro=f"{person.name} is matched once this is right.",
    )


def confirmed_card(person: Person, program: Program) -> Card:
    return card(
        "",
        text(
            "{name} is confirmed and takes part in the matching of **{program}**.",
            name=named(person),
            program=program.name,
        ),
        buttons(Button("Who signed up", Action("who", "show", {"program": program.id}))),
    )


def gone_card(person: Person, program: Program) -> Card:
    return card("", text("{name} is no longer waiting for **{program}**.", name=named(person), program=program.name))


def _waits(enrollment: Enrollment) -> bool:
    return enrollment.status == "joined" and not enrollment.confirmed


def _status_of(enrollment: Enrollment, settling: Collection[int]) -> str:
    waits = enrollment.status == "joined" and enrollment.person_id in settling
    return "matched" if waits else enrollment.status


def _count_rows(rows: Listed, settling: Collection[int]) -> tuple[tuple[str, str], ...]:
    sides = tuple(
        (f"{role.title()}s", _counts([_status_of(one, settling) for one, _ in rows if one.role == role]))
        for role in ("mentor", "mentee")
    )
    asked = [one for one, _ in rows if one.invited_by is not None or one.status in ASKED]
    return (*sides, ("Invitations", _replies(asked))) if asked else sides


def _replies(asked: Sequence[Enrollment]) -> str:
    """Of everybody who was asked, by a coordinator or through a colleague."""
    said_yes = sum(one.agreed_at is not None for one in asked)
    said_no = sum(one.status == "declined" and one.agreed_at is None for one in asked)
    still_open = len(asked) - said_yes - said_no
    return f"{len(asked)} sent, {said_yes} joined, {said_no} said no, {still_open} open"


def _counts(statuses: Sequence[str]) -> str:
    numbers = Counter(statuses)
    words = [f"{numbers[status]} {STATUS_WORDS[status]}" for status in ORDER if numbers[status]]
    return ", ".join(words) or "nobody yet"


def _themes(content: Content, rows: Listed) -> Block | None:
    """How many teach each theme and how many want to learn it: where the gaps are."""
    teach = _tally([enrollment.offers for enrollment, _ in rows if enrollment.status in ("joined", "matched")])
    learn = _tally([enrollment.wants for enrollment, _ in rows if enrollment.status in ("joined", "matched")])
    most = sorted(teach.keys() | learn.keys(), key=lambda theme: (-teach[theme] - learn[theme], theme))
    if not most:
        return None
    return Facts(
        tuple(
            (
                content.theme_title(theme)[:75],
                f"{counted(teach[theme], 'teaches', 'teach')}, {counted(learn[theme], 'wants', 'want')} to learn",
            )
            for theme in most[:MOST_THEMES]
        )
    )


def _tally(chosen: Sequence[Sequence[str]]) -> Counter[str]:
    return Counter(theme for one in chosen for theme in one)


def _check_blocks(enrollment: Enrollment, person: Person, page: int) -> Sequence[Block]:
    return Facts((("Name", person.name), *declared_rows(person))), check_buttons(person, enrollment, page=page)


def _names(rows: Listed, page: int, settling: Collection[int]) -> Block:
    def place(row: tuple[Enrollment, Person]) -> tuple[int, str, int]:
        return ORDER.index(_status_of(row[0], settling)), row[1].name.casefold(), row[1].id

    ordered = sorted(rows, key=place)
    shown = ordered[(page - 1) * NAMES_A_PAGE : page * NAMES_A_PAGE]
    lines = "\n".join(
        f"- {{n{index}}}: {enrollment.role}, {_status(enrollment, settling)}"
        for index, (enrollment, _) in enumerate(shown)
    )
    names = told_apart(person for _, person in rows)
    return Text(lines, {f"n{index}": names[person.id] for index, (_, person) in enumerate(shown)})


def _status(enrollment: Enrollment, settling: Collection[int]) -> str:
    return "joined, details to check" if _waits(enrollment) else STATUS_WORDS[_status_of(enrollment, settling)]


def _pages(program: Program, page: int, pages: int) -> Block | None:
    if pages == 1:
        return None
    earlier = Button("Earlier names", Action("who", "show", {"program": program.id, "page": page - 1}))
    later = Button(f"More names ({page} of {pages})", Action("who", "show", {"program": program.id, "page": page + 1}))
    return buttons(*((later,) if page < pages else ()), *((earlier,) if page > 1 else ()))
