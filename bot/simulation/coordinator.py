"""Who runs the program: creates it, opens and invites, proposes, approves, helps, looks in, and reads the report."""

from calendar import monthrange
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from adapters.platform import Profile
from bot.clock import Clock
from bot.population import Employee
from bot.simulation.agenda import Agenda
from bot.simulation.daylight import Workplace
from bot.simulation.platform import SimulatedPlatform, place
from bot.simulation.visit import Stuck, Visitor, button_to, required_button
from conversations.cards import Button, Card
from conversations.events import Commanded

WORKPLACE = Workplace("Europe/Berlin", "DE")
NAME, EMAIL = "Dana Weber", "dana.weber@larkspur.example"
DEPUTY_NAME, DEPUTY_EMAIL = "Omar Saleh", "omar.saleh@larkspur.example"
# Both are on the roster as well: that is how the bot knows where they work, and so their holidays.
STAFF = tuple(
    Employee(email, name, "People", "People 0", "", 7, "Berlin", "DE", WORKPLACE.timezone, ("en", "de"), "mentee")
    for email, name in ((EMAIL, NAME), (DEPUTY_EMAIL, DEPUTY_NAME))
)
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
SOLVING = timedelta(days=1)
# Of two quiet pairs the coordinator writes to both people of the one, and finds new partners for the other.
WRITES_TO_EVERY = 2

Quiet = tuple[date, date]
"""The first and the last of the days on which nothing is sent."""


@dataclass(slots=True)
class Course:
    """How the program went, as its coordinator knows it."""

    starts_on: date | None = None
    ends_on: date | None = None
    closed_at: datetime | None = None
    quiet: Quiet | None = None


class Coordinator:
    """Everything by command, button and form, in the chat. `invited`: whom they ask to take part, by role."""

    def __init__(
        self,
        months: int,
        platform: SimulatedPlatform,
        agenda: Agenda,
        clock: Clock,
        invited: Mapping[str, Sequence[str]],
    ) -> None:
        self.course = Course()
        self._months = months
        self._length = next(length for length in LENGTHS if length >= months)
        self._agenda = agenda
        self._clock = clock
        self._chronicle = platform.chronicle
        self._invited = invited
        self._quiet_pairs = 0
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
        """Confirms people's details, approves what is proposed, and looks after quiet pairs."""
        soon = self._clock.now() + THINKING
        if button_to(card, "closing.who_again"):
            self.course.closed_at = self._clock.now()
            self._at(soon, lambda: self._read_the_report(card))
        if confirm := button_to(card, "who.confirm"):
            self._at(soon, lambda: self._visitor.press(confirm))
        if approval := button_to(card, "matching.approve"):
            self._at(soon, lambda: self._approve(approval))
        if button_to(card, "quiet_pair.write"):
            self._at(soon, lambda: self._look_after(card))

    # Before the pairs ------------------------------------------------------------------------------------------------

    async def _create(self) -> None:
        templates = await self._visitor.command("program create")
        plan = await self._visitor.press(required_button(templates, "program.chosen"))
        required_button(plan, "opening.start")
        starts_on, matching_on = self._typed_day("starts_on"), self._typed_day("matching_on")
        self.course.starts_on, self.course.ends_on = starts_on, months_later(starts_on, self._length)
        self.course.quiet = christmas_between(matching_on, self.course.ends_on)
        await self._visitor.press(required_button(plan, "program.people"), {"quiet_dates": _line(self.course.quiet)})
        await self._add_a_deputy()
        await self._visitor.act(Commanded("program open", place()))
        for role, emails in self._invited.items():
            await self._invite(role, emails)
        self._at(WORKPLACE.at(matching_on, time(11)), self._match)
        self._plan_the_rest(starts_on)

    def _plan_the_rest(self, starts_on: date) -> None:
        # A shorter run than the shortest program is closed early.
        over = months_later(starts_on, self._months)
        closes_on = over if self._months < self._length else over + CLOSES_AFTER
        self._at(WORKPLACE.at(closes_on, time(15)), self._close)
        for month in range(1, self._months):
            self._at(WORKPLACE.at(months_later(starts_on, month), time(14)), self._look_in)

    async def _add_a_deputy(self) -> None:
        everybody = await self._visitor.command("program coordinators")
        await self._visitor.press(required_button(everybody, "coordinators.add"))
        await self._deputy.command("help")

    async def _invite(self, role: str, emails: Sequence[str]) -> None:
        if not emails:
            return
        listed = await self._visitor.command("program invite " + ", ".join(emails))
        before = await self._visitor.press(required_button(listed, "invite.details"), {"role": role})
        await self._visitor.press(required_button(before, "invite.send"))

    async def _match(self) -> None:
        await self._visitor.command("program who")
        await self._visitor.command("program propose")

    async def _approve(self, button: Button) -> None:
        """Checks first; puts right what stands in the way with the buttons beside it, and approves again."""
        await self._visitor.command("program check")
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

    # While it runs ---------------------------------------------------------------------------------------------------

    async def _look_in(self) -> None:
        """Once a month, and a matching for those who wait again; with nobody waiting it says so."""
        await self._visitor.command("program status")
        await self._visitor.command("program propose")

    async def _look_after(self, card: Card) -> None:
        self._quiet_pairs += 1
        if self._quiet_pairs % WRITES_TO_EVERY:
            await self._visitor.press(required_button(card, "quiet_pair.write"))
            return
        sure = await self._visitor.press(required_button(card, "parting.rematch"))
        if yes := button_to(sure, "parting.yes_rematch"):
            self._chronicle.end(int(yes.action.args["pair"]), self._clock.now())
            await self._visitor.press(yes)

    async def _read_the_report(self, card: Card) -> None:
        for step in ("report.show", "closing.who_again"):
            shown = await self._visitor.press(required_button(card, step))
            if file := button_to(shown, "report.figures"):
                await self._visitor.press(file)

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


def christmas_between(first: date, last: date) -> Quiet | None:
    found = [(date(year, 12, 21), date(year + 1, 1, 3)) for year in range(first.year, last.year + 1)]
    return next((days for days in found if first <= days[0] and days[1] <= last), None)


def _line(quiet: Quiet | None) -> str:
    return f"{quiet[0]} to {quiet[1]}" if quiet else ""
