"""The demo: the real bot over a throw-away database, with the playground as its only platform and a clock to move."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from adapters.web import Hint, WebPlatform
from bot.app import App, build
from bot.clock import VirtualClock
from bot.larkspur import EMPLOYEES, FIRST_SHOWN, GUIDE, coordinators, roster_csv
from bot.larkspur_colleagues import Colleagues
from bot.larkspur_story import CREATED, live_through_february
from bot.settings import Settings
from bot.time_travel import TimeTravel
from conversations.flows import FLOWS
from conversations.import_people import import_file

# What the visitor comes to: a Monday morning, with working hours everywhere from Lisbon to Pune's afternoon. At ten the
# coordinator was told that today is the matching.
START = datetime(2026, 3, 2, 10, 10, tzinfo=UTC)


@dataclass(slots=True)
class Journey:
    """The playground is made before the engine that moves its clock: this stands between them."""

    now: Callable[[], datetime]
    travel: TimeTravel | None = None
    # What others do between one day and the next.
    colleagues: Callable[[], Awaitable[None]] | None = None

    async def advance(self, target: datetime) -> None:
        """With colleagues day by day, so that they answer what came a day before and not all at the end."""
        while self.colleagues is not None and (tomorrow := self.now() + timedelta(days=1)) < target:
            await self._live_until(tomorrow)
        await self._live_until(target)

    async def _live_until(self, moment: datetime) -> None:
        if self.travel is not None:
            await self.travel.advance(moment)
        if self.colleagues is not None:
            await self.colleagues()

    async def next_moment(self) -> datetime | None:
        return await self.travel.next_moment() if self.travel is not None else None


def demo_app(folder: Path, host: str, port: int) -> App:
    """Larkspur, nothing started yet; once started it is the Monday morning. Everything is kept in `folder`."""
    clock = VirtualClock(CREATED)
    journey, colleagues = Journey(clock.now), Colleagues(clock.now)
    playground = WebPlatform(
        people=[employee.persona for employee in EMPLOYEES],
        now=clock.now,
        advance=journey.advance,
        next_moment=journey.next_moment,
        hints=_hints(),
        guide=GUIDE,
        shown=FIRST_SHOWN,
        reads_along=colleagues.receive,
    )
    settings = Settings.model_validate(
        {"database_url": f"sqlite:///{folder / 'demo.db'}", "coordinators": coordinators()}
    )
    app = build(settings, clock, [playground], host=host, port=port)
    app.engine.database.write_now(lambda store: import_file(store, roster_csv(), None, CREATED))
    journey.travel = app.engine.time_travel(clock)

    async def february() -> None:
        await live_through_february(playground, journey.advance)
        await journey.advance(START)
        journey.colleagues = partial(colleagues.answer, playground)

    return replace(app, prelude=february)


def _hints() -> list[Hint]:
    """Every command, as `help` lists them: everybody's first."""
    commands = sorted((each for flow in FLOWS for each in flow.commands), key=lambda each: each.coordinators_only)
    return [
        Hint(" ".join(each.words), f"{each.about} (coordinators)" if each.coordinators_only else each.about)
        for each in commands
    ]
