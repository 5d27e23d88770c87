"""A list of people to invite: read line by line, and sorted into who can be asked and who cannot, with the reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversations.contacts import small_letters
from storage.store import Store
from storage.tables import Person, Program

_EMAIL = re.compile(r"[^\s<>()\[\]{}:;|,\"'“”„]+@[^\s<>()\[\]{}:;|,\"'“”„]+\.[^\s<>()\[\]{}:;|,\"'“”„]+")
_BREAKS = re.compile(r"[,;]+")
# Somebody pasted a text that is no list; only so much of it is repeated.
LONGEST_SHOWN = 60

ALREADY = {
    "joined": "has joined already",
    "matched": "has a match already",
    "invited": "is invited already",
    "nominated": "was named by a colleague and asked already",
    "declined": "said no, and is not asked again",
    "left": "took part and left, and is not asked again",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What stood in one place of the list: an e-mail in small letters, or words that are none."""

    line: int
    written: str

    @property
    def is_email(self) -> bool:
        return _EMAIL.fullmatch(self.written) is not None


@dataclass(frozen=True, slots=True)
class Sorted:
    """`people` can be asked, `unreachable` of them only once they have written to us; the others cannot, and why."""

    people: Sequence[Person]
    unreachable: Sequence[Person]
    already: Sequence[str]
    refused: Sequence[str]


def entries(pasted: str) -> Sequence[Entry]:
    """E-mails one a line, or separated by commas; names and brackets around them do no harm. Each counts once."""
    found: dict[str, Entry] = {}
    for number, line in enumerate(pasted.splitlines(), start=1):
        for part in _BREAKS.split(line):
            emails = [small_letters(email).rstrip(".") for email in _EMAIL.findall(part)]
            for written in emails or [part.strip()[:LONGEST_SHOWN]]:
                if written:
                    found.setdefault(written, Entry(number, written))
    return list(found.values())


def sort_list(store: Store, program: Program, listed: Sequence[Entry]) -> Sorted:
    known = store.people.by_emails(one.written for one in listed if one.is_email)
    members = store.invitations.members([person.id for person in known.values()])
    fine: list[Person] = []
    refused: list[str] = []
    for one in listed:
        person = known.get(one.written)
        why = _why_not(one, person, members)
        if why or person is None:
            refused.append(f"{_where(one, listed)}{one.written} {why}")
        else:
            fine.append(person)
    return _without_those_in(store, program, fine, members, refused)


def sort_people(store: Store, program: Program, people: Sequence[Person]) -> Sorted:
    """The same for people from the roster."""
    return _without_those_in(store, program, people, store.invitations.members([one.id for one in people]), [])


def _without_those_in(
    store: Store, program: Program, people: Sequence[Person], members: frozenset[int], refused: Sequence[str]
) -> Sorted:
    standing: Mapping[int, str] = store.invitations.standing(program.id, [person.id for person in people])
    free = [person for person in people if person.id not in standing]
    out = [person for person in free if person.id not in members or person.unreachable_since is not None]
    already = [f"{one.name} {ALREADY[standing[one.id]]}" for one in people if one.id in standing]
    return Sorted(free, out, already, refused)


def _why_not(entry: Entry, person: Person | None, members: frozenset[int]) -> str:
    if not entry.is_email:
        return "is no e-mail"
    if person is None:
        return "is not on the roster"
    if person.gone_since is not None:
        return "has left the company"
    if person.source != "roster" and person.id not in members:
        return "is not on the roster, and no member here"
    return ""


def _where(entry: Entry, listed: Sequence[Entry]) -> str:
    """The line, where there are lines."""
    return f"Line {entry.line}: " if listed[-1].line > 1 else ""
