"""What the people of a simulation saw, counted from the platform's side. The outbox is asked for labels only."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.simulation.chronicle import Chronicle
from bot.simulation.coordinator import DEPUTY_EMAIL, Course
from bot.simulation.couples import couples, longest_silence
from bot.simulation.daylight import CLOSES, OPENS, Workplace
from bot.simulation.due import FORTNIGHT, Facts, fortnights
from bot.simulation.participant import Participant
from bot.simulation.platform import Sighting
from bot.simulation.seen import ANSWER, Seen, over_budget
from storage.outbox import Label


class Tally:
    """`course` says when the program began and was closed; `chronicle` what people did about their pairs."""

    def __init__(
        self,
        participants: Iterable[Participant],
        coordinator: tuple[str, Workplace],
        sightings: Iterable[Sighting],
        labels: Mapping[str, Label],
        story: tuple[Course, Chronicle],
    ) -> None:
        self.participants = {each.employee.email: each for each in participants}
        self.course, self.chronicle = story
        works = {DEPUTY_EMAIL: coordinator[1]} | dict([coordinator])
        works |= {email: self._with_quiet_dates(each.work) for email, each in self.participants.items()}
        self.seen = [self._seen(each, labels.get(each.delivery_id, ANSWER), works[each.person]) for each in sightings]
        self._by_person: dict[str, list[Seen]] = defaultdict(list)
        for each in self.seen:
            self._by_person[each.sighting.person].append(each)
        mentors = [email for email, each in self.participants.items() if each.employee.role == "mentor"]
        last = max((each.at for each in sightings), default=None)
        closed_at = self.course.closed_at or last
        self.couples = couples(self.seen, mentors, self.chronicle, closed_at) if closed_at else []
        self._facts = Facts(self.couples, works, self.course, self.chronicle)

    def _with_quiet_dates(self, work: Workplace) -> Workplace:
        return replace(work, quiet=self.course.quiet)

    def _seen(self, sighting: Sighting, label: Label, work: Workplace) -> Seen:
        """Whoever has not joined yet has told nobody their hours, and is in no program with quiet dates."""
        who = self.participants.get(sighting.person)
        told_at = who.told_hours_at if who else None
        if who and (told_at is None or sighting.at < told_at):
            work = replace(work, opens=OPENS, closes=CLOSES)
        return Seen(sighting, label, work)

    def messages(self) -> dict[str, int]:
        """By kind, one for each recipient."""
        return dict(sorted(Counter(each.label.kind for each in self.seen).items()))

    def outside_hours(self) -> int:
        return sum(each.is_out_of_hours() for each in self.seen)

    def over_budget(self) -> int:
        return over_budget(self.seen)

    def repeated(self) -> int:
        """To one person: the same delivery twice, two that look the same within a fortnight, or a second check-in in
        one. Months later the same words may be right once more."""
        sent = [each for each in self.seen if each.sighting.delivery_id]
        deliveries = Counter((each.sighting.person, each.sighting.delivery_id) for each in sent)
        asked = [len(days) for person in self._paired() for days in self._asked_by_fortnight(person).values()]
        return max(_extra(deliveries.values()), _alike_soon(sent), _extra(asked))

    def matched(self) -> int:
        return len(self._paired())

    def matched_again(self) -> int:
        """People who were introduced to somebody after a pair of theirs had ended."""
        ended = [(person, one.ends_at) for one in self.couples for person in one.people]
        return len(
            {
                person
                for one in self.couples
                for person in one.people
                if any(who == person and at <= one.introduced_at for who, at in ended)
            }
        )

    def enrolled(self) -> int:
        return sum(each.joined for each in self.participants.values())

    def check_ins_due(self) -> int:
        return sum(not left_out for person in self._paired() for _, left_out in fortnights(self._facts, person))

    def check_ins_asked(self) -> int:
        """Of those that were due, the ones that were shown; all of them are in `messages`."""
        return sum(bool(days) for person in self._paired() for days in self._asked_by_fortnight(person).values())

    def check_ins_answered(self) -> int:
        return sum(len(each.answered) for each in self.participants.values())

    def pulses_asked(self) -> int:
        """The two in the middle; the closing one is on the last word to each."""
        return sum(each.label.kind == "pulse" for each in self.seen)

    def longest_silence_days(self) -> int:
        return longest_silence(self.couples, self.seen, self._facts.works, self.chronicle).days

    def _paired(self) -> Collection[str]:
        return sorted({person for one in self.couples for person in one.people})

    def _asked_by_fortnight(self, person: str) -> Mapping[date, list[date]]:
        """The days on which somebody was asked, by the first day of each fortnight in which they were due."""
        asked = [each.day for each in self._by_person[person] if each.label.kind == "check_in"]
        due = [day for day, left_out in fortnights(self._facts, person) if not left_out]
        return {day: [one for one in asked if day <= one < day + FORTNIGHT] for day in due}


def _alike_soon(sent: Iterable[Seen]) -> int:
    """How many look like one that the same person got less than a fortnight before."""
    last: dict[tuple[str, bytes, bool], datetime] = {}
    found = 0
    for each in sorted(sent, key=lambda one: one.sighting.at):
        which = each.sighting.person, each.sighting.look, each.sighting.in_group
        found += which in last and each.sighting.at - last[which] < FORTNIGHT
        last[which] = each.sighting.at
    return found


def _extra(counts: Collection[int]) -> int:
    return sum(count - 1 for count in counts if count > 1)
