"""Links that open a filled-in entry in Google Calendar and in Outlook; nothing is booked by opening them. Pure."""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from conversations.calendar_entry import Entry

GOOGLE = "https://calendar.google.com/calendar/render"
# The address for work accounts; outlook.live.com is for private ones.
OUTLOOK = "https://outlook.office.com/calendar/0/deeplink/compose"


def google(entry: Entry) -> str:
    dates = "/".join(_utc(moment, "%Y%m%dT%H%M%SZ") for moment in (entry.begins, entry.ends))
    return _link(GOOGLE, action="TEMPLATE", text=entry.short_title, dates=dates)


def outlook(entry: Entry) -> str:
    begins, ends = (_utc(moment, "%Y-%m-%dT%H:%M:%SZ") for moment in (entry.begins, entry.ends))
    compose = {"path": "/calendar/action/compose", "rru": "addevent"}
    return _link(OUTLOOK, **compose, subject=entry.short_title, startdt=begins, enddt=ends)


def _link(address: str, **query: str) -> str:
    # %20, never +: Outlook shows the plus signs.
    return f"{address}?{urlencode(query, quote_via=quote, safe='')}"


def _utc(moment: datetime, pattern: str) -> str:
    return moment.astimezone(UTC).strftime(pattern)
