"""After two ignored rounds one question, then silence until the person writes. The question: see `ignored_rounds`."""

from conversations.cards import Card, Text, card, text
from conversations.flow import Flow, Turn
from conversations.next_word import next_word
from conversations.replies import Replace, Reply

FLOW = Flow("silence")


@FLOW.step("carry_on")
def carry_on(turn: Turn) -> list[Reply]:
    """The press alone has ended the silence, as anything they write does; later presses say the same."""
    return [Replace(carried_on_card(next_word(turn)))]


def carried_on_card(ahead: Text) -> Card:
    return card("Good, we go on as before", text("A check-in that comes at a bad time can simply wait."), ahead)
