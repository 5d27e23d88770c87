"""What the people of a simulation saw, counted from the platform's side. The outbox is asked for labels only."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.simulation.coordinator import DEPUTY_EMAIL, Course
from bot.simulation.daylight import Workplace
from bot.simulation.participant import Participant
from bot.simulation.platform import Sighting
from storage.outbox import Label

ANSWER = Label("answer", True, None)
FORTNIGHT = timedelta(days=14)
# The rules of guarantees section 3, written down a second time: what the flows do is held against them.
ASKED_AT = time(10)
FEWEST_WORKING_DAYS = 5
BEST_WEEKDAYS = (2, 3, 4)
LOOKS_FOR_ONE_WITHIN = timedelta(days=8)
# Nobody is asked in the last ten days, nor within three days of the last word.
THE_CLOSING_SPEAKS, CLEAR_OF_THE_LAST_WORD = timedelta(days=10), timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Seen:
    """One message and recipient, with its label."""

    sighting: Sighting
    label: Label
    work: Workplace

    def is_out_of_hours(self) -> bool:
        return not self.label.prompted and not self.work.is_at_work(self.sighting.at)


class Tally:
    """`course` says when the program began and was closed; every count is of what the platform showed."""

    def __init__(
        self,
        participants: Iterable[Participant],
        coordinator: tuple[str, Workplace],
        sightings: Iterable[Sighting],
        labels: Mapping[str, Label],
        course: Course,
    ) -> None:
        self.participants = {each.employee.email: each for each in participants}
        works = {DEPUTY_EMAIL: coordinator[1]} | dict([coordinator])
        works |= {email: each.work for email, each in self.participants.items()}
        self.seen = [Seen(each, labels.get(each.delivery_id, ANSWER), works[each.person]) for each in sightings]
        self._course = course
        self._introduced = self._introductions()

    def messages(self) -> dict[str, int]:
        """By kind, one for each recipient."""
        return dict(sorted(Counter(each.label.kind for each in self.seen).items()))

    def outside_hours(self) -> int:
        return sum(each.is_out_of_hours() for each in self.seen)

    def repeated(self) -> int:
        """The same delivery twice, two that look the same, or a second check-in in one fortnight, to one person."""
        sent = [each for each in self.seen if each.sighting.delivery_id]
        deliveries = Counter((each.sighting.person, each.sighting.delivery_id) for each in sent)
        looks = Counter((each.sighting.person, each.sighting.look, each.sighting.in_group) for each in sent)
        asked = Counter(self._periods_asked())
        return max(_extra(each.values()) for each in (deliveries, looks, asked))

    def matched(self) -> int:
        return sum(person in self._introduced for person in self.participants)

    def enrolled(self) -> int:
        return sum(each.joined for each in self.participants.values())

    def check_ins_asked(self) -> int:
        return sum(each.label.kind == "check_in" for each in self.seen)

    def check_ins_answered(self) -> int:
        return sum(len(each.answered) for each in self.participants.values())

    def check_ins_due(self) -> int:
        return sum(len(list(self._days_due(person))) for person in self._introduced)

    def longest_silence_days(self) -> int:
        """Between two messages to anybody who has a partner, from their introduction to the end of the program."""
        moments: dict[str, list[datetime]] = defaultdict(list)
        for each in self.seen:
            moments[each.sighting.person].append(each.sighting.at)
        return max((self._longest_gap(person, moments[person]).days for person in self._introduced), default=0)

    def _longest_gap(self, person: str, moments: Sequence[datetime]) -> timedelta:
        work, end = self.participants[person].work, self._course.closed_at or max(moments)
        begin = self._introduced[person]
        stops = sorted([*(each for each in moments if work.local_day(each) >= begin and each < end), end])
        return max((after - before for before, after in pairwise(stops)), default=timedelta())

    def _introductions(self) -> dict[str, date]:
        """By person, the mentor's day on which the first pair of theirs was introduced."""
        people: dict[int, set[str]] = defaultdict(set)
        days: dict[int, date] = {}
        for each in self.seen:
            if each.label.kind != "introduction" or each.label.pair_id is None or each.sighting.in_group:
                continue
            person, pair = each.sighting.person, each.label.pair_id
            people[pair].add(person)
            if self.participants[person].employee.role == "mentor":
                days[pair] = each.work.local_day(each.sighting.at)
        found: dict[str, date] = {}
        for pair, day in days.items():
            for person in people[pair]:
                found[person] = min(day, found.get(person, day))
        return found

    def _days_due(self, person: str) -> Iterator[date]:
        """The nominal days on which this person should have been asked, once each."""
        begin, ends_on, closed_at = self._introduced[person], self._course.ends_on, self._course.closed_at
        if ends_on is None or closed_at is None:
            return
        work, day = self.participants[person].work, begin + FORTNIGHT
        last_word_on = max(work.working_days(ends_on - FORTNIGHT, FORTNIGHT.days + 1), default=ends_on)
        while day <= ends_on - THE_CLOSING_SPEAKS:
            asked_on = _asked_on(work, day)
            in_time = asked_on is not None and asked_on <= last_word_on - CLEAR_OF_THE_LAST_WORD
            if asked_on and in_time and work.at(asked_on, max(ASKED_AT, work.opens)) < closed_at:
                yield day
            day += FORTNIGHT

    def _periods_asked(self) -> Iterator[tuple[str, int]]:
        """Person and number of the fortnight of each check-in that was shown."""
        for each in self.seen:
            person = each.sighting.person
            if each.label.kind == "check_in" and person in self._introduced:
                yield person, (each.work.local_day(each.sighting.at) - self._introduced[person]) // FORTNIGHT


def _asked_on(work: Workplace, nominal: date) -> date | None:
    """A Tuesday to Thursday soon, else the next working day; None with fewer than five working days left."""
    days = list(work.working_days(nominal, FORTNIGHT.days))
    if len(days) < FEWEST_WORKING_DAYS:
        return None
    in_time = days[: len(days) - FEWEST_WORKING_DAYS + 1]
    best = [day for day in in_time if day.isoweekday() in BEST_WEEKDAYS and day - nominal < LOOKS_FOR_ONE_WITHIN]
    return (best or in_time)[0]


def _extra(counts: Collection[int]) -> int:
    return sum(count - 1 for count in counts if count > 1)
