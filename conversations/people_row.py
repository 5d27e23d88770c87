"""One line of the people file as a value, and what may be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where, and what to do; `column` is empty when the whole line is meant."""

    line: int
    column: str
    problem: str
    fix: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.problem}; {self.fix}"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line without a fault. E-mails and languages are in small letters; None means that the cell was empty."""

    line: int
    email: str
    name: str
    department: str = ""
    team: str = ""
    manager_email: str | None = None
    level: int | None = None
    location: str = ""
    country: str | None = None
    timezone: str | None = None
    languages: tuple[str, ...] = ()
    role: Literal["mentor", "mentee"] | None = None
    capacity: int | None = None
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    hours: tuple[time, time] | None = None
    reviewers: tuple[str, ...] = ()
    working_style: tuple[int, ...] = ()
    guest: bool = False
    away_until: date | None = None
