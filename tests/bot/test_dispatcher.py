"""One turn: what came in has its effect once, the right person is found, and every mistake has a kind answer."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from adapters.platform import Profile
from bot.clock import VirtualClock
from bot.dispatcher import Dispatcher
from conversations.actions import Action
from conversations.cards import plain_text
from conversations.contacts import Address
from conversations.events import Arrived, Event, Inbound, Left, OpenedHome, Pressed, Said
from conversations.replies import Ask, AtOnce, Home, Replace, Say
from storage.database import Database, T, Work
from storage.store import Store
from storage.tables import Person
from tests.support.fake_platform import FakePlatform
from tests.support.tiny_flows import CONTENT, FLOWS, TRY

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def slack(database: Database, clock: VirtualClock) -> FakePlatform:
    platform = FakePlatform("slack")
    platform.employ("ana", "Ana Reyes")
    platform.dispatch = Dispatcher(database, FLOWS, CONTENT, {"slack": platform}, clock)
    return platform


def read(answers: Sequence[AtOnce]) -> str:
    """The words of all answers."""
    shown = [plain_text(answer.card) for answer in answers if isinstance(answer, Say | Replace | Home)]
    return "\n".join(shown)


def people(database: Database) -> dict[str, Person]:
    return database.read_now(lambda store: {person.name: person for person in store.people.everybody()})


def add_person(database: Database, email: str, name: str = "Ana of the roster") -> Person:
    def work(store: Store) -> Person:
        return store.people.add(Person(name=name, email=email, source="roster", timezone="Asia/Tokyo", created_at=NOW))

    return database.write_now(work)


# Words ---------------------------------------------------------------------------------------------------------------


async def test_the_longest_command_wins_and_the_rest_comes_along(slack: FakePlatform) -> None:
    assert read(await slack.command("ana", "Open Door, please  now")) == "door: please now"
    assert read(await slack.command("ana", "open doors")) == "open: doors"
    assert read(await slack.say("ana", "/mentor open")) == "open:"


async def test_a_command_counts_as_whole_words_only(slack: FakePlatform) -> None:
    assert read(await slack.say("ana", "opening night")) == "I do not know: opening night"


async def test_other_words_for_a_command_work_as_well(slack: FakePlatform) -> None:
    assert read(await slack.say("ana", "What can you do?")).startswith("help")


async def test_a_command_without_words_shows_help(slack: FakePlatform) -> None:
    assert read(await slack.command("ana", "")).startswith("help")


async def test_arriving_and_opening_home_have_their_steps(slack: FakePlatform) -> None:
    assert read(await slack.arrive("ana")) == "Welcome, Ana Reyes"
    assert read(await slack.open_home("ana")) == "Home of Ana Reyes"


# Once ----------------------------------------------------------------------------------------------------------------


async def test_d7_a_repeated_delivery_has_no_second_effect(slack: FakePlatform, database: Database) -> None:
    first = await slack.happen("ana", Pressed(), TRY.to("tells", person=1), inbound_id="same")
    again = await slack.happen("ana", Pressed(), TRY.to("tells", person=1), inbound_id="same")
    assert read(first) == "Told them"
    assert list(again) == []
    assert len(database.read_now(lambda store: store.sending.ready(NOW, 10))) == 1


async def test_d7_the_same_delivery_twice_at_once_has_one_effect(slack: FakePlatform, database: Database) -> None:
    both = await asyncio.gather(
        *(slack.happen("ana", Pressed(), TRY.to("tells", person=1), inbound_id="same") for _ in range(4))
    )
    assert sorted(read(answers) for answers in both)[-1] == "Told them"
    assert len(database.read_now(lambda store: store.sending.ready(NOW, 10))) == 1


async def test_a_message_with_the_same_key_is_written_once(slack: FakePlatform, database: Database) -> None:
    await slack.arrive("ana")
    await slack.press("ana", TRY.to("keyed", person=1))
    await slack.press("ana", TRY.to("keyed", person=1))
    assert len(database.read_now(lambda store: store.sending.ready(NOW, 10))) == 1


# Mistakes ------------------------------------------------------------------------------------------------------------


async def test_a_failing_step_leaves_nothing_behind_and_may_be_tried_again(
    slack: FakePlatform, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await slack.arrive("ana")
    caplog.set_level(logging.INFO, "flipside")
    answers = await slack.happen("ana", Pressed(), TRY.to("breaks"), inbound_id="x")
    assert "wrong on our side" in read(answers)
    assert people(database)["Ana Reyes"].location == ""
    assert "try.breaks" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "typed" not in caplog.text
    assert read(await slack.happen("ana", Pressed(), TRY.to("pressed"), inbound_id="x")) == "Thank you"


class Locked(Database):
    """A database that another program locks while `locked` is set."""

    locked = False

    def write_now(self, work: Work[T]) -> T:
        if self.locked:
            raise OSError("database is locked: Ana Reyes")
        return super().write_now(work)


@pytest.fixture
def locked(database_url: str) -> Iterator[Locked]:
    opened = Locked(database_url)
    yield opened
    opened.close()


async def test_what_nobody_waits_for_is_left_to_the_platform_to_bring_again(
    locked: Locked, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "flipside")
    slack = FakePlatform("slack")
    slack.employ("ana", "Ana Reyes")
    slack.dispatch = Dispatcher(locked, FLOWS, CONTENT, {"slack": slack}, clock)
    await slack.arrive("ana")
    locked.locked = True
    asked: tuple[Event, ...] = (OpenedHome(), Arrived(), Left())
    for number, event in enumerate(asked):
        with pytest.raises(OSError, match="locked"):
            await slack.happen("ana", event, inbound_id=f"delivery {number}")
    assert caplog.text.count("failed OSError") == 3
    assert "Reyes" not in caplog.text
    assert "wrong on our side" in read(await slack.say("ana", "open"))
    locked.locked = False
    assert read(await slack.happen("ana", OpenedHome(), inbound_id="delivery 0")) == "Home of Ana Reyes"
    await slack.happen("ana", Left(), inbound_id="delivery 2")
    assert locked.read_now(lambda store: store.accounts.of_people([1])) == []


@pytest.mark.parametrize(
    "action", [Action("gone", "step"), Action("try", "gone"), Action("try", "not_yours", {"pair": "x"})]
)
async def test_a_card_from_an_earlier_version_gets_a_kind_answer(slack: FakePlatform, action: Action) -> None:
    assert "an old one" in read(await slack.press("ana", action))


async def test_a_forwarded_card_does_nothing_for_somebody_else(slack: FakePlatform) -> None:
    assert "meant for somebody else" in read(await slack.press("ana", TRY.to("not_yours", pair=7)))


async def test_no_name_and_no_word_reaches_the_log(slack: FakePlatform, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "flipside")
    await slack.say("ana", "my salary is a secret")
    assert "help.unknown platform=slack" in caplog.text
    for secret in ("Ana", "ana@", "salary"):
        assert secret not in caplog.text


# Rights --------------------------------------------------------------------------------------------------------------


def appoint(database: Database, *emails: str) -> None:
    database.write_now(lambda store: store.people.appoint(emails))


async def test_coordinator_commands_are_for_coordinators(slack: FakePlatform, database: Database) -> None:
    slack.employ("omar")
    appoint(database, "omar@larkspur.example")
    assert read(await slack.command("omar", "status")) == "All is well"
    assert "for the coordinators" in read(await slack.command("ana", "status"))
    assert "for the coordinators" in read(await slack.press("ana", TRY.to("status")))


async def test_s5_a_guest_with_a_coordinators_email_has_no_rights(slack: FakePlatform, database: Database) -> None:
    slack.employ("guest", "A Guest", email="omar@larkspur.example", member=False)
    appoint(database, "omar@larkspur.example")
    assert "for the coordinators" in read(await slack.command("guest", "status"))
    assert people(database)["A Guest"].email is None


async def test_s5_a_look_alike_of_a_coordinators_email_is_somebody_else(
    slack: FakePlatform, database: Database
) -> None:
    """The Kelvin sign is no k, though Python lowers it to one."""
    slack.employ("mal", "Mal Lory", email="ni\u212ao@larkspur.example")
    appoint(database, "niko@larkspur.example")
    assert "for the coordinators" in read(await slack.command("mal", "status"))


async def test_s5_who_is_taken_off_the_list_is_no_coordinator_any_more(slack: FakePlatform, database: Database) -> None:
    slack.employ("omar")
    database.write_now(lambda store: store.people.appoint(["Omar@larkspur.example", "vera@larkspur.example"]))
    assert read(await slack.command("omar", "status")) == "All is well"
    database.write_now(lambda store: store.coordinators.remove("omar@larkspur.example"))
    assert "for the coordinators" in read(await slack.command("omar", "status"))


async def test_s5_a_coordinator_who_left_and_comes_back_as_a_guest_has_no_rights(
    slack: FakePlatform, database: Database
) -> None:
    slack.employ("omar")
    appoint(database, "omar@larkspur.example")
    assert read(await slack.command("omar", "status")) == "All is well"
    await slack.happen("omar", Left())
    slack.employ("omar", member=False)
    assert "for the coordinators" in read(await slack.command("omar", "status"))


# Who -----------------------------------------------------------------------------------------------------------------


async def test_a_member_is_linked_to_the_roster_by_email(slack: FakePlatform, database: Database) -> None:
    add_person(database, "ana@larkspur.example")
    assert read(await slack.arrive("ana")) == "Welcome, Ana of the roster"
    assert people(database)["Ana of the roster"].timezone == "Asia/Tokyo"


async def test_one_person_on_two_platforms_is_one_person(
    slack: FakePlatform, database: Database, clock: VirtualClock
) -> None:
    teams = FakePlatform("teams")
    teams.employ("29:ana", "Reyes, Ana", email="Ana@Larkspur.example")
    teams.dispatch = Dispatcher(database, FLOWS, CONTENT, {"teams": teams}, clock)
    await slack.arrive("ana")
    assert read(await teams.arrive("29:ana")) == "Welcome, Ana Reyes"
    accounts = database.read_now(lambda store: store.accounts.logins(1))
    assert {account.platform for account in accounts} == {"slack", "teams"}


async def test_when_the_profile_cannot_be_had_the_person_is_merged_later(
    slack: FakePlatform, database: Database, clock: VirtualClock
) -> None:
    roster = add_person(database, "ana@larkspur.example")
    profile = slack.profiles.pop("ana")
    await slack.press("ana", TRY.to("tells", person=roster.id))
    assert read(await slack.arrive("ana")) == "Welcome, New colleague"
    slack.profiles["ana"] = profile
    clock.move_to(NOW + timedelta(minutes=2))
    assert read(await slack.arrive("ana")) == "Welcome, Ana of the roster"
    [account] = database.read_now(lambda store: store.accounts.logins(roster.id))
    assert account.user == "ana"


@pytest.mark.slow
async def test_a_platform_that_answers_slowly_holds_nobody_up(slack: FakePlatform) -> None:
    never = asyncio.Event()

    asked: list[str] = []

    async def wait() -> None:
        asked.append("profile")
        await never.wait()

    slack.meanwhile = wait
    assert read(await slack.arrive("ana")) == "Welcome, New colleague"
    # It is not asked again at once: the second turn is answered without a wait.
    assert read(await slack.say("ana", "open")) == "open:"
    assert asked == ["profile"]


async def test_a_known_person_is_not_looked_up_again(slack: FakePlatform, database: Database) -> None:
    await slack.arrive("ana")
    slack.profiles["ana"] = Profile("Somebody Else", "else@larkspur.example", member=True)
    assert read(await slack.arrive("ana")) == "Welcome, Ana Reyes"


async def test_who_left_is_reached_again_when_they_write(slack: FakePlatform, database: Database) -> None:
    await slack.arrive("ana")
    assert list(await slack.happen("ana", Left())) == []
    assert database.read_now(lambda store: store.accounts.of_people([1])) == []
    await slack.say("ana", "open")
    assert len(database.read_now(lambda store: store.accounts.of_people([1]))) == 1


async def test_a_better_route_is_kept(slack: FakePlatform, database: Database) -> None:
    await slack.arrive("ana")
    assert slack.dispatch is not None
    await slack.dispatch(Inbound("r1", Address("slack", "larkspur", "ana", route="D9"), Said("open")))
    [account] = database.read_now(lambda store: store.accounts.logins(1))
    assert account.route == "D9"


# Answers -------------------------------------------------------------------------------------------------------------


async def test_a_form_and_what_was_typed(slack: FakePlatform) -> None:
    [answer] = await slack.press("ana", TRY.to("asks"))
    assert isinstance(answer, Ask)
    assert read(await slack.submit("ana", answer.form.action, name="Bo")) == "Got Bo"


async def test_a_consultation_shows_something_meanwhile(slack: FakePlatform, database: Database) -> None:
    assert read(await slack.press("ana", TRY.to("consults"))) == "I am thinking"
    [row] = database.read_now(lambda store: store.consultations.waiting())
    assert (row.what, row.about) == ("sum", {"of": [1, 2]})
