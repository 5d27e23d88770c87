"""`flipside match`: pairs from a people file, with the figures of the run."""

import json
import resource
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.clock import stopwatch
from bot.progress import Report
from conversations.matching.people_match import Summary, match_people


@dataclass(frozen=True, slots=True)
class MatchOutcome:
    """What to write and what to say. Without pairs (`pairs_csv` is None) the remarks are the errors to mend first."""

    pairs_csv: str | None
    remarks: tuple[str, ...]
    summary: Summary
    seconds: float
    peak_mb: float

    @property
    def pairs(self) -> str:
        """How many, in words."""
        return "1 pair" if self.summary.matched == 1 else f"{self.summary.matched} pairs"

    def json(self) -> str:
        """One line for programs: `unmatched` counts mentees."""
        figures = {
            "matched": self.summary.matched,
            "score": self.summary.score,
            "unmatched": self.summary.unmatched,
            "mentors_without_mentee": self.summary.mentors_without_mentee,
            "proved": self.summary.proved,
            "seconds": round(self.seconds, 2),
            "peak_mb": round(self.peak_mb),
        }
        return json.dumps(figures)


def match_file(people: Path, today: date, on: date | None, progress: Report) -> MatchOutcome:
    """Proposes pairs from the file. Mistakes in it are remarks, never exceptions; OSError when it cannot be read."""
    elapsed = stopwatch()
    matched = match_people(people.read_bytes(), today, on, progress=progress)
    remarks = [f"Warning: {fault}." for fault in matched.warnings]
    remarks += [f"Error: {fault}." for fault in matched.errors]
    if matched.errors:
        remarks.append(f"Nothing was matched: {len(matched.errors)} to mend first.")
    if matched.proposal is not None:
        remarks += [f"Unmatched: {person.key}: {person.reason}" for person in matched.proposal.unmatched]
    return MatchOutcome(
        pairs_csv=None if matched.errors else matched.pairs_csv,
        remarks=tuple(remarks),
        summary=matched.summary,
        seconds=elapsed() / 1000,
        peak_mb=peak_mb(),
    )


def peak_mb() -> float:
    """The most memory this process has held."""
    # Linux counts kilobytes, macOS bytes (getrusage(2) of each).
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2
