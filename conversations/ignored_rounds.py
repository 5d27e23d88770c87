"""Two check-ins without an answer: one question takes the place of the third, and then nothing until they write."""

from datetime import date, datetime

from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, quiet, text
from conversations.check_in_asked import key
from conversations.content import Content
from conversations.flow import Turn
from conversations.replies import Notice, Tell
from storage.tables import CheckIn

# Guarantees, section 3: after two ignored rounds one question, then silence.
IGNORED = 2
# Some of the newest may not have arrived; those do not count.
LOOKS_AT = 6


def should_ask_about_rhythm(turn: Turn, since: date) -> bool:
    """Whether the two newest check-ins that arrived have no answer. What was asked before `since`, when their first
    pair of today was introduced, or before they last broke a silence, does not count."""
    back = turn.person.back_since
    rows = turn.store.check_ins.newest_asked(turn.person.id, LOOKS_AT)
    rows = [row for row in rows if row.period >= since and row.asked_at and (back is None or row.asked_at > back)]
    if len(rows) < IGNORED:
        return False
    states = turn.store.outbox.states(key(turn.person.id, row.period) for row in rows)
    arrived = [row for row in rows if states.get(key(turn.person.id, row.period), "sent") == "sent"]
    return len(arrived) >= IGNORED and not any(row.answered_at for row in arrived[:IGNORED])


def ask_about_rhythm(turn: Turn, check_in: CheckIn, expires_at: datetime, program: int | None) -> Tell:
    """In place of this check-in, and of its program, whose hold stops it as well. From now on they are left in peace:
    see `People.wrote` for what ends it."""
    check_in.kind, check_in.skipped_at = "rhythm", turn.now
    # The same moment as the message's: delivery lets this one through, and nothing after it.
    turn.person.silent_since = turn.now
    notice = Notice(
        key=f"silence/{turn.person.id}/{check_in.period.isoformat()}",
        kind="check_in",
        delivery="nudge",
        expires_at=expires_at,
        program=program,
    )
    return Tell(turn.person.id, rhythm_card(turn.content), notice)


def rhythm_card(content: Content) -> Card:
    """A way out that costs one click, and the promise of peace."""
    return card(
        "How shall we go on?",
        text(content.text("silence.question")),
        buttons(
            Button("A lighter rhythm", Action("rhythm", "start")),
            Button("A pause", Action("pause", "start")),
            Button("Stop", Action("leaving", "start")),
            Button("All good, keep asking", Action("silence", "carry_on"), "primary"),
        ),
        quiet(content.text("silence.peace")),
    )
