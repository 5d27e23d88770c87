"""Day 0 of a pair is the day of its introduction, also when the message budget kept the card back for a day."""

from datetime import timedelta

from bot.claims import Claim, ToClaim, claim_all
from storage.database import Database
from storage.leases import Lease
from storage.store import Store
from storage.tables import Pair
from tests.support.chat import Chat
from tests.support.company import mentee, mentor, pair, program

WORKSPACE = "web/larkspur"


def test_the_count_of_a_pair_begins_when_its_mentor_reads_of_it(sqlite_database: Database) -> None:
    chat = Chat(sqlite_database)
    dana = chat.person("dana@larkspur.example", coordinator=True)
    running = program(chat, dana)
    ana, mei = mentor(chat, "ana", running), mentee(chat, "mei", running)
    planned_for, now = chat.now.date(), chat.now + timedelta(days=1)
    number = pair(chat, running, ana, mei, planned_for)

    def introduced(store: Store) -> list[Pair]:
        lease = store.leases.take(WORKSPACE, "me", now, now + timedelta(minutes=1))
        values = {"kind": "introduction", "delivery": "must_arrive", "card": "{}", "pair_id": number}
        store.outbox.add("introduction/1", now, {**values, "person_id": ana.id, "prompted": True})
        message = store.outbox.with_key("introduction/1")
        assert message is not None
        assert isinstance(lease, Lease)
        [claimed] = claim_all(store, [ToClaim(message.id, lease, now)])
        assert isinstance(claimed, Claim)
        return [store.pairs.get(number)]

    [found] = chat.look(introduced)
    assert found.started_on == planned_for + timedelta(days=1)
