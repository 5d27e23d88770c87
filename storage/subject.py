"""What every subject's store has: the session it works in."""

from sqlalchemy.orm import Session


class Subject:
    """A store for one subject. It never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session


class NotYours(LookupError):
    """The row is not there, or it is not this person's: for whoever asked there is no difference."""
