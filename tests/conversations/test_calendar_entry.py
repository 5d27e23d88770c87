"""A meeting as calendars take it: read back by the library, and links taken apart as a browser would."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from conversations.calendar_entry import LONGEST_TITLE, Entry, ics
from conversations.calendar_links import google, outlook

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BEGINS = datetime(2026, 5, 12, 10, tzinfo=ZoneInfo("Europe/Berlin"))
NAMES = [
    "Ana Ruiz and Ben Okafor",
    "Zoë Núñez-Å and 王 小明",
    "O'Neil, Pat; Jr. and A&B #1 100% + ?",
    "Line\r\nATTENDEE:mallory and Ben",
    "Back\\slash and \N{ROCKET} Rocket",
]


def entry(title: str = NAMES[0], revision: int = 0) -> Entry:
    return Entry("7-20260302T093000@flipside", title, BEGINS, 45, revision)


@pytest.mark.parametrize("title", NAMES)
def test_a_name_arrives_as_it_is_whatever_it_holds(title: str) -> None:
    (event,) = Calendar.from_ical(ics(entry(title), NOW)).walk("VEVENT")
    assert str(event["SUMMARY"]) == " ".join(title.split())
    assert "ATTENDEE" not in event


@pytest.mark.parametrize("title", NAMES)
def test_a_name_in_a_link_changes_nothing_but_the_title(title: str) -> None:
    for link, key in ((google(entry(title)), "text"), (outlook(entry(title)), "subject")):
        parts = urlsplit(link)
        assert parts.scheme == "https"
        assert not parts.fragment
        assert "+" not in parts.query
        assert parse_qs(parts.query, strict_parsing=True)[key] == [" ".join(title.split())]


def test_times_are_in_utc_so_that_every_calendar_shows_its_own() -> None:
    text = ics(entry(revision=2), NOW).decode()
    assert "DTSTART:20260512T080000Z" in text
    assert "DTEND:20260512T084500Z" in text
    assert "SEQUENCE:2" in text
    assert "METHOD:PUBLISH" in text
    assert text.endswith("END:VCALENDAR\r\n")


def test_the_longest_names_still_fit_a_button() -> None:
    long = entry("王" * 400)
    # Slack: the url of a button holds at most 3000 characters.
    assert max(len(google(long)), len(outlook(long))) <= 3000
    assert len(long.short_title) == LONGEST_TITLE
