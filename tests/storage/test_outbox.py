"""Messages are written many at once, each key once, in the order in which they were said."""

from datetime import UTC, datetime, timedelta

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


def test_what_waits_about_a_pair_is_dropped_and_what_is_under_way_is_not_tried_again(database: Database) -> None:
    states = {"waits": "waiting", "under way": "sending", "arrived": "sent"}
    later = NOW + timedelta(days=7)

    def write(store: Store) -> None:
        for key, state in states.items():
            store.outbox.add(key, NOW, {**NUDGE, "state": state, "pair_id": 7, "expires_at": later})
        store.outbox.add("another pair", NOW, {**NUDGE, "pair_id": 8, "expires_at": later})
        store.outbox.drop_about([1], [7], "left", NOW)

    database.write_now(write)
    rows = {row.key: row for row in database.read_now(lambda store: store.outbox.everything())}
    assert {key: (row.state, row.settled_at, row.expires_at) for key, row in rows.items()} == {
        "waits": ("dropped", NOW, later),
        "under way": ("sending", None, NOW),
        "arrived": ("sent", None, later),
        "another pair": ("waiting", None, later),
    }
    assert rows["waits"].reason == "left"
