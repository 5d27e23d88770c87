"""The pairs of a rules file held against the people of the file: whom they name, and whether they can be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date, timedelta
from itertools import chain

from conversations.people_file import PersonRow
from conversations.people_known import shown

from .candidates import Rules
from .pool import same
from .rules_chosen import Pair, PastPair, RuleFault, RulesFile

# A month of a window; nobody counts the days of "twelve months ago".
MONTH = timedelta(days=30.44)


def past_within(pairs: Iterable[PastPair], months: int | None, day: date) -> frozenset[Pair]:
    """The past pairs that are not paired again on that day: all, or the last months' and those without a date."""
    since = date.min if months is None else day - months * MONTH
    return frozenset((mentor, mentee) for mentor, mentee, ended in pairs if ended is None or ended >= since)


def rules_file_faults(chosen: RulesFile, rows: Sequence[PersonRow], *, complete: bool) -> Iterator[RuleFault]:
    """Locked pairs that cannot be kept. `complete`: no row was left out, so whoever is missing is not in the file."""
    role = {row.email: row.role for row in rows}
    places = {row.email: 1 if row.capacity is None else row.capacity for row in rows}
    for pair in sorted(chosen.locked):
        if complete and (role.get(pair[0]), role.get(pair[1])) != ("mentor", "mentee"):
            fix = "both must be in the people file, the mentor of the pair first; correct the pair or take it out"
            yield RuleFault("locked", _shown(pair), fix)
        if pair in chosen.forbidden:
            yield RuleFault("locked", _shown(pair), "the same pair is under forbidden; take one of them out")
    for mentor, count in sorted(Counter(mentor for mentor, _ in chosen.locked).items()):
        if count > places.get(mentor, count):
            fix = (
                f"{count} pairs are locked, but this mentor offers {places[mentor]}; raise the capacity or take one out"
            )
            yield RuleFault("locked", mentor, fix)
    for mentee, count in sorted(Counter(mentee for _, mentee in chosen.locked).items()):
        if count > 1:
            yield RuleFault("locked", mentee, f"a mentee has one mentor, but {count} pairs are locked; keep one")


def rules_file_warnings(chosen: RulesFile, rows: Sequence[PersonRow]) -> Iterator[RuleFault]:
    """People whom the rules file names and the people file does not: a slip of the pen would lift a rule."""
    known = {row.email for row in rows}
    for key, pairs in (("forbidden", chosen.forbidden), ("standing", chosen.standing)):
        for pair in sorted(pairs):
            if not known.issuperset(pair):
                yield RuleFault(key, _shown(pair), "one of them is not in the people file; correct the address")
    gone = sum(1 for mentor, mentee, _ in chosen.past_pairs if not known.issuperset((mentor, mentee)))
    if gone:
        which = "1 pair names" if gone == 1 else f"{gone} pairs name"
        yield RuleFault("past_pairs", "", f"{which} somebody who is not in the people file; nothing to do if they left")
    for mentor, others in sorted(chosen.reviewers.items()):
        for other in sorted({mentor, *others} - known):
            yield RuleFault("reviewers", other, "not in the people file; correct the address")
    yield from _departments(chosen.rules, {same(row.department) for row in rows})


def _departments(rules: Rules, known: Set[str]) -> Iterator[RuleFault]:
    """Departments that nobody is in: a slip of the pen would leave people out, or lift a rule."""
    for key, named in (
        ("departments", rules.departments),
        ("excluded_department_pairs", chain.from_iterable(rules.excluded_department_pairs)),
        ("allowed_department_pairs", chain.from_iterable(rules.allowed_department_pairs)),
    ):
        for name in sorted(set(named)):
            if same(name) not in known:
                fix = f"nobody in the people file is in the department {shown(name)}; correct the name"
                yield RuleFault(f"rules.{key}", "", fix)


def _shown(pair: Pair) -> str:
    return f"[{pair[0]}, {pair[1]}]"
