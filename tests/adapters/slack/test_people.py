"""Who is who, and who is only a guest."""

import asyncio
from typing import Any

import pytest

from adapters.platform import Profile
from adapters.slack.api import web_client
from adapters.slack.people import People
from conversations.contacts import Address
from tests.adapters.slack.conftest import ScriptedBot, running
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault, SlackStub


async def test_a_colleague_has_name_e_mail_and_time_zone(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    profile = await bot.platform.profile(Address("slack", slack.team, ana.id))
    assert profile == Profile("Ana Ruiz", "ana@larkspur.example", "", "Europe/Madrid", "en-GB", member=True)


@pytest.mark.parametrize(
    "account",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"is_bot": True},
        {"deleted": True},
        {"team_id": "T0OTHER"},
        {"id": "USLACKBOT"},
    ],
)
async def test_guests_strangers_bots_and_closed_accounts_are_not_members(
    slack: SlackStub, bot: ScriptedBot, account: dict[str, Any]
) -> None:
    person = slack.add_person("Mal", "mal@larkspur.example", **account)
    profile = await bot.platform.profile(Address("slack", person.account["team_id"], person.id))
    assert profile
    assert not profile.member
    assert await bot.platform.find("mal@larkspur.example") is None


async def test_s5_while_our_own_workspace_is_not_known_nobody_is_taken_for_a_member(slack: SlackStub) -> None:
    """The payload of a stranger names the stranger's own workspace."""
    eve = slack.add_person("Eve Stern", "hr@larkspur.example", team_id="T0OTHER")
    theirs = Address("slack", "T0OTHER", eve.id)
    slack.fail("auth.test", *[Fault("error", "internal_error")] * 2)
    async with running(slack) as bot:
        assert await bot.platform.profile(theirs) is None
        profile = await bot.platform.profile(theirs)
        assert profile
        assert not profile.member


async def test_somebody_of_another_workspace_in_the_same_organisation_is_a_member(
    slack: SlackStub, bot: ScriptedBot
) -> None:
    person = slack.add_person("Dana", team_id="T0SISTER", enterprise_user={"teams": ["T0SISTER", slack.team]})
    profile = await bot.platform.profile(Address("slack", slack.team, person.id))
    assert profile
    assert profile.member


async def test_a_person_is_found_by_work_e_mail(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    assert await bot.platform.find("ana@larkspur.example") == Address("slack", slack.team, ana.id)
    assert await bot.platform.find("nobody@larkspur.example") is None


async def test_all_who_stand_in_a_form_already_are_looked_up_at_once(slack: SlackStub) -> None:
    """Slack waits three seconds for a screen, and each look-up may take one of them."""

    class Together(People):
        """Answers when three have asked."""

        asked = asyncio.Barrier(3)

        async def find(self, email: str) -> Address | None:
            await self.asked.wait()
            return Address("slack", slack.team, email.partition("@")[0])

    people = Together(web_client(slack.bot_token, slack.api_url, None))
    emails = [f"{name}@larkspur.example" for name in ("ana", "ben", "Tom", "ana")]
    assert await people.ids(["", *emails]) == {
        "ana@larkspur.example": "ana",
        "ben@larkspur.example": "ben",
        "tom@larkspur.example": "tom",
    }


async def test_an_operator_reads_in_the_log_that_the_app_was_removed(
    slack: SlackStub, bot: ScriptedBot, caplog: pytest.LogCaptureFixture
) -> None:
    await slack.event({"type": "app_uninstalled"})
    assert "app_uninstalled" in caplog.text
    assert bot.received == []


@pytest.mark.slow
async def test_a_slow_look_up_is_given_up_after_a_second(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    slack.fail("users.info", Fault("hang"))
    assert await bot.platform.profile(Address("slack", slack.team, ana.id)) is None
