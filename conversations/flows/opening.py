"""Opening and closing a program: the announcement, what becomes of it, and a thank-you at the end."""

from conversations.closing_program import NOT_POSTED, farewells
from conversations.closing_program import close as close_program
from conversations.contacts import Place
from conversations.events import Commanded
from conversations.flow import Flow, Turn
from conversations.opening_cards import (
    closed_already_card,
    closed_card,
    kept_card,
    not_posted_card,
    open_card,
    private_card,
    really_close_card,
    too_late_card,
    where_card,
)
from conversations.people_words import today_of
from conversations.program_cards import announcement_card
from conversations.replies import Announce, Notice, Replace, Reply, Say
from conversations.which_program import which_program
from storage.tables import Program

FLOW = Flow("opening")
FLOW.command(
    "program open",
    "start",
    "Open sign-up; typed in a channel, it is announced there",
    coordinators_only=True,
    also="open",
)
FLOW.command("program close", "close", "End a program and thank everybody", coordinators_only=True, also="close")


# Open ------------------------------------------------------------------------------------------------------------


@FLOW.step("start", coordinators_only=True)
def start(turn: Turn, program: int = 0) -> list[Reply]:
    found = _which(turn, program)
    if isinstance(found, Say):
        return [found]
    if found.status == "closed":
        return [Say(closed_already_card(found))]
    if _is_too_late(turn, found):
        return [Say(too_late_card(found))]
    place = turn.event.place if isinstance(turn.event, Commanded) else None
    if place is None:
        return [Say(where_card(found))]
    found.place = place.pack()
    if place.private:
        return [Say(private_card(found))]
    return _announce(turn, found)


def _is_too_late(turn: Turn, program: Program) -> bool:
    """A draft may lie for months, and its buttons with it."""
    return program.status != "running" and program.matching_on < today_of(turn)


def _which(turn: Turn, program: int) -> Program | Say:
    """What waits to be opened; if nothing does, what is open already may be announced once more."""
    waiting = turn.store.programs.with_status("draft")
    return which_program(turn, program, FLOW.to("start"), *(("draft",) if waiting else ("open", "running")))


@FLOW.step("announce", coordinators_only=True)
def announce(turn: Turn, program: int) -> list[Reply]:
    """After an invitation to a private channel, or a post that failed."""
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Replace(closed_already_card(found))]
    if _is_too_late(turn, found):
        return [Replace(too_late_card(found))]
    if not found.place:
        return [Say(where_card(found))]
    return _announce(turn, found)


@FLOW.step("quietly", coordinators_only=True)
def quietly(turn: Turn, program: int) -> list[Reply]:
    """Opens without a word in any channel: people are invited, or know the command."""
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Replace(closed_already_card(found))]
    if _is_too_late(turn, found):
        return [Replace(too_late_card(found))]
    _open(turn, found)
    return [Replace(open_card(turn, found, "Nothing was announced. People join with the word **join**."))]


def _announce(turn: Turn, program: Program) -> list[Reply]:
    key = _key(program)
    _open(turn, program)
    if key in program.announcements:
        return [Say(open_card(turn, program, "It is announced in that channel already."))]
    program.announcements = [*program.announcements, key]
    runs_it = turn.store.coordinators.in_charge(program)
    shown = announcement_card(turn.content, program, runs_it, today_of(turn))
    failed = FLOW.to("failed", program=program.id, number=len(program.announcements))
    notice = Notice(key=key, kind="announcement", prompted=True, failed=failed)
    place = Place.unpack(program.place)
    return [
        Announce(place, shown, notice),
        Say(open_card(turn, program, "I am announcing it in the channel now.")),
    ]


def _open(turn: Turn, program: Program) -> None:
    if program.status == "draft":
        program.status = "open"
        turn.store.audit.add(turn.now, turn.person, "program opened", program.id)


def _key(program: Program) -> str:
    """One announcement a channel; a new key after a post that failed."""
    base = f"announcement/{program.id}/{Place.unpack(program.place).channel}"
    failed = sum(key.startswith(base) and key.endswith(NOT_POSTED) for key in program.announcements)
    return f"{base}/{failed}" if failed else base


@FLOW.step("failed", clock_only=True)
def failed(turn: Turn, program: int, number: int) -> list[Reply]:
    """The announcement could not be posted: its author hears why, and how to go on."""
    found = turn.store.programs.required(program)
    keys = list(found.announcements)
    if not 0 < number <= len(keys) or keys[number - 1].endswith(NOT_POSTED):
        return []
    key = keys[number - 1]
    keys[number - 1] = key + NOT_POSTED
    found.announcements = keys
    return [Say(not_posted_card(found), Notice(key=f"{key}/failed", kind="announcement", prompted=True))]


# Close -----------------------------------------------------------------------------------------------------------


@FLOW.step("close", coordinators_only=True)
def close(turn: Turn, program: int = 0) -> list[Reply]:
    found = which_program(turn, program, FLOW.to("close"), "draft", "open", "running")
    if isinstance(found, Say):
        return [found]
    if found.status == "closed":
        return [Say(closed_already_card(found))]
    pairs = [pair for pair in turn.store.pairs.in_program(found.id) if pair.status == "active"]
    counts = turn.store.enrollments.counts(found.id)
    people = sum(number for (_, status), number in counts.items() if status in ("joined", "matched"))
    return [Say(really_close_card(found, people, len(pairs)))]


@FLOW.step("keep", coordinators_only=True)
def keep(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Replace(closed_already_card(found))]
    return [Replace(kept_card(found))]


@FLOW.step("closed", coordinators_only=True)
def closed(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Replace(closed_already_card(found))]
    return [Replace(closed_card(found)), *close_program(turn, found)]


@FLOW.step("farewell", clock_only=True)
def farewell(turn: Turn, program: int, after: int) -> list[Reply]:
    """Nudges from before the closing had a story of its own still come here."""
    found = turn.store.programs.required(program)
    return farewells(turn, found, after) if found.status == "closed" else []
