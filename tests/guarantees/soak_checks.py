"""The checks of the long run: the scenarios of the short ones, at every point and with the long numbers."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import count, product
from pathlib import Path
from random import Random
from signal import SIGKILL, SIGSTOP

from bot.crash_points import INBOX, PUBLISH, RECOVERY, SEND, SURVEY, TICK
from bot.leases import LASTS
from bot.simulate import simulate
from storage.database import Database
from storage.migrate import migrate
from tests.guarantees.backups import backups_during_load
from tests.guarantees.half_done import (
    Survey,
    killed_while_answering,
    killed_while_erasing,
    killed_while_publishing,
    tables_erased,
    whole_start,
)
from tests.guarantees.inbound import (
    Received,
    killed_while_receiving_from_slack,
    killed_while_receiving_from_teams,
)
from tests.guarantees.introductions import MONDAY, morning
from tests.guarantees.migrations import SqliteCopies, kills_at_statements, kills_while_migrating
from tests.guarantees.office import Delivery, Outcome, PlatformName
from tests.guarantees.outages import (
    FOLLOWS_WITHIN,
    Break,
    an_hour_without_slack,
    full,
    locked,
    restarts_survived,
    survived,
)
from tests.guarantees.scenarios import (
    PEOPLE,
    holder_struck,
    killed_while_recovering,
    killed_while_sending,
    random_kills,
    stopped_while_sending,
    two_senders,
)
from tests.guarantees.test_delivery_d13 import live

# Where nobody can look back, a kill may cost this much of one message: lost and repeated.
PROMISED: Mapping[Delivery, tuple[int, int]] = {"must_arrive": (0, 1), "nudge": (1, 0)}
HITS = (1, 3, PEOPLE)
RELEASED = ("0001", "0002")
# A server is shared by many, so nobody is ever alone on it: the lease has to end before another goes on.
SHORT_LEASE = 1.0
# Seconds.
MOST_TO_STOP, MOST_TO_HAND_OVER = 10.0, 60.0
SLACK_KINDS, TEAMS_KINDS = ("command", "message", "button", "form"), ("message", "invoke")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much of each. `share` of all points are tried."""

    kills: int = 200
    # The kills come over this many starts of a program: one falls within every four messages, and those that were on
    # their way get out, too: one to each of the sixteen people who are written to at once.
    starts: int = 10
    messages: int = 500
    lives: int = 2_000
    # PostgreSQL makes a life three times as long.
    lives_on_postgres: int = 200
    introductions: int = 300
    pairs: int = 60
    backups: int = 50
    # Of the statements of each migration; after this many of the kills the migration is run again to its end.
    statements: float = 1.0
    repeated_to_the_end: int = 10
    # Seconds: a locked or full database, and a PostgreSQL that restarts again and again.
    locked: float = 60.0
    restarting: float = 300.0
    people: int = 200
    months: int = 12
    share: float = 1.0
    seed: int = 1

    def some(self, cases: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Each of them, or as many as the share allows, the same for the same seed."""
        every = list(cases)
        return Random(self.seed).sample(every, max(1, round(len(every) * self.share)))


LONG = Numbers()
QUICK = Numbers(
    kills=20,
    starts=1,
    messages=500,
    lives=200,
    lives_on_postgres=20,
    introductions=30,
    pairs=4,
    backups=5,
    statements=0.05,
    repeated_to_the_end=1,
    locked=5.0,
    restarting=20.0,
    people=20,
    share=0.1,
)


@dataclass(frozen=True, slots=True)
class Found:
    """What is beyond the promise is what must be 0; what a promise allows is counted beside it."""

    runs: int
    lost: int = 0
    repeated: int = 0
    outside: int = 0
    beyond: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(
            self.runs + other.runs,
            self.lost + other.lost,
            self.repeated + other.repeated,
            self.outside + other.outside,
            self.beyond + other.beyond,
        )


@dataclass
class Databases:
    """Fresh SQLite files, and fresh databases of a PostgreSQL server."""

    folder: Path
    another_postgres: Callable[[], str]
    _numbers: "count[int]" = field(default_factory=count)

    def sqlite(self) -> str:
        template = self.folder / "template.db"
        if not template.exists():
            migrate(f"sqlite:///{template}")
        path = self.folder / f"soak{next(self._numbers)}.db"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    def postgres(self) -> str:
        url = self.another_postgres()
        migrate(url)
        return url

    def place(self) -> Path:
        made = self.folder / f"folder{next(self._numbers)}"
        made.mkdir()
        return made


Check = Callable[[Numbers, Databases], Found]


def judged(outcome: Outcome, allowed: tuple[int, int] = (0, 0)) -> Found:
    """One run against what it may cost."""
    beyond = max(outcome.lost - allowed[0], 0) + max(outcome.repeated - allowed[1], 0) + outcome.unsettled
    return Found(1, outcome.lost, outcome.repeated, 0, beyond)


def total(found: Sequence[Found]) -> Found:
    return sum(found[1:], found[0])


def one_by_one(runs: Iterable[Callable[[], Awaitable[Found]]]) -> Found:
    async def work() -> Found:
        return total([await run() for run in runs])

    return asyncio.run(work())


def d1_kills_while_sending(numbers: Numbers, databases: Databases) -> Found:
    return _kills_while_sending(numbers, databases.sqlite, LASTS.total_seconds())


def d1_on_postgresql(numbers: Numbers, databases: Databases) -> Found:
    return _kills_while_sending(numbers, databases.postgres, SHORT_LEASE)


def _kills_while_sending(numbers: Numbers, another: Callable[[], str], lease: float) -> Found:
    """At every point, around the first, the third and the last message."""

    async def run(point: str, hit: str) -> Found:
        return judged(await killed_while_sending(point, int(hit), another(), lease=lease))

    return one_by_one(partial(run, *case) for case in numbers.some(product(SEND, map(str, HITS))))


def d2_kills_without_looking_back(numbers: Numbers, databases: Databases) -> Found:
    platforms: tuple[PlatformName, ...] = ("slack", "teams")

    async def run(point: str, hit: str, platform: PlatformName, delivery: Delivery) -> Found:
        url = databases.sqlite()
        outcome = await killed_while_sending(point, int(hit), url, platform, look_back=False, delivery=delivery)
        return judged(outcome, PROMISED[delivery])

    cases = numbers.some(product(SEND, map(str, HITS), platforms, PROMISED))
    return one_by_one(partial(run, *case) for case in cases)  # type: ignore[arg-type]


def d3_kills_while_recovering(numbers: Numbers, databases: Databases) -> Found:
    async def run(point: str, url: str, lease: float, times: int) -> Found:
        return judged(await killed_while_recovering(point, url, times=times, lease=lease))

    # On PostgreSQL one process marks several at once, so that nothing may be left for the second to die of.
    here = [(point, databases.sqlite(), 45.0, 3) for point in RECOVERY]
    there = [(point, databases.postgres(), SHORT_LEASE, 1 if point == "rec_after_mark" else 3) for point in RECOVERY]
    return one_by_one(partial(run, *case) for case in (*here, *there))


def d6_random_kills(numbers: Numbers, databases: Databases) -> Found:
    kills = numbers.kills // numbers.starts

    async def run(start: int) -> Found:
        url, seed = databases.sqlite(), numbers.seed + start
        one = judged(await random_kills(url, messages=numbers.messages, kills=kills, seed=seed))
        return Found(kills, one.lost, one.repeated, 0, one.beyond)

    return one_by_one(partial(run, start) for start in range(numbers.starts))


def d7_kills_while_receiving(numbers: Numbers, databases: Databases) -> Found:
    async def run(platform: str, kind: str, point: str) -> Found:
        url = databases.sqlite()
        if platform == "slack":
            return _received(await killed_while_receiving_from_slack(point, kind, url))
        return _received(await killed_while_receiving_from_teams(point, kind, url))

    kinds = [*(("slack", kind) for kind in SLACK_KINDS), *(("teams", kind) for kind in TEAMS_KINDS)]
    cases = numbers.some((*kind, point) for kind in kinds for point in INBOX)
    return one_by_one(partial(run, *case) for case in cases)


def d7_kills_while_answering(numbers: Numbers, databases: Databases) -> Found:
    found = Found(0)
    for url, point in [(databases.sqlite(), point) for point in SURVEY] + [(databases.postgres(), "answer_written")]:
        between, at_last = killed_while_answering(url, f"{point}:1")
        wrong = int(not between.is_whole) + int(at_last != Survey(noted=True, answers=3))
        found += Found(1, lost=wrong, beyond=wrong)
    return found


def d6_kills_while_publishing(numbers: Numbers, databases: Databases) -> Found:
    """Batch by batch, at every point of a tick and of a publishing, early and late."""
    found = Found(0)
    points = [(point, hit) for point in (*PUBLISH, *TICK) for hit in ("1", "2", str(numbers.pairs - 1))]
    # The audit has two entries only.
    points.remove(("audited", str(numbers.pairs - 1)))
    for point, hit in numbers.some(points):
        log = databases.place() / "log"
        start = killed_while_publishing(databases.sqlite(), log, f"{point}:{hit}", numbers.pairs)
        wrong = int(start != whole_start(numbers.pairs))
        found += Found(1, lost=wrong, repeated=start.repeated, beyond=wrong + start.repeated)
    return found


def d8_introductions(numbers: Numbers, databases: Databases) -> Found:
    """At the pace that we ship, on a clock that is moved: no message twice, two in one chat never within a second."""

    async def work() -> Found:
        database = Database(databases.sqlite(), throw_away=True)
        async with morning(database) as here:
            here.introduce(numbers.introductions)
            await here.travel.advance(MONDAY + timedelta(hours=3))
            lost = 3 * numbers.introductions - len(here.slack.messages)
            seconds = Counter((each.channel, each.ts.partition(".")[0]) for each in here.slack.messages)
            too_fast = sum(many - 1 for many in seconds.values())
            unsettled = here.states() != {"sent"}
        database.close()
        return Found(1, max(lost, 0), max(-lost, 0), 0, abs(lost) + too_fast + unsettled)

    return asyncio.run(work())


def _received(received: Received) -> Found:
    lost = int(received.acknowledged and not received.stored) + int(received.effects == 0)
    repeated = max(received.effects - 1, 0)
    return Found(1, lost, repeated, 0, lost + repeated)


def d9_several_processes(numbers: Numbers, databases: Databases) -> Found:
    async def together(url: str) -> Found:
        return judged(await two_senders(url))

    async def struck(blow: int) -> Found:
        return judged((await holder_struck(databases.postgres(), SIGKILL if blow == SIGKILL else SIGSTOP)).outcome)

    async def really(url: str) -> Found:
        """With the lease that we ship."""
        handover = await holder_struck(url, SIGKILL, lease=LASTS.total_seconds())
        found = judged(handover.outcome)
        return replace(found, beyond=found.beyond + (handover.seconds > MOST_TO_HAND_OVER))

    both = (partial(together, databases.sqlite()), partial(together, databases.postgres()))
    real = [partial(really, databases.postgres()), partial(really, databases.sqlite())] if numbers.share == 1 else []
    return one_by_one((*both, partial(struck, SIGKILL), partial(struck, SIGSTOP), *real))


def d13_any_order(numbers: Numbers, databases: Databases) -> Found:
    """Hypothesis says itself what went wrong, and in which shortest order."""
    live(numbers.lives, databases.sqlite())
    return Found(numbers.lives)


def d13_on_postgresql(numbers: Numbers, databases: Databases) -> Found:
    live(numbers.lives_on_postgres, databases.postgres())
    return Found(numbers.lives_on_postgres)


def o1_stops(numbers: Numbers, databases: Databases) -> Found:
    async def run(point: str, hit: str) -> Found:
        outcome, seconds = await stopped_while_sending(point, int(hit), databases.sqlite())
        found = judged(outcome)
        return replace(found, beyond=found.beyond + (seconds > MOST_TO_STOP))

    cases = numbers.some([*product(SEND, ("1", "3")), *((point, "1") for point in RECOVERY)])
    return one_by_one(partial(run, *case) for case in cases)


def o2_locked_and_full(numbers: Numbers, databases: Databases) -> Found:
    async def run(breaks: Break) -> Found:
        outage = await survived(databases.sqlite(), breaks, numbers.locked)
        found = judged(outage.outcome)
        return replace(found, beyond=found.beyond + (not outage.is_survived))

    return one_by_one([partial(run, locked), partial(run, full)])


def o2_restarts(numbers: Numbers, databases: Databases) -> Found:
    """PostgreSQL stops every 5 to 40 seconds."""
    chance, pauses = Random(numbers.seed), list[float]()
    while sum(pauses) < numbers.restarting:
        pauses.append(chance.uniform(5, 40))
    outcome, longest = asyncio.run(restarts_survived(pauses))
    return replace(judged(outcome), runs=len(pauses), beyond=judged(outcome).beyond + (longest > FOLLOWS_WITHIN))


def o2_no_slack(numbers: Numbers, databases: Databases) -> Found:
    database = Database(databases.sqlite(), throw_away=True)
    found = judged(asyncio.run(an_hour_without_slack(database)))
    database.close()
    return found


def o3_kills_while_migrating(numbers: Numbers, databases: Databases) -> Found:
    """At each statement from every version on; a killed migration leaves the old database or the new one, whole."""
    found = Found(0)
    for revision in RELEASED:
        copies = SqliteCopies(databases.place())
        shares = [number / numbers.repeated_to_the_end for number in range(numbers.repeated_to_the_end)]
        outcome = kills_while_migrating(revision, copies.another(), copies.another(), copies, shares)
        wrong = sum(times for fault, times in outcome.items() if fault)
        runs, torn = kills_at_statements(revision, copies, numbers.statements)
        found += Found(len(shares) + runs, lost=wrong + torn, beyond=wrong + torn)
    return found


def p2_kills_while_erasing(numbers: Numbers, databases: Databases) -> Found:
    found = Found(0)
    tables = range(1, 1 + tables_erased(databases.sqlite()))
    for table, database in numbers.some((str(table), each) for table in tables for each in ("sqlite", "postgresql")):
        url = databases.sqlite() if database == "sqlite" else databases.postgres()
        unchanged, whole = killed_while_erasing(url, f"erased:{table}")
        wrong = int(not unchanged) + int(not whole)
        found += Found(1, lost=wrong, beyond=wrong)
    return found


def o4_backups_during_load(numbers: Numbers, databases: Databases) -> Found:
    done = backups_during_load(databases.sqlite(), databases.place(), numbers.backups)
    return Found(numbers.backups, lost=done.torn, beyond=done.torn)


def n1_a_simulated_year(numbers: Numbers, databases: Databases) -> Found:
    """What people saw in twelve zones; a check-in that was due and not asked is lost."""
    report = simulate(numbers.people, numbers.months, numbers.seed, None, quietly)
    lost = abs(report.check_ins_due - report.check_ins_asked)
    beyond = lost + report.repeated + report.outside_hours + report.over_budget
    return Found(1, lost, report.repeated, report.outside_hours, beyond)


def quietly(words: str, done: float) -> None:
    """Nobody watches."""


# The longest first, those that wait most of the time among them: as many at a time as LANES in soak_run.py.
CHECKS: Mapping[str, Check] = {
    "N1, N2, D11 a year, 12 zones": n1_a_simulated_year,
    "D13 any order of faults": d13_any_order,
    "O2 PostgreSQL restarts": o2_restarts,
    "O3 kills while migrating": o3_kills_while_migrating,
    "D6 random kills": d6_random_kills,
    "D13 the same on PostgreSQL": d13_on_postgresql,
    "D2 kills, no looking back": d2_kills_without_looking_back,
    "D7 kills while receiving": d7_kills_while_receiving,
    "D9 several processes": d9_several_processes,
    "O2 a locked, a full database": o2_locked_and_full,
    "D1 the same on PostgreSQL": d1_on_postgresql,
    "D1 kills while sending": d1_kills_while_sending,
    "D6 kills while publishing": d6_kills_while_publishing,
    "O1 SIGTERM while sending": o1_stops,
    "P2 kills while erasing": p2_kills_while_erasing,
    "D8 introductions": d8_introductions,
    "O4 backups under load": o4_backups_during_load,
    "D3 kills while recovering": d3_kills_while_recovering,
    "D7 kills while answering": d7_kills_while_answering,
    "O2 an hour without Slack": o2_no_slack,
}
