"""What is written down when a backup comes back, and from when on the platforms are asked what they have."""

from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.outbox import NO_ACCOUNT, UNCERTAIN
from storage.store import Store
from storage.tables import OutboxMessage

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROW = {"kind": "invitation", "delivery": "must_arrive", "prompted": True, "card": "{}", "place": "slack/T1/C1"}


def _row(store: Store) -> OutboxMessage:
    [row] = store.outbox.everything()
    return row


def test_d12_what_waited_for_somebody_is_looked_for_from_the_last_moment_of_the_backup_on(database: Database) -> None:
    def back_up(store: Store) -> None:
        store.outbox.add("invitation", NOW, ROW)
        _row(store).reason, _row(store).not_before = NO_ACCOUNT, NOW + timedelta(days=1)

    database.write_now(back_up)
    database.write_now(lambda store: store.installation.restored(NOW + timedelta(hours=8)))
    row = database.read_now(_row)
    assert (row.reason, row.sending_since) == (NO_ACCOUNT, NOW)


def test_d12_of_a_backup_that_was_made_on_hold_the_clock_is_behind_since_it_came_back(database: Database) -> None:
    """What fell due in between is written anew, so that it is in doubt and not just sent."""
    back, later = NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=1)
    database.write_now(lambda store: store.installation.hold(NOW))
    database.write_now(lambda store: store.installation.restored(back))
    assert database.read_now(lambda store: store.installation.held_since()) == back
    database.write_now(lambda store: store.outbox.add("invitation", later, ROW))
    database.write_now(lambda store: store.installation.resume())
    row = database.read_now(_row)
    assert row.reason == UNCERTAIN
    assert row.sending_since is not None
    assert row.sending_since <= back
    assert not database.read_now(lambda store: store.installation.is_held())
