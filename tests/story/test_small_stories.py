"""What the long story leaves out of a program's life: invitations from a file, other people's words, and the end."""

import json
from datetime import date, time
from pathlib import Path

import pytest

from bot.larkspur import DOMAIN
from tests.story import diary
from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import name_of
from tests.story.joining import fills_in
from tests.story.meeting import FIRST, QUESTIONS
from tests.story.preparing import FOR_COORDINATORS, INTRODUCTIONS, PROGRAM
from tests.story.small_program import a_program_is_open, these_are_paired
from tests.story.stage import stage

pytestmark = pytest.mark.slow

HOSTILE = "<!channel> <@U0FLIPSIDE> <https://evil.example|click> [here](https://evil.example) *b* _i_ `c` ~s~ @here"


async def test_people_on_a_list_are_invited_and_nobody_is_in_without_a_yes(sqlite_url: str, tmp_path: Path) -> None:
    """Noor is found on Slack by her e-mail; Tomás is on Teams, where the bot has to wait for his first word."""
    async with stage(sqlite_url, tmp_path) as story:
        await a_program_is_open(story)
        await story.at(date(2026, 3, 2), time(21, 0))
        await story.command(AMARA, "program import")
        await story.press(AMARA, "Paste rows")
        await story.form(AMARA, "Paste people")
        rows = [("noor", "mentor"), ("mateo", "mentor"), ("tomas", "mentee")]
        text = "\n".join(f"{user}@{DOMAIN},{name_of(user)},{role}" for user, role in rows)
        await story.submit(AMARA, {"rows": f"email,name,role\n{text}"}, "Import")
        await story.sees(AMARA, "Invited: 3")
        await story.at(date(2026, 3, 3), time(12, 0))
        for user in ("noor", "mateo"):
            invited = await story.sees(user, "An invitation")
            assert "Answer by: 23 March" in invited
            assert "Saying no is fine" in invited
        await story.press("noor", "Join")
        await fills_in(story, "noor")
        await story.press("mateo", "Not for me")
        await story.sees("mateo", "nobody is told why")
        assert not story.seen("tomas", "An invitation")
        await story.command(AMARA, "program status")
        assert name_of("tomas") in await story.sees(AMARA, "I cannot reach 1 person")
        await story.command("tomas", "hello")
        await story.sees("tomas", "An invitation")
        await story.command(AMARA, "program who")
        listed = await story.sees(AMARA, "Who signed up")
        assert "Mentors: 1 joined, 1 said no" in listed
        assert "Mentees: 1 invited (no answer yet)" in listed
        assert diary.outside_hours(diary.diary(story), {}) == []


async def test_s8_what_one_types_is_plain_words_on_the_others_platform(sqlite_url: str, tmp_path: Path) -> None:
    """Through a topic, a shared line and an introduction: no mention, no link, no bold, neither here nor there."""
    async with stage(sqlite_url, tmp_path) as story:
        await a_program_is_open(story)
        await these_are_paired(story, ("mateo", "hannah"))
        await story.at(FIRST, time(12, 0))
        for author, reader in (("mateo", "hannah"), ("hannah", "mateo")):
            await story.press(author, "Met")
            await story.press(author, "Add a note")
            await story.form(author, "A note for yourself")
            await story.submit(author, {"learned": HOSTILE}, "Save my note")
            await story.press(author, f"Share with {name_of(reader).split()[0]}")
            await story.sees(author, "You shared this line")
            # Word for word, so nothing in it was taken for markup.
            assert HOSTILE in (await story.sees(reader, f"A line from {name_of(author).split()[0]}")).replace(
                "\u200b", ""
            )
        links = [one for entry in diary.diary(story) for one in _links(json.loads(entry.shown.raw))]
        assert links
        assert not [one for one in links if "evil.example" in one]


def _links(part: object) -> list[str]:
    """Every address that a click would open, and every live mention, in blocks and cards alike."""
    if isinstance(part, list):
        return [link for one in part for link in _links(one)]
    if not isinstance(part, dict):
        return []
    mine = [str(part.get("url", part))] if part.get("type") in ("link", "user", "channel", "broadcast") else []
    mine += [str(part["url"])] if "url" in part and part.get("type") != "link" else []
    return mine + [link for one in part.values() for link in _links(one)]


async def test_the_end_is_a_thank_you_to_each_and_then_silence(sqlite_url: str, tmp_path: Path) -> None:
    """Closed in the evening: thanks come the next morning, the announcement says so, and nobody is asked again."""
    async with stage(sqlite_url, tmp_path) as story:
        await a_program_is_open(story)
        await these_are_paired(story, ("mateo", "hannah"))
        await story.at(INTRODUCTIONS, time(20, 0))
        await story.command("mateo", "program close")
        await story.sees("mateo", FOR_COORDINATORS)
        await story.command(AMARA, "program close")
        await story.sees(AMARA, f"Close {PROGRAM}?")
        await story.press(AMARA, "Close the program")
        await story.sees(AMARA, f"{PROGRAM} is closed")
        await story.later()
        await story.sees("noor", f"{PROGRAM}: sign-up has ended")
        assert not story.seen("mateo", f"{PROGRAM} has come to its end")
        await story.at(date(2026, 4, 30), time(20, 0))
        entries = diary.diary(story)
        for user in ("mateo", "hannah"):
            assert diary.counted(entries, user, f"{PROGRAM} has come to its end") == 1
            assert diary.counted(entries, user, *QUESTIONS) == 0
        assert diary.outside_hours(entries, {}) == []
        assert diary.without_ending(entries) == []
        await story.command("noor", "join")
        await story.sees("noor", "Nothing is open right now")
