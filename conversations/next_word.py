"""When the bot writes next to whoever acts: the last line of an answer that asks for nothing more."""

from conversations.cards import Text
from conversations.flow import Turn
from conversations.next_from_me import next_from_me


def next_word(turn: Turn) -> Text:
    return next_from_me(turn.store, turn.person, turn.now)
