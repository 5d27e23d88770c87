"""Files that people are handed: made when they are sent, attached or behind a one-time link, and kept nowhere."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import aiohttp
import pytest
from playwright.async_api import expect
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from adapters.platform import Platform
from adapters.slack import Slack
from adapters.teams import Teams
from adapters.web import WebPlatform
from bot.clock import VirtualClock
from bot.engine import Engine
from bot.file_pages import disposition, file_routes
from bot.pace import Pace
from bot.web import serve
from conversations.contacts import Address
from conversations.events import Inbound, Pressed, Said
from conversations.flow import Flow
from storage.database import Database
from storage.store import Store
from storage.tables import FileLink, OutboxMessage
from tests.support.browser import chromium
from tests.support.fake_platform import FakePlatform
from tests.support.slack_server import Fault, SlackStub
from tests.support.stages.web import PEOPLE
from tests.support.teams_server import TENANT, TeamsStub
from tests.support.tiny_flows import CONTENT, FLOWS, TRY
from tests.support.web_gallery import Story
from tests.support.web_person import WebStage

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
LIST = f"for,Ana Ruiz\r\nat,{NOW.isoformat()}\r\n".encode()
LINK = re.compile(r"/files/[\w-]+")
PUBLIC = "https://mentor.larkspur.example"


@dataclass
class House:
    """An engine with one platform, on a port of its own."""

    engine: Engine
    clock: VirtualClock
    base: str
    session: aiohttp.ClientSession
    numbers: list[int] = field(default_factory=list)

    async def asks_for(self, who: Address, file: str = "list") -> None:
        """The person presses a button that hands them this file, and delivery does what it can."""
        self.numbers.append(1)
        inbound = Inbound(f"in{len(self.numbers)}", who, Pressed(), TRY.to("hands", file=file))
        await self.engine.dispatcher(inbound)
        await self.engine.delivery.deliver_due()

    async def request(self, method: str, path: str) -> tuple[int, bytes, Mapping[str, str]]:
        async with self.session.request(method, self.base + path, allow_redirects=False) as answer:
            return answer.status, await answer.read(), dict(answer.headers)

    async def status(self, method: str, path: str) -> int:
        return (await self.request(method, path))[0]

    def links(self) -> Sequence[FileLink]:
        return self.engine.database.read_now(_all_links)

    def row(self) -> OutboxMessage:
        return self.engine.database.read_now(lambda store: store.outbox.everything())[-1]


def _all_links(store: Store) -> Sequence[FileLink]:
    return store.file_links._session.scalars(select(FileLink)).all()


@asynccontextmanager
async def at_work(database: Database, platform: Platform, flows: Sequence[Flow] = FLOWS) -> AsyncIterator[House]:
    clock = VirtualClock(NOW)
    engine = Engine(database, [platform], flows=flows, content=CONTENT, clock=clock, pace=Pace({}))
    await engine.start()
    server = await serve([*file_routes(engine.files), *platform.routes()], _yes, "127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession() as session:
            yield House(engine, clock, f"http://127.0.0.1:{server.port}", session)
    finally:
        await server.stop_accepting()
        await engine.stop()
        await server.close()


async def _yes() -> bool:
    return True


def slack_for(slack: SlackStub) -> Slack:
    return Slack(
        bot_token=slack.bot_token,
        clock=lambda: datetime.now(UTC),
        signing_secret=slack.signing_secret,
        api_url=slack.api_url,
    )


@pytest.fixture
async def slack() -> AsyncIterator[SlackStub]:
    async with SlackStub() as stub:
        yield stub


@pytest.fixture
async def teams() -> AsyncIterator[TeamsStub]:
    async with TeamsStub() as stub:
        yield stub


@pytest.fixture
async def page(sqlite_database: Database) -> AsyncIterator[tuple[House, WebStage]]:
    """The playground with Ana and Ben, and Ana's list asked for: where links are easiest to follow."""
    story = Story()
    platform = WebPlatform(people=PEOPLE, now=story.now, advance=story.advance, next_moment=story.next_moment)
    async with at_work(sqlite_database, platform) as house, WebStage(house.base) as stage:
        await house.asks_for(Address("web", "playground", "ana"))
        await stage.refresh()
        yield house, stage


