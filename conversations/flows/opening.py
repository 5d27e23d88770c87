"""Opening and closing a program: the announcement, what becomes of it, and a thank-you at the end."""

from datetime import timedelta

from conversations.contacts import Place
from conversations.events import Commanded
from conversations.flow import Flow, Turn
from conversations.opening_cards import (
    closed_already_card,
    closed_card,
    farewell_card,
    kept_card,
    not_posted_card,
    open_card,
    private_card,
    really_close_card,
    too_late_card,
    where_card,
)
from conversations.program_cards import announcement_card, announcement_ended_card, today_of
from conversations.replies import Announce, Notice, Planned, Replace, Reply, Say, Tell, Update
from conversations.which_program import which_program
from storage.tables import Enrollment, Person, Program

FLOW = Flow("opening")
FLOW.command(
    "program open",
    "start",
    "Open sign-up; typed in a channel, it is announced there",
    coordinators_only=True,
    also="open",
)
FLOW.command("program close", "close", "End a program and thank everybody", coordinators_only=True, also="close")

# A batch keeps the transaction under 50 ms (design, section 6).
BATCH = 50
# A thank-you that waits longer than this for somebody's working hours is no use any more.
FAREWELL_LASTS = timedelta(days=14)
# Marks an announcement that never arrived, so that the next try has a key of its own.
NOT_POSTED = "#not-posted"


# Open ------------------------------------------------------------------------------------------------------------


@FLOW.step("start", coordinators_only=True)
def start(turn: Turn, program: int = 0) -> list[Reply]:
    found = _which(turn, program)
    if isinstance(found, Say):
        return [found]
    if found.status == "closed":
        return [Say(closed_already_card(found))]
    if found.matching_on < today_of(turn) and found.status != "running":
        return [Say(too_late_card(found))]
    place = turn.event.place if isinstance(turn.event, Commanded) else None
    if place is None:
        return [Say(where_card(found))]
    found.place = place.pack()
    if place.private:
        return [Say(private_card(found))]
    return _announce(turn, found)


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
    if not found.place:
        return [Say(where_card(found))]
    return _announce(turn, found)


@FLOW.step("quietly", coordinators_only=True)
def quietly(turn: Turn, program: int) -> list[Reply]:
    """Opens without a word in any channel: people are invited, or know the command."""
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Replace(closed_already_card(found))]
    _open(turn, found)
    return [Replace(open_card(turn, found, "Nothing was announced. People join with the word **join**."))]


def _announce(turn: Turn, program: Program) -> list[Reply]:
    key = _key(program)
    _open(turn, program)
    if key in program.announcements:
        return [Say(open_card(turn, program, "It is announced in that channel already."))]
    program.announcements = [*program.announcements, key]
    runs_it = turn.store.people.get(program.created_by)
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
    found.status, found.closed_at = "closed", turn.now
    pairs = turn.store.pairs.end_all(program, turn.now)
    _keep_back_introductions(turn, program)
    turn.store.audit.add(turn.now, turn.person, "program closed", program, {"pairs": pairs})
    ended = announcement_ended_card(turn.content, found)
    return [
        Replace(closed_card(found)),
        *(Update(key, ended) for key in found.announcements if not key.endswith(NOT_POSTED)),
        _farewells(turn, program, 0),
    ]


def _keep_back_introductions(turn: Turn, program: int) -> None:
    """Those that still wait for somebody's working hours would introduce people to a pair that has ended."""
    for pair in turn.store.pairs.in_program(program):
        ends = (pair.mentor_id, pair.mentee_id, "group")
        turn.store.outbox.drop([f"introduction/{pair.id}/{end}" for end in ends], "program closed", turn.now)


@FLOW.step("farewell", clock_only=True)
def farewell(turn: Turn, program: int, after: int) -> list[Reply]:
    """Thanks to the next batch of people; also when its author has moved on."""
    found = turn.store.programs.required(program)
    if found.status != "closed":
        return []
    batch = turn.store.enrollments.page(program, after, BATCH, "joined", "matched")
    tells: list[Reply] = [_thank(turn, found, enrollment, person) for enrollment, person in batch]
    return [*tells, *([_farewells(turn, program, batch[-1][0].id)] if len(batch) == BATCH else ())]


def _farewells(turn: Turn, program: int, after: int) -> Planned:
    action = FLOW.to("farewell", program=program, after=after)
    return Planned(f"farewell/{program}/{after}", turn.person.id, turn.now, action)


def _thank(turn: Turn, program: Program, enrollment: Enrollment, person: Person) -> Tell:
    notice = Notice(key=f"farewell/{program.id}/{person.id}", kind="farewell", expires_at=turn.now + FAREWELL_LASTS)
    return Tell(person.id, farewell_card(program, enrollment, person), notice)
