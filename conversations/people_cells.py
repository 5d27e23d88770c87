"""The cells of one line of the people file, each read as what its column says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal
from zoneinfo import available_timezones

from conversations.contacts import small_letters

LONGEST_CELL = 2000  # characters
LONGEST_NAME = 120
MOST_PLACES = 3
HIGHEST_LEVEL = 1000

# A dot in the domain, no blank anywhere; whether the address exists only a mail can tell.
EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}@(?:[\w-]+\.)+[\w-]{2,}")
# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
WHOLE = re.compile(r"-?\d{1,6}", re.ASCII)
HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})", re.ASCII)


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


class Cells:
    """Reads the cells of one line and gathers what is wrong with them, so that all of it is told at once."""

    def __init__(self, line: int, cells: Mapping[str, str]) -> None:
        self.line = line
        self.errors: list[Fault] = []
        self.warnings: list[Fault] = []
        self._cells = cells

    def person(self) -> PersonRow:
        """The row; it is only good when there are no errors."""
        return PersonRow(
            line=self.line,
            email=self._email("email", required=True) or "",
            name=self._name(),
            department=self._text("department"),
            team=self._text("team"),
            manager_email=self._email("manager_email"),
            level=self._whole("level", 0, HIGHEST_LEVEL, "higher is more senior"),
            location=self._text("location"),
            country=self._country(),
            timezone=self._timezone(),
            languages=self._languages(),
            role=self._role(),
            capacity=self._whole("capacity", 0, MOST_PLACES, "the number of mentees a mentor takes"),
            offers=self._list("offers"),
            wants=self._list("wants"),
            interests=self._list("interests"),
            goals=self._list("goals"),
            avoid=self._emails("avoid"),
            hours=self._hours(),
        )

    def _wrong(self, column: str, problem: str, fix: str) -> None:
        self.errors.append(Fault(self.line, column, problem, fix))

    def _text(self, column: str) -> str:
        """The cell on one line, blanks made single."""
        cell = " ".join(self._cells.get(column, "").split())
        if len(cell) > LONGEST_CELL:
            self._wrong(column, f"longer than {LONGEST_CELL:,} characters", "shorten it")
            return ""
        if any(unicodedata.category(letter) == "Cc" for letter in cell):
            self._wrong(column, "holds a control character", "type the cell again")
            return ""
        return cell

    def _name(self) -> str:
        name = self._text("name")
        if not name:
            self._wrong("name", "empty", "write the person's name")
        if len(name) > LONGEST_NAME:
            self._wrong("name", f"longer than {LONGEST_NAME} characters", "shorten it")
        return name

    def _list(self, column: str) -> tuple[str, ...]:
        items = (item.strip() for item in self._text(column).split(";"))
        return tuple(dict.fromkeys(item for item in items if item))

    def _email(self, column: str, required: bool = False) -> str | None:
        cell = self._text(column)
        if cell:
            return self._address(column, cell)
        if required and not self.errors:
            self._wrong(column, "empty", "write the work e-mail address")
        return None

    def _emails(self, column: str) -> tuple[str, ...]:
        found = (self._address(column, item) for item in self._list(column))
        return tuple(address for address in found if address)

    def _address(self, column: str, cell: str) -> str | None:
        if cell.startswith(FORMULA_STARTS):
            self._wrong(column, f"{shown(cell)} begins like a formula", "write the e-mail address alone")
        elif not EMAIL.fullmatch(cell):
            self._wrong(column, f"{shown(cell)} is no e-mail address", "write it like mina@larkspur.example")
        else:
            return small_letters(cell)
        return None

    def _whole(self, column: str, low: int, high: int, meaning: str) -> int | None:
        cell = self._text(column)
        if not cell:
            return None
        if not WHOLE.fullmatch(cell) or not low <= int(cell) <= high:
            fix = f"write a whole number from {low} to {high}, {meaning}"
            self._wrong(column, f"{shown(cell)} is out of range or no whole number", fix)
            return None
        return int(cell)

    def _role(self) -> Literal["mentor", "mentee"] | None:
        match self._text("role").casefold():
            case "":
                return None
            case "mentor":
                return "mentor"
            case "mentee":
                return "mentee"
            case other:
                fix = "write mentor (the junior who shares) or mentee (the senior who learns)"
                self._wrong("role", f"{shown(other)} is no role", fix)
                return None

    def _country(self) -> str | None:
        cell = self._text("country").upper()
        if not cell or cell in countries():
            return cell or None
        fix = "write GB" if cell == "UK" else "write the two letters of ISO 3166, such as DE"
        self._wrong("country", f"{shown(cell)} is no country code", fix)
        return None

    def _timezone(self) -> str | None:
        cell = self._text("timezone")
        if not cell or cell in available_zones():
            return cell or None
        similar = nearest_zone(cell)
        fix = f"write {similar}" if similar else "write an IANA name such as Europe/Berlin"
        self._wrong("timezone", f"{shown(cell)} is no time zone", fix)
        return None

    def _languages(self) -> tuple[str, ...]:
        found = tuple(language.casefold() for language in self._list("languages"))
        for language in found:
            if not LANGUAGE.fullmatch(language):
                problem = f"{shown(language)} is no language code"
                self.warnings.append(Fault(self.line, "languages", problem, "write codes such as en;de"))
        return found

    def _hours(self) -> tuple[time, time] | None:
        cell = self._text("hours")
        if not cell:
            return None
        found = HOURS.fullmatch(cell)
        hours = _hours(*map(int, found.groups())) if found else None
        if hours is None:
            self._wrong("hours", f"{shown(cell)} are no working hours", "write them like 09:00-17:00")
        return hours


def _hours(hour: int, minute: int, until_hour: int, until_minute: int) -> tuple[time, time] | None:
    """24:00 is midnight; equal ends are only meant for a whole day from midnight to midnight."""
    if hour > 23 or minute > 59 or until_minute > 59 or until_hour * 60 + until_minute > 24 * 60:
        return None
    start, end = time(hour, minute), time(until_hour % 24, until_minute)
    if start == end and until_hour != 24:
        return None
    return start, end


def shown(text: str) -> str:
    """What somebody typed, in quotes and at most 40 characters."""
    return f"“{text}”" if len(text) <= 40 else f"“{text[:39]}…”"


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The most similar known word, or nothing when none is that much alike."""
    return next(iter(get_close_matches(word[:40], list(known), n=1, cutoff=likeness)), "")


@cache
def available_zones() -> frozenset[str]:
    """The IANA names that this machine knows."""
    return frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}


@lru_cache(maxsize=1000)  # a column filled by mistake repeats itself
def nearest_zone(name: str) -> str:
    """ "Berlin" and "europe/berlin" are near Europe/Berlin."""
    wanted = name.casefold().replace(" ", "_")
    by_city = {zone.casefold().rsplit("/", 1)[-1]: zone for zone in sorted(available_zones())}
    by_name = {zone.casefold(): zone for zone in available_zones()}
    found = by_name.get(wanted) or by_city.get(wanted)
    return found or by_name.get(nearest(wanted, by_name, likeness=0.8), "")


@cache
def countries() -> frozenset[str]:
    """The codes of ISO 3166-1, from the table that the tzdata package carries."""
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in table.splitlines() if line and not line.startswith("#"))
