"""Peace: how often somebody is written to unasked, as the platforms saw it, whatever all the flows want at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.clock import VirtualClock
from bot.engine import Engine
from bot.pace import Pace
from conversations.cards import Card, card, text
from conversations.contacts import Address
from conversations.content import load
from conversations.flow import Flow, Turn
from conversations.flows import check_in, help, home, silence
from conversations.replies import Introduce, Notice, Planned, Reply, Tell
from storage.database import Database
from storage.store import Store
from storage.tables import Account, Pair, Person, Program
from tests.support.fake_platform import FakePlatform, Seen

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday, before anybody works
DAYS = 30
KINDS = ("check_in", "pulse", "hello", "goals", "moved", "invitation", "check_in_reminder", "pulse_reminder")
FREE = ("shared_line", "session_reminder", "answer", "coordinator_digest")


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that a flow wants to tell somebody at a moment."""

    person: int
    at: datetime
    kind: str
    delivery: str = "nudge"
    partner: int = 0
    lasts: int = 5


def flood(wishes: Sequence[Wish]) -> Flow:
    """A story that wants all of this at once."""
    flow = Flow("flood")

    @flow.step("tells", clock_only=True)
    def tells(turn: Turn, number: int) -> list[Reply]:
        wish = wishes[number]
        notice = Notice(
            key=f"flood/{number}",
            kind=wish.kind,
            delivery="nudge" if wish.delivery == "nudge" else "must_arrive",
            expires_at=turn.now + timedelta(days=wish.lasts),
        )
        own = said(wish.kind, number)
        if wish.partner:
            cards = {wish.person: own, wish.partner: own}
            return [Introduce((wish.person, wish.partner), said("group", number), cards, notice)]
        return [Tell(wish.person, own, notice)]

    @flow.plan
    def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
        for number, wish in enumerate(wishes):
            if wish.at <= now + horizon:
                yield Planned(f"flood/{number}", wish.person, wish.at, flow.to("tells", number=number))

    return flow


def said(kind: str, number: int) -> Card:
    return card(kind, text("number {number}", number=str(number)))


class Company:
    """People on Slack, on Teams and on both, an engine with these flows, and what their platforms saw."""

    def __init__(self, database: Database, flows: Iterable[Flow]) -> None:
        self.database = database
        self.clock = VirtualClock(NOW)
        self.platforms = [FakePlatform(name, clock=self.clock.now) for name in ("slack", "teams")]
        self.slack, self.teams = self.platforms
        self.engine = Engine(
            database,
            self.platforms,
            flows=(*flows, help.FLOW, home.FLOW),
            content=load(),
            clock=self.clock,
            pace=Pace({}),
        )
        self.travel = self.engine.time_travel(self.clock)
        self.zones: dict[str, str] = {}

    def hire(self, name: str, zone: str = "Europe/London", on: Sequence[str] = ("slack",)) -> int:
        """Somebody with an account on each of these platforms."""
        self.zones[name] = zone

        def add(store: Store) -> int:
            email = f"{name}@larkspur.example"
            person = store.people.add(Person(name=name.title(), email=email, timezone=zone, created_at=NOW))
            for platform in on:
                store.accounts.add(
                    Account(
                        person_id=person.id,
                        platform=platform,
                        tenant="larkspur",
                        user=name,
                        member=True,
                        known=True,
                        last_used_at=NOW,
                    )
                )
            return person.id

        return self.database.write_now(add)

    def seen(self, name: str) -> list[Seen]:
        """What came up on this person's screens, on any platform, in order; a message that is changed came up once."""
        found: dict[tuple[str, str], Seen] = {}
        for platform in self.platforms:
            for one in platform.log:
                if isinstance(one.to, Address) and one.to.user == name:
                    found.setdefault((platform.name, one.ref), one)
        return sorted(found.values(), key=lambda one: one.at or NOW)

    def kinds(self, name: str) -> list[str]:
        return [one.card.title for one in self.seen(name)]

    def days(self, name: str, without: Sequence[str] = FREE) -> list[date]:
        """The local days of what counts."""
        zone = ZoneInfo(self.zones[name])
        counted = [one for one in self.seen(name) if one.card.title not in without]
        return [one.at.astimezone(zone).date() for one in counted if one.at]


def holds_the_budget(days: Sequence[date]) -> None:
    assert max(Counter(days).values(), default=0) <= 1, sorted(days)
    for first in days:
        window = [each for each in days if first <= each < first + timedelta(days=14)]
        assert len(window) <= 3, window


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=day)


# Everything at once --------------------------------------------------------------------------------------------------


