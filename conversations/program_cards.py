"""How a program looks: its plan, the announcement, and the coordinator's list."""

from collections.abc import Sequence
from datetime import date

from conversations.actions import Action
from conversations.cadence import calendar_of, say_day
from conversations.cards import Block, Button, Card, Divider, Facts, Text, buttons, card, quiet, text
from conversations.content import Content, Template
from conversations.flow import Turn
from conversations.paging import Page
from conversations.people_words import cadence_words, listed, minutes_a_month, named, say_when, today_of
from storage.tables import Person, Program

# A card should fit one screen; Slack takes 50 blocks.
PROGRAMS_A_PAGE = 10
STATUS_WORDS = {
    "draft": "being prepared",
    "open": "open for sign-up",
    "running": "running",
    "closed": "ended",
}


def plan_card(turn: Turn, program: Program) -> Card:
    """The whole plan on one page: why, about what, how, when, and what success looks like."""
    when = (
        ("Sign-up until", say_when(turn, program.matching_on)),
        ("Introductions", f"from {say_when(turn, program.starts_on)}"),
        ("Ends", say_when(turn, program.ends_on)),
    )
    return card(
        program.name,
        _on_hold(turn, program),
        text("**Objective**\n{objective}", objective=program.objective),
        Facts(
            (
                ("Status", STATUS_WORDS[program.status]),
                *_rhythm_rows(turn.content, program),
                *when,
                *_people_rows(turn, program),
            )
        ),
        text("**What counts as success**\n{success}", success=program.success),
        _questions(program),
        _still_missing(program),
        buttons(*_next_buttons(program)),
        buttons(*_more_buttons(program)) if program.status != "closed" else None,
        quiet(_next_words(program)) if program.status != "closed" else None,
    )


def _rhythm_rows(content: Content, program: Program) -> tuple[tuple[str, str], ...]:
    pairs = f"at most {program.most_pairs}" if program.most_pairs else "as many as sign up"
    return (
        ("Themes", ", ".join(content.theme_title(theme) for theme in program.themes) or "people's own words"),
        ("For", listed(program.departments) or "everybody"),
        ("Rhythm", f"{program.session_minutes} minutes {cadence_words(program.cadence_days)}"),
        ("Length", f"{program.months} months"),
        ("Pairs", pairs),
        ("Asked first", "both, before a pair is made" if program.asks_first else "no"),
    )


def _people_rows(turn: Turn, program: Program) -> tuple[tuple[str, str], ...]:
    sponsor = turn.store.people.by_email(program.sponsor_email) if program.sponsor_email else None
    rows = (
        ("Sponsor", sponsor.name if sponsor else program.sponsor_email),
        ("Confidential contact", ", ".join(part for part in (program.contact_name, program.contact_reach) if part)),
        ("Page", program.page_url),
        ("Quiet dates", ", ".join(_span_words(turn, *span) for span in program.quiet_dates)),
    )
    return tuple((label, value) for label, value in rows if value)


def _span_words(turn: Turn, first: str, last: str) -> str:
    begin, end = say_when(turn, date.fromisoformat(first)), say_when(turn, date.fromisoformat(last))
    return begin if first == last else f"{begin} to {end}"


def _still_missing(program: Program) -> Block | None:
    """What a program should have before people read of it."""
    missing = [
        words
        for value, words in (
            (program.contact_name, "a confidential contact"),
            (program.sponsor_email, "a sponsor"),
            (program.page_url, "a page about it"),
        )
        if not value
    ]
    if not missing or program.status == "closed":
        return None
    return text("**Still missing:** {missing}. Add what you have under **People and dates**.", missing=listed(missing))


def _on_hold(turn: Turn, program: Program) -> Block | None:
    words = hold_words(turn, program)
    return text("**{hold}.** Nobody gets anything unasked until it goes on.", hold=words) if words else None


def hold_words(turn: Turn, program: Program) -> str:
    """ "On hold since 3 March"; empty when it is not."""
    if program.held_since is None or program.status == "closed":
        return ""
    return f"On hold since {say_when(turn, calendar_of(turn.person).today(program.held_since))}"


def _questions(program: Program) -> Block | None:
    if not program.questions:
        return None
    names = {f"q{index}": question for index, question in enumerate(program.questions)}
    return Text("**First questions**\n" + "\n".join(f"- {{{key}}}" for key in names), names)


