"""The topic server: a real one on this machine, broken in every way, and what leaves the house on the way there."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from llmock.scenarios import Delay, Fail, Reply
from llmock.testing import LLMockServer

from adapters.openai_topics import OpenAITopics
from bot.app import build
from bot.clock import VirtualClock
from bot.engine import Engine
from bot.settings import Settings
from bot.topics import TopicSuggestions, source_of
from conversations.content import load
from conversations.flows import FLOWS
from conversations.topic_request import TopicFault, TopicRequest, read_topics
from storage.database import Database
from storage.store import Store
from storage.tables import CheckIn, Enrollment, Pair, Person, Program
from tests.support.fake_platform import FakePlatform

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
ROWS = [
    {"title": f"Idea {number}", "opening": f"What would you try with idea {number}?", "follow_up": "Try it for a week."}
    for number in (1, 2, 3)
]
GOOD = json.dumps({"topics": ROWS})
ASKED = TopicRequest(("AI in daily work", "Deciding with data"), 45, ("The dull work first",))
# Generous: the machine may be busy. Tests of the deadline set their own.
SECONDS = 20.0


def changed(**part: Any) -> str:
    """The good answer with one topic spoiled."""
    return json.dumps({"topics": [*ROWS[:2], ROWS[2] | part]})


@pytest.fixture(scope="module")
def server() -> Iterator[LLMockServer]:
    with LLMockServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(server: LLMockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.state.reset()
    # What other programs on this machine may have set is not ours.
    for name, value in {
        "OPENAI_API_KEY": "sk-of-somebody-else",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/elsewhere",
        "OPENAI_ORG_ID": "org-of-somebody-else",
        "OPENAI_PROJECT_ID": "project-of-somebody-else",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)


def says(server: LLMockServer, text: str) -> None:
    server.state.scenarios.add(Reply(text=text, times=1))


def suggestions(server: LLMockServer) -> OpenAITopics:
    return OpenAITopics(server.base_url(), "gpt-4o-mini", "sk-ours", seconds=SECONDS)


async def kind_of_fault(source: OpenAITopics) -> str:
    with pytest.raises(TopicFault) as raised:
        await source.suggest(ASKED)
    assert raised.value.__cause__ is None
    return raised.value.kind


# A good answer ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_three_topics_come_back_from_one_request(server: LLMockServer) -> None:
    says(server, GOOD)
    topics = await suggestions(server).suggest(ASKED)
    assert [topic.title for topic in topics] == ["Idea 1", "Idea 2", "Idea 3"]
    assert topics[0].opening == "What would you try with idea 1?"
    [sent] = server.state.journal.records(wait=2)
    assert sent.path.endswith("/chat/completions")
    assert sent.model == "gpt-4o-mini"


@pytest.mark.parametrize(
    "answer",
    [
        f"```json\n{GOOD}\n```",
        f"Here you are:\n{GOOD}\nEnjoy!",
        f"<think>three of {{them}}, I guess</think>\n{GOOD}",
        json.dumps({"topics": ROWS, "mood": "good"}),
    ],
)
async def test_what_models_put_around_the_answer_does_not_matter(server: LLMockServer, answer: str) -> None:
    says(server, answer)
    assert len(await suggestions(server).suggest(ASKED)) == 3


async def test_marks_that_turn_or_hide_text_are_taken_out(server: LLMockServer) -> None:
    says(server, changed(title="A\u202eb\u200bc\n\n d\x07"))
    assert (await suggestions(server).suggest(ASKED))[2].title == "Abc d"


# Every kind of failure -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("I'm sorry, but I can't help with that.", "not_json"),
        ('{"topics": [{"title": ', "not_json"),
        ("[1, 2, 3]", "not_json"),
        ("   ", "empty"),
        (json.dumps({"topics": ROWS[:2]}), "wrong_shape"),
        (json.dumps({"topics": [*ROWS, ROWS[0]]}), "wrong_shape"),
        (json.dumps({"topics": "three"}), "wrong_shape"),
        (json.dumps({"ideas": ROWS}), "wrong_shape"),
        (json.dumps({"topics": ["a", "b", "c"]}), "wrong_shape"),
        (changed(opening=None), "wrong_shape"),
        (changed(opening=["a"]), "wrong_shape"),
        (changed(follow_up="  "), "wrong_shape"),
        (changed(title="x" * 81), "too_long"),
        (changed(opening="x" * 401), "too_long"),
        (GOOD + " " * 20_000, "too_long"),
        (changed(opening="Look at https://evil.example/login first?"), "link"),
        (changed(follow_up="Sign in at www.evil.example"), "link"),
        (changed(title="[Click](javascript:alert(1))"), "link"),
        (changed(title="<script>"), "link"),
        (changed(title="<!channel>"), "link"),
        (changed(title="Idea 1"), "repeated"),
        (changed(title="the dull work first"), "repeated"),
        ('{"topics": ' + "[" * 5000, "not_json"),
    ],
)
def test_an_answer_that_is_not_three_plain_topics_is_refused(answer: str, kind: str) -> None:
    with pytest.raises(TopicFault) as raised:
        read_topics(answer, ASKED.given)
    assert raised.value.kind == kind


async def test_a_real_server_that_declines_is_refused_too(server: LLMockServer) -> None:
    says(server, "I'm sorry, but I can't help with that.")
    assert await kind_of_fault(suggestions(server)) == "not_json"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, "limited"), (500, "server_error"), (503, "server_error"), (401, "rejected"), (400, "rejected")],
)
async def test_a_status_that_is_an_error_is_asked_once_and_never_again(
    server: LLMockServer, status: int, kind: str
) -> None:
    server.state.scenarios.add(Fail(status, retry_after=60, times=None))
    assert await kind_of_fault(suggestions(server)) == kind
    assert len(server.state.journal.records(wait=2)) == 1


async def test_a_server_that_thinks_too_long_is_left_at_the_deadline(server: LLMockServer) -> None:
    server.state.scenarios.add(Delay(1.5, times=1))
    source = OpenAITopics(server.base_url(), "gpt-4o-mini", "sk-ours", seconds=0.3)
    async with asyncio.timeout(20):
        assert await kind_of_fault(source) == "timeout"


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Odd:
    """A server that answers as no topic server should. `asked`: every path that was asked for, with its headers."""

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.asked: list[web.Request] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        assert self.answer is not None
        return await self.answer(request)


@pytest.fixture
async def odd() -> AsyncIterator[Odd]:
    made = Odd()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield made
    await runner.cleanup()


def body(text: str, content_type: str = "application/json", status: int = 200) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type=content_type, status=status)

    return answer


def completion(message: Any) -> str:
    return json.dumps({"id": "1", "object": "chat.completion", "choices": [{"index": 0, "message": message}]})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (body("<html><body>Please sign in</body></html>", "text/html"), "not_json"),
        (body("<html>", "application/json"), "not_json"),
        (body(""), "not_json"),
        (body("null"), "wrong_shape"),
        (body("{}"), "wrong_shape"),
        (body('{"choices": []}'), "wrong_shape"),
        (body('{"choices": [null]}'), "wrong_shape"),
        (body(completion("text")), "wrong_shape"),
        (body(completion({"role": "assistant", "content": None})), "empty"),
        (body(completion({"role": "assistant", "content": [{"text": "a"}]})), "wrong_shape"),
        (body(completion({"role": "assistant", "content": None, "refusal": "I would rather not."})), "refused"),
        (body("x" * 300_000), "too_long"),
        (body("moved", status=304), "redirect"),
    ],
)
async def test_a_body_that_is_no_completion_is_refused(odd: Odd, answer: Answer, kind: str) -> None:
    odd.answer = answer
    assert await kind_of_fault(OpenAITopics(odd.url, "any", "sk-ours", SECONDS)) == kind


async def test_a_redirect_is_not_followed_so_the_key_goes_nowhere_else(odd: Odd) -> None:
    async def elsewhere(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect("/stolen")

    odd.answer = elsewhere
    assert await kind_of_fault(OpenAITopics(odd.url, "any", "sk-ours", SECONDS)) == "redirect"
    assert [request.path for request in odd.asked] == ["/v1/chat/completions"]


async def test_a_connection_that_breaks_off_in_the_middle_is_no_answer(odd: Odd) -> None:
    async def breaks(request: web.Request) -> web.StreamResponse:
        started = web.StreamResponse(headers={"Content-Length": "1000"})
        await started.prepare(request)
        await started.write(b'{"choices": [')
        assert request.transport is not None
        request.transport.close()
        return started

    odd.answer = breaks
    assert await kind_of_fault(OpenAITopics(odd.url, "any", "sk-ours", SECONDS)) in {"unreachable", "failed"}


async def test_an_answer_that_drips_is_left_at_the_overall_deadline(odd: Odd) -> None:
    async def drips(request: web.Request) -> web.StreamResponse:
        started = web.StreamResponse()
        await started.prepare(request)
        while request.transport is not None and not request.transport.is_closing():
            await started.write(b" ")
            await asyncio.sleep(0.05)
        return started

    odd.answer = drips
    async with asyncio.timeout(20):
        assert await kind_of_fault(OpenAITopics(odd.url, "any", "sk-ours", 0.4)) == "timeout"


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    assert await kind_of_fault(OpenAITopics("http://127.0.0.1:9/v1", "any", "", SECONDS)) == "unreachable"


async def test_only_our_key_goes_out_and_nothing_of_other_programs_on_this_machine(odd: Odd) -> None:
    odd.answer = body(completion({"role": "assistant", "content": GOOD}))
    await OpenAITopics(odd.url, "any", "sk-ours", SECONDS).suggest(ASKED)
    [request] = odd.asked
    assert request.headers["Authorization"] == "Bearer sk-ours"
    assert "somebody-else" not in str(request.headers)


# In the whole house ----------------------------------------------------------------------------------------------

CANARIES = {
    "name": "Quillfeather",
    "partner": "Zebulonia",
    "program": "Nightjar",
    "words": "Xylophonic",
    "goal": "Wobblegate",
    "answer": "Kestrelmoor",
}


class Office:
    """A pair on a fake Slack, with the settings' topic server behind it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.clock = VirtualClock(NOW)
        self.slack = FakePlatform("slack", clock=self.clock.now)
        content, source = load(), source_of(settings)
        assert source is not None
        self.topics = TopicSuggestions(source, content, self.clock)
        self.engine = Engine(
            database,
            [self.slack],
            flows=FLOWS,
            content=content,
            clock=self.clock,
            handlers={"topics": self.topics.answer},
            suggests=True,
        )
        self.slack.employ("ana", email="ana.quillfeather@larkspur.example")
        database.write_now(a_pair_of_canaries)

    async def ask(self) -> str:
        """What Ana reads; a little later than before, since a chat gets one message a second."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=5))
        await self.slack.command("ana", "topics")
        await self.engine.consultations.run_waiting()
        await self.engine.delivery.deliver_due()
        return self.slack.messages_to("ana")[-1].text


def a_pair_of_canaries(store: Store) -> None:
    """Everything that somebody typed, is called or answered holds a word that nobody else would use."""
    template = load().templates["digital_fluency"]
    ana, mei = (
        store.people.add(
            Person(name=f"{first} {last}", email=f"{first}.{last}@larkspur.example".lower(), created_at=NOW)
        )
        for first, last in (("Ana", CANARIES["name"]), ("Mei", CANARIES["partner"]))
    )
    values = {"objective": CANARIES["program"], "questions": list(template.questions), "success": CANARIES["program"]}
    days = {"matching_on": date(2026, 2, 20), "starts_on": NOW.date(), "ends_on": date(2026, 9, 3)}
    program = store.programs.add(
        Program(
            name=f"{CANARIES['program']} 2026",
            template=template.id,
            status="running",
            themes=[*template.themes, CANARIES["words"]],
            created_by=ana.id,
            created_at=NOW,
            **values,
            **days,
        )
    )
    for person, role in ((ana, "mentor"), (mei, "mentee")):
        chosen = {"offers" if role == "mentor" else "wants": [CANARIES["words"], "data_decisions"]}
        typed = {"own_words": CANARIES["words"], "goals": CANARIES["goal"], "want_back": CANARIES["goal"]}
        store.enrollments.add(
            Enrollment(
                program_id=program.id,
                person_id=person.id,
                role=role,
                status="matched",
                created_at=NOW,
                **chosen,
                **typed,
            )
        )
    pair = Pair(program_id=program.id, mentor_id=ana.id, mentee_id=mei.id, started_on=NOW.date(), created_at=NOW)
    store.pairs.add(pair)
    check_in = store.check_ins.add(CheckIn(person_id=ana.id, period=NOW.date()))
    answer = store.check_ins.record(check_in, pair.id, "met", NOW)
    answer.learned = answer.change = CANARIES["answer"]


@pytest.fixture
async def office(sqlite_database: Database, server: LLMockServer) -> AsyncIterator[Office]:
    settings = Settings.model_validate({"llm_base_url": server.base_url(), "llm_model": "m", "llm_api_key": "sk-ours"})
    made = Office(sqlite_database, settings)
    await made.engine.start()
    yield made
    await made.engine.stop()


def requests(server: LLMockServer) -> int:
    return len(server.state.journal.records(wait=2))


async def test_somebody_asks_for_topics_and_reads_the_servers_three(office: Office, server: LLMockServer) -> None:
    says(server, GOOD)
    said = await office.ask()
    assert "Three topics for you and Mei" in said
    assert "What would you try with idea 2?" in said
    assert office.topics.failures == {}


async def test_l2_no_name_mail_answer_or_own_word_is_in_what_left_the_house(
    office: Office, server: LLMockServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            says(server, GOOD.replace("Idea", f"Idea {requests(server)}"))
            await office.ask()
    sent = json.dumps([record.body for record in server.state.journal.records(wait=2)])
    assert requests(server) == 3
    assert load().themes["data_decisions"].title in sent
    for canary in (*CANARIES.values(), "larkspur", "Ana", "Mei"):
        assert canary.lower() not in sent.lower()
        assert canary not in caplog.text
    assert "sk-ours" not in caplog.text


async def test_a_failure_of_the_server_is_never_seen_by_whoever_asks(
    office: Office, server: LLMockServer, caplog: pytest.LogCaptureFixture
) -> None:
    says(server, "<html>Sorry, Quillfeather</html>")
    said = await office.ask()
    titles = [topic.title for topic in load().topics if topic.theme == "data_decisions"]
    assert sum(title in said for title in titles) == 3
    assert office.topics.failures == {"not_json": 1}
    assert "not_json" in caplog.text
    assert "Sorry" not in caplog.text


async def test_after_three_failures_the_server_is_left_alone_for_ten_minutes(
    office: Office, server: LLMockServer
) -> None:
    server.state.scenarios.add(Fail(503, times=None))
    for _ in range(4):
        assert "Three topics" in await office.ask()
    assert requests(server) == 3
    assert office.topics.failures == {"server_error": 3, "paused": 1}
    office.clock.move_to(NOW + timedelta(minutes=11))
    await office.ask()
    assert requests(server) == 4
    await office.ask()
    assert requests(server) == 4


@pytest.mark.slow
async def test_a_suggestion_that_came_through_counts_the_failures_anew(office: Office, server: LLMockServer) -> None:
    for number in range(3):
        server.state.scenarios.add(Fail(503, times=2))
        await office.ask()
        await office.ask()
        says(server, GOOD.replace("Idea", f"Round {number} idea"))
        assert f"Round {number} idea" in await office.ask()
    assert office.topics.failures == {"server_error": 6}


def test_without_settings_there_is_no_server_at_all() -> None:
    assert source_of(Settings()) is None


async def test_the_settings_alone_bring_suggestions_into_the_whole_bot(sqlite_url: str, server: LLMockServer) -> None:
    says(server, GOOD)
    slack = FakePlatform("slack")
    slack.employ("ana", email="ana.quillfeather@larkspur.example")
    values = {"database_url": sqlite_url, "llm_base_url": server.base_url(), "llm_model": "m"}
    app = build(Settings.model_validate(values), VirtualClock(NOW), [slack])
    app.engine.database.write_now(a_pair_of_canaries)
    await app.engine.start()
    await slack.command("ana", "topics")
    await app.engine.consultations.run_waiting()
    await app.engine.delivery.deliver_due()
    await app.engine.stop()
    app.close()
    assert "What would you try with idea 2?" in slack.messages_to("ana")[-1].text
