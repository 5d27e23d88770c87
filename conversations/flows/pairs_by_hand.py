"""Pairs that a coordinator makes: two are swapped, or two people put together, with a note when a rule is set aside."""

from collections.abc import Sequence

from conversations.flow import Flow, Turn
from conversations.forms import Form, read
from conversations.matching import Rule
from conversations.matching_forms import by_hand_form, note_form
from conversations.matching_notices import no_draft_card, not_possible_card
from conversations.pair_by_hand import clear_the_way, decide, make_room, rule_against, told, warning, wrong_with
from conversations.proposal_screen import note_down, settled, show
from conversations.proposal_shown import shown_of
from conversations.replies import Ask, Correct, Reply
from conversations.review_cards import pair_card, swap_card
from conversations.which_program import which_program
from storage.subject import NotYours
from storage.tables import Person, Program, Proposal, ProposedPair

FLOW = Flow("pairs_by_hand")
FLOW.command("program add pair", "add_to_latest", "Put two people together by hand", coordinators_only=True)


# Adding one ------------------------------------------------------------------------------------------------------


@FLOW.step("add_to_latest", coordinators_only=True)
def add_to_latest(turn: Turn, program: int = 0) -> Sequence[Reply]:
    found = which_program(turn, program, FLOW.to("add_to_latest"), "open", "running")
    if not isinstance(found, Program):
        return [found]
    draft = turn.store.proposals.draft(found.id)
    return add(turn, draft.id) if draft else [show(turn, no_draft_card(found))]


