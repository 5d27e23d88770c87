"""Somebody at the browser, in front of the demo as `flipside demo` runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from bot.demo import demo_app
from tests.support.browser import chromium

SCREENSHOTS = Path("screenshots")


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[str]:
    """Its address, on a free port."""
    app = demo_app(folder, "127.0.0.1", 0)
    server = await app.start()
    yield f"http://127.0.0.1:{server.port}"
    await app.stop(server)
    app.close()


@dataclass
class Visitor:
    """Somebody at the browser who acts as one person after the other."""

    page: Page
    window: str
    pictures: int = 0

    async def acts_as(self, name: str) -> Locator:
        """That person's column; a narrow window shows one person and lets the visitor pick."""
        screen = self.page.get_by_role("region", name=name, exact=True)
        # The page draws its columns all at once; before that, nobody is on screen.
        await expect(self.page.locator(".who-switch").first).to_be_visible()
        if await screen.count() == 0:
            await self.page.locator(".who-switch").click()
            await self.page.locator(".picker").get_by_role("button", name=name).click()
        await expect(screen).to_be_visible()
        return screen

    async def writes(self, name: str, words: str) -> Locator:
        screen = await self.acts_as(name)
        box = screen.get_by_role("combobox", name="Write a message")
        await box.fill(words)
        await box.press("Enter")
        return screen

    async def moves_the_clock(self, button: str, day: str) -> None:
        await self.page.get_by_role("button", name=button, exact=True).click()
        await expect(self.page.locator("#clock-day")).to_have_text(day)
        await expect(self.page.get_by_role("button", name=button, exact=True)).to_be_enabled()

    async def keeps_a_card(self, name: str, words: str, file: Path) -> None:
        """A picture of the newest message with these words, as that person sees it."""
        screen = await self.acts_as(name)
        message = screen.get_by_role("article").filter(has_text=words).last
        await expect(message).to_be_visible()
        file.parent.mkdir(exist_ok=True)
        await message.locator(".body").screenshot(path=file)

    async def keeps_a_picture(self, name: str) -> None:
        """By day and by night."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.pictures += 1
        for colors in ("dark", "light"):
            await self.page.emulate_media(color_scheme=colors)
            await self.page.screenshot(path=SCREENSHOTS / f"story-{self.window}-{self.pictures}-{name}-{colors}.png")


@asynccontextmanager
async def visitor_at(address: str, window: str, width: int, height: int, *, dots: float = 1) -> AsyncIterator[Visitor]:
    """A browser window; a fault or a warning in its console fails the test. `dots`: for each of its pixels."""
    faults: list[str] = []
    async with chromium() as browser:
        size = {"width": width, "height": height}
        context = await browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme="light",
            device_scale_factor=dots,
        )
        page = await context.new_page()
        page.on("console", lambda line: faults.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        await page.goto(address)
        yield Visitor(page, window)
        assert faults == []
