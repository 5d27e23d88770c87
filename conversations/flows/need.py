"""I need help: what kind, who will read it, and only then is it sent. One coordinator takes each request."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from conversations.cadence import calendar_of
from conversations.cards import Card
from conversations.flow import BadArguments, Flow, Turn
from conversations.forms import Form, read
from conversations.need_cards import (
    KINDS,
    NOT_ABOUT_A_PAIR,
    help_form,
    kinds_card,
    nobody_card,
    outside_card,
    request_card,
    sent_card,
    serious_card,
    settled_card,
    taken_card,
    taker_card,
    talk_card,
    waiting_card,
)
from conversations.need_readers import (
    RINGS,
    as_shown,
    card_key,
    contacts_of,
    coordinators_now,
    coordinators_of,
    may_read,
    next_ring,
    only_pair,
    pairs_of,
    programs_of,
    readers_of,
)
from conversations.people_words import contact_of, first_name
from conversations.replies import Ask, Correct, Notice, Planned, Replace, Reply, Say, Tell, Update
from storage.store import Store
from storage.subject import NotYours
from storage.tables import HelpRequest, Pair, Person

FLOW = Flow("need")
FLOW.command(
    "need help", "start", "Get help from a person", also="i need help, i need some help, i need somebody, support, sos"
)

LASTS = timedelta(days=14)
RINGS_AGAIN_AFTER = 2  # working days (issue B)


# What kind --------------------------------------------------------------------------------------------------------


@FLOW.step("start")
def start(turn: Turn, pair: int = 0) -> list[Reply]:
    if pair:
        turn.store.pairs.required(turn.person, pair)
    return [Say(kinds_card(pair) if programs_of(turn) else _outside(turn))]


def _outside(turn: Turn) -> Card:
    """Also for somebody whose program has ended since the card was sent."""
    return outside_card(contacts_of(turn, turn.store.coordinators.able()))


@FLOW.step("talk")
def talk(turn: Turn, pair: int = 0) -> list[Reply]:
    return [Say(talk_card(pair))]


@FLOW.step("serious")
def serious(turn: Turn, pair: int = 0) -> list[Reply]:
    """Shows whom to turn to, outside both reporting lines. Sends nothing and stores nothing."""
    meant = [turn.store.programs.get(turn.store.pairs.required(turn.person, pair).program_id)] if pair else []
    programs = [one for one in meant if one.contact_name] or programs_of(turn)
    contacts = dict.fromkeys((one.contact_name, one.contact_reach) for one in programs if one.contact_name)
    return [Say(serious_card(turn.content, list(contacts)))]


# Who reads it, and sending ----------------------------------------------------------------------------------------


@FLOW.step("about")
def about(turn: Turn, kind: str, pair: int = 0, again: int = 0) -> list[Reply]:
    """The form says who will read it. Whoever asked before hears how far it is first."""
    if kind not in KINDS:
        raise BadArguments("kind")
    if not programs_of(turn):
        return [Say(_outside(turn))]
    readers = readers_of(turn, kind)
    if not readers:
        return [Say(nobody_card(coordinators_of(turn, kind)))]
    before = turn.store.help_requests.open_of(turn.person, kind)
    if before is not None and not again:
        return [Say(waiting_card(as_shown(turn, before), FLOW.to("about", kind=kind, pair=pair, again=1)))]
    return [Ask(_form(turn, kind, pair, readers))]


@FLOW.step("send")
def send(turn: Turn, kind: str, pair: int = 0) -> Sequence[Reply]:
    if kind not in KINDS:
        raise BadArguments("kind")
    if not programs_of(turn):
        return [Replace(_outside(turn))]
    readers = readers_of(turn, kind)
    if not readers:
        return [Replace(nobody_card(coordinators_of(turn, kind)))]
    form = _form(turn, kind, pair, readers)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    words, which = answers.text("words"), answers.text("which") if not pair else str(pair)
    meant = turn.store.pairs.required(turn.person, int(which)) if which not in ("", NOT_ABOUT_A_PAIR) else None
    before = turn.store.help_requests.open_of(turn.person, kind)
    if before is not None and before.words == words and before.taken_by is None:
        # The same again is one request: people press twice.
        return [Replace(sent_card(readers))]
    row = _stored(turn, kind, meant or only_pair(turn), words)
    return [Replace(sent_card(readers)), *_told(turn, row, readers), _rings_again(turn, row, readers)]


def _form(turn: Turn, kind: str, pair: int, readers: Sequence[Person]) -> Form:
    if pair:
        turn.store.pairs.required(turn.person, pair)
    pairs = [(each, turn.store.pairs.partner_of(turn.person, each.id)) for each in pairs_of(turn)]
    return help_form(kind, pair, readers, pairs)


def _stored(turn: Turn, kind: str, pair: Pair | None, words: str) -> HelpRequest:
    program = turn.store.programs.get(pair.program_id) if pair else programs_of(turn)[0]
    return turn.store.help_requests.add(
        HelpRequest(
            program_id=program.id,
            person_id=turn.person.id,
            pair_id=pair.id if pair else None,
            kind=kind,
            words=words,
            created_at=turn.now,
        )
    )


def _told(turn: Turn, row: HelpRequest, readers: Iterable[Person], again: int = 0) -> Iterable[Reply]:
    shown = request_card(as_shown(turn, row), again)
    for reader in readers:
        notice = Notice(
            key=card_key(row, reader, again),
            kind="coordinator_help",
            expires_at=turn.now + LASTS,
            program=row.program_id,
        )
        yield Tell(reader.id, shown, notice)


def _rings_again(turn: Turn, row: HelpRequest, readers: Sequence[Person]) -> Planned:
    calendar = calendar_of(readers[0])
    first = calendar.today(turn.now) + timedelta(days=1)
    days = [*calendar.open_days(first, first + timedelta(days=30))][:RINGS_AGAIN_AFTER]
    day = days[-1] if days else first
    return Planned(f"help/{row.id}/again", row.person_id, calendar.good_moment(day), FLOW.to("ring", request=row.id))


@FLOW.step("ring", clock_only=True)
def ring(turn: Turn, request: int) -> Sequence[Reply]:
    """To all of them once more, when nobody took it; to whoever asked, when nobody is left to take it."""
    row = turn.store.help_requests.required(request)
    if row.taken_by or row.done_at or row.rang_at or turn.person.gone_since or not programs_of(turn):
        return []
    row.rang_at = turn.now
    if readers := readers_of(turn, row.kind):
        return [*_told(turn, row, readers, again=1)]
    notice = Notice(key=f"help/{row.id}/nobody", kind="answer", expires_at=turn.now + LASTS, program=row.program_id)
    return [Tell(turn.person.id, nobody_card(coordinators_of(turn, row.kind)), notice)]


# Whoever took it has left ------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, _horizon: timedelta) -> Iterable[Planned]:
    """A request whose coordinator is one no more, or left the company, is nobody's again."""
    taken = store.help_requests.taken()
    there = coordinators_now(store) if taken else set()
    for row in taken:
        if row.taken_by not in there:
            action = FLOW.to("dropped", request=row.id)
            yield Planned(f"help/{row.id}/dropped/{row.taken_by}", row.person_id, now, action)


