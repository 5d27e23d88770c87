"""Three check-ins: who answers what and when, who forgets, what is shared, and what is not."""

from datetime import date, time

from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import COORDINATOR_ON_TEAMS as JONAS
from tests.story.cast import (
    COUPLES,
    MENTORS,
    PAIRED,
    goals_of,
    interests_of,
    line_of,
    name_of,
    partners_of,
    want_back_of,
    wish_of,
)
from tests.story.preparing import FOR_COORDINATORS
from tests.story.stage import Stage
from tests.support.slack_person import SlackPerson

FIRST, SECOND, THIRD = date(2026, 4, 7), date(2026, 4, 21), date(2026, 5, 5)
# Introduced a day after the others, since Noor met Yuki on the first.
A_DAY_LATER = "luis"
# 21 April is a holiday in Brazil.
ON_HOLIDAY = "diego"

QUESTIONS = ("Have you two met?", "How is it going?")
FIRST_TIME = "It is about two weeks since I introduced you to"
USUAL = "meet since my last check-in?"
REMINDER = "here it is once more"
NO_MORE_QUESTIONS = "My last two check-ins came at busy times"
SOMEBODY_ELSES = "That card was meant for somebody else"

# In the first round: who says nothing until the reminder, until the next question, or at all.
ON_THE_REMINDER, TOO_LATE, NEVER = "rosalind", A_DAY_LATER, ("catherine", "kenji")
SILENT_AT_FIRST = {ON_THE_REMINDER, TOO_LATE, *NEVER}
# The mentees of these pairs and their mentors: nobody said "met".
NOT_MET_AT_FIRST = ("catherine", "denise", "luis")
NEVER_MET = ("catherine", "denise")
# After three weeks without a session or a date the question is what would help.
QUIET_PAIR = ("catherine", "kenji")


def _met(partner: str) -> str:
    return f"You and {name_of(partner)} met. It counts as a session."


# The first check-in ----------------------------------------------------------------------------------------------


async def everybody_is_asked_once(story: Stage) -> None:
    """At ten in the morning, wherever that is; one card also for Noor, who has two mentees."""
    await story.at(FIRST, time(20, 10))
    for user in sorted(PAIRED - {A_DAY_LATER}):
        assert _asked(story, user) == 1, user
    assert not _asked(story, A_DAY_LATER)
    both = await story.sees("noor", "How is it going?")
    assert name_of("yuki") in both
    assert name_of("luis") in both


async def one_click_is_an_answer_and_stays_private(story: Stage) -> None:
    """Mateo met Hannah. Hannah's screen does not change by it, and the click counts once however often it comes."""
    home, before = await _home_of(story, "hannah"), story.screen("hannah")
    await story.press("mateo", "Met")
    answered = await story.sees("mateo", _met("hannah"))
    shown, answers = story.screen("mateo"), len(story.slack.called("response_url"))
    assert await story.slack.deliver_again() == 200
    await story.later()
    assert (story.screen("mateo"), len(story.slack.called("response_url"))) == (shown, answers)
    assert "A line about it while it is fresh?" in answered
    assert story.screen("hannah") == before
    assert await _home_of(story, "hannah") == home
    assert "Next from me: 9 April, one reminder, if my check-in is still open then." in home
    edits = story.teams.calls.count("edit")
    await story.press("aisha", "Met")
    await story.sees("aisha", _met("vikram"))
    await story.until(lambda: story.teams.calls.count("edit") == edits + 1, "the new card for good", "aisha")
    written = len(story.teams.posted), edits + 1
    assert (await story.teams.deliver(story.teams.delivered))[0] == 200
    await story.later()
    assert (len(story.teams.posted), story.teams.calls.count("edit")) == written


async def a_card_works_for_its_owner_only(story: Stage) -> None:
    """Kenji has Priya's card, Arjun has Liam's; neither click does anything for anybody."""
    for owner, stranger in (("priya", "kenji"), ("liam", "arjun")):
        before = story.screen(owner)
        await story.press_forwarded(owner, stranger, "Met")
        await story.sees(stranger, SOMEBODY_ELSES)
        assert story.screen(owner) == before
    await _sessions(story, 2)


