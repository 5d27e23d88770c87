"""What becomes of messages when somebody is erased: theirs go, and those to others say nothing of them."""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Update, or_, select, update

from storage.people import FORMER, UNNAMED
from storage.subject import Subject
from storage.tables import Account, OutboxMessage, Person, ProposedPair
from storage.whole_words import holds_email, replace_name

# Parts of a card that are ours, or opaque: no name stands there, whatever it looks like.
NOT_SAID = frozenset({"is", "markdown", "style", "action", "png", "address"})


class ErasedMessages(Subject):
    """The outbox, without somebody."""

    def empty(self, person: Person, pairs: Sequence[int]) -> None:
        """Of their pairs and groups, and with their e-mail: dropped on the way, without its text when settled.

        A name alone may be anybody's, or a word. Where it stands the text of settled messages goes, too, but one to
        somebody else is not lost for it: it is sent without the name.
        """
        groups = select(OutboxMessage.id, OutboxMessage.group_ids).where(OutboxMessage.group_ids.is_not(None))
        shared = [row_id for row_id, members in self._session.execute(groups) if person.id in (members or ())]
        self._drop(or_(OutboxMessage.id.in_(shared), OutboxMessage.pair_id.in_(pairs)))
        self._run(update(OutboxMessage).where(OutboxMessage.id.in_(shared)).values(sent_to=None, ref=None))
        self._empty_those_with_an_email(person)
        if person.name not in ("", UNNAMED, FORMER):
            self._empty_those_with_the_name(person)
        self._passes("erased")

    def _empty_those_with_an_email(self, person: Person) -> None:
        logins = self._session.scalars(select(Account.login).where(Account.person_id == person.id)).all()
        for email in {word for word in (person.email, *logins) if word}:
            for row in self._with(email):
                if says(_read(row.card), email):
                    self._drop(OutboxMessage.id == row.id)

    def _empty_those_with_the_name(self, person: Person) -> None:
        others = self._others_whose_name_holds(person)
        involved = {person.id, *self._proposed_with(person)}
        for row in self._with(person.name):
            if _without(row.card, person.name) == row.card:
                continue
            left = _without(row.card, person.name, others)
            # What they wrote themselves, and what asks somebody about them, is nothing without them.
            about = left != row.card and bool(involved & {row.author_id, row.person_id})
            if about or row.state not in ("waiting", "sending"):
                self._drop(OutboxMessage.id == row.id)
            elif left != row.card:
                self._run(update(OutboxMessage).where(OutboxMessage.id == row.id).values(card=left))

    def _with(self, word: str) -> Sequence[Any]:
        """Cards that may hold it, as they write it: plain, or as JSON does."""
        columns = (OutboxMessage.id, OutboxMessage.card, OutboxMessage.state)
        whose = (OutboxMessage.author_id, OutboxMessage.person_id)
        written = [OutboxMessage.card.icontains(each, autoescape=True) for each in {word, json.dumps(word)[1:-1]}]
        return self._session.execute(select(*columns, *whose).where(or_(*written))).all()

    def _others_whose_name_holds(self, person: Person) -> Collection[str]:
        longer = Person.name.contains(person.name, autoescape=True), Person.id != person.id
        return set(self._session.scalars(select(Person.name).where(*longer)))

    def _proposed_with(self, person: Person) -> Collection[int]:
        ends = select(ProposedPair.mentor_id, ProposedPair.mentee_id)
        mine = or_(ProposedPair.mentor_id == person.id, ProposedPair.mentee_id == person.id)
        return {end for both in self._session.execute(ends.where(mine)) for end in both}

    def _drop(self, which: ColumnElement[bool]) -> None:
        """On its way it is dropped; of what was sent the text goes."""
        waits = OutboxMessage.state == "waiting"
        self._run(update(OutboxMessage).where(which, waits).values(state="dropped", reason="erased", card=None))
        self._run(update(OutboxMessage).where(which, ~waits).values(card=None))

    def _run(self, statement: Update) -> None:
        self._session.execute(statement.execution_options(synchronize_session=False))


def says(part: Any, email: str) -> bool:
    """Whether an e-mail stands anywhere in what a JSON column or a card holds."""
    return bool(_each_changed(part, lambda said: "" if holds_email(said, email) else said) != part)


def _without(card: str, name: str, others: Collection[str] = ()) -> str:
    """The very same text when nothing changes."""
    body = _read(card)
    changed = _each_changed(body, lambda said: replace_name(said, name, FORMER, others))
    return card if changed == body else json.dumps(changed)


def _read(card: str) -> Any:
    try:
        return json.loads(card)
    except ValueError:
        return card


def _each_changed(part: Any, change: Callable[[str], str]) -> Any:
    match part:
        case str():
            return change(part)
        case list():
            return [_each_changed(each, change) for each in part]
        case dict():
            return {key: each if key in NOT_SAID else _each_changed(each, change) for key, each in part.items()}
        case _:
            return part
