"""A clock that jumps in the middle of a program, and both changes of DST: each check-in once a person and period."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.engine import Engine
from bot.pace import LIMITS, Pace
from conversations.contacts import Address
from conversations.content import load
from conversations.flows import FLOWS
from conversations.packing import pack_card
from storage.database import Database
from storage.store import Store
from tests.support.chat import Chat
from tests.support.company import mentee, mentor, pair, program
from tests.support.fake_platform import FakePlatform, Seen
from tests.support.tiny_flows import words as said

pytestmark = pytest.mark.slow

HOUR, DAY, FORTNIGHT = timedelta(hours=1), timedelta(days=1), timedelta(days=14)
ZONES = {"ana.costa@larkspur.example": "Europe/Berlin", "erik.berg@larkspur.example": "America/New_York"}
MENTOR, MENTEE = ZONES
# Mondays. One check-in before Berlin and New York change to the other time, one between the two, and one after.
SPRING, AUTUMN = date(2026, 2, 16), date(2026, 9, 28)


@dataclass
class Machine:
    """A pair, a bot on a machine whose clock may be wrong by `ahead`, and the real time, which is the platform's."""

    database: Database
    began: date
    ahead: timedelta = timedelta(0)
    real: datetime = field(init=False)
    planned_at: datetime | None = None

    def __post_init__(self) -> None:
        self.real = datetime(self.began.year, self.began.month, self.began.day, 7, tzinfo=UTC)
        chat = Chat(self.database, now=self.real)
        cora = chat.person("cora.lind@larkspur.example", coordinator=True)
        dates = {"starts_on": self.began, "ends_on": self.began + 26 * timedelta(weeks=1)}
        number = program(chat, cora, status="running", matching_on=self.began, **dates)
        ana = mentor(chat, "ana.costa", number, row={"timezone": ZONES[MENTOR]})
        erik = mentee(chat, "erik.berg", number, row={"timezone": ZONES[MENTEE]})
        pair(chat, number, ana, erik, self.began)
        self.platform = FakePlatform("web", clock=lambda: self.real, shows_history=True)
        pace = Pace({"web": LIMITS["slack"]})
        self.engine = Engine(self.database, [self.platform], flows=FLOWS, content=load(), clock=self, pace=pace)

    def now(self) -> datetime:
        """What the bot's clock says."""
        return self.real + self.ahead

    async def live(self, until: datetime) -> None:
        """Up to this real moment: a heartbeat once a day, whenever something is due, and at last."""
        while self.real < until:
            now = self.now()
            due = await self.database.read(
                lambda store, now=now: [store.nudges.next_moment(now), store.outbox.next_moment(now)]  # type: ignore[misc]
            )
            moments = [each for each in (*due, self.engine.delivery.paced_until) if each is not None and each > now]
            self.real = min([until, self.real + DAY, *(each - self.ahead for each in moments)])
            await self.ask()
            await self.deliver()

    async def ask(self) -> None:
        """The calendar's half of a heartbeat."""
        now = self.now()
        if self.planned_at is None or abs(now - self.planned_at) >= DAY:
            await self.plan()
        await self.engine.nudges.run_due(now)

    async def plan(self) -> None:
        self.planned_at = self.now()
        await self.engine.nudges.plan_nudges(self.planned_at)

    async def deliver(self) -> None:
        """The outbox's half; whoever is asked answers, so that nobody is left in peace."""
        seen = len(self.platform.log)
        await self.engine.delivery.deliver_due()
        for one in self.platform.log[seen:]:
            if "Met" in one.buttons:
                await self.platform.press(one.to.user, one.action("Met"))  # type: ignore[union-attr]

    async def jump(self, by: timedelta) -> None:
        """A minute later; whatever waits meets the new time."""
        self.real += timedelta(minutes=1)
        self.ahead += by
        await self.plan()
        await self.deliver()

    def check_ins(self, user: str) -> list[Seen]:
        """As they came up on this person's screen; a card that changes came up once."""
        kinds = self.database.read_now(lambda store: store.outbox.labels())
        mine = [one for one in self.platform.log if isinstance(one.to, Address) and one.to.user == user]
        return [one for one in mine if one.delivery_id in kinds and kinds[one.delivery_id].kind == "check_in"]

    def periods(self, user: str) -> Sequence[int]:
        """In which fortnights of the pair, by the real time where this person lives, each of them came."""
        days = [one.at.astimezone(ZoneInfo(ZONES[user])).date() for one in self.check_ins(user) if one.at]
        return [(day - self.began) // FORTNIGHT for day in days]


def ten_in_berlin(began: date, period: int) -> datetime:
    """The moment for which the mentor's check-in of a period is planned, on the Tuesday."""
    day = began + period * FORTNIGHT + DAY
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(ZONES[MENTOR])).astimezone(UTC)


