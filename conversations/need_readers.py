"""Asking for help: who may read it, and what a request looks like to the coordinators."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from conversations.contacts import Contact
from conversations.flow import Turn
from conversations.introduced import introduced, is_introduced
from conversations.need_cards import Request
from conversations.people_words import contact_of, first_name
from storage.store import Store
from storage.tables import HelpRequest, Pair, Person, Program

# Taking part, or asked to: all of them may need somebody.
TAKES_PART = ("invited", "nominated", "joined", "matched")
# A request rings once, again when nobody takes it, and once more for each of two coordinators who took it and left.
RINGS = (0, 1, 2, 3)


def as_shown(turn: Turn, row: HelpRequest) -> Request:
    who = turn.store.people.get(row.person_id)
    return Request(
        row,
        contact_of(turn.store, who),
        first_name(who),
        turn.store.programs.get(row.program_id).name,
        partner=turn.store.pairs.partner_of(who, row.pair_id).name if row.pair_id else "",
        taker=turn.store.people.get(row.taken_by).name if row.taken_by else "",
    )


def card_key(row: HelpRequest, reader: Person, again: int) -> str:
    """`again`: 1 when it rings a second time, more for each coordinator who took it and left."""
    ringing = ("", "/again")[again] if again < 2 else f"/again/{again}"
    return f"help/{row.id}/{reader.id}{ringing}"


def next_ring(turn: Turn, row: HelpRequest, readers: Sequence[Person]) -> int:
    """The number of a ring that nobody has had yet, after the first two."""
    for again in RINGS[2:]:
        if not turn.store.outbox.states(card_key(row, reader, again) for reader in readers):
            return again
    return RINGS[-1]


def coordinators_now(store: Store) -> set[int]:
    """Ids of those on the list who are still in the company, reachable or not."""
    return {person.id for _, person in store.coordinators.listed() if person and person.gone_since is None}


def programs_of(turn: Turn) -> list[Program]:
    mine = turn.store.enrollments.of_person(turn.person)
    return [program for one, program in mine if one.status in TAKES_PART]


def pairs_of(turn: Turn) -> list[Pair]:
    """Introduced ones: until then nobody's name is known to the other."""
    return introduced(turn, (pair for pair, _ in turn.store.pairs.meeting_of(turn.person)))


def only_pair(turn: Turn) -> Pair | None:
    pairs = pairs_of(turn)
    return pairs[0] if len(pairs) == 1 else None


def readers_of(turn: Turn, kind: str) -> list[Person]:
    """Coordinators whom it reaches; never the own partner, when it is about the pairing."""
    return [one for one in turn.store.coordinators.able() if one.id not in _never(turn, kind)]


def _never(turn: Turn, kind: str) -> frozenset[int]:
    return kept_from(turn.store, turn.person, kind, turn.now)


def kept_from(store: Store, asked: Person, kind: str, now: datetime) -> frozenset[int]:
    """Who never reads a request: its author, and whoever is or was their partner when it is about the pairing. Nobody
    asks about somebody in order to be read by them, and a pair may end before the request rings again."""
    pairs = store.pairs.ever_of(asked) if kind == "pairing" else ()
    known = [pair for pair in pairs if is_introduced(store, pair, now)]
    return frozenset({asked.id, *(side for pair in known for side in (pair.mentor_id, pair.mentee_id))})


def may_read(store: Store, row: HelpRequest, reader: Person, now: datetime) -> bool:
    return reader.id not in kept_from(store, store.people.get(row.person_id), row.kind, now)


def coordinators_of(turn: Turn, kind: str) -> list[Contact]:
    known = [one for _, one in turn.store.coordinators.listed() if one is not None]
    return contacts_of(turn, [one for one in known if one.id not in _never(turn, kind) and one.gone_since is None])


def contacts_of(turn: Turn, people: Iterable[Person]) -> list[Contact]:
    return [contact_of(turn.store, one) for one in people if one.id != turn.person.id]
