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
