"""A pair that a coordinator makes: who the two are, which rule speaks against it, and how well they fit."""

from collections.abc import Mapping
from dataclasses import replace

from conversations.flow import Turn
from conversations.matching import Candidate, Rule, Rules
from conversations.matching import ProposedPair as MatchedPair
from conversations.matching.explain import pair_reason
from conversations.matching.from_store import is_ready, places, request
from conversations.matching.request import MatchingRequest, broken, run
from storage.tables import Person, Program, Proposal, ProposedPair

FIREWALL = (Rule.REPORTING_LINE, Rule.SHARED_MANAGER, Rule.REVIEWER)
# Only for looking how well two people fit whom no rule has to let through.
NO_RULES = Rules(
    min_level_gap=0,
    same_team_allowed=True,
    reporting_line_allowed=True,
    shared_manager_levels=0,
    shared_language=False,
    min_shared_hours=0,
)

AGAINST: Mapping[Rule, str] = {
    Rule.LEVEL_UNKNOWN: "nobody knows the level of one of them, so it is not clear who the senior is",
    Rule.ZONE_UNKNOWN: "the time zone of one of them is not known, so they may not share an hour",
    Rule.DEPARTMENT: "one of them is outside the pilot group",
    Rule.GUEST: "one of them is a guest, and guests do not take part",
    Rule.AWAY: "one of them is away",
    Rule.LEVEL: "the mentee is not senior enough to the mentor",
    Rule.REPORTING_LINE: "they are in one reporting line",
    Rule.SHARED_MANAGER: "they share a manager",
    Rule.REVIEWER: "one of them reviews the work of the other",
    Rule.TEAM: "they are in the same team",
    Rule.LANGUAGE: "they share no language",
    Rule.HOURS: "they hardly share working hours",
    Rule.DEPARTMENT_PAIR: "their departments are not paired in this program",
    Rule.PAST_PAIR: "an earlier pairing or wish",
    Rule.AVOID: "an earlier pairing or wish",
    Rule.FORBIDDEN: "an earlier pairing or wish",
}
WHAT_THE_FIREWALL_MEANS = (
    "This is the conflict firewall: one of them may have a say in the pay, the review or the next step of the other. "
    "The junior may not feel free to speak, and what is said may count against them."
)


def wrong_with(turn: Turn, program: Program, proposal: Proposal, email: str, role: str) -> str:
    """Why somebody cannot be a mentor or a mentee in a pair made by hand; empty when they can."""
    person = turn.store.people.by_email(email)
    if person is None:
        return f"I know nobody with the e-mail {email}."
    enrollment = turn.store.enrollments.of(person, program.id)
    if enrollment is None or enrollment.role != role:
        return f"{person.name} has not signed up as a {role} in {program.name}."
    busy = turn.store.pairs.active_count(program.id).get(person.id, 0)
    if not is_ready(enrollment, busy) or person.gone_since is not None:
        return f"{person.name} is not ready to be paired: see program who."
    proposed = [
        pair
        for pair in turn.store.proposals.pairs_of(proposal.id)
        if pair.kept and person.id in (pair.mentor_id, pair.mentee_id)
    ]
    if busy + len(proposed) < places(enrollment):
        return ""
    first = proposed[0]
    other = turn.store.people.get(first.mentee_id if role == "mentor" else first.mentor_id)
    return f"{person.name} is proposed with {other.name}. Take that pair out first, or swap."


def rule_against(turn: Turn, program_id: int, mentor: Person, mentee: Person) -> Rule | None:
    """The first hard rule that forbids the pair; None when none does."""
    key = (str(mentor.id), str(mentee.id))
    found = broken(request(turn.store, program_id, turn.content, turn.now.date(), (mentor.id, mentee.id)), [key])
    return (found[key] or Rule.CAPACITY) if key in found else None


def warning(rule: Rule) -> str:
    """Which rule it breaks, and what that means where somebody could be hurt."""
    said = f"This pair breaks a rule: {AGAINST.get(rule, 'they cannot be paired')}."
    return f"{said} {WHAT_THE_FIREWALL_MEANS}" if rule in FIREWALL else said


def told(rule: Rule) -> str:
    """The rule's name as the audit trail may keep it: nobody reads there who wished not to be paired."""
    secret = rule in (Rule.PAST_PAIR, Rule.AVOID, Rule.FORBIDDEN)
    return AGAINST[rule] if secret else str(rule)


def judged(asked: MatchingRequest, mentor: int, mentee: int) -> MatchedPair:
    """How well two people fit and why, whatever the rules say."""
    one = _free(next(each for each in asked.candidates if each.key == str(mentor) and each.role == "mentor"), 1)
    other = _free(next(each for each in asked.candidates if each.key == str(mentee) and each.role == "mentee"), 2)
    # A wish for waiting people counts for who is matched, not for how well two fit.
    nothing = frozenset[tuple[str, str]]()
    alone = replace(
        asked, candidates=(one, other), rules=NO_RULES, past_pairs=nothing, locked=nothing, forbidden=nothing
    )
    for pair in run(alone).pairs:
        return pair
    return MatchedPair(one.key, other.key, 0, pair_reason(one, other, 0, asked.themes))


def make_room(turn: Turn, proposal: Proposal, mentor: Person, mentee: Person) -> None:
    """Pairs that hold the places of these two are taken out, the weakest first; what was locked stays."""
    enrollment = turn.store.enrollments.of(mentor, proposal.program_id)
    busy = turn.store.pairs.active_count(proposal.program_id).get(mentor.id, 0)
    free = (places(enrollment) if enrollment else 0) - busy
    kept = [pair for pair in turn.store.proposals.pairs_of(proposal.id) if pair.kept]
    theirs = [pair for pair in kept if pair.mentor_id == mentor.id and pair.mentee_id != mentee.id]
    out = [pair for pair in kept if pair.mentee_id == mentee.id and not pair.locked]
    out += [pair for pair in reversed(theirs) if not pair.locked][: max(0, len(theirs) + 1 - free)]
    for pair in out:
        pair.kept = False
    turn.store.flush()


def clear_the_way(turn: Turn, proposal: Proposal, *couples: tuple[int, int]) -> None:
    """Rows of the same two people that were taken out earlier go: a proposal holds each couple once."""
    for row in turn.store.proposals.pairs_of(proposal.id):
        if not row.kept and (row.mentor_id, row.mentee_id) in couples:
            turn.store.proposals.remove_pair(row)


def decide(turn: Turn, proposal: Proposal, row: ProposedPair, note: str) -> ProposedPair:
    """The pair is the coordinator's now: locked, judged anew, and no longer among those kept apart."""
    among = (row.mentor_id, row.mentee_id)
    asked = request(turn.store, proposal.program_id, turn.content, turn.now.date(), among)
    fits = judged(asked, row.mentor_id, row.mentee_id)
    row.score, row.reason, row.parts = fits.score, fits.reason, [list(part) for part in fits.parts]
    row.by_hand, row.locked, row.kept, row.note = True, True, True, note
    turn.store.forbidden_pairs.allow(proposal.program_id, row.mentor_id, row.mentee_id)
    return turn.store.proposals.add_pair(row)


def _free(person: Candidate, level: int) -> Candidate:
    nobody = frozenset[str]()
    return replace(
        person, level=level, capacity=1, avoid=nobody, reviewers=nobody, guest=False, away=False, unmatched_before=0
    )