def link_for_ana(page: tuple[House, WebStage]) -> str:
    shown = str(page[1].person("ana").messages[-1].raw["html"])
    found: set[str] = set(LINK.findall(shown))
    assert len(found) == 1
    return found.pop()


# Each platform -------------------------------------------------------------------------------------------------------


async def test_on_slack_the_file_hangs_on_the_card(sqlite_database: Database, slack: SlackStub) -> None:
    ana = slack.add_person("Ana Ruiz", "ana@larkspur.example")
    async with at_work(sqlite_database, slack_for(slack)) as house:
        await house.asks_for(Address("slack", slack.team, ana.id))
        [message] = ana.messages
        assert "Here is your list" in message.text
        assert message.buttons == ["Thanks"]
        assert slack.files_of(message) == {"list, all.csv": LIST}
        assert house.row().state == "sent"
        assert house.links() == []
        # The chat is known from now on: opening one is what Slack allows least often.
        await house.asks_for(Address("slack", slack.team, ana.id))
        assert len(ana.messages) == 2
        assert len(slack.called("conversations.open")) == 1


async def test_on_teams_a_link_on_the_card_leads_to_the_file(sqlite_database: Database, teams: TeamsStub) -> None:
    ana = teams.person("Ana Ruiz")
    platform = Teams(**teams.settings, public_url=PUBLIC)
    async with at_work(sqlite_database, platform) as house:
        teams.bot_url = f"{house.base}/api/messages"
        await ana.say("hello")
        account = sqlite_database.read_now(lambda store: store.accounts.find("teams", TENANT, ana.aad_id))
        assert account is not None
        await house.asks_for(Address("teams", TENANT, ana.aad_id, account.route))
        seen = await ana.sees("Here is your list")
        assert list(seen.buttons) == ["Thanks", "Download the file"]
        [url] = set(re.findall(rf"{PUBLIC}/files/[\w-]+", json.dumps(seen.raw)))
        path = url.removeprefix(PUBLIC)
        assert (await house.request("GET", path))[0] == 200
        assert (await house.request("POST", path))[:2] == (200, LIST)
        assert await house.status("POST", path) == 410


async def test_on_teams_without_a_public_address_the_card_says_what_is_missing_and_whom_to_ask(
    sqlite_database: Database, teams: TeamsStub
) -> None:
    ana = teams.person("Ana Ruiz")
    async with at_work(sqlite_database, Teams(**teams.settings)) as house:
        teams.bot_url = f"{house.base}/api/messages"
        await ana.say("hello")
        account = sqlite_database.read_now(lambda store: store.accounts.find("teams", TENANT, ana.aad_id))
        assert account is not None
        await house.asks_for(Address("teams", TENANT, ana.aad_id, account.route))
        seen = await ana.sees("Here is your list")
        assert "FLIPSIDE_PUBLIC_URL" in seen.text
        assert "whoever looks after Flipside" in seen.text
        assert list(seen.buttons) == ["Thanks"]
        assert house.links() == []


async def test_in_the_playground_the_link_leads_to_its_own_server(page: tuple[House, WebStage]) -> None:
    house, stage = page
    [message] = stage.person("ana").messages
    assert message.buttons == ("Thanks", "Download the file")
    assert 'href="/files/' in message.raw["html"]
    assert (await house.request("POST", link_for_ana(page)))[:2] == (200, LIST)


# What cannot be made -------------------------------------------------------------------------------------------------


@pytest.fixture
async def plain(database: Database) -> AsyncIterator[tuple[House, FakePlatform]]:
    """A platform in memory, with Ana on it."""
    fake = FakePlatform("fake")
    fake.employ("ana", "Ana Ruiz")
    async with at_work(database, fake) as house:
        await house.engine.dispatcher(Inbound("hello", fake.address("ana"), Said("hello")))
        yield house, fake


async def test_a_file_is_made_when_it_is_sent_and_is_in_no_row(plain: tuple[House, FakePlatform]) -> None:
    house, fake = plain
    await house.asks_for(fake.address("ana"))
    [message] = fake.messages_to("ana")
    assert message.file is not None
    assert message.file.content == LIST
    columns = {key: str(value) for key, value in vars(house.row()).items()}
    assert house.row().file == {"flow": "try", "name": "list", "about": {}}
    assert not [key for key, value in columns.items() if "Ana Ruiz" in value]


