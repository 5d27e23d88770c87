"""When the bot writes next to whoever acts: the last line of an answer that asks for nothing more."""

from conversations.cards import Text, quiet
from conversations.flow import Turn
from conversations.next_from_me import next_from_me
from storage.leaving import OUT


def next_word(turn: Turn) -> Text:
    if turn.coordinator and not _takes_part(turn):
        return quiet("Next from me: the daily digest, if there is news.")
    return next_from_me(turn.store, turn.person, turn.now)


def _takes_part(turn: Turn) -> bool:
    rows = turn.store.enrollments.of_person(turn.person)
    return any(one.status not in OUT for one, _ in rows) or bool(turn.store.pairs.meeting_of(turn.person))
