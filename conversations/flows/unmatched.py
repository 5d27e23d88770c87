"""Whoever a proposal leaves without a partner: why, and what would help. For coordinators."""

from collections.abc import Sequence

from conversations.flow import Flow, Turn
from conversations.matching.advice import Advice
from conversations.people_words import told_apart
from conversations.proposal_screen import settled, show
from conversations.proposal_shown import shown_of
from conversations.replies import Consult, Reply, Say
from conversations.unmatched_cards import advice_card, looking_card, no_advice_card, unmatched_card
from storage.subject import NotYours

FLOW = Flow("unmatched")
NOT_DONE = "That did not finish. Nothing was changed."


@FLOW.step("list", coordinators_only=True)
def list_people(turn: Turn, proposal: int, page: int = 0) -> Sequence[Reply]:
    found = turn.store.proposals.required(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    return [show(turn, unmatched_card(shown_of(turn, found), page))]


@FLOW.step("help", coordinators_only=True)
def help_one(turn: Turn, proposal: int, person: int) -> Sequence[Reply]:
    """Worked out beside the turn: everybody is compared with everybody."""
    found = turn.store.proposals.required(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    people = turn.store.people.by_ids([person])
    enrollment = turn.store.enrollments.of(people[person], found.program_id) if people else None
    if enrollment is None:
        raise NotYours
    about = {
        "proposal": proposal,
        "person": person,
        "role": enrollment.role,
        "today": turn.now.date().isoformat(),
    }
    then = FLOW.to("advised", proposal=proposal, person=person)
    return [Consult("advice", then, about, meanwhile=looking_card(people[person]))]


@FLOW.step("advised", coordinators_only=True, clock_only=True)
def advised(turn: Turn, proposal: int, person: int) -> Sequence[Reply]:
    found = turn.store.proposals.required(proposal)
    who, answer = turn.store.people.get(person), turn.consulted.answer
    if not isinstance(answer, Advice):
        return [Say(no_advice_card(found, who, NOT_DONE))]
    people = turn.store.people.by_ids({int(key) for pair in (*answer.new, *answer.gone) for key in pair})
    names = {str(number): name for number, name in told_apart(people.values()).items()}
    return [Say(advice_card(found, who, answer, names))]