@FLOW.step("dropped", clock_only=True)
def dropped(turn: Turn, request: int) -> Sequence[Reply]:
    """It rings once more with everybody else."""
    row = turn.store.help_requests.required(request)
    if row.done_at or row.taken_by is None or row.taken_by in coordinators_now(turn.store):
        return []
    row.taken_by = row.taken_at = None
    if turn.person.gone_since or not programs_of(turn):
        return []
    row.rang_at = turn.now
    if readers := readers_of(turn, row.kind):
        return [*_told(turn, row, readers, again=next_ring(turn, row, readers))]
    notice = Notice(key=f"help/{row.id}/nobody", kind="answer", expires_at=turn.now + LASTS, program=row.program_id)
    return [Tell(turn.person.id, nobody_card(coordinators_of(turn, row.kind)), notice)]


# One takes it -----------------------------------------------------------------------------------------------------


@FLOW.step("take", coordinators_only=True)
def take(turn: Turn, request: int, again: int = 0) -> Sequence[Reply]:
    """The first one to press has it; the others' cards say so, and whoever asked hears who it is."""
    row = _theirs(turn, request)
    if row.person_id == turn.person.id or not turn.store.help_requests.take(row, turn.person, turn.now):
        return [Replace(_now(turn, row, again))]
    return [Replace(_now(turn, row, again)), *_everywhere_else(turn, row, again), *_answer(turn, row)]


@FLOW.step("done", coordinators_only=True)
def done(turn: Turn, request: int, again: int = 0) -> Sequence[Reply]:
    row = _theirs(turn, request)
    if row.taken_by != turn.person.id or row.done_at:
        return [Replace(_now(turn, row, again))]
    row.done_at = turn.now
    return [Replace(_now(turn, row, again)), *_everywhere_else(turn, row, again)]


def _theirs(turn: Turn, request: int) -> HelpRequest:
    """The request, if this coordinator may read it. Raises NotYours: numbers are guessed, and cards get forwarded."""
    row = turn.store.help_requests.required(request)
    own = turn.person.id in (row.person_id, row.taken_by)
    if not own and not may_read(turn.store, row, turn.person, turn.now):
        raise NotYours
    return row


def _answer(turn: Turn, row: HelpRequest) -> Iterable[Reply]:
    asked = turn.store.people.get(row.person_id)
    if asked.gone_since is None:
        shown = taker_card(contact_of(turn.store, turn.person), first_name(turn.person))
        notice = Notice(
            f"help/{row.id}/taken/{turn.person.id}", "answer", expires_at=turn.now + LASTS, program=row.program_id
        )
        yield Tell(asked.id, shown, notice)


def _now(turn: Turn, row: HelpRequest, again: int) -> Card:
    """The card of whoever pressed, as things stand."""
    shown = as_shown(turn, row)
    if row.done_at or row.taken_by not in (None, turn.person.id):
        return settled_card(shown)
    return taken_card(shown, again, gone=_is_gone(turn, row)) if row.taken_by else request_card(shown, again)


def _is_gone(turn: Turn, row: HelpRequest) -> bool:
    """Whether whoever asked has left since."""
    asked = turn.store.people.get(row.person_id)
    enrollment = turn.store.enrollments.of(asked, row.program_id)
    return asked.gone_since is not None or enrollment is None or enrollment.status == "left"


def _everywhere_else(turn: Turn, row: HelpRequest, again: int) -> Iterable[Reply]:
    """Both cards of every coordinator, but for the one that was pressed."""
    theirs = settled_card(as_shown(turn, row))
    for _, reader in turn.store.coordinators.listed():
        for ringing in RINGS:
            if reader is not None and (reader.id, ringing) != (turn.person.id, again):
                mine = reader.id == turn.person.id
                yield Update(card_key(row, reader, ringing), _now(turn, row, ringing) if mine else theirs)
