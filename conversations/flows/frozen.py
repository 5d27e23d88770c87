"""The conflict firewall, every night and after each import: a pair in a conflict rests until a coordinator decides."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from conversations.cards import Text
from conversations.events import Pressed, Submitted
from conversations.firewall import Checked, checked, checked_pairs
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.frozen_cards import (
    Frozen,
    all_clear_card,
    conflict_card,
    ended_words,
    keep_form,
    kept_words,
    rematched_words,
    thawed_card,
)
from conversations.introducing_anew import introduced_anew
from conversations.parting_days import note_day
from conversations.parting_pairs import part
from conversations.people_words import say_when, today_of, told_apart
from conversations.replies import Ask, Correct, Notice, Planned, Replace, Reply, Say, Tell
from conversations.which_program import which_program
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Pair, Person, Program

FLOW = Flow("frozen")
FLOW.command("program conflicts", "show", "See pairs in a conflict", coordinators_only=True, also="conflicts")

# UTC. Half an hour after the roster file is read.
NIGHTLY_AT = time(2, 30)
# A pair that a coordinator made by hand against a rule is met by its first check within this time.
JUST_MADE = timedelta(days=2)
# After so long the list tells it (`program conflicts`).
CARD_LASTS = timedelta(days=14)


# The clock ---------------------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """One check a night. A nudge has a person, so a coordinator stands for it."""
    able = store.coordinators.able()
    if able and store.programs.with_status("open", "running"):
        tonight = datetime.combine(now.date(), NIGHTLY_AT, UTC)
        tonight += timedelta(days=1) if now >= tonight else timedelta()
        if tonight <= now + horizon:
            yield Planned(f"firewall/{tonight.date()}", able[0].id, tonight, FLOW.to("check"))


@FLOW.step("check", clock_only=True)
def check(turn: Turn) -> list[Reply]:
    """Every active pair against the roster of today."""
    new: defaultdict[int, list[Checked]] = defaultdict(list)
    clear: defaultdict[int, list[Checked]] = defaultdict(list)
    for one in checked_pairs(turn.store):
        rule = _new_conflict(turn, one)
        if rule and one.pair.frozen_at is None:
            turn.store.frozen_pairs.freeze(one.pair, rule, turn.now)
            new[one.program.id].append(one)
        elif rule:
            one.pair.frozen_by_rule = rule
        elif one.pair.frozen_at is not None:
            clear[one.program.id].append(one)
    programs = {one.program.id: one.program for rows in (*new.values(), *clear.values()) for one in rows}
    replies = [reply for rows in clear.values() for one in rows for reply in _goes_on(turn, one.pair, one.program)]
    for number, program in programs.items():
        replies += _told(turn, program, new[number], clear[number])
    return replies


def _new_conflict(turn: Turn, one: Checked) -> str:
    """The first rule that the pair breaks and that no coordinator has set aside for it."""
    kept = {rule for rule, _ in one.pair.kept_despite}
    rules = [str(rule) for rule in one.broken if rule not in kept]
    just_made = turn.now - one.pair.created_at < JUST_MADE
    if rules and just_made and (note := turn.store.frozen_pairs.made_by_hand(one.pair)):
        one.pair.kept_despite = [*one.pair.kept_despite, *([rule, note] for rule in rules)]
        return ""
    return rules[0] if rules else ""


def _goes_on(turn: Turn, pair: Pair, program: Program) -> Sequence[Reply]:
    since = (pair.frozen_at or turn.now).date()
    turn.store.frozen_pairs.thaw(pair, turn.now.date())
    return introduced_anew(turn, pair, program, since)


def _told(turn: Turn, program: Program, new: Sequence[Checked], clear: Sequence[Checked]) -> Iterable[Reply]:
    """At once, to every coordinator who is not one of the two; a pair has to be decided about by somebody."""
    everybody = turn.store.coordinators.able()
    for person in everybody:
        theirs = [one for one in new if _may_decide(one.pair, person, everybody)]
        if theirs:
            shown = conflict_card(program, _frozen(turn, [one.pair for one in theirs]), _note_day(turn))
            yield Tell(person.id, shown, _notice(turn, program, person, "conflict"))
        again = [one for one in clear if _may_decide(one.pair, person, everybody)]
        if again:
            names = [f"{row.mentor} and {row.mentee}" for row in _frozen(turn, [one.pair for one in again])]
            yield Tell(person.id, thawed_card(program, names), _notice(turn, program, person, "clear"))


def _may_decide(pair: Pair, person: Person, everybody: Sequence[Person]) -> bool:
    sides = (pair.mentor_id, pair.mentee_id)
    return person.id not in sides or all(one.id in sides for one in everybody)


def _notice(turn: Turn, program: Program, person: Person, what: str) -> Notice:
    return Notice(
        key=f"firewall/{what}/{program.id}/{turn.now:%Y-%m-%dT%H:%M:%S}/{person.id}",
        kind="coordinator_conflict",
        expires_at=turn.now + CARD_LASTS,
    )


# The coordinator ---------------------------------------------------------------------------------------------------


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0) -> list[Reply]:
    found = which_program(turn, program, FLOW.to("show"), "open", "running")
    return [found] if isinstance(found, Say) else [_list(turn, found)]


@FLOW.step("rematch", coordinators_only=True)
def rematch(turn: Turn, pair: int) -> list[Reply]:
    return _end(turn, pair, search=True)


@FLOW.step("end", coordinators_only=True)
def end(turn: Turn, pair: int) -> list[Reply]:
    return _end(turn, pair, search=False)


def _end(turn: Turn, pair: int, *, search: bool) -> list[Reply]:
    found, program = _waiting(turn, pair)
    if found is None:
        return [_list(turn, program)]
    (row,) = _frozen(turn, [found])
    part(turn.store, found, None, turn.now)
    found.no_search = not search
    what = "conflict re-matched" if search else "conflict ended"
    turn.store.audit.add(turn.now, turn.person, what, program.id, {"pair": pair, "rule": row.rules[0]})
    day = say_when(turn, found.tell_on or today_of(turn))
    return [_list(turn, program, rematched_words(row, day) if search else ended_words(row, day))]


@FLOW.step("keep", coordinators_only=True)
def keep(turn: Turn, pair: int) -> list[Reply]:
    """The reason is asked first: nothing changes without one."""
    found, program = _waiting(turn, pair)
    if found is None:
        return [_list(turn, program)]
    (row,) = _frozen(turn, [found])
    return [Ask(keep_form(row))]


@FLOW.step("kept", coordinators_only=True)
def kept(turn: Turn, pair: int) -> list[Reply]:
    found, program = _waiting(turn, pair)
    if found is None:
        return [_list(turn, program)]
    (row,) = _frozen(turn, [found])
    form = keep_form(row)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    found.kept_despite = [*found.kept_despite, *([rule, answers.text("note")] for rule in row.rules)]
    turn.store.audit.add(turn.now, turn.person, "conflict set aside", program.id, {"pair": pair, "rule": row.rules[0]})
    introductions = _goes_on(turn, found, program)
    return [_list(turn, program, kept_words(row)), *introductions]


def _waiting(turn: Turn, pair: int) -> tuple[Pair | None, Program]:
    """The pair, while it waits. Raises NotYours for a coordinator who is one of the two and not the only one."""
    found = turn.store.frozen_pairs.required(pair)
    if not _may_decide(found, turn.person, turn.store.coordinators.able()):
        raise NotYours
    program = turn.store.programs.get(found.program_id)
    open_now = found.status == "active" and found.frozen_at is not None and program.status != "closed"
    return (found if open_now else None), program


def _list(turn: Turn, program: Program, done: Text | None = None) -> Say | Replace:
    """What waits in this program, and what was decided just now."""
    everybody = turn.store.coordinators.able()
    pairs = [one for one in turn.store.frozen_pairs.of_program(program.id) if _may_decide(one, turn.person, everybody)]
    rows = _frozen(turn, pairs) if program.status != "closed" else []
    shown = conflict_card(program, rows, _note_day(turn), done=done) if rows else all_clear_card(program, done)
    return Replace(shown) if isinstance(turn.event, Pressed | Submitted) else Say(shown)


def _note_day(turn: Turn) -> str:
    return say_when(turn, note_day(today_of(turn)))


def _frozen(turn: Turn, pairs: Sequence[Pair]) -> list[Frozen]:
    """With every rule that a pair breaks by now: whoever keeps it sets all of them aside."""
    names: Mapping[int, str] = told_apart(
        turn.store.people.by_ids(side for pair in pairs for side in (pair.mentor_id, pair.mentee_id)).values()
    )
    rows = checked(turn.store, [(pair, turn.store.programs.get(pair.program_id)) for pair in pairs])
    return [
        Frozen(one.pair, names[one.pair.mentor_id], names[one.pair.mentee_id], _rules(one.pair, one.broken))
        for one in rows
    ]


def _rules(pair: Pair, broken: Sequence[str]) -> tuple[str, ...]:
    kept = {rule for rule, _ in pair.kept_despite}
    return tuple(dict.fromkeys((pair.frozen_by_rule, *(str(rule) for rule in broken if rule not in kept))))
