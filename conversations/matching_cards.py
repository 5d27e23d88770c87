"""What a coordinator reads about a proposal: the summary, and what an approval set in motion."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cadence import say_day
from conversations.cards import Block, Button, Card, Divider, Facts, Text, buttons, card, quiet, text
from conversations.fit_words import fit, spread
from conversations.matching_notices import matching, not_ready_text, stop_button
from conversations.people_words import counted
from conversations.proposal_claim import claim
from conversations.proposal_shown import Shown
from conversations.review_cards import by_hand_flow
from conversations.score_picture import score_picture
from storage.tables import Proposal, ProposedPair

WEAKEST_SHOWN = 10
UNMATCHED_SHOWN = 6
# Below this many pairs the names say more than bars and a picture.
FEWEST_FOR_A_SPREAD = 5


def summary_card(shown: Shown, *, replaced: bool = False, stopped: bool = False) -> Card:
    """The proposal at a glance: who is matched, who is not and why, the weakest pairs, and what happens next."""
    kept = len(shown.kept)
    blocks: list[Block | None] = [
        text("**Stopped.** Nobody was told anything, and every pair is as it was.") if stopped else None,
        text("I threw the earlier draft away; this one is new.") if replaced else None,
        Facts(_figures(shown)),
        score_picture([pair.score for pair in shown.kept]) if kept >= FEWEST_FOR_A_SPREAD else None,
        not_ready_text(shown.readiness),
        *_unmatched(shown),
        *_against_rules(shown),
        *_weakest(shown),
        _taken_out(shown),
        Divider(),
        _what_happens(shown) if kept else text("There is no pair to approve."),
        buttons(*_decisions(shown)),
        buttons(*_looking(shown)),
        claim(shown),
    ]
    return card(f"Proposed pairs: {shown.program.name}", *blocks)


def _figures(shown: Shown) -> tuple[tuple[str, str], ...]:
    kept = shown.kept
    people = {person for pair in kept for person in (pair.mentor_id, pair.mentee_id)}
    strong = sum(1 for pair in kept if fit(pair.score) in ("strong fit", "good fit"))
    locked = sum(1 for pair in kept if pair.locked)
    return (
        ("Pairs", f"{len(kept)} ({counted(len(people), 'person', 'people')})"),
        ("Good or strong fit", str(strong)),
        ("Without a partner", str(len(shown.alone))),
        *((("Locked by you", str(locked)),) if locked else ()),
        *(spread(kept) if len(kept) >= FEWEST_FOR_A_SPREAD else ()),
    )


def _unmatched(shown: Shown) -> list[Block]:
    rows = shown.proposal.unmatched
    if not rows:
        return []
    lines = [
        text("- **{name}**: {reason}", name=shown.name(row["person"]), reason=row["reason"])
        for row in rows[:UNMATCHED_SHOWN]
    ]
    more = len(rows) - len(lines)
    rest = [text("- and {more}", more=counted(more, "other", "others"))] if more else []
    return [text("**Without a partner this time**"), *lines, *rest]


def _weakest(shown: Shown) -> list[Block]:
    weakest = [pair for pair in shown.order if pair.kept and fit(pair.score) in ("fair fit", "loose fit")]
    if not weakest:
        return []
    lines = [
        text(
            "- {mentor} with {mentee} ({fit}, {score} points)",
            mentor=shown.name(pair.mentor_id),
            mentee=shown.name(pair.mentee_id),
            fit=fit(pair.score),
            score=str(pair.score),
        )
        for pair in weakest[:WEAKEST_SHOWN]
    ]
    return [text("**Look at these first: the weakest pairs**"), *lines]


def _against_rules(shown: Shown) -> list[Block]:
    """Made by hand against a rule: never out of sight until they are introduced."""
    rows = [pair for pair in shown.kept if pair.id in shown.warnings]
    if not rows:
        return []
    return [text("**By hand, against a rule**"), *(_against(shown, pair) for pair in rows[:UNMATCHED_SHOWN])]


def _against(shown: Shown, pair: ProposedPair) -> Text:
    return text(
        "- {mentor} with {mentee}: {cause}. Your note: {note}",
        mentor=shown.name(pair.mentor_id),
        mentee=shown.name(pair.mentee_id),
        cause=shown.warnings[pair.id],
        note=pair.note,
    )


def _taken_out(shown: Shown) -> Text | None:
    out = len(shown.pairs) - len(shown.kept)
    if not out:
        return None
    most = shown.program.most_pairs
    limit = " This program takes at most {most} pairs." if most else ""
    return text(
        "{out} taken out; **Review** shows {them}, and you can put {them} back." + limit,
        out=counted(out, "pair is", "pairs are"),
        them="it" if out == 1 else "them",
        most=str(most or ""),
    )


def _what_happens(shown: Shown) -> Text:
    return text(
        "**What happens when you approve:** on the next working morning I begin, and until then you can stop it. "
        "{first} the two of each pair {start}, on a day that both work. Whoever has no partner hears it kindly "
        "from me and comes first next time.",
        first="I ask both of each pair; where both say yes, I introduce" if shown.program.asks_first else "I introduce",
        start=_from_when(shown),
    )


def _from_when(shown: Shown) -> str:
    """Working hours and a day that both work come on top."""
    start = shown.program.starts_on
    return f"from {say_day(start, shown.today)} on" if start > shown.today else "from then on"


def _decisions(shown: Shown) -> list[Button]:
    proposal = shown.proposal.id
    kept = len(shown.kept)
    approve = Button(f"Approve {counted(kept, 'pair', 'pairs')}", matching("approve", proposal=proposal), "primary")
    choose = Button("Approve some, or later", matching("choose", proposal=proposal))
    review = Button("Review", matching("review", proposal=proposal))
    discard = Button("Discard", matching("discard", proposal=proposal), "danger")
    return [approve, choose, review, discard] if kept else [review, discard] if shown.pairs else [discard]


def _looking(shown: Shown) -> list[Button]:
    proposal, program = shown.proposal.id, shown.program.id
    alone = Button("Who has no partner", Action("unmatched", "list", {"proposal": proposal}))
    compare = Button("Compare with the last one", matching("compare", proposal=proposal))
    return [
        *([alone] if shown.alone else []),
        Button("Add a pair by hand", by_hand_flow("add", proposal=proposal)),
        *([compare] if shown.has_earlier else []),
        Button("Rules and what-if", Action("matching_rules", "rules", {"program": program})),
    ]


def sure_card(shown: Shown) -> Card:
    """Before pairs are approved that were made against a rule: once more what that means, with the note."""
    kept = len(shown.kept)
    return card(
        "Pairs against a rule",
        text("You made these by hand although a rule speaks against them. I introduce them if you approve."),
        *_against_rules(shown)[1:],
        buttons(
            Button(
                f"Approve {counted(kept, 'pair', 'pairs')}",
                matching("approve", proposal=shown.proposal.id, sure=1),
                "primary",
            ),
            Button("Review", matching("review", proposal=shown.proposal.id)),
        ),
    )


def discard_sure_card(proposal: Proposal, pairs: int) -> Card:
    """Before work that somebody did by hand is thrown away. `pairs`: how many there are of it."""
    return card(
        "Discard this draft?",
        text(
            "It holds {pairs} that you made or locked by hand, which would be lost. **program propose** looks anew and "
            "keeps what is locked.",
            pairs=counted(pairs, "pair", "pairs"),
        ),
        buttons(
            Button("Discard it", matching("discard", proposal=proposal.id, sure=1), "danger"),
            Button("Keep it", matching("summary", proposal=proposal.id)),
        ),
    )


def changed_card(shown: Shown, left_out: Sequence[tuple[ProposedPair, str]]) -> Card:
    """Something changed since the proposal: nobody is introduced before the coordinator has seen it."""
    lines = [
        text(
            "- {mentor} and {mentee}: {cause}",
            mentor=shown.name(pair.mentor_id),
            mentee=shown.name(pair.mentee_id),
            cause=cause,
        )
        for pair, cause in left_out[:UNMATCHED_SHOWN]
    ]
    more = len(left_out) - len(lines)
    kept = len(shown.kept)
    ask = "The other {count} still fit. Approve what is left, or propose again to find new partners."
    return card(
        "Something changed meanwhile",
        text("I introduced nobody yet, and took out what no longer fits since I proposed:"),
        *lines,
        text("- and {more} more", more=str(more)) if more else None,
        text(ask, count=counted(kept, "pair does", "pairs"))
        if kept
        else text("No pair is left. Please propose again."),
        buttons(
            *(
                [
                    Button(
                        f"Approve {counted(kept, 'pair', 'pairs')}",
                        matching("approve", proposal=shown.proposal.id),
                        "primary",
                    )
                ]
                if kept
                else []
            ),
            Button("Propose again", matching("propose", program=shown.program.id)),
        ),
    )


def approved_card(shown: Shown, moment: str) -> Card:
    """What was set in motion, and until when it can be stopped."""
    start = shown.program.starts_on
    later = f"from {say_day(start, shown.today)} on, in" if start > shown.today else "in"
    return card(
        f"Approved: {counted(len(shown.kept), 'pair', 'pairs')} in {shown.program.name}",
        text("I begin on **{moment}**. Until then nobody is told, and you can stop it.", moment=moment),
        text(
            "I ask both of each pair first, with five working days to answer. Only two yes make a pair."
            if shown.program.asks_first
            else "I introduce them {later} working hours and on a day that both work.",
            later=later,
        ),
        text("Whoever has no partner this time hears from me, and comes first in the next matching.")
        if shown.alone
        else None,
        buttons(stop_button(shown.proposal)),
        quiet("Next from me: when you ask, or when something needs you."),
    )
