"""What an operator pastes into Slack, and what the doctor says of the result."""

import json

from adapters.slack.check import check
from adapters.slack.manifest import SCOPES, slack_manifest
from tests.support.slack_server import Fault, SlackStub

ISSUE_SCOPES = {
    "commands",
    "chat:write",
    "chat:write.public",
    "im:write",
    "im:history",
    "mpim:write",
    "users:read",
    "users:read.email",
    "team:read",
    "files:write",
    "dnd:read",
}


def test_s11_the_manifest_asks_for_the_documented_rights_and_no_other() -> None:
    manifest = json.loads(slack_manifest(None))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == ISSUE_SCOPES == set(SCOPES)
    assert all(SCOPES.values())


def test_without_a_public_address_the_manifest_is_for_socket_mode() -> None:
    manifest = json.loads(slack_manifest(None))
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in manifest["settings"]["interactivity"]
    assert "url" not in manifest["features"]["slash_commands"][0]


def test_with_a_public_address_everything_goes_to_it() -> None:
    manifest = json.loads(slack_manifest("https://mentor.larkspur.example/"))
    url = "https://mentor.larkspur.example/slack/events"
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert manifest["settings"]["event_subscriptions"]["request_url"] == url
    assert manifest["features"]["slash_commands"][0]["url"] == url


def test_people_can_write_to_the_bot_and_mention_colleagues_in_a_command() -> None:
    features = json.loads(slack_manifest(None))["features"]
    assert features["app_home"]["messages_tab_enabled"]
    assert not features["app_home"]["messages_tab_read_only_enabled"]
    assert features["slash_commands"][0]["command"] == "/mentor"
    assert features["slash_commands"][0]["should_escape"] is True
    assert len(json.loads(slack_manifest(None))["display_information"]["description"]) <= 140


async def test_the_doctor_is_content_with_a_good_installation(slack: SlackStub) -> None:
    findings = await check(slack.bot_token, slack.clock, slack.app_token, slack.api_url)
    assert [finding.level for finding in findings] == ["ok", "ok", "ok", "ok", "ok"]
    assert "Larkspur" in findings[0].message


async def test_the_doctor_names_a_missing_right_and_a_wrong_token(slack: SlackStub) -> None:
    slack.scopes = slack.scopes.replace("team:read", "channels:read")
    findings = await check(slack.bot_token, slack.clock, "xapp-wrong", slack.api_url)
    assert [finding.level for finding in findings] == ["ok", "fault", "ok", "ok", "fault"]
    assert "team:read" in findings[1].message
    assert "reinstall" in findings[1].fix
    assert "invalid_auth" in findings[4].message
    slack.fail("auth.test", Fault("error", "account_inactive"))
    refused = await check(slack.bot_token, slack.clock, None, slack.api_url)
    assert [finding.level for finding in refused] == ["fault"]
    assert "xoxb" not in refused[0].message


async def test_the_doctor_says_what_is_promised_without_the_right_to_look_back(slack: SlackStub) -> None:
    slack.scopes = slack.scopes.replace("im:history,", "")
    findings = await check(slack.bot_token, slack.clock, None, slack.api_url)
    assert [finding.level for finding in findings] == ["ok", "ok", "warning", "ok"]
    assert "may come twice" in findings[2].message
    assert "im:history" in findings[2].fix


async def test_the_doctor_says_what_is_off_without_the_right_to_see_do_not_disturb(slack: SlackStub) -> None:
    slack.scopes = slack.scopes.replace(",dnd:read", "")
    findings = await check(slack.bot_token, slack.clock, None, slack.api_url)
    assert [finding.level for finding in findings] == ["ok", "ok", "ok", "warning"]
    assert "do not want" in findings[3].message.replace("does not", "do not")
    assert "dnd:read" in findings[3].fix
