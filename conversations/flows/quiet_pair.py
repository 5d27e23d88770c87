"""A pair that is quiet for four weeks: the coordinator may write to both, or find them other partners."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from conversations.cadence import calendar_of
from conversations.flow import Flow, Turn
from conversations.people_words import contact_of, say_when
from conversations.program_cards import today_of
from conversations.quiet_pair_cards import (
    Quiet,
    kind_word_card,
    list_card,
    not_quiet_card,
    quiet_card,
    written_card,
)
from conversations.replies import Notice, Planned, Replace, Reply, Say, Tell
from conversations.which_program import which_program
from storage.quiet_pairs import QuietPair
from storage.store import Store
from storage.tables import Person

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
    """One nudge a pair and silence; a session or a date on the way takes it back."""
    rows = store.quiet_pairs.in_running(now.date())
    programs = {program.id: program for _, program in rows}
    readers = {number: store.coordinators.of_program(program) for number, program in programs.items()}
    for one, program in rows:
        tell_on = one.since + one.quiet_after + TELL_AFTER
        reader = readers[program.id] if tell_on <= (now + horizon).date() else None
        if reader is None or tell_on >= program.ends_on - NOT_AT_THE_END:
            continue
        due_at = calendar_of(reader).good_moment(tell_on)
        if due_at < now - CARD_LASTS:
            # Told long ago; whatever fell into an outage is in the list.
            continue
        due_at = due_at if due_at > now else calendar_of(reader).next_open(now)
        if due_at <= now + horizon:
            action = FLOW.to("notice", pair=one.pair.id, since=one.since.isoformat())
            yield Planned(f"quiet/{one.pair.id}/{one.since.isoformat()}", reader.id, due_at, action)


@FLOW.step("notice", clock_only=True)
def notice(turn: Turn, pair: int, since: str) -> Sequence[Reply]:
    """To every coordinator, if the pair is still as quiet."""
    row = turn.store.pairs.get(pair)
    program = turn.store.programs.get(row.program_id)
    found = turn.store.quiet_pairs.of_pairs([pair], today_of(turn)).get(pair)
    if found is None or found.since.isoformat() != since or program.status == "closed" or program.held_since:
        return []
    shown = quiet_card(program, _quiet(turn, found), say_when(turn, today_of(turn)))
    return [
        Tell(
            person.id,
            shown,
            Notice(
                key=f"coordinator_quiet/{pair}/{since}/{person.id}",
                kind="coordinator_quiet",
                delivery="nudge",
                expires_at=turn.now + CARD_LASTS,
                pair=pair,
                program=program.id,
            ),
        )
        for person in turn.store.coordinators.able()
    ]


# What the coordinator does ---------------------------------------------------------------------------------------


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0, page: int = 0) -> Sequence[Reply]:
    """Every pair of a program that is quiet now."""
    found = which_program(turn, program, FLOW.to("show"), "running")
    if isinstance(found, Say):
        return [found]
    quiet = turn.store.quiet_pairs.of_program(found.id, today_of(turn)) if found.status != "closed" else []
    shown = list_card(found, [_quiet(turn, one) for one in quiet], page)
    return [Replace(shown) if page else Say(shown)]


@FLOW.step("write", coordinators_only=True)
def write(turn: Turn, pair: int) -> Sequence[Reply]:
    """A ready text to both, as the coordinator's own deed: once a silence."""
    one = _still_quiet(turn, pair)
    program = turn.store.programs.get(turn.store.quiet_pairs.required(pair).program_id)
    if one is None or program.status == "closed":
        return [Replace(not_quiet_card(program))]
    turn.store.audit.add(turn.now, turn.person, "wrote to a quiet pair", program.id, {"pair": pair})
    quiet = _quiet(turn, one)
    return [
        Replace(written_card(program, quiet)),
        _kind_word(turn, one, quiet.mentor, quiet.mentee),
        _kind_word(turn, one, quiet.mentee, quiet.mentor),
    ]


def _kind_word(turn: Turn, one: QuietPair, person: Person, partner: Person) -> Tell:
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


def _still_quiet(turn: Turn, pair: int) -> QuietPair | None:
    today = today_of(turn)
    quiet = turn.store.quiet_pairs.of_program(turn.store.quiet_pairs.required(pair).program_id, today)
    return next((one for one in quiet if one.pair.id == pair), None)


def _quiet(turn: Turn, one: QuietPair) -> Quiet:
    people = turn.store.people.by_ids((one.pair.mentor_id, one.pair.mentee_id))
    weeks = (today_of(turn) - one.since).days // 7
    return Quiet(one.pair, people[one.pair.mentor_id], people[one.pair.mentee_id], weeks)