async def a_line_is_shared_by_its_author_alone(story: Stage) -> None:
    """What Mateo learned reaches Hannah when he presses the button, and not before she is at work."""
    await story.press("mateo", "Add a note")
    await story.form("mateo", "A note for yourself")
    await story.submit(
        "mateo", {"learned": line_of("mateo"), "change": wish_of("mateo"), "closer": "3"}, "Save my note"
    )
    kept = await story.sees("mateo", f"What you learned: {line_of('mateo')}")
    assert wish_of("mateo") not in kept
    await story.press("mateo", "Share with Hannah")
    shared = await story.sees("mateo", "You shared this line with Hannah Lindqvist.")
    assert "Next from me: 21 April, a short check-in." in shared
    await story.later()
    assert not story.seen("hannah", line_of("mateo")), "it is late in Berlin"
    # Aisha writes one as well, and keeps it.
    await story.press("aisha", "Add a note")
    await story.form("aisha", "A note for yourself")
    await story.submit(
        "aisha", {"learned": line_of("aisha"), "change": wish_of("aisha"), "closer": "2"}, "Save my note"
    )
    await story.sees("aisha", "Only you can read it, unless you share it.")
    await story.at(date(2026, 4, 8), time(9, 1), "Europe/Berlin")
    read = await story.sees("hannah", "A line from Mateo")
    assert line_of("mateo") in read
    assert wish_of("mateo") not in read
    assert read.splitlines()[-1] == "Next from me: 9 April, one reminder, if my check-in is still open then."


async def the_others_answer_as_they_like(story: Stage) -> None:
    """Met, date set, not yet, skip; one changes her mind; one records a session instead."""
    for user, label, words in (
        ("hannah", "Not yet", "Not yet with Mateo Quispe."),
        ("denise", "Date set", "You and Priya Raman have set a day."),
        ("priya", "Not yet", "Not yet with Denise Fontaine."),
        ("vikram", "Skip", "Aisha Bello: skipped this time."),
        ("zofia", "Met", _met("liam")),
        ("freya", "Not yet", "Not yet with Rosalind Mbeki."),
    ):
        await story.press(user, label)
        await story.sees(user, words)
    await story.press("zofia", "Change my answer")
    await story.press("zofia", "Not yet")
    await story.sees("zofia", "Not yet with Liam Byrne.")
    await story.press("noor", "Met")
    await story.sees("noor", _met("yuki"))
    await story.press("noor", "Skip")
    await story.sees("noor", "Luís Carvalho: skipped this time.")
    await _records_a_session(story, "thandi", "beatriz")
    done = {"mateo", "aisha", "hannah", "denise", "priya", "vikram", "zofia", "freya", "noor", *SILENT_AT_FIRST}
    for user in sorted(PAIRED - done):
        await story.press(user, "Met")
        await story.sees(user, _met(partners_of(user)[0]))
    # Both of a pair said it, or one said it twice: it is one session. Rosalind's comes with her reminder.
    await _sessions(story, len(COUPLES) - len(NOT_MET_AT_FIRST) - 1)


async def _records_a_session(story: Stage, user: str, partner: str) -> None:
    """`/mentor met`: first with a day to come, which is not a day on which anybody has met."""
    await story.command(user, "met")
    await story.form(user, "A session you had")
    await story.submit(user, {"day": "2026-04-30"}, "Record it")
    assert story[user].form is not None
    await story.submit(user, {"day": "2026-04-01"}, "Record it")
    recorded = await story.sees(user, f"Your session with {name_of(partner)} on 1 April counts.")
    assert "Next from me: " in recorded.splitlines()[-1]


async def whoever_said_nothing_is_reminded_once(story: Stage) -> None:
    await story.at(date(2026, 4, 12), time(20, 0))
    for user in sorted(PAIRED):
        assert story.seen(user, REMINDER) == (user in SILENT_AT_FIRST), user
    # Rosalind answers on the reminder: the question above it is answered by that, too.
    await story.press(ON_THE_REMINDER, "Met")
    await story.sees_times(ON_THE_REMINDER, _met("freya"), 2)


