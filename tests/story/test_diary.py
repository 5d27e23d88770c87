"""The diary is what the stories rest on, so it has to notice what it is there for."""

from datetime import UTC, datetime, time

from tests.story.diary import (
    Entry,
    Shown,
    broken_promises,
    crowded_days,
    outside_hours,
    overheard,
    repeated,
    without_ending,
)

TUESDAY = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)


def entry(
    at: datetime = TUESDAY, user: str = "noor", text: str = "Hello", *, prompted: bool = False, asks: bool = False
) -> Entry:
    return Entry(user, "own", prompted, Shown(at, "slack", text, asks, text))


def test_it_notices_a_message_at_night_on_a_sunday_and_on_a_holiday() -> None:
    night, sunday = TUESDAY.replace(hour=21), TUESDAY.replace(day=12)
    easter_monday = TUESDAY.replace(day=6)
    assert outside_hours([entry()], {}) == []
    for moment in (night, sunday, easter_monday):
        assert len(outside_hours([entry(moment)], {})) == 1
        assert outside_hours([entry(moment, prompted=True)], {}) == []
    assert len(outside_hours([entry()], {"noor": time(12)})) == 1


def test_it_notices_the_same_words_twice_and_two_messages_on_a_day() -> None:
    twice = [entry(), entry(TUESDAY.replace(hour=10))]
    assert len(repeated(twice)) == 1
    assert len(crowded_days(twice, deliberate=())) == 1
    assert repeated([entry(), entry(user="yuki")]) == []


def test_it_notices_a_message_without_a_word_on_the_next_one_and_words_that_went_too_far() -> None:
    assert len(without_ending([entry()])) == 1
    assert without_ending([entry(text="Hello\nNext from me: 28 May")]) == []
    assert overheard([entry(text="secret")], "noor", "secret") == []
    assert overheard([entry(user="yuki", text="secret")], "noor", "secret", partners=True) == []
    assert len(overheard([entry(user="kenji", text="secret")], "noor", "secret", partners=True)) == 1


def test_it_notices_a_check_in_on_another_day_than_the_one_that_was_named() -> None:
    promise = entry(text="Meet Yuki\nNext from me: 21 April, a short check-in.")
    assert broken_promises([promise, entry(TUESDAY.replace(day=21), asks=True)]) == []
    assert len(broken_promises([promise, entry(TUESDAY.replace(day=22), asks=True)])) == 1
