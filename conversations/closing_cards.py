"""The end of a program: what comes two weeks before, the last word to each, and what the coordinator reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.actions import Action
from conversations.cards import AnyButton, Block, Button, Card, ChatButton, Facts, Text, buttons, card, quiet, text
from conversations.contacts import Contact
from conversations.content import Content
from conversations.cut import cut
from conversations.people_words import counted, first_name, listed
from storage.tables import Person, Program

# A card should fit one screen. The rest is in the file that `privacy` gives.
MOST_LINES, LONGEST_LINE = 6, 240
MOST_NAMES = 20
AFTERWARDS = "Next from me: when a new program opens, if you are invited."


@dataclass(frozen=True, slots=True)
class Summary:
    """What one person takes along from a program: their own words and numbers, for nobody else.

    `partners`: those of pairs that went on to the end. `round`: the closing pulse, 0 where there is none.
    """

    role: str
    learned: Sequence[str]
    sessions: int
    check_ins: int
    partners: Sequence[tuple[Person, Contact]]
    round: int = 0


def notice_card(
    content: Content, program: Program, partners: Sequence[tuple[Person, Contact]], ends: str, ahead: Text
) -> Card:
    """Two weeks before the end. `ends`: the program's last day."""
    chats: list[AnyButton] = [ChatButton(f"Write to {first_name(one)}"[:30], contact) for one, contact in partners[:3]]
    return card(
        f"{program.name}: the last two weeks"[:150],
        text(content.text("closing.notice"), program=program.name, day=ends),
        buttons(Button("Book a time", Action("booking", "start"), "primary"), *chats),
        ahead,
    )


def wrap_card(content: Content, program: Program, person: Person, summary: Summary) -> Card:
    """The last word to somebody who had a partner: their own lines and numbers, thanks, and what may come next."""
    return card(
        f"{program.name} has come to its end"[:150],
        text(content.text(f"closing.{summary.role if summary.sessions else 'unmet'}"), name=first_name(person)),
        Facts(_numbers(summary)) if summary.sessions else None,
        *_learned(summary.learned),
        *_in_touch(content, summary),
        *_pulse(summary),
        text("Would you do it again? If you say yes, the coordinators see it, and you come first next time."),
        buttons(Button("Yes, again", Action("closing", "again", {"program": program.id}))),
        quiet(AFTERWARDS),
    )


def _numbers(summary: Summary) -> tuple[tuple[str, str], ...]:
    return ("Sessions you had", str(summary.sessions)), ("Check-ins you answered", str(summary.check_ins))


def _learned(lines: Sequence[str]) -> list[Block]:
    """The newest ones, as their author wrote them."""
    if not lines:
        return []
    shown = {f"l{index}": _cut(line) for index, line in enumerate(lines[-MOST_LINES:])}
    more = len(lines) - len(shown)
    head = "**What you noted along the way.** Only you see this."
    rest = "\nAnd {more} more; type **privacy** to get them all as a file." if more > 0 else ""
    listing = "\n".join(f"- {{{key}}}" for key in shown)
    return [Text(f"{head}\n{listing}{rest}", shown | {"more": str(more)})]


def _cut(line: str) -> str:
    return cut(" ".join(line.split()), LONGEST_LINE)


def _in_touch(content: Content, summary: Summary) -> list[Block]:
    if not summary.partners:
        return []
    names = listed(first_name(person) for person, _ in summary.partners)
    chats = [ChatButton(f"Write to {first_name(person)}"[:30], contact) for person, contact in summary.partners[:4]]
    unmet = "" if summary.sessions else "_unmet"
    line = content.text(f"closing.line{unmet}")
    return [
        text(content.text(f"closing.keeps{unmet}")),
        text("**Stay in touch.** A line to send to {names}, if you like: “{line}”", names=names, line=line),
        buttons(*chats),
    ]


def _pulse(summary: Summary) -> list[Block]:
    if not summary.round:
        return []
    return [
        text(
            "**Three last questions** show whether the program worked. They take half a minute, and your answers are "
            "confidential."
        ),
        buttons(Button("Answer 3 questions", Action("pulse", "start", {"round": summary.round}), "primary")),
    ]


def waited_card(content: Content, program: Program, person: Person) -> Card:
    """For somebody who was ready to take part and had no partner."""
    return card(
        f"{program.name} has ended"[:150],
        text(content.text("closing.waited"), name=first_name(person)),
        quiet(AFTERWARDS),
    )


def again_card(program: Program) -> Card:
    return card(
        "Glad to hear it",
        text(
            "The coordinators of **{program}** now see that you would do it again, and you come first next time.",
            program=program.name,
        ),
        buttons(Button("I changed my mind", Action("closing", "not_again", {"program": program.id}))),
        quiet(AFTERWARDS),
    )


def not_again_card() -> Card:
    return card("", text("All right, I took that back."), quiet(AFTERWARDS))


# For coordinators ------------------------------------------------------------------------------------------------


def over_card(program: Program, people: int, last_day: str) -> Card:
    """The day after the last one, or later where a hold ran past it."""
    here: dict[str, str | int] = {"program": program.id}
    return card(
        f"{program.name} is over"[:150],
        text(
            "Its last day was {day}. I closed it and am thanking everybody who took part: {people}. The report has "
            "the figures for the board.",
            day=last_day,
            people=counted(people, "person", "people"),
        ),
        buttons(
            Button("Report", Action("report", "show", here), "primary"),
            Button("Who would do it again", Action("closing", "who_again", here)),
            Button("New program", Action("program", "create")),
        ),
    )


def who_again_card(program: Program, names: Sequence[str]) -> Card:
    """Those who said so themselves."""
    again = buttons(Button("Look again", Action("closing", "who_again", {"program": program.id, "again": 1})))
    if not names:
        return card(
            "Nobody yet",
            text("Whoever says that they would do **{program}** again is listed here.", program=program.name),
            again,
        )
    shown = {f"n{index}": name for index, name in enumerate(names[:MOST_NAMES])}
    more = len(names) - len(shown)
    lines = "\n".join(f"- {{{key}}}" for key in shown) + (f"\n- and {more} more" if more > 0 else "")
    head = f"{counted(len(names), 'person', 'people')} would take part again and come first in the next program:"
    return card(f"Again after {program.name}"[:150], Text(f"{head}\n{lines}", shown), again)
