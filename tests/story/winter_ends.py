"""January to April: check-ins, a pulse that may be shown, the notice, the last word, and the report for the board."""

from datetime import date, time, timedelta

from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import COORDINATOR_ON_TEAMS as JONAS
from tests.story.cast import MEMBERS, line_of, name_of
from tests.story.preparing import PROGRAM
from tests.story.stage import Stage
from tests.story.winter import (
    AT_THE_END,
    EVERYBODY,
    FIRST_PEOPLE,
    INTRODUCTIONS,
    LAST_DAY,
    LATE,
    LEAVER,
    LEFT,
    answers_pulse,
    check_in,
)
from tests.story.winter_begins import RATES_AT_THE_START
from tests.story.winter_goes_on import SECOND_INTRODUCTION

FORTNIGHT = timedelta(days=14)
EVENING_AFTER = timedelta(days=1)
STAYED = tuple(user for user in FIRST_PEOPLE if user not in (LEAVER, LEFT))
ENDED = f"{PROGRAM} has come to its end"


async def pairs_meet_until_the_late_pulse(story: Stage) -> None:
    await _check_ins(story, date(2027, 1, 8), date(2027, 2, 4))


async def everybody_answers_the_late_pulse(story: Stage) -> None:
    """While it runs nobody sees a figure of it; when it has closed, everybody sees the same."""
    await story.at(date(2027, 2, 10), time(20, 10))
    await check_in(story, date(2027, 2, 11), (LATE, LEFT))
    await story.at(date(2027, 2, 12), time(20, 10))
    for user in STAYED:
        await answers_pulse(story, user, "4")
    await _check_ins(story, date(2027, 2, 13), date(2027, 2, 18))
    for user in (LATE, LEFT):
        await answers_pulse(story, user, "4")
    await story.command("noor", "results")
    assert "4.0" not in await story.sees("noor", f"How {PROGRAM} is going")
    await story.at(date(2027, 2, 24), time(20, 0))
    for user in ("noor", "hannah", AMARA):
        await story.command(user, "results")
        assert "fewer than 5 answers" in await story.sees(user, "4.0 of 5, 14 answers")


async def pairs_meet_until_the_last_fortnight(story: Stage) -> None:
    await _check_ins(story, date(2027, 2, 25), date(2027, 4, 2))


async def _check_ins(story: Stage, first: date, last: date) -> None:
    """Of both groups, in the order of their days."""
    days = [(INTRODUCTIONS + count * FORTNIGHT, STAYED) for count in range(1, 13)]
    days += [(SECOND_INTRODUCTION + count * FORTNIGHT, (LATE, LEFT)) for count in range(1, 9)]
    for day, users in sorted(days):
        if first <= day + EVENING_AFTER <= last:
            await check_in(story, day + EVENING_AFTER, users)


async def the_end_is_announced_and_comes(story: Stage) -> None:
    """Two weeks ahead, then on the last day: each one's own words and numbers."""
    await story.at(LAST_DAY, time(20, 0))
    for user in AT_THE_END:
        assert story.seen(user, f"{PROGRAM}: the last two weeks") == 1, user
        wrap = await story.sees(user, ENDED)
        assert (line_of("mateo") in wrap) == (user == "mateo")
    assert "Sessions you had: 11" in (await story.sees("noor", ENDED)).replace("\nS", " S")
    assert not story.seen(LEAVER, ENDED)


async def the_last_questions_are_answered(story: Stage) -> None:
    for user in AT_THE_END:
        await answers_pulse(story, user, "5")
        if user in RATES_AT_THE_START:
            form = await story.form(user, "Where you are today")
            await story.submit(user, dict.fromkeys(form.fields, "4"), "Save my ratings")
            await story.sees(user, "Thank you for looking back.")
    await story.press("noor", "Yes, again")
    await story.sees("noor", "Glad to hear it")


async def the_coordinators_close_the_book(story: Stage) -> None:
    """The morning after it is over; two weeks later the closing figures are there."""
    await story.at(LAST_DAY + timedelta(days=1), time(17, 0))
    for coordinator in (AMARA, JONAS):
        await story.sees(coordinator, f"{PROGRAM} is over")
    await story.press(AMARA, "Who would do it again")
    again = await story.sees(AMARA, "would take part again")
    assert [user for user in EVERYBODY if name_of(user) in again] == ["noor"]
    await story.at(LAST_DAY + timedelta(days=16), time(17, 0))
    await story.command(AMARA, "program report")
    report = await story.sees(AMARA, f"{PROGRAM}: the report")
    for figure in (
        "Joined: 15",
        "Matched: 15",
        "Pairs: 8",
        "Pairs that met: 8 (100 %)",
        "Sessions: 74",
        "Learning something useful, after five weeks: fewer than 5 answers, so no figure",
        "Learning something useful, after four months: 4.0 of 5 (14 answers)",
        "Learning something useful, at the end: 4.9 or more of 5 (14 answers)",
        "2.0 at the start, 4.0 at the end",
    ):
        assert figure in report, figure
    for member in MEMBERS.values():
        assert member.name not in report


async def and_then_there_is_silence(story: Stage) -> None:
    before = {user: len(story.screen(user)) for user in EVERYBODY}
    await story.at(date(2027, 5, 14), time(20, 0))
    assert {user: len(story.screen(user)) for user in EVERYBODY} == before
