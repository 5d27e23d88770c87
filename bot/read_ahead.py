"""What several claims look at, read for all of them at once: a statement costs about as much for eight as for one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.allowance import LOOKS_BACK, counts
from storage.sending import Taken, Unprompted
from storage.store import Store
from storage.tables import Account, Person


class ReadAhead:
    """Of no two messages in the same lane: what becomes of one must not change what was read for another."""

    def __init__(self, store: Store, message_ids: Collection[int], now: datetime) -> None:
        self._store = store
        self._since = now - LOOKS_BACK
        self._taken: Mapping[int, Taken] = store.sending.take(message_ids, now)
        left = [each for each in message_ids if each not in self._taken]
        self._passed_over = store.sending.passed_over(left, now)
        self._people = store.people.with_accounts(self._who(all_of_them=True))
        self._messages = store.sending.unprompted_of(self._who(all_of_them=False), self._since)

    def _who(self, *, all_of_them: bool) -> Collection[int]:
        """Whom the messages are for: everybody, or those whose budget is asked."""
        taken = (each.message for each in self._taken.values())
        ours = (each for each in taken if each.changes_key is None and (all_of_them or counts(each)))
        return {each.person_id for each in ours if each.person_id is not None}

    def taken(self, message_id: int) -> Taken | None:
        return self._taken.get(message_id)

    def is_locked(self, message_id: int) -> bool:
        """Somebody else is changing it this very moment."""
        return message_id in self._passed_over

    def person(self, person_id: int) -> tuple[Person, Sequence[Account]]:
        """The person, and their open accounts, the last used first."""
        return self._people[person_id]

    def messages(self, person_id: int) -> Sequence[Unprompted]:
        """What the budget sees of them."""
        return self._messages[person_id]

    def messages_now(self, person_ids: Collection[int]) -> Mapping[int, Sequence[Unprompted]]:
        """The same of others, who may have a lane of their own here: as it is by now."""
        return self._store.sending.unprompted_of(person_ids, self._since)
