"""Everything that appeared in front of anybody, as the stand-ins logged it; and what must hold for all of it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from bot.larkspur import DOMAIN
from tests.story.cast import MEMBERS, partners_of
from tests.story.stage import Stage
from tests.support.slack_limits import visible_text
from tests.support.teams_cards import view

Where = Literal["own", "group", "channel"]


PROMISE = re.compile(r"Next from me: (\d+ \w+), (a short check-in|one reminder)")
DATED = re.compile(r"Next from me: (\d+ \w+(?: \d{4})?)(.*)")
# Guarantees, section 3.
FORTNIGHT, MOST_A_FORTNIGHT = timedelta(days=14), 3
WHERE: Mapping[str, Where] = {"D": "own", "G": "group", "C": "channel"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it first appeared. `asks`: it has a button that answers something; `raw`: all it ever was."""

    at: datetime
    platform: str
    text: str
    asks: bool
    raw: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Who saw it, and whether they had just done something themselves."""

    user: str
    where: Where
    prompted: bool
    shown: Shown

    @property
    def at(self) -> datetime:
        return self.shown.at

    @property
    def text(self) -> str:
        return self.shown.text

    @property
    def title(self) -> str:
        return self.text.splitlines()[0]

    def local(self) -> datetime:
        return self.at.astimezone(ZoneInfo(MEMBERS[self.user].timezone))


def diary(story: Stage) -> list[Entry]:
    """Oldest first."""
    return sorted([*_slack(story), *_teams(story)], key=lambda entry: entry.at)


def _slack(story: Stage) -> Iterator[Entry]:
    for message in story.slack.messages:
        at = datetime.fromtimestamp(int(message.ts.split(".")[0]), UTC)
        first = (message.history or [message.raw])[0]
        words = visible_text(first["blocks"]) or str(first.get("text", ""))
        asks = any("value" in one for block in first["blocks"] for one in block.get("elements", ()))
        shown = Shown(at, "slack", words, asks, json.dumps([*message.history, message.raw]))
        channel = story.slack.channels[message.channel]
        for person in [message.seen_by] if message.seen_by else channel.members:
            where = "own" if message.seen_by else WHERE[channel.id[0]]
            yield _entry(story, story.slack.people[person].email, where, shown)


def _teams(story: Stage) -> Iterator[Entry]:
    owners = {person.conversation: person for person in story.teams.people.values()}
    for message in story.teams.messages:
        owner = owners[message.conversation]
        first = (message.history or [message.activity])[0]
        card = view(first["attachments"][0]["content"]) if first.get("attachments") else None
        words = card.text if card else str(first.get("text", ""))
        asks = card is not None and any(action["type"] == "Action.Execute" for action in card.actions)
        raw = json.dumps([*message.history, message.activity, owner.replaced.get(message.id)])
        assert message.at is not None
        yield _entry(story, owner.email, "own", Shown(message.at, "teams", words, asks, raw))


def _entry(story: Stage, email: str, where: Where, shown: Shown) -> Entry:
    at = shown.at.replace(microsecond=0)
    # Two answers to one deed go out a second apart: a platform takes one message a second.
    prompted = any((email, at - timedelta(seconds=later)) in story.deeds.done for later in (0, 1, 2))
    return Entry(email.removesuffix(f"@{DOMAIN}"), where, prompted, shown)


def unasked(entries: Sequence[Entry]) -> list[Entry]:
    """What came without anybody having done something at that moment; a channel is everybody's."""
    return [entry for entry in entries if not entry.prompted and entry.where != "channel"]


# What must hold --------------------------------------------------------------------------------------------------


def outside_hours(entries: Sequence[Entry], begins_late: Mapping[str, time]) -> list[str]:
    """Unasked before nine (or when somebody's day begins), after five, or on a day when their country does not work."""
    return [
        f"{entry.user} {entry.local()} {entry.title}"
        for entry in unasked(entries)
        if not _in_hours(entry, begins_late.get(entry.user, time(9)))
    ]


def _in_hours(entry: Entry, start: time) -> bool:
    local = entry.local()
    return local.isoweekday() <= 5 and start <= local.time() < time(17) and not _holiday(entry.user, local.date())


def _holiday(user: str, day: date) -> bool:
    country = MEMBERS[user].country
    return bool(country) and day in holidays.country_holidays(country, years=day.year)


