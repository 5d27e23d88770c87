"""The playground answers only a browser on this machine, on its own page."""

import logging

import pytest
from aiohttp import ClientSession

from adapters.loopback import is_loopback

from .conftest import Scene


@pytest.mark.parametrize("name", ["127.0.0.1", "127.8.9.10", "localhost", "LOCALHOST", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_loopback(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize(
    "name",
    ["", "10.0.0.1", "0.0.0.0", "::", "larkspur.example", "localhost.larkspur.example", "127.0.0.1.evil.example"],
)
def test_everything_else_is_not(name: str) -> None:
    assert not is_loopback(name)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8017", "10.0.0.7", "", "[", "127.0.0.1.evil.example"])
async def test_a_host_name_that_is_not_ours_is_refused(
    scene: Scene, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "flipside.web"):
        async with scene.stage.session.get(scene.stage.base + "/", headers={"Host": host}) as answer:
            assert answer.status == 403
    assert [record.getMessage() for record in caplog.records] == ["refused GET /: host"]
    assert caplog.records[0].exc_info is None


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1", "http://localhost:1"])
async def test_a_post_from_another_page_is_refused_and_has_no_effect(scene: Scene, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    body = {"id": "12345678", "person": "tom", "conversation": "bot:tom", "text": "hello"}
    async with scene.stage.session.post(scene.stage.base + "/playground/say", json=body, headers=headers) as answer:
        assert answer.status == 403
    assert scene.bot.heard == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"null",
        b'{"person": 3}',
        b'{"person": "nobody"}',
        b'{"person": "tom"}',
        b'{"person": "tom", "id": "../../etc", "conversation": "bot:tom", "text": "x"}',
        b'{"person": "tom", "id": "12345678", "conversation": "bot:jun", "text": "x"}',
        b'{"person": "tom", "id": "12345678", "conversation": "nowhere", "text": "x"}',
        b"[" * 100_000,
    ],
)
async def test_a_body_that_the_page_never_posts_is_refused_without_effect(scene: Scene, body: bytes) -> None:
    headers = {"Origin": scene.stage.base, "Content-Type": "application/json"}
    async with scene.stage.session.post(scene.stage.base + "/playground/say", data=body, headers=headers) as answer:
        assert answer.status == 400
    assert scene.bot.heard == []


@pytest.mark.parametrize("values", [None, [], "x", {"words": {"deep": 1}}, {"words": 3}])
async def test_a_form_with_values_of_another_shape_is_refused(scene: Scene, values: object) -> None:
    tom = scene.person("tom")
    await tom.command("join")
    assert tom.form is not None
    body = {"id": "12345678", "person": "tom", "form": tom.form.id, "values": values}
    assert await scene.stage.post("submit", **body) == 400
    assert tom.form is not None


async def test_every_answer_carries_the_headers_that_keep_foreign_code_out(scene: Scene) -> None:
    paths = ("/", "/playground/files/main.js", "/playground/company", "/playground/changes", "/playground/files/none")
    async with ClientSession() as session:
        for path in paths:
            async with session.get(scene.stage.base + path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'self'" in policy
                assert "unsafe" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert "Set-Cookie" not in answer.headers


async def test_the_page_answers_200_itself_and_brings_everything_along(scene: Scene) -> None:
    async with scene.stage.session.get(scene.stage.base + "/") as answer:
        assert answer.status == 200
        page = await answer.text()
    assert "://" not in page
    assert "<script>" not in page
    assert "style=" not in page


async def test_a_file_outside_the_page_is_not_served(scene: Scene) -> None:
    for name in ("..%2fapp.py", "%2e%2e%2fapp.py", "app.py", "/etc/passwd"):
        async with scene.stage.session.get(f"{scene.stage.base}/playground/files/{name}") as answer:
            assert answer.status == 404
