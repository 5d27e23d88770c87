"""Two people meet: a private card each, by role, and a short hello to both where a group chat can be opened."""

from collections.abc import Sequence
from datetime import timedelta

from conversations.cadence import calendar_of
from conversations.cards import Card
from conversations.content import Topic
from conversations.flow import Flow, Turn
from conversations.introduced import introduced_pair
from conversations.introduction_cards import guide_card, guide_over_card, own_card, shared_card
from conversations.next_from_me import next_from_me
from conversations.next_word import next_word
from conversations.people_words import contact_of
from conversations.replies import Introduce, Notice, Reply, Say
from conversations.topics import first_topic, topic_titled
from storage.pair_days import goes_on
from storage.tables import Pair, Person, Program

FLOW = Flow("introduction")
# An introduction that could not be delivered for so long would be a surprise: the coordinator sees it in `status`.
LASTS = timedelta(days=21)


@FLOW.step("introduce", clock_only=True)
def introduce(turn: Turn, pair: int) -> Sequence[Reply]:
    """Runs once a pair, on a day that both work. The day it runs is day 0 of everything that follows."""
    row = turn.store.pairs.required(turn.person, pair)
    program = turn.store.programs.get(row.program_id)
    # Whoever lets the program go on plans it anew (the hold flow).
    if row.status != "active" or row.frozen_at or program.status == "closed" or program.held_since is not None:
        return []
    people = turn.store.people.by_ids((row.mentor_id, row.mentee_id))
    mentor, mentee = people[row.mentor_id], people[row.mentee_id]
    row.started_on = calendar_of(mentor).today(turn.now)
    topic = _topic(turn, row, program, mentor, mentee)
    turn.store.flush()
    return [
        Introduce(
            (mentor.id, mentee.id),
            shared_card(turn.content, program, contact_of(turn.store, mentor), contact_of(turn.store, mentee)),
            {
                mentor.id: _own(turn, row, program, topic, person=mentor, partner=mentee),
                mentee.id: _own(turn, row, program, topic, person=mentee, partner=mentor),
            },
            Notice(
                key=f"introduction/{row.id}",
                kind="introduction",
                expires_at=turn.now + LASTS,
                pair=row.id,
                program=program.id,
            ),
        )
    ]


def _topic(turn: Turn, pair: Pair, program: Program, mentor: Person, mentee: Person) -> Topic | None:
    """Chosen once and kept with the pair, so that both read the same."""
    if known := topic_titled(turn.content, pair.topic):
        return known
    found = first_topic(
        turn.content,
        program,
        turn.store.enrollments.of(mentor, program.id),
        turn.store.enrollments.of(mentee, program.id),
        pair.id,
    )
    pair.topic = found.title if found else ""
    return found


def _own(turn: Turn, pair: Pair, program: Program, topic: Topic | None, *, person: Person, partner: Person) -> Card:
    return own_card(
        turn.content,
        program,
        role="mentor" if person.id == pair.mentor_id else "mentee",
        pair=pair.id,
        partner=partner,
        contact=contact_of(turn.store, partner),
        reason=pair.reason,
        topic=topic,
        ahead=next_from_me(turn.store, person, turn.now),
    )


@FLOW.step("guide")
def guide(turn: Turn, pair: int) -> Sequence[Reply]:
    """The guide to the first session, by role; as often as somebody likes."""
    row = introduced_pair(turn, pair)
    if not goes_on(row, turn.person.id):
        return [Say(guide_over_card(next_word(turn)))]
    program = turn.store.programs.get(row.program_id)
    role = "mentor" if turn.person.id == row.mentor_id else "mentee"
    partner = turn.store.pairs.partner_of(turn.person, pair)
    return [Say(guide_card(turn.content, program, role=role, pair=pair, partner=partner))]
