"""The cells of one line of the people file, each read as what its column says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from typing import Literal

from conversations.contacts import small_letters

from .people_known import available_zones, countries, nearest_zone, shown
from .people_row import Fault, PersonRow

__all__ = ["HIGHEST_LEVEL", "Cells", "Fault", "PersonRow"]

LONGEST_CELL = 2000  # characters
LONGEST_NAME = 120
MOST_PLACES = 3
HIGHEST_LEVEL = 1000
STYLE_ANSWERS = 5
YES, NO = ("yes", "true", "1", "x"), ("", "no", "false", "0")

# A dot in the domain, no blank anywhere; whether the address exists only a mail can tell.
EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}@(?:[\w-]+\.)+[\w-]{2,}")
# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
WHOLE = re.compile(r"-?\d{1,6}", re.ASCII)
HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})", re.ASCII)


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
            reviewers=self._emails("reviewers"),
            working_style=self._working_style(),
            guest=self._guest(),
            away_until=self._away_until(),
        )

    def _wrong(self, column: str, problem: str, fix: str) -> None:
        self.errors.append(Fault(self.line, column, problem, fix))

    def _text(self, column: str) -> str:
        """The cell on one line, blanks made single."""
        raw = self._cells.get(column)
        if not raw:
            return ""
        cell = _one_line(raw)
        if cell is not None:
            return cell
        if len(" ".join(raw.split())) > LONGEST_CELL:
            self._wrong(column, f"longer than {LONGEST_CELL:,} characters", "shorten it")
        else:
            self._wrong(column, "holds a control character", "type the cell again")
        return ""

    def _name(self) -> str:
        name = self._text("name")
        if not name:
            self._wrong("name", "empty", "write the person's name")
        if len(name) > LONGEST_NAME:
            self._wrong("name", f"longer than {LONGEST_NAME} characters", "shorten it")
        return name

    def _list(self, column: str) -> tuple[str, ...]:
        return _items(self._text(column)) if self._cells.get(column) else ()

    def _email(self, column: str, required: bool = False) -> str | None:
        cell = self._text(column)
        if cell:
            return self._address(column, cell)
        if required and not self.errors:
            self._wrong(column, "empty", "write the work e-mail address")
        return None

    def _emails(self, column: str) -> tuple[str, ...]:
        if not self._cells.get(column):
            return ()
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
        hours = _hours(cell)
        if hours is None:
            self._wrong("hours", f"{shown(cell)} are no working hours", "write them like 09:00-17:00")
        return hours

    def _working_style(self) -> tuple[int, ...]:
        answers = self._list_with_doubles("working_style")
        if not answers or (
            len(answers) == STYLE_ANSWERS and all(answer in ("1", "2", "3", "4", "5") for answer in answers)
        ):
            return tuple(map(int, answers))
        fix = f"write {STYLE_ANSWERS} whole numbers from 1 to 5, such as 2;4;3;5;1, or leave it empty"
        self._wrong("working_style", f"{shown(';'.join(answers))} is no working style", fix)
        return ()

    def _list_with_doubles(self, column: str) -> tuple[str, ...]:
        cell = self._text(column)
        return tuple(item.strip() for item in cell.split(";")) if cell else ()

    def _guest(self) -> bool:
        cell = self._text("guest")
        if cell.casefold() in YES or cell.casefold() in NO:
            return cell.casefold() in YES
        self._wrong("guest", f"{shown(cell)} is neither yes nor no", "write yes for a guest or an external, else no")
        return False

    def _away_until(self) -> date | None:
        cell = self._text("away_until")
        if not cell:
            return None
        try:
            return date.fromisoformat(cell)
        except ValueError:
            fix = "write the first day back like 2027-03-01"
            self._wrong("away_until", f"{shown(cell)} is no date", fix)
            return None


def forget() -> None:
    """What was remembered of one file holds names and addresses, and nobody needs it after reading."""
    _one_line.cache_clear()
    _items.cache_clear()


# Departments, levels, topics repeat themselves: remembered, 20,000 lines take half the time. Names and addresses
# do not, and each that is remembered takes 300 bytes, so no more are than what repeats itself soon.
@lru_cache(maxsize=2000)
def _one_line(raw: str) -> str | None:
    """The cell with single blanks; None when it is too long or holds a control character."""
    cell = " ".join(raw.split())
    if len(cell) > LONGEST_CELL:
        return None
    if cell.isprintable() or not any(unicodedata.category(letter) == "Cc" for letter in cell):
        return cell
    return None


@lru_cache(maxsize=2000)
def _items(cell: str) -> tuple[str, ...]:
    items = (item.strip() for item in cell.split(";"))
    return tuple(dict.fromkeys(item for item in items if item))


@lru_cache(maxsize=1000)  # most people of a company keep one of a few hours
def _hours(cell: str) -> tuple[time, time] | None:
    """24:00 is midnight; equal ends are only meant for a whole day from midnight to midnight."""
    found = HOURS.fullmatch(cell)
    if found is None:
        return None
    hour, minute, until_hour, until_minute = map(int, found.groups())
    if hour > 23 or minute > 59 or until_minute > 59 or until_hour * 60 + until_minute > 24 * 60:
        return None
    start, end = time(hour, minute), time(until_hour % 24, until_minute)
    if start == end and until_hour != 24:
        return None
    return start, end
