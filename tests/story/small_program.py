"""A program of a few people, up to where a short story begins."""

from collections.abc import Sequence

from bot.larkspur import roster_csv
from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.joining import fills_in
from tests.story.pairing import MATCHING_SECONDS
from tests.story.preparing import INTRODUCTIONS, MATCHING, its_people_are_named
from tests.story.stage import Stage


async def a_program_is_open(story: Stage) -> None:
    story.roster_file.write_text(roster_csv(), encoding="utf-8")
    await story.command(AMARA, "program import")
    await story.press(AMARA, "Read the roster file")
    await story.sees(AMARA, "People imported")
    await story.command(AMARA, "program create")
    await story.press(AMARA, "Digital fluency")
    await story.form(AMARA, "Your program")
    await story.submit(AMARA, {}, "Next")
    await story.form(AMARA, "Rhythm and dates")
    await story.submit(AMARA, {"matching_on": MATCHING.isoformat(), "starts_on": INTRODUCTIONS.isoformat()}, "Save")
    await story.sees(AMARA, "What counts as success")
    await its_people_are_named(story)
    await story.command(AMARA, "program open", story.general)
    await story.sees(AMARA, "is open")


async def these_are_paired(story: Stage, users: Sequence[str]) -> None:
    """They sign up and are matched; the introductions are for the first day of the program."""
    for user in users:
        await story.command(user, "join")
        await fills_in(story, user)
    await story.command(AMARA, "program propose")
    await story.sees(AMARA, "Proposed pairs", MATCHING_SECONDS)
    await story.command(AMARA, "program approve")
    await story.sees(AMARA, "Approved: ")
