"""Accounts: how a person is reached on each platform."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.subject import Subject
from storage.tables import Account


class Accounts(Subject):
    """Logins on platforms."""

    def find(self, platform: str, tenant: str, user: str) -> Account | None:
        return self._session.scalar(
            select(Account).where(Account.platform == platform, Account.tenant == tenant, Account.user == user)
        )

    def add(self, account: Account) -> Account:
        self._session.add(account)
        self._session.flush()
        return account

    def of_person(self, person_id: int) -> Sequence[Account]:
        """Open ones first, the last used first."""
        return self._session.scalars(
            select(Account)
            .where(Account.person_id == person_id)
            .order_by(Account.closed_at.is_not(None), Account.last_used_at.desc(), Account.id)
        ).all()

    def of_people(self, person_ids: Iterable[int]) -> Sequence[Account]:
        return self._session.scalars(
            select(Account)
            .where(Account.person_id.in_(set(person_ids)), Account.closed_at.is_(None))
            .order_by(Account.last_used_at.desc(), Account.id)
        ).all()

    def close(self, account: Account, reason: str, now: datetime) -> None:
        """Nothing more is sent there until the person writes again."""
        account.closed_at, account.closed_reason = now, reason[:80]

    def move(self, from_person: int, to_person: int) -> None:
        """A provisional person turned out to be somebody we know."""
        self._session.execute(update(Account).where(Account.person_id == from_person).values(person_id=to_person))
