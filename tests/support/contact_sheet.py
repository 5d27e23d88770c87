"""All golden cards on one page, to look at: `python -m tests.support.contact_sheet` writes screenshots/cards-*.png."""

import asyncio
from html import escape
from pathlib import Path

from tests.support.browser import chromium
from tests.support.golden import FOLDER

HOUSE = Path(__file__).parents[2]
STYLES = HOUSE / "adapters" / "web" / "static"
OUT = HOUSE / "screenshots"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{style}
html, body {{ height: auto !important; overflow: visible !important; display: block !important; }}
body {{ padding: 20px; }}
.contact-sheet {{ display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }}
.example {{ width: 470px; }}
.example > h2 {{ font: 600 12px monospace; color: #777; margin: 0 0 4px; }}
</style><div class="contact-sheet">{cards}</div></html>"""
CARDS_A_SHEET = 21
WIDTH = 1500


def sheets() -> list[Path]:
    """One page for each handful of cards."""
    OUT.mkdir(exist_ok=True)
    names = sorted((FOLDER / "cards").glob("*.web.html"))
    style = "\n".join((STYLES / name).read_text("utf-8") for name in ("page.css", "column.css", "card.css"))
    pages = []
    for number, start in enumerate(range(0, len(names), CARDS_A_SHEET), start=1):
        cards = "".join(_example(path) for path in names[start : start + CARDS_A_SHEET])
        page = OUT / f"cards-{number}.html"
        page.write_text(PAGE.format(title=page.stem, style=style, cards=cards), "utf-8")
        pages.append(page)
    return pages


def _example(path: Path) -> str:
    name = path.name.removesuffix(".web.html")
    inside = path.read_text("utf-8")
    message = f'<article class="message from-bot"><div class="body">{inside}</div></article>'
    return f'<div class="example"><h2>{escape(name)}</h2>{message}</div>'


async def take() -> None:
    async with chromium() as browser:
        for sheet in sheets():
            page = await browser.new_page(viewport={"width": WIDTH, "height": 900})
            await page.goto(sheet.as_uri())
            height = await page.evaluate("document.querySelector('.contact-sheet').getBoundingClientRect().bottom")
            await page.set_viewport_size({"width": WIDTH, "height": int(height) + 20})
            await page.screenshot(path=str(sheet.with_suffix(".png")))
            await page.close()


if __name__ == "__main__":
    asyncio.run(take())