async def test_a_file_that_is_not_theirs_any_more_takes_its_card_with_it(plain: tuple[House, FakePlatform]) -> None:
    house, fake = plain
    await house.asks_for(fake.address("ana"), "nothing")
    assert fake.attempts == 0
    assert (house.row().state, house.row().reason) == ("dropped", "no_file")


@pytest.mark.parametrize(("file", "kind"), [("broken", "ZeroDivisionError"), ("unheard_of", "NoSuchFile")])
async def test_a_file_that_cannot_be_made_is_told_to_who_asked_and_logged_by_kind_alone(
    plain: tuple[House, FakePlatform], file: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    house, fake = plain
    with caplog.at_level(logging.INFO, "flipside"):
        await house.asks_for(fake.address("ana"), file)
    assert fake.attempts == 0
    assert (house.row().state, house.row().reason) == ("failed", f"no_file_{kind}")
    assert kind in caplog.text
    assert "what somebody typed" not in caplog.text
    await house.engine.nudges.run_due(NOW)
    await house.engine.delivery.deliver_due()
    assert [message.text for message in fake.messages_to("ana")] == ["It could not be delivered"]
    person = house.engine.database.read_now(lambda store: store.people.get(1))
    assert person.location != "Atlantis"
    assert person.unreachable_since is None


async def test_a_file_is_not_given_up_because_the_database_was_away_for_a_moment(
    plain: tuple[House, FakePlatform], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, fake = plain

    async def away(*_: object) -> None:
        raise OperationalError("SELECT 1", None, Exception("server closed the connection unexpectedly"))

    with monkeypatch.context() as moment:
        moment.setattr("bot.files.Files.make", away)
        await house.asks_for(fake.address("ana"))
    assert house.row().state == "waiting"
    house.clock.move_to(house.row().not_before)
    await house.engine.delivery.deliver_due()
    [message] = fake.messages_to("ana")
    assert message.file is not None


async def test_somebody_who_has_left_gets_no_file(page: tuple[House, WebStage]) -> None:
    house, _ = page

    def leaves(store: Store) -> None:
        store.people.get(1).gone_since = NOW

    house.engine.database.write_now(leaves)
    status, body, _ = await house.request("POST", link_for_ana(page))
    assert status == 410
    assert b"Ana" not in body


# The link ------------------------------------------------------------------------------------------------------------


async def test_s6_looking_at_a_link_uses_nothing_up_and_the_button_works_once(page: tuple[House, WebStage]) -> None:
    house, _ = page
    path = link_for_ana(page)
    for method in ("GET", "HEAD") * 5:
        status, body, headers = await house.request(method, path)
        assert status == 200
        assert headers["Cache-Control"] == "no-store"
        assert (method == "HEAD") == (body == b"")
        assert b"Ana" not in body
    assert (await house.request("POST", path))[:2] == (200, LIST)
    after = [(method, await house.status(method, path)) for method in ("POST", "GET", "HEAD")]
    assert after == [("POST", 410), ("GET", 410), ("HEAD", 410)]


async def test_s6_another_token_leads_nowhere_in_the_same_words(page: tuple[House, WebStage]) -> None:
    house, _ = page
    path = link_for_ana(page)
    others = [path[:-1] + ("A" if path[-1] != "A" else "B"), "/files/x", "/files/%00", "/files/" + "é" * 300]
    for other in others:
        assert await house.status("GET", other) == 404
        assert await house.status("POST", other) == 404
    await house.request("POST", path)
    unknown, spent = (await house.request("GET", others[0]))[1], (await house.request("GET", path))[1]
    assert unknown == spent


async def test_s6_a_link_lives_for_seven_days(page: tuple[House, WebStage]) -> None:
    house, _ = page
    path = link_for_ana(page)
    house.clock.move_to(NOW + timedelta(days=6, hours=23))
    assert await house.status("GET", path) == 200
    house.clock.move_to(NOW + timedelta(days=7))
    assert [await house.status(method, path) for method in ("GET", "POST")] == [410, 410]
    house.clock.move_to(NOW + timedelta(days=38))
    await house.engine.forget()
    assert house.links() == []
    assert await house.status("GET", path) == 404


async def test_s6_only_the_hash_of_a_token_is_stored_and_it_has_256_bits(page: tuple[House, WebStage]) -> None:
    house, _ = page
    token = link_for_ana(page).removeprefix("/files/")
    [row] = house.links()
    assert row.token_hash == sha256(token.encode()).hexdigest()
    assert len(token) == 43
    assert token not in str([vars(each) for each in (row, house.row())])


async def test_s6_no_token_and_no_name_gets_into_the_log(
    page: tuple[House, WebStage], caplog: pytest.LogCaptureFixture
) -> None:
    house, _ = page
    with caplog.at_level(logging.DEBUG):
        await house.asks_for(Address("web", "playground", "ana"))
        path = link_for_ana(page)
        for method in ("GET", "HEAD", "PUT", "POST", "POST"):
            await house.request(method, path)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aiosqlite")]
    assert [line for line in ours if "file for a link handed over" in line]
    assert [line for line in ours if path.removeprefix("/files/") in line or "Ana" in line] == []


async def test_s6_of_many_who_press_at_the_same_moment_one_gets_the_file(plain: tuple[House, FakePlatform]) -> None:
    house, _ = plain
    path = await house.engine.files.link({"flow": "try", "name": "list", "about": {}}, 1)()
    statuses = await asyncio.gather(*(house.status("POST", path) for _ in range(8)))
    assert sorted(statuses) == [200] + [410] * 7


async def test_the_file_behind_a_link_is_as_things_are_when_it_is_fetched(page: tuple[House, WebStage]) -> None:
    house, _ = page

    def renamed(store: Store) -> None:
        store.people.get(1).name = "Ana Ruiz-Blum"

    house.engine.database.write_now(renamed)
    house.clock.move_to(NOW + timedelta(days=2))
    _, body, _ = await house.request("POST", link_for_ana(page))
    assert body == f"for,Ana Ruiz-Blum\r\nat,{(NOW + timedelta(days=2)).isoformat()}\r\n".encode()


async def test_a_link_survives_a_file_that_cannot_be_made_now(
    page: tuple[House, WebStage], caplog: pytest.LogCaptureFixture
) -> None:
    house, _ = page

    async def link(file: str) -> str:
        request = {"flow": "try", "name": file, "about": {}}
        return await house.engine.files.link(request, 1)()

    broken = await link("broken")
    status, body, _ = await house.request("POST", broken)
    assert status == 500
    assert b"The link is still good" in body
    assert await house.status("GET", broken) == 200
    assert "what somebody typed" not in caplog.text
    assert await house.status("POST", await link("nothing")) == 410


@pytest.mark.slow
async def test_in_a_browser_the_button_on_the_page_saves_the_file(page: tuple[House, WebStage]) -> None:
    house, _ = page
    faults: list[str] = []
    async with chromium() as browser:
        tab = await browser.new_page()
        tab.on("console", lambda line: faults.append(line.text) if line.type in ("error", "warning") else None)
        await tab.goto(house.base + link_for_ana(page))
        await expect(tab.get_by_role("heading", name="Your file is ready")).to_be_visible()
        # Without its style the page would still work, so the style is looked at: the policy has to let it in.
        await expect(tab.get_by_role("button", name="Download")).to_have_css("color", "rgb(255, 255, 255)")
        async with tab.expect_download() as download:
            await tab.get_by_role("button", name="Download").click()
        saved = await download.value
        assert saved.suggested_filename == "list, all.csv"
        assert (await saved.path()).read_bytes() == LIST
        await tab.reload()
        await expect(tab.get_by_role("heading", name="This link does not lead to a file")).to_be_visible()
    # The browser itself notes in its console that the second look was a 410.
    assert [line for line in faults if "410" not in line] == []


async def test_a_link_that_cannot_be_stored_is_proof_that_nothing_was_sent(plain: tuple[House, FakePlatform]) -> None:
    house, fake = plain
    nobody = house.engine.files.link({"flow": "try", "name": "list", "about": {}}, 4711)

    async def needs_a_link() -> None:
        await nobody()

    fake.meanwhile = needs_a_link
    await house.asks_for(fake.address("ana"))
    assert (house.row().state, house.row().reason) == ("waiting", "no_link")
    assert fake.log == []


async def test_s7_what_a_link_gives_goes_to_no_cache_no_frame_and_no_other_site(page: tuple[House, WebStage]) -> None:
    house, _ = page
    path = link_for_ana(page)
    answers = [await house.request("GET", path), await house.request("POST", path), await house.request("GET", path)]
    for _, _, headers in answers:
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
    file = answers[1][2]
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert file["Content-Disposition"] == ("attachment; filename=\"list_ all.csv\"; filename*=UTF-8''list%2C%20all.csv")


def test_the_name_of_a_file_cannot_end_its_header() -> None:
    shown = disposition('Zoë\r\nSet-Cookie: x="../1".csv')
    assert "\r" not in shown
    assert "\n" not in shown
    assert shown.count('"') == 2
    assert shown.isascii()


# Crashes and refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("taken", [False, True])
async def test_d1_killed_while_slack_takes_the_file_it_arrives_once(
    sqlite_database: Database, slack: SlackStub, taken: bool
) -> None:
    ana = slack.add_person("Ana Ruiz", "ana@larkspur.example")
    who = Address("slack", slack.team, ana.id)
    slack.fail("files.completeUploadExternal", Fault("hang", taken=taken))
    async with at_work(sqlite_database, slack_for(slack)) as first:
        doing = asyncio.ensure_future(first.asks_for(who))
        await slack.until(lambda: slack.called("files.completeUploadExternal"), "the last call")
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        assert first.row().state == "sending"
    async with at_work(sqlite_database, slack_for(slack)) as second:
        await second.engine.delivery.recover(everything=True)
        second.clock.move_to(NOW + timedelta(minutes=1))
        await second.engine.delivery.deliver_due()
        assert second.row().state == "sent"
    assert len(ana.messages) == 1
    assert all(list(slack.files_of(message)) == ["list, all.csv"] for message in ana.messages)


@pytest.mark.parametrize(
    ("method", "fault", "word"),
    [
        ("files.getUploadURLExternal", Fault("ratelimited", retry_after=20), "ratelimited"),
        ("files.getUploadURLExternal", Fault("drop"), "ServerDisconnectedError"),
        ("files.getUploadURLExternal", Fault("error", "internal_error"), "internal_error"),
        ("upload", Fault("status", status=404), "http_404"),
        ("upload", Fault("status", status=503), "http_503"),
        ("conversations.open", Fault("ratelimited", retry_after=20), "ratelimited"),
        ("files.completeUploadExternal", Fault("ratelimited", retry_after=20), "ratelimited"),
    ],
)
async def test_d4_whatever_fails_before_the_file_is_shown_is_tried_again_and_shows_once(
    sqlite_database: Database, slack: SlackStub, method: str, fault: Fault, word: str
) -> None:
    ana = slack.add_person("Ana Ruiz", "ana@larkspur.example")
    slack.fail(method, fault)
    async with at_work(sqlite_database, slack_for(slack)) as house:
        await house.asks_for(Address("slack", slack.team, ana.id))
        assert (house.row().state, house.row().reason) == ("waiting", word)
        assert ana.messages == []
        house.clock.move_to(NOW + timedelta(seconds=21))
        await house.engine.delivery.deliver_due()
        assert house.row().state == "sent"
    [message] = ana.messages
    # The file is as of the moment when it was sent at last.
    later = (NOW + timedelta(seconds=21)).isoformat().encode()
    assert later in slack.files_of(message)["list, all.csv"]


@pytest.mark.parametrize("break_it", ["scope", "storage"])
async def test_where_slack_takes_no_files_the_card_arrives_and_says_so(
    sqlite_database: Database, slack: SlackStub, break_it: str, caplog: pytest.LogCaptureFixture
) -> None:
    ana = slack.add_person("Ana Ruiz", "ana@larkspur.example")
    breaks: dict[str, Callable[[], None]] = {
        "scope": lambda: setattr(slack, "scopes", slack.scopes.replace("files:write,", "")),
        "storage": lambda: slack.fail("files.completeUploadExternal", Fault("error", "storage_limit_reached")),
    }
    breaks[break_it]()
    async with at_work(sqlite_database, slack_for(slack)) as house:
        await house.asks_for(Address("slack", slack.team, ana.id))
        assert house.row().state == "sent"
    [message] = ana.messages
    assert "I could not attach the file" in message.text
    assert message.buttons == ["Thanks"]
    assert {"scope": "missing_scope", "storage": "storage_limit_reached"}[break_it] in caplog.text
