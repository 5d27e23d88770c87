"""The coordinators' one card a day: what is new since the last working day, a section for each program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Divider, Text, buttons, card, quiet, text
from conversations.need_readers import may_read
from conversations.people_words import counted, told_apart
from conversations.pulse_words import ROUNDS
from storage.store import Store
from storage.tables import Person, Program

# More names than these are a list of their own.
MOST_NAMES = 5
# Longer ones would not be read: the rest is behind the buttons.
MOST_PROGRAMS = 4


@dataclass(frozen=True, slots=True)
class News:
    """What is new in one program, a line each, and the button that leads on."""

    program: Program
    lines: tuple[Text, ...]
    button: Button


def news(store: Store, program: Program, reader: Person, since: datetime, now: datetime) -> News | None:
    """None when nothing is new. It tells of people who joined or said no, and of pairs only how many."""
    reports, here = store.reports, {"program": program.id}
    quiet_now = _newly_quiet(store, program, since, now)
    rounds = [one for one in store.pulses.published_since(since) if one.program_id == program.id]
    lines = [
        _names("joined", reports.joined_since(program.id, since)),
        _names("said no", reports.declined_since(program.id, since)),
        _line(reports.nominated_since(program.id, since), "colleague was nominated", "colleagues were nominated"),
        # When a program closes all its pairs end, which is no news.
        _line(0 if program.status == "closed" else reports.ended_since(program.id, since), "pair ended", "pairs ended"),
        _line(quiet_now, "more pair has been quiet for 21 days", "more pairs have been quiet for 21 days"),
        *(text("The pulse “{name}” has closed; its figures are there.", name=ROUNDS[one.name]) for one in rounds),
    ]
    found = [line for line in lines if line]
    if not found:
        return None
    waiting = len(store.enrollments.unconfirmed(program.id))
    untaken = sum(may_read(store, row, reader, now) for row in store.help_requests.untaken(program.id))
    still = [
        _one_sided(store, program),
        _line(waiting, "sign-up waits for your check", "sign-ups wait for your check"),
        _line(untaken, "request for help is not taken yet", "requests for help are not taken yet"),
    ]
    button = Button("Who signed up", Action("who", "show", here))
    if quiet_now and not waiting:
        button = Button("Quiet pairs", Action("quiet_pair", "show", here))
    if rounds:
        button = Button("Results", Action("results", "show", here))
    return News(program, (*found, *(line for line in still if line)), button)


def _one_sided(store: Store, program: Program) -> Text | None:
    """Who waits without anybody to be paired with."""
    found = next((one for one in store.invitations.one_sided() if one[0].id == program.id), None)
    if found is None:
        return None
    _, missing, count = found
    here = {"mentor": "mentee", "mentee": "mentor"}[missing]
    return text("{people} and no {missing} yet", people=counted(count, here, f"{here}s"), missing=missing)


def _newly_quiet(store: Store, program: Program, since: datetime, now: datetime) -> int:
    if program.status != "running":
        return 0
    quiet_now = [pair for pair, state in store.pairs.states(program.id, now).items() if state == "quiet"]
    before = store.pairs.states(program.id, since) if quiet_now else {}
    return sum(before.get(pair) != "quiet" for pair in quiet_now)


def _line(number: int, one: str, many: str) -> Text | None:
    return text("{words}", words=counted(number, one, many)) if number else None


def _names(what: str, people: Sequence[Person]) -> Text | None:
    if not people:
        return None
    told = told_apart(people)
    names = ", ".join(told[person.id] for person in people[:MOST_NAMES])
    more = len(people) - MOST_NAMES
    rest = f" and {more} more" if more > 0 else ""
    return text("{number} {what}: {names}{rest}", number=str(len(people)), what=what, names=names, rest=rest)


def digest_card(found: Sequence[News], roster: Sequence[str], next_on: str) -> Card:
    """`roster`: a line for each reading that changed something."""
    blocks: list[Block] = []
    for one in found[:MOST_PROGRAMS]:
        blocks += [text("**{program}**", program=one.program.name), *one.lines]
        status = Button("Status", Action("status", "show", {"program": one.program.id}))
        blocks += [buttons(one.button, status), Divider()]
    if (more := len(found) - MOST_PROGRAMS) > 0:
        blocks += [text("And news in {programs}.", programs=counted(more, "more program", "more programs"))]
    blocks += [text("{line}", line=line) for line in roster]
    return card(
        "New since the last working day",
        *blocks,
        quiet("Next from me: {day}, if there is news. Requests for help reach you at once.", day=next_on),
    )
