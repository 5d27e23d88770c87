"""Small fictional companies, and a slow matcher that knows nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from conversations.matching import Candidate, Hours, Proposal, Rules, Weights, propose

MONDAY = date(2026, 3, 2)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Asia/Kolkata")
TOPICS = ("AI in sales", "data ethics", "podcasts", "remote work", "AI")

Managers = Mapping[str, str]


def mentor(key: str, **facts: Any) -> Candidate:
    return Candidate(**{"key": key, "name": key.title(), "role": "mentor", "level": 2, **facts})


def mentee(key: str, **facts: Any) -> Candidate:
    return Candidate(**{"key": key, "name": key.title(), "role": "mentee", "level": 7, **facts})


def matched(people: Sequence[Candidate], managers: Managers | None = None, **more: Any) -> Proposal:
    more = {"rules": Rules(), "weights": Weights(), "on": MONDAY, "past_pairs": (), **more}
    return propose(people, managers or {}, **more)


def names(proposal: Proposal) -> list[tuple[str, str]]:
    return sorted((pair.mentor, pair.mentee) for pair in proposal.pairs)


@st.composite
def companies(draw: st.DrawFn, most: int = 5) -> tuple[list[Candidate], dict[str, str]]:
    count = draw(st.integers(0, most)), draw(st.integers(0, most))
    keys = [f"p{at}@larkspur.example" for at in range(sum(count) + 2)]
    managers = {key: draw(st.sampled_from(keys)) for key in keys if draw(st.booleans())}
    few = st.lists(st.sampled_from(TOPICS), max_size=2, unique=True).map(tuple)
    people = [
        Candidate(
            key=keys[at],
            name=f"Person {at}",
            role="mentor" if at < count[0] else "mentee",
            level=draw(st.sampled_from([None, 1, 2, 3, 4, 5, 6])),
            team=draw(st.sampled_from(["", "red", "Blue", "blue "])),
            department=draw(st.sampled_from(["", "Sales", "Legal"])),
            timezone=draw(st.sampled_from(ZONES)),
            languages=draw(st.frozensets(st.sampled_from(["en", "de", "ja"]), max_size=2)),
            hours=Hours(time(draw(st.integers(0, 23))), time(draw(st.integers(0, 23)))),
            capacity=draw(st.integers(0, 3)) if at < count[0] else 1,
            offers=draw(few),
            wants=draw(few),
            goals=draw(few),
            avoid=draw(st.frozensets(st.sampled_from(keys), max_size=1)),
        )
        for at in range(sum(count))
    ]
    return people, managers


def line_above(key: str, managers: Managers) -> list[str]:
    line: list[str] = []
    while (above := managers.get(key)) is not None and above not in line and above != key:
        line.append(above)
        key = above
    return line


def is_allowed(one: Candidate, other: Candidate, managers: Managers) -> bool:
    """The rules once more, as plainly as they can be said."""
    teams = one.team.strip().lower(), other.team.strip().lower()
    closest = set(line_above(one.key, managers)[:2]), set(line_above(other.key, managers)[:2])
    return (
        one.capacity > 0
        and one.level is not None
        and other.level is not None
        and one.level < other.level
        and not (teams[0] and teams[0] == teams[1])
        and other.key not in line_above(one.key, managers)
        and one.key not in line_above(other.key, managers)
        and not closest[0] & closest[1]
        and bool((one.languages or {"en"}) & (other.languages or {"en"}))
        and other.key not in one.avoid
        and one.key not in other.avoid
        and shared_minutes(one, other) >= 60
    )


def shared_minutes(one: Candidate, other: Candidate) -> int:
    """A quarter of an hour at a time, on a Wednesday of the first and the days around it of the other."""
    wednesday = MONDAY + timedelta(days=2)
    mine = _quarters(one, wednesday)
    return max(15 * len(mine & _quarters(other, wednesday + timedelta(days=at))) for at in range(-2, 3))


@cache
def _working(hours: Hours, timezone: str, day: date) -> frozenset[datetime]:
    zone = ZoneInfo(timezone)
    start = datetime.combine(day, hours.start, tzinfo=zone).astimezone(UTC)
    last = day if hours.end > hours.start else day + timedelta(days=1)
    end = datetime.combine(last, hours.end, tzinfo=zone).astimezone(UTC)
    quarter = timedelta(minutes=15)
    return frozenset(start + quarter * at for at in range((end - start) // quarter))


def _quarters(person: Candidate, day: date) -> frozenset[datetime]:
    return _working(person.hours, person.timezone, day)


def best_by_trying_everything(
    people: Sequence[Candidate], managers: Managers, scores: Mapping[tuple[str, str], int]
) -> tuple[int, int, int]:
    """Most pairs, then most distinct mentors, then the best total, over every possible assignment."""
    seniors = [person for person in people if person.role == "mentee"]
    room = {person.key: person.capacity for person in people if person.role == "mentor"}

    def attempts(at: int, taken: tuple[str, ...], total: int) -> Iterator[tuple[int, int, int]]:
        if at == len(seniors):
            yield len(taken), len(set(taken)), total
            return
        yield from attempts(at + 1, taken, total)
        for junior, places in room.items():
            score = scores.get((junior, seniors[at].key))
            if score is not None and taken.count(junior) < places:
                yield from attempts(at + 1, (*taken, junior), total + score)

    return max(attempts(0, (), 0))
