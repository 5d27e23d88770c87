"""The request of a matching: it travels to another process, and an old proposal can be checked against a new one."""

import pickle
from dataclasses import replace
from datetime import date

from conversations.matching import Candidate, Rule
from conversations.matching.request import MatchingRequest, broken, run

ANA = Candidate("1", "Ana", "mentor", level=2, team="Web", offers=("artificial_intelligence",))
BO = Candidate("2", "Bo", "mentor", level=2, team="Apps", offers=("inclusion",))
ERIK = Candidate("3", "Erik", "mentee", level=6, team="Finance", wants=("artificial_intelligence",))
FARAH = Candidate("4", "Farah", "mentee", level=6, team="Law", wants=("inclusion",))
REQUEST = MatchingRequest((ANA, BO, ERIK, FARAH), {}, frozenset(), date(2026, 3, 2))


def test_a_request_and_its_answer_travel_to_another_process() -> None:
    answer = run(pickle.loads(pickle.dumps(REQUEST)))
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert {(pair.mentor, pair.mentee) for pair in answer.pairs} == {("1", "3"), ("2", "4")}


def test_what_was_just_proposed_still_fits() -> None:
    pairs = [(pair.mentor, pair.mentee) for pair in run(REQUEST).pairs]
    assert broken(REQUEST, pairs) == {}


def test_a_change_of_team_breaks_a_pair_and_names_the_rule() -> None:
    changed = replace(REQUEST, candidates=(ANA, BO, replace(ERIK, team="Web"), FARAH))
    assert broken(changed, [("1", "3"), ("2", "4")]) == {("1", "3"): Rule.TEAM}


def test_somebody_who_is_gone_breaks_a_pair_without_a_rule() -> None:
    changed = replace(REQUEST, candidates=(ANA, ERIK, FARAH))
    assert broken(changed, [("1", "3"), ("2", "4")]) == {("2", "4"): None}


def test_each_of_many_pairs_is_held_against_the_rules_and_the_first_rule_is_told() -> None:
    mentors = [replace(ANA, key=f"a{at}", capacity=3) for at in range(70)]
    mentees = [replace(ERIK, key=f"e{at}", team="Web" if at % 7 == 0 else "Law", away=at % 14 == 0) for at in range(70)]
    request = MatchingRequest((*mentors, *mentees), {}, frozenset(), date(2026, 3, 2))
    pairs = [(f"a{(at * 3) % 70 // 2}", f"e{at}") for at in range(70)]
    told = {f"e{at}": Rule.AWAY if at % 14 == 0 else Rule.TEAM for at in range(0, 70, 7)}
    assert {mentee: rule for (_, mentee), rule in broken(request, pairs).items()} == told
