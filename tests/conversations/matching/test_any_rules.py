"""Any rules, from file to file: no pair breaks one, scores are right, and trying everything finds nothing better."""

import csv
import io
from collections import Counter
from datetime import date
from random import Random

import pytest

from conversations.matching.people_match import MatchedFile, match_people
from conversations.matching.rules_file import read_rules_file

from .any_company import MONDAYS, Chosen, Row, any_company, any_rules, people_csv, rules_yaml
from .company import best_by_trying_everything
from .plain_rules import PlainRules


def matched(rows: list[Row], chosen: Chosen, on: date) -> MatchedFile:
    found = match_people(people_csv(rows), on, on, chosen=read_rules_file(rules_yaml(chosen)))
    assert found.errors == ()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("block", range(5))
def test_any_rules_from_file_to_file(block: int) -> None:
    seen = Counter[str]()
    for seed in range(block * 30, block * 30 + 30):
        chance = Random(seed)
        rows = any_company(chance)
        chosen, on = any_rules(chance, rows), date.fromisoformat(chance.choice(MONDAYS))
        found = matched(rows, chosen, on)
        plain = PlainRules(rows, chosen, on)
        person = {row["email"]: row for row in rows}
        worth = {
            (one["email"], other["email"]): plain.worth(one, other)
            for one in rows
            for other in rows
            if (one["role"], other["role"]) == ("mentor", "mentee") and plain.allow(one, other)
        }
        pairs = [(line["mentor_email"], line["mentee_email"]) for line in _lines(found)]
        assert set(pairs) <= set(worth), seed
        scores = [plain.score(person[one], person[other]) for one, other in pairs]
        assert [int(line["score"]) for line in _lines(found)] == scores, seed
        assert found.summary.score == sum(scores)
        reached = len(pairs), len({one for one, _ in pairs}), sum(worth[pair] for pair in pairs)
        assert found.request is not None
        assert reached == best_by_trying_everything(found.request.candidates, {}, worth), seed
        assert found.summary.proved
        assert matched(chance.sample(rows, len(rows)), chosen, on).pairs_csv == found.pairs_csv, seed
        seen.update(pairs=len(pairs), choices=len(worth) - len(pairs), alone=found.summary.unmatched)
    # A generator that only makes companies in which nobody fits would hold nothing.
    assert min(seen["pairs"], seen["choices"], seen["alone"]) > 8, seen


def _lines(found: MatchedFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found.pairs_csv)))
