"""In the middle of a program: carry on, another rhythm, another partner, or stop. Asked inside one check-in."""

from collections.abc import Sequence

from conversations.check_in_screen import shown
from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("half_time")


@FLOW.step("carry_on")
def carry_on(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """Nothing changes; only whoever pressed it ever knows. The other three lead to the stories that they begin."""
    row = turn.store.check_ins.required(turn.person, check_in)
    about = turn.store.pairs.required(turn.person, pair)
    if about.id in row.half_times and about.id not in row.carries_on:
        row.carries_on = [*row.carries_on, about.id]
        # They have spoken: a reminder of the other half of the card would nag.
        row.answered_at = row.answered_at or turn.now
    return shown(turn, row, reminder)
