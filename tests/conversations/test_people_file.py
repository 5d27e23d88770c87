from datetime import date, time

import pytest

from conversations.people_file import COLUMNS, Fault, PeopleFile, read_people_file

HEADER = "email,name,department,team,manager_email,level,timezone,languages,role,hours"


def only_error(data: bytes | str) -> Fault:
    people = read_people_file(data)
    assert len(people.errors) == 1, people.errors
    return people.errors[0]


def one_row(header: str, line: str) -> PeopleFile:
    return read_people_file(f"email,name,{header}\nmina@larkspur.example,Mina Park,{line}\n")


def test_every_column_is_read_as_what_it_says() -> None:
    cells = {
        "email": "Mina@Larkspur.example",
        "name": "Mina  Park",
        "department": "Sales",
        "team": "North",
        "manager_email": "Olu@larkspur.example",
        "level": "3",
        "location": "Berlin",
        "country": "de",
        "timezone": "Europe/Berlin",
        "languages": "en; DE",
        "role": "Mentor",
        "capacity": "2",
        "offers": "AI in sales; podcasts;;AI in sales",
        "wants": '"Advice, honest"',
        "interests": "chess",
        "goals": "speak up",
        "avoid": "Wim@larkspur.example",
        "hours": "9:00 – 17:30",
        "reviewers": "eva@larkspur.example",
        "working_style": "2; 4;3;5;1",
        "guest": "Yes",
        "away_until": "2027-03-01",
    }
    assert tuple(cells) == COLUMNS
    people = read_people_file(",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    assert (people.errors, people.warnings) == ((), ())
    row = people.rows[0]
    assert (row.line, row.email, row.name) == (2, "mina@larkspur.example", "Mina Park")
    assert (row.manager_email, row.level, row.country) == ("olu@larkspur.example", 3, "DE")
    assert (row.languages, row.role, row.capacity) == (("en", "de"), "mentor", 2)
    assert row.offers == ("AI in sales", "podcasts")
    assert row.wants == ("Advice, honest",)
    assert row.avoid == ("wim@larkspur.example",)
    assert row.hours == (time(9), time(17, 30))
    assert (row.reviewers, row.working_style) == (("eva@larkspur.example",), (2, 4, 3, 5, 1))
    assert (row.guest, row.away_until) == (True, date(2027, 3, 1))


def test_columns_may_stand_in_any_order_with_a_mark_before_them_and_windows_line_ends() -> None:
    data = "\ufeffLevel,Manager E-Mail,Name,EMAIL\r\n3,,Mina Park,mina@larkspur.example\r\n\r\n".encode()
    people = read_people_file(data)
    assert [row.level for row in people.rows] == [3]
    assert people.errors == ()
    assert people.columns == {"level", "name", "email"}


def test_empty_cells_are_nothing_and_no_fault() -> None:
    people = one_row("level,timezone,hours,role,capacity,country", ",,,,,")
    row = people.rows[0]
    assert (row.level, row.timezone, row.hours, row.role, row.capacity, row.country) == (None,) * 6


def test_all_faults_are_told_at_once_with_line_column_and_fix() -> None:
    people = read_people_file(
        f"{HEADER}\n"
        "mina@larkspur.example,Mina Park,,,,three,Europe/Berln,en,mentor,09:00-17:00\n"
        "olu@larkspur.example,Olu Ade,,,,4,Europe/Berlin,en,boss,9 to 5\n"
        ",Wim Bos,,,,4,Europe/Berlin,en,mentee,\n"
        "zoe@larkspur.example,Zoe Li,,,,4,Europe/Berlin,en,mentee,\n"
        "ZOE@larkspur.example,Zoe Li,,,,4,Europe/Berlin,en,mentee,\n"
    )
    assert [(fault.line, fault.column) for fault in people.errors] == [
        (2, "level"),
        (2, "timezone"),
        (3, "role"),
        (3, "hours"),
        (4, "email"),
        (6, "email"),
    ]
    assert str(people.errors[1]) == "line 2, timezone: “Europe/Berln” is no time zone; write Europe/Berlin"
    assert "line 5" in people.errors[5].problem
    assert [row.email for row in people.rows] == ["zoe@larkspur.example"]


@pytest.mark.parametrize(
    ("column", "cell", "hint"),
    [
        ("timezone", "berlin", "Europe/Berlin"),
        ("timezone", "new york", "America/New_York"),
        ("timezone", "../../etc/passwd", "IANA"),
        ("timezone", "Europe", "IANA"),
        ("country", "UK", "GB"),
        ("country", "Germany", "DE"),
        ("level", "3.5", "whole number"),
        ("level", "-1", "whole number"),
        ("level", "９９９９９９", "whole number"),
        ("capacity", "4", "from 0 to 3"),
        ("hours", "09:00-09:00", "09:00-17:00"),
        ("hours", "25:00-26:00", "09:00-17:00"),
        ("hours", "09:00-24:30", "09:00-17:00"),
        ("role", "buddy", "mentor"),
        ("manager_email", "the boss", "larkspur.example"),
        ("avoid", "wim@larkspur.example;somebody", "larkspur.example"),
        ("manager_email", "=cmd@larkspur.example", "e-mail address alone"),
        ("reviewers", "her boss", "larkspur.example"),
        ("working_style", "1;2;3", "5 whole numbers"),
        ("working_style", "1;2;3;4;9", "from 1 to 5"),
        ("guest", "perhaps", "yes"),
        ("away_until", "next week", "2027-03-01"),
        ("team", "x" * 2001, "shorten"),
        ("team", "\x1b[31mred", "again"),
    ],
)
def test_a_bad_cell_is_one_error_with_a_fix(column: str, cell: str, hint: str) -> None:
    people = one_row(column, cell)
    assert [(fault.line, fault.column) for fault in people.errors] == [(2, column)]
    assert hint in people.errors[0].fix
    assert people.rows == ()


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("22:00-06:00", (time(22), time(6))),
        ("00:00-24:00", (time(0), time(0))),
        ("16:00-24:00", (time(16), time(0))),
    ],
)
def test_hours_may_cross_or_end_at_midnight(cell: str, hours: tuple[time, time]) -> None:
    assert one_row("hours", cell).rows[0].hours == hours


