"""A proposal for four hundred: a coordinator pages through it without waiting."""

from time import process_time

import pytest

from storage.store import Store
from storage.tables import Enrollment, Person
from tests.support.chat import Chat
from tests.support.company import program, with_matching

pytestmark = pytest.mark.slow

# What people sit through without noticing is a tenth of this; a busy machine and SQLite's first reads take the rest.
SECONDS_A_CLICK = 1.0
A_SIDE, TOO_MANY = 200, 20
THEMES = ("AI at work", "short videos", "data ethics", "remote work", "podcasts")


def test_a_proposal_of_two_hundred_pairs_is_looked_through_and_changed_without_waiting(chat: Chat) -> None:
    with_matching(chat)
    amara = chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")
    number = program(chat, amara)
    chat.look(lambda store: everybody_joins(store, chat, number))
    amara.command("program propose")
    amara.sees("Pairs: 200 (400 people)", "Without a partner: 20")
    took = {}
    for label in ("Review", "Next page", "Lock", "Close up", "Swap", "Swap with this pair"):
        began = process_time()
        amara.press(label)
        took[label] = process_time() - began
    amara.sees("You made this pair by hand.")
    for words in ("program review", "program history"):
        began = process_time()
        amara.command(words)
        took[words] = process_time() - began
    amara.sees("swap")
    assert {label: seconds for label, seconds in took.items() if seconds > SECONDS_A_CLICK} == {}


def everybody_joins(store: Store, chat: Chat, number: int) -> None:
    for at in range(2 * A_SIDE + TOO_MANY):
        mentor = at < A_SIDE
        person = Person(
            email=f"person{at}@larkspur.example",
            name=f"Person {at}",
            level=2 if mentor else 7,
            department=f"Department {at % 9}",
            languages=["en"],
            timezone="Europe/Berlin",
            created_at=chat.now,
        )
        store.people.add(person)
        topics = [THEMES[at % 5], THEMES[at * 7 % 5]]
        row = {"role": "mentor", "offers": topics} if mentor else {"role": "mentee", "wants": topics}
        signed = {"status": "joined", "confirmed": True, "agreed_at": chat.now, "agreement_version": "1"}
        store.enrollments.add(Enrollment(program_id=number, person_id=person.id, created_at=chat.now, **row, **signed))
