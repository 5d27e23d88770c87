"""What the long story leaves out: restarts, outages, people who leave, and words that want to be more than words."""

from datetime import date, time
from pathlib import Path

import pytest

from tests.story import diary
from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import MEMBERS, ON_BOTH, name_of
from tests.story.meeting import FIRST, QUESTIONS, REMINDER
from tests.story.preparing import INTRODUCTIONS, MATCHING
from tests.story.small_program import a_program_is_open, these_are_paired
from tests.story.stage import Stage, stage
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault as SlackFault
from tests.support.teams_person import TeamsPerson
from tests.support.teams_server import Fault as TeamsFault

pytestmark = pytest.mark.slow


def introductions(story: Stage, user: str) -> int:
    titles = [f"Meet {one.name}, your {side}" for one in MEMBERS.values() for side in ("mentor", "mentee")]
    return diary.counted(diary.diary(story), user, *titles)


async def test_o1_a_restart_loses_nothing_and_repeats_nothing(sqlite_url: str, tmp_path: Path) -> None:
    """Down over the hour of the introductions: they come later that day. A card from before a restart still works."""
    async with stage(sqlite_url, tmp_path) as story:
        await a_program_is_open(story)
        await these_are_paired(story, ("mateo", "hannah"))
        await story.at(MATCHING, time(20, 0))
        await story.restart(INTRODUCTIONS, time(13, 0), "Europe/Berlin")
        await story.sees("mateo", "Meet Hannah Lindqvist")
        await story.sees("hannah", "Meet Mateo Quispe")
        await story.at(FIRST, time(12, 0))
        await story.restart(FIRST, time(13, 0))
        for user, partner in (("mateo", "hannah"), ("hannah", "mateo")):
            await story.press(user, "Met")
            await story.sees(user, f"You and {name_of(partner)} met")
        entries = diary.diary(story)
        assert diary.repeated(entries) == []
        assert diary.outside_hours(entries, {}) == []
        for user in ("mateo", "hannah"):
            assert introductions(story, user) == 1
            assert diary.counted(entries, user, *QUESTIONS) == 1


async def test_d8_introductions_wait_out_a_bad_hour_of_both_vendors(sqlite_url: str, tmp_path: Path) -> None:
    """Too many requests, and errors that prove that nothing was taken: everybody has one card in the end."""
    async with stage(sqlite_url, tmp_path) as story:
        await a_program_is_open(story)
        await these_are_paired(story, ("mateo", "hannah", "priya", "denise", "arjun", "tomas"))
        story.slack.fail("chat.postMessage", SlackFault("ratelimited", retry_after=120), SlackFault("error", "rollup"))
        story.teams.fail("post", TeamsFault(429, retry_after="90"), TeamsFault(429, retry_after="30"))
        await story.at(INTRODUCTIONS, time(16, 0))
        entries = diary.diary(story)
        for user in ("mateo", "hannah", "priya", "denise", "arjun", "tomas"):
            assert introductions(story, user) == 1, user
        assert diary.outside_hours(entries, {}) == []


ITS_REMINDER = 1


async def test_d2_a_question_that_may_have_arrived_is_not_asked_twice(sqlite_url: str, tmp_path: Path) -> None:
    """Slack and Teams take it and break off: better lost than doubled. The next check-in comes as usual."""
    async with stage(sqlite_url, tmp_path) as story:
        await a_program_is_open(story)
        await these_are_paired(story, ("mateo", "hannah"))
        await story.at(FIRST, time(6, 0))
        story.slack.fail("chat.postMessage", SlackFault("drop", taken=True))
        story.teams.fail("post", TeamsFault(way="drop", taken=True))
        await story.at(date(2026, 4, 20), time(20, 0))
        # On Slack the bot looks and finds it, so that its one reminder comes as well; on Teams nobody can look.
        assert _asked(story, "mateo") == 1 + ITS_REMINDER
        assert _asked(story, "hannah") == 1
        assert [story.seen(user, REMINDER) for user in ("mateo", "hannah")] == [ITS_REMINDER, 0]
        await story.at(date(2026, 4, 21), time(20, 0))
        assert _asked(story, "mateo") == 2 + ITS_REMINDER
        assert _asked(story, "hannah") == 2


def _asked(story: Stage, user: str) -> int:
    return diary.counted(diary.diary(story), user, *QUESTIONS)


async def test_whoever_leaves_slack_is_reached_on_teams_and_whoever_is_nowhere_is_listed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with stage(sqlite_url, tmp_path) as story:
        await a_program_is_open(story)
        await story[f"{ON_BOTH} on Teams"].say("hello")
        await these_are_paired(story, (ON_BOTH, "hannah"))
        await story.at(INTRODUCTIONS, time(16, 0))
        await story.sees(ON_BOTH, "Meet Hannah Lindqvist")
        slack, teams = story[ON_BOTH], story["hannah"]
        assert isinstance(slack, SlackPerson)
        assert isinstance(teams, TeamsPerson)
        await slack.leave()
        await teams.uninstall()
        await story.at(FIRST, time(14, 0))
        await story.sees(f"{ON_BOTH} on Teams", "Have you two met?")
        assert not story.seen(ON_BOTH, "Have you two met?")
        await story.command(AMARA, "program status")
        status = await story.sees(AMARA, "I cannot reach 1 person")
        assert "Hannah Lindqvist" in status
        # She puts the app back, and what waited for her comes.
        await teams.install()
        await story.at(FIRST, time(14, 5))
        await story.sees("hannah", "Have you two met?")