def test_an_unknown_column_is_a_warning_that_names_the_nearest_one() -> None:
    people = one_row("managers_email,shoe size", "olu@larkspur.example,42")
    assert len(people.rows) == 1
    assert [(fault.column, fault.fix) for fault in people.warnings] == [
        ("managers_email", "rename it to manager_email if you meant that"),
        ("shoe_size", "remove it if nobody needs it"),
    ]


def test_a_language_by_its_name_is_a_warning() -> None:
    people = one_row("languages", "English;de")
    assert people.rows[0].languages == ("english", "de")
    assert people.warnings[0].column == "languages"


def test_a_missing_column_is_found_under_a_similar_name() -> None:
    fault = only_error("e-mail,name\nmina@larkspur.example,Mina Park\n")
    assert (fault.line, fault.column, fault.fix) == (1, "email", "rename “e_mail”")


def test_a_file_without_a_header_is_told_to_name_its_columns() -> None:
    people = read_people_file("mina@larkspur.example,Mina Park\n")
    assert [fault.column for fault in people.errors] == ["email", "name"]
    assert people.rows == ()


def test_a_column_named_twice_is_an_error() -> None:
    assert only_error("email,name,Email\na@larkspur.example,A,b@larkspur.example\n").column == "email"


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_are_recognised_and_named(mark: str) -> None:
    fault = only_error(f"email{mark}name\nmina@larkspur.example{mark}Mina Park\n")
    assert "commas" in fault.problem


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"", 1, "empty"),
        (b"\xef\xbb\xbf", 1, "empty"),
        (b"\n \n,,\n", 1, "empty"),
        ("email,name\nj@larkspur.example,Jürgen\n".encode("latin-1"), 2, "0xFC"),
        ("email,name\n".encode("utf-16"), 1, "UTF-16"),
        (b"email,name\na@larkspur.example,A\0B\n", 2, "NUL"),
        (b'email,name\nmina@larkspur.example,"Mina\n' + b"x,y\n" * 10, 2, "never ends"),
        (b'email,name\nmina@larkspur.example,"Mina\n' + b"x" * 200_000, 2, "131,072"),
        (b'email,name\nmina@larkspur.example,"Mi"na\n', 2, "do not fit"),
        (b"email,name\nmina@larkspur.example,Mina,Park\n", 2, "3 cells"),
        (b"email,name\n" + b"x" * (64 * 1024 * 1024), 1, "64 MB"),
        ("email,name\nmina@larkspur.example,\ud800\n", 2, "UTF-8"),
        (b"\xef\xbb\xbfemail,name\n\xf6rg@larkspur.example,Jo\n", 2, "byte 0xF6"),
    ],
    ids=lambda value: None if isinstance(value, int) else str(value[:12]),
)
def test_a_hostile_file_is_one_clear_fault(data: bytes | str, line: int, problem: str) -> None:
    fault = only_error(data)
    assert fault.line == line
    assert problem in fault.problem
    assert fault.fix


def test_what_was_good_before_an_unreadable_line_is_kept_for_those_who_skip_bad_ones() -> None:
    people = read_people_file('email,name\nmina@larkspur.example,Mina\n"olu@larkspur.example,Olu\n')
    assert [row.name for row in people.rows] == ["Mina"]
    assert people.errors[0].line == 3


def test_a_line_that_is_too_short_is_read_with_a_warning() -> None:
    people = read_people_file("email,name,team\nmina@larkspur.example,Mina Park\n")
    assert [row.team for row in people.rows] == [""]
    assert [fault.line for fault in people.warnings] == [2]


def test_a_line_break_inside_quotes_counts_lines_and_becomes_a_blank() -> None:
    people = read_people_file('email,name\nmina@larkspur.example,"Mina\nPark"\nolu@larkspur.example,\n')
    assert people.rows[0].name == "Mina Park"
    assert [(fault.line, fault.column) for fault in people.errors] == [(4, "name")]
