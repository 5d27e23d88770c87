"""The ids that messages carry on the platform: nobody can guess one, and the same message has the same one again."""

from hmac import digest
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import select

from storage.subject import Subject
from storage.tables import InstallationState

SECRET = "delivery_secret"
# By engine, since reading it took 0.3 ms of each unit of work that writes a message.
_known: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()


class DeliveryIds(Subject):
    """A hash of what the message is, with a secret of this installation, which its backups hold too."""

    def of(self, key: str, card: str | None) -> str:
        """The card is part of it: after a restore a key may stand for something else, by a number given anew."""
        secret = _known.get(self._session.get_bind()) or self._session.info.get(SECRET) or self._secret()
        return str(UUID(bytes=digest(secret, f"{key}\n{card or ''}".encode(), "sha256")[:16], version=4))

    def _secret(self) -> bytes:
        """Made when the first message of all is written, and only then known to this unit of work alone."""
        found = self._read()
        if found is not None:
            _known[self._session.get_bind()] = found
            return found
        self._insert_if_new(InstallationState, {"name": SECRET, "value": str(uuid4())})
        made = self._session.info[SECRET] = self._read() or b""
        return made

    def _read(self) -> bytes | None:
        found = self._session.scalar(select(InstallationState.value).where(InstallationState.name == SECRET))
        return found.encode() if found is not None else None
