"""The outbox: what must arrive does, nothing is sent twice without need, nobody is disturbed."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, select

from adapters.platform import Delivered, Refused, Sent, Uncertain
from bot.clock import VirtualClock
from bot.engine import Engine
from bot.pace import Limit, Pace
from bot.settling import backoff
from conversations.cards import Card
from conversations.contacts import Address, Group, Place
from storage.database import Database
from storage.engines import driver_url
from storage.store import Store
from storage.tables import OutboxMessage, Person, Program, SenderLease
from tests.support.fake_platform import FakePlatform
from tests.support.tiny_flows import CONTENT, FLOWS, TRY

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
ANA, BO, CHIDI = 1, 2, 3
NO_LIMITS = Pace({})


class Office:
    """Three people with accounts on Slack, and an engine on a virtual clock."""

    def __init__(self, database: Database, pace: Pace | None = None) -> None:
        self.database = database
        self.clock = VirtualClock(NOW)
        self.slack = FakePlatform("slack", clock=self.clock.now)
        self.teams = FakePlatform("teams", clock=self.clock.now)
        self.engine = Engine(
            database, [self.slack, self.teams], flows=FLOWS, content=CONTENT, clock=self.clock, pace=pace or Pace({})
        )
        self.travel = self.engine.time_travel(self.clock)

    async def open(self, *users: str) -> None:
        await self.engine.start()
        for user in users:
            self.slack.employ(user, timezone="Europe/London")
            await self.slack.arrive(user)

    async def tell(self, person: int, **args: str | int) -> None:
        await self.slack.press("ana", TRY.to("tells", person=person, **args))

    async def deliver(self) -> int:
        return await self.engine.delivery.deliver_due()

    def rows(self) -> Sequence[OutboxMessage]:
        return self.database.read_now(all_rows)

    @property
    def states(self) -> list[str]:
        return [row.state for row in self.rows()]


def all_rows(store: Store) -> Sequence[OutboxMessage]:
    return store.outbox.everything()


@pytest.fixture
async def here(database: Database) -> Office:
    office = Office(database)
    await office.open("ana", "bo", "chidi")
    return office


# Arriving ------------------------------------------------------------------------------------------------------------


async def test_a_message_arrives_once_and_is_settled(here: Office) -> None:
    await here.tell(BO)
    assert here.engine.delivery.wake.is_set()
    assert await here.deliver() == 1
    assert await here.deliver() == 0
    [message] = here.slack.messages_to("bo")
    assert "Somebody says hello" in message.text
    [row] = here.rows()
    assert (row.state, row.ref) == ("sent", message.ref)


async def test_messages_to_one_person_keep_their_order(here: Office) -> None:
    for _ in range(5):
        await here.tell(BO)
    await here.deliver()
    order = [row.delivery_id for row in here.rows()]
    assert [message.delivery_id for message in here.slack.messages_to("bo")] == order


@pytest.mark.slow
@pytest.mark.parametrize("shows_history", [True, False])
async def test_d8_what_somebody_is_changing_is_not_overtaken_and_holds_up_nobody_else(
    postgres_url: str, shows_history: bool
) -> None:
    """Only PostgreSQL lets another one read what is being changed."""
    database, elsewhere = Database(postgres_url), create_engine(driver_url(postgres_url))
    here = Office(database)
    here.slack.shows_history = shows_history
    await here.open("ana", "bo", "chidi")
    for person in (BO, BO, CHIDI):
        await here.tell(person)
    first = min(row.id for row in here.rows() if row.person_id == BO)
    with elsewhere.begin() as changing:
        changing.execute(select(OutboxMessage.id).where(OutboxMessage.id == first).with_for_update())
        await here.deliver()
    assert len(here.slack.messages_to("chidi")) == 1
    assert here.slack.messages_to("bo") == []
    await here.deliver()
    order = [row.delivery_id for row in here.rows() if row.person_id == BO]
    assert [message.delivery_id for message in here.slack.messages_to("bo")] == order
    database.close()
    elsewhere.dispose()


async def test_a_slow_message_to_one_person_holds_nobody_else_up(here: Office) -> None:
    here.slack.shows_history = True
    for user in ("ana", "bo", "chidi"):
        await here.slack.say(user, "open")
    under_way: list[int] = []
    all_three = asyncio.Event()

    async def meanwhile() -> None:
        under_way.append(1)
        if len(under_way) == 3:
            all_three.set()
        await asyncio.wait_for(all_three.wait(), 10)

    here.slack.meanwhile = meanwhile
    for person in (ANA, BO, CHIDI, ANA, BO, CHIDI):
        await here.tell(person)
    await here.deliver()
    assert len(here.slack.log) == 6


async def test_a_better_route_is_used_next_time(here: Office) -> None:
    here.slack.outcomes.append(Delivered("m1", route="D1"))
    await here.tell(BO)
    await here.tell(BO)
    await here.deliver()
    first, second = here.slack.log
    assert isinstance(first.to, Address)
    assert isinstance(second.to, Address)
    assert (first.to.route, second.to.route) == ("", "D1")


# Refused and uncertain -----------------------------------------------------------------------------------------------


async def test_d8_when_the_platform_asks_to_wait_nothing_goes_before(here: Office) -> None:
    here.slack.outcomes.append(Refused("ratelimited", retry_after=30))
    await here.tell(BO)
    await here.deliver()
    await here.tell(BO)
    await here.tell(CHIDI)
    await here.travel.advance(NOW + timedelta(seconds=29))
    assert here.slack.attempts == 1
    await here.travel.advance(NOW + timedelta(seconds=31))
    assert {message.at for message in here.slack.log} == {NOW + timedelta(seconds=30)}
    ids = [row.delivery_id for row in here.rows() if row.person_id == BO]
    assert [message.delivery_id for message in here.slack.messages_to("bo")] == ids


async def test_what_must_arrive_goes_again_when_it_is_uncertain(here: Office) -> None:
    here.slack.outcomes.append(Uncertain("timeout"))
    await here.tell(BO)
    await here.travel.advance(NOW + timedelta(hours=1))
    assert (here.slack.attempts, len(here.slack.log)) == (2, 1)


async def test_a_nudge_is_not_sent_again_when_it_is_uncertain(here: Office) -> None:
    here.slack.outcomes.append(Uncertain("timeout"))
    await here.tell(BO, delivery="nudge")
    await here.travel.advance(NOW + timedelta(hours=1))
    assert (here.slack.attempts, here.states) == (1, ["dropped"])


async def test_an_adapter_that_fails_counts_as_uncertain(here: Office) -> None:
    async def fail() -> None:
        raise ConnectionResetError

    here.slack.meanwhile = fail
    await here.tell(BO)
    await here.deliver()
    here.slack.meanwhile = None
    await here.travel.advance(NOW + timedelta(hours=1))
    assert here.states == ["sent"]


async def test_what_a_dead_process_was_sending_is_uncertain(here: Office) -> None:
    def dies(store: Store) -> None:
        for row, person in zip(store.outbox.everything(), (BO, CHIDI), strict=True):
            assert row.person_id == person
            row.state, row.sending_since, row.owner, row.attempts = "sending", NOW, "dead", 1

    await here.tell(BO)
    await here.tell(CHIDI, delivery="nudge")
    here.database.write_now(dies)
    assert await here.deliver() == 0
    here.clock.move_to(NOW + timedelta(minutes=1))
    assert await here.engine.delivery.recover() == 2
    await here.travel.advance(NOW + timedelta(minutes=5))
    assert (len(here.slack.messages_to("bo")), len(here.slack.messages_to("chidi"))) == (1, 0)


def test_retries_wait_longer_and_longer_up_to_an_hour_and_a_half() -> None:
    waits = [backoff(attempt, "some-id") for attempt in range(1, 30)]
    assert timedelta(seconds=5) <= waits[0] <= timedelta(seconds=7.5)
    assert max(waits) <= timedelta(minutes=90)
    assert waits[20] >= timedelta(hours=1)


async def test_d9_two_processes_on_one_database_send_each_message_once(database_url: str) -> None:
    databases = [Database(database_url), Database(database_url)]
    one, other = (Office(database) for database in databases)
    await one.open("ana", "bo", "chidi")
    for number in range(12):
        await one.tell(1 + number % 3)
    await asyncio.gather(one.deliver(), other.deliver(), one.deliver(), other.deliver())
    sent = [message.delivery_id for message in (*one.slack.log, *other.slack.log)]
    assert sorted(sent) == sorted(row.delivery_id for row in one.rows())
    for database in databases:
        database.close()


async def test_d9_a_lease_from_before_the_clock_was_put_back_holds_nobody_up(here: Office) -> None:
    """Whoever had it is dead; by its own words it would last for another hour."""

    def stamp(store: Store) -> None:
        for lease in store.people._session.scalars(select(SenderLease)):
            lease.owner, lease.fence, lease.until = "somebody dead", lease.fence + 1, NOW + timedelta(hours=1)

    await here.tell(BO)
    await here.deliver()
    here.database.write_now(stamp)
    await here.tell(BO)
    await here.deliver()
    assert here.states == ["sent", "sent"]


async def test_d9_a_second_process_started_by_mistake_leaves_what_the_first_is_sending(sqlite_url: str) -> None:
    """On SQLite a start settles everything half-way, but only when nobody else can be sending it right now."""
    databases = [Database(sqlite_url), Database(sqlite_url)]
    one, other = (Office(database) for database in databases)
    await one.open("ana", "bo")
    await one.tell(BO)
    started = asyncio.Event()

    async def meanwhile() -> None:
        await other.engine.start()
        await other.deliver()
        started.set()

    one.slack.meanwhile = meanwhile
    await one.deliver()
    assert started.is_set()
    assert (len(one.slack.log), len(other.slack.log), one.states) == (1, 0, ["sent"])
    databases[0].close()
    assert databases[1].is_alone()
    databases[1].close()


# People who cannot be reached ----------------------------------------------------------------------------------------


async def test_an_account_that_is_gone_is_closed_and_the_other_one_is_used(here: Office) -> None:
    here.teams.employ("29:bo", email="bo@larkspur.example")
    await here.teams.arrive("29:bo")
    here.clock.move_to(NOW + timedelta(minutes=5))
    await here.slack.say("bo", "open")
    here.slack.judge = lambda to, card: Refused("account_inactive", for_good=True)
    await here.tell(BO)
    await here.deliver()
    assert len(here.teams.messages_to("29:bo")) == 1


async def test_somebody_without_any_account_left_hears_it_when_they_write(here: Office) -> None:
    here.slack.outcomes.append(Refused("account_inactive", for_good=True))
    await here.tell(BO)
    await here.deliver()
    [person] = [person for person in here.database.read_now(everybody) if person.id == BO]
    assert person.unreachable_reason == "account_inactive"
    await here.travel.advance(NOW + timedelta(hours=1))
    # The author hears of it once.
    assert [message.text for message in here.slack.messages_to("ana")] == ["It could not be delivered"]
    await here.slack.say("bo", "open")
    await here.deliver()
    assert len(here.slack.messages_to("bo")) == 1


def everybody(store: Store) -> Sequence[Person]:
    return store.people.everybody()


async def test_a_message_that_the_platform_will_not_take_blames_nobody(here: Office) -> None:
    here.slack.outcomes.append(Refused("invalid_blocks", for_good=True, wrong_message=True))
    await here.tell(BO)
    await here.tell(BO)
    await here.deliver()
    assert here.states == ["failed", "sent"]


async def test_somebody_of_the_roster_is_found_by_their_work_email(here: Office) -> None:
    def hire(store: Store) -> int:
        return store.people.add(Person(name="Dana", email="dana@larkspur.example", source="roster", created_at=NOW)).id

    dana = here.database.write_now(hire)
    await here.tell(dana)
    await here.deliver()
    assert here.states == ["waiting"]
    here.slack.employ("dana")
    await here.travel.advance(NOW + timedelta(days=2))
    assert len(here.slack.messages_to("dana")) == 1


async def test_a_guest_with_the_right_email_is_not_who_we_look_for(here: Office) -> None:
    here.slack.employ("stranger", email="dana@larkspur.example", member=False)
    dana = here.database.write_now(
        lambda store: store.people.add(Person(name="Dana", email="dana@larkspur.example", created_at=NOW)).id
    )
    await here.tell(dana)
    await here.deliver()
    assert here.slack.messages_to("stranger") == []


async def test_what_waits_for_somebody_goes_when_they_arrive(here: Office) -> None:
    dana = here.database.write_now(
        lambda store: store.people.add(Person(name="Dana", email="dana@larkspur.example", created_at=NOW)).id
    )
    await here.tell(dana)
    await here.deliver()
    here.slack.employ("dana")
    await here.slack.arrive("dana")
    await here.deliver()
    assert len(here.slack.messages_to("dana")) == 1


# When ----------------------------------------------------------------------------------------------------------------


async def test_unasked_messages_wait_for_working_hours(here: Office) -> None:
    here.clock.move_to(NOW.replace(hour=18))
    await here.tell(BO, prompted="no")
    await here.deliver()
    assert here.slack.messages_to("bo") == []
    await here.travel.advance(NOW + timedelta(days=2))
    assert here.slack.messages_to("bo")[0].at == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


async def test_what_expires_before_working_hours_is_never_sent(here: Office) -> None:
    here.clock.move_to(NOW.replace(hour=18))
    await here.tell(BO, prompted="no")
    here.database.write_now(lambda store: expire(store, NOW.replace(hour=20)))
    await here.travel.advance(NOW + timedelta(days=2))
    assert here.slack.messages_to("bo") == []
    assert here.states[0] == "dropped"
    # Whoever caused it hears that it can never arrive.
    assert [message.text for message in here.slack.messages_to("ana")] == ["It could not be delivered"]


def expire(store: Store, at: datetime) -> None:
    for row in store.outbox.everything():
        row.expires_at = at


# Holds, silence, and people who are gone ----------------------------------------------------------------------------


def hold(store: Store, since: datetime | None) -> int:
    """A program on hold since then."""
    found = store.programs.named("Digital fluency")
    if found is None:
        row = {"themes": [], "questions": [], "objective": "", "success": "", "template": "digital_fluency"}
        day = NOW.date()
        found = store.programs.add(
            Program(
                name="Digital fluency",
                matching_on=day,
                starts_on=day,
                ends_on=day + timedelta(days=180),
                created_by=ANA,
                created_at=NOW,
                **row,
            )
        )
    found.held_since = since
    store.flush()
    return found.id


def mark(here: Office, person: int, **columns: datetime | None) -> None:
    def work(store: Store) -> None:
        for column, value in columns.items():
            setattr(store.people.get(person), column, value)

    here.database.write_now(work)


async def test_nothing_unasked_leaves_a_program_on_hold_and_nothing_is_replayed_afterwards(here: Office) -> None:
    program = here.database.write_now(lambda store: hold(store, NOW))
    await here.tell(BO, prompted="no", program=program)
    await here.tell(CHIDI, program=program)
    await here.deliver()
    assert here.slack.messages_to("bo") == []
    assert len(here.slack.messages_to("chidi")) == 1
    here.database.write_now(lambda store: hold(store, None))
    await here.travel.advance(NOW + timedelta(days=30))
    assert here.slack.messages_to("bo") == []
    await here.tell(BO, prompted="no", program=program)
    await here.deliver()
    assert len(here.slack.messages_to("bo")) == 1


async def test_an_introduction_waits_until_its_program_goes_on(here: Office) -> None:
    program = here.database.write_now(lambda store: hold(store, NOW))
    await here.tell(BO, prompted="no", program=program, kind="rotation")
    here.database.write_now(lambda store: expire(store, NOW + timedelta(days=2)))
    await here.travel.advance(NOW + timedelta(days=30))
    assert here.slack.messages_to("bo") == []
    here.database.write_now(lambda store: hold(store, None))
    await here.travel.advance(NOW + timedelta(days=33))
    assert len(here.slack.messages_to("bo")) == 1


async def test_coordinators_hear_from_a_program_on_hold(here: Office) -> None:
    program = here.database.write_now(lambda store: hold(store, NOW))
    await here.tell(BO, prompted="no", program=program, kind="coordinator_digest")
    await here.deliver()
    assert len(here.slack.messages_to("bo")) == 1


async def test_a_date_of_the_partner_and_the_answer_to_a_request_pass_a_hold(here: Office) -> None:
    program = here.database.write_now(lambda store: hold(store, NOW))
    await here.tell(BO, prompted="no", program=program, kind="booked")
    await here.tell(CHIDI, prompted="no", program=program, kind="answer")
    await here.deliver()
    assert len(here.slack.messages_to("bo")) == len(here.slack.messages_to("chidi")) == 1


async def test_whoever_is_gone_gets_nothing_more_not_even_what_somebody_asked_for(here: Office) -> None:
    await here.tell(BO)
    mark(here, BO, gone_since=NOW)
    await here.tell(BO, prompted="no")
    await introduce(here, BO, CHIDI)
    await here.travel.advance(NOW + timedelta(days=30))
    assert here.slack.messages_to("bo") == []
    assert here.slack.messages_among("bo", "chidi") == []


async def test_whoever_was_left_in_peace_hears_of_a_new_partner_and_of_nothing_else(here: Office) -> None:
    mark(here, BO, silent_since=NOW - timedelta(days=3))
    await here.tell(BO, prompted="no")
    await here.tell(BO, prompted="no", kind="shared_line")
    await introduce(here, BO, CHIDI)
    await here.travel.advance(NOW + timedelta(days=30))
    assert [message.text for message in here.slack.messages_to("bo")] == ["For the one"]
    await here.slack.say("bo", "open")
    await here.tell(BO, prompted="no")
    await here.deliver()
    assert len(here.slack.messages_to("bo")) == 2


async def test_nobody_is_left_in_peace_for_a_question_that_never_reached_them(here: Office) -> None:
    here.clock.move_to(NOW.replace(hour=18))
    mark(here, BO, silent_since=here.clock.now())
    await here.tell(BO, prompted="no", kind="check_in", delivery="nudge")
    here.database.write_now(lambda store: expire(store, NOW.replace(hour=20)))
    await here.deliver()
    [person] = [person for person in here.database.read_now(everybody) if person.id == BO]
    assert person.silent_since is None


async def test_d14_what_is_queued_goes_at_once_when_somebody_stops(here: Office) -> None:
    program = here.database.write_now(lambda store: hold(store, None))
    here.clock.move_to(NOW.replace(hour=18))
    for kind in ("check_in", "hello", "rotation", "coordinator_digest"):
        await here.tell(BO, prompted="no", kind=kind, program=program)
    await here.tell(BO, prompted="no", kind="check_in")
    await here.tell(CHIDI, prompted="no", kind="check_in", program=program)
    await here.tell(BO)
    here.database.write_now(
        lambda store: store.outbox.drop_unprompted(BO, "left", here.clock.now(), program, keep=("rotation",))
    )
    await here.travel.advance(NOW + timedelta(days=30))
    by_kind = [row.kind for row in here.rows() if row.person_id == BO and row.state == "sent"]
    assert by_kind == ["rotation", "coordinator_digest", "check_in", "hello"]
    assert len(here.slack.messages_to("bo")) == 4
    assert len(here.slack.messages_to("chidi")) == 1


async def test_d14_a_group_chat_that_waits_goes_with_the_rest_when_one_of_the_two_stops(here: Office) -> None:
    await introduce(here, BO, CHIDI)
    here.database.write_now(lambda store: store.outbox.drop_unprompted(BO, "left", NOW))
    await here.travel.advance(NOW + timedelta(days=30))
    assert here.slack.messages_to("bo") == []
    assert here.slack.messages_among("bo", "chidi") == []


@pytest.mark.parametrize("outcome", [Refused("ratelimited", retry_after=60), Uncertain("timeout")])
@pytest.mark.parametrize("moment", ["meanwhile", "after"])
@pytest.mark.parametrize("by", ["key", "pair"])
async def test_what_is_called_off_is_not_tried_again(
    here: Office, outcome: Refused | Uncertain, moment: str, by: str
) -> None:
    await here.tell(BO)
    key = here.rows()[0].key
    here.database.write_now(lambda store: setattr(store.outbox.with_key(key), "pair_id", 7))

    def drop(store: Store) -> None:
        if by == "key":
            store.outbox.drop([key], "pair_ended", here.clock.now())
        else:
            store.outbox.drop_about([BO], [7], "left", here.clock.now())

    async def call_off() -> None:
        here.slack.meanwhile = None
        here.database.write_now(drop)

    here.slack.outcomes.append(outcome)
    here.slack.meanwhile = call_off if moment == "meanwhile" else None
    await here.deliver()
    if moment == "after":
        await call_off()
    await here.travel.advance(NOW + timedelta(hours=2))
    assert (here.slack.messages_to("bo"), here.states[0]) == ([], "dropped")


# Edits ---------------------------------------------------------------------------------------------------------------


async def test_an_update_changes_the_message_on_the_screen(here: Office) -> None:
    await here.slack.press("ana", TRY.to("keyed", person=BO))
    await here.deliver()
    await here.slack.press("ana", TRY.to("changes"))
    await here.deliver()
    assert [message.text for message in here.slack.messages_to("bo")] == ["Changed"]


async def test_an_update_of_what_was_never_sent_leaves_nothing_to_send(here: Office) -> None:
    await here.slack.press("ana", TRY.to("keyed", person=BO))
    await here.slack.press("ana", TRY.to("changes"))
    await here.travel.advance(NOW + timedelta(days=1))
    assert here.slack.log == []


async def test_an_update_of_what_may_have_arrived_goes_in_its_place(here: Office) -> None:
    here.slack.outcomes.append(Uncertain("timeout"))
    await here.slack.press("ana", TRY.to("keyed", person=BO))
    await here.deliver()
    await here.slack.press("ana", TRY.to("changes"))
    await here.travel.advance(NOW + timedelta(hours=1))
    assert [message.text for message in here.slack.messages_to("bo")] == ["Changed"]


async def test_an_edit_that_is_refused_closes_no_account(here: Office) -> None:
    await here.slack.press("ana", TRY.to("keyed", person=BO))
    await here.deliver()
    here.slack.outcomes.append(Refused("message_not_found", for_good=True))
    await here.slack.press("ana", TRY.to("changes"))
    await here.deliver()
    await here.tell(BO)
    await here.deliver()
    assert len(here.slack.messages_to("bo")) == 2


# Introductions and announcements -------------------------------------------------------------------------------------


async def introduce(here: Office, one: int, other: int) -> None:
    await here.slack.press("ana", TRY.to("introduces", one=one, other=other))


async def test_an_introduction_reaches_each_alone_and_then_both(here: Office) -> None:
    await introduce(here, BO, CHIDI)
    await here.travel.advance(NOW + timedelta(minutes=1))
    assert [message.text for message in here.slack.messages_to("bo")] == ["For the one"]
    assert [message.text for message in here.slack.messages_to("chidi")] == ["For the other"]
    assert [message.text for message in here.slack.messages_among("bo", "chidi")] == ["For both"]
    assert isinstance(here.slack.log[-1].to, Group)


async def test_a_pair_on_two_platforms_gets_the_private_cards_only(here: Office) -> None:
    here.teams.employ("29:dana", email="dana@larkspur.example", timezone="Europe/London")
    await here.teams.arrive("29:dana")
    await introduce(here, BO, 4)
    await here.travel.advance(NOW + timedelta(minutes=1))
    assert [message.text for message in here.teams.messages_to("29:dana")] == ["For the other"]
    assert [message.text for message in here.slack.messages_to("bo")] == ["For the one"]
    assert not any(isinstance(seen.to, Group) for seen in (*here.slack.log, *here.teams.log))


async def test_a_group_chat_that_cannot_be_opened_is_let_go(here: Office) -> None:
    def judge(to: Address | Group | Place, card: Card) -> Sent | None:
        return Refused("cannot_open_group", for_good=True) if isinstance(to, Group) else None

    here.slack.judge = judge
    await introduce(here, BO, CHIDI)
    await here.travel.advance(NOW + timedelta(hours=1))
    assert sorted(here.states) == ["dropped", "sent", "sent"]


async def test_the_group_chat_waits_until_both_have_their_own_card(here: Office) -> None:
    here.slack.outcomes.append(Refused("ratelimited", retry_after=600))
    await introduce(here, BO, CHIDI)
    await here.travel.advance(NOW + timedelta(minutes=9))
    assert here.slack.messages_among("bo", "chidi") == []
    await here.travel.advance(NOW + timedelta(minutes=11))
    assert len(here.slack.messages_among("bo", "chidi")) == 1


async def test_an_announcement_goes_where_it_was_typed(here: Office) -> None:
    await here.slack.command("ana", "announce", here.slack.place("general"))
    await here.deliver()
    assert [message.text for message in here.slack.messages_in("general")] == ["Come all"]


async def test_an_announcement_that_cannot_be_posted_is_told_to_its_author(here: Office) -> None:
    here.slack.outcomes.append(Refused("not_in_channel", for_good=True))
    await here.slack.command("ana", "announce", here.slack.place("private", private=True))
    await here.travel.advance(NOW + timedelta(minutes=1))
    assert [message.text for message in here.slack.messages_to("ana")] == ["It could not be delivered"]


# Pace ----------------------------------------------------------------------------------------------------------------


async def test_no_more_goes_out_in_a_minute_than_the_workspace_allows(sqlite_database: Database) -> None:
    here = Office(sqlite_database, Pace({"slack": Limit(messages=10, seconds=60, apart=1)}))
    await here.open("ana", "bo", "chidi")
    for number in range(30):
        await here.tell(1 + number % 3)
    await here.travel.advance(NOW + timedelta(minutes=10))
    moments = sorted(message.at for message in here.slack.log if message.at)
    assert len(moments) == 30
    for first, eleventh in zip(moments, moments[10:], strict=False):
        assert eleventh - first >= timedelta(seconds=60)


async def test_one_person_gets_at_most_one_message_a_second(sqlite_database: Database) -> None:
    here = Office(sqlite_database, Pace())
    await here.open("ana", "bo")
    for _ in range(5):
        await here.tell(BO)
    await here.travel.advance(NOW + timedelta(minutes=1))
    moments = [message.at for message in here.slack.messages_to("bo")]
    assert moments == [NOW + timedelta(seconds=second) for second in range(5)]


async def test_a_card_that_cannot_be_read_any_more_stops_nobody(here: Office) -> None:
    await here.tell(BO)
    here.database.write_now(spoil)
    await here.tell(CHIDI)
    await here.deliver()
    assert sorted(here.states) == ["failed", "sent"]


def spoil(store: Store) -> None:
    for row in store.outbox.everything():
        row.card = "{"


async def test_no_name_and_no_word_reaches_the_log(here: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "flipside")
    await here.tell(BO)
    await here.deliver()
    assert "delivery kind=hello platform=slack" in caplog.text
    for secret in ("bo@", "Bo", "Somebody says"):
        assert secret not in caplog.text
