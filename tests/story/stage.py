"""The stage: the whole bot between stand-ins for Slack and Teams, and a clock that the story moves."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.platform import Platform
from adapters.slack import Slack
from adapters.teams import Teams
from bot.app import App, build
from bot.clock import VirtualClock
from bot.settings import Settings
from bot.time_travel import TimeTravel
from bot.web import Server
from tests.story.cast import COORDINATOR_ON_SLACK, COORDINATOR_ON_TEAMS, MEMBERS
from tests.story.offices import Colleague, Deeds, WatchedSlack, WatchedTeams, accounts
from tests.support.patience import SECONDS
from tests.support.slack_person import SlackMessage, SlackPerson
from tests.support.teams_person import TeamsPerson

# A Monday morning.
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
# Where people would reach the server, for links to files.
PUBLIC_URL = "https://flipside.larkspur.example"
MINUTE = timedelta(minutes=1)

Shown = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Bot:
    """One process at work: everything in it is real but the two vendors and the time."""

    app: App
    server: Server
    travel: TimeTravel

    async def stop(self) -> None:
        await self.app.stop(self.server)
        self.app.close()


async def start_bot(settings: Settings, clock: VirtualClock, slack: WatchedSlack, teams: WatchedTeams) -> Bot:
    platforms: list[Platform] = [
        Slack(bot_token=slack.bot_token, signing_secret=slack.signing_secret, api_url=slack.api_url, clock=clock.now),
        Teams(**teams.settings, public_url=PUBLIC_URL),
    ]
    app = build(settings, clock, platforms, port=0)
    server = await app.start()
    slack.bot_url = f"http://127.0.0.1:{server.port}"
    teams.bot_url = f"{slack.bot_url}/api/messages"
    return Bot(app, server, app.engine.time_travel(clock))


@dataclass
class Stage:
    """Everybody by the part of their e-mail before the @; who is on both platforms is there twice."""

    slack: WatchedSlack
    teams: WatchedTeams
    clock: VirtualClock
    settings: Settings
    deeds: Deeds
    people: dict[str, Colleague]
    general: str
    bot: Bot

    def __getitem__(self, user: str) -> Colleague:
        return self.people[user]

    @property
    def roster_file(self) -> Path:
        assert self.settings.roster_file is not None
        return self.settings.roster_file

    # Time -----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def later(self) -> None:
        """A minute passes; it takes no plan of the calendar, which is made anew at every jump.

        What somebody did just now is done first: the clock must not run away from a message that is being sent.
        """
        await self.bot.travel.settle()
        target = self.now + MINUTE
        while await self.bot.travel.step(target) < target:
            pass

    async def at(self, day: date, clock: time, zone: str = "UTC") -> None:
        """Everything that is due until then happens at its own moment."""
        moment = datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
        assert moment >= self.now, f"it is {self.now} already"
        await self.bot.travel.advance(moment)

    async def restart(self, day: date, clock: time, zone: str = "UTC") -> None:
        """The bot is stopped, and another process goes on with the same database some time later."""
        await self.bot.stop()
        self.clock.move_to(datetime.combine(day, clock, ZoneInfo(zone)))
        self.bot = await start_bot(self.settings, self.clock, self.slack, self.teams)

    # What people do -------------------------------------------------------------------------------------------

    async def command(self, user: str, words: str, channel: str = "") -> None:
        await self.later()
        await self[user].command(words, channel)

    async def press(self, user: str, label: str) -> None:
        """The newest button with this label, as soon as it is there."""
        await self.later()
        await self.until(lambda: any(label in buttons for _, buttons in self.screen(user)), f"[{label}]", user)
        await self[user].press(label)

    async def press_on(self, user: str, words: str, label: str) -> None:
        """A button on the newest message that holds these words."""
        await self.later()
        await self.sees(user, words)
        person = self[user]
        if isinstance(person, SlackPerson):
            message = next(one for one in reversed(person.messages) if words in one.text and label in one.buttons)
            await person.press_on(message, label)
        else:
            await person.press_on(next(one for one in reversed(person.messages) if words in one.text), label)

    async def press_forwarded(self, owner: str, stranger: str, label: str) -> None:
        """The owner's newest button of this name, on a copy of the card in a stranger's own chat."""
        await self.later()
        thief, victim = self[stranger], self[owner]
        if isinstance(thief, SlackPerson) and isinstance(victim, SlackPerson):
            card = next(one for one in reversed(victim.messages) if label in one.buttons)
            await thief.press_on(SlackMessage(thief.dm, card.ts, card.raw), label)
        elif isinstance(thief, TeamsPerson) and isinstance(victim, TeamsPerson):
            await thief.press_copy(next(one for one in reversed(victim.messages) if label in one.buttons), label)
        else:
            raise AssertionError("a card does not travel between platforms")

    async def submit(self, user: str, values: Mapping[str, Any], button: str = "") -> None:
        await self[user].submit(values, button)

    # What people see ------------------------------------------------------------------------------------------

    def screen(self, user: str) -> list[Shown]:
        """Text and buttons of everything in front of this person, oldest first; App Home and an open form last."""
        person = self[user]
        shown: list[Shown] = [(message.text, tuple(message.buttons)) for message in person.messages]
        if isinstance(person, SlackPerson):
            shown += [(person.home.text, tuple(person.home.buttons))] if person.home else []
            shown += [(person.form.text, ())] if person.form else []
        return shown

    async def sees(self, user: str, words: str, seconds: float = SECONDS) -> str:
        """The newest text that holds these words, as soon as there is one."""
        await self.until(lambda: bool(self._with(user, words)), repr(words), user, seconds)
        return self._with(user, words)[-1]

    def seen(self, user: str, words: str) -> int:
        """How many messages hold these words."""
        return len(self._with(user, words))

    async def sees_times(self, user: str, words: str, times: int) -> None:
        await self.until(lambda: self.seen(user, words) >= times, f"{words!r} {times} times", user)
        assert self.seen(user, words) == times

    def _with(self, user: str, words: str) -> list[str]:
        return [text for text, _ in self.screen(user) if words in text]

    async def form(self, user: str, title: str) -> Any:
        def there() -> bool:
            form = self[user].form
            return form is not None and title in form.title

        await self.until(there, f"the form {title!r}", user)
        return self[user].form

    async def until(self, true: Callable[[], bool], what: str, user: str, seconds: float = SECONDS) -> None:
        stub = self[user].slack if isinstance(self[user], SlackPerson) else self[user].stub  # type: ignore[union-attr]
        try:
            await stub.until(true, seconds=seconds, what=what)
        except AssertionError:
            shown = "\n---\n".join(text for text, _ in self.screen(user)[-4:])
            raise AssertionError(f"{user} waits in vain for {what} at {self.now}; there is:\n{shown}") from None


@asynccontextmanager
async def stage(database_url: str, folder: Path, start: datetime = START) -> AsyncIterator[Stage]:
    """Everybody has an account, nobody has heard of the bot yet, and its server has an empty database."""
    clock = VirtualClock(start)
    deeds = Deeds(clock)
    coordinators = tuple(MEMBERS[user].email for user in (COORDINATOR_ON_SLACK, COORDINATOR_ON_TEAMS))
    values = {"database_url": database_url, "roster_file": folder / "roster.csv", "coordinators": coordinators}
    settings = Settings.model_validate(values)
    async with WatchedSlack(clock=clock.now) as slack, WatchedTeams(clock=clock.now) as teams:
        slack.deeds = teams.deeds = deeds
        people = {user: person for member in MEMBERS.values() for user, person in accounts(slack, teams, member)}
        general = slack.add_channel("general")
        bot = await start_bot(settings, clock, slack, teams)
        story = Stage(slack, teams, clock, settings, deeds, people, general, bot)
        try:
            yield story
        finally:
            await story.bot.stop()
