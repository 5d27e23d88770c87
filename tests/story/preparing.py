"""Before anybody signs up: the roster comes in, the program is made and opened."""

from datetime import date

from bot.larkspur import roster_csv
from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import COORDINATOR_ON_TEAMS as JONAS
from tests.story.stage import Stage

PROGRAM = "Digital fluency 2026"
# Three weeks of sign-up; introductions on a Tuesday, so that check-ins fall on Tuesdays as well.
MATCHING = date(2026, 3, 23)
INTRODUCTIONS = date(2026, 3, 24)
CONTACT = "Ida Moss"
FOR_COORDINATORS = "That is for the coordinators."


async def the_roster_is_imported(story: Stage) -> None:
    """First with a zone that does not exist: nothing is taken, and the line is named."""
    broken = roster_csv().replace("Asia/Kolkata", "Asia/Puna", 1)
    line = next(number for number, row in enumerate(broken.splitlines(), 1) if "Asia/Puna" in row)
    story.roster_file.write_text(broken, encoding="utf-8")
    await story.command(AMARA, "program import")
    await story.press(AMARA, "Read the roster file")
    assert f"Line {line}, timezone" in await story.sees(AMARA, "Nothing was imported yet")
    story.roster_file.write_text(roster_csv(), encoding="utf-8")
    await story.press(AMARA, "Read the roster file")
    # Everybody but Amara herself, who has written already.
    assert "New: 23" in await story.sees(AMARA, "People imported")


async def only_coordinators_make_programs(story: Stage) -> None:
    await story.command("noor", "program create")
    await story.sees("noor", FOR_COORDINATORS)
    await story.command("tomas", "program create")
    await story.sees("tomas", FOR_COORDINATORS)


async def a_program_is_made_from_a_template(story: Stage) -> None:
    """Two forms; a first introduction before the matching comes back with what is wrong, and nothing is lost."""
    await story.command(AMARA, "program create")
    await story.sees(AMARA, "What should your program be about?")
    await story.press(AMARA, "Digital fluency")
    about = await story.form(AMARA, "Your program")
    assert about.values["name"] == PROGRAM
    await story.submit(AMARA, {"success": "Three new habits each."}, "Next")
    await story.form(AMARA, "Rhythm and dates")
    wrong = {"matching_on": MATCHING.isoformat(), "starts_on": "2026-03-20", "minutes": "30"}
    await story.submit(AMARA, wrong, "Save")
    corrected = await story.form(AMARA, "Rhythm and dates")
    assert corrected.errors == {
        "starts_on": "Introductions come after the matching. Please pick that day or a later one."
    }
    assert corrected.values["minutes"] == "30"
    await story.submit(AMARA, {"starts_on": INTRODUCTIONS.isoformat()}, "Save")
    plan = await story.sees(AMARA, "What counts as success")
    assert "Three new habits each." in plan
    assert "Introductions: from 24 March" in plan
    assert "Still missing: a confidential contact, a sponsor and a page about it." in plan


async def its_people_are_named(story: Stage) -> None:
    """Whom people can turn to, who backs it, and a second coordinator who has written."""
    await story.command(AMARA, "program people and dates")
    form = await story.form(AMARA, "People and dates")
    assert form.values["contact_name"] == ""
    await story.submit(AMARA, {"contact_name": CONTACT, "contact_reach": "+44 20 7946 0000"}, "Save")
    await story.sees(AMARA, f"Confidential contact: {CONTACT}")
    await story.command(JONAS, "hello")


async def it_is_opened_in_a_channel(story: Stage) -> None:
    """Everybody in the channel sees the announcement; the coordinator on Teams sees the same program."""
    await story.command(AMARA, "program open", story.general)
    await story.sees(AMARA, f"{PROGRAM} is open")
    for user in ("noor", "rosalind"):
        assert "Sign up until: 23 March" in await story.sees(user, f"{PROGRAM}: sign-up is open")
    await story.command(JONAS, "program list")
    await story.sees(JONAS, "Open for sign-up until 23 March")
    await story.command(AMARA, "program open", story.general)
    await story.sees(AMARA, "It is announced in that channel already.")
    assert story.seen("noor", f"{PROGRAM}: sign-up is open") == 1
