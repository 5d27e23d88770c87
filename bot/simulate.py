"""The flight simulator: a whole program on a virtual clock, through the real dispatcher, calendar and outbox."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import VirtualClock, stopwatch
from bot.delivery import Patience
from bot.engine import Engine
from bot.matching_process import MatchingProcess
from bot.memory import keep_what_is_there, peak_mb, peak_mb_of_children
from bot.population import population, roster_csv
from bot.roster import import_people
from bot.simulation.agenda import Agenda
from bot.simulation.coordinator import DEPUTY_EMAIL, EMAIL, STAFF, WORKPLACE, Coordinator, Course
from bot.simulation.database import OneAtATime
from bot.simulation.deputy import Deputy
from bot.simulation.habits import BY_THEMSELVES
from bot.simulation.participant import Participant
from bot.simulation.platform import SimulatedPlatform
from bot.simulation.report import Report, write_messages
from bot.simulation.tally import Tally
from bot.time_travel import TimeTravel
from conversations.content import Content, load
from conversations.flows import FLOWS
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store

# A Monday, at half past nine in Berlin, where the coordinator sits; every seed begins in another week of the year.
FIRST_MONDAY = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
WEEKS_TO_BEGIN_IN = 52
# After the end people are thanked in their next working hours.
GOODBYES = timedelta(days=14)
# Three weeks of sign-up, a few days until the first introductions, and the week after the end.
BEFORE_AND_AFTER = timedelta(days=60)

# A hello is due the morning after an introduction, which a plan of the day before has to see.
PLAN_EVERY = timedelta(days=1)

# A lease of real length would have to be prolonged at every moment of a virtual clock.
NOBODY_ELSE_SENDS = timedelta(days=1000)

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a simulation runs with."""

    engine: Engine
    travel: TimeTravel
    clock: VirtualClock
    agenda: Agenda
    platform: SimulatedPlatform
    coordinator: Coordinator
    participants: tuple[Participant, ...]


def simulate(people: int, months: int, seed: int, messages: Path | None, progress: Progress) -> Report:
    """The same seed gives the same story. `messages`: a file for one JSON line a message and recipient."""
    taken = stopwatch()
    with tempfile.TemporaryDirectory(prefix="flipside-simulate-") as folder:
        url = f"sqlite:///{folder}/flipside.db"
        migrate(url)
        tally, posts, sessions = asyncio.run(_run(url, people, months, seed, progress))
    if messages is not None:
        write_messages(messages, tally)
    return _report(tally, posts, sessions, taken() / 1000)


def _report(tally: Tally, posts: int, sessions: int, seconds: float) -> Report:
    enrolled, matched = tally.enrolled(), tally.matched()
    return Report(
        people=enrolled,
        matched=matched,
        unmatched=enrolled - matched,
        matched_again=tally.matched_again(),
        messages=tally.messages() | {"announcement": posts},
        outside_hours=tally.outside_hours(),
        repeated=tally.repeated(),
        over_budget=tally.over_budget(),
        check_ins_due=tally.check_ins_due(),
        check_ins_asked=tally.check_ins_asked(),
        check_ins_answered=tally.check_ins_answered(),
        sessions_held=sessions,
        pulses_asked=tally.pulses_asked(),
        pulses_answered=tally.chronicle.pulses_answered,
        pauses=len(tally.chronicle.pauses),
        leavers=len(tally.chronicle.left),
        longest_silence_days=tally.longest_silence_days(),
        seconds=round(seconds, 1),
        # The matching has a process of its own.
        peak_mb=round(peak_mb() + peak_mb_of_children(), 1),
    )


