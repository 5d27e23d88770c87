"""Moving the clock of the playground."""

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from .conftest import Scene


@pytest.mark.parametrize(
    ("step", "then"),
    [
        ("hour", datetime(2026, 3, 3, 10, tzinfo=UTC)),
        ("day", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("fortnight", datetime(2026, 3, 17, 9, tzinfo=UTC)),
        ("next", datetime(2026, 3, 5, 10, tzinfo=UTC)),
    ],
)
async def test_the_clock_moves_as_far_as_the_button_says(scene: Scene, step: str, then: datetime) -> None:
    await scene.stage.move_clock(step)
    assert scene.story.now() == then
    assert scene.stage.clock["now"] == then.isoformat()


async def test_after_a_move_the_visitor_hears_how_many_messages_went_to_whom(scene: Scene) -> None:
    assert await scene.stage.move_clock("hour") == "Nobody had to hear anything."
    assert await scene.stage.move_clock("day") == "2 messages went out to 2 people."
    await scene.person("jun").sees("Did you two meet?")


async def test_nothing_planned_is_said_and_the_clock_stands(scene: Scene) -> None:
    scene.story.planned = None
    assert await scene.stage.move_clock("next") == "Nothing is planned yet. Start a program first."
    assert scene.story.now() == datetime(2026, 3, 3, 9, tzinfo=UTC)


async def test_a_second_move_waits_until_the_first_is_done(scene: Scene) -> None:
    gate = asyncio.Event()

    async def slow(target: datetime) -> None:
        await gate.wait()
        await scene.story.walk(target)

    scene.story.advancing = slow
    assert await scene.stage.post("clock", step="day") == 202
    assert await scene.stage.post("clock", step="day") == 409
    await scene.stage.until(lambda: scene.stage.clock["moving"])
    gate.set()
    await scene.stage.until(lambda: not scene.stage.clock["moving"])
    assert scene.story.now() == datetime(2026, 3, 4, 9, tzinfo=UTC)


async def test_a_clock_that_breaks_says_so_and_can_be_moved_again(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_target: datetime) -> None:
        raise ValueError("message text that must stay out of the log")

    scene.story.advancing = broken
    with caplog.at_level(logging.ERROR, "flipside.web"):
        assert await scene.stage.move_clock("day") == "The clock stopped early. The log says why."
    assert [record.getMessage() for record in caplog.records] == ["the clock stopped early: ValueError"]
    assert await scene.stage.post("clock", step="day") == 202


async def test_an_unknown_step_is_refused(scene: Scene) -> None:
    assert await scene.stage.post("clock", step="year") == 409


async def test_the_next_message_is_looked_for_beyond_moments_in_which_nothing_is_said(scene: Scene) -> None:
    """A thing that is only looked at on 4 March; the message is due a day later."""
    message_at, scene.story.planned = scene.story.planned, datetime(2026, 3, 4, 8, tzinfo=UTC)

    async def walk(target: datetime) -> None:
        scene.story.planned = message_at
        await scene.story.walk(target)

    scene.story.advancing = walk
    note = await scene.stage.move_clock("next")
    assert "went out" in note
    assert scene.story.now() == message_at
