"""Programs for tests to begin with."""

from datetime import date
from typing import Any

from storage.store import Store
from storage.tables import Program
from tests.support.chat import Chat, ChatPerson


def an_open_program(chat: Chat, coordinator: ChatPerson, **columns: Any) -> int:
    """A program that takes sign-ups; `columns` change what is needed. Returns its id."""
    template = chat.content.templates["digital_fluency"]
    values = {
        "name": "Digital fluency 2026",
        "template": template.id,
        "status": "open",
        "objective": template.objective,
        "themes": list(template.themes),
        "questions": list(template.questions),
        "success": template.success,
        "matching_on": date(2026, 3, 23),
        "starts_on": date(2026, 3, 26),
        "ends_on": date(2026, 9, 26),
        "created_by": coordinator.id,
        "created_at": chat.now,
    } | columns

    def add(store: Store) -> int:
        return store.programs.add(Program(**values)).id

    number: int = chat.look(add)
    return number
