"""Drafts: the screens of a long form that were submitted while the bot waits for the rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.subject import Subject
from storage.tables import Draft, Person


class Drafts(Subject):
    """At most one draft for a person, a flow and a subject."""

    def get(self, person: Person, flow: str, subject: str) -> Mapping[str, Any]:
        """What was kept; empty when there is nothing."""
        draft = self._session.get(Draft, (person.id, flow, subject))
        return draft.values if draft else {}

    def keep(self, person: Person, flow: str, subject: str, values: Mapping[str, Any], now: datetime) -> None:
        self._session.merge(Draft(person_id=person.id, flow=flow, subject=subject, values=dict(values), updated_at=now))

    def drop(self, person: Person, flow: str, subject: str) -> None:
        draft = self._session.get(Draft, (person.id, flow, subject))
        if draft is not None:
            self._session.delete(draft)
