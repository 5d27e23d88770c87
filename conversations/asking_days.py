"""A proposal that is being asked, a day at a time: who is asked, reminded, not heard of, and asked next."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from conversations.asked_rows import ask_until, left_over, not_fitting, question_of, reminder_day, says
from conversations.asking_cards import ask_card, no_answer_card, question_over_card
from conversations.cadence import calendar_of
from conversations.cards import Card
from conversations.flow import Turn
from conversations.matching.request import run
from conversations.next_from_me import next_from_me
from conversations.parting_days import is_late
from conversations.people_words import today_of
from conversations.replies import Notice, Reply, Tell, Update
from storage.tables import Person, Program, Proposal, ProposedPair

# Whoever cannot be reached for so long hears of their next partner instead.
WORD_LASTS = timedelta(days=14)


def ask(turn: Turn, program: Program, proposal: Proposal, row: ProposedPair) -> Iterable[Reply]:
    row.ask_until = proposal.ask_until
    for person in turn.store.people.by_ids((row.mentor_id, row.mentee_id)).values():
        yield Tell(person.id, ask_card(question_of(turn, program, row, person)), _notice(program, row, person))


def _notice(program: Program, row: ProposedPair, person: Person, kind: str = "asking") -> Notice:
    must = kind == "asking"
    return Notice(
        key=f"{kind}/{row.id}/{person.id}",
        kind=kind,
        delivery="must_arrive" if must else "nudge",
        expires_at=row.ask_until,
        program=program.id,
    )


def lapsed(turn: Turn, program: Program, rows: Sequence[ProposedPair]) -> Iterable[Reply]:
    """What stopped fitting is not accepted, and so is a pair without both answers by its day; whoever gave none then
    reads kind words."""
    for row in not_fitting(turn, program, rows):
        row.kept = False
    for row in rows:
        if row.kept and row.ask_until is not None and turn.now >= row.ask_until:
            row.kept = False
            yield from _kind_words(turn, program, row)


def _kind_words(turn: Turn, program: Program, row: ProposedPair) -> Iterable[Reply]:
    for person in turn.store.people.by_ids((row.mentor_id, row.mentee_id)).values():
        if not says(row, person.id):
            role = "mentor" if person.id == row.mentor_id else "mentee"
            yield word(turn, program, row.proposal_id, person, no_answer_card(program, role))


def reminded(turn: Turn, program: Program, row: ProposedPair) -> Iterable[Reply]:
    for person in turn.store.people.by_ids((row.mentor_id, row.mentee_id)).values():
        day = reminder_day(row, person)
        if day is not None and day <= calendar_of(person).today(turn.now):
            shown = ask_card(question_of(turn, program, row, person), again=True)
            yield Tell(person.id, shown, _notice(program, row, person, "asking_reminder"))


def next_choice(turn: Turn, program: Program, proposal: Proposal, rows: Sequence[ProposedPair]) -> Iterable[Reply]:
    """The best pairs among those who are left are asked next, like anybody else."""
    if all(row.kept for row in rows) or is_late(program.ends_on, today_of(turn)):
        return []
    free = left_over(turn, program, rows)
    if {one.role for one in free.candidates} != {"mentor", "mentee"}:
        return []
    proposal.ask_until = ask_until(turn, program)
    replies: list[Reply] = []
    for pair in run(free).pairs:
        row = ProposedPair(
            proposal_id=proposal.id,
            mentor_id=int(pair.mentor),
            mentee_id=int(pair.mentee),
            score=pair.score,
            reason=pair.reason,
            parts=[list(part) for part in pair.parts],
        )
        replies += [*_settled(turn, rows, row), *ask(turn, program, proposal, turn.store.proposals.add_pair(row))]
    return replies


def _settled(turn: Turn, rows: Sequence[ProposedPair], new: ProposedPair) -> Iterable[Reply]:
    """Earlier questions of these two that still stand on a screen: a newer one takes their place."""
    for person in turn.store.people.by_ids((new.mentor_id, new.mentee_id)).values():
        for row in rows:
            if not row.kept and person.id in (row.mentor_id, row.mentee_id):
                shown = question_over_card(next_from_me(turn.store, person, turn.now))
                yield Update(f"asking/{row.id}/{person.id}", shown)


def word(turn: Turn, program: Program, proposal: int, person: Person, shown: Card) -> Tell:
    """Under one key: whoever read that nobody heard from them reads nothing more."""
    key = f"unmatched/{proposal}/{person.id}"
    notice = Notice(key=key, kind="unmatched", expires_at=turn.now + WORD_LASTS, program=program.id)
    return Tell(person.id, shown, notice)