def wishes_for(people: Sequence[int], seed: int) -> list[Wish]:
    """Two wishes a day for everybody, of every kind, and a change of partner now and then."""
    chance, found = Random(seed), []
    for day in range(DAYS):
        for person in people:
            kinds = chance.choices((*KINDS, *FREE), k=2)
            found += [Wish(person, at(day, chance.randrange(24)), kind) for kind in kinds]
        if day % 9 == 4:
            one, other = chance.sample(list(people), 2)
            found.append(Wish(one, at(day), "introduction", "must_arrive", other, lasts=21))
    return found


async def test_n2_however_much_is_wanted_nobody_hears_more_than_the_budget_allows(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    names = {"ana": "Europe/London", "bo": "America/Los_Angeles", "chidi": "Africa/Lagos", "dana": "Australia/Sydney"}
    people = [
        here.hire(name, zone, ("slack", "teams")[: 1 + number % 2]) for number, (name, zone) in enumerate(names.items())
    ]
    wishes += wishes_for(people, seed=4)
    await here.travel.advance(NOW + timedelta(days=DAYS))
    for name in names:
        holds_the_budget(here.days(name))
        # The budget is used, not merely kept.
        assert len(here.days(name)) >= DAYS * 3 // 14 - 2
        assert {"shared_line", "session_reminder"} <= set(here.kinds(name))
    introductions = [wish for wish in wishes if wish.kind == "introduction"]
    assert sum(here.kinds(name).count("introduction") for name in names) == 2 * len(introductions)


async def test_n2_whoever_is_on_two_platforms_has_one_budget(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana = here.hire("ana", on=("slack", "teams"))
    wishes += [Wish(ana, at(day), "hello", lasts=30) for day in range(5)]

    def moves_to(store: Store, platform: str) -> None:
        for account in store.accounts.of_people([ana]):
            account.last_used_at = here.clock.now() + timedelta(days=account.platform == platform)

    for day in range(20):
        platform = ("slack", "teams")[day % 2]
        database.write_now(lambda store, platform=platform: moves_to(store, platform))  # type: ignore[misc]
        await here.travel.advance(at(day, 18))
    assert {len(platform.log) > 0 for platform in here.platforms} == {True}
    holds_the_budget(here.days("ana"))


class Programs(Company):
    """Ana has three mentees, one of them in a second program; Bo, Chidi and Dana have one mentor."""

    def __init__(self, database: Database, wishes: list[Wish]) -> None:
        super().__init__(database, [check_in.FLOW, silence.FLOW, flood(wishes)])
        self.names = {"ana": ("slack", "teams"), "bo": ("slack",), "chidi": ("teams",), "dana": ("slack",)}
        self.people = {name: self.hire(name, on=on) for name, on in self.names.items()}
        database.write_now(self._found)

    def _found(self, store: Store) -> None:
        programs = [store.programs.add(self._program(name)).id for name in ("Digital fluency", "Sustainability")]
        for number, mentee in enumerate(("bo", "chidi", "dana")):
            store.pairs.add(
                Pair(
                    program_id=programs[number // 2],
                    mentor_id=self.people["ana"],
                    mentee_id=self.people[mentee],
                    started_on=NOW.date() + timedelta(days=number),
                    created_at=NOW,
                )
            )

    def _program(self, name: str) -> Program:
        return Program(
            name=name,
            template="digital_fluency",
            status="running",
            objective="Leaders use our tools with ease.",
            themes=["digital_tools"],
            questions=[],
            success="Three new habits each.",
            matching_on=NOW.date(),
            starts_on=NOW.date(),
            ends_on=NOW.date() + timedelta(days=184),
            created_by=self.people["ana"],
            created_at=NOW,
        )

    async def answer(self, name: str) -> None:
        """Presses the first button of the newest check-in, if it is still a question."""
        platform = self.teams if name == "chidi" else self.slack
        asked = [one for one in platform.messages_to(name) if "Met" in one.buttons]
        if asked:
            await platform.press(name, asked[-1].action("Met"))


QUESTIONS = ("Have you two met?", "How is it going?", "How shall we go on?")


async def test_n2_with_several_pairs_and_programs_whether_they_answer_or_not(database: Database) -> None:
    wishes: list[Wish] = []
    here = Programs(database, wishes)
    wishes += [Wish(person, at(day), "goals") for day in range(0, 72, 4) for person in here.people.values()]
    await here.engine.start()
    for day in range(2, 72, 3):
        await here.travel.advance(at(day, 18))
        await here.answer("bo")
    for name in here.names:
        holds_the_budget(here.days(name))
    # Whoever answers is asked every fortnight; the others twice, then about the rhythm, and then nothing comes at all.
    assert len([title for title in here.kinds("bo") if title in QUESTIONS]) >= 3
    for name in ("ana", "chidi", "dana"):
        titles = here.kinds(name)
        last = titles.index("How shall we go on?")
        assert last == len(titles) - 1
        assert sum(title in QUESTIONS for title in titles) <= 2 * 2 + 1, "a question and at most one reminder a round"


# Who goes first ------------------------------------------------------------------------------------------------------


async def test_n2_of_several_due_at_once_the_better_one_goes_whatever_came_first(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana = here.hire("ana")
    wishes += [Wish(ana, at(1), kind) for kind in ("check_in_reminder", "hello", "pulse", "check_in")]
    await here.travel.advance(NOW + timedelta(days=10))
    assert here.kinds("ana") == ["check_in", "pulse", "hello"]


async def test_n2_a_reminder_does_not_take_the_place_of_a_check_in_that_waits(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana = here.hire("ana")
    wishes += [Wish(ana, at(1), "hello"), Wish(ana, at(2), "goals"), Wish(ana, at(2, 15), "check_in")]
    wishes += [Wish(ana, at(3, 9), "goals_reminder")]
    await here.travel.advance(NOW + timedelta(days=10))
    assert here.kinds("ana") == ["hello", "goals", "check_in"]


async def test_a_reminder_that_finds_no_room_is_gone_for_good(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana = here.hire("ana")
    wishes += [Wish(ana, at(1), "check_in"), Wish(ana, at(1, 14), "check_in_reminder", lasts=60)]
    await here.travel.advance(NOW + timedelta(days=40))
    assert here.kinds("ana") == ["check_in"]


async def test_what_would_be_stale_by_then_falls_away(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana = here.hire("ana")
    wishes += [Wish(ana, at(day), "hello", lasts=3) for day in (1, 2, 3, 4)]
    await here.travel.advance(NOW + timedelta(days=40))
    assert len(here.kinds("ana")) == 3


# Changes of partner --------------------------------------------------------------------------------------------------


async def test_both_sides_of_an_introduction_hear_of_it_on_one_day(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana, bo = here.hire("ana"), here.hire("bo")
    wishes += [Wish(bo, at(1, 9), "hello"), Wish(ana, at(1), "introduction", "must_arrive", bo)]
    await here.travel.advance(NOW + timedelta(days=10))
    assert here.days("ana") == [at(2).date()]
    assert here.days("bo") == [at(1).date(), at(2).date()]


async def test_three_introductions_of_one_person_come_on_three_days_and_none_is_lost(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana, *others = [here.hire(name) for name in ("ana", "bo", "chidi", "dana")]
    wishes += [Wish(ana, at(1), "introduction", "must_arrive", other, lasts=1) for other in others]
    await here.travel.advance(NOW + timedelta(days=10))
    assert here.kinds("ana") == ["introduction"] * 3
    holds_the_budget(here.days("ana"))
    for name in ("bo", "chidi", "dana"):
        assert here.kinds(name) == ["introduction"]
        assert here.days(name)[0] in here.days("ana")
        assert len(here.slack.messages_among("ana", name)) == 1


async def test_an_introduction_waits_for_months_for_whoever_is_away(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana, bo = here.hire("ana"), here.hire("bo")

    def go_away(store: Store) -> None:
        store.people.get(bo).paused_until = date(2026, 6, 1)

    database.write_now(go_away)
    wishes += [Wish(ana, at(1), "introduction", "must_arrive", bo, lasts=21)]
    await here.travel.advance(NOW + timedelta(days=60))
    assert (here.kinds("ana"), here.kinds("bo")) == (["introduction"], [])
    assert here.slack.messages_among("ana", "bo") == []
    await here.travel.advance(datetime(2026, 6, 2, tzinfo=UTC))
    assert here.days("bo") == [date(2026, 6, 1)]
    assert len(here.slack.messages_among("ana", "bo")) == 1


# After an outage -----------------------------------------------------------------------------------------------------


async def test_d10_after_three_weeks_of_silence_nobody_gets_more_than_one_message_of_before(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana = here.hire("ana")
    kinds = ("hello", "pulse", "check_in", "check_in_reminder", "goals")
    wishes += [Wish(ana, at(2 + number), kind, lasts=60) for number, kind in enumerate(kinds)]
    wishes += [Wish(ana, at(25), "hello")]
    await here.engine.nudges.plan_nudges(here.clock.now())
    here.clock.move_to(at(23, 12))
    await here.travel.advance(at(60))
    assert here.kinds("ana") == ["check_in", "hello"]
    assert here.days("ana") == [at(23).date(), at(25).date()]


async def test_d10_what_waited_in_the_outbox_while_nobody_was_there_is_a_catching_up_too(database: Database) -> None:
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    ana = here.hire("ana")
    wishes += [Wish(ana, at(1), kind, lasts=60) for kind in ("hello", "check_in", "pulse")]
    await here.engine.nudges.plan_nudges(here.clock.now())
    here.clock.move_to(at(1))
    await here.engine.nudges.run_due(here.clock.now())
    here.clock.move_to(at(8, 12))
    await here.travel.advance(at(30))
    assert here.kinds("ana") == ["check_in"]
