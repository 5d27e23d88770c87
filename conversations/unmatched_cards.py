"""Who has no partner in a proposal, why, and the smallest change that would help."""

from collections.abc import Mapping, Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, buttons, card, text
from conversations.matching.advice import Advice
from conversations.matching.changes import AddLanguage, Change, FillInLevel, MorePlaces, Together
from conversations.matching_notices import matching
from conversations.paging import page_of
from conversations.proposal_shown import Shown
from storage.tables import Person, Proposal

PEOPLE_A_PAGE = 6
MOST_PAIRS = 6
TAKEN_OUT = "You took this pair out of the proposal."


def unmatched_flow(step: str, **args: int) -> Action:
    return Action("unmatched", step, args)


def unmatched_card(shown: Shown, page: int) -> Card:
    """One page of people, each with the rules in the way and a button for what would help."""
    proposal = shown.proposal.id
    reasons = {int(row["person"]): str(row["reason"]) for row in shown.proposal.unmatched}
    people = sorted(shown.alone, key=lambda person: (shown.name(person), person))
    here = page_of(people, page, PEOPLE_A_PAGE)
    blocks: list[Block] = []
    for person in here.rows:
        ask = Button("What would help?", unmatched_flow("help", proposal=proposal, person=person))
        reason = reasons.get(person, TAKEN_OUT)
        blocks += [text("**{name}**: {reason}", name=shown.name(person), reason=reason), buttons(ask)]
    turning = here.turning(lambda to: unmatched_flow("list", proposal=proposal, page=to))
    return card(
        f"Without a partner: {shown.program.name}",
        here.line() if people else text("Everybody has a partner."),
        *blocks,
        buttons(
            *turning,
            Button("Rules and what-if", Action("matching_rules", "rules", {"program": shown.program.id})),
            Button("Back to the summary", matching("summary", proposal=proposal)),
        ),
    )


def looking_card(person: Person) -> Card:
    return card("I am looking…", text("What is the smallest change that would match **{name}**?", name=person.name))


def advice_card(proposal: Proposal, person: Person, advice: Advice, names: Mapping[str, str]) -> Card:
    """The advice in words, the pairs that would change, and where the change is made."""
    return card(
        f"What would help {person.name}"[:150],
        text("{words}", words=advice.words),
        *_pairs("New then", advice.new, names),
        *_pairs("Gone then", advice.gone, names),
        buttons(
            *_places(proposal, advice.changes),
            Button("Try other rules", Action("matching_rules", "rules", {"program": proposal.program_id})),
            Button("Back to the list", unmatched_flow("list", proposal=proposal.id)),
        ),
    )


def _pairs(title: str, pairs: Sequence[tuple[str, str]], names: Mapping[str, str]) -> list[Block]:
    if not pairs:
        return []
    lines: list[Block] = [
        text("- {mentor} with {mentee}", mentor=names.get(mentor, ""), mentee=names.get(mentee, ""))
        for mentor, mentee in pairs[:MOST_PAIRS]
    ]
    more = len(pairs) - len(lines)
    rest: list[Block] = [text("- and {more} more", more=str(more))] if more > 0 else []
    return [text("**{title}**", title=title), *lines, *rest]


def _places(proposal: Proposal, changes: Sequence[Change]) -> list[Button]:
    """Where each change can be made; details of people are changed where they are checked."""
    found: dict[str, Button] = {}
    for change in changes:
        match change:
            case Together(mentor, mentee):
                pair = {"proposal": proposal.id, "mentor": int(mentor), "mentee": int(mentee)}
                found["together"] = Button("Put these two together", Action("pairs_by_hand", "together", pair))
            case FillInLevel() | AddLanguage() | MorePlaces():
                who = Action("who", "show", {"program": proposal.program_id})
                found["who"] = Button("Who signed up", who)
    return list(found.values())


def no_advice_card(proposal: Proposal, person: Person, words: str) -> Card:
    return card(
        "I could not look that up",
        text("{words}", words=words),
        buttons(
            Button("Try again", unmatched_flow("help", proposal=proposal.id, person=person.id)),
            Button("Back to the list", unmatched_flow("list", proposal=proposal.id)),
        ),
    )
