"""What one matching took, told by its own process. Nothing heavy is imported: it would count as the peer's memory."""

import json
import sys
import time
from dataclasses import asdict, dataclass

from bot.clock import process_seconds
from bot.memory import peak_mb

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
