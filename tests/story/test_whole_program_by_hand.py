"""A whole program, played by hand in the demo: as the coordinator, the mentor and the mentee, in a few minutes.

Its pictures are those of the coordinator's guide. To take them again:
`PICTURES=docs/pictures python -m pytest tests/story/test_whole_program_by_hand.py`
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.support.visitor import SCREENSHOTS, Visitor, running_demo, visitor_at

pytestmark = pytest.mark.slow

PICTURES = Path(os.environ.get("PICTURES", SCREENSHOTS))
# High enough for the longest card to be on screen as a whole.
WINDOW = ("guide", 1440, 1500)
NOOR, ROSALIND, AMARA = "Noor Haddad", "Rosalind Mbeki", "Amara Okafor"


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with running_demo(tmp_path) as running:
        yield running


async def test_one_visitor_plays_a_program_from_the_invitation_to_the_report(address: str) -> None:
    async with visitor_at(address, *WINDOW, dots=1.25) as visitor:
        await amara_invites_rosalind(visitor)
        await both_sign_up(visitor)
        await amara_checks_proposes_and_approves(visitor)
        await the_two_are_introduced_and_book(visitor)
        await they_are_asked_and_rosalind_wants_help(visitor)
        await the_colleagues_answer_by_themselves(visitor)
        await amara_holds_the_program_and_lets_it_go_on(visitor)
        await rosalind_leaves_and_noor_reads_a_neutral_note(visitor)
        await the_program_ends_with_thanks_and_a_report(visitor)


async def amara_invites_rosalind(visitor: Visitor) -> None:
    amara = await visitor.writes(AMARA, "program invite rosalind@larkspur.example")
    await presses(amara, "Role and date")
    form = amara.get_by_role("dialog", name="Role and date")
    await form.get_by_label("Mentees: senior, they learn").check()
    await form.get_by_role("button", name="Look at the list").click()
    await presses(amara, "Invite 1 person")
    await expect(amara.get_by_role("heading", name="1 person is on the list of")).to_be_visible()
    await moves(visitor, "+1 hour")
    await keeps(visitor, ROSALIND, "An invitation, Rosalind", "invitation")


async def both_sign_up(visitor: Visitor) -> None:
    rosalind = await visitor.acts_as(ROSALIND)
    await presses(rosalind, "Join")
    await fill_in(rosalind, "", "2 hours")
    await expect(rosalind.get_by_role("heading", name="You are in, Rosalind")).to_be_visible()
    noor = await visitor.writes(NOOR, "/mentor join")
    await fill_in(noor, "Share what I know (you are the mentor)", "One")
    await expect(noor.get_by_role("heading", name="You are in, Noor")).to_be_visible()


async def fill_in(screen: Locator, role: str, time_given: str) -> None:
    form = screen.get_by_role("dialog")
    if role:
        await form.get_by_label(role).check()
    await form.get_by_label("Social media and digital marketing").check()
    await form.get_by_role("button", name="Next").click()
    await form.get_by_label(time_given, exact=True).check()
    await form.get_by_label("I have read it and I agree").check()
    await form.get_by_role("button", name="Join").click()
    await expect(form).to_be_hidden()


async def amara_checks_proposes_and_approves(visitor: Visitor) -> None:
    amara = await visitor.writes(AMARA, "/mentor program check")
    await keeps(visitor, AMARA, "Nothing stands in the way of the introductions", "ready")
    await visitor.writes(AMARA, "/mentor program propose")
    await expect(amara.get_by_role("button", name="Approve 9 pairs")).to_be_visible()
    await keeps(visitor, AMARA, "Proposed pairs: Digital fluency 2026", "proposed")
    await presses(amara, "Approve 9 pairs")
    await presses(amara, "Stop")
    await presses(amara, "Approve 9 pairs")
    await keeps(visitor, AMARA, "Until then nobody is told, and you can stop it", "approved")


async def the_two_are_introduced_and_book(visitor: Visitor) -> None:
    await visitor.moves_the_clock("+1 day", "Tue, 3 Mar 2026")
    await keeps(visitor, NOOR, "Meet Rosalind Mbeki, your mentee", "introduced")
    noor = await visitor.acts_as(NOOR)
    await presses(noor, "Book a time")
    await noor.get_by_role("dialog", name="Book a time").get_by_role("button", name="Book it").click()
    for name in (NOOR, ROSALIND):
        screen = await visitor.acts_as(name)
        await expect(screen.get_by_text("Your session is booked").last).to_be_visible()


async def they_are_asked_and_rosalind_wants_help(visitor: Visitor) -> None:
    await visitor.moves_the_clock("+2 weeks", "Tue, 17 Mar 2026")
    await keeps(visitor, ROSALIND, "Have you two met?", "check-in")
    await presses(await visitor.acts_as(NOOR), "Met")
    rosalind = await visitor.acts_as(ROSALIND)
    await presses(rosalind, "Not yet")
    await visitor.writes(ROSALIND, "/mentor need help")
    await presses(rosalind, "Finding a time")
    form = rosalind.get_by_role("dialog", name="I need help")
    await expect(form.get_by_text("Amara Okafor and Jonas Weber read this, and nobody else")).to_be_visible()
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()
    await moves(visitor, "+1 hour")
    await keeps(visitor, AMARA, "Rosalind asks for help", "help")
    await presses(await visitor.acts_as(AMARA), "I'll take care of it")


async def the_colleagues_answer_by_themselves(visitor: Visitor) -> None:
    """Two pairs are quiet: the visitor has something to look after."""
    for _ in range(4):
        await moves(visitor, "+2 weeks")
    await visitor.writes(AMARA, "/mentor program status")
    await keeps(visitor, AMARA, "Sessions held", "status")
    amara = await visitor.writes(AMARA, "/mentor program quiet")
    await expect(amara.get_by_role("button", name="Write to both").last).to_be_visible()
    await visitor.writes(AMARA, "/mentor results")
    await expect(amara.get_by_text("The next figures come on 15 July.")).to_be_visible()


async def amara_holds_the_program_and_lets_it_go_on(visitor: Visitor) -> None:
    amara = await visitor.writes(AMARA, "/mentor program hold")
    await expect(amara.get_by_role("heading", name="Digital fluency 2026 is on hold")).to_be_visible()
    await presses(amara, "Go on")
    await expect(amara.get_by_role("heading", name="Digital fluency 2026 goes on")).to_be_visible()


async def rosalind_leaves_and_noor_reads_a_neutral_note(visitor: Visitor) -> None:
    rosalind = await visitor.writes(ROSALIND, "/mentor leave")
    await presses(rosalind, "Leave")
    await expect(rosalind.get_by_role("heading", name="That is fine")).to_be_visible()
    await moves(visitor, "+2 weeks")
    noor = await visitor.acts_as(NOOR)
    await expect(noor.get_by_text("so they say nothing about you").last).to_be_visible()


async def the_program_ends_with_thanks_and_a_report(visitor: Visitor) -> None:
    for _ in range(8):
        await moves(visitor, "+2 weeks")
    amara = await visitor.acts_as(AMARA)
    await expect(amara.get_by_role("heading", name="Digital fluency 2026 is over").last).to_be_visible()
    await presses(amara, "Report")
    await keeps(visitor, AMARA, "Digital fluency 2026: the report", "report")
    await presses(amara, "Figures as a file")
    await expect(amara.get_by_role("link", name="Download the file").last).to_be_visible()


async def presses(screen: Locator, button: str) -> None:
    await screen.get_by_role("button", name=button, exact=True).last.click()


async def moves(visitor: Visitor, button: str) -> None:
    """As far as the button says, and until everything on the way has happened."""
    step = visitor.page.get_by_role("button", name=button, exact=True)
    before = await visitor.page.locator(".clock-face").inner_text()
    await step.click()
    await expect(visitor.page.locator(".clock-face")).not_to_have_text(before)
    await expect(step).to_be_enabled()


async def keeps(visitor: Visitor, name: str, words: str, picture: str) -> None:
    await visitor.keeps_a_card(name, words, PICTURES / f"guide-{picture}.png")
