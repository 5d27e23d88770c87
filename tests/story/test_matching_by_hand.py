"""What a coordinator decides about pairs, on Slack and on Teams: locked, swapped, tried out, and approved."""

from pathlib import Path

import pytest

from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import COORDINATOR_ON_TEAMS as JONAS
from tests.story.cast import name_of, role_of, topic_of
from tests.story.pairing import MATCHING_SECONDS
from tests.story.small_program import a_program_is_open
from tests.story.stage import Stage, stage

pytestmark = pytest.mark.slow


async def test_one_coordinator_swaps_on_slack_and_the_other_tries_rules_and_approves_on_teams(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with stage(sqlite_url, tmp_path) as story:
        await a_program_is_open(story)
        for user in ("noor", "mateo", "hannah", "yuki"):
            await story.command(user, "join")
            await signs_up(story, user)
        await swaps_two(story, AMARA)
        await tries_rules(story, JONAS)
        await swaps_two_back(story, JONAS)
        await tries_rules(story, AMARA)
        await story.command(JONAS, "program approve")
        await story.sees(JONAS, "Approved: 2 pairs")
        await story.command(AMARA, "program history")
        history = await story.sees(AMARA, "Newest first")
        assert f"{name_of(JONAS)}: approved 2 pairs" in history
        assert f"{name_of(AMARA)}: unlocked" in history


async def signs_up(story: Stage, user: str) -> None:
    await story.form(user, "Join: 1 of 2")
    await story.submit(user, {"role": role_of(user), "own_words": topic_of(user)}, "Next")
    await story.form(user, "Join: 2 of 2")
    mine = {"capacity": "1"} if role_of(user) == "mentor" else {"hours_a_month": "2"}
    await story.submit(user, {**mine, "agreement": ("agreed",)}, "Join")
    await story.sees(user, "You are in,")


async def swaps_two(story: Stage, user: str) -> None:
    await story.command(user, "program propose")
    await story.sees(user, "I am working it out…")
    summary = await story.sees(user, "Proposed pairs", MATCHING_SECONDS)
    assert "no other matching has more pairs, or as many and a better total" in summary
    await _swaps(story, user)
    await story.press(user, "Unlock")
    await story.sees(user, "You made this pair by hand.")
    await story.press(user, "Lock")
    await story.sees(user, "Locked: it stays when you propose again.")


async def swaps_two_back(story: Stage, user: str) -> None:
    await story.command(user, "program review")
    await _swaps(story, user)


async def _swaps(story: Stage, user: str) -> None:
    if user == AMARA:
        await story.press(user, "Review")
    await story.press(user, "Close up")
    await story.sees(user, "One pair, close up")
    await story.press(user, "Swap")
    await story.sees(user, "The two mentors are exchanged")
    await story.press(user, "Swap with this pair")
    await story.sees(user, "You made this pair by hand.")


async def tries_rules(story: Stage, user: str) -> None:
    await story.command(user, "program rules")
    await story.press(user, "Change the rules")
    await story.form(user, "Rules of the matching")
    await story.submit(user, {"preset": "same hours", "hours": "0.5"}, "See what changes")
    await story.sees(user, "What if: ", MATCHING_SECONDS)
    await story.press(user, "Leave it")
    await story.sees(user, "keeps its rules")
