"""`flipside match` as somebody at a terminal meets it: files in, pairs and reasons out, every mistake named."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app

HEADER = "email,name,team,manager_email,level,timezone,languages,role,capacity,offers,wants,reviewers,away_until\n"
PEOPLE = (
    "ana@larkspur.example,Ana Costa,red,,2,Europe/Berlin,en,mentor,1,AI,,,\n"
    "ben@larkspur.example,Ben Okafor,,,5,Europe/Berlin,en,mentor,1,podcasts,,,\n"
    "wim@larkspur.example,Wim Berg,red,,4,Europe/Berlin,en,mentee,,,law,,\n"
    "zoe@larkspur.example,Zoe Xu,,,7,Europe/Berlin,en,mentee,,,AI,,\n"
)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(HEADER + PEOPLE, encoding="utf-8")
    return path


def match(people: Path, *more: str, rules: str | None = None) -> Result:
    arguments = ["match", str(people), "--out", str(people.with_name("pairs.csv")), "--on", "2027-03-01", *more]
    if rules is not None:
        path = people.with_name("rules.yaml")
        path.write_text(rules, encoding="utf-8")
        arguments += ["--rules", str(path)]
    return CliRunner().invoke(app, arguments)


def pairs(people: Path) -> list[tuple[str, str]]:
    with people.with_name("pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["mentor_email", "mentee_email", "score", "reason"]
    return [(mentor.split("@")[0], mentee.split("@")[0]) for mentor, mentee, _, _ in rows[1:]]


def test_explain_writes_points_and_the_smallest_change_beside_the_pairs(people: Path) -> None:
    result = match(people, "--explain")
    assert result.exit_code == 0, result.output
    assert pairs(people) == [("ana", "zoe")]
    figures = json.loads(result.stdout.splitlines()[-1])
    assert (figures["matched"], figures["unmatched"], figures["proved"]) == (1, 1, True)
    assert figures["score"] == 50
    explained = people.with_name("pairs.explained.txt").read_text(encoding="utf-8")
    assert "50 points: what the mentee wants to learn 40, shared working hours 10." in explained
    assert "MENTEES WITHOUT A MENTOR (1)" in explained
    assert "None of the 2 mentors can be proposed" in explained
    assert "Add Ana Costa and Wim Berg by hand although they are in the same team." in explained
    assert "Zoe Xu moves from Ana Costa to Ben Okafor" in explained


def test_rules_locked_forbidden_and_reviewers_hold(people: Path) -> None:
    assert match(people, rules="rules: {same_team_allowed: true}").exit_code == 0
    assert pairs(people) == [("ana", "wim"), ("ben", "zoe")]
    allowed = "rules: {same_team_allowed: true}\n"
    match(people, rules=allowed + "forbidden: [[ben@larkspur.example, zoe@larkspur.example]]")
    assert ("ben", "zoe") not in pairs(people)
    match(people, rules=allowed + "reviewers: {ben@larkspur.example: [zoe@larkspur.example]}")
    assert ("ben", "zoe") not in pairs(people)
    match(people, rules=allowed + "locked: [[ana@larkspur.example, zoe@larkspur.example]]")
    assert pairs(people) == [("ana", "zoe")]


def test_around_locked_pairs_only_the_rest_is_called_the_best(people: Path) -> None:
    match(people, "--explain")
    explained = people.with_name("pairs.explained.txt")
    assert "No other matching has more pairs" in explained.read_text(encoding="utf-8")
    match(people, "--explain", rules="locked: [[ana@larkspur.example, zoe@larkspur.example]]")
    assert "Around the locked pairs no other matching has more pairs" in explained.read_text(encoding="utf-8")


def test_a_past_pair_counts_within_its_window_only(people: Path) -> None:
    past = "past_pairs: [[ana@larkspur.example, zoe@larkspur.example, 2026-01-15]]\n"
    match(people, rules=past)
    assert ("ana", "zoe") not in pairs(people)
    match(people, rules=past + "rules: {past_pair_months: 12}")
    assert ("ana", "zoe") in pairs(people)


def test_mistakes_in_both_files_are_told_together_and_nothing_is_written(people: Path) -> None:
    people.write_text(HEADER + PEOPLE + PEOPLE.replace("7,Europe/Berlin", "7,Europe/Berln"), encoding="utf-8")
    result = match(
        people, rules="rules: {min_level_gap: much}\nlocked: [[ana@larkspur.example, eve@larkspur.example]]\n"
    )
    assert result.exit_code == 2
    assert "rules.min_level_gap: “much” cannot be used; write a whole number from 0 to 1000" in result.stderr
    assert "line 9, timezone: “Europe/Berln” is no time zone; write Europe/Berlin" in result.stderr
    assert "line 6, email: ana@larkspur.example is already on line 2" in result.stderr
    assert not people.with_name("pairs.csv").exists()


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("locked: [[eve@larkspur.example, zoe@larkspur.example]]", "both must be in the people file"),
        ("locked: [[zoe@larkspur.example, ana@larkspur.example]]", "the mentor of the pair first"),
        (
            "locked: [[ana@larkspur.example, zoe@larkspur.example], [ana@larkspur.example, wim@larkspur.example]]",
            "2 pairs are locked, but this mentor offers 1",
        ),
        (
            "locked: [[ana@larkspur.example, zoe@larkspur.example], [ben@larkspur.example, zoe@larkspur.example]]",
            "a mentee has one mentor",
        ),
    ],
    ids=["unknown", "turned", "places", "two mentors"],
)
def test_locked_pairs_that_cannot_be_kept_are_errors(people: Path, rules: str, told: str) -> None:
    result = match(people, rules=rules)
    assert result.exit_code == 2
    assert told in result.stderr


def test_circles_unknown_managers_empty_wants_and_leave_are_told_with_line_and_person(people: Path) -> None:
    lines = (
        PEOPLE.replace("red,,2", "red,wim@larkspur.example,2")
        .replace("red,,4", "red,ana@larkspur.example,4")
        .replace(",,,5", ",,nobody@larkspur.example,5")
        .replace("law,,", ",gone@larkspur.example,2027-05-01")
    )
    people.write_text(HEADER + lines, encoding="utf-8")
    result = match(people)
    assert result.exit_code == 0, result.output
    assert "managers in a circle: ana@larkspur.example reports to wim@larkspur.example" in result.stderr
    assert "line 3, manager_email: the manager nobody@larkspur.example is not in the file" in result.stderr
    assert "line 4, wants: Wim Berg names nothing to learn" in result.stderr
    assert "line 4, reviewers: gone@larkspur.example is not in the file" in result.stderr
    assert "wim@larkspur.example: They are away on the day of the matching" in result.stderr


def test_long_lists_of_warnings_are_cut_with_their_number_and_whole_in_the_explained_file(people: Path) -> None:
    many = "".join(f"m{at}@larkspur.example,Mo {at},,,2,Europe/Berlin,en,mentor,0,AI,,,\n" for at in range(60))
    people.write_text(HEADER + many, encoding="utf-8")
    result = match(people, "--explain")
    assert result.exit_code == 0, result.output
    assert "… and 31 more warnings: all are in the explained file." in result.stderr
    explained = people.with_name("pairs.explained.txt").read_text(encoding="utf-8")
    assert explained.count("offers no place (capacity 0)") == 60
    assert "nobody has the role mentee" in explained


@pytest.mark.slow
def test_the_real_command_ends_with_one_line_of_json(people: Path) -> None:
    out = people.with_name("pairs.csv")
    command = [sys.executable, "-m", "bot", "match", str(people), "--out", str(out), "--explain"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures.keys() >= {"matched", "score", "unmatched", "proved", "seconds", "peak_mb"}
    assert 0 < figures["seconds"] < 60
    assert figures["peak_mb"] > 20
    assert pairs(people) == [("ana", "zoe")]


def test_a_folder_that_is_not_there_is_said_before_the_work_begins(people: Path) -> None:
    result = CliRunner().invoke(app, ["match", str(people), "--out", str(people.with_name("gone") / "pairs.csv")])
    assert result.exit_code == 2
    assert result.stderr.startswith("There is no folder ")
    assert result.stdout == ""


def test_a_locked_pair_that_breaks_a_rule_stays_and_the_rule_is_named(people: Path) -> None:
    result = match(people, rules="locked: [[ana@larkspur.example, wim@larkspur.example]]")
    assert ("ana", "wim") in pairs(people)
    told = "Warning: locked: [ana@larkspur.example, wim@larkspur.example] breaks a rule (the same team) and stays"
    assert told in result.stderr


def test_a_department_that_nobody_is_in_is_told_since_the_rule_would_be_lifted(people: Path) -> None:
    result = match(people, rules="rules: {excluded_department_pairs: [[Sales, Legall]]}")
    assert "nobody in the people file is in the department “Legall”; correct the name" in result.stderr


def test_a_capacity_of_a_mentee_is_not_read_and_that_is_said(people: Path) -> None:
    people.write_text(HEADER + PEOPLE.replace("en,mentee,,,law", "en,mentee,0,,law"), encoding="utf-8")
    assert "line 4, capacity: Wim Berg is a mentee and has one mentor, so 0 was not read" in match(people).stderr
