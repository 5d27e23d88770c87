"""November to January: a pause, somebody who leaves, a quiet pair, something serious, a pulse, and Christmas."""

from datetime import date, time, timedelta

from tests.story import diary
from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import COORDINATOR_ON_TEAMS as JONAS
from tests.story.cast import line_of, name_of
from tests.story.pairing import MATCHING_SECONDS
from tests.story.preparing import CONTACT
from tests.story.stage import Stage
from tests.story.winter import (
    AT_THE_END,
    FIRST_PEOPLE,
    INTRODUCTIONS,
    LATE,
    LEAVER,
    LEFT,
    PAUSER,
    QUIET,
    QUIET_PAIR,
    RESTS,
    answers,
    answers_pulse,
    check_in,
    is_asked,
    joins,
)

NOT_YET = dict.fromkeys(QUIET_PAIR, "Not yet")
NEXT_MATCHING, SECOND_INTRODUCTION = date(2026, 12, 1), date(2026, 12, 2)


async def most_meet_in_october(story: Stage) -> None:
    await check_in(story, INTRODUCTIONS + timedelta(days=15), FIRST_PEOPLE, NOT_YET)
    # Mateo keeps a line, and shares it with nobody.
    await story.press("mateo", "Add a note")
    await story.form("mateo", "A note for yourself")
    await story.submit("mateo", {"learned": line_of("mateo")}, "Save my note")
    await story.sees("mateo", line_of("mateo"))


async def one_takes_a_pause(story: Stage) -> None:
    """Tomás is away for two weeks; Arjun reads on a Thursday that their meetings rest, and not why."""
    await story.at(date(2026, 11, 3), time(18, 0))
    await story.command(PAUSER, "pause")
    await story.press(PAUSER, "2 weeks")
    assert "Next from me: 17 November" in await story.sees(PAUSER, "You are on a pause")
    assert not story.seen(RESTS, "rest until")
    await story.at(date(2026, 11, 5), time(17, 0))
    told = await story.sees(RESTS, "Your meetings with Tomás take a break")
    assert "The break lasts until 17 November" in told


async def the_quiet_pair_is_asked_what_would_help(story: Stage) -> None:
    """Four weeks without a session or a date: first the two are asked, then the coordinators hear of the pair."""
    users = [user for user in FIRST_PEOPLE if user not in (PAUSER, RESTS, *QUIET_PAIR)]
    await check_in(story, INTRODUCTIONS + timedelta(days=29), users)
    for user in QUIET_PAIR:
        asked = await story.sees(user, "What would help?")
        assert "nobody's fault" in asked
        assert is_asked(story, user, "New partner")
    for user in (PAUSER, RESTS):
        assert not is_asked(story, user)
    for coordinator in (AMARA, JONAS):
        told = await story.sees(coordinator, "A quiet pair")
        assert name_of("kenji") in told
        assert "for 4 weeks" in told
    await story.press(AMARA, "Write to both")
    await story.at(date(2026, 11, 13), time(17, 0))
    for user in QUIET_PAIR:
        assert name_of(AMARA) in await story.sees(user, "A word from your coordinator")
    await story.press("kenji", "Book a time")
    await story.form("kenji", "Book a time")
    await story.submit("kenji", {"day": "2026-11-18", "time": "14:00"}, "Book it")
    await story.sees("kenji", "Your session is booked")
    await story.press("kenji", "Met")
    await story.press("catherine", "Met")


async def something_serious_stays_between_two(story: Stage) -> None:
    """Noor reads whom to turn to; nothing of it is anywhere, and no coordinator hears of it."""
    before = [len(story.screen(one)) for one in (AMARA, JONAS, "yuki")]
    await story.command("noor", "I need help")
    await story.press("noor", "Something serious")
    shown = await story.sees("noor", "outside both reporting lines")
    assert CONTACT in shown
    assert "I pass nothing on and write nothing down" in shown
    await story.at(date(2026, 11, 16), time(11, 0))
    assert [len(story.screen(one)) for one in (AMARA, JONAS, "yuki")] == before


