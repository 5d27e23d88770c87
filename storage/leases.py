"""Who sends to a workspace: one process at a time, until its lease ends or it gives it back."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update

from storage.subject import Subject
from storage.tables import SenderLease

# A lease that ends later than this after any that is taken now was stamped before a clock was put back, and nobody
# prolongs it any more. Two processes' clocks must not differ by as much, or by far less: by more than a lease has left
# beside an attempt (4 s), and a message may be under way twice; by more than a lease, and one in use is taken.
CLOCKS_APART = timedelta(minutes=5)


class Lease(NamedTuple):
    """The right to send to one workspace until a moment. `fence` tells one holder's time from the next one's."""

    workspace: str
    owner: str
    fence: int
    until: datetime

    @property
    def tag(self) -> str:
        """Who claims a message under this lease, as its row keeps it."""
        return f"{self.owner}/{self.fence}"


class Leases(Subject):
    """The leases of all workspaces."""

    def take(self, workspace: str, owner: str, now: datetime, until: datetime) -> Lease | None:
        """Takes or prolongs; None while somebody else has it."""
        lease = Lease(workspace, owner, 1, until)
        if self._insert_if_new(SenderLease, lease._asdict()):
            return lease
        row = self._session.scalars(
            select(SenderLease).where(SenderLease.workspace == workspace).with_for_update()
        ).one()
        if row.owner != owner:
            if now < row.until <= until + CLOCKS_APART:
                return None
            row.owner, row.fence = owner, row.fence + 1
        row.until = until
        self._session.flush()
        return Lease(workspace, owner, row.fence, until)

    def give_back(self, owner: str, now: datetime) -> None:
        """Whoever comes next need not wait."""
        self._session.execute(
            update(SenderLease).where(SenderLease.owner == owner, SenderLease.until > now).values(until=now)
        )

    def end_all(self, now: datetime) -> None:
        """Whoever had one is dead: no other process works on this database."""
        self._session.execute(update(SenderLease).where(SenderLease.until > now).values(until=now))
