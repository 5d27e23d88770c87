"""Content files as they lie in a folder: read, and every fault in words that name the file and the entry."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

# The one in C reads our files in 40 ms, the one in Python in 300; not every platform has it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentFault(Exception):
    """A content file that cannot be used; says which file, where and why."""


def read(path: Path) -> Mapping[str, Any]:
    """A YAML file of named entries. Raises ContentFault."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError):
        raise ContentFault(f"{path.name} cannot be read as UTF-8 text") from None
    except yaml.YAMLError as fault:
        raise ContentFault(f"{path.name} is not valid YAML: {_where(fault)}") from None
    if not isinstance(found, dict):
        raise ContentFault(f"{path.name} should hold named entries, one below the other")
    return found


def rows(path: Path, name: str) -> Sequence[Mapping[str, Any]]:
    """A list of entries with named parts, such as the topics."""
    found = read(path).get(name)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ContentFault(f"{path.name}: “{name}” should be a list of entries")
    return found


def words(path: Path, row: Mapping[str, Any], part: str, most: int = 500) -> str:
    """One part of an entry: text that is there and not too long."""
    found = row.get(part)
    if not isinstance(found, str) or not found.strip():
        raise ContentFault(f"{path.name}: the entry “{_named(row)}” has no text for “{part}”")
    if len(found) > most:
        raise ContentFault(f"{path.name}: “{part}” of the entry “{_named(row)}” is longer than {most} characters")
    return found.strip()


def several(path: Path, row: Mapping[str, Any], part: str) -> tuple[str, ...]:
    """One part of an entry that is a list of texts."""
    found = row.get(part)
    if not isinstance(found, list) or not found or not all(isinstance(each, str) and each.strip() for each in found):
        raise ContentFault(f"{path.name}: “{part}” of the entry “{_named(row)}” should be a list of texts")
    return tuple(each.strip() for each in found)


def texts(path: Path) -> Mapping[str, str]:
    """Texts by dotted key, such as `introduction.mentor`."""
    return dict(_flat(path, "", read(path)))


def _flat(path: Path, prefix: str, tree: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        key = f"{prefix}{name}"
        match value:
            case dict():
                yield from _flat(path, f"{key}.", value)
            case str() if value.strip():
                yield key, value.strip()
            case _:
                # YAML makes a list, a number or a yes of what has no quotes.
                raise ContentFault(f"{path.name}: {key} should be a text; put it in quotes")


def _named(row: Mapping[str, Any]) -> str:
    return str(row.get("id") or row.get("title") or "without a title")


def _where(fault: yaml.YAMLError) -> str:
    if isinstance(fault, yaml.MarkedYAMLError) and fault.problem_mark:
        return f"line {fault.problem_mark.line + 1}, {fault.problem or 'it cannot be read'}"
    return "it holds characters that YAML does not know"
