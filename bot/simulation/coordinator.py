"""Who runs the program: creates it from a template, opens it, proposes, approves, looks in, and closes it."""

from calendar import monthrange
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from adapters.platform import Profile
from bot.clock import Clock
from bot.simulation.agenda import Agenda
from bot.simulation.daylight import Workplace
from bot.simulation.platform import SimulatedPlatform, place
from bot.simulation.visit import Stuck, Visitor, button_to, required_button
from conversations.cards import Button, Card
from conversations.events import Commanded

NAME, EMAIL = "Dana Weber", "dana.weber@larkspur.example"
DEPUTY_NAME, DEPUTY_EMAIL = "Omar Saleh", "omar.saleh@larkspur.example"
WORKPLACE = Workplace("Europe/Berlin", "DE")
# What the program's third form asks for, and whom they add as a coordinator.
PEOPLE = {
    "contact_name": "Ida Moss",
    "contact_reach": "ida.moss@larkspur.example",
    "page_url": "https://intranet.larkspur.example/mentoring",
    "email": DEPUTY_EMAIL,
}
# Lengths that the form offers, in months.
LENGTHS = (3, 6, 12)
# The last check-ins move over closed days and want their answers; a week after the end all is in.
CLOSES_AFTER = timedelta(days=7)
THINKING = timedelta(minutes=20)


@dataclass(slots=True)
class Course:
    """How the program went, as its coordinator knows it."""

    starts_on: date | None = None
    ends_on: date | None = None
    closed_at: datetime | None = None


class Coordinator:
    """Everything by command, button and form, in the chat."""

    def __init__(self, months: int, platform: SimulatedPlatform, agenda: Agenda, clock: Clock) -> None:
        self.course = Course()
        self._months = months
        self._length = next(length for length in LENGTHS if length >= months)
        self._agenda = agenda
        self._clock = clock
        self._visitor = Visitor(platform, EMAIL, {"months": str(self._length), "cadence": "14", **PEOPLE})
        self._deputy = Visitor(platform, DEPUTY_EMAIL, {})

    def profile(self) -> Profile:
        return Profile(NAME, EMAIL, EMAIL, WORKPLACE.timezone, member=True)

    def begin(self) -> None:
        self._at(self._clock.now(), self._create)

    def reads_in_channel(self, card: Card) -> None:
        """Their own announcement."""

    def sees_edited(self, ref: str, card: Card) -> None:
        """Nothing that they wait for."""

    def receives(self, ref: str, card: Card) -> None:
        """Confirms people's details, and approves what is proposed."""
        if button_to(card, "closing.who_again"):
            self.course.closed_at = self._clock.now()
        if confirm := button_to(card, "who.confirm"):
            self._at(self._clock.now() + THINKING, lambda: self._visitor.press(confirm))
        if approval := button_to(card, "matching.approve"):
            self._at(self._clock.now() + THINKING, lambda: self._approve(approval))

    async def _approve(self, button: Button) -> None:
        """Puts right what stands in the way with the buttons beside it, and approves again."""
        shown = await self._visitor.press(button)
        again = button_to(shown, "matching.approve")
        if again is None:
            return
        for step in ("check.leave_out", "check.begin_on"):
            if fix := button_to(shown, step):
                await self._visitor.press(fix)
                self._begins_later(fix)
        await self._visitor.press(again)

    def _begins_later(self, fix: Button) -> None:
        if day := fix.action.args.get("day"):
            self.course.starts_on = date.fromisoformat(str(day))
            moved = months_later(self.course.starts_on, self._length)
            self.course.ends_on = max(moved, self.course.ends_on or moved)

    async def _create(self) -> None:
        templates = await self._visitor.command("program create")
        plan = await self._visitor.press(required_button(templates, "program.chosen"))
        required_button(plan, "opening.start")
        await self._visitor.press(required_button(plan, "program.people"))
        await self._invite_a_deputy()
        starts_on, matching_on = self._typed_day("starts_on"), self._typed_day("matching_on")
        self.course.starts_on, self.course.ends_on = starts_on, months_later(starts_on, self._length)
        await self._visitor.act(Commanded("program open", place()))
        self._at(WORKPLACE.at(matching_on, time(11)), self._match)
        # A shorter run than the shortest program is closed early.
        over = months_later(starts_on, self._months)
        closes_on = over if self._months < self._length else over + CLOSES_AFTER
        self._at(WORKPLACE.at(closes_on, time(15)), self._close)
        for month in range(1, self._months):
            self._at(WORKPLACE.at(months_later(starts_on, month), time(14)), self._look_in)

    async def _invite_a_deputy(self) -> None:
        everybody = await self._visitor.command("program coordinators")
        await self._visitor.press(required_button(everybody, "coordinators.add"))
        await self._deputy.command("help")

    async def _match(self) -> None:
        await self._visitor.command("program who")
        await self._visitor.command("program propose")

    async def _look_in(self) -> None:
        await self._visitor.command("program status")

    async def _close(self) -> None:
        asked = await self._visitor.command("program close")
        if button := button_to(asked, "opening.closed"):
            await self._visitor.press(button)
        # One that ran to its end has closed by itself.
        self.course.closed_at = self.course.closed_at or self._clock.now()

    def _typed_day(self, key: str) -> date:
        typed = self._visitor.typed.get(key)
        if not isinstance(typed, str):
            raise Stuck(f"the plan's form does not ask for {key}")
        return date.fromisoformat(typed)

    def _at(self, moment: datetime, deed: Callable[[], Awaitable[object]]) -> None:
        async def done() -> None:
            await deed()

        self._agenda.add(WORKPLACE.when_at_work(moment, 60), EMAIL, done)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last: worked out anew, to check the product's own sum."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, monthrange(day.year + year, month + 1)[1]))


class Deputy:
    """The second coordinator, without whom no pairs are published: has written once, and reads."""

    def profile(self) -> Profile:
        return Profile(DEPUTY_NAME, DEPUTY_EMAIL, DEPUTY_EMAIL, WORKPLACE.timezone, member=True)

    def receives(self, ref: str, card: Card) -> None:
        """What Dana sees as well."""

    def reads_in_channel(self, card: Card) -> None:
        """The announcement."""

    def sees_edited(self, ref: str, card: Card) -> None:
        """Nothing that they wait for."""
