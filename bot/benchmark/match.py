"""The matching measured: how long and with how much memory, beside the peer mentor-match on the same people."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from rich.table import Table

from bot.benchmark.match_figures import MatchRun
from bot.benchmark.match_ours import ours, ours_apart, request, what_if
from bot.benchmark.match_peer import peer
from bot.benchmark.match_people import people_csv
from bot.benchmark.match_runs import in_process
from conversations.matching.pool import build_pool
from conversations.matching.request import MatchingRequest, broken
from conversations.matching.score import build_scale

SEED = 1
INSTALL_PEER = "python -m pip install --require-hashes -r requirements-bench.txt"
# What we promise on two cores (issue C): seconds and MB for so many people a side, and against the peer.
LIMITS: Mapping[int, tuple[float, float | None]] = {500: (1.5, None), 10_000: (12.0, 600.0), 50_000: (180.0, 4096.0)}
SECONDS, MEMORY, TOTAL, BROKEN = (
    *("Seconds", "Peak MB of the process"),
    *("Total by Flipside's score", "Pairs that break a rule of ours"),
)
FIGURES = (SECONDS, "CPU seconds of the process", MEMORY, "Pairs", TOTAL, BROKEN)
WHAT_IF = "1 at 1,000 + 1,000"
BESIDE_LIMITS = {SECONDS: "at least 40", MEMORY: "at least 10", TOTAL: "no lower", BROKEN: "0"}

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A run seen through our eyes: the total by our score, and how many pairs break one of our rules."""

    run: MatchRun
    total: int
    broken: int


@dataclass(frozen=True, slots=True)
class MatchReport:
    """Ours at several sizes, and both at one."""

    alone: Sequence[tuple[int, MatchRun]]
    people: int
    ours: Judged
    peer: Judged | None
    what_if: MatchRun

    def tables(self) -> list[Table]:
        return [self._sizes(), self._beside()]

    def _sizes(self) -> Table:
        shown = Table(title="The whole of `flipside match`: read, score, solve, prove, explain, write")
        for heading in ("Mentors + mentees", "Seconds", "CPU seconds", "Peak MB", "Pairs", "Proved", "Limit"):
            shown.add_column(heading, justify="right")
        for people, run in self.alone:
            seconds, memory = LIMITS.get(people, (None, None))
            limit = [f"{seconds:g} s" if seconds else "", f"{memory:g} MB" if memory else ""]
            figures = (f"{run.whole:.1f}", f"{run.cpu:.1f}", f"{run.peak_mb:.0f}", str(len(run.pairs)))
            proved = "yes" if run.proved else "no"
            shown.add_row(f"{people} + {people}", *figures, proved, ", ".join(filter(None, limit)))
        return shown

    def _beside(self) -> Table:
        shown = Table(title=f"Scoring and solving, {self.people} + {self.people}")
        for heading in ("", "mentor-match 7.0.1", "Flipside", "Ratio", "Limit"):
            shown.add_column(heading, justify="left" if not heading else "right")
        mine, theirs = _figures(self.ours), _figures(self.peer) if self.peer else ("",) * len(FIGURES)
        for name, one, other in zip(FIGURES, theirs, mine, strict=True):
            shown.add_row(name, one, other, self._ratios().get(name, ""), BESIDE_LIMITS.get(name, ""))
        shown.add_row("Seconds of a what-if", "", f"{self.what_if.solving:.2f}", "", WHAT_IF)
        if self.peer is None:
            shown.caption = f"mentor-match is not installed. To see it beside ours: {INSTALL_PEER}"
        return shown

    def _ratios(self) -> Mapping[str, str]:
        if self.peer is None:
            return {}
        one, other = self.peer.run, self.ours.run
        return {SECONDS: f"{one.solving / other.solving:.0f}", MEMORY: f"{one.peak_mb / other.peak_mb:.1f}"}


def _figures(judged: Judged) -> Sequence[str]:
    """In the order of FIGURES."""
    run = judged.run
    measured = f"{run.solving:.2f}", f"{run.cpu:.2f}", f"{run.peak_mb:.0f}"
    return *measured, str(len(run.pairs)), str(judged.total), str(judged.broken)


def peer_is_installed() -> bool:
    return find_spec("matching") is not None and find_spec("munkres") is not None


def matchings(people: int, sizes: Sequence[int], progress: Progress) -> MatchReport:
    """Ours at each of the sizes, then both with `people` mentors and as many mentees."""
    with tempfile.TemporaryDirectory(prefix="flipside-bench-") as folder:
        alone: list[tuple[int, MatchRun]] = []
        for at, size in enumerate(sizes):
            progress(f"Matching {size} + {size}", 0.5 * at / len(sizes))
            alone.append((size, in_process(ours, _file(Path(folder), size))))
        progress(f"Matching {people} + {people}", 0.5)
        file = _file(Path(folder), people)
        asked = request(file)
        mine = _judged(asked, in_process(ours_apart, file))
        tried = in_process(what_if, file)
        progress(f"mentor-match: {people} + {people}", 0.6)
        theirs = _judged(asked, in_process(peer, file)) if peer_is_installed() else None
    return MatchReport(alone, people, mine, theirs, tried)


def _file(folder: Path, people: int) -> Path:
    file = folder / f"people-{people}.csv"
    file.write_text(people_csv(people, SEED), encoding="utf-8", newline="")
    return file


def _judged(asked: MatchingRequest, run: MatchRun) -> Judged:
    pool = build_pool(asked.candidates, asked.managers, asked.past_pairs, asked.rules, asked.on)
    row = {person.key: at for at, person in enumerate(pool.mentors.people)}
    column = {person.key: at for at, person in enumerate(pool.mentees.people)}
    rows = np.array([row[mentor] for mentor, _ in run.pairs], dtype=np.intp)
    columns = np.array([column[mentee] for _, mentee in run.pairs], dtype=np.intp)
    parts = build_scale(pool, asked.weights, asked.themes).between(rows, columns)
    return Judged(run, sum(int(points.sum()) for points in parts.values()), len(broken(asked, run.pairs)))
