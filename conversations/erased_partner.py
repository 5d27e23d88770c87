"""A partner who erased themselves, before the other side has heard that the pair ends: no name is left to be shown."""

from conversations.contacts import Contact
from conversations.people_words import contact_of
from storage.pair_days import goes_on
from storage.people import FORMER
from storage.store import Store
from storage.tables import Pair, Person


def is_nameless(pair: Pair, reader: Person, partner: Person) -> bool:
    """Whether the reader is to see no difference, while the partner has no name any more."""
    return partner.name == FORMER and pair.status == "ending" and goes_on(pair, reader.id)


def contact_in(store: Store, pair: Pair, reader: Person, partner: Person) -> Contact:
    """The partner as a sentence names them: "your mentor" where there is no name, and nothing that tells why."""
    if not is_nameless(pair, reader, partner):
        return contact_of(store, partner)
    return Contact("your mentor" if partner.id == pair.mentor_id else "your mentee")
