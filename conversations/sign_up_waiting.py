"""What somebody who has joined reads while they wait: since when, what comes when, and honest words about the odds."""

from collections.abc import Mapping, Sequence

from conversations.cadence import calendar_of
from conversations.cards import Block, Text, quiet, text
from conversations.flow import Turn
from conversations.people_words import say_when, today_of
from conversations.waiting_cards import promised_on
from storage.tables import Enrollment, Program

# A smaller number would point at people (guarantees, R-A1).
FEWEST = 5


def waiting_blocks(turn: Turn, enrollment: Enrollment, program: Program) -> Sequence[Block]:
    counts = turn.store.enrollments.counts(program.id)
    blocks = (
        _what_comes(turn, enrollment, program),
        _one_side(enrollment, program, counts),
        _since(turn, enrollment, counts),
    )
    return [block for block in blocks if block is not None]


def _what_comes(turn: Turn, enrollment: Enrollment, program: Program) -> Text:
    if not enrollment.confirmed:
        return text("You are in. A coordinator still checks your manager and level.")
    if program.held_since is not None:
        return text("You are in, and your place is kept. No pairs are made before the program goes on.")
    if program.matching_on >= today_of(turn):
        return text(
            "You are in. Pairs are made on {day}. You hear from me on {word} at the latest.",
            day=say_when(turn, program.matching_on),
            word=say_when(turn, promised_on(program)),
        )
    if program.status == "running":
        return text(
            "You are in. No day is set for the next matching yet; when there is one, you are among the first. If a "
            "place comes free before that, I suggest it to your coordinator, who decides."
            if enrollment.unmatched_rounds
            else "You are in, and on the list for the next matching. No day is set for it yet."
        )
    return text("You are in. The pairs are not made yet; you hear from me as soon as they are.")


def _one_side(enrollment: Enrollment, program: Program, counts: Mapping[tuple[str, str], int]) -> Text | None:
    """Pairs need both sides: nobody should wait for what cannot come."""
    other = "mentee" if enrollment.role == "mentor" else "mentor"
    if program.status != "open" or counts.get((other, "joined"), 0):
        return None
    return text(
        "So far only {here}s have joined, and a pair needs one of each. If somebody comes to mind, type **nominate**.",
        here=enrollment.role,
    )


def _since(turn: Turn, enrollment: Enrollment, counts: Mapping[tuple[str, str], int]) -> Text | None:
    if enrollment.joined_at is None:
        return None
    others = sum(count for (_, status), count in counts.items() if status == "joined") - 1
    return quiet(
        "You joined on {day}, and {others} others wait with you." if others >= FEWEST else "You joined on {day}.",
        day=say_when(turn, calendar_of(turn.person).today(enrollment.joined_at)),
        others=str(others),
    )
