"""What a cell of the people file is held against: zones, countries, and the nearest word that is known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import available_timezones


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
