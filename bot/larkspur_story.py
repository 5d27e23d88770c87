"""What happened at Larkspur before the visitor came: a program was opened, and most of the company signed up.

With twenty-four people nobody would sign them all up by hand, and a matching of two shows little. Everything here
goes through the same door as a visitor's clicks, at the moment when it happened.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from adapters.web import WebPlatform
from conversations.actions import Action
from conversations.forms import Typed

COORDINATOR, DEPUTY, CHANNEL, TEMPLATE = "amara", "jonas", "announcements", "digital_fluency"
# Before pairs are published somebody outside the reporting lines is named, and a second coordinator has written.
PEOPLE: Mapping[str, Typed] = {
    "sponsor": "ingrid@larkspur.example",
    "contact_name": "Ida Moss (ombudsperson)",
    "contact_reach": "+44 20 7946 0000",
    "page_url": "https://intranet.larkspur.example/reverse-mentoring",
}
CREATED = datetime(2026, 2, 9, 9, 30, tzinfo=UTC)
MATCHING_ON, STARTS_ON = date(2026, 3, 2), date(2026, 3, 3)

TOOLS, AI, DATA, SOCIAL = "digital_tools", "artificial_intelligence", "data_decisions", "social_media"

Advance = Callable[[datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SignUp:
    """One person's answers, and when they gave them: day and hour of February, UTC."""

    user: str
    day: int
    hour: int
    themes: tuple[str, ...]
    time_given: str = "1"
    more: Mapping[str, Typed] = field(default_factory=dict)


MENTORS = (
    SignUp("mateo", 9, 10, (TOOLS, SOCIAL), "2", {"want_back": "To learn how a campaign gets its budget."}),
    SignUp("priya", 10, 7, (DATA, AI), more={"interests": "chess, cooking"}),
    SignUp("kenji", 11, 13, (DATA, TOOLS), more={"want_back": "An honest view of my plan for the next two years."}),
    SignUp("liam", 12, 11, (AI, TOOLS), more={"want_back": "A look at how decisions are made."}),
    SignUp("freya", 16, 14, (TOOLS,), more={"interests": "skiing, podcasts"}),
    SignUp("arjun", 18, 6, (AI,), "2", {"own_words": "prompt writing"}),
    SignUp("aisha", 19, 15, (DATA,), more={"want_back": "To practise presenting to a board."}),
    SignUp("sofia", 24, 9, (TOOLS, DATA)),
)
MENTEES = (
    SignUp("marcus", 9, 16, (AI, DATA), more={"goals": "I want to write my own briefing with AI, and trust it."}),
    SignUp("hannah", 10, 12, (TOOLS, AI), more={"interests": "podcasts"}),
    SignUp("tomas", 12, 8, (DATA, TOOLS), more={"goals": "I want to read a dashboard without asking for help."}),
    SignUp("yuki", 13, 9, (TOOLS, DATA), "2"),
    SignUp("catherine", 17, 10, (AI,), more={"goals": "I want to know what AI can do for care, and what not."}),
    SignUp("vikram", 18, 7, (DATA,), more={"interests": "cricket, chess"}),
    SignUp("denise", 23, 13, (AI, TOOLS), "2"),
    SignUp("luis", 25, 15, (DATA, TOOLS), more={"own_words": "spreadsheets that explain themselves"}),
)


async def live_through_february(playground: WebPlatform, advance: Advance) -> None:
    """From the day the program was created to the last sign-up; the clock stands there afterwards."""
    await _open_a_program(playground)
    for each in sorted((*MENTORS, *MENTEES), key=lambda one: (one.day, one.hour)):
        await advance(datetime(2026, 2, each.day, each.hour, 20, tzinfo=UTC))
        await _sign_up(playground, each)


async def _open_a_program(playground: WebPlatform) -> None:
    coordinator = playground.actor(COORDINATOR)
    await coordinator.arrives()
    await coordinator.commands("program create")
    await coordinator.presses(Action("program", "chosen", {"template": TEMPLATE}))
    await coordinator.submits({})
    await coordinator.submits({"matching_on": MATCHING_ON.isoformat(), "starts_on": STARTS_ON.isoformat()})
    await coordinator.commands("program people and dates")
    await coordinator.submits(PEOPLE)
    await playground.actor(DEPUTY).arrives()
    await coordinator.commands("program open", CHANNEL)


async def _sign_up(playground: WebPlatform, answers: SignUp) -> None:
    person, teaches = playground.actor(answers.user), answers in MENTORS
    await person.arrives()
    await person.commands("join")
    role = "mentor" if teaches else "mentee"
    await person.submits({"role": role, "themes": answers.themes, **answers.more})
    given = {"capacity" if teaches else "hours_a_month": answers.time_given}
    await person.submits({**given, "agreement": ("agreed",), **answers.more})
