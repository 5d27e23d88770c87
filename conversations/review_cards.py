"""Looking through a proposal: its pages, one pair close up, whom to swap with, and who must not be paired."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Divider, Facts, Text, buttons, card, quiet, text
from conversations.fit_words import fit, part_rows
from conversations.matching_notices import matching
from conversations.paging import page_of
from conversations.people_words import counted
from conversations.proposal_shown import Shown
from storage.tables import ForbiddenPair, Program, ProposedPair

# Ten blocks of a page and its buttons stay far below Slack's 50 blocks, and within one screen.
PAIRS_A_PAGE = 6
FORBIDDEN_A_PAGE = 8


def pairs_flow(step: str, **args: int) -> Action:
    return Action("matching_pairs", step, args)


def by_hand_flow(step: str, **args: int) -> Action:
    return Action("pairs_by_hand", step, args)


def review_card(shown: Shown, page: int) -> Card:
    """One page of pairs, the weakest first, each with a way out and back."""
    here = page_of(shown.order, page, PAIRS_A_PAGE)
    where = text("Page {page} of {pages}, the weakest first.", page=str(here.number + 1), pages=str(here.pages))
    blocks = [block for pair in here.rows for block in _review_row(shown, pair, here.number)]
    find = Button("Find somebody", pairs_flow("find", proposal=shown.proposal.id))
    add = Button("Add a pair by hand", by_hand_flow("add", proposal=shown.proposal.id))
    back = Button("Back to the summary", matching("summary", proposal=shown.proposal.id))
    turning = here.turning(lambda to: matching("review", proposal=shown.proposal.id, page=to))
    return card(f"Review: {shown.program.name}", where, *blocks, Divider(), buttons(*turning, find, add, back))


def found_card(shown: Shown, words: str, pairs: Sequence[ProposedPair]) -> Card:
    """The pairs of whoever was looked for, and who has none."""
    blocks = [block for pair in pairs[:PAIRS_A_PAGE] for block in _review_row(shown, pair, 0)]
    more = len(pairs) - PAIRS_A_PAGE
    return card(
        "Found in the proposal" if pairs else "Nobody found",
        *blocks,
        text("{more} more; write more of the name.", more=str(more)) if more > 0 else None,
        None if pairs else text("No pair of this proposal has a “{words}”.", words=words),
        buttons(
            Button("Find somebody else", pairs_flow("find", proposal=shown.proposal.id)),
            Button("All pairs", matching("review", proposal=shown.proposal.id)),
        ),
    )


def _review_row(shown: Shown, pair: ProposedPair, page: int) -> list[Block]:
    mentor, mentee = shown.name(pair.mentor_id), shown.name(pair.mentee_id)
    if shown.is_forbidden(pair):
        allow = Button("Allow again", pairs_flow("allow", pair=pair.id, page=page))
        return [text("Not to be paired: {mentor} and {mentee}", mentor=mentor, mentee=mentee), buttons(allow)]
    if not pair.kept:
        put_back = Button("Put back", matching("put_back", pair=pair.id, page=page))
        return [text("Taken out: {mentor} and {mentee}", mentor=mentor, mentee=mentee), buttons(put_back)]
    row = [
        Button("Take out", matching("take_out", pair=pair.id, page=page)),
        _lock_button(pair, page, card=0),
        Button("Close up", pairs_flow("pair", pair=pair.id, page=page)),
    ]
    return [pair_line(shown, pair), *_marks(shown, pair), buttons(*row)]


def pair_line(shown: Shown, pair: ProposedPair) -> Text:
    return text(
        "**{mentor}** teaches **{mentee}** ({fit}). {reason}",
        mentor=shown.name(pair.mentor_id),
        mentee=shown.name(pair.mentee_id),
        fit=fit(pair.score),
        reason=pair.reason,
    )


def _marks(shown: Shown, pair: ProposedPair) -> list[Text]:
    """What the coordinator decided about it already."""
    marks: list[Text] = []
    if pair.id in shown.warnings:
        marks.append(
            text("**Against a rule:** {cause}. Your note: {note}", cause=shown.warnings[pair.id], note=pair.note)
        )
    elif pair.by_hand:
        marks.append(text("You made this pair by hand."))
    if pair.locked:
        marks.append(text("Locked: it stays when you propose again."))
    return marks


def _lock_button(pair: ProposedPair, page: int, card: int) -> Button:
    step, label = ("unlock", "Unlock") if pair.locked else ("lock", "Lock")
    return Button(label, pairs_flow(step, pair=pair.id, page=page, card=card))


def pair_card(shown: Shown, pair: ProposedPair, page: int) -> Card:
    """One pair close up: why, by part, and everything that can be decided about it."""
    rows = part_rows(pair.parts or ())
    back = matching("review", proposal=shown.proposal.id, page=page)
    return card(
        "One pair, close up",
        pair_line(shown, pair),
        *_marks(shown, pair),
        Facts((("Fit", f"{fit(pair.score)}, {pair.score} points"), *rows)) if rows else None,
        buttons(
            _lock_button(pair, page, card=1),
            Button("Swap", by_hand_flow("swap", pair=pair.id)),
            Button("Take out", matching("take_out", pair=pair.id, page=page)),
            Button("Never pair these two", pairs_flow("forbid", pair=pair.id, page=page), "danger"),
            Button("Back to the list", back),
        ),
    )


def swap_card(shown: Shown, pair: ProposedPair, page: int) -> Card:
    """Which other pair the two mentors are exchanged with."""
    others = [one for one in shown.order if one.kept and one.id != pair.id]
    here = page_of(others, page, PAIRS_A_PAGE)
    blocks: list[Block] = []
    for other in here.rows:
        blocks += [
            text(
                "**{mentor}** with **{mentee}**", mentor=shown.name(other.mentor_id), mentee=shown.name(other.mentee_id)
            ),
            buttons(Button("Swap with this pair", by_hand_flow("swap_with", pair=pair.id, other=other.id))),
        ]
    turning = here.turning(lambda to: by_hand_flow("swap", pair=pair.id, page=to))
    return card(
        "Swap with which pair?",
        text(
            "The two mentors are exchanged. Now: **{mentor}** with **{mentee}**.",
            mentor=shown.name(pair.mentor_id),
            mentee=shown.name(pair.mentee_id),
        ),
        *(blocks or [text("There is no other pair to swap with.")]),
        buttons(*turning, Button("Leave it", pairs_flow("pair", pair=pair.id))),
    )


def forbidden_card(program: Program, rows: Sequence[tuple[ForbiddenPair, str, str]], page: int) -> Card:
    """Everybody who must not be paired in a program; a wish is not told from a decision."""
    here = page_of(rows, page, FORBIDDEN_A_PAGE)
    blocks: list[Block] = []
    for row, mentor, mentee in here.rows:
        allow = Button("Allow again", pairs_flow("allow_again", forbidden=row.id, page=here.number))
        blocks += [text("{mentor} and {mentee}", mentor=mentor, mentee=mentee), buttons(allow)]
    turning = here.turning(lambda to: pairs_flow("forbidden", program=program.id, page=to))
    count = counted(len(rows), "pair is", "pairs are")
    return card(
        f"Not to be paired: {program.name}",
        text("{count} kept apart in every matching of this program.", count=count)
        if rows
        else text("Nobody is kept apart by hand. **Review** a proposal to forbid a pair."),
        *blocks,
        buttons(*turning) if turning else None,
        buttons(Button("Propose pairs", matching("propose", program=program.id))),
        quiet("A pair with you in it is never shown here."),
    )
