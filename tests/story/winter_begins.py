"""October: a program with quiet dates, checked, approved, introduced; the first dates, goals and ratings."""

import re
from datetime import date, time

import aiohttp

from bot.larkspur import roster_csv
from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import COORDINATOR_ON_TEAMS as JONAS
from tests.story.cast import name_of
from tests.story.pairing import MATCHING_SECONDS
from tests.story.preparing import CONTACT
from tests.story.stage import PUBLIC_URL, Stage
from tests.story.winter import FIRST_PEOPLE, INTRODUCTIONS, LEAVER, MATCHING, PAIRS, QUIET, joins
from tests.support.slack_person import SlackPerson
from tests.support.teams_person import TeamsPerson

# Who rates themselves at the start: five, so that a mean may be shown at the end.
RATES_AT_THE_START = ("noor", "arjun", "freya", "yuki", "hannah")


def pair_goal_of(user: str) -> str:
    """The partner reads it, and nobody else."""
    return f"goalofthepair{user}"


async def a_program_for_the_winter_is_open(story: Stage) -> None:
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
    await story.sees(AMARA, "Introductions: from 13 October")
    await story.command(AMARA, "program open", story.general)
    await story.sees(AMARA, "is open")


async def the_check_names_what_is_missing(story: Stage) -> None:
    """No contact and one coordinator: nothing can be approved. Then both are there, and so are the quiet dates."""
    await story.command(AMARA, "program check")
    checked = await story.sees(AMARA, "Not ready yet.")
    assert "There is no confidential contact yet" in checked
    assert "Only one coordinator has written to me yet" in checked
    await story.command(AMARA, "program people and dates")
    await story.form(AMARA, "People and dates")
    first, last = QUIET
    about = {"contact_name": CONTACT, "contact_reach": "+44 20 7946 0000", "quiet_dates": f"{first} to {last}"}
    await story.submit(AMARA, about, "Save")
    await story.sees(AMARA, f"Confidential contact: {CONTACT}")
    await story.command(JONAS, "hello")


async def fourteen_join(story: Stage) -> None:
    for user in FIRST_PEOPLE:
        receipt = await joins(story, user)
        assert receipt.splitlines()[-1] == "Next from me: 13 October, with news of your match."


async def the_pairs_are_made(story: Stage) -> None:
    await story.at(MATCHING, time(10, 5), "Europe/London")
    await story.press(AMARA, "Propose pairs")
    await story.sees(AMARA, "Pairs: 7 (14 people)", MATCHING_SECONDS)
    await story.press(AMARA, "Approve 7 pairs")
    assert "I begin on Tuesday 13 October, 09:00" in await story.sees(AMARA, "Approved: 7 pairs")
    await story.at(INTRODUCTIONS, time(17, 0), "Europe/London")
    for couple in PAIRS:
        await story.sees(couple.mentor, f"Meet {name_of(couple.mentee)}, your mentee")
        await story.sees(couple.mentee, f"Meet {name_of(couple.mentor)}, your mentor")


async def a_hello_comes_where_nobody_has_begun(story: Stage) -> None:
    """Noor says that they are in touch, so Yuki needs no hello; Denise gets one to copy."""
    await story.press("noor", "We're in touch")
    await story.sees("noor", "Good to know.")
    await story.at(date(2026, 10, 14), time(17, 0))
    assert not story.seen("yuki", "A first line to")
    await story.sees("denise", "A first line to Priya, if you like")
    assert not story.seen("priya", "A first line to")


async def a_date_is_booked_across_the_platforms(story: Stage) -> None:
    """Hannah has a link on Teams, Mateo the file in Slack: the same session, named after the two of them."""
    await story.press_on("hannah", "Meet Mateo Quispe", "Book a time")
    await story.form("hannah", "Book a time")
    await story.submit("hannah", {"day": "2026-10-20", "time": "11:00"}, "Book it")
    # It is evening in Madrid, and Teams takes one message a second.
    assert not story.seen("mateo", "Your session is booked")
    await story.at(date(2026, 10, 15), time(9, 30))
    assert "11:00" in await story.sees("hannah", "Your session is booked")
    await _a_link_works_once(story)
    await story.sees("mateo", "Your session is booked")
    mateo = story["mateo"]
    assert isinstance(mateo, SlackPerson)
    await story.sees("mateo", "For your calendar: Tuesday, 20 October")
    message = next(one for one in reversed(mateo.messages) if "For your calendar: Tuesday" in one.text)
    [(name, content)] = story.slack.files_of(message).items()
    assert name == "2026-10-20.ics"
    _is_their_session(content)
    await story.press("mateo", "Works for me")
    await story.sees("mateo", "You said that it works.")
    await story.sees("hannah", "Mateo Quispe said that it works.")


async def _a_link_works_once(story: Stage) -> None:
    [link] = _links(story, "hannah")
    path = f"http://127.0.0.1:{story.bot.server.port}{link.removeprefix(PUBLIC_URL)}"
    async with aiohttp.ClientSession() as browser:
        async with browser.get(path) as page:
            assert page.status == 200
        async with browser.post(path) as file:
            _is_their_session(await file.read())
        async with browser.post(path) as again:
            assert again.status == 410


def _links(story: Stage, user: str) -> list[str]:
    person = story[user]
    assert isinstance(person, TeamsPerson)
    return [one for message in person.messages for one in message.links if one.startswith(f"{PUBLIC_URL}/files/")]


def _is_their_session(content: bytes) -> None:
    words = content.decode()
    assert "SUMMARY:Mateo Quispe and Hannah Lindqvist" in words
    assert re.search(r"DTSTART[^\n]*20261020T090000Z", words)
    assert "mentor" not in words.lower()


async def goals_and_ratings_are_kept(story: Stage) -> None:
    """A week in. Noor's goal is on Yuki's home page; what she rates is on nobody's."""
    await story.at(date(2026, 10, 21), time(17, 30))
    for user in RATES_AT_THE_START:
        await story.press(user, "Set my goals")
        await story.form(user, "What I want from this")
        await story.submit(user, {"goal_1": pair_goal_of(user)}, "Save my goals")
        await story.sees(user, "You can change them at any time.")
        await story.press(user, "Rate three skills")
        form = await story.form(user, "Where you are today")
        await story.submit(user, dict.fromkeys(form.fields, "2"), "Save my ratings")
        await story.sees(user, "Saved, for your eyes only.")
    await story.later()
    await story["yuki"].open_home()
    await story.sees("yuki", pair_goal_of("noor"))
    for user in ("mateo", "hannah"):
        assert story.seen(user, "Soon: you and ") == 1
    assert not story.seen(LEAVER, "Soon: you and ")
