"""What people did that changes what they are to be asked: told by themselves, since no message shows it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Pause:
    person: str
    began_at: datetime
    back_on: date


@dataclass(slots=True)
class Chronicle:
    """`acts`: every moment at which somebody wrote or pressed something. `silences`: when they were asked whether to
    go on after two ignored rounds; the next act ends it. Pairs are known by the ids on their buttons.
    """

    pauses: list[Pause] = field(default_factory=list)
    joined: dict[str, datetime] = field(default_factory=dict)
    left: dict[str, datetime] = field(default_factory=dict)
    ended: dict[int, datetime] = field(default_factory=dict)
    rhythms_changed: dict[int, datetime] = field(default_factory=dict)
    silences: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    acts: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    pulses_answered: int = 0

    def end(self, pair: int, at: datetime) -> None:
        """The first word counts."""
        self.ended.setdefault(pair, at)

    def silent_spells(self, person: str, until: datetime) -> list[tuple[datetime, datetime]]:
        """From the question to the next thing that they did, or to the end."""
        spells = []
        for asked_at in self.silences[person]:
            back_at = min((at for at in self.acts[person] if at > asked_at), default=until)
            spells.append((asked_at, back_at))
        return spells
