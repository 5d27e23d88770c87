"""Signing up: by the announcement, by command, from App Home and by text on Teams; and who cannot, and why."""

from collections.abc import Mapping
from datetime import date, time

from tests.story.cast import (
    ALONE,
    GUEST,
    JOINERS,
    NEW_ON_SLACK,
    NEW_ON_TEAMS,
    ON_BOTH,
    goals_of,
    interests_of,
    role_of,
    topic_of,
    want_back_of,
)
from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import COORDINATOR_ON_TEAMS as JONAS
from tests.story.preparing import FOR_COORDINATORS, PROGRAM
from tests.story.stage import Stage

Typed = Mapping[str, str | tuple[str, ...]]

# Later than others, so that their ten o'clock messages have to wait.
BEGINS_LATE = {"marcus": time(11)}

BY_ANNOUNCEMENT = ("noor", "yuki", "priya", "denise", "mateo")
BY_COMMAND = ("kenji", "zofia", "thandi", "marcus", ON_BOTH)
FROM_HOME = ("rosalind", NEW_ON_SLACK)
BY_TEXT = {
    "arjun": "join",
    "tomas": "Join!",
    "aisha": "sign up",
    "vikram": "join",
    "luis": "/mentor join",
    "hannah": "join",
    "diego": "JOIN",
    "catherine": "enroll",
    "liam": "join",
    "freya": "join",
    NEW_ON_TEAMS: "join",
    ALONE: "join",
}
# What they say about themselves, since no roster does.
ABOUT = {
    NEW_ON_SLACK: {
        "department": "Legal",
        "team": "Contracts",
        "manager_email": "marcus@larkspur.example",
        "level": "5",
    },
    NEW_ON_TEAMS: {
        "department": "Sales & Marketing",
        "team": "Key accounts",
        "manager_email": "marcus@larkspur.example",
        "level": "6",
    },
}


async def people_sign_up(story: Stage) -> None:
    """24 of them, within a few days, each in their own way."""
    for user in BY_ANNOUNCEMENT:
        await story.press(user, "Join")
        await fills_in(story, user)
    await story.at(date(2026, 3, 3), time(10, 20))
    for user in BY_COMMAND:
        await story.command(user, "join")
        await fills_in(story, user)
    for user in FROM_HOME:
        await story[user].open_home()
        await story.sees(user, f"{PROGRAM} takes sign-ups.")
        await story.press(user, "Join")
        await fills_in(story, user)
    # In the evening, also for those who joined then: whoever writes is answered at once.
    await story.at(date(2026, 3, 3), time(21, 40))
    for user, words in BY_TEXT.items():
        await story.later()
        await story[user].say(words)
        await fills_in(story, user)
    assert {*BY_ANNOUNCEMENT, *BY_COMMAND, *FROM_HOME, *BY_TEXT} == JOINERS


async def fills_in(story: Stage, user: str) -> None:
    """Two screens, and the receipt. Some get something wrong, and are told what before they go on."""
    await story.form(user, "Join: 1 of 2")
    first = {"role": role_of(user), "own_words": topic_of(user), **ABOUT.get(user, {})}
    match user:
        case "oskar":
            wrong = {"manager_email": "oskar@larkspur.example"}
            await _corrects(story, user, first, wrong, "That is your own e-mail.")
        case "hannah":
            await _comes_back(story, user, first)
        case _:
            await story.submit(user, first, "Next")
    await story.form(user, "Join: 2 of 2")
    second = _second(user)
    match user:
        case "marcus":
            await _corrects(story, user, second, {"work_end": "09:00"}, "This is not after the start of your day.")
        case "tomas":
            await _corrects(story, user, second, {"hours_a_month": ""}, "Please pick one.")
        case _:
            await story.submit(user, second, "Join")
    receipt = await story.sees(user, "You are in,")
    assert topic_of(user) in receipt
    assert "Pairs are made on 23 March" in receipt
    assert receipt.rstrip().endswith("Next from me: 24 March, with news of your match.")
    assert ("A coordinator checks" in receipt) == (user in ABOUT)


def _second(user: str) -> Typed:
    start = {"work_start": f"{BEGINS_LATE[user]:%H:%M}"} if user in BEGINS_LATE else {}
    private: dict[str, str | tuple[str, ...]] = {
        "goals": goals_of(user),
        "interests": interests_of(user),
        "agreement": ("agreed",),
        **start,
    }
    if role_of(user) == "mentee":
        return {**private, "hours_a_month": "2"}
    return {**private, "capacity": "2" if user == "noor" else "1", "want_back": want_back_of(user)}


