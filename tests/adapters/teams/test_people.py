"""Who somebody is, and when they come and go."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from adapters.platform import Profile
from conversations.cards import card
from conversations.events import Arrived, Inbound, Left
from conversations.replies import AtOnce, Say
from tests.adapters.teams.conftest import ScriptedBot, running
from tests.support.patience import SECONDS
from tests.support.teams_server import Fault, TeamsStub

CHANNEL = "19:general@thread.tacv2"


async def test_a_profile_holds_what_the_roster_and_the_activities_tell(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz", "Ana.Ruiz@larkspur.example", login="ana.r@larkspur.example")
    await ana.say("help")
    assert await bot.teams.profile(bot.last.address) == Profile(
        name="Ana Ruiz",
        email="ana.ruiz@larkspur.example",
        login="ana.r@larkspur.example",
        timezone="Europe/Berlin",
        locale="en-GB",
        member=True,
    )


@pytest.mark.parametrize(
    "stranger",
    [
        {"role": "guest"},
        {"role": "anonymous"},
        {"role": ""},
        {"login": "ana_other.example#EXT#@larkspur.example"},
    ],
)
async def test_a_guest_is_no_member(bot: ScriptedBot, stranger: dict[str, str]) -> None:
    ana = bot.stub.person("Ana Ruiz", **stranger)
    await ana.say("help")
    profile = await bot.teams.profile(bot.last.address)
    assert profile is not None
    assert not profile.member


async def test_a_member_of_another_tenant_is_no_member(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await ana.say("help")
    ana.tenant = "99999999-0000-4000-8000-000000000000"
    profile = await bot.teams.profile(bot.last.address)
    assert profile is not None
    assert not profile.member


async def test_somebody_who_wrote_in_a_channel_is_known_as_well(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await ana.command("help", channel=CHANNEL)
    profile = await bot.teams.profile(bot.last.address)
    assert profile is not None
    assert profile.member


@pytest.mark.slow
async def test_a_profile_is_unknown_after_a_second_or_a_fault(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await ana.say("help")
    bot.stub.fail("member", Fault(503), Fault(way="hang"))
    assert await bot.teams.profile(bot.last.address) is None
    async with asyncio.timeout(SECONDS):
        assert await bot.teams.profile(bot.last.address) is None


async def test_nobody_is_found_by_mail(bot: ScriptedBot) -> None:
    assert await bot.teams.find("ana@larkspur.example") is None


async def test_an_installation_greets_once_and_a_new_one_greets_again(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Say(card("Welcome")))
    await ana.install()
    await ana.sees("Welcome")
    await ana.uninstall()
    await ana.install()
    await bot.stub.until(lambda: len(ana.messages) >= 2, what="the second welcome")
    assert [inbound.event for inbound in bot.came_in] == [Arrived(), Left(), Arrived()]
    assert len({inbound.id for inbound in bot.came_in}) == 3


async def test_an_arrival_that_met_a_fault_of_ours_is_not_acknowledged_so_that_it_comes_again(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")

    def locked(_: Inbound) -> Sequence[AtOnce]:
        raise OSError("database is locked")

    bot.script = locked
    installed = {**ana._activity("installationUpdate"), "action": "add"}
    assert (await bot.stub.deliver(installed))[0] == 500
    bot.answers(Say(card("Welcome")))
    assert (await bot.stub.deliver(installed))[0] == 201
    await ana.sees("Welcome")


async def test_an_upgrade_of_the_app_greets_nobody_twice(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    for _ in range(3):
        await ana.install("add-upgrade")
    assert len({inbound.id for inbound in bot.came_in}) == 1


async def test_an_installation_in_a_team_is_nobodys_arrival(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await bot.stub.deliver({**ana._activity("installationUpdate", CHANNEL), "action": "add"})
    added = {"membersAdded": [{"id": "28:bot"}]}
    await bot.stub.deliver({**ana._activity("conversationUpdate", CHANNEL), **added})
    assert bot.came_in == []


@pytest.fixture
async def local_bot() -> AsyncIterator[ScriptedBot]:
    async with TeamsStub(signed=False) as stub, running(stub, local=True) as started:
        yield started


async def test_reloading_the_local_playground_does_not_greet_again(local_bot: ScriptedBot) -> None:
    ana = local_bot.stub.person("Ana Ruiz")
    for _ in range(3):
        await ana.install()
    assert len({inbound.id for inbound in local_bot.came_in}) == 1
    await ana.uninstall()
    await ana.install()
    assert len({inbound.id for inbound in local_bot.came_in}) == 3
