"""The figures of one simulation: as a table for people, as one JSON object, and message by message."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from bot.simulation.seen import Seen
from bot.simulation.tally import Tally


@dataclass(frozen=True, slots=True)
class Report:
    """`messages` counts by kind, one for each recipient; a channel post counts once."""

    people: int
    matched: int
    unmatched: int
    matched_again: int
    messages: Mapping[str, int]
    outside_hours: int
    repeated: int
    over_budget: int
    check_ins_due: int
    check_ins_asked: int
    check_ins_answered: int
    sessions_held: int
    pulses_asked: int
    pulses_answered: int
    pauses: int
    leavers: int
    longest_silence_days: int
    seconds: float
    peak_mb: float

    def json(self) -> str:
        return json.dumps(asdict(self))

    def table(self) -> Table:
        shown = Table(title="What people saw", show_header=False)
        shown.add_column("What")
        shown.add_column("How many", justify="right")
        for words, value in self._rows():
            shown.add_row(words, value)
        return shown

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("People who signed up", str(self.people)),
            ("  with a partner", str(self.matched)),
            ("  without a partner", str(self.unmatched)),
            ("  with a second partner after a first", str(self.matched_again)),
            ("  who took a pause", str(self.pauses)),
            ("  who left", str(self.leavers)),
            *((f"Messages: {kind.replace('_', ' ')}", str(number)) for kind, number in self.messages.items()),
            ("Unprompted outside working hours (must be 0)", str(self.outside_hours)),
            ("Sent twice (must be 0)", str(self.repeated)),
            ("Over the message budget (must be 0)", str(self.over_budget)),
            ("Check-ins due", str(self.check_ins_due)),
            ("Check-ins asked", str(self.check_ins_asked)),
            ("Check-ins answered", str(self.check_ins_answered)),
            ("Sessions held", str(self.sessions_held)),
            ("Pulses asked", str(self.pulses_asked)),
            ("Pulses answered, closing included", str(self.pulses_answered)),
            ("Longest silence, days (at most 35)", str(self.longest_silence_days)),
            ("Seconds it took", f"{self.seconds:.1f}"),
            ("Memory at most, MB", f"{self.peak_mb:.0f}"),
        ]


def write_messages(file: Path, tally: Tally) -> None:
    """JSON lines, one for each message and recipient, in the order of their moments. Channel posts have none."""
    rows = sorted((_row(each) for each in tally.seen), key=json.dumps)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _row(seen: Seen) -> dict[str, str | bool | int | None]:
    return {
        "at": seen.sighting.at.isoformat(),
        "person": seen.sighting.person,
        "timezone": seen.work.timezone,
        "country": seen.work.country,
        "day": seen.day.isoformat(),
        "kind": seen.label.kind,
        "prompted": seen.label.prompted,
        "pair": seen.label.pair_id,
    }