@FLOW.step("add", coordinators_only=True)
def add(turn: Turn, proposal: int) -> Sequence[Reply]:
    found = turn.store.proposals.required(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    return [Ask(by_hand_form(FLOW.to("chosen", proposal=proposal)))]


@FLOW.step("chosen", coordinators_only=True)
def chosen(turn: Turn, proposal: int) -> Sequence[Reply]:
    """Added at once when no rule speaks against the two, and with a note when one does."""
    found = turn.store.proposals.held(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    form = by_hand_form(turn.action)
    answers = read(form, turn.values)
    program = turn.store.programs.get(found.program_id)
    wrong = {
        role: words
        for role in ("mentor", "mentee")
        if answers.text(role) and (words := wrong_with(turn, program, found, answers.text(role), role))
    }
    mentor, mentee = (turn.store.people.by_email(answers.text(role)) for role in ("mentor", "mentee"))
    if answers.errors or wrong or mentor is None or mentee is None:
        return [Correct(form.filled(turn.values), {**wrong, **answers.errors})]
    rule = rule_against(turn, program.id, mentor, mentee)
    if rule is not None:
        return [Ask(_note(found, mentor, mentee, rule))]
    return _added(turn, found, (mentor, mentee), None, "")


@FLOW.step("together", coordinators_only=True)
def together(turn: Turn, proposal: int, mentor: int, mentee: int) -> Sequence[Reply]:
    """Two people at once, as an advice names them; pairs in their way are taken out when it is done."""
    found = turn.store.proposals.held(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    people = _couple(turn, mentor, mentee)
    rule = rule_against(turn, found.program_id, *people)
    if rule is not None:
        return [Ask(_note(found, *people, rule))]
    return _put_together(turn, found, people, None, "")


@FLOW.step("noted", coordinators_only=True)
def noted(turn: Turn, proposal: int, mentor: int, mentee: int) -> Sequence[Reply]:
    found = turn.store.proposals.held(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    people = _couple(turn, mentor, mentee)
    rule = rule_against(turn, found.program_id, *people)
    form = _note(found, *people, rule)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    return _put_together(turn, found, people, rule, answers.text("note"))


def _couple(turn: Turn, mentor: int, mentee: int) -> tuple[Person, Person]:
    people = turn.store.people.by_ids([mentor, mentee])
    if len(people) < 2:
        raise NotYours
    return people[mentor], people[mentee]


def _put_together(
    turn: Turn, proposal: Proposal, people: tuple[Person, Person], rule: Rule | None, note: str
) -> Sequence[Reply]:
    make_room(turn, proposal, *people)
    program = turn.store.programs.get(proposal.program_id)
    for person, role in zip(people, ("mentor", "mentee"), strict=True):
        if words := wrong_with(turn, program, proposal, person.email or "", role):
            return [show(turn, not_possible_card(proposal, words))]
    return _added(turn, proposal, people, rule, note)


def _note(proposal: Proposal, mentor: Person, mentee: Person, rule: Rule | None) -> Form:
    action = FLOW.to("noted", proposal=proposal.id, mentor=mentor.id, mentee=mentee.id)
    words = warning(rule) if rule else "No rule speaks against it any more."
    return note_form(action, f"{mentor.name} with {mentee.name}", words)


def _added(
    turn: Turn, proposal: Proposal, people: tuple[Person, Person], rule: Rule | None, note: str
) -> Sequence[Reply]:
    mentor, mentee = people
    clear_the_way(turn, proposal, (mentor.id, mentee.id))
    row = ProposedPair(proposal_id=proposal.id, mentor_id=mentor.id, mentee_id=mentee.id, score=0, reason="")
    made = decide(turn, proposal, row, note)
    note_down(turn, "pair added by hand", proposal, made, **_about(rule, made, note))
    return [show(turn, pair_card(shown_of(turn, proposal), made, 0))]


def _about(rule: Rule | None, pair: ProposedPair, note: str) -> dict[str, str | int]:
    """For the audit trail: the rule that was set aside, and where the note is; never the note itself."""
    return {**({"rule": told(rule)} if rule else {}), **({"note": pair.id} if note else {})}


# Swapping two ----------------------------------------------------------------------------------------------------


@FLOW.step("swap", coordinators_only=True)
def swap(turn: Turn, pair: int, page: int = 0) -> Sequence[Reply]:
    row, proposal = turn.store.proposals.pair(pair)
    if proposal.status != "draft":
        return [show(turn, settled(turn, proposal))]
    return [show(turn, swap_card(shown_of(turn, proposal), row, page))]


@FLOW.step("swap_with", coordinators_only=True)
def swap_with(turn: Turn, pair: int, other: int) -> Sequence[Reply]:
    """The mentors are exchanged at once when no rule speaks against it, and with a note when one does."""
    one, two, proposal = _both(turn, pair, other)
    if proposal.status != "draft":
        return [show(turn, settled(turn, proposal))]
    rules = _rules_against(turn, proposal, one, two)
    if why := _impossible(one, two, rules):
        return [show(turn, not_possible_card(proposal, why))]
    if rules:
        return [Ask(_swap_note(turn, one, two, rules))]
    return _swapped(turn, proposal, (one, two), rules, "")


@FLOW.step("swap_noted", coordinators_only=True)
def swap_noted(turn: Turn, pair: int, other: int) -> Sequence[Reply]:
    one, two, proposal = _both(turn, pair, other)
    if proposal.status != "draft":
        return [show(turn, settled(turn, proposal))]
    rules = _rules_against(turn, proposal, one, two)
    if why := _impossible(one, two, rules):
        return [show(turn, not_possible_card(proposal, why))]
    form = _swap_note(turn, one, two, rules)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    return _swapped(turn, proposal, (one, two), rules, answers.text("note"))


def _both(turn: Turn, pair: int, other: int) -> tuple[ProposedPair, ProposedPair, Proposal]:
    """Raises NotYours when they are not of one proposal: actions can be made up."""
    (one, proposal), (two, theirs) = turn.store.proposals.pair(pair), turn.store.proposals.pair(other)
    if proposal.id != theirs.id or one.id == two.id:
        raise NotYours
    return one, two, turn.store.proposals.held(proposal.id)


def _rules_against(turn: Turn, proposal: Proposal, one: ProposedPair, two: ProposedPair) -> dict[tuple[int, int], Rule]:
    """Of the two pairs that a swap would make, those that a rule forbids: (mentor, mentee)."""
    couples = ((one.mentor_id, two.mentee_id), (two.mentor_id, one.mentee_id))
    people = turn.store.people.by_ids(person for couple in couples for person in couple)
    program = proposal.program_id
    found = {couple: rule_against(turn, program, people[couple[0]], people[couple[1]]) for couple in couples}
    return {couple: rule for couple, rule in found.items() if rule is not None}


def _impossible(one: ProposedPair, two: ProposedPair, rules: dict[tuple[int, int], Rule]) -> str:
    if not (one.kept and two.kept):
        return "One of the two pairs is taken out. Put it back first."
    if one.mentor_id == two.mentor_id:
        return "Both pairs have the same mentor, so a swap changes nothing."
    if {Rule.SAME_PERSON, Rule.CAPACITY} & set(rules.values()):
        return "One of them cannot take part in that pair: they are no longer ready, or would be their own partner."
    return ""


def _swap_note(turn: Turn, one: ProposedPair, two: ProposedPair, rules: dict[tuple[int, int], Rule]) -> Form:
    people = turn.store.people.by_ids(person for couple in rules for person in couple)
    said = [
        f"{people[mentor].name} with {people[mentee].name}. {warning(rule)}" for (mentor, mentee), rule in rules.items()
    ]
    return note_form(FLOW.to("swap_noted", pair=one.id, other=two.id), "After the swap", " ".join(said))


def _swapped(
    turn: Turn,
    proposal: Proposal,
    pairs: tuple[ProposedPair, ProposedPair],
    rules: dict[tuple[int, int], Rule],
    note: str,
) -> Sequence[Reply]:
    one, two = pairs
    clear_the_way(turn, proposal, (two.mentor_id, one.mentee_id), (one.mentor_id, two.mentee_id))
    one.mentor_id, two.mentor_id = two.mentor_id, one.mentor_id
    turn.store.flush()
    for row in pairs:
        rule = rules.get((row.mentor_id, row.mentee_id))
        made = decide(turn, proposal, row, note if rule else "")
        note_down(turn, "pairs swapped", proposal, made, **_about(rule, made, note if rule else ""))
    # The pair that has the mentor now from whom the coordinator began.
    return [show(turn, pair_card(shown_of(turn, proposal), two, 0))]
