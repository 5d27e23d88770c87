"""The rules file of `flipside match`: rules, weights and known pairs as YAML, with every fault told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import yaml

from conversations.contacts import small_letters
from conversations.people_known import nearest, shown

from .candidates import Rules, Weights
from .rule_values import (
    RULES,
    WEIGHTS,
    NotAllowed,
    read_preset,
    read_rule,
    read_weight,
    rules_with,
    weights_with,
)
from .rules_chosen import Pair, PastPair, RuleFault, RulesFile

LARGEST_FILE = 4 * 1024 * 1024  # bytes; 50,000 past pairs need about 3 MB
MOST_TOLD = 20  # faults that are told of one file

T = TypeVar("T")

SECTIONS = ("rules", "preset", "weights", "past_pairs", "locked", "forbidden", "standing", "reviewers")
PAIR = "write a list of pairs, the mentor's e-mail first, such as [[mina@larkspur.example, olu@larkspur.example]]"
PAST = "write a list of pairs of e-mails, each with the day it ended where known: [[mina@…, olu@…, 2026-06-30]]"
REVIEWERS = "write each mentor's e-mail and a list of those who review their work: mina@larkspur.example: [wim@…]"


def read_rules_file(data: bytes | str) -> RulesFile:
    """Whatever the content, it answers with faults and never raises. An empty file leaves all as it is."""
    read = _parsed(data)
    if isinstance(read, RuleFault):
        return RulesFile(faults=(read,))
    faults = [_unknown(str(key), SECTIONS, "") for key in read if key not in SECTIONS]
    rules = _values(read.get("rules"), "rules", tuple(RULES), read_rule, faults)
    weights = _values(read.get("weights"), "weights", tuple(WEIGHTS), read_weight, faults)
    preset = _one("preset", read.get("preset"), read_preset, Weights(), faults)
    found = RulesFile(
        rules=rules_with(Rules(), rules),
        weights=weights_with(preset, weights),
        past_pairs=_one("past_pairs", read.get("past_pairs"), _past_pairs, (), faults),
        locked=_one("locked", read.get("locked"), _pairs, frozenset(), faults),
        forbidden=_one("forbidden", read.get("forbidden"), _pairs, frozenset(), faults),
        standing=_one("standing", read.get("standing"), _pairs, frozenset(), faults),
        reviewers=_one("reviewers", read.get("reviewers"), _reviewers, {}, faults),
    )
    return RulesFile(faults=tuple(faults[:MOST_TOLD])) if faults else found


class _Loader(yaml.SafeLoader):
    """YAML without repeated keys, since the first would be lost, and without aliases, which can grow without end."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        count = Counter(key.value for key, _ in node.value if isinstance(key.value, str))
        double = [key for key, times in count.items() if times > 1]
        if double:
            raise yaml.YAMLError(f"the key {shown(double[0])} is there twice")
        return super().construct_mapping(node, deep)


def _parsed(data: bytes | str) -> Mapping[Any, Any] | RuleFault:
    what = "the rules file"
    if len(data) > LARGEST_FILE:
        return RuleFault(what, "", f"it is larger than {LARGEST_FILE // 1024 // 1024} MB; keep only pairs that matter")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        read = yaml.load(text, _Loader)  # a safe loader
    except UnicodeDecodeError:
        return RuleFault(what, "", "it is not UTF-8; save it as UTF-8")
    except RecursionError:
        return RuleFault(what, "", "its lists are nested too deeply; write it as docs/matching.md shows")
    except (yaml.YAMLError, ValueError) as fault:
        return RuleFault(what, "", f"it is no YAML ({_where(fault)}); write it as docs/matching.md shows")
    if read is None:
        return {}
    if not isinstance(read, dict):
        return RuleFault(what, "", f"it must be a list of keys with values; the keys are {', '.join(SECTIONS)}")
    return read


def _where(fault: Exception) -> str:
    mark = getattr(fault, "problem_mark", None)
    problem = getattr(fault, "problem", None) or str(fault).splitlines()[0]
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)


def _values(
    section: object, name: str, known: tuple[str, ...], read: Callable[[str, object], Any], faults: list[RuleFault]
) -> dict[str, Any]:
    if section is None:
        return {}
    if not isinstance(section, dict):
        faults.append(RuleFault(name, _shown(section), f"write keys with values; the keys are {', '.join(known)}"))
        return {}
    values: dict[str, Any] = {}
    for key, value in section.items():
        if key not in known:
            faults.append(_unknown(str(key), known, f"{name}."))
            continue
        try:
            values[key] = read(key, value)
        except NotAllowed as fault:
            faults.append(RuleFault(f"{name}.{key}", _shown(value), str(fault)))
    return values


def _one(key: str, value: object, read: Callable[[object], T], default: T, faults: list[RuleFault]) -> T:
    if value is None:
        return default
    try:
        return read(value)
    except NotAllowed as fault:
        faults.append(RuleFault(key, _shown(value), str(fault)))
        return default


def _unknown(key: str, known: tuple[str, ...], before: str) -> RuleFault:
    similar = nearest(key, known)
    fix = f"did you mean {similar}? " if similar else ""
    return RuleFault(f"{before}{key[:40]}", "", f"there is no such key; {fix}The keys are {', '.join(known)}")


def _pairs(value: object) -> frozenset[Pair]:
    if not isinstance(value, list):
        raise NotAllowed(PAIR)
    return frozenset(_pair(entry, PAIR) for entry in value)


def _pair(entry: object, allowed: str) -> Pair:
    if not isinstance(entry, list) or len(entry) != 2:
        raise NotAllowed(_at(entry, allowed))
    return _email(entry[0], entry, allowed), _email(entry[1], entry, allowed)


def _past_pairs(value: object) -> tuple[PastPair, ...]:
    if not isinstance(value, list):
        raise NotAllowed(PAST)
    return tuple(_past_pair(entry) for entry in value)


def _past_pair(entry: object) -> PastPair:
    if not isinstance(entry, list) or len(entry) not in (2, 3):
        raise NotAllowed(_at(entry, PAST))
    ended = entry[2] if len(entry) == 3 else None
    if ended is not None and type(ended) is not date:  # a datetime is a date to Python
        raise NotAllowed(_at(entry, PAST))
    return (*_pair(entry[:2], PAST), ended)


def _reviewers(value: object) -> Mapping[str, frozenset[str]]:
    if not isinstance(value, dict):
        raise NotAllowed(REVIEWERS)
    found: dict[str, frozenset[str]] = {}
    for mentor, others in value.items():
        if not isinstance(others, list):
            raise NotAllowed(_at(mentor, REVIEWERS))
        found[_email(mentor, mentor, REVIEWERS)] = frozenset(_email(other, other, REVIEWERS) for other in others)
    return found


def _email(value: object, entry: object, allowed: str) -> str:
    if not isinstance(value, str) or "@" not in value:
        raise NotAllowed(_at(entry, allowed))
    return small_letters(value.strip())


def _at(entry: object, allowed: str) -> str:
    return f"at {_shown(entry)}: {allowed}"


def _shown(value: object) -> str:
    match value:
        case None:
            return "an empty value"
        case bool():
            return "“true”" if value else "“false”"
        case list():
            return shown(f"[{', '.join(str(item) for item in value[:8])}{', …' if len(value) > 8 else ''}]")
        case dict():
            return shown(f"{{{', '.join(str(key) for key in list(value)[:8])}}}")
        case _:
            return shown(str(value))
