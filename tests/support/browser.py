"""A headless Chromium from the machine, without any traffic of its own."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright, expect

# Milliseconds. A matching starts a process, and moving the clock runs a fortnight: both take a while on a busy machine.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)


def chromium_path() -> str:
    """Where Chromium is. A developer's machine without one steps aside; `BROWSER_TESTS=required` makes that a fault."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    words = "no Chromium on this machine; install the package `chromium` for the browser tests"
    if os.environ.get("BROWSER_TESTS") == "required":
        pytest.fail(words)
    pytest.skip(words)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET), timeout=2 * PATIENCE
        )
        try:
            yield browser
        finally:
            await browser.close()
