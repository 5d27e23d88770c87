"""A pair that is quiet for four weeks: the coordinator may write to both, or find them other partners."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from conversations.cadence import Calendar, calendar_of
from conversations.flow import Flow, Turn
from conversations.people_words import contact_of, say_when, today_of
from conversations.quiet_pair_cards import (
    Quiet,
    kind_word_card,
    list_card,
    not_quiet_card,
    quiet_card,
    quiet_pairs_card,
    written_card,
)
from conversations.replies import Notice, Planned, Replace, Reply, Say, Tell
from conversations.which_program import which_program
from storage.quiet_pairs import QuietPair, Silence
from storage.store import Store
from storage.tables import Pair, Person, Program

FLOW = Flow("quiet_pair")
FLOW.command("program quiet", "show", "See pairs that have gone quiet", coordinators_only=True, also="quiet pairs")

# A week and a day after the pair is called quiet: four weeks, as a rule, and a check-in has asked by then.
TELL_AFTER = timedelta(days=8)
# New partners, or a word, are of little use when the program is nearly over.
NOT_AT_THE_END = timedelta(days=14)
# A coordinator who is away for a week finds the pair in the list.
CARD_LASTS = timedelta(days=7)
KIND_WORD_LASTS = timedelta(days=7)


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """One nudge a morning, for all the pairs that have been quiet for long enough by then; a session or a date on the
    way takes a pair out of it."""
    mornings: dict[date, Person] = {}
    for day, _, program in _due(store, now.date()):
        reader = store.coordinators.of_program(program) if day <= (now + horizon).date() else None
        if reader is not None:
            mornings.setdefault(day, reader)
    for day, reader in mornings.items():
        due_at = calendar_of(reader).good_moment(day)
        if now <= due_at <= now + horizon:
            yield Planned(f"quiet/{day}", reader.id, due_at, FLOW.to("morning", day=day.isoformat()))


def _due(store: Store, today: date) -> Iterator[tuple[date, Silence, Program]]:
    """Every pair with the working day on which its silence is told; not when the program is nearly over."""
    calendars: dict[int, Calendar | None] = {}
    for one, program in store.quiet_pairs.in_running(today):
        tell_on = one.since + one.quiet_after + TELL_AFTER
        if tell_on >= program.ends_on - NOT_AT_THE_END:
            continue
        if program.id not in calendars:
            reader = store.coordinators.of_program(program)
            calendars[program.id] = calendar_of(reader) if reader else None
        calendar = calendars[program.id]
        if calendar is not None:
            yield calendar.next_open_day(tell_on), one, program


@FLOW.step("morning", clock_only=True)
def morning(turn: Turn, day: str) -> Sequence[Reply]:
    """One card to every coordinator, about all pairs of that day that are still as quiet, but for their own."""
    on = date.fromisoformat(day)
    rows = [(one, program) for due_on, one, program in _due(turn.store, today_of(turn)) if due_on == on]
    if not rows:
        return []
    found = turn.store.quiet_pairs.of_pairs([one.pair for one, _ in rows], today_of(turn))
    pairs = [_quiet(turn, found[one.pair], program) for one, program in rows]
    return [
        Tell(
            person.id,
            quiet_card(theirs[0].program, theirs[0], say_when(turn, on))
            if len(theirs) == 1
            else quiet_pairs_card(theirs),
            Notice(
                key=f"coordinator_quiet/{day}/{person.id}",
                kind="coordinator_quiet",
                delivery="nudge",
                expires_at=turn.now + CARD_LASTS,
            ),
        )
        for person in turn.store.coordinators.able()
        # The two of a pair are told nothing of its card.
        if (theirs := [one for one in pairs if person.id not in (one.mentor.id, one.mentee.id)])
    ]


@FLOW.step("notice", clock_only=True)
def notice(turn: Turn, pair: int, since: str) -> Sequence[Reply]:
    """Planned by an earlier version, one for each pair: they all lead to the one card of the day."""
    found = turn.store.quiet_pairs.of_pairs([pair], today_of(turn)).get(pair)
    return morning(turn, str(today_of(turn))) if found and found.since.isoformat() == since else []


# What the coordinator does ---------------------------------------------------------------------------------------


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0, page: int = 0) -> Sequence[Reply]:
    """Every pair of a program that is quiet now."""
    found = which_program(turn, program, FLOW.to("show"), "running")
    if isinstance(found, Say):
        return [found]
    quiet = turn.store.quiet_pairs.of_program(found.id, today_of(turn)) if found.status != "closed" else []
    shown = list_card(found, [_quiet(turn, one, found) for one in quiet], page)
    return [Replace(shown) if page else Say(shown)]


@FLOW.step("write", coordinators_only=True)
def write(turn: Turn, pair: int, several: int = 0) -> Sequence[Reply]:
    """A ready text to both, as the coordinator's own deed: once a silence."""
    one = _still_quiet(turn, pair)
    program = turn.store.programs.get(turn.store.quiet_pairs.required(pair).program_id)
    if one is None or program.status == "closed":
        settled = not_quiet_card(program)
        return [Say(settled) if several else Replace(settled)]
    turn.store.audit.add(turn.now, turn.person, "wrote to a quiet pair", program.id, {"pair": pair})
    quiet = _quiet(turn, one, program)
    written = written_card(program, quiet)
    return [
        Say(written) if several else Replace(written),
        _kind_word(turn, one, quiet.mentor, quiet.mentee),
        _kind_word(turn, one, quiet.mentee, quiet.mentor),
    ]


def _kind_word(turn: Turn, one: QuietPair[Pair], person: Person, partner: Person) -> Tell:
    program = turn.store.programs.get(one.pair.program_id)
    author, contact = contact_of(turn.store, turn.person), contact_of(turn.store, partner)
    told = Notice(
        key=f"from_coordinator/{one.pair.id}/{one.since.isoformat()}/{person.id}",
        kind="from_coordinator",
        delivery="nudge",
        expires_at=calendar_of(person).at(today_of(turn) + KIND_WORD_LASTS, time(17)),
        pair=one.pair.id,
        program=program.id,
    )
    return Tell(person.id, kind_word_card(program, one.pair, author, partner, contact), told)


def _still_quiet(turn: Turn, pair: int) -> QuietPair[Pair] | None:
    today = today_of(turn)
    quiet = turn.store.quiet_pairs.of_program(turn.store.quiet_pairs.required(pair).program_id, today)
    return next((one for one in quiet if one.pair.id == pair), None)


def _quiet(turn: Turn, one: QuietPair[Pair], program: Program) -> Quiet:
    people = turn.store.people.by_ids((one.pair.mentor_id, one.pair.mentee_id))
    weeks = (today_of(turn) - one.since).days // 7
    return Quiet(one.pair, people[one.pair.mentor_id], people[one.pair.mentee_id], weeks, program)
