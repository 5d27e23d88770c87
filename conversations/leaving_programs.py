"""Leaving a program, in any state: everything that waits is cancelled, and nobody is told why."""

from collections.abc import Sequence

from conversations.cards import Card
from conversations.check_in_asked import key as check_in
from conversations.check_in_asked import reminder_key as check_in_reminder
from conversations.events import Pressed
from conversations.flow import Turn
from conversations.introduced import introduced_partners
from conversations.leaving_cards import ended_card, leave_card, left_card
from conversations.next_word import next_word
from conversations.parting_pairs import part
from conversations.replies import Replace, Reply, Say
from conversations.sign_up_drafts import drop_draft
from storage.leaving import OUT
from storage.tables import Enrollment, Pair, Person, Program


def taking_part(turn: Turn) -> Sequence[tuple[Enrollment, Program]]:
    """Where this person is invited, has joined or has a match. Newest program first."""
    return [(one, program) for one, program in turn.store.enrollments.of_person(turn.person) if one.status not in OUT]


def pairs_in(turn: Turn, program: Program) -> Sequence[Pair]:
    return [pair for pair in turn.store.pairs.active_of(turn.person) if pair.program_id == program.id]


def leave(turn: Turn, enrollment: Enrollment, program: Program) -> list[Person]:
    """Out at once; whoever was their partner hears of it on the fixed weekday. Returns those whose names they know."""
    pairs = pairs_in(turn, program)
    partners = introduced_partners(turn, pairs)
    for pair in pairs:
        part(turn.store, pair, turn.person.id, turn.now)
    if enrollment.status not in OUT:
        invited = enrollment.status in ("invited", "nominated")
        enrollment.status, enrollment.left_at = "declined" if invited else "left", turn.now
        turn.store.audit.add(turn.now, turn.person, enrollment.status, program.id)
    drop_draft(turn, program.id)
    _cancel(turn, program)
    return partners


def _cancel(turn: Turn, program: Program) -> None:
    """Everything unasked when this was the last program, else what belongs to this one."""
    elsewhere = bool(taking_part(turn))
    turn.store.outbox.drop_unprompted(turn.person.id, "left", turn.now, program.id if elsewhere else None)
    newest = turn.store.check_ins.latest_of(turn.person.id)
    if newest is not None and not turn.store.pairs.active_of(turn.person):
        # A check-in is about all pairs of a person, so it belongs to no program.
        keys = (check_in(turn.person.id, newest.period), check_in_reminder(turn.person.id, newest.period))
        turn.store.outbox.drop(keys, "left", turn.now)


def ask_to_leave(turn: Turn, program: Program) -> Card:
    """The question before the second click."""
    partners = introduced_partners(turn, pairs_in(turn, program))
    return leave_card(turn.content, program, partners)


def out(turn: Turn, enrollment: Enrollment, program: Program) -> Sequence[Reply]:
    """Leaves, and says so where it was asked."""
    if program.status == "closed":
        shown = ended_card(program, next_word(turn))
    else:
        partners = leave(turn, enrollment, program)
        shown = left_card(turn.content, program, partners, next_word(turn) if taking_part(turn) else None)
    return [Replace(shown) if isinstance(turn.event, Pressed) else Say(shown)]