def _next_buttons(program: Program) -> Sequence[Button]:
    here = {"program": program.id}
    adjust = Button("Rhythm and dates", Action("program", "adjust", here))
    about = Button("What it is about", Action("program", "describe", here))
    people = Button("Import people", Action("roster", "start", here))
    match program.status:
        case "draft":
            return Button("Open sign-up", Action("opening", "start", here), "primary"), adjust, about, people
        case "open":
            who = Button("Who signed up", Action("who", "show", here), "primary")
            return who, Button("Propose pairs", Action("matching", "propose", here)), adjust, about, people
        case "running":
            return Button("Status", Action("status", "show", here), "primary"), adjust, people
        case _:
            return (Button("New program", Action("program", "create")),)


def _more_buttons(program: Program) -> Sequence[Button]:
    here = {"program": program.id}
    held = Button("Go on", Action("hold", "resume", here))
    return (
        Button("People and dates", Action("program", "people", here)),
        Button("Ready?", Action("check", "show", here)),
        Button("Preview the messages", Action("preview", "show", here)),
        *([held] if program.held_since else []),
    )


def _next_words(program: Program) -> str:
    match program.status:
        case "draft":
            return "Next: type **/mentor program open** in the channel where it should be announced."
        case "open":
            return "Next: on the day of the matching, type **program propose**."
        case _:
            return "Type **program status** to see how the pairs are doing."


def templates_card(content: Content) -> Card:
    """Six ready-made beginnings, each a button."""
    rows: list[Block] = []
    for template in content.templates.values():
        rows += [
            text("**{title}**\n{objective}", title=template.title, objective=template.objective),
            buttons(Button(short_title(template), Action("program", "chosen", {"template": template.id}))),
        ]
    return card("What should your program be about?", text("Pick a beginning; you can change every word."), *rows)


def short_title(template: Template) -> str:
    """Before the colon, and short enough for a button."""
    return template.title.partition(":")[0][:30]


def list_card(page: Page[Program], words: Sequence[str]) -> Card:
    """Programs with one line each; `words` are those lines."""
    create = Button("Create a program", Action("program", "create"))
    if not page.rows:
        return card("No programs yet", text("The first one takes about five minutes."), buttons(create))
    rows: list[Block] = []
    for program, line in zip(page.rows, words, strict=True):
        rows += [
            Facts(((program.name, line),)),
            buttons(Button("Show", Action("program", "show", {"program": program.id}))),
        ]
    # Counted from 1: no page is a first look, which is a card of its own.
    turning = page.turning(lambda to: Action("program", "list", {"page": to + 1}))
    line_above = page.line() if page.pages > 1 else None
    return card("Programs", line_above, *rows, Divider(), buttons(*turning, create))


def sign_up_days(turn: Turn, program: Program) -> str:
    """ "until 23 March", or that this day has passed without a matching."""
    day = say_when(turn, program.matching_on)
    return f"until {day}" if program.matching_on >= today_of(turn) else f"(pairs were due on {day})"


def announcement_card(content: Content, program: Program, runs_it: Person, today: date) -> Card:
    """What everybody in a channel sees."""
    minutes = minutes_a_month(program.session_minutes, program.cadence_days)
    in_time = program.matching_on >= today
    until = (("Sign up until", say_day(program.matching_on, today)),) if in_time else ()
    return card(
        content.text("announcement.title").replace("{program}", program.name),
        text(content.text("announcement.what"), objective=program.objective),
        text(
            content.text("announcement.how"),
            cadence=cadence_words(program.cadence_days),
            months=str(program.months),
        ),
        Facts(
            (
                ("Themes", ", ".join(content.theme_title(theme) for theme in program.themes) or "your own"),
                ("For", listed(program.departments) or "everybody"),
                ("Time", f"about {minutes} minutes a month"),
                *until,
            )
        ),
        text("{who} runs it and answers questions.", who=named(runs_it)),
        buttons(
            Button("Join", Action("sign_up", "start", {"program": program.id}), "primary"),
            Button("Tell me more", Action("sign_up", "more", {"program": program.id})),
        ),
        quiet(content.text("announcement.confidential")),
    )


def announcement_ended_card(content: Content, program: Program) -> Card:
    """What the announcement becomes when the program is over."""
    return card(
        content.text("announcement.closed_title").replace("{program}", program.name),
        text(content.text("announcement.closed")),
    )
