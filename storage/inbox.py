"""What came in already."""

from datetime import date
from hashlib import sha256

from sqlalchemy import delete

from storage.subject import Subject
from storage.tables import InboxEntry

# The column's width; a longer id (none is known) keeps its hash.
MOST_CHARACTERS = 255


class Inbox(Subject):
    """What came in already."""

    def is_new(self, platform: str, delivery_id: str, day: date) -> bool:
        """Writes it down. False when it came before: the platform repeats what was not acknowledged in time."""
        if len(delivery_id) > MOST_CHARACTERS:
            delivery_id = sha256(delivery_id.encode()).hexdigest()
        return self._insert_if_new(InboxEntry, {"platform": platform, "delivery_id": delivery_id, "day": day})

    def forget(self, before: date) -> None:
        """Drops what no platform will repeat any more."""
        self._session.execute(delete(InboxEntry).where(InboxEntry.day < before))