async def one_leaves_and_the_other_hears_it_on_a_thursday(story: Stage) -> None:
    """Two clicks, no reason. Zofia sees no difference until Thursday, and then no cause."""
    await story.command(LEAVER, "leave")
    await story.press(LEAVER, "Leave")
    await story.sees(LEAVER, "nobody is told why")
    await story.at(date(2026, 11, 18), time(20, 0))
    assert not story.seen(LEFT, "A change of partner")
    await story.at(date(2026, 11, 19), time(17, 0))
    note = await story.sees(LEFT, "A change of partner")
    assert "Liam" not in note
    assert "You come first in the next matching." in note


async def a_latecomer_hears_the_next_date(story: Stage) -> None:
    await story.command(AMARA, "program adjust")
    await story.form(AMARA, "Rhythm and dates")
    await story.submit(AMARA, {"matching_on": NEXT_MATCHING.isoformat()}, "Save")
    await story.sees(AMARA, "1 December")
    receipt = await joins(story, LATE)
    assert "Pairs are made on 1 December" in receipt
    assert receipt.splitlines()[-1] == "Next from me: 2 December, with news of your match."


async def whoever_paused_is_back(story: Stage) -> None:
    assert story.seen(PAUSER, "Back from your pause, Tomás") == 1


async def too_few_answer_the_first_pulse(story: Stage) -> None:
    """The promise stands before the first question. Four of thirteen answer, so there is no figure."""
    for user in ("noor", "mateo", "hannah", "arjun"):
        asked = await story.sees(user, "Three questions, half a minute")
        assert "Your answers are confidential." in asked
        assert "groups of at least 5" in asked
        await answers_pulse(story, user, "4")
    assert not story.seen(LATE, "Three questions"), "she has no partner yet"


async def pairs_meet_until_christmas(story: Stage) -> None:
    users = [user for user in FIRST_PEOPLE if user not in (LEAVER, LEFT)]
    await check_in(story, INTRODUCTIONS + timedelta(days=43), users)
    await _two_are_matched_anew(story)
    await story.command("noor", "results")
    await story.sees("noor", "fewer than 5 answers, so no figure")
    await check_in(story, INTRODUCTIONS + timedelta(days=57), users)
    await check_in(story, SECOND_INTRODUCTION + timedelta(days=15), (LATE, LEFT))


async def _two_are_matched_anew(story: Stage) -> None:
    """On the promised day; whoever waited comes first."""
    await story.at(NEXT_MATCHING, time(10, 5))
    await story.command(AMARA, "program propose")
    await story.sees(AMARA, "Pairs: 1 (2 people)", MATCHING_SECONDS)
    await story.press(AMARA, "Approve 1 pair")
    await story.sees(AMARA, "Approved: 1 pair")
    await story.at(SECOND_INTRODUCTION, time(17, 0))
    await story.sees(LATE, f"Meet {name_of(LEFT)}, your mentee")
    await story.sees(LEFT, f"Meet {name_of(LATE)}, your mentor")


async def christmas_is_quiet(story: Stage) -> None:
    """Nobody of the program hears anything in its quiet dates; the check-in of 22 December falls away."""
    await story.at(date(2027, 1, 4), time(8, 0))
    first, last = QUIET
    for entry in diary.diary(story):
        assert entry.user in (AMARA, JONAS) or not first <= entry.local().date() <= last, entry
    for user in FIRST_PEOPLE:
        assert not is_asked(story, user), user


async def half_time_is_asked_within_a_check_in(story: Stage) -> None:
    await story.at(date(2027, 1, 6), time(20, 10))
    for user in AT_THE_END:
        if user not in (LATE, LEFT):
            await story.sees(user, "Half-time with")
        await answers(story, user)
    before = story.screen("noor")
    await story.press("yuki", "Carry on")
    await story.sees("yuki", "Half-time: you carry on as before.")
    assert story.screen("noor") == before
