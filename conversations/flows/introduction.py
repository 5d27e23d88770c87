"""Two people meet: a private card each, by role, and a short hello to both where a group chat can be opened."""

from collections.abc import Sequence
from datetime import timedelta

from conversations.cadence import calendar_of
from conversations.cards import Card, ChatButton, Facts, Text, buttons, card, text
from conversations.check_ins_ahead import ahead
from conversations.contacts import Contact
from conversations.content import Content, Topic
from conversations.flow import Flow, Turn
from conversations.people_words import contact_of, first_name
from conversations.replies import Introduce, Notice, Reply
from conversations.topics import first_topic, topic_titled
from storage.tables import Pair, Person, Program

FLOW = Flow("introduction")
# An introduction that could not be delivered for so long would be a surprise: the coordinator sees it in `status`.
LASTS = timedelta(days=21)


@FLOW.step("introduce", clock_only=True)
def introduce(turn: Turn, pair: int) -> Sequence[Reply]:
    """Runs once a pair, on a day that both work. The day it runs is day 0 of everything that follows."""
    row = turn.store.pairs.required(turn.person, pair)
    program = turn.store.programs.get(row.program_id)
    if row.status != "active" or program.status == "closed":
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
            Notice(key=f"introduction/{row.id}", kind="introduction", expires_at=turn.now + LASTS, pair=row.id),
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
        partner=partner,
        contact=contact_of(turn.store, partner),
        reason=pair.reason,
        topic=topic,
        ahead=ahead(turn.store, person, turn.now),
    )


def own_card(
    content: Content,
    program: Program,
    *,
    role: str,
    partner: Person,
    contact: Contact,
    reason: str,
    topic: Topic | None,
    ahead: Text,
) -> Card:
    """Who, why, what to do first, and how to reach each other."""
    name = first_name(partner)
    opening = text(content.text("introduction.topic"), topic=topic.title, opening=topic.opening) if topic else None
    return card(
        f"Meet {partner.name}, your {'mentee' if role == 'mentor' else 'mentor'}",
        text("You are a pair in **{program}**. {reason}", program=program.name, reason=reason),
        Facts(_facts(partner)),
        text(content.text(f"introduction.{role}"), partner=name),
        text(content.text("introduction.first_session"), minutes=str(program.session_minutes)),
        opening,
        buttons(ChatButton(f"Write to {name}"[:30], contact)),
        ahead,
    )


def _facts(partner: Person) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Department", partner.department),
        ("Location", partner.location),
        ("E-mail", partner.email or ""),
    )
    return tuple((label, value) for label, value in rows if value)


def shared_card(content: Content, program: Program, mentor: Contact, mentee: Contact) -> Card:
    """For both to read in one chat: at most 40 words, and nothing that anybody wrote in a form."""
    words = text(
        content.text("introduction.shared"),
        mentor=mentor,
        mentee=mentee,
        program=program.name,
        minutes=str(program.session_minutes),
    )
    return card("", words)
