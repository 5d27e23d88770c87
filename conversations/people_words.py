"""How people and days are named: small words that several flows share."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from conversations.cadence import calendar_of, say_day
from conversations.contacts import Address, Contact
from conversations.flow import Turn
from storage.people import FORMER
from storage.store import Store
from storage.tables import Person

ROLES = {"mentor": "Mentor, sharing what you know", "mentee": "Mentee, learning from a junior colleague"}


def contact_of(store: Store, person: Person) -> Contact:
    """A person with the account they used last, so that a card can open a chat with them."""
    accounts = [account for account in store.accounts.logins(person.id) if account.closed_at is None]
    if not accounts:
        return Contact(person.name, person.email or "")
    last = accounts[0]
    login = next((account.login for account in accounts if account.login), "")
    return Contact(person.name, person.email or "", login, Address(last.platform, last.tenant, last.user, last.route))


def named(person: Person) -> Contact:
    """A person in a sentence, where nobody needs to open a chat."""
    return Contact(person.name, person.email or "")


def first_name(person: Person) -> str:
    if person.name == FORMER:
        # No name, so its first word is none: "Write to A".
        return FORMER
    return person.name.split()[0] if person.name.strip() else "there"


def told_apart(people: Iterable[Person]) -> Mapping[int, str]:
    """Names by person id; where several share one, each has the e-mail behind it."""
    everybody = list(people)
    times = Counter(person.name for person in everybody)
    return {
        person.id: f"{person.name} ({person.email})" if times[person.name] > 1 and person.email else person.name
        for person in everybody
    }


def say_when(turn: Turn, day: date) -> str:
    """A day in the words of whoever acted: "28 May"."""
    return say_day(day, today_of(turn))


def today_of(turn: Turn) -> date:
    """The date where whoever acted is."""
    return calendar_of(turn.person).today(turn.now)


def listed(words: Iterable[str], last: str = "and") -> str:
    """One, two and three."""
    parts = list(words)
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def counted(number: int, one: str, many: str) -> str:
    """1 mentor, 2 mentors."""
    return f"{number} {one if number == 1 else many}"


def minutes_a_month(session_minutes: int, cadence_days: int) -> int:
    """What a pair's meetings take of a month, to the next ten minutes: 45 minutes every 14 days are about 90."""
    return max(session_minutes, round(session_minutes * 28 / cadence_days / 10) * 10)


def cadence_words(days: int) -> str:
    return {7: "every week", 14: "every two weeks", 28: "every four weeks", 30: "once a month"}.get(
        days, f"every {days} days"
    )
