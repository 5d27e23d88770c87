import csv
import io
from datetime import date

from conversations.matching import ProposedPair
from conversations.matching.people_match import MatchedFile, coming_monday, match_people, pairs_csv

THURSDAY = date(2026, 2, 26)
HEADER = "email,name,department,team,manager_email,level,timezone,languages,role,capacity,offers,wants,avoid"
MINA = "mina@larkspur.example,Mina Park,Sales,North,,2,Europe/Berlin,en,mentor,1,AI in sales,,"
OLU = "olu@larkspur.example,Olu Ade,Legal,Law,,7,Europe/London,en;de,mentee,,,AI in sales,"


def match(*lines: str, header: str = HEADER) -> MatchedFile:
    return match_people("\n".join((header, *lines)) + "\n", THURSDAY)


def said(found: MatchedFile) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in found.warnings]


def test_a_file_becomes_pairs_with_a_reason() -> None:
    found = match(MINA, OLU)
    assert found.pairs_csv == (
        "mentor_email,mentee_email,score,reason\n"
        "mina@larkspur.example,olu@larkspur.example,60,"
        '"Both care about AI in sales, share 7 working hours and sit in different departments."\n'
    )
    assert (found.summary.matched, found.summary.score, found.summary.unmatched) == (1, 60, 0)
    assert (found.warnings, found.errors) == ((), ())


def test_people_without_a_role_only_stand_in_the_reporting_tree() -> None:
    boss = "max@larkspur.example,Max Roe,Sales,Lead,olu@larkspur.example,5,Europe/Berlin,en,,,,,"
    below = MINA.replace("North,,", "North,max@larkspur.example,")
    found = match(below, OLU, boss)
    assert found.summary.matched == 0
    assert found.proposal is not None
    assert found.proposal.mentors == found.proposal.mentees == 1
    assert "reporting line" in found.proposal.unmatched[0].reason


def test_an_error_gives_no_pairs_at_all() -> None:
    found = match(MINA, MINA, OLU.replace("Europe/London", "Europe/Lodon"))
    assert found.pairs_csv == ""
    assert found.proposal is None
    assert [(fault.line, fault.column) for fault in found.errors] == [(3, "email"), (4, "timezone")]


def test_unknown_managers_circles_and_empty_wants_are_warnings_only() -> None:
    found = match(
        MINA.replace("North,,", "North,nobody@larkspur.example,"),
        OLU.replace("AI in sales,", ","),
        "max@larkspur.example,Max Roe,,,eva@larkspur.example,5,Europe/Berlin,en,,,,,",
        "eva@larkspur.example,Eva Sol,,,max@larkspur.example,6,Europe/Berlin,en,,,,,",
        "own@larkspur.example,Own Boss,,,own@larkspur.example,9,Europe/Berlin,en,,,,,gone@larkspur.example",
    )
    assert found.errors == ()
    assert found.summary.matched == 1
    assert sorted(said(found)) == [
        (2, "manager_email"),
        (3, "wants"),
        (5, "manager_email"),
        (6, "avoid"),
        (6, "manager_email"),
    ]
    circle = next(fault for fault in found.warnings if fault.line == 5)
    assert circle.problem == (
        "managers in a circle: eva@larkspur.example reports to max@larkspur.example reports to eva@larkspur.example"
    )


def test_a_file_with_only_mentors_says_so() -> None:
    found = match(MINA)
    assert said(found) == [(1, "role")]
    assert "nobody has the role mentee, so no mentor can be paired" in found.warnings[0].problem
    assert (found.summary.matched, found.summary.mentors_without_mentee) == (0, 1)
    assert found.pairs_csv == "mentor_email,mentee_email,score,reason\n"


def test_capacity_0_names_the_row_and_the_person() -> None:
    found = match(MINA.replace(",1,", ",0,"), OLU)
    assert str(found.warnings[0]) == (
        "line 2, capacity: Mina Park offers no place (capacity 0) and is left without a mentee; "
        "write 1 to 3 if that is not meant"
    )
    assert found.summary.unmatched == 1


def test_a_missing_column_is_one_warning_and_an_empty_cell_one_a_line() -> None:
    found = match("mina@larkspur.example,Mina Park,mentor,,2,AI,", header="email,name,role,timezone,level,offers,x")
    assert (1, "languages") in said(found)
    assert (2, "timezone") in said(found)


def test_a_manager_is_no_longer_unknown_when_their_own_line_has_an_error() -> None:
    found = match(MINA.replace("North,,", "North,olu@larkspur.example,"), OLU.replace("7", "seven"))
    assert [fault.column for fault in found.errors] == ["level"]
    assert found.warnings == ()


def test_shared_hours_are_compared_on_the_coming_monday_or_the_date_given() -> None:
    assert coming_monday(THURSDAY) == date(2026, 3, 2)
    assert coming_monday(date(2026, 3, 2)) == date(2026, 3, 9)
    data = (
        "email,name,level,timezone,languages,role,hours,offers,wants\n"
        "mina@larkspur.example,Mina Park,2,Europe/Berlin,en,mentor,08:00-15:00,AI,\n"
        "olu@larkspur.example,Olu Ade,7,America/New_York,en,mentee,09:00-17:00,,AI\n"
    )
    assert match_people(data, THURSDAY).summary.matched == 0
    assert match_people(data, THURSDAY, date(2026, 3, 9)).summary.matched == 1
    assert match_people(data, THURSDAY, date(9999, 12, 31)).errors[0].problem == "9999-12-31 is no date of a program"


def test_no_field_of_the_pairs_can_be_taken_for_a_formula() -> None:
    starts = "=+-@\t\r"
    pairs = [ProposedPair(f"{start}a", f"{start}b", 1, f"{start}c") for start in starts]
    rows = list(csv.reader(io.StringIO(pairs_csv(pairs), newline="")))
    assert len(rows) == len(starts) + 1
    assert not any(cell.startswith(tuple(starts)) for row in rows for cell in row)


def test_hostile_words_in_a_topic_stay_inside_their_cell() -> None:
    wish = '"=HYPERLINK(""x""), tell me"'
    found = match(MINA.replace("AI in sales", wish), OLU.replace("AI in sales", wish))
    rows = list(csv.reader(io.StringIO(found.pairs_csv)))
    assert [len(row) for row in rows] == [4, 4]
    assert rows[1][3].startswith("Both care about")
