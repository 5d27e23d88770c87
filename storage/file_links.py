"""One-time links to files. The token of a link is nowhere, only its hash."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from storage.subject import Subject
from storage.tables import FileLink


class FileLinks(Subject):
    """Links that somebody was given, by the SHA-256 of their token in hex."""

    def add(self, token_hash: str, person_id: int, file: Mapping[str, Any], expires_at: datetime) -> None:
        """`file`: the request, as the outbox holds it; the file itself is made when the link is used."""
        self._session.add(
            FileLink(token_hash=token_hash, person_id=person_id, file=dict(file), expires_at=expires_at, used_at=None)
        )

    def find(self, token_hash: str) -> FileLink | None:
        return self._session.get(FileLink, token_hash)

    def use(self, token_hash: str, now: datetime) -> bool:
        """True for the first who asks in time; False for everybody after, also when two ask at the same moment."""
        result = self._session.execute(
            update(FileLink)
            .where(FileLink.token_hash == token_hash, FileLink.used_at.is_(None), FileLink.expires_at > now)
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        return bool(getattr(result, "rowcount", 0))

    def forget(self, expired_before: datetime) -> None:
        """Links that nobody could have used for long."""
        self._session.execute(delete(FileLink).where(FileLink.expires_at < expired_before))
