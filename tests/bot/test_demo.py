"""The demo as a visitor finds it: a Monday at Larkspur, with most of the company signed up already."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.web import WebPlatform
from adapters.web.actor import NothingThere
from bot.demo import START, demo_app
from bot.larkspur import COORDINATOR, EMPLOYEES, FIRST_SHOWN
from bot.larkspur_story import MATCHING_ON, MENTEES, MENTORS
from tests.support.web_person import WebStage

pytestmark = pytest.mark.slow


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[WebStage]:
    app = demo_app(tmp_path, "127.0.0.1", 0)
    server = await app.start()
    async with WebStage(f"http://127.0.0.1:{server.port}") as stage:
        await stage.refresh()
        yield stage
    await app.stop(server)
    app.close()


async def test_sixteen_colleagues_have_joined_and_today_is_the_matching(stage: WebStage) -> None:
    assert START.date() == MATCHING_ON
    told = await stage.person("amara").sees("Today is the matching for Digital fluency 2026")
    assert "8 mentors and 8 mentees have joined." in told.text
    assert "Propose pairs" in told.buttons
    for each in (*MENTORS, *MENTEES):
        receipt = await stage.person(each.user).sees("You are in,")
        assert "Next from me: 3 March" in receipt.text


async def test_the_two_who_are_on_screen_first_can_still_join(stage: WebStage) -> None:
    for user in FIRST_SHOWN[:2]:
        announcement = await stage.person(user).sees("Digital fluency 2026: sign-up is open")
        assert "Join" in announcement.buttons
        await stage.person(user).command("join")
        form = stage.person(user).form
        assert form is not None
        assert form.title == "Join: 1 of 2"


async def test_whoever_was_greeted_before_is_not_greeted_again(stage: WebStage) -> None:
    mateo = stage.person("mateo")
    await mateo.arrive()
    assert sum("I am Flipside" in message.text for message in mateo.messages) == 1


async def test_the_page_offers_every_command_and_a_guide(stage: WebStage) -> None:
    async with stage.session.get(f"{stage.base}/playground/company") as answer:
        company = await answer.json()
    offered = [hint["words"] for hint in company["hints"]]
    assert offered[0] == "join"
    assert {"help", "home", "met", "program propose", "program approve"} <= set(offered)
    assert company["shown"] == list(FIRST_SHOWN)
    assert len(company["guide"]) == 6
    names = {employee.user: employee.name.split()[0] for employee in EMPLOYEES}
    for user, step in zip(FIRST_SHOWN, company["guide"], strict=False):
        assert f"You are {names[user]}" in step


async def test_colleagues_answer_by_themselves_unless_the_visitor_acts_as_them(stage: WebStage) -> None:
    amara, mateo, noor = stage.person("amara"), stage.person("mateo"), stage.person("noor")
    await noor.command("join")
    await mateo.command("home")
    await amara.press("Propose pairs")
    await amara.sees("Proposed pairs", seconds=60)
    await amara.press("Approve 8 pairs")
    await stage.move_clock("fortnight")
    await stage.move_clock("day")
    met = [each for each in (*MENTORS, *MENTEES) if _says(stage, each.user, "met. It counts as a session")]
    assert len(met) > 4
    assert "mateo" not in {each.user for each in met}
    asked = await mateo.sees("One click is enough")
    assert "Met" in asked.buttons


async def test_colleagues_who_are_asked_first_say_yes(stage: WebStage) -> None:
    amara = stage.person("amara")
    await amara.command("program ask-first on")
    await amara.sees("I ask both before a pair is made")
    await amara.press("Propose pairs")
    await amara.sees("Proposed pairs", seconds=60)
    await amara.press("Approve 8 pairs")
    for _ in range(4):
        await stage.move_clock("day")
    settled = [each for each in (*MENTORS, *MENTEES) if _says(stage, each.user, "It is settled")]
    assert len(settled) == 16


def _says(stage: WebStage, user: str, words: str) -> bool:
    return any(words in message.text for message in stage.person(user).messages)


def test_everybody_in_the_story_works_at_larkspur_and_nobody_signs_up_twice() -> None:
    joined = [each.user for each in (*MENTORS, *MENTEES)]
    others = {employee.user for employee in EMPLOYEES if employee.note != COORDINATOR} - set(FIRST_SHOWN)
    assert len(joined) == len(set(joined)) == 16
    assert set(joined) <= others


async def test_nobody_acts_as_a_stranger() -> None:
    playground = WebPlatform(people=[], now=lambda: START, advance=_nowhere, next_moment=_never)
    with pytest.raises(NothingThere):
        playground.actor("stranger")


async def _nowhere(_target: object) -> None: ...


async def _never() -> None: ...