async def _run(url: str, people: int, months: int, seed: int, progress: Progress) -> tuple[Tally, int, int]:
    database, content = OneAtATime(url), load()
    matching = MatchingProcess(content)
    try:
        world = _world(database, content, matching, (people, months, seed))
        _hire(url, database, world)
        await world.engine.start()
        keep_what_is_there()
        await _live(world, months, progress)
        await world.engine.stop()
        labels = await database.read(lambda store: store.outbox.labels())
        sessions = await database.read(_sessions_held)
    finally:
        matching.close()
        database.close()
    story = world.coordinator.course, world.platform.chronicle
    tally = Tally(world.participants, (EMAIL, WORKPLACE), world.platform.sightings, labels, story)
    return tally, world.platform.posts, sessions


def _world(database: Database, content: Content, matching: MatchingProcess, size: tuple[int, int, int]) -> World:
    people, months, seed = size
    clock = VirtualClock(FIRST_MONDAY + timedelta(weeks=seed % WEEKS_TO_BEGIN_IN))
    agenda, platform = Agenda(), SimulatedPlatform(clock)
    engine = Engine(
        database,
        [platform],
        flows=FLOWS,
        content=content,
        clock=clock,
        handlers=dict(matching.handlers()),
        patience=Patience(lease=NOBODY_ELSE_SENDS),
    )
    themes = next(iter(content.templates.values())).themes
    participants = tuple(
        Participant(employee, seed, platform, agenda, clock) for employee in population(people, seed, themes)
    )
    coordinator = Coordinator(months, platform, agenda, clock, _to_invite(participants))
    _name_colleagues(participants)
    platform.residents.update({each.employee.email: each for each in participants})
    platform.residents[EMAIL] = coordinator
    platform.residents[DEPUTY_EMAIL] = Deputy(platform, agenda, clock)
    travel = TimeTravel(database, clock, engine.nudges, engine.delivery, engine.consultations, plan_every=PLAN_EVERY)
    return World(engine, travel, clock, agenda, platform, coordinator, participants)


def _to_invite(participants: Sequence[Participant]) -> dict[str, list[str]]:
    """E-mails by role."""
    invited = [each.employee for each in participants if each.door == "invitation"]
    return {role: [who.email for who in invited if who.role == role] for role in ("mentor", "mentee")}


def _name_colleagues(participants: Sequence[Participant]) -> None:
    """Each who waits to be named is named by somebody who joins by themselves."""
    joining = [each for each in participants if each.door in BY_THEMSELVES]
    waiting = [each.employee for each in participants if each.door == "nomination"]
    for who, colleague in zip(joining, waiting, strict=False):
        who.names = colleague.email, colleague.role


def _hire(url: str, database: Database, world: World) -> None:
    """The roster that HR hands over, and who runs the program."""
    employees = [*STAFF, *(each.employee for each in world.participants)]
    imported = import_people(url, roster_csv(employees), None, False, world.clock.now())
    if not imported.done:
        raise RuntimeError(f"the made-up roster was not taken: {imported.lines()}")
    database.write_now(lambda store: store.people.appoint([EMAIL]))


async def _live(world: World, months: int, progress: Progress) -> None:
    """Moment by moment: what is due, then what people do about it."""
    world.coordinator.begin()
    begin = world.clock.now()
    end = begin + timedelta(days=31 * months) + BEFORE_AND_AFTER
    while world.clock.now() < end:
        await asyncio.sleep(0)  # nothing else here waits, and Ctrl-C is only heard in between
        reached = await world.travel.step(max(min(world.agenda.next_at or end, end), world.clock.now()))
        deeds = world.agenda.due(reached)
        for deed in deeds:
            await deed()
        if world.travel.is_woken:
            await world.travel.settle()
        end = _end(world.coordinator.course, end)
        progress(f"{reached:%d %B %Y}", (reached - begin) / (end - begin))


def _end(course: Course, otherwise: datetime) -> datetime:
    return course.closed_at + GOODBYES if course.closed_at else otherwise


def _sessions_held(store: Store) -> int:
    programs = store.programs.with_status("running", "closed")
    pairs = [pair.id for program in programs for pair in store.pairs.in_program(program.id)]
    return len(store.sessions.held_in(pairs))
