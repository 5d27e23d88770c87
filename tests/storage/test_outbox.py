"""Messages are written many at once, each key once, in the order in which they were said."""

from datetime import UTC, datetime

from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NUDGE = {"kind": "check_in", "delivery": "nudge", "card": "{}"}


def test_of_many_messages_those_are_new_whose_key_is_and_the_others_stay_as_they_are(database: Database) -> None:
    def work(store: Store) -> list[int]:
        first = [("a", NUDGE), ("b", NUDGE), ("a", {**NUDGE, "card": "another"})]
        return [store.outbox.add_all(each, NOW) for each in (first, first, [("b", NUDGE), ("c", NUDGE)], [])]

    assert database.write_now(work) == [2, 0, 1, 0]
    assert [(row.key, row.card) for row in database.read_now(lambda store: store.outbox.everything())] == [
        ("a", "{}"),
        ("b", "{}"),
        ("c", "{}"),
    ]


def test_messages_of_different_kinds_keep_their_order_and_what_they_do_not_have_is_null(database: Database) -> None:
    file = {"flow": "report", "name": "csv", "about": {}}
    said = [("card", NUDGE), ("group", {**NUDGE, "group_ids": [1, 2]}), ("file", {**NUDGE, "file": file}), ("z", NUDGE)]
    database.write_now(lambda store: store.outbox.add_all(said, NOW))
    rows = database.read_now(lambda store: store.outbox.everything())
    assert [row.key for row in rows] == ["card", "group", "file", "z"]
    ready = database.read_now(lambda store: store.sending.ready(NOW, 10))
    assert {row.id: row.has_file for row in ready} == {row.id: row.key == "file" for row in rows}
