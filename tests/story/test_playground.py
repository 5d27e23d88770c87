"""The main path as a visitor of the demo goes it, in a real browser: from two sign-ups to an answered check-in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.support.visitor import Visitor, running_demo, visitor_at

pytestmark = pytest.mark.slow

WINDOWS = [("wide", 1440, 900), ("narrow", 390, 844)]
NOOR, ROSALIND, AMARA = "Noor Haddad", "Rosalind Mbeki", "Amara Okafor"


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with running_demo(tmp_path) as running:
        yield running


@pytest.mark.parametrize(("window", "width", "height"), WINDOWS, ids=[one[0] for one in WINDOWS])
async def test_two_people_sign_up_are_paired_introduced_and_asked_after_two_weeks(
    address: str, window: str, width: int, height: int
) -> None:
    async with visitor_at(address, window, width, height) as visitor:
        await noor_signs_up_to_teach(visitor)
        await rosalind_signs_up_to_learn(visitor)
        await amara_proposes_looks_and_approves(visitor)
        await the_two_are_introduced_next_morning(visitor)
        await both_are_asked_after_two_weeks(visitor)
        await noor_shares_a_line_and_rosalind_reads_it(visitor)
        await everybody_finds_it_at_home(visitor)
        assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= width


async def noor_signs_up_to_teach(visitor: Visitor) -> None:
    """From the announcement in the channel."""
    noor = await visitor.acts_as(NOOR)
    await expect(noor.get_by_role("heading", name="Hello Noor, I am Flipside")).to_be_visible()
    await visitor.keeps_a_picture("start")
    await noor.get_by_role("tab", name="#announcements").click()
    await expect(noor.get_by_role("heading", name="Digital fluency 2026: sign-up is open")).to_be_visible()
    await noor.get_by_role("button", name="Join", exact=True).click()
    form = noor.get_by_role("dialog", name="Join: 1 of 2")
    await form.get_by_role("button", name="Next").click()
    await expect(form.get_by_text("Please pick one.")).to_be_visible()
    await visitor.keeps_a_picture("form")
    await fill_in(noor, "Share what I know (you are the mentor)", "One")
    await expect(noor.get_by_role("heading", name="You are in, Noor")).to_be_visible()
    await expect(noor.get_by_text("Next from me: 3 March")).to_be_visible()


async def rosalind_signs_up_to_learn(visitor: Visitor) -> None:
    """By command, in her chat with the bot."""
    rosalind = await visitor.writes(ROSALIND, "/mentor join")
    await fill_in(rosalind, "Learn from a junior colleague (you are the mentee)", "2 hours")
    await expect(rosalind.get_by_role("heading", name="You are in, Rosalind")).to_be_visible()
    await visitor.keeps_a_picture("both-joined")


async def fill_in(screen: Locator, role: str, time_given: str) -> None:
    """Both screens of sign-up."""
    form = screen.get_by_role("dialog")
    await form.get_by_label(role).check()
    await form.get_by_label("Social media and digital marketing").check()
    await form.get_by_role("button", name="Next").click()
    await form.get_by_label(time_given, exact=True).check()
    await form.get_by_label("I have read it and I agree").check()
    await form.get_by_role("button", name="Join").click()
    await expect(form).to_be_hidden()


async def amara_proposes_looks_and_approves(visitor: Visitor) -> None:
    amara = await visitor.acts_as(AMARA)
    await expect(amara.get_by_role("heading", name="Today is the matching for Digital fluency 2026")).to_be_visible()
    await amara.get_by_role("button", name="Propose pairs").click()
    await expect(amara.get_by_role("button", name="Approve 9 pairs")).to_be_visible()
    await visitor.keeps_a_picture("proposed")
    await amara.get_by_role("button", name="Review", exact=True).click()
    pair = amara.get_by_text("Noor Haddad teaches Rosalind Mbeki")
    await expect(pair).to_contain_text("Both care about Social media and digital marketing")
    await visitor.keeps_a_picture("review")
    await amara.get_by_role("button", name="Back to the summary").click()
    await amara.get_by_role("button", name="Approve 9 pairs").click()
    await expect(amara.get_by_role("heading", name="Approved: 9 pairs in Digital fluency 2026")).to_be_visible()


async def the_two_are_introduced_next_morning(visitor: Visitor) -> None:
    """Each in private, by role, and then both in one chat that the bot cannot read."""
    await visitor.moves_the_clock("+1 day", "Tue, 3 Mar 2026")
    noor = await visitor.acts_as(NOOR)
    await noor.get_by_role("tab", name="Chat").click()
    await expect(noor.get_by_role("heading", name="Meet Rosalind Mbeki, your mentee")).to_be_visible()
    await expect(noor.get_by_text("You are the mentor: Rosalind wants to learn from you")).to_be_visible()
    rosalind = await visitor.acts_as(ROSALIND)
    await expect(rosalind.get_by_role("heading", name="Meet Noor Haddad, your mentor")).to_be_visible()
    await visitor.keeps_a_picture("introduced")
    await rosalind.get_by_role("button", name="Write to Noor").click()
    await expect(rosalind.get_by_text("Noor Haddad and Rosalind Mbeki, you are now a pair")).to_be_visible()
    await expect(rosalind.get_by_text("I can't read this chat.")).to_be_visible()
    await visitor.writes(ROSALIND, "Hello Noor, how about Thursday at three?")
    noor = await visitor.acts_as(NOOR)
    await noor.get_by_role("tab", name="Rosalind, Flipside").click()
    await expect(noor.get_by_text("Hello Noor, how about Thursday at three?")).to_be_visible()
    await visitor.keeps_a_picture("group-chat")


async def both_are_asked_after_two_weeks(visitor: Visitor) -> None:
    for name in (NOOR, ROSALIND):
        await (await visitor.acts_as(name)).get_by_role("tab", name="Chat").click()
    await visitor.moves_the_clock("+2 weeks", "Tue, 17 Mar 2026")
    rosalind = await visitor.acts_as(ROSALIND)
    await expect(rosalind.get_by_role("heading", name="Have you two met?")).to_be_visible()
    noor = await visitor.acts_as(NOOR)
    await expect(noor.get_by_role("heading", name="Have you two met?")).to_be_visible()
    await visitor.keeps_a_picture("check-in")
    await noor.get_by_role("button", name="Met", exact=True).click()
    await expect(noor.get_by_role("heading", name="Thank you, noted")).to_be_visible()
    await expect(noor.get_by_text("Next from me: 31 March, a short check-in.")).to_be_visible()
    # Her partner's answer shows nothing of hers.
    rosalind = await visitor.acts_as(ROSALIND)
    await expect(rosalind.get_by_role("heading", name="Have you two met?")).to_be_visible()


async def noor_shares_a_line_and_rosalind_reads_it(visitor: Visitor) -> None:
    noor = await visitor.acts_as(NOOR)
    await noor.get_by_role("button", name="Add a note").click()
    form = noor.get_by_role("dialog")
    await form.get_by_label("What did you learn?").fill("Customers <b>ask</b> on video first.")
    await visitor.keeps_a_picture("note")
    await form.get_by_role("button", name="Save my note").click()
    await noor.get_by_role("button", name="Share with Rosalind").click()
    await expect(noor.get_by_text("You shared this line with Rosalind Mbeki.")).to_be_visible()
    rosalind = await visitor.acts_as(ROSALIND)
    await expect(rosalind.get_by_role("heading", name="A line from Noor")).to_be_visible()
    await expect(rosalind.get_by_text("Customers <b>ask</b> on video first.")).to_be_visible()
    await visitor.keeps_a_picture("shared")


async def everybody_finds_it_at_home(visitor: Visitor) -> None:
    noor = await visitor.acts_as(NOOR)
    await noor.get_by_role("tab", name="Home").click()
    await expect(noor.get_by_text("Your mentee is Rosalind Mbeki (Operations, Cape Town).")).to_be_visible()
    amara = await visitor.writes(AMARA, "/mentor program status")
    await expect(amara.get_by_text("running until 3 September")).to_be_visible()
    await visitor.keeps_a_picture("home-and-status")
