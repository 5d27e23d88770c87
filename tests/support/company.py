"""Larkspur as the flow tests need it: a running program, people who joined it, and pairs that were introduced."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from conversations.matching import from_store
from conversations.matching.questions import advice_request, compare_both, smallest, what_if_requests
from conversations.matching.request import run
from storage.store import Store
from storage.tables import Enrollment, Pair, Program
from tests.support.chat import Chat, ChatPerson

MONDAY = date(2026, 3, 2)


def with_matching(chat: Chat) -> Chat:
    """The consultations about who fits whom, worked out on the spot."""

    def matching(store: Store, about: Mapping[str, Any]) -> Any:
        day = date.fromisoformat(about["today"]) if "today" in about else None
        read = from_store.everybody_again if about.get("everybody") else from_store.request
        return run(read(store, int(about["program"]), chat.content, day))

    chat.consultants["matching"] = matching
    chat.consultants["what_if"] = lambda store, about: compare_both(*what_if_requests(store, about, chat.content))
    chat.consultants["advice"] = lambda store, about: smallest(advice_request(store, about, chat.content))
    return chat


def program(chat: Chat, coordinator: ChatPerson, name: str = "Digital fluency", **columns: Any) -> int:
    """A program that is open since today; its introductions begin on Monday, 2 March."""

    def add(store: Store) -> int:
        row = {
            "template": "digital_fluency",
            "status": "open",
            "objective": "Leaders use our tools with ease.",
            "themes": ["digital_tools", "artificial_intelligence"],
            "questions": [],
            "success": "Three new habits each.",
            "contact_name": "Ida Moss",
            "contact_reach": "ida.moss@larkspur.example",
            # Late, so that nobody hears of the day itself while a test moves the clock.
            "matching_on": MONDAY + timedelta(days=90),
            "starts_on": MONDAY,
            "ends_on": MONDAY + timedelta(days=184),
        } | columns
        return store.programs.add(Program(name=name, created_by=coordinator.id, created_at=chat.now, **row)).id

    number: int = chat.look(add)
    return number


def joins(chat: Chat, person: ChatPerson, program_id: int, role: str, **columns: Any) -> None:
    """Somebody who signed up and signed the agreement."""
    themes = {"offers": ["artificial_intelligence"]} if role == "mentor" else {"wants": ["artificial_intelligence"]}
    row = {"status": "joined", "agreed_at": chat.now, "agreement_version": "1", **themes} | columns
    chat.look(
        lambda store: store.enrollments.add(
            Enrollment(program_id=program_id, person_id=person.id, role=role, created_at=chat.now, **row)
        )
    )


def mentor(chat: Chat, name: str, program_id: int, *, row: dict[str, Any] | None = None, **columns: Any) -> ChatPerson:
    person = chat.person(f"{name}@larkspur.example", **({"level": 2, "department": "Engineering"} | (row or {})))
    joins(chat, person, program_id, "mentor", **columns)
    return person


def mentee(chat: Chat, name: str, program_id: int, *, row: dict[str, Any] | None = None, **columns: Any) -> ChatPerson:
    person = chat.person(
        f"{name}@larkspur.example",
        **({"level": 6, "department": "Finance", "manager_email": "board@larkspur.example"} | (row or {})),
    )
    joins(chat, person, program_id, "mentee", **columns)
    return person


def pair(
    chat: Chat, program_id: int, teacher: ChatPerson, learner: ChatPerson, started_on: date = MONDAY, **columns: Any
) -> int:
    """Two people who were introduced on a day."""
    number: int = chat.look(
        lambda store: (
            store.pairs.add(
                Pair(
                    program_id=program_id,
                    mentor_id=teacher.id,
                    mentee_id=learner.id,
                    started_on=started_on,
                    created_at=chat.now,
                    **columns,
                )
            ).id
        )
    )
    return number


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