async def _corrects(story: Stage, user: str, good: Typed, wrong: Typed, words: str) -> None:
    """Sent with one mistake: the form says what is wrong and keeps the rest."""
    await story.submit(user, {**good, **wrong})
    await story.sees(user, words)
    form = await story.form(user, "Join: ")
    kept = [key for key in ("own_words", "goals") if key in good]
    assert [form.values[key] for key in kept] == [good[key] for key in kept]
    await story.submit(user, {key: good.get(key, "17:00") for key in wrong})


async def _comes_back(story: Stage, user: str, first: Typed) -> None:
    """Interrupted between the screens: whoever asks again finds the one that was sent last, as it was sent."""
    await story.submit(user, first, "Next")
    await story.form(user, "Join: 2 of 2")
    await story.command(user, "join")
    again = await story.form(user, "Join: 1 of 2")
    assert (again.values["role"], again.values["own_words"]) == (first["role"], first["own_words"])
    await story.submit(user, {}, "Next")


async def one_changes_her_mind_and_one_clicks_twice(story: Stage) -> None:
    """Denise finds her answers as she left them; Noor's second click shows the same receipt; nobody is in twice."""
    await story.press("denise", "Edit my answers")
    form = await story.form("denise", "Join: 1 of 2")
    assert form.values["own_words"] == topic_of("denise")
    await story.submit("denise", {"own_words": f"{topic_of('denise')}, spreadsheets"}, "Next")
    again = await story.form("denise", "Join: 2 of 2")
    assert again.values["goals"] == goals_of("denise")
    await story.submit("denise", {}, "Join")
    await story.sees("denise", "spreadsheets")
    receipts = story.seen("noor", "You are in, Noor")
    await story.press("noor", "Join")
    await story.sees_times("noor", "You are in, Noor", receipts + 1)
    assert story["noor"].form is None


async def whoever_is_on_both_platforms_is_one_person(story: Stage) -> None:
    await story.later()
    await story[f"{ON_BOTH} on Teams"].say("home")
    assert "Mentor, sharing what you know" in await story.sees(f"{ON_BOTH} on Teams", PROGRAM)
    # The last one used is where messages go.
    await story.command(ON_BOTH, "home")
    await story.sees(ON_BOTH, "You are in. Pairs are made on 23 March.")


async def a_guest_is_refused_kindly(story: Stage) -> None:
    await story.press(GUEST, "Join")
    assert "Guests cannot take part" in await story.sees(GUEST, "I cannot see your work e-mail")
    assert story[GUEST].form is None


async def newcomers_are_checked_before_they_are_matched(story: Stage) -> None:
    """Each coordinator settles one: Amara with the card that came in her working hours, Jonas from the list."""
    assert not story.seen(AMARA, "Please check: Oskar Lund"), "it is late in London"
    await story.at(date(2026, 3, 4), time(9, 30))
    card = await story.sees(AMARA, "Please check: Beatriz Lima")
    assert "Manager: marcus@larkspur.example" in card
    await story.command(JONAS, "program who")
    assert "Please check 2 people" in await story.sees(JONAS, f"Who signed up: {PROGRAM}")
    await story.press_on(AMARA, "Please check: Beatriz Lima", "Confirm")
    await story.sees(AMARA, "Beatriz Lima is confirmed and takes part")
    await story.command(JONAS, "program who")
    await story.sees(JONAS, "Please check 1 person")
    await story.press(JONAS, "Correct")
    form = await story.form(JONAS, "Correct the details")
    assert form.values["level"] == "6"
    await story.submit(JONAS, {"level": "5"}, "Save and confirm")
    await story.until(lambda: not story.seen(JONAS, "Please check 1 person"), "a list that asks for nothing", JONAS)
    # Amara's card about the same person asks for nothing any more.
    await story.sees(AMARA, "Oskar Lund is confirmed and takes part")
    assert not story.seen(AMARA, "Please check: Oskar Lund")


async def only_coordinators_see_who_signed_up(story: Stage) -> None:
    await story.command("kenji", "program who")
    await story.sees("kenji", FOR_COORDINATORS)
    await story.command(AMARA, "program who")
    listed = await story.sees(AMARA, f"Who signed up: {PROGRAM}")
    assert "Mentors: 11 joined" in listed
    assert "Mentees: 13 joined" in listed
