"""Who is acting: finds the account and its person, makes them when they are new, and links by verified e-mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.platform import Profile
from conversations.contacts import Address, small_letters
from conversations.forms import storable
from storage.people import UNNAMED
from storage.store import Store
from storage.tables import Account, Person

# "Last used" decides where messages go; finer than this it would cost a write every turn.
USE_NOTED_EVERY = timedelta(minutes=1)
# Why an account is closed when the platform says that it was disabled, and not that somebody removed the bot.
DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who acts. `waiting`: messages that could not reach them before may go now."""

    account: Account
    person: Person
    coordinator: bool
    waiting: bool = False

    @property
    def known(self) -> bool:
        """Nothing more to ask the platform: Teams tells the time zone only with somebody's first words."""
        return self.account.known and bool(self.person.timezone)


def arrive(store: Store, address: Address, profile: Profile | None, now: datetime) -> Arrival:
    """The person behind an address. `profile` is what the platform said of them, when it was asked."""
    found = store.accounts.whose(address.platform, address.tenant, address.user)
    if found is None:
        return _newcomer(store, address, profile, now)
    account, person, coordinator = found
    waiting = _used(store, account, person, address, now)
    if profile is not None:
        person = _identify(store, account, person, profile)
        coordinator = store.people.is_coordinator(person)
        waiting = store.outbox.hurry(person.id, now) or waiting
    # Somebody may be a member on one platform and a guest on another: a guest's account has no rights.
    return Arrival(account, person, coordinator and account.member, waiting)


def _newcomer(store: Store, address: Address, profile: Profile | None, now: datetime) -> Arrival:
    person = _known_person(store, profile)
    if person is None:
        person = store.people.add(Person(name=UNNAMED, source="platform", created_at=now))
    account = store.accounts.add(
        Account(
            person_id=person.id,
            platform=address.platform,
            tenant=address.tenant,
            user=address.user,
            route=address.route,
            last_used_at=now,
        )
    )
    if profile is not None:
        _describe(account, person, profile)
    person.unreachable_since, person.unreachable_reason = None, ""
    store.flush()
    waiting = store.outbox.hurry(person.id, now)
    return Arrival(account, person, account.member and store.people.is_coordinator(person), waiting)


def _used(store: Store, account: Account, person: Person, address: Address, now: datetime) -> bool:
    """Notes that the account works; tells whether messages wait for it."""
    if address.route and address.route != account.route:
        account.route = address.route
    if now - account.last_used_at >= USE_NOTED_EVERY:
        account.last_used_at = now
    if account.closed_at is None and person.unreachable_since is None:
        return False
    if account.closed_reason == DISABLED:
        # The platform opened it again, so its owner is back.
        person.gone_since = None
    account.closed_at, account.closed_reason = None, ""
    person.unreachable_since, person.unreachable_reason = None, ""
    return store.outbox.hurry(person.id, now)


def _known_person(store: Store, profile: Profile | None) -> Person | None:
    """Only full members are linked by their e-mail: a guest may have any address."""
    if profile is None or not (profile.member and profile.email):
        return None
    return store.people.by_email(profile.email)


def _identify(store: Store, account: Account, person: Person, profile: Profile) -> Person:
    """A provisional person gets a name, or turns out to be somebody we know."""
    known = _known_person(store, profile)
    if known is not None and known.id != person.id and person.email is None:
        store.people.merge(person, known)
        person = known
    _describe(account, person, profile)
    store.flush()
    return person


def _describe(account: Account, person: Person, profile: Profile) -> None:
    """What the platform says; what the roster says of somebody wins."""
    account.known, account.member, account.login = True, profile.member, profile.login
    if profile.member and profile.email and not person.email:
        person.email = small_letters(profile.email)
    if profile.name and person.name == UNNAMED:
        person.name = storable(profile.name).strip()[:200] or UNNAMED
    if profile.locale:
        person.locale = storable(profile.locale).strip()[:20]
    if profile.timezone and not person.timezone:
        person.timezone = profile.timezone
