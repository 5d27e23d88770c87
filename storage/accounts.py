"""Accounts: how a person is reached on each platform."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, select, update
from sqlalchemy.orm import aliased

from storage.subject import Subject
from storage.tables import Account, Coordinator, Person


class Login(NamedTuple):
    """An account as cards name it. `login`: the UPN on Teams."""

    platform: str
    tenant: str
    user: str
    route: str
    login: str
    closed_at: datetime | None


class Accounts(Subject):
    """Logins on platforms."""

    def find(self, platform: str, tenant: str, user: str) -> Account | None:
        return self._session.scalar(
            select(Account).where(Account.platform == platform, Account.tenant == tenant, Account.user == user)
        )

    def whose(self, platform: str, tenant: str, user: str) -> tuple[Account, Person, bool] | None:
        """The account, whose it is, and whether they are a coordinator: every turn asks this, so it is one query."""
        found = self._session.execute(_whose(), {"platform": platform, "tenant": tenant, "user": user}).one_or_none()
        return (found[0], found[1], bool(found[2])) if found else None

    def is_known(self, platform: str, tenant: str, user: str) -> bool:
        """Whether the platform has told us already who this is, and where: Teams says the zone only later."""
        return bool(self._columns(_known(), {"platform": platform, "tenant": tenant, "user": user}))

    def add(self, account: Account) -> Account:
        self._session.add(account)
        self._session.flush()
        return account

    def logins(self, person_id: int) -> Sequence[Login]:
        """Open ones first, the last used first."""

        def read() -> Sequence[Login]:
            return [Login._make(row) for row in self._columns(_logins(), {"person": person_id})]

        return self._once(person_id, read, Account)

    def of_people(self, person_ids: Iterable[int]) -> Sequence[Account]:
        """Open ones of all these people, the last used first."""
        return self._session.scalars(_of_people(), {"people": sorted(set(person_ids))}).all()

    def close(self, account: Account, reason: str, now: datetime) -> None:
        """Nothing more is sent there until the person writes again."""
        account.closed_at, account.closed_reason = now, reason[:80]

    def move(self, from_person: int, to_person: int) -> None:
        """A provisional person turned out to be somebody we know."""
        self._session.execute(update(Account).where(Account.person_id == from_person).values(person_id=to_person))


@cache
def _whose() -> Select[Account, Person, bool]:
    """Built once: building it costs five times what running it does (0.2 ms)."""
    member = aliased(Account)
    listed = exists().where(Coordinator.email == Person.email)
    full_member = exists().where(member.person_id == Person.id, member.member)
    return (
        select(Account, Person, listed & full_member & Person.gone_since.is_(None))
        .join(Person, Person.id == Account.person_id)
        .where(*_at())
    )


@cache
def _known() -> Select[int]:
    said = Account.known, Person.timezone != ""
    return select(Account.id).join(Person, Person.id == Account.person_id).where(*_at(), *said)


def _at() -> tuple[ColumnElement[bool], ...]:
    return (
        Account.platform == bindparam("platform"),
        Account.tenant == bindparam("tenant"),
        Account.user == bindparam("user"),
    )


@cache
def _of_people() -> Select[Account]:
    theirs = Account.person_id.in_(bindparam("people", expanding=True)), Account.closed_at.is_(None)
    return select(Account).where(*theirs).order_by(Account.last_used_at.desc(), Account.id)


@cache
def _logins() -> Select[*tuple[Any, ...]]:
    return (
        select(*(getattr(Account, each) for each in Login._fields))
        .where(Account.person_id == bindparam("person"))
        .order_by(Account.closed_at.is_not(None), Account.last_used_at.desc(), Account.id)
    )
