"""A company on one platform only: the whole bot behind it, a small program, and a clock that the story moves."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from adapters.platform import Platform
from adapters.slack import Slack
from adapters.teams import Teams
from adapters.web import WebPlatform
from bot.app import App, build
from bot.clock import VirtualClock
from bot.demo import Journey
from bot.larkspur import DOMAIN, EMPLOYEES, Employee, coordinators, roster_csv
from bot.settings import Settings
from bot.time_travel import TimeTravel
from conversations.import_people import import_file
from storage.store import Store
from storage.tables import Enrollment, Program
from tests.story.cast import MEMBERS, name_of
from tests.story.stage import PUBLIC_URL, START
from tests.support.patience import SECONDS
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import SlackStub
from tests.support.teams_person import TeamsPerson
from tests.support.teams_server import TeamsStub
from tests.support.web_person import WebPerson, WebStage

PLATFORMS = ("slack", "teams", "web")
Anybody = SlackPerson | TeamsPerson | WebPerson
Until = Callable[[Callable[[], bool]], Any]


@dataclass
class Office:
    """People by the part of their e-mail before the @."""

    app: App
    travel: TimeTravel
    clock: VirtualClock
    people: Mapping[str, Anybody]
    until: Until
    roster_file: Path
    program: int = 0

    # Time -----------------------------------------------------------------------------------------------------

    async def later(self) -> None:
        """What somebody did is done, and a minute passes."""
        await self.travel.settle()
        target = self.clock.now() + timedelta(minutes=1)
        while await self.travel.step(target) < target:
            pass

    async def at(self, day: date, hour: int) -> None:
        await self.travel.advance(datetime.combine(day, time(hour), UTC))

    # Who is there ---------------------------------------------------------------------------------------------

    def begin(self, mentors: Mapping[str, str], mentees: Mapping[str, str]) -> None:
        """The roster is read and a program is open; these have signed up, each with a topic."""
        self.roster_file.write_text(roster_csv(), encoding="utf-8")

        def write(store: Store) -> int:
            import_file(store, roster_csv(), None, self.clock.now())
            amara = store.people.by_email(f"amara@{DOMAIN}")
            assert amara is not None
            day = self.clock.now().date()
            row = {"template": "digital_fluency", "status": "open", "objective": "Leaders use our tools with ease."}
            row |= {"success": "Three new habits each.", "contact_name": "Ida Moss", "contact_reach": "ida@x.example"}
            ends = day + timedelta(days=184)
            found = Program(
                **{"name": "Digital fluency", "themes": ["digital_tools"], "questions": [], "asks_first": True, **row},
                **{"matching_on": day, "starts_on": day, "ends_on": ends},
                **{"created_by": amara.id, "created_at": self.clock.now()},
            )
            return store.programs.add(found).id

        self.program = self.app.engine.database.write_now(write)
        for role, users in (("mentor", mentors), ("mentee", mentees)):
            for user, topic in users.items():
                self.joins(user, role, topic)

    def joins(self, user: str, role: str, topic: str) -> None:
        def write(store: Store) -> None:
            person = store.people.by_email(f"{user}@{DOMAIN}")
            assert person is not None
            words = {"offers" if role == "mentor" else "wants": topic.split(", ")}
            made = {"status": "joined", "agreed_at": self.clock.now(), "agreement_version": "1", "confirmed": True}
            row = {"program_id": self.program, "person_id": person.id, "role": role, "created_at": self.clock.now()}
            store.enrollments.add(Enrollment(**row, **words, **made))

        self.app.engine.database.write_now(write)

    def is_dropped_from_the_roster(self, user: str) -> None:
        kept = [line for line in roster_csv().splitlines() if not line.startswith(f"{user}@")]
        self.roster_file.write_text("\n".join(kept) + "\n", encoding="utf-8")

    # What people do -------------------------------------------------------------------------------------------

    async def command(self, user: str, words: str) -> None:
        await self.later()
        await self.people[user].command(words)

    async def press(self, user: str, label: str) -> None:
        """The newest button with this label, as soon as it is there."""
        await self.later()
        await self._until(lambda: any(label in one.buttons for one in self.people[user].messages), f"[{label}]", user)
        await self.people[user].press(label)

    async def submit(self, user: str, values: Mapping[str, Any], button: str = "") -> None:
        await self._until(lambda: self.people[user].form is not None, "a form", user)
        await self.people[user].submit(values, button)

    # What people see ------------------------------------------------------------------------------------------

    async def sees(self, user: str, *words: str) -> str:
        """The newest text that holds all of these words."""
        await self._until(lambda: bool(self.read(user, *words)), repr(words), user)
        return self.read(user, *words)[-1]

    def read(self, user: str, *words: str) -> list[str]:
        return [one.text for one in self.people[user].messages if all(word in one.text for word in words)]

    def bytes_of(self, user: str, words: str) -> list[str]:
        """Cards with these words exactly as the platform got them."""
        return [_sent(one.raw) for one in self.people[user].messages if words in one.text]

    async def _until(self, true: Callable[[], bool], what: str, user: str) -> None:
        try:
            await self.until(true)
        except (AssertionError, TimeoutError):
            person = self.people[user]
            shown = "\n---\n".join([*(one.text for one in person.messages[-3:]), str(person.form or "")])
            raise AssertionError(f"{user} waits in vain for {what} at {self.clock.now()}:\n{shown}") from None


def _sent(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw.get("blocks") or (raw.get("body") and [raw["body"], raw.get("actions")]) or raw["html"])


@asynccontextmanager
async def office(platform: str, database_url: str, folder: Path, users: Sequence[str]) -> AsyncIterator[Office]:
    clock, roster = VirtualClock(START), folder / "roster.csv"
    values = {"database_url": database_url, "roster_file": roster, "coordinators": coordinators()}
    async with AsyncExitStack() as stack:
        settings = Settings.model_validate(values)
        match platform:
            case "slack":
                made = await _on_slack(stack, settings, clock, users)
            case "teams":
                made = await _on_teams(stack, settings, clock, users)
            case _:
                made = await _on_the_web(stack, settings, clock, users)
        app, people, until = made
        yield Office(app, app.engine.time_travel(clock), clock, people, until, roster)


Made = tuple[App, Mapping[str, Anybody], Until]


async def _started(
    stack: AsyncExitStack, settings: Settings, clock: VirtualClock, platform: Platform
) -> tuple[App, str]:
    app = build(settings, clock, [platform], port=0)
    stack.callback(app.close)
    server = await app.start()
    stack.push_async_callback(app.stop, server)
    return app, f"http://127.0.0.1:{server.port}"


async def _on_slack(stack: AsyncExitStack, settings: Settings, clock: VirtualClock, users: Sequence[str]) -> Made:
    slack = await stack.enter_async_context(SlackStub(clock=clock.now))
    platform = Slack(
        bot_token=slack.bot_token, signing_secret=slack.signing_secret, api_url=slack.api_url, clock=clock.now
    )
    people = {user: slack.add_person(name_of(user), MEMBERS[user].email, MEMBERS[user].timezone) for user in users}
    app, slack.bot_url = await _started(stack, settings, clock, platform)

    async def until(true: Callable[[], bool]) -> None:
        await slack.until(true, "", SECONDS)

    return app, people, until


async def _on_teams(stack: AsyncExitStack, settings: Settings, clock: VirtualClock, users: Sequence[str]) -> Made:
    teams = await stack.enter_async_context(TeamsStub())
    people = {user: teams.person(name_of(user), MEMBERS[user].email, timezone=MEMBERS[user].timezone) for user in users}
    app, address = await _started(stack, settings, clock, Teams(**teams.settings, public_url=PUBLIC_URL))
    teams.bot_url = f"{address}/api/messages"

    async def until(true: Callable[[], bool]) -> None:
        await teams.until(true, SECONDS)

    return app, people, until


async def _on_the_web(stack: AsyncExitStack, settings: Settings, clock: VirtualClock, users: Sequence[str]) -> Made:
    journey = Journey(clock.now)
    chosen: list[Employee] = [one for one in EMPLOYEES if one.user in users]
    personas = [one.persona for one in chosen]
    platform = WebPlatform(people=personas, now=clock.now, advance=journey.advance, next_moment=journey.next_moment)
    app, address = await _started(stack, settings, clock, platform)
    page = await stack.enter_async_context(WebStage(address))

    async def until(true: Callable[[], bool]) -> None:
        await page.until(true, SECONDS)

    return app, {user: page.person(user) for user in users}, until
