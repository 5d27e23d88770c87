"""What one matching took, told by its own process. Nothing heavy is imported: it would count as the peer's memory."""

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.clock import process_seconds

Pairs = list[tuple[str, str]]

MONDAY = "2027-03-01"  # whose working hours are compared


@dataclass(frozen=True, slots=True)
class MatchRun:
    """Seconds of scoring and solving, then of the whole process, its CPU seconds, and the pairs by e-mail."""

    solving: float
    whole: float
    cpu: float
    peak_mb: float
    proved: bool
    pairs: Pairs


def match_run(solving: float, proved: bool, pairs: Pairs) -> MatchRun:
    """The figures of this process up to now."""
    return MatchRun(solving, process_seconds(), time.process_time(), peak_mb(), proved, pairs)


def tell(run: MatchRun) -> None:
    """To the process that asked for it."""
    json.dump(asdict(run), sys.stdout)


def peak_mb() -> float:
    # proc(5). What getrusage tells also counts the moment in which a new process was a copy of its parent.
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii", errors="replace").partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # macOS counts bytes (its getrusage(2))
