"""A file and its card in one message, and an honest word when Slack does not take it."""

import logging

import pytest

from adapters.platform import Delivered, Refused, Uncertain
from conversations.actions import Action
from conversations.cards import Button, Picture, buttons, card, quiet, text
from conversations.contacts import Address
from conversations.files import File
from tests.adapters.slack.conftest import ScriptedBot, running
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault, SlackStub

REPORT = File("report.csv", "text/csv", b"pairs,11\r\n")
CARD = card(
    "The report",
    text("As of today, for {name}.", name="<!channel> *Ana* <https://evil.example|here>"),
    buttons(Button("Thanks", Action("help", "show"))),
    quiet("Next from me: 14 April"),
)
GET, UPLOAD, COMPLETE = "files.getUploadURLExternal", "upload", "files.completeUploadExternal"


def at(slack: SlackStub, person: SlackPerson, route: str = "") -> Address:
    return Address("slack", slack.team, person.id, route)


async def link() -> str:
    raise AssertionError("Slack takes files, so nobody needs a link")


async def test_card_buttons_and_file_are_one_message(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    sent = await bot.platform.hand(at(slack, ana), CARD, REPORT, link, "d1")
    assert sent == Delivered("", ana.dm)
    [message] = ana.messages
    assert slack.files_of(message) == {"report.csv": b"pairs,11\r\n"}
    assert message.buttons == ["Thanks"]
    assert "<!channel> *Ana* <https://evil.example|here>" in message.text
    assert "mrkdwn" not in str(message.raw)
    assert [name for name, _ in slack.calls[-4:]] == [GET, UPLOAD, "conversations.open", COMPLETE]


async def test_a_chat_that_is_known_is_not_opened_again(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    assert await bot.platform.hand(at(slack, ana, ana.dm), CARD, REPORT, link, "d1") == Delivered("", ana.dm)
    assert slack.called("conversations.open") == []


async def test_a_picture_on_the_card_is_seen_beside_the_file(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    drawn = card("The report", Picture(b"png", "Two of three pairs met"))
    await bot.platform.hand(at(slack, ana), drawn, REPORT, link, "d1")
    [message] = ana.messages
    assert [block["type"] for block in message.raw["blocks"]] == ["header", "image"]
    assert list(slack.files_of(message)) == ["report.csv"]


async def test_where_slack_does_not_take_the_blocks_the_file_goes_first_and_the_card_follows(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    slack.fail(COMPLETE, Fault("error", "invalid_blocks"))
    sent = await bot.platform.hand(at(slack, ana), CARD, REPORT, link, "d1")
    file, words = ana.messages
    assert slack.files_of(file) == {"report.csv": b"pairs,11\r\n"}
    assert words.buttons == ["Thanks"]
    assert sent == Delivered(f"{ana.dm}:{words.ts}", ana.dm)


BEFORE = [
    (GET, Fault("ratelimited", retry_after=12), Refused("ratelimited", retry_after=12.0, method=GET)),
    (GET, Fault("error", "internal_error"), Refused("internal_error")),
    (GET, Fault("error", "token_revoked"), Refused("token_revoked")),
    (GET, Fault("status", status=503), Refused("http_503")),
    (GET, Fault("truncate", taken=True), Refused("ClientPayloadError")),
    (UPLOAD, Fault("status", status=404), Refused("http_404")),
    (UPLOAD, Fault("status", status=500), Refused("http_500")),
    ("conversations.open", Fault("error", "user_disabled"), Refused("user_disabled", for_good=True)),
    ("conversations.open", Fault("drop"), Refused("ServerDisconnectedError")),
]
LAST = [
    (COMPLETE, Fault("ratelimited", retry_after=3), Refused("ratelimited", retry_after=3.0, method=COMPLETE)),
    (COMPLETE, Fault("error", "channel_not_found"), Refused("channel_not_found", for_good=True)),
    (COMPLETE, Fault("error", "internal_error"), Uncertain("internal_error")),
    (COMPLETE, Fault("status", status=502), Uncertain("http_502")),
    (COMPLETE, Fault("drop", taken=True), Uncertain("ServerDisconnectedError")),
    (COMPLETE, Fault("garbage", taken=True), Uncertain("http_200")),
]


@pytest.mark.parametrize(("method", "fault", "told"), [*BEFORE, *LAST])
async def test_d4_only_the_last_call_can_leave_it_open_whether_the_file_arrived(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, *, method: str, fault: Fault, told: Refused | Uncertain
) -> None:
    await bot.platform.send(at(slack, ana), card("", text("Hello")), "warm")
    slack.fail(method, fault)
    assert await bot.platform.hand(at(slack, ana), CARD, REPORT, link, "d1") == told
    assert len(slack.called(method)) == 1
    assert len(ana.messages) == 1 + (fault.taken and method == COMPLETE)


@pytest.mark.parametrize("method", [GET, COMPLETE])
@pytest.mark.parametrize("code", ["missing_scope", "storage_limit_reached", "file_upload_size_restricted"])
async def test_what_slack_will_never_take_is_told_on_the_card(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, *, method: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail(method, Fault("error", code))
    sent = await bot.platform.hand(at(slack, ana), CARD, REPORT, link, "outbox-9")
    assert isinstance(sent, Delivered)
    [message] = ana.messages
    assert "I could not attach the file" in message.text
    assert message.text.endswith("Next from me: 14 April")
    assert slack.files_of(message) == {}
    assert f"file not sent: {code} delivery=outbox-9" in caplog.text


@pytest.mark.slow
async def test_d4_a_last_call_that_never_answers_is_uncertain(slack: SlackStub, ana: SlackPerson) -> None:
    async with running(slack, longest_call=3) as bot:
        slack.fail(COMPLETE, Fault("hang", taken=True))
        assert await bot.platform.hand(at(slack, ana), CARD, REPORT, link, "d1") == Uncertain("TimeoutError")
        slack.fail(GET, Fault("hang"))
        assert await bot.platform.hand(at(slack, ana), CARD, REPORT, link, "d2") == Refused("TimeoutError")


async def test_neither_the_card_nor_the_file_is_in_an_address_or_a_log(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        slack.fail(COMPLETE, Fault("garbage"))
        await bot.platform.hand(at(slack, ana), CARD, REPORT, link, "d1")
    ours = "\n".join(each.getMessage() for each in caplog.records if each.name.startswith(("flipside", "slack")))
    for private in ("The report", "Ana", "pairs", slack.bot_token, "/upload/"):
        assert private not in ours
    assert slack.queries(COMPLETE) == [{}]


@pytest.mark.parametrize("method", [GET, "conversations.open", COMPLETE])
async def test_nobody_is_taken_to_be_gone_because_the_app_is_out_of_the_workspace(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, method: str
) -> None:
    for each in (method, "auth.test"):
        slack.fail(each, Fault("error", "account_inactive"))
    assert await bot.platform.hand(at(slack, ana), CARD, REPORT, link, "d1") == Refused("account_inactive")
