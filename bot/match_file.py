"""`flipside match`: pairs from a people file, with the figures of the run."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.clock import process_seconds
from bot.memory import peak_mb
from bot.progress import Report
from conversations.matching.explained_file import explained_text
from conversations.matching.people_match import MatchedFile, Summary, match_people
from conversations.matching.rules_chosen import RulesFile
from conversations.matching.rules_file import read_rules_file

# More lines than that nobody reads on a screen; the rest is counted, and --explain writes it all into a file.
MOST_TOLD = 30


@dataclass(frozen=True, slots=True)
class MatchOutcome:
    """What to write and what to say. Without pairs (`pairs_csv` is None) the remarks are the errors to mend first."""

    pairs_csv: str | None
    explained: str | None
    remarks: tuple[str, ...]
    summary: Summary

    @property
    def pairs(self) -> str:
        """How many, in words."""
        return "1 pair" if self.summary.matched == 1 else f"{self.summary.matched} pairs"

    def json(self) -> str:
        """One line for programs: `unmatched` counts mentees; seconds and memory of the whole process."""
        figures = {
            "matched": self.summary.matched,
            "score": self.summary.score,
            "unmatched": self.summary.unmatched,
            "mentors_without_mentee": self.summary.mentors_without_mentee,
            "proved": self.summary.proved,
            "seconds": round(process_seconds(), 2),
            "peak_mb": round(peak_mb()),
        }
        return json.dumps(figures)


def match_file(
    people: Path,
    today: date,
    on: date | None,
    progress: Report,
    *,
    rules: Path | None = None,
    explain: bool = False,
) -> MatchOutcome:
    """Proposes pairs from the file. Mistakes in it are remarks, never exceptions; OSError when it cannot be read."""
    chosen = read_rules_file(rules.read_bytes()) if rules else RulesFile()
    matched = match_people(people.read_bytes(), today, on, chosen=chosen, progress=progress)
    explained = None
    if explain and matched.request is not None and matched.proposal is not None:
        explained = explained_text(matched.request, matched.proposal, [f"{fault}." for fault in matched.warnings])
    return MatchOutcome(
        pairs_csv=None if matched.errors else matched.pairs_csv,
        explained=explained,
        remarks=tuple(_remarks(matched, everything=explain)),
        summary=matched.summary,
    )


def explained_beside(out: Path) -> Path:
    """Where --explain writes: pairs.explained.txt beside pairs.csv."""
    return out.with_name(f"{out.stem}.explained.txt")


def _remarks(matched: MatchedFile, *, everything: bool) -> Iterator[str]:
    yield from _first([f"Warning: {fault}." for fault in matched.warnings], "warnings", everything)
    # Somebody has to mend each of them, so all are told.
    yield from (f"Error: {fault}." for fault in matched.errors)
    if matched.errors:
        yield f"Nothing was matched: {len(matched.errors)} to mend first."
    if matched.proposal is not None:
        alone = [f"Unmatched: {person.key}: {person.reason}" for person in matched.proposal.unmatched]
        yield from _first(alone, "people without a partner", everything)


def _first(lines: Sequence[str], what: str, everything: bool) -> Iterator[str]:
    yield from lines[:MOST_TOLD]
    if len(lines) > MOST_TOLD:
        where = "all are in the explained file" if everything else "--explain writes them all into a file"
        yield f"… and {len(lines) - MOST_TOLD:,} more {what}: {where}."