# The second and the third ----------------------------------------------------------------------------------------


async def the_second_check_in_comes(story: Stage) -> None:
    """Again to everybody once, also to those who said nothing; on a holiday it waits for the next working day."""
    await story.at(SECOND, time(20, 10))
    for user in sorted(PAIRED - {A_DAY_LATER, ON_HOLIDAY, "noor", *QUIET_PAIR}):
        assert story.seen(user, USUAL) == 1, user
    for user in QUIET_PAIR:
        assert "What would help?" in await story.sees(user, "How is it going?")
    assert not story.seen(ON_HOLIDAY, USUAL)
    await story.at(date(2026, 4, 22), time(20, 10))
    assert story.seen(ON_HOLIDAY, USUAL) == 1
    assert "What would help?" in await story.sees(A_DAY_LATER, "How is it going?")


async def a_late_answer_still_counts(story: Stage) -> None:
    await story.press_on(A_DAY_LATER, FIRST_TIME, "Met")
    late = await story.sees(A_DAY_LATER, "I noted it for the time up to 8 April, so it still counts.")
    assert _met("noor") in late


async def most_meet(story: Stage) -> None:
    """Whoever stays silent twice is reminded twice, and then asked how to go on instead."""
    await _all_but_some_meet(story)
    # The late answer was one for the first fortnight.
    await _sessions(story, 2 * len(COUPLES) - len(NOT_MET_AT_FIRST) + 1 - len(NEVER_MET))


async def the_third_check_in_comes(story: Stage) -> None:
    await story.at(THIRD, time(20, 10))
    for user in NEVER:
        assert story.seen(user, REMINDER) == 2
        assert story.seen(user, NO_MORE_QUESTIONS) == 1
    await story.at(date(2026, 5, 6), time(20, 10))
    await _all_but_some_meet(story)
    await _sessions(story, 3 * len(COUPLES) - len(NOT_MET_AT_FIRST) + 1 - 2 * len(NEVER_MET))


async def _all_but_some_meet(story: Stage) -> None:
    for user in sorted(PAIRED - {*NEVER, "priya", "denise"}):
        for partner in partners_of(user):
            before = story.seen(user, _met(partner))
            await story.press(user, "Met")
            await story.sees_times(user, _met(partner), before + 1)


async def _home_of(story: Stage, user: str) -> str:
    """App Home is drawn anew; on Teams each look is a message."""
    person, greeting = story[user], f"Hello {name_of(user).split()[0]}"
    if isinstance(person, SlackPerson):
        person.home = None
    before = story.seen(user, greeting)
    await person.open_home()
    await story.sees_times(user, greeting, before + 1)
    return await story.sees(user, greeting)


async def everybody_looks_at_home(story: Stage) -> None:
    """Who the partner is, what a mentor would like back, and nothing of what anybody answered."""
    for user in sorted(PAIRED):
        await story.later()
        home = await _home_of(story, user)
        for partner in partners_of(user):
            assert name_of(partner) in home
            assert (want_back_of(partner) in home) == (partner in MENTORS)
            for private in (goals_of(partner), interests_of(partner), line_of(partner), wish_of(partner)):
                assert private not in home


async def the_coordinator_sees_pairs_and_not_people(story: Stage) -> None:
    await story.command("kenji", "program status")
    await story.sees("kenji", FOR_COORDINATORS)
    for coordinator in (AMARA, JONAS):
        await story.command(coordinator, "program status")
        status = await story.sees(coordinator, "What people answer stays with them.")
        assert "Pairs met" in status
        for user in sorted(PAIRED):
            assert name_of(user) not in status
            assert name_of(user).split()[0] not in status


async def _sessions(story: Stage, held: int) -> None:
    await story.command(AMARA, "program status")
    await story.sees(AMARA, f"Sessions held: {held}")


def _asked(story: Stage, user: str) -> int:
    return sum(story.seen(user, question) for question in QUESTIONS)
