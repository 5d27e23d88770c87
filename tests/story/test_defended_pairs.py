"""Pairs that a coordinator can defend, from the first proposal to a quiet end, on each platform."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.story.cast import name_of
from tests.story.one_office import PLATFORMS, Office, office

pytestmark = pytest.mark.slow

AMARA, JONAS = "amara", "jonas"
MENTORS = {"noor": "short videos", "kenji": "user interviews", "thandi": "help desk, first calls"}
# Each of the first three shares a topic with one mentor; Luís shares none, so he is left over at first.
MENTEES = {
    "rosalind": "short videos",
    "tomas": "user interviews",
    "marcus": "help desk, first calls",
    "luis": "virtual reality",
}
LATE = "liam"
EVERYBODY = (AMARA, JONAS, *MENTORS, *MENTEES, LATE)

NOTE = "A change of partner"
ASKED = "A match for you, if you like"
YES, NO = "Yes, introduce us", "Rather not"

TUESDAY, WEDNESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 6)
# Far enough apart that nobody's fortnight is full. Notes come on Thursdays.
RE_MATCH, FIRST_NOTES, INTRODUCED_ANEW = date(2026, 3, 16), date(2026, 3, 19), date(2026, 3, 26)
ENDS, LAST_NOTES = date(2026, 3, 30), date(2026, 4, 2)


@pytest.fixture(params=PLATFORMS)
async def larkspur(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(request.param, sqlite_url, tmp_path, EVERYBODY) as found:
        found.begin(MENTORS, MENTEES)
        for user in EVERYBODY:
            await found.people[user].command("home")
        yield found


async def test_n13_p28_pairs_are_proposed_decided_asked_re_matched_and_ended_with_one_text_for_every_cause(
    larkspur: Office,
) -> None:
    await she_proposes_locks_and_swaps(larkspur)
    await she_tries_rules_saves_them_and_approves(larkspur)
    await one_declines_and_the_next_choice_says_yes(larkspur)
    await everybody_is_re_matched(larkspur)
    await one_stops_and_one_leaves_the_company(larkspur)


async def she_proposes_locks_and_swaps(larkspur: Office) -> None:
    await larkspur.command(AMARA, "program propose")
    summary = await larkspur.sees(AMARA, "Proposed pairs")
    assert "no other matching has more pairs, or as many and a better total" in summary
    await she_finds(larkspur, "thandi")
    await larkspur.press(AMARA, "Lock")
    await larkspur.sees(AMARA, "Locked: it stays when you propose again.")
    await she_finds(larkspur, "noor")
    await larkspur.press(AMARA, "Close up")
    await larkspur.press(AMARA, "Swap")
    swap = await larkspur.sees(AMARA, "Swap with which pair?")
    # The weakest first: Thandi's pair, which is locked, has two topics in common and comes last.
    assert swap.index(name_of("kenji")) < swap.index(name_of("thandi"))
    await larkspur.press(AMARA, "Swap with this pair")
    await larkspur.sees(AMARA, f"{name_of('noor')} teaches {name_of('tomas')}")


async def she_finds(larkspur: Office, user: str) -> None:
    lists = len(larkspur.read(AMARA, "the weakest first"))
    await larkspur.command(AMARA, "program review")
    # The list that this asked for, not an earlier one: its buttons would be the newest when it comes.
    await larkspur.until(lambda: len(larkspur.read(AMARA, "the weakest first")) > lists)
    await larkspur.press(AMARA, "Find somebody")
    await larkspur.submit(AMARA, {"name": name_of(user)}, "Find")
    await larkspur.sees(AMARA, "Found in the proposal", f"{name_of(user)} teaches")


async def she_tries_rules_saves_them_and_approves(larkspur: Office) -> None:
    """Proposed anew under the new rules, what she decided stays as it is."""
    await larkspur.command(AMARA, "program rules")
    await larkspur.press(AMARA, "Change the rules")
    await larkspur.submit(AMARA, {"preset": "same hours", "hours": "0.5"}, "See what changes")
    assert "Nothing is saved yet" in await larkspur.sees(AMARA, "What if: ")
    await larkspur.press(AMARA, "Save this")
    await larkspur.sees(AMARA, "Rules saved")
    await larkspur.press(AMARA, "Propose pairs")
    await larkspur.sees(AMARA, "I threw the earlier draft away")
    await larkspur.command(AMARA, "program review")
    decided = (("noor", "tomas"), ("kenji", "rosalind"), ("thandi", "marcus"))
    lines = [f"{name_of(mentor)} teaches {name_of(mentee)}" for mentor, mentee in decided]
    await larkspur.sees(AMARA, "the weakest first", *lines)
    await larkspur.command(AMARA, "program approve")
    await larkspur.sees(AMARA, "Approved: 3 pairs")


async def one_declines_and_the_next_choice_says_yes(larkspur: Office) -> None:
    await larkspur.at(TUESDAY, 13)
    for user in ("noor", "kenji", "thandi", "rosalind", "marcus"):
        await larkspur.sees(user, ASKED)
        await larkspur.press(user, YES)
    await larkspur.press("tomas", NO)
    await larkspur.sees("tomas", "Nobody is told")
    assert not larkspur.read("luis", ASKED)
    await larkspur.at(WEDNESDAY, 13)
    await larkspur.sees("luis", ASKED)
    assert not larkspur.read("noor", "said no")
    for user in ("luis", "noor"):
        await larkspur.press(user, YES)
    await larkspur.sees("noor", "It is settled")
    await larkspur.at(FRIDAY, 13)
    await larkspur.sees("noor", f"Meet {name_of('luis')}, your mentee")
    await larkspur.sees(AMARA, "3 pairs have said yes on both sides")


async def everybody_is_re_matched(larkspur: Office) -> None:
    """Liam joins late and cannot teach Tomás, who shares a manager with him: two pairs make room."""
    await larkspur.at(RE_MATCH, 13)
    larkspur.joins(LATE, "mentor", "virtual reality")
    await larkspur.command(AMARA, "program ask-first off")
    await larkspur.sees(AMARA, "introduced without being asked first")
    await larkspur.command(AMARA, "program rematch")
    await larkspur.press(AMARA, "Everybody")
    looked = await larkspur.sees(AMARA, "Would end")
    assert f"{name_of('noor')} and {name_of('luis')}" in looked
    assert f"{name_of('kenji')} teaches {name_of('tomas')}" in looked
    assert f"{name_of('thandi')}" not in looked
    await larkspur.press(AMARA, "Make it a proposal")
    await larkspur.press(AMARA, "Approve the re-match")
    await larkspur.sees(AMARA, "Approved: re-match")
    await larkspur.at(FIRST_NOTES, 13)
    for user in ("luis", "rosalind", "noor", "kenji"):
        await larkspur.sees(user, NOTE)
    assert not larkspur.read("marcus", NOTE)
    await larkspur.at(INTRODUCED_ANEW, 13)
    await larkspur.sees("tomas", f"Meet {name_of('kenji')}, your mentor")


async def one_stops_and_one_leaves_the_company(larkspur: Office) -> None:
    await larkspur.at(ENDS, 13)
    await larkspur.command("kenji", "leave")
    await larkspur.press("kenji", "Leave")
    larkspur.is_dropped_from_the_roster("thandi")
    await larkspur.command(AMARA, "program import")
    await larkspur.press(AMARA, "Read the roster file")
    await larkspur.sees(AMARA, "Whoever is gone gets nothing more from me.")
    await larkspur.at(LAST_NOTES - timedelta(days=1), 22)
    assert not larkspur.read("tomas", NOTE)
    assert not larkspur.read("marcus", NOTE)
    await larkspur.at(LAST_NOTES, 13)
    for user in ("tomas", "marcus"):
        await larkspur.sees(user, NOTE)
    # A partner who stopped, one who left the company, and the re-match.
    notes = [note for user in ("tomas", "marcus", "luis") for note in larkspur.bytes_of(user, NOTE)]
    assert len(notes) == 3
    assert len(set(notes)) == 1
