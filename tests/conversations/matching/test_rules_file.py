"""The rules file: everything it can say, and every way to get it wrong told at once."""

from datetime import date

import pytest

from conversations.matching import PRESETS
from conversations.matching.rules_file import read_rules_file

FULL = """
rules:
  min_level_gap: 2
  min_shared_hours: 1.5
  shared_language: false
  departments: [Sales, Legal]
  excluded_department_pairs: [[Sales, Legal]]
  past_pair_months: never
preset: Skills first
weights: {other_department: 25, wants: [30, 10]}
past_pairs:
  - [mina@larkspur.example, Olu@Larkspur.example, 2025-06-30]
  - [mina@larkspur.example, eva@larkspur.example]
locked: [[mina@larkspur.example, wim@larkspur.example]]
forbidden: [[ben@larkspur.example, olu@larkspur.example]]
standing: [[ben@larkspur.example, eva@larkspur.example]]
reviewers: {mina@larkspur.example: [zoe@larkspur.example]}
"""


def test_a_full_file_is_read_and_a_preset_gives_way_to_single_weights() -> None:
    read = read_rules_file("\ufeff" + FULL)
    assert read.faults == ()
    assert (read.rules.min_level_gap, read.rules.min_shared_hours, read.rules.shared_language) == (2, 1.5, False)
    assert read.rules.departments == {"Sales", "Legal"}
    assert read.rules.excluded_department_pairs == {("Sales", "Legal")}
    assert read.rules.past_pair_months is None
    assert (read.weights.other_department, read.weights.wants) == (25, (30, 10))
    assert read.weights.gives_back == PRESETS["skills first"].gives_back
    assert read.past_pairs[0] == ("mina@larkspur.example", "olu@larkspur.example", date(2025, 6, 30))
    assert read.locked == {("mina@larkspur.example", "wim@larkspur.example")}
    assert read.reviewers == {"mina@larkspur.example": frozenset({"zoe@larkspur.example"})}


def test_an_empty_file_changes_nothing() -> None:
    assert read_rules_file("# nothing yet\n") == read_rules_file("")
    assert read_rules_file("").faults == ()


def test_every_fault_is_told_at_once_with_key_value_and_what_is_allowed() -> None:
    read = read_rules_file(
        "rules: {min_level_gp: 1, min_shared_hours: two, same_team_allowed: 1}\n"
        "wieghts: {}\npreset: fast\nweights: {goal: -1}\nlocked: [[mina@larkspur.example]]\n"
    )
    told = [str(fault) for fault in read.faults]
    assert [fault.key for fault in read.faults] == [
        "wieghts",
        "rules.min_level_gp",
        "rules.min_shared_hours",
        "rules.same_team_allowed",
        "weights.goal",
        "preset",
        "locked",
    ]
    assert "did you mean weights?" in told[0]
    assert told[2] == "rules.min_shared_hours: “two” cannot be used; write a number of hours from 0 to 24, such as 1.5"
    assert "write true or false" in told[3]
    assert "balanced, skills first" in told[5]
    assert "the mentor's e-mail first" in told[6]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"\xff\xfe", "UTF-8"),
        ("a: b: c", "line 1"),
        ("- one", "list of keys"),
        ("rules: 3", "keys with values"),
        ("rules: {min_level_gap: 1, min_level_gap: 2}", "there twice"),
        ("locked: &all [[a@x.example, b@x.example]]\nforbidden: *all", "aliases"),
        ("[" * 20_000, "nested"),
        ("past_pairs: [[a@x.example, b@x.example, 2026-13-45]]", "month"),
        ("rules: {min_shared_hours: .nan}", "number of hours"),
        ("past_pairs: [[a@x.example, b@x.example, yesterday]]", "2026-06-30"),
        ("reviewers: [a@x.example]", "review their work"),
        ("rules: {default_language: no}", "language code"),
    ],
    ids=range(12),
)
@pytest.mark.slow
def test_a_hostile_file_is_one_clear_fault(text: bytes | str, problem: str) -> None:
    read = read_rules_file(text)
    assert len(read.faults) == 1
    assert problem in str(read.faults[0])
