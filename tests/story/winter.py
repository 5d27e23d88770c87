"""A program over the winter: who is in it, its days, and what happens again and again in it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

from tests.story.cast import COUPLES, Couple, topic_of
from tests.story.joining import role_of
from tests.story.preparing import PROGRAM
from tests.story.stage import Stage

# A Monday morning in October: six months from the introductions hold Christmas and end after Easter.
WINTER_START = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
MATCHING, INTRODUCTIONS, LAST_DAY = date(2026, 10, 12), date(2026, 10, 13), date(2027, 4, 13)
QUIET = (date(2026, 12, 23), date(2027, 1, 3))

TOGETHER = ("noor", "priya", "arjun", "mateo", "kenji", "liam", "freya")
PAIRS = tuple(couple for couple in COUPLES if couple.mentor in TOGETHER and couple.mentee != "luis")
# Of the pair that has no session for weeks; whoever leaves, and whom they leave; who joins late.
QUIET_PAIR = ("kenji", "catherine")
LEAVER, LEFT, LATE = "liam", "zofia", "aisha"
SECOND_PAIR = Couple(LATE, LEFT, topic_of(LATE))
PAUSER, RESTS = "tomas", "arjun"
FIRST_PEOPLE = tuple(sorted({user for couple in PAIRS for user in (couple.mentor, couple.mentee)}))
EVERYBODY = (*FIRST_PEOPLE, LATE)
AT_THE_END = tuple(user for user in EVERYBODY if user != LEAVER)

QUESTIONS = ("often", "useful", "openly")


def partner_of(user: str) -> str:
    """As it is from December on, for the two of the second pair."""
    for couple in (SECOND_PAIR, *PAIRS):
        if user in (couple.mentor, couple.mentee):
            return couple.mentee if user == couple.mentor else couple.mentor
    raise KeyError(user)


async def joins(story: Stage, user: str) -> str:
    """Two screens with what has to be there. Returns the receipt."""
    await story.command(user, "join")
    await story.form(user, "Join: 1 of 2")
    await story.submit(user, {"role": role_of(user), "own_words": topic_of(user)}, "Next")
    await story.form(user, "Join: 2 of 2")
    time_given: Mapping[str, str] = {"capacity": "1"} if role_of(user) == "mentor" else {"hours_a_month": "2"}
    await story.submit(user, {**time_given, "agreement": ("agreed",)}, "Join")
    return await story.sees(user, f"Thank you for joining {PROGRAM}.")


def is_asked(story: Stage, user: str, label: str = "Met") -> bool:
    return any(label in buttons for _, buttons in story.screen(user))


async def answers(story: Stage, user: str, label: str = "Met") -> None:
    """Every open row of every check-in on this person's screen."""
    while is_asked(story, user, label):
        before = story.screen(user)
        await story.press(user, label)
        await story.until(lambda before=before: story.screen(user) != before, "the answer", user)  # type: ignore[misc]


async def check_in(story: Stage, day: date, users: Iterable[str], but: Mapping[str, str] | None = None) -> None:
    """The evening of the day after the question, so that a holiday does not hide anybody's; before any reminder."""
    await story.at(day, time(20, 10))
    for user in users:
        assert is_asked(story, user), f"{user} was not asked by {day}"
        await answers(story, user, (but or {}).get(user, "Met"))


async def answers_pulse(story: Stage, user: str, number: str) -> None:
    """Nothing of it stays on the screen."""
    recorded = story.seen(user, "Recorded, thank you")
    await story.press(user, "Answer 3 questions")
    await story.form(user, "Three questions")
    await story.submit(user, dict.fromkeys(QUESTIONS, number), "Record my answers")
    await story.sees_times(user, "Recorded, thank you", recorded + 1)
