"""What a coordinator reads about a proposal: the summary, its pages, and what an approval set in motion."""

from collections.abc import Sequence

from conversations.cadence import say_day
from conversations.cards import Block, Button, Card, Divider, Facts, Text, buttons, card, quiet, text
from conversations.matching_notices import matching, not_ready_text, stop_button
from conversations.people_words import counted
from conversations.proposal_shown import Shown
from storage.tables import ProposedPair

# Ten blocks of a page and its buttons stay far below Slack's 50 blocks, and within one screen.
PAIRS_A_PAGE = 6
WEAKEST_SHOWN = 3
UNMATCHED_SHOWN = 6
# A score from here on is called so; somebody's first choice of theme alone is worth about 40 of 100.
FITS = ((70, "strong fit"), (45, "good fit"), (30, "fair fit"), (0, "loose fit"))


def summary_card(shown: Shown, *, replaced: bool = False, stopped: bool = False) -> Card:
    """The proposal at a glance: who is matched, who is not and why, the weakest pairs, and what happens next."""
    kept = len(shown.kept)
    blocks: list[Block | None] = [
        text("**Stopped.** Nobody was told anything, and every pair is as it was.") if stopped else None,
        text("I threw the earlier draft away; this one is new.") if replaced else None,
        Facts(_figures(shown)),
        not_ready_text(shown.readiness),
        *_unmatched(shown),
        *_weakest(shown),
        _taken_out(shown),
        Divider(),
        _what_happens(shown) if kept else text("There is no pair to approve."),
        buttons(*_decisions(shown)),
    ]
    return card(f"Proposed pairs: {shown.program.name}", *blocks)


def _figures(shown: Shown) -> tuple[tuple[str, str], ...]:
    kept = shown.kept
    people = {person for pair in kept for person in (pair.mentor_id, pair.mentee_id)}
    strong = sum(1 for pair in kept if fit(pair.score) in ("strong fit", "good fit"))
    return (
        ("Pairs", f"{len(kept)} ({counted(len(people), 'person', 'people')})"),
        ("Good or strong fit", str(strong)),
        ("Without a partner", str(len(shown.alone))),
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
    weakest = [pair for pair in reversed(shown.kept) if fit(pair.score) in ("fair fit", "loose fit")][:WEAKEST_SHOWN]
    if not weakest:
        return []
    return [text("**Look at these first: the weakest pairs**"), *(_pair_line(shown, pair) for pair in weakest)]


def _pair_line(shown: Shown, pair: ProposedPair) -> Text:
    return text(
        "**{mentor}** teaches **{mentee}** ({fit}). {reason}",
        mentor=shown.name(pair.mentor_id),
        mentee=shown.name(pair.mentee_id),
        fit=fit(pair.score),
        reason=pair.reason,
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
        "I introduce the two of each pair {start}, on a day that both work. Whoever has no partner hears it kindly "
        "from me and comes first next time.",
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
    review = Button("Review", matching("review", proposal=proposal))
    discard = Button("Discard", matching("discard", proposal=proposal), "danger")
    return [approve, review, discard] if kept else [review, discard] if shown.pairs else [discard]


def review_card(shown: Shown, page: int) -> Card:
    """One page of pairs, the weakest first, each with a way out and back."""
    order = list(reversed(shown.pairs))
    pages = max(1, -(-len(order) // PAIRS_A_PAGE))
    page = min(page, pages - 1)
    blocks: list[Block] = [text("Page {page} of {pages}, the weakest first.", page=str(page + 1), pages=str(pages))]
    for pair in order[page * PAIRS_A_PAGE : (page + 1) * PAIRS_A_PAGE]:
        blocks += _review_row(shown, pair, page)
    return card(f"Review: {shown.program.name}", *blocks, buttons(*_turning(shown, page, pages)))


def _review_row(shown: Shown, pair: ProposedPair, page: int) -> list[Block]:
    if not pair.kept:
        line = text(
            "Taken out: {mentor} and {mentee}", mentor=shown.name(pair.mentor_id), mentee=shown.name(pair.mentee_id)
        )
        return [line, buttons(Button("Put back", matching("put_back", pair=pair.id, page=page)))]
    return [_pair_line(shown, pair), buttons(Button("Take out", matching("take_out", pair=pair.id, page=page)))]


def _turning(shown: Shown, page: int, pages: int) -> list[Button]:
    proposal = shown.proposal.id
    row = []
    if page + 1 < pages:
        row.append(Button("Next page", matching("review", proposal=proposal, page=page + 1), "primary"))
    if page:
        row.append(Button("Previous page", matching("review", proposal=proposal, page=page - 1)))
    return [*row, Button("Back to the summary", matching("summary", proposal=proposal))]


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
    ask = "The other {count} still fit. Approve those, or propose again to find new partners."
    return card(
        "Something changed meanwhile",
        text("Since I proposed, these pairs stopped fitting, so I took them out and introduced nobody yet:"),
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
        text("I introduce them {later} working hours and on a day that both work.", later=later),
        text("Whoever has no partner this time hears from me, and comes first in the next matching.")
        if shown.alone
        else None,
        buttons(stop_button(shown.proposal)),
        quiet("Next from me: when you ask, or when something needs you."),
    )


def fit(score: int) -> str:
    """A score in words: nobody can explain a number."""
    return next(words for least, words in FITS if score >= least or least == 0)
