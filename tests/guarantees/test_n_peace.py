"""N1, N2 and N3: nobody is disturbed, however much the bot has to say and at whatever hour.

Judged by what the platforms saw, with rules that are written down a second time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from adapters.platform import Refused, Sent
from bot.simulation.daylight import Workplace
from bot.time_travel import TimeTravel
from conversations.contacts import Address
from storage.database import Database
from storage.store import Store
from tests.bot.test_budget import FREE, KINDS, NOW, Company, Wish, flood, holds_the_budget
from tests.support.tiny_flows import TRY

pytestmark = pytest.mark.slow

# Twelve zones, from the first to see a day to the last, and whose holidays are kept there.
PLACES = (
    *(("Pacific/Auckland", "NZ"), ("Australia/Sydney", "AU"), ("Asia/Tokyo", "JP"), ("Asia/Singapore", "SG")),
    *(("Asia/Kolkata", "IN"), ("Africa/Nairobi", "KE"), ("Europe/Berlin", "DE"), ("Europe/London", "GB")),
    *(("America/Sao_Paulo", "BR"), ("America/New_York", "US"), ("America/Mexico_City", "MX")),
    ("America/Los_Angeles", "US"),
)
TODAY = NOW.date()


@dataclass(frozen=True, slots=True)
class Employee:
    """When somebody may be written to: their working hours, less their own quiet days, and no day of their pause."""

    name: str
    work: Workplace
    paused: tuple[date, date] | None

    def may_hear(self, moment: datetime) -> bool:
        day = self.work.local_day(moment)
        return self.work.is_at_work(moment) and not (self.paused and self.paused[0] <= day < self.paused[1])


def employees(count: int) -> Iterator[Employee]:
    """Every fifth works fewer hours than others, every seventh has quiet days, every ninth takes a break."""
    for number in range(count):
        zone, country = PLACES[number % len(PLACES)]
        first = TODAY + timedelta(days=number)
        hours = (time(10), time(14)) if number % 5 == 0 else (time(9), time(17))
        quiet = (first, first + timedelta(days=20)) if number % 7 == 0 else None
        paused = (TODAY, TODAY + timedelta(days=30 + number)) if number % 9 == 0 else None
        yield Employee(f"p{number}", Workplace(zone, country, *hours, quiet), paused)


def hire(here: Company, who: Employee, *, on: Sequence[str], always_open: bool) -> int:
    """`always_open`: the bot is told of no hours, no days and no pause; the rule has nothing to go by."""
    number = here.hire(who.name, who.work.timezone, on)

    def tell(store: Store) -> None:
        person = store.people.by_ids([number])[number]
        if always_open:
            person.workdays, person.work_start, person.work_end = "1234567", "00:00", "23:59"
            return
        person.country = who.work.country
        person.work_start, person.work_end = f"{who.work.opens:%H:%M}", f"{who.work.closes:%H:%M}"
        person.quiet_dates = [[f"{each}" for each in who.work.quiet]] if who.work.quiet else []
        person.paused_until = who.paused[1] if who.paused else None

    here.database.write_now(tell)
    return number


class Year:
    """A year of wishes at any hour of the day and night, lived through."""

    def __init__(self, database: Database, staff: Sequence[Employee], *, always_open: bool = False) -> None:
        self.staff = staff
        self.wishes: list[Wish] = []
        self.here = Company(database, [flood(self.wishes)])
        on = (("slack",), ("teams",), ("slack", "teams"))
        self.numbers = [
            hire(self.here, who, on=on[count % 3], always_open=always_open) for count, who in enumerate(staff)
        ]

    def wish(self, each: int) -> None:
        chance = Random(each)
        for number in self.numbers:
            for _ in range(each):
                at = NOW + timedelta(days=365 * chance.random())
                self.wishes.append(Wish(number, at, chance.choice(KINDS), lasts=chance.choice((3, 20, 60))))

    async def live(self) -> None:
        engine = self.here.engine
        ways = engine.nudges, engine.delivery, engine.consultations
        travel = TimeTravel(self.here.database, self.here.clock, *ways, plan_every=timedelta(days=7))
        await travel.advance(NOW + timedelta(days=366))
        assert sum(len(self.here.seen(who.name)) for who in self.staff) > len(self.wishes) / 2, "most of it came"

    def disturbed(self) -> list[str]:
        """Everything that came when it should not have."""
        return [
            f"{who.name} in {who.work.timezone}: {one.at:%A %d %B %H:%M} UTC"
            for who in self.staff
            for one in self.here.seen(who.name)
            if one.at and not who.may_hear(one.at)
        ]


async def test_n1_n2_in_a_year_of_two_hundred_people_in_twelve_zones_nobody_is_disturbed(
    sqlite_database: Database,
) -> None:
    year = Year(sqlite_database, list(employees(200)))
    year.wish(1)
    await year.live()
    assert year.disturbed() == []
    for who in year.staff:
        holds_the_budget(year.here.days(who.name))


async def test_n1_notices_a_bot_that_knows_no_zones_holidays_hours_and_pauses(sqlite_database: Database) -> None:
    year = Year(sqlite_database, list(employees(24)), always_open=True)
    year.wish(3)
    await year.live()
    assert len(year.disturbed()) > 10


# N3 ------------------------------------------------------------------------------------------------------------------


async def test_n3_who_is_on_both_platforms_gets_each_message_once(sqlite_database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(sqlite_database, [flood(wishes)])
    ana, bo, cy = (here.hire(name, on=("slack", "teams")) for name in ("ana", "bo", "cy"))
    # Slack has closed Bo's account.
    here.slack.judge = lambda to, card: closed_for(to, "bo")
    moments = [NOW + timedelta(days=day, hours=2) for day in range(1, 61, 6)]
    wishes += [Wish(who, moment, "hello", lasts=60) for moment in moments for who in (ana, bo, cy)]
    wishes += [Wish(ana, moments[2] + timedelta(days=1), "introduction", "must_arrive", cy, lasts=60)]
    wishes += [Wish(who, moments[0], kind) for who in (ana, bo, cy) for kind in FREE]
    await here.travel.advance(NOW + timedelta(days=90))
    for name, who in (("ana", ana), ("bo", bo), ("cy", cy)):
        came = Counter(one.text for one in here.seen(name))
        assert set(came.values()) == {1}, came
        wanted = sum(who in (wish.person, wish.partner) for wish in wishes)
        assert len(came) == wanted, (name, came)


def closed_for(to: object, user: str) -> Sent | None:
    """The platform says that this account is closed."""
    return Refused("account_inactive", for_good=True) if isinstance(to, Address) and to.user == user else None


# Do not disturb ------------------------------------------------------------------------------------------------------


async def test_n1_what_nobody_asked_for_waits_while_somebody_does_not_want_to_be_disturbed(
    sqlite_database: Database,
) -> None:
    wishes: list[Wish] = []
    here = Company(sqlite_database, [flood(wishes)])
    ana, bo = here.hire("ana"), here.hire("bo")
    two, half_past_four = NOW.replace(hour=14), NOW.replace(hour=16, minute=30)
    here.slack.quiet = {"ana": two, "bo": NOW + timedelta(days=90)}
    wishes += [Wish(who, NOW.replace(hour=10), "hello", lasts=10) for who in (ana, bo)]
    await here.travel.advance(half_past_four)
    assert [one.at for one in here.seen("ana")] == [two]
    # Whoever is never to be disturbed is not; the message is gone when it has lost its worth.
    await here.travel.advance(NOW + timedelta(days=30))
    assert here.seen("bo") == []


async def test_n1_what_somebody_did_to_them_on_purpose_comes_all_the_same(sqlite_database: Database) -> None:
    here = Company(sqlite_database, [TRY])
    ana = here.hire("ana")
    here.slack.quiet = {"ana": NOW + timedelta(days=2)}
    await here.engine.start()
    await here.slack.press("ana", TRY.to("tells", person=ana))
    await here.engine.delivery.deliver_due()
    assert [one.at for one in here.seen("ana")] == [NOW]
