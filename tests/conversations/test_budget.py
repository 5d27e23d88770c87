"""The message budget: one a working day, three in any fortnight, and who goes first."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.budget import Rank, Side, rank, when, when_on, when_together
from conversations.cadence import Calendar

LONDON = Calendar(ZoneInfo("Europe/London"))
MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def at_ten(number: int) -> datetime:
    return datetime(2026, 3, 2, 10, tzinfo=UTC) + timedelta(days=number)


def side(*days: int, calendar: Calendar = LONDON) -> Side:
    return Side(calendar, [day(number) for number in days])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("introduction", Rank.CHANGE_OF_PARTNER),
        ("rotation", Rank.CHANGE_OF_PARTNER),
        ("check_in", Rank.CHECK_IN),
        ("pulse", Rank.PULSE),
        ("hello", Rank.OTHER),
        ("something new", Rank.OTHER),
        ("check_in_reminder", Rank.REMINDER),
        ("invitation_reminder", Rank.REMINDER),
        ("session_reminder", None),
        ("shared_line", None),
        ("answer", None),
        ("update", None),
        ("coordinator_digest", None),
        ("coordinator_reminder", None),
    ],
)
def test_every_kind_has_its_place(kind: str, expected: Rank | None) -> None:
    assert rank(kind) is expected


def test_with_nothing_sent_a_message_goes_now() -> None:
    assert when(side(), Rank.OTHER, NOW) == NOW


def test_a_second_message_of_the_day_waits_for_ten_o_clock_tomorrow() -> None:
    assert when(side(0), Rank.CHECK_IN, NOW) == at_ten(1)


def test_a_fourth_message_waits_until_the_first_is_a_fortnight_old() -> None:
    assert when(side(-10, -6, -3), Rank.PULSE, NOW) == at_ten(4)


def test_waiting_skips_weekends() -> None:
    assert when(side(4), Rank.OTHER, NOW + timedelta(days=4)) == at_ten(7)


@pytest.mark.parametrize("days", [(0,), (-10, -6, -3)])
def test_a_reminder_never_waits(days: tuple[int, ...]) -> None:
    assert when(side(*days), Rank.REMINDER, NOW) is None


def test_a_day_that_something_better_needs_is_not_taken() -> None:
    assert when(side(-9, -5, 1), Rank.REMINDER, NOW) is None


def test_two_who_are_introduced_hear_of_it_on_one_day() -> None:
    full, free = side(0), side()
    assert when_together(full, [free], NOW) == when_together(free, [full], NOW) == at_ten(1)


def test_two_who_are_free_today_hear_of_it_today_each_in_their_own_hours() -> None:
    sydney = side(calendar=Calendar(ZoneInfo("Australia/Sydney")))
    assert when_together(side(), [sydney], NOW) == NOW


def test_nobody_waits_for_months_until_their_partner_is_back() -> None:
    away = Side(Calendar(ZoneInfo("Europe/London"), back_on=date(2026, 6, 1)), [date(2026, 6, 1)])
    assert when_together(side(), [away], NOW) == NOW


@given(
    gaps=st.lists(st.integers(min_value=0, max_value=3), max_size=60),
    ranks=st.lists(st.sampled_from(Rank), min_size=60, max_size=60),
)
def test_n2_whatever_comes_no_fortnight_holds_more_than_three(gaps: list[int], ranks: list[Rank]) -> None:
    sent: list[date] = []
    waiting: list[tuple[datetime, Rank]] = []
    now = NOW
    for gap, one in zip(gaps, ranks, strict=False):
        now += timedelta(days=gap)
        waiting.append((now, one))
        due, waiting = [each for each in waiting if each[0] <= now], [each for each in waiting if each[0] > now]
        for _, of_rank in due:
            at = when(Side(LONDON, sent), of_rank, now)
            if at == now:
                sent.append(LONDON.today(now))
            elif at is not None:
                waiting.append((at, of_rank))
    assert len(sent) == len(set(sent))
    for first in sent:
        assert sum(first <= each < first + timedelta(days=14) for each in sent) <= 3


def test_a_note_that_finds_no_room_waits_for_the_same_weekday() -> None:
    thursday, full = 3, side(-8, -5, -2)
    assert when_on(full, 4, at_ten(thursday)) == at_ten(thursday + 7)
    assert when_on(side(), 4, at_ten(4)) == at_ten(4)
    early_in_the_week = Calendar(ZoneInfo("Europe/London"), weekdays=frozenset({1, 2}))
    assert when_on(side(7, calendar=early_in_the_week), 4, at_ten(7)) == at_ten(8)
