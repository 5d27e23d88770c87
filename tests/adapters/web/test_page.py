"""The page in a real browser: what a visitor sees and does with mouse and keyboard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from conversations.cards import card
from tests.support.browser import chromium

from .conftest import Scene

pytestmark = pytest.mark.slow

SCREENSHOTS = Path("screenshots")
WIDE, NARROW = (1440, 900), (390, 844)


@asynccontextmanager
async def opened(
    scene: Scene, size: tuple[int, int] = WIDE, colors: str = "light", loses: str = "nothing"
) -> AsyncIterator[Page]:
    """The playground in a window of this size; a fault in the browser's console fails the test.

    `loses`: what the console may say of a line that is down.
    """
    faults: list[str] = []
    async with chromium() as browser:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if colors == "dark" else "light"
        )
        page = await context.new_page()
        page.on("console", lambda line: faults.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        await page.goto(scene.stage.base)
        await expect(page.get_by_role("heading", name="Hello, I am Flipside").first).to_be_visible()
        yield page
        assert [fault for fault in faults if loses not in fault] == []


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


async def write(column: Locator, words: str) -> None:
    box = column.get_by_role("combobox", name="Write a message")
    await box.fill(words)
    await box.press("Escape")  # the menu of commands, where one is open
    await box.press("Enter")


async def keep(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")


async def test_three_people_are_side_by_side_on_a_wide_screen_and_each_has_an_own_chat(scene: Scene) -> None:
    async with opened(scene) as page:
        tom, marta = column(page, "Tom Okafor"), column(page, "Marta Lindqvist")
        await expect(page.get_by_role("region", name="Ines Duarte")).to_be_visible()
        await write(tom, "hello <b>there</b>")
        await expect(tom.get_by_text("You said: hello <b>there</b>")).to_be_visible()
        await expect(marta.get_by_text("hello")).to_have_count(1)  # the greeting only
        await expect(tom.get_by_text("Tue 09:00")).to_be_visible()
        await expect(marta.get_by_text("Tue 04:00")).to_be_visible()


async def test_while_the_server_is_away_nothing_typed_is_lost_and_every_button_works_again_afterwards(
    scene: Scene,
) -> None:
    async with opened(scene, loses="Failed to load resource: net::ERR_FAILED") as page:
        tom = column(page, "Tom Okafor")
        await write(tom, "/mentor join")
        form = tom.get_by_role("dialog", name="Share what you know")
        await form.get_by_label("In your own words").fill("charts & stories")
        await page.route("**/playground/*", lambda route: route.abort())
        marta = column(page, "Marta Lindqvist")
        await write(marta, "hello")
        await form.get_by_role("button", name="Sign me up").click()
        await expect(page.get_by_text("That did not go through. Please try again.")).to_be_visible()
        await expect(marta.get_by_role("combobox", name="Write a message")).to_have_value("hello")
        await expect(form.get_by_role("button", name="Sign me up")).to_be_enabled()
        await page.unroute_all()
        await form.get_by_role("button", name="Sign me up").click()
        await expect(form.get_by_text("Please pick one.")).to_be_visible()


async def test_a_form_takes_the_focus_keeps_what_was_typed_and_says_what_is_missing(scene: Scene) -> None:
    async with opened(scene) as page:
        tom = column(page, "Tom Okafor")
        await write(tom, "/mentor join")
        form = tom.get_by_role("dialog", name="Share what you know")
        await expect(form.get_by_label("AI at work")).to_be_focused()
        await page.keyboard.press("Space")
        await form.get_by_label("In your own words").fill("charts & stories")
        await form.get_by_role("button", name="Sign me up").click()
        await expect(form.get_by_text("Please pick one.")).to_be_visible()
        await expect(form.get_by_label("1", exact=True).first).to_be_focused()
        await expect(form.get_by_label("In your own words")).to_have_value("charts & stories")
        await expect(form.get_by_label("AI at work")).to_be_checked()
        await keep(page, "web-form")
        await form.get_by_label("4", exact=True).first.check()
        await form.get_by_label("From which day?").fill("2026-03-10")
        await form.get_by_role("button", name="Sign me up").click()
        await expect(tom.get_by_text("Thank you, charts & stories.")).to_be_visible()
        await expect(form).to_be_hidden()
        await expect(tom.get_by_role("combobox", name="Write a message")).to_be_focused()


async def test_escape_closes_a_form(scene: Scene) -> None:
    async with opened(scene) as page:
        tom = column(page, "Tom Okafor")
        await write(tom, "/mentor join")
        form = tom.get_by_role("dialog")
        await expect(form.get_by_label("AI at work")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(form).to_be_hidden()


async def test_a_double_click_presses_once(scene: Scene) -> None:
    async with opened(scene) as page:
        tom = column(page, "Tom Okafor")
        await write(tom, "/mentor show")
        await tom.get_by_role("button", name="Change partner").dblclick()
        await expect(tom.get_by_text("Nothing changes until you say so.")).to_have_count(1)
        pressed = [inbound for inbound in scene.bot.heard if inbound.action]
        assert len(pressed) == 1


async def test_after_the_clock_moved_a_dot_shows_who_got_a_message(scene: Scene) -> None:
    async with opened(scene) as page:
        await page.get_by_role("button", name="+1 day").click()
        await expect(page.get_by_text("2 messages went out to 2 people.")).to_be_visible()
        await expect(page.locator("#clock-day")).to_have_text("Wed, 4 Mar 2026")
        people = page.get_by_role("navigation", name="People")
        jun = people.get_by_role("button", name="Jun Watanabe")
        await expect(jun.get_by_text("has a new message")).to_be_visible()
        await keep(page, "web-clock")
        await jun.click()
        await expect(column(page, "Jun Watanabe").get_by_text("Did you two meet?")).to_be_visible()
        await expect(jun.get_by_text("has a new message")).to_be_hidden()


async def test_a_moving_clock_shows_how_far_it_is_and_its_buttons_rest(scene: Scene) -> None:
    gate = asyncio.Event()

    async def half_way_and_wait(target: datetime) -> None:
        await scene.story.walk(scene.story.now() + (target - scene.story.now()) / 2)
        await gate.wait()
        await scene.story.walk(target)

    scene.story.advancing = half_way_and_wait
    async with opened(scene) as page:
        await page.get_by_role("button", name="+2 weeks").click()
        await expect(page.get_by_role("progressbar", name="The clock is moving")).to_have_js_property("value", 500)
        await expect(page.locator("#clock-day")).to_have_text("Tue, 10 Mar 2026")
        await expect(page.get_by_role("button", name="+1 day")).to_be_disabled()
        await keep(page, "web-moving")
        gate.set()
        await expect(page.get_by_role("button", name="+1 day")).to_be_enabled()
        await expect(page.locator("#clock-day")).to_have_text("Tue, 17 Mar 2026")


async def test_an_announcement_is_in_the_channel_of_everybody(scene: Scene) -> None:
    async with opened(scene) as page:
        ines, tom = column(page, "Ines Duarte"), column(page, "Tom Okafor")
        await ines.get_by_role("tab", name="#announcements").click()
        await write(ines, "/mentor open")
        await expect(ines.get_by_text("The announcement is in this channel.")).to_be_visible()
        await tom.get_by_role("tab", name="#announcements").click()
        await expect(tom.get_by_text("The spring program is open until 20 March.")).to_be_visible()
        await expect(tom.get_by_text("The announcement is in this channel.")).to_have_count(0)
        await tom.get_by_role("button", name="Join").click()
        await expect(tom.get_by_role("dialog", name="Share what you know")).to_be_visible()


async def test_two_introduced_people_write_to_each_other(scene: Scene) -> None:
    async with opened(scene) as page:
        tom, marta = column(page, "Tom Okafor"), column(page, "Marta Lindqvist")
        await write(tom, "/mentor introduce")
        await tom.get_by_role("button", name="Write to Marta").click()
        await expect(tom.get_by_role("tab", name="Marta, Flipside")).to_have_attribute("aria-selected", "true")
        await write(tom, "Thursday at three?")
        await marta.get_by_role("tab", name="Tom, Flipside").click()
        await expect(marta.get_by_text("Thursday at three?")).to_be_visible()
        assert len([inbound for inbound in scene.bot.heard if not inbound.id.startswith("arrived")]) == 1


async def test_the_menu_of_commands_works_by_keyboard(scene: Scene) -> None:
    async with opened(scene) as page:
        tom = column(page, "Tom Okafor")
        box = tom.get_by_role("combobox", name="Write a message")
        await box.press_sequentially("/me")
        await expect(tom.get_by_role("option")).to_have_count(5)
        await box.press("ArrowDown")
        await box.press("Enter")
        await expect(box).to_have_value("/mentor join")
        await box.press("Enter")
        await expect(tom.get_by_role("dialog", name="Share what you know")).to_be_visible()


async def test_the_home_is_fetched_when_it_is_opened_and_tabs_work_by_arrow_keys(scene: Scene) -> None:
    async with opened(scene) as page:
        tom = column(page, "Tom Okafor")
        await tom.get_by_role("tab", name="Chat").press("ArrowRight")
        await expect(tom.get_by_role("tab", name="Home")).to_be_focused()
        await expect(tom.get_by_role("heading", name="Meet your partner")).to_be_visible()
        await expect(tom.get_by_role("img", name="Three of six sessions held")).to_be_visible()


async def test_a_narrow_window_shows_one_person_and_switches(scene: Scene) -> None:
    async with opened(scene, NARROW, "dark") as page:
        await expect(page.get_by_role("region", name="Tom Okafor")).to_have_count(0)
        await scene.platform.send(scene.platform.company.people[1].address, card("A word for Tom"), "d1")
        await page.get_by_role("button", name="Ines Duarte").click()
        tom = page.get_by_role("button", name="Tom Okafor")
        await expect(tom.get_by_text("has a new message")).to_be_visible()
        await keep(page, "web-narrow")
        await tom.click()
        await expect(column(page, "Tom Okafor").get_by_role("heading", name="A word for Tom")).to_be_visible()
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW[0]


async def test_a_reload_keeps_the_chats_the_people_on_screen_and_an_open_form(scene: Scene) -> None:
    async with opened(scene) as page:
        await page.get_by_role("navigation", name="People").get_by_role("button", name="Jun Watanabe").click()
        jun = column(page, "Jun Watanabe")
        await write(jun, "/mentor join")
        await expect(jun.get_by_role("dialog", name="Share what you know")).to_be_visible()
        await page.reload()
        await expect(jun.get_by_role("dialog", name="Share what you know")).to_be_visible()
        await expect(jun.get_by_text("/mentor join")).to_have_count(1)
