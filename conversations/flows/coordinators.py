"""Who runs programs: seen, added and removed in the chat. The settings only name the first ones."""

from datetime import timedelta

from conversations.coordinators_cards import (
    Listed,
    add_form,
    added_card,
    coordinators_card,
    last_one_card,
    not_there_card,
    really_remove_card,
    removed_card,
    welcome_card,
)
from conversations.events import Pressed
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.replies import Ask, Correct, Notice, Replace, Reply, Say, Tell
from storage.tables import Coordinator, Person

FLOW = Flow("coordinators")
FLOW.command(
    "program coordinators",
    "show",
    "See, add and remove coordinators",
    coordinators_only=True,
    also="coordinators",
)
# Whoever cannot be reached for so long sees it when they write.
WELCOME_LASTS = timedelta(days=14)


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, page: int = 0) -> list[Reply]:
    able = {person.id for person in turn.store.coordinators.able()}
    listed = turn.store.coordinators.listed()
    shown = coordinators_card([Listed(row, one, one is not None and one.id in able) for row, one in listed], page)
    return [Replace(shown) if isinstance(turn.event, Pressed) else Say(shown)]


@FLOW.step("add", coordinators_only=True)
def add(turn: Turn) -> list[Reply]:
    return [Ask(add_form(FLOW.to("added")))]


@FLOW.step("added", coordinators_only=True)
def added(turn: Turn) -> list[Reply]:
    form = add_form(turn.action)
    answers = read(form, turn.values)
    email = answers.text("email")
    errors = dict(answers.errors)
    if email in {row.email for row, _ in turn.store.coordinators.listed()}:
        errors["email"] = "This colleague is a coordinator already."
    person = turn.store.people.by_email(email) if email else None
    if person is not None and person.gone_since is not None:
        errors["email"] = "This colleague has left the company."
    if errors:
        return [Correct(form.filled(turn.values), errors)]
    turn.store.people.appoint([email])
    turn.store.audit.add(turn.now, turn.person, "coordinator added")
    return [Say(added_card(email, person)), *([_welcome(turn, person)] if person else ())]


def _welcome(turn: Turn, person: Person) -> Tell:
    key = f"coordinator_welcome/{person.id}/{turn.now:%Y-%m-%dT%H:%M}"
    notice = Notice(key=key, kind="coordinator_welcome", expires_at=turn.now + WELCOME_LASTS)
    return Tell(person.id, welcome_card(turn.person), notice)


@FLOW.step("remove", coordinators_only=True)
def remove(turn: Turn, coordinator: int) -> list[Reply]:
    """Asks first, and says what becomes of their programs."""
    found = _listed(turn, coordinator)
    if found is None:
        return [Replace(not_there_card())]
    row, person = found
    heir = _heir(turn, person)
    if heir is None:
        return [Replace(last_one_card(person.name if person else row.email))]
    yourself = person is not None and person.id == turn.person.id
    return [Replace(really_remove_card(row, person, yourself=yourself, programs=_programs_of(turn, person), heir=heir))]


@FLOW.step("removed", coordinators_only=True)
def removed(turn: Turn, coordinator: int) -> list[Reply]:
    found = _listed(turn, coordinator)
    if found is None:
        return [Replace(not_there_card())]
    row, person = found
    heir = _heir(turn, person)
    if heir is None:
        return [Replace(last_one_card(person.name if person else row.email))]
    theirs = _programs_of(turn, person)
    turn.store.coordinators.remove(row.email)
    if person is not None:
        turn.store.coordinators.hand_over(person, heir)
    turn.store.audit.add(turn.now, turn.person, "coordinator removed")
    yourself = person is not None and person.id == turn.person.id
    name = person.name if person else row.email
    return [Replace(removed_card(name, yourself=yourself, heir=heir if theirs else None))]


def _listed(turn: Turn, coordinator: int) -> tuple[Coordinator, Person | None] | None:
    return next((one for one in turn.store.coordinators.listed() if one[0].id == coordinator), None)


def _programs_of(turn: Turn, person: Person | None) -> int:
    programs = turn.store.programs.with_status("draft", "open", "running")
    return sum(1 for one in programs if person is not None and one.created_by == person.id)


def _heir(turn: Turn, leaves: Person | None) -> Person | None:
    """Who gets what was theirs: whoever removes them, or another one who is at work."""
    able = turn.store.coordinators.able()
    others = [person for person in able if leaves is None or person.id != leaves.id]
    return next((one for one in others if one.id == turn.person.id), next(iter(others), None))
