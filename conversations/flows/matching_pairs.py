"""Single pairs of a proposal: close up, locked, looked up, and kept apart. For coordinators."""

from collections.abc import Sequence

from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.matching_forms import find_form
from conversations.people_words import told_apart
from conversations.proposal_screen import note_down, review_page, settled, show
from conversations.proposal_shown import shown_of
from conversations.replies import Ask, Correct, Reply
from conversations.review_cards import forbidden_card, found_card, pair_card
from conversations.which_program import which_program
from storage.subject import NotYours
from storage.tables import ForbiddenPair, Program

FLOW = Flow("matching_pairs")
FLOW.command(
    "program forbidden", "forbidden", "See who must not be paired", coordinators_only=True, also="forbidden pairs"
)


# One pair --------------------------------------------------------------------------------------------------------


@FLOW.step("pair", coordinators_only=True)
def close_up(turn: Turn, pair: int, page: int = 0) -> Sequence[Reply]:
    row, proposal = turn.store.proposals.pair(pair)
    if proposal.status != "draft":
        return [show(turn, settled(turn, proposal))]
    return [show(turn, pair_card(shown_of(turn, proposal), row, page))]


@FLOW.step("lock", coordinators_only=True)
def lock(turn: Turn, pair: int, page: int = 0, card: int = 0) -> Sequence[Reply]:
    return _lock(turn, pair, (page, card), locked=True)


@FLOW.step("unlock", coordinators_only=True)
def unlock(turn: Turn, pair: int, page: int = 0, card: int = 0) -> Sequence[Reply]:
    return _lock(turn, pair, (page, card), locked=False)


def _lock(turn: Turn, number: int, back: tuple[int, int], *, locked: bool) -> Sequence[Reply]:
    """`back`: the page of the list, and whether the card is the pair's own."""
    row, proposal = turn.store.proposals.pair(number)
    if proposal.status == "draft" and row.kept and row.locked != locked:
        row.locked = locked
        turn.store.flush()
        note_down(turn, "pair locked" if locked else "pair unlocked", proposal, row)
    page, card = back
    return close_up(turn, number, page) if card else [show(turn, review_page(turn, proposal, page))]


@FLOW.step("forbid", coordinators_only=True)
def forbid(turn: Turn, pair: int, page: int = 0) -> Sequence[Reply]:
    """Out of this proposal and of every later one, until somebody allows it again."""
    row, proposal = turn.store.proposals.pair(pair)
    if proposal.status == "draft":
        row.kept, row.locked = False, False
        turn.store.forbidden_pairs.add(proposal.program_id, row.mentor_id, row.mentee_id, turn.person, turn.now)
        note_down(turn, "pair forbidden", proposal, row)
    return [show(turn, review_page(turn, proposal, page))]


@FLOW.step("allow", coordinators_only=True)
def allow(turn: Turn, pair: int, page: int = 0) -> Sequence[Reply]:
    """The pair is back as it was before it was forbidden."""
    row, proposal = turn.store.proposals.pair(pair)
    if proposal.status == "draft":
        turn.store.forbidden_pairs.allow(proposal.program_id, row.mentor_id, row.mentee_id)
        row.kept = True
        turn.store.flush()
        note_down(turn, "pair allowed again", proposal, row)
    return [show(turn, review_page(turn, proposal, page))]


@FLOW.step("forbidden", coordinators_only=True)
def show_forbidden(turn: Turn, program: int = 0, page: int = 0) -> Sequence[Reply]:
    found = which_program(turn, program, FLOW.to("forbidden"), "open", "running")
    if not isinstance(found, Program):
        return [found]
    rows = [row for row in turn.store.forbidden_pairs.in_program(found.id) if not _is_own(turn, row)]
    people = turn.store.people.by_ids({person for row in rows for person in (row.mentor_id, row.mentee_id)})
    names = told_apart(people.values())
    named = [(row, names[row.mentor_id], names[row.mentee_id]) for row in rows]
    return [show(turn, forbidden_card(found, named, page))]


@FLOW.step("allow_again", coordinators_only=True)
def allow_again(turn: Turn, forbidden: int, page: int = 0) -> Sequence[Reply]:
    row = turn.store.forbidden_pairs.required(forbidden)
    if _is_own(turn, row):
        raise NotYours
    program = row.program_id
    detail = {"mentor": row.mentor_id, "mentee": row.mentee_id}
    turn.store.audit.add(turn.now, turn.person, "pair allowed again", program, detail)
    turn.store.forbidden_pairs.allow(program, row.mentor_id, row.mentee_id)
    return show_forbidden(turn, program, page)


def _is_own(turn: Turn, row: ForbiddenPair) -> bool:
    """It may be there because the other one declined, which is for nobody's eyes."""
    return turn.person.id in (row.mentor_id, row.mentee_id)


# Looking somebody up ---------------------------------------------------------------------------------------------


@FLOW.step("find", coordinators_only=True)
def find(turn: Turn, proposal: int) -> Sequence[Reply]:
    return [Ask(find_form(FLOW.to("found", proposal=proposal)))]


@FLOW.step("found", coordinators_only=True)
def found(turn: Turn, proposal: int) -> Sequence[Reply]:
    draft = turn.store.proposals.required(proposal)
    form = find_form(turn.action)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    if draft.status != "draft":
        return [show(turn, settled(turn, draft))]
    shown, words = shown_of(turn, draft), answers.text("name")
    meant = {person.id for person in shown.people.values() if _is_meant(person.name, person.email or "", words)}
    pairs = [one for one in shown.order if {one.mentor_id, one.mentee_id} & meant]
    return [show(turn, found_card(shown, words, pairs))]


def _is_meant(name: str, email: str, words: str) -> bool:
    """Each word begins a part of the name, or the whole is the e-mail."""
    parts = name.casefold().split()
    said = words.casefold().split()
    return words.casefold() == email or all(any(part.startswith(word) for part in parts) for word in said)
