"""A pair in a conflict: what the coordinator reads and decides."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.actions import Action
from conversations.approval import CAUSES
from conversations.cards import Block, Button, Card, Text, buttons, card, quiet, text
from conversations.forms import Form, Paragraph
from conversations.matching import Rule
from conversations.people_words import counted, listed
from storage.tables import Pair, Program

# Three buttons each: more would not fit on a screen.
PAIRS_A_PAGE = 5
LATER = quiet("Next from me: when something needs you.")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A pair that waits for a decision, the names of its two people, and the rules that it breaks."""

    pair: Pair
    mentor: str
    mentee: str
    rules: tuple[str, ...]

    @property
    def cause(self) -> str:
        return listed(CAUSES[Rule(rule)] for rule in self.rules)


def frozen(step: str, **args: int) -> Action:
    return Action("frozen", step, args)


def conflict_card(program: Program, rows: Sequence[Frozen], day: str, *, done: Text | None = None) -> Card:
    """At once, whenever the roster brings pairs into a conflict; and the list of those that still wait."""
    shown = rows[:PAIRS_A_PAGE]
    more = len(rows) - len(shown)
    lead = (
        "**{program}**: after a change in the roster a rule of the matching speaks against {pairs}. Until you "
        "decide I ask nothing about it. Nobody was told anything, and booked sessions stay."
    )
    return card(
        f"{counted(len(rows), 'pair needs', 'pairs need')} your decision",
        done,
        text(lead, program=program.name, pairs=counted(len(rows), "pair", "pairs")),
        *(block for row in shown for block in _row(row)),
        text("And {more} more; the next ones come up as you decide.", more=str(more)) if more else None,
        quiet(
            "Re-match and End it: both read the same neutral note on {day}, without a reason. After a re-match I look "
            "for somebody new for each as soon as they have read it; after an end both wait for the next matching.",
            day=day,
        ),
    )


def _row(row: Frozen) -> Sequence[Block]:
    line = text("**{mentor}** teaches **{mentee}**: {cause}.", mentor=row.mentor, mentee=row.mentee, cause=row.cause)
    return line, buttons(
        Button("Re-match both", frozen("rematch", pair=row.pair.id), "primary"),
        Button("Keep the pair", frozen("keep", pair=row.pair.id)),
        Button("End it", frozen("end", pair=row.pair.id), "danger"),
    )


def all_clear_card(program: Program, done: Text | None = None) -> Card:
    """Nothing waits for a decision (any more)."""
    words = text("No pair of **{program}** waits for a decision.", program=program.name)
    return card("No conflict is open", done, words, LATER)


def thawed_card(program: Program, pairs: Sequence[str]) -> Card:
    """The roster was put right before anybody decided."""
    named = {f"p{index}": pair for index, pair in enumerate(pairs[:PAIRS_A_PAGE])}
    more = len(pairs) - len(named)
    lines = "\n".join(f"- {{{key}}}" for key in named) + (f"\n- and {more} more" if more > 0 else "")
    return card(
        "A conflict is gone",
        text(
            "**{program}**: the roster has changed again, and no rule speaks against these pairs any more. They go on "
            "as before, and nobody noticed.",
            program=program.name,
        ),
        Text(lines, named),
        LATER,
    )


def keep_form(row: Frozen) -> Form:
    """A pair that stays against a rule needs a reason: somebody will ask."""
    return Form(
        title="Keep the pair",
        action=frozen("kept", pair=row.pair.id),
        fields=(
            Paragraph(
                key="note",
                label="Why is it right all the same?",
                max_length=500,
                hint=f"{row.mentor} and {row.mentee}: {row.cause}. Only coordinators can read this.",
            ),
        ),
        submit_label="Keep it",
    )


def kept_words(row: Frozen) -> Text:
    return text(
        "**{mentor}** and **{mentee}** go on. I do not come back to it for this reason.",
        mentor=row.mentor,
        mentee=row.mentee,
    )


def rematched_words(row: Frozen, day: str) -> Text:
    return text(
        "**{mentor}** and **{mentee}** read the neutral note on {day}; then I look for somebody new for each.",
        mentor=row.mentor,
        mentee=row.mentee,
        day=day,
    )


def ended_words(row: Frozen, day: str) -> Text:
    return text(
        "**{mentor}** and **{mentee}** read the neutral note on {day}, and wait for the next matching.",
        mentor=row.mentor,
        mentee=row.mentee,
        day=day,
    )