@pytest.mark.parametrize("by", [HOUR, -HOUR, DAY, -DAY], ids=["an hour on", "an hour back", "a day on", "a day back"])
async def test_d11_a_clock_that_jumps_at_any_moment_of_a_check_in_asks_once_a_person_and_period(
    by: timedelta, sqlite_database: Database
) -> None:
    here = Machine(sqlite_database, AUTUMN)
    await here.engine.start()
    # Before the mentor's question is due, between its turn and its post, and after the post.
    for period, struck in ((1, "before"), (2, "between"), (3, "after")):
        due = ten_in_berlin(AUTUMN, period)
        await here.live(due - timedelta(minutes=5))
        if struck != "before":
            here.real = due
            await here.ask()
        if struck == "after":
            await here.deliver()
        await here.jump(by)
        if struck != "after":
            # Somebody sets it right at the weekend; the last time nobody does.
            await here.live(due + 5 * DAY)
            await here.jump(-by)
    await here.live(ten_in_berlin(AUTUMN, 4) + 5 * DAY)
    await here.engine.stop()
    assert {user: here.periods(user) for user in ZONES} == {user: [1, 2, 3, 4] for user in ZONES}


@pytest.mark.parametrize("began", [SPRING, AUTUMN], ids=["spring", "autumn"])
async def test_d11_both_changes_of_dst_leave_each_check_in_at_ten_where_the_person_lives(
    began: date, sqlite_database: Database
) -> None:
    here = Machine(sqlite_database, began)
    await here.engine.start()
    await here.live(ten_in_berlin(began, 3) + 5 * DAY)
    await here.engine.stop()
    for user, zone in ZONES.items():
        assert here.periods(user) == [1, 2, 3]
        local = [one.at.astimezone(ZoneInfo(zone)) for one in here.check_ins(user) if one.at]
        assert {f"{each:%A %H:%M}" for each in local} == {"Tuesday 10:00"}
        assert len({each.utcoffset() for each in local}) == 2, "no change of DST between them"


@pytest.mark.parametrize("by", [-HOUR, -DAY], ids=["an hour back", "a day back"])
async def test_d11_a_clock_that_is_put_back_holds_up_no_message_to_somebody_who_had_one(
    by: timedelta, sqlite_database: Database
) -> None:
    here = Machine(sqlite_database, AUTUMN)
    for words in ("before", "after"):
        sqlite_database.write_now(lambda store, words=words: answer(store, words, here.now()))  # type: ignore[misc]
        await here.deliver()
        if words == "before":
            await here.jump(by)
    # One a second to one person, as ever.
    await here.live(here.real + timedelta(seconds=2))
    assert [one.text for one in here.platform.log] == ["before", "after"]


def answer(store: Store, words: str, now: datetime) -> None:
    """Something that the mentor waits for."""
    person = store.people.by_email(MENTOR)
    assert person is not None
    values = {"kind": "answer", "delivery": "must_arrive", "prompted": True, "person_id": person.id}
    store.outbox.add(words, now, values | {"card": pack_card(said(words))})