def repeated(entries: Sequence[Entry], within_days: int = 10) -> list[str]:
    """The same words twice to one person, unasked, within so many days; over both platforms."""
    found = []
    for user in MEMBERS:
        mine = sorted((entry for entry in unasked(entries) if entry.user == user), key=lambda one: (one.text, one.at))
        for one, other in pairwise(mine):
            if one.text == other.text and (other.at - one.at).days < within_days:
                found.append(f"{user} {one.at} {other.at} {one.title}")
    return found


def crowded_days(entries: Sequence[Entry], deliberate: Sequence[str]) -> list[str]:
    """More than one unasked message on a day; both parts of an introduction are one, a partner's deed is none."""
    counted = Counter(
        (entry.user, entry.local().date())
        for entry in unasked(entries)
        if entry.where == "own" and not any(entry.title.startswith(words) for words in deliberate)
    )
    return [f"{user} {day}" for (user, day), number in counted.items() if number > 1]


def crowded_fortnights(entries: Sequence[Entry], deliberate: Sequence[str]) -> list[str]:
    """More than three unasked messages on fourteen days in a row; counted as for `crowded_days`."""
    found = []
    for user in MEMBERS:
        days = [entry.local().date() for entry in _undesired(entries, user, deliberate)]
        for last in days:
            number = sum(last - FORTNIGHT < day <= last for day in days)
            if number > MOST_A_FORTNIGHT:
                found.append(f"{user} {number} up to {last}")
    return found


def _undesired(entries: Sequence[Entry], user: str, deliberate: Sequence[str]) -> list[Entry]:
    """What came to somebody unasked, and not by a partner's deed."""
    mine = (entry for entry in unasked(entries) if entry.user == user and entry.where == "own")
    return [entry for entry in mine if not entry.title.startswith(tuple(deliberate))]


def surprises(entries: Sequence[Entry], deliberate: Sequence[str]) -> list[str]:
    """A day was named for the next word, and it came on another, or not at all. What somebody does meanwhile brings a
    promise of its own; one with an "if" or "unless" may be void, but nothing comes before its day."""
    found = []
    for user in MEMBERS:
        mine = [entry for entry in entries if entry.user == user and entry.where == "own"]
        mine = [entry for entry in mine if not entry.title.startswith(tuple(deliberate))]
        for entry, coming in pairwise(mine):
            promise = DATED.fullmatch(entry.text.splitlines()[-1])
            if promise is None:
                continue
            day = _day_named(promise[1], entry.local().date())
            came = coming.local().date()
            void = re.search(r"\b(if|unless)\b", promise[2]) and came > day
            if came != day and not (coming.prompted and came < day) and not void:
                found.append(f"{user} {entry.local():%d %b}: {promise[0]}, but {coming.local():%d %b}: {coming.title}")
    return found


def _day_named(words: str, said_on: date) -> date:
    year = "" if words[-4:].isdigit() else f" {said_on.year}"
    return datetime.strptime(f"{words}{year}", "%d %B %Y").replace(tzinfo=UTC).date()


def without_ending(entries: Sequence[Entry]) -> list[str]:
    """Unasked, asking for nothing, and without a word on when the next one comes."""
    return [
        f"{entry.user}: {entry.text}"
        for entry in unasked(entries)
        if entry.where == "own"
        and not entry.shown.asks
        # The file comes below the card of its date, which has the word.
        and not entry.title.startswith("For your calendar: ")
        and not entry.text.splitlines()[-1].startswith("Next from me: ")
    ]


def broken_promises(entries: Sequence[Entry]) -> list[str]:
    """A check-in on another day than the last word before it had named; a reminder, if it comes, too."""
    found = []
    for entry in entries:
        promise = PROMISE.search(entry.text)
        coming = [one for one in unasked(entries) if one.user == entry.user and one.at > entry.at and one.shown.asks]
        if promise and coming:
            day = f"{coming[0].local().day} {coming[0].local():%B}"
            answered_meanwhile = promise[2] == "one reminder" and "here it is once more" not in coming[0].text
            if day != promise[1] and not answered_meanwhile:
                found.append(f"{entry.user} {entry.local()}: {promise[0]}, but it came on {day}")
    return found


def overheard(entries: Sequence[Entry], author: str, words: str, *, partners: bool = False) -> list[str]:
    """Who else has read what this person typed; `partners` may."""
    may = {author, *(partners_of(author) if partners else ())}
    return [f"{entry.user}: {entry.title}" for entry in entries if words in entry.shown.raw and entry.user not in may]


def counted(entries: Sequence[Entry], user: str, *titles: str) -> int:
    return sum(entry.title in titles for entry in unasked(entries) if entry.user == user)
