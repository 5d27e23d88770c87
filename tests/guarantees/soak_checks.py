"""The checks of the long run: the scenarios of the short ones, at every point and with the long numbers."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, product
from pathlib import Path
from random import Random
from signal import SIGKILL, SIGSTOP

from bot.crash_points import INBOX, RECOVERY, SEND
from bot.simulate import simulate
from storage.migrate import migrate
from tests.guarantees.backups import backups_during_load
from tests.guarantees.inbound import (
    Received,
    killed_while_receiving_from_slack,
    killed_while_receiving_from_teams,
)
from tests.guarantees.migrations import SqliteCopies, kills_while_migrating
from tests.guarantees.office import Delivery, Outcome, PlatformName
from tests.guarantees.scenarios import (
    PEOPLE,
    holder_struck,
    killed_while_recovering,
    killed_while_sending,
    random_kills,
    two_senders,
)
from tests.guarantees.test_delivery_d13 import live

# Where nobody can look back, a kill may cost this much of one message: lost and repeated.
PROMISED: Mapping[Delivery, tuple[int, int]] = {"must_arrive": (0, 1), "nudge": (1, 0)}
HITS = (1, 3, PEOPLE)
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
    backups: int = 50
    statements: int = 60
    people: int = 200
    months: int = 12
    share: float = 1.0
    seed: int = 1

    def some(self, cases: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Each of them, or as many as the share allows, the same for the same seed."""
        every = list(cases)
        return Random(self.seed).sample(every, max(1, round(len(every) * self.share)))


LONG = Numbers()
QUICK = Numbers(kills=20, starts=1, messages=500, lives=200, backups=5, statements=6, people=20, share=0.1)


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
    async def run(point: str, hit: str) -> Found:
        return judged(await killed_while_sending(point, int(hit), databases.sqlite()))

    cases = numbers.some((point, str(hit)) for point in SEND for hit in HITS)
    return one_by_one(partial(run, *case) for case in cases)


def d2_kills_without_looking_back(numbers: Numbers, databases: Databases) -> Found:
    platforms: tuple[PlatformName, ...] = ("slack", "teams")

    async def run(point: str, platform: PlatformName, delivery: Delivery) -> Found:
        url = databases.sqlite()
        outcome = await killed_while_sending(point, PEOPLE, url, platform, look_back=False, delivery=delivery)
        return judged(outcome, PROMISED[delivery])

    cases = numbers.some(product(SEND, platforms, PROMISED))
    return one_by_one(partial(run, *case) for case in cases)  # type: ignore[arg-type]


def d3_kills_while_recovering(numbers: Numbers, databases: Databases) -> Found:
    async def run(point: str) -> Found:
        # After the mark nothing is left to recover.
        times = 1 if point == "rec_after_mark" else 3
        return judged(await killed_while_recovering(point, databases.sqlite(), times=times))

    return one_by_one(partial(run, point) for point in RECOVERY)


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


def _received(received: Received) -> Found:
    lost = int(received.acknowledged and not received.stored) + int(received.effects == 0)
    repeated = max(received.effects - 1, 0)
    return Found(1, lost, repeated, 0, lost + repeated)


def d9_several_processes(numbers: Numbers, databases: Databases) -> Found:
    async def together(url: str) -> Found:
        return judged(await two_senders(url))

    async def struck(blow: int) -> Found:
        return judged((await holder_struck(databases.postgres(), SIGKILL if blow == SIGKILL else SIGSTOP)).outcome)

    both = (partial(together, databases.sqlite()), partial(together, databases.postgres()))
    return one_by_one((*both, partial(struck, SIGKILL), partial(struck, SIGSTOP)))


def d13_any_order(numbers: Numbers, databases: Databases) -> Found:
    """Hypothesis says itself what went wrong, and in which shortest order."""
    live(numbers.lives)
    return Found(numbers.lives)


def o3_kills_while_migrating(numbers: Numbers, databases: Databases) -> Found:
    found = Found(0)
    for revision in ("0001", "0002"):
        copies = SqliteCopies(databases.place())
        shares = [number / numbers.statements for number in range(numbers.statements)]
        outcome = kills_while_migrating(revision, copies.another(), copies.another(), copies, shares)
        wrong = sum(times for fault, times in outcome.items() if fault)
        found += Found(numbers.statements, lost=wrong, beyond=wrong)
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


CHECKS: Mapping[str, Check] = {
    "D1 kills while sending": d1_kills_while_sending,
    "D2 the same, no looking back": d2_kills_without_looking_back,
    "D3 kills while recovering": d3_kills_while_recovering,
    "D6 random kills": d6_random_kills,
    "D7 kills while receiving": d7_kills_while_receiving,
    "D9 several processes": d9_several_processes,
    "O3 kills while migrating": o3_kills_while_migrating,
    "O4 backups under load": o4_backups_during_load,
}
# They compute and wait for nobody, so they have a core for themselves beside the others.
BESIDE: Mapping[str, Check] = {
    "D13 any order of faults": d13_any_order,
    "N1, N2, D11 a year, 12 zones": n1_a_simulated_year,
}
