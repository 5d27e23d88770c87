"""Answers that are on their way to the same person at the same time."""

import asyncio
import logging

import pytest

from adapters.answering import Answering


async def test_a_later_answer_waits_for_an_earlier_one_to_the_same_person_only() -> None:
    shown: list[str] = []
    slow = asyncio.Event()
    answering = Answering(logging.getLogger("flipside.test"))

    async def show(words: str, after: asyncio.Event | None = None) -> None:
        if after:
            await after.wait()
        shown.append(words)

    answering.begin("ana", lambda: show("ana's first", slow))
    answering.begin("ana", lambda: show("ana's second"))
    answering.begin("tom", lambda: show("tom's first"))
    answering.begin("ana", lambda: show("ana's form"), at_once=True)
    for _ in range(5):
        await asyncio.sleep(0)
    assert shown == ["tom's first", "ana's form"]
    slow.set()
    await answering.finish(5)
    assert shown[2:] == ["ana's first", "ana's second"]


async def test_an_answer_that_fails_holds_nobody_up_and_is_logged_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shown: list[str] = []
    answering = Answering(logging.getLogger("flipside.test"))

    async def fail() -> None:
        raise ValueError("Dear Ana")

    async def show() -> None:
        shown.append("second")

    answering.begin("ana", fail)
    answering.begin("ana", show)
    await answering.finish(5)
    assert shown == ["second"]
    assert "an answer failed: ValueError" in caplog.text
    assert "Dear" not in caplog.text


async def test_a_stop_gives_up_what_does_not_end() -> None:
    shown: list[str] = []
    answering = Answering(logging.getLogger("flipside.test"))

    async def never() -> None:
        await asyncio.Event().wait()

    async def show() -> None:
        shown.append("second")

    answering.begin("ana", never)
    answering.begin("ana", show)
    await answering.finish(0)
    assert shown == []
