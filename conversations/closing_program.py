"""What happens when a program closes, by the calendar or by hand: its pairs end, and everybody gets a last word."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from conversations.actions import Action
from conversations.cadence import calendar_of
from conversations.closing_cards import Summary, waited_card, wrap_card
from conversations.flow import Turn
from conversations.people_words import contact_of
from conversations.program_cards import announcement_ended_card
from conversations.replies import Notice, Planned, Reply, Tell, Update
from storage.outbox import UNCERTAIN
from storage.pair_days import goes_on
from storage.tables import Enrollment, Pair, Person, Program

# A batch keeps the transaction under 50 ms (design, section 6).
BATCH = 50
# A thank-you that waits longer than this for somebody's return is no use any more.
FAREWELL_LASTS = timedelta(days=30)
# Marks an announcement that never arrived, so that the next try has a key of its own.
NOT_POSTED = "#not-posted"
# What still goes out after the last word: a kind note about a pair that ended, and files that were asked for.
STAYS = ("closing", "rotation", "file", "shared_line")


def close(turn: Turn, program: Program) -> list[Reply]:
    """Closes it. Returns what follows: its announcements change, and the farewells begin."""
    program.status, program.closed_at = "closed", turn.now
    # A hold ends with its program, or delivery would drop every last word.
    program.held_since = None
    pairs = turn.store.pairs.end_all(program.id, turn.now)
    turn.store.enrollments.spread_quiet_dates(program.id)
    _keep_back_introductions(turn, program)
    turn.store.audit.add(turn.now, turn.person, "program closed", program.id, {"pairs": pairs})
    ended = announcement_ended_card(turn.content, program)
    updates = [Update(key, ended) for key in program.announcements if not key.endswith(NOT_POSTED)]
    return [*updates, _next_farewells(turn, program.id, 0)]


def _keep_back_introductions(turn: Turn, program: Program) -> None:
    """Those that still wait for somebody's working hours would introduce people to a pair that has ended."""
    for pair in turn.store.pairs.in_program(program.id):
        ends = (pair.mentor_id, pair.mentee_id, "group")
        turn.store.outbox.drop([f"introduction/{pair.id}/{end}" for end in ends], "program closed", turn.now)


# The last word ---------------------------------------------------------------------------------------------------


def farewells(turn: Turn, program: Program, after: int) -> list[Reply]:
    """To the next batch of people; whoever had theirs on the last day has it already."""
    batch = turn.store.enrollments.page(program.id, after, BATCH, "joined", "matched")
    replies = [reply for enrollment, person in batch for reply in last_word(turn, program, enrollment, person)]
    return [*replies, *([_next_farewells(turn, program.id, batch[-1][0].id)] if len(batch) == BATCH else ())]


def _next_farewells(turn: Turn, program: int, after: int) -> Planned:
    action = Action("closing", "farewell", {"program": program, "after": after})
    return Planned(f"farewell/{program}/{after}", turn.person.id, turn.now, action)


def last_word(turn: Turn, program: Program, enrollment: Enrollment, person: Person) -> Iterator[Reply]:
    """Once to each, whatever else still waits for them from this program: no reminder comes beside a farewell."""
    turn.store.outbox.drop_unprompted(person.id, "program closed", turn.now, program_id=program.id, keep=STAYS)
    pairs = turn.store.pairs.all_of(person, program.id)
    if pairs:
        shown = wrap_card(turn.content, program, person, _summary(turn, program, enrollment, person, pairs))
    else:
        shown = waited_card(turn.content, program, person)
    key = f"farewell/{program.id}/{person.id}"
    # One that a pause or a hold stopped on the last day never went out: this one takes its place.
    before = turn.store.outbox.with_key(key)
    if before is not None and before.state == "dropped" and before.reason != UNCERTAIN:
        turn.store.outbox.give_back([key], before.reason, turn.now)
    notice = Notice(
        key=key,
        kind="closing",
        expires_at=turn.now + FAREWELL_LASTS,
        program=program.id,
    )
    yield Tell(person.id, shown, notice)


def _summary(turn: Turn, program: Program, enrollment: Enrollment, person: Person, pairs: Sequence[Pair]) -> Summary:
    ids = [pair.id for pair in pairs]
    # Those that went on to the end: nobody is pointed back to a partner who left, or whom they left.
    to_the_end = [pair for pair in pairs if goes_on(pair, person.id) or _ended_with(pair, program, person)]
    partners = [turn.store.pairs.partner_of(person, pair.id) for pair in to_the_end]
    today = calendar_of(person).today(turn.now)
    return Summary(
        role=enrollment.role,
        learned=turn.store.check_ins.learned_of(person.id, ids),
        sessions=len(turn.store.sessions.held_in(ids)),
        check_ins=turn.store.check_ins.answered_count(person.id, ids),
        partners=[(one, contact_of(turn.store, one)) for one in partners if one.gone_since is None],
        round=turn.store.pulses.closing_round(program, today).id,
    )


def _ended_with(pair: Pair, program: Program, person: Person) -> bool:
    """For this side: whoever had left a pair whose note was still to come is not told to stay in touch."""
    together = program.closed_at is not None and pair.ended_at == program.closed_at
    return together and pair.known_to != person.id
