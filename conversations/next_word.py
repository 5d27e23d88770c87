"""When the bot writes next, for anybody: the last line of a message that asks for nothing more."""

from conversations.cards import Text, quiet
from conversations.check_ins_ahead import ahead
from conversations.flow import Turn
from conversations.people_words import next_from_me, say_when
from conversations.program_cards import today_of
from conversations.waiting_cards import promised_on


def next_word(turn: Turn) -> Text:
    """The next check-in, or the day that a receipt promised, or an honest "when you write"."""
    pairs = [pair for pair, _ in turn.store.pairs.meeting_of(turn.person)]
    if introductions := [pair.started_on for pair in pairs if pair.started_on > today_of(turn)]:
        return quiet("Next from me: {day}, when I introduce you.", day=say_when(turn, min(introductions)))
    if pairs:
        return ahead(turn.store, turn.person, turn.now)
    joined = [program for one, program in turn.store.enrollments.of_person(turn.person) if one.status == "joined"]
    days = [promised_on(program) for program in joined if program.status == "open"]
    if days and min(days) >= today_of(turn):
        return next_from_me(turn, min(days))
    if joined:
        return quiet("Next from me: when there is a match for you.")
    return quiet("Next from me: when you write, or when somebody invites you.")
