"""The flight simulator: a whole program on a virtual clock, held against rules that are written down a second time."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest

from bot.clock import VirtualClock
from bot.population import Employee
from bot.simulate import simulate
from bot.simulation.agenda import Agenda
from bot.simulation.chronicle import Pause
from bot.simulation.coordinator import EMAIL, WORKPLACE, Course, christmas_between
from bot.simulation.filling import fill
from bot.simulation.participant import Participant
from bot.simulation.platform import Sighting, SimulatedPlatform
from bot.simulation.tally import Tally
from conversations.actions import Action
from conversations.forms import Choice, Choices, Date, Form, Line, Option, Time
from storage.outbox import Label

ROOT = Path(__file__).parents[2]
Row = Mapping[str, Any]
KEYS = {
    "people",
    "matched",
    "unmatched",
    "matched_again",
    "messages",
    "outside_hours",
    "repeated",
    "over_budget",
    "check_ins_due",
    "check_ins_asked",
    "check_ins_answered",
    "sessions_held",
    "pulses_asked",
    "pulses_answered",
    "pauses",
    "leavers",
    "longest_silence_days",
    "seconds",
    "peak_mb",
}


# What follows from something that the person or their partner did, and so does not count (guarantees, section 3).
FREE = {"answer", "booked", "file", "session_reminder", "shared_line", "update"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Row, Sequence[Row]]:
    """24 people for two months by the command line: the last line it prints, and what it wrote of each message."""
    folder = tmp_path_factory.mktemp("simulation")
    file = folder / "messages.jsonl"
    words = ["simulate", "--people", "24", "--months", "2", "--seed", "1", "--json", "--messages", str(file)]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "bot", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = file.read_text(encoding="utf-8").splitlines()
    return json.loads(done.stdout.splitlines()[-1]), [json.loads(line) for line in lines]


@pytest.mark.slow
def test_d11_everybody_with_a_partner_is_asked_once_a_fortnight(run: tuple[Row, Sequence[Row]]) -> None:
    figures, messages = run
    assert set(figures) == KEYS
    assert 18 <= figures["people"] <= 24
    assert figures["matched"] + figures["unmatched"] == figures["people"]
    assert figures["check_ins_asked"] == figures["check_ins_due"] > figures["matched"]
    assert figures["repeated"] == 0
    moments: dict[str, list[datetime]] = defaultdict(list)
    for row in messages:
        if row["kind"] == "check_in":
            moments[row["person"]].append(datetime.fromisoformat(row["at"]))
    for asked in moments.values():
        assert all(after - before > timedelta(days=5) for before, after in pairwise(asked))


@pytest.mark.slow
def test_people_answer_meet_and_are_never_left_without_a_word(run: tuple[Row, Sequence[Row]]) -> None:
    figures, _ = run
    assert figures["check_ins_asked"] // 2 < figures["check_ins_answered"] <= figures["messages"]["check_in"]
    assert figures["sessions_held"] > figures["matched"] // 2
    assert figures["pulses_answered"] > 0
    assert 0 < figures["longest_silence_days"] <= 35


@pytest.mark.slow
def test_people_are_invited_say_what_they_want_book_sessions_and_are_thanked(run: tuple[Row, Sequence[Row]]) -> None:
    figures, _ = run
    assert {"invitation", "goals", "booked", "closing", "coordinator_digest"} <= set(figures["messages"])


@pytest.mark.slow
def test_n2_nobody_in_the_file_gets_two_a_day_or_four_in_a_fortnight(run: tuple[Row, Sequence[Row]]) -> None:
    figures, messages = run
    days: dict[str, list[date]] = defaultdict(list)
    introduced: set[tuple[str, int]] = set()
    for row in sorted(messages, key=lambda row: str(row["at"])):
        local = datetime.fromisoformat(row["at"]).astimezone(ZoneInfo(row["timezone"])).date()
        assert row["day"] == local.isoformat()
        if row["kind"] == "introduction" and (row["person"], row["pair"]) in introduced:
            continue
        if row["kind"] == "introduction":
            introduced.add((row["person"], row["pair"]))
        if not row["prompted"] and row["kind"] not in FREE and not row["kind"].startswith("coordinator_"):
            days[row["person"]].append(local)
    assert sum(len(each) for each in days.values()) > 5 * figures["matched"]
    for person, theirs in days.items():
        assert len(set(theirs)) == len(theirs), person
        # The fourth comes a fortnight after the first at the earliest.
        assert all(fourth - first >= timedelta(days=14) for first, fourth in zip(theirs, theirs[3:], strict=False))
    assert figures["over_budget"] == 0


@pytest.mark.slow
def test_n1_no_message_in_the_file_is_unprompted_and_outside_working_hours(run: tuple[Row, Sequence[Row]]) -> None:
    figures, messages = run
    unprompted = [row for row in messages if not row["prompted"]]
    assert len(unprompted) > figures["check_ins_asked"]
    assert [row for row in unprompted if not _at_work(row)] == []
    assert figures["outside_hours"] == 0


@pytest.mark.slow
def test_the_file_holds_one_line_for_each_message_and_recipient(run: tuple[Row, Sequence[Row]]) -> None:
    figures, messages = run
    assert {frozenset(row) for row in messages} == {
        frozenset({"at", "day", "person", "timezone", "country", "kind", "prompted", "pair"})
    }
    kinds = Counter(row["kind"] for row in messages)
    assert kinds | {"announcement": 1} == figures["messages"]
    introductions = Counter((row["person"], row["pair"]) for row in messages if row["kind"] == "introduction")
    # The private card and the group chat, to each of the two.
    assert set(introductions.values()) <= {1, 2}
    pairs = Counter(pair for _, pair in introductions)
    # Somebody may have left before the day of their introduction.
    assert set(pairs.values()) <= {1, 2}
    assert pairs


@pytest.mark.slow
def test_the_same_seed_tells_the_same_story(tmp_path: Path) -> None:
    files = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    reports = [json.loads(simulate(6, 1, 7, file, lambda words, share: None).json()) for file in files]
    for report in reports:
        del report["seconds"], report["peak_mb"]
    assert reports[0] == reports[1]
    assert files[0].read_text() == files[1].read_text() != ""


def _at_work(row: Row) -> bool:
    local = datetime.fromisoformat(row["at"]).astimezone(ZoneInfo(row["timezone"]))
    free = local.date() in holidays.country_holidays(row["country"], years=local.year)
    return 9 <= local.hour < 17 and local.isoweekday() <= 5 and not free


# The judge itself ------------------------------------------------------------------------------------------------

TUESDAY_TEN = datetime(2026, 3, 10, 10, tzinfo=UTC)
INTRODUCED = TUESDAY_TEN - timedelta(days=14)
COURSE = Course(date(2026, 2, 20), date(2026, 3, 20), datetime(2026, 3, 20, 15, tzinfo=UTC))


def _employee(email: str, role: str) -> Employee:
    return Employee(email, "Noor Berg", "Sales", "Sales 1", "", 2, "London", "GB", "Europe/London", ("en",), role)


def _tally(*sent: tuple[str, str, datetime, str], pause: Pause | None = None) -> Tally:
    """A mentor and a mentee who were introduced a fortnight ago; `sent`: person, kind, moment, delivery."""
    clock = VirtualClock(TUESDAY_TEN)
    platform, agenda = SimulatedPlatform(clock), Agenda()
    if pause is not None:
        platform.chronicle.pauses.append(pause)
    people = [
        Participant(_employee("noor@larkspur.example", "mentor"), 3, platform, agenda, clock),
        Participant(_employee("ola@larkspur.example", "mentee"), 3, platform, agenda, clock),
    ]
    introduced = [(who.employee.email, "introduction", INTRODUCED, "hello") for who in people]
    everything = [*introduced, *sent]
    labels = {
        delivery: Label(kind, False, 1 if kind == "introduction" else None) for _, kind, _, delivery in everything
    }
    sightings = [Sighting(at, who, delivery, f"{kind} {delivery}".encode()) for who, kind, at, delivery in everything]
    return Tally(people, (EMAIL, WORKPLACE), sightings, labels, (COURSE, platform.chronicle))


BOTH_ASKED = (
    ("noor@larkspur.example", "check_in", TUESDAY_TEN, "a"),
    ("ola@larkspur.example", "check_in", TUESDAY_TEN, "b"),
)


def test_the_judge_finds_nothing_wrong_with_two_check_ins_on_time() -> None:
    tally = _tally(*BOTH_ASKED)
    assert (tally.check_ins_due(), tally.check_ins_asked(), tally.repeated()) == (2, 2, 0)
    assert tally.longest_silence_days() == 14


def test_the_judge_misses_a_check_in_that_was_not_sent() -> None:
    tally = _tally(BOTH_ASKED[0])
    assert (tally.check_ins_due(), tally.check_ins_asked()) == (2, 1)


def test_the_judge_sees_a_delivery_shown_twice() -> None:
    assert _tally(*BOTH_ASKED, BOTH_ASKED[0]).repeated() == 1


def test_the_judge_sees_a_second_question_in_one_fortnight() -> None:
    again = ("noor@larkspur.example", "check_in", TUESDAY_TEN + timedelta(days=2), "c")
    assert _tally(*BOTH_ASKED, again).repeated() == 1


def test_the_judge_leaves_out_the_fortnights_of_a_pause_for_both() -> None:
    pause = Pause("ola@larkspur.example", TUESDAY_TEN - timedelta(days=1), date(2026, 3, 17))
    tally = _tally(pause=pause)
    assert (tally.check_ins_due(), tally.check_ins_asked()) == (0, 0)
    # From the introduction to the pause: the rest of the pair does not count.
    assert tally.longest_silence_days() == 13


def test_n2_the_judge_sees_two_messages_on_one_day_but_counts_no_date_and_no_second_part_of_an_introduction() -> None:
    ola = "ola@larkspur.example"
    pulse = (ola, "pulse", TUESDAY_TEN + timedelta(hours=2), "p")
    assert _tally(*BOTH_ASKED).over_budget() == 0
    assert _tally(*BOTH_ASKED, (ola, "booked", TUESDAY_TEN, "d")).over_budget() == 0
    assert _tally(*BOTH_ASKED, (ola, "introduction", INTRODUCED + timedelta(hours=3), "hello")).over_budget() == 0
    assert _tally(*BOTH_ASKED, pulse).over_budget() == 1


def test_n2_the_judge_sees_the_fourth_message_within_a_fortnight() -> None:
    ola = "ola@larkspur.example"
    three = [(ola, "pulse", TUESDAY_TEN + timedelta(days=day), f"p{day}") for day in (1, 2)]
    assert _tally(*BOTH_ASKED, *three).over_budget() == 0
    # The introduction was a fortnight before the first of them; the fourth is on the fourteenth day, then on the next.
    assert _tally(*BOTH_ASKED, *three, (ola, "pulse", TUESDAY_TEN + timedelta(days=13), "p13")).over_budget() == 1
    assert _tally(*BOTH_ASKED, *three, (ola, "pulse", TUESDAY_TEN + timedelta(days=14), "p14")).over_budget() == 0


def test_christmas_is_quiet_only_when_it_lies_within_the_program() -> None:
    assert christmas_between(date(2026, 10, 1), date(2027, 4, 1)) == (date(2026, 12, 21), date(2027, 1, 3))
    assert christmas_between(date(2026, 2, 1), date(2026, 8, 1)) is None


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 10, 17, tzinfo=UTC),
        datetime(2026, 3, 10, 8, 59, tzinfo=UTC),
        datetime(2026, 3, 14, 11, tzinfo=UTC),
        # Good Friday, in the United Kingdom a public holiday.
        datetime(2026, 4, 3, 11, tzinfo=UTC),
    ],
    ids=["at five", "before nine", "on a Saturday", "on a holiday"],
)
def test_the_judge_sees_a_message_outside_working_hours(moment: datetime) -> None:
    assert _tally(*BOTH_ASKED, ("ola@larkspur.example", "shared_line", moment, "late")).outside_hours() == 1


def test_a_form_is_filled_as_wished_then_as_it_stands_then_with_anything_that_fits() -> None:
    options = (Option("a", "A"), Option("b", "B"))
    form = Form(
        "Anything",
        Action("sign_up", "first"),
        (
            Choice(key="wished", label="One", options=options),
            Choice(key="stands", label="One", options=options, value="b"),
            Choices(key="several", label="Several", options=options),
            Choices(key="empty", label="Several", options=options, required=False),
            Line(key="line", label="A line"),
            Line(key="left", label="A line", required=False),
            Date(key="day", label="A day", value="2026-05-28"),
            Time(key="clock", label="A time"),
        ),
    )
    assert fill(form, {"wished": "b", "several": ("b", "not there")}) == {
        "wished": "b",
        "stands": "b",
        "several": ("b",),
        "empty": (),
        "line": "What we agreed on",
        "left": "",
        "day": "2026-05-28",
        "clock": "09:00",
    }
