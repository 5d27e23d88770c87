"""One message and recipient, as the judges look at it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.simulation.daylight import Workplace
from bot.simulation.platform import Sighting
from storage.outbox import Label

ANSWER = Label("answer", True, None)


@dataclass(frozen=True, slots=True)
class Seen:
    """With its label; `work`: when its reader is at work, as far as they have told anybody."""

    sighting: Sighting
    label: Label
    work: Workplace

    @property
    def day(self) -> date:
        return self.work.local_day(self.sighting.at)

    def is_out_of_hours(self) -> bool:
        return not self.label.prompted and not self.work.is_at_work(self.sighting.at)


# What follows from something that the person or their partner did (guarantees, section 3), written down again.
NOT_COUNTED = {"answer", "booked", "file", "session_reminder", "shared_line", "update"}
FOR_COORDINATORS = "coordinator_"
MOST_A_DAY, MOST_A_FORTNIGHT, FORTNIGHT_DAYS = 1, 3, 14


def over_budget(seen: Iterable[Seen]) -> int:
    """Days with more than one counted message to somebody, and messages that are the fourth within 14 days."""
    days: dict[str, list[date]] = {}
    for each in _counted(seen):
        days.setdefault(each.sighting.person, []).append(each.day)
    return sum(_too_many(sorted(theirs)) for theirs in days.values())


def _counted(seen: Iterable[Seen]) -> Iterator[Seen]:
    """An introduction, its private part and its group part, counts once."""
    introduced: set[tuple[str, int | None]] = set()
    for each in sorted(seen, key=lambda one: one.sighting.at):
        kind = each.label.kind
        if each.label.prompted or kind in NOT_COUNTED or kind.startswith(FOR_COORDINATORS):
            continue
        if kind == "introduction":
            which = each.sighting.person, each.label.pair_id
            if which in introduced:
                continue
            introduced.add(which)
        yield each


def _too_many(days: list[date]) -> int:
    crowded = sum(days.count(day) > MOST_A_DAY for day in set(days))
    fourth = sum(
        sum((day - other).days < FORTNIGHT_DAYS for other in days[: number + 1]) > MOST_A_FORTNIGHT
        for number, day in enumerate(days)
    )
    return crowded + fourth
