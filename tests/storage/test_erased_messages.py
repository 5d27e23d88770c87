"""What becomes of messages to others when somebody is erased: nothing is lost for a name that is also a word."""

from collections.abc import Callable
from typing import Any

import pytest

from conversations.cards import Block, Card, Facts, card, text
from conversations.contacts import Contact
from conversations.packing import pack_card, unpack_card
from storage.database import Database
from storage.people import FORMER, UNNAMED
from storage.store import Store
from storage.tables import OutboxMessage, Person
from tests.support.filled import NOW

ME, ROSALIND = 1, 2
Erased = Callable[..., OutboxMessage]


@pytest.fixture
def erased(sqlite_database: Database) -> Erased:
    """What is left of one message to Rosalind after somebody of this name is erased."""

    def run(name: str, *said: Block, state: str = "waiting", others: tuple[str, ...] = (), **row: Any) -> OutboxMessage:
        def queue(store: Store) -> None:
            for number, one in enumerate((name, "Rosalind Meyer", *others), start=1):
                store.people.add(Person(id=number, name=one, email=f"{number}@larkspur.example", created_at=NOW))
            values = {"kind": "confirm", "delivery": "nudge", "person_id": ROSALIND, "state": state, **row}
            store.outbox.add("it", NOW, {**values, "card": pack_card(card("A word", *said))})

        sqlite_database.write_now(queue)
        sqlite_database.write_now(lambda store: store.erasure.erase(store.people.get(ME), None, NOW))
        left = sqlite_database.read_now(lambda store: store.outbox.with_key("it"))
        assert left is not None
        return left

    return run


def shown(message: OutboxMessage) -> Card:
    assert message.card is not None
    return unpack_card(message.card)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Will", text("The next word from me will come on Tuesday. Will you two meet?")),
        ("Mark", text("{theme}", theme="digital marketing")),
        ("e", text("{theme}", theme="E-learning, e-mail and me")),
        ("Anne", text("You and {partner} are a pair.", partner="Anne-Marie Duval")),
        ("Neil", text("You and {partner} are a pair.", partner="Ciara O'Neil")),
        ("राम", text("{word}", word="रामा")),
        ("text", Facts((("Ask", "context"),))),
        (UNNAMED, text("{who} wrote to me.", who=UNNAMED)),
    ],
)
@pytest.mark.parametrize("state", ["waiting", "sent"])
def test_a_name_that_is_part_of_a_longer_word_or_a_word_of_ours_costs_nobody_a_message(
    erased: Erased, name: str, said: Block, state: str
) -> None:
    left = erased(name, said, state=state)
    assert left.state == state
    assert shown(left) == card("A word", said)


@pytest.mark.parametrize(
    ("name", "said", "left"),
    [
        ("Zoë Haddad", "Please check: Zoë Haddad", f"Please check: {FORMER}"),
        ("Ana", "This is Ana's, then\nAna", f"This is {FORMER}'s, then\n{FORMER}"),
        ("田中", "来週は田中さんと", f"来週は{FORMER}さんと"),
        ("김민수", "김민수님과 만나요", f"{FORMER}님과 만나요"),
        ("Ciara O'Neil", "Ciara O'Neil, Ben Duval", f"{FORMER}, Ben Duval"),
        ("Sammy Jr.", "Sammy Jr., who waits", f"{FORMER}, who waits"),
    ],
)
def test_a_message_to_somebody_else_goes_without_the_name(erased: Erased, name: str, said: str, left: str) -> None:
    message = erased(name, text("{list}", list=said))
    assert message.state == "waiting"
    assert shown(message) == card("A word", text("{list}", list=left))


def test_somebody_else_keeps_a_name_that_holds_this_one_or_is_the_same(erased: Erased) -> None:
    names = text("{names}", names="Will Ferrant and Will")
    left = erased("Will", names, others=("Will Ferrant",))
    assert shown(left) == card("A word", text("{names}", names=f"Will Ferrant and {FORMER}"))


def test_of_two_people_of_one_name_the_other_keeps_theirs(erased: Erased) -> None:
    left = erased("Ana Ruiz", text("{who} waits.", who="Ana Ruiz"), others=("Ana Ruiz",))
    assert shown(left) == card("A word", text("{who} waits.", who="Ana Ruiz"))


def test_what_was_sent_loses_its_text(erased: Erased) -> None:
    left = erased("Zoë Haddad", text("Please check: {who}", who="Zoë Haddad"), state="sent")
    assert (left.state, left.card) == ("sent", None)


def test_what_somebody_wrote_about_themselves_goes_with_them(erased: Erased) -> None:
    asks = text("{who} asks: {words}", who="Zoë Haddad", words="Can we talk?")
    left = erased("Zoë Haddad", asks, author_id=ME)
    assert (left.state, left.reason, left.card) == ("dropped", "erased", None)


@pytest.mark.parametrize(
    ("email", "state"),
    [
        ("1@larkspur.example", "dropped"),
        ("11@larkspur.example", "waiting"),
        ("x.1@larkspur.example", "waiting"),
        ("1@larkspur.example.org", "waiting"),
    ],
)
def test_an_e_mail_tells_who_it_is_when_it_stands_there_as_a_whole(erased: Erased, email: str, state: str) -> None:
    assert erased("Zoë Haddad", text("Ask {who}.", who=Contact("Somebody", email))).state == state
