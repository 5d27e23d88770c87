"""The ids that messages carry on the platform: nobody can guess one, and the same message has the same one again."""

from hmac import digest
from uuid import UUID, uuid4

from sqlalchemy import select

from storage.subject import Subject
from storage.tables import InstallationState

SECRET = "delivery_secret"


class DeliveryIds(Subject):
    """A hash of what the message is, with a secret of this installation, which its backups hold too."""

    def of(self, key: str, card: str | None) -> str:
        """The card is part of it: after a restore a key may stand for something else, by a number given anew."""
        known = self._session.info.get(SECRET) or self._secret()
        return str(UUID(bytes=digest(known, f"{key}\n{card or ''}".encode(), "sha256")[:16], version=4))

    def _secret(self) -> bytes:
        """Read once in a unit of work; made when the first message of all is written."""
        value = select(InstallationState.value).where(InstallationState.name == SECRET)
        found = self._session.scalar(value)
        if found is None:
            self._insert_if_new(InstallationState, {"name": SECRET, "value": str(uuid4())})
            found = self._session.scalar(value)
        known = self._session.info[SECRET] = str(found).encode()
        return known
