"""The question with whom, for somebody with several partners."""

import pytest

from tests.support.chat import Chat, ChatPerson
from tests.support.company import mentee, mentor, pair, program

COMMANDS = ("met", "book", "rhythm", "goals", "topics")


def a_mentor_of(chat: Chat, *learners: tuple[str, str]) -> ChatPerson:
    """Somebody who teaches all of these, given by their e-mails' names and their own."""
    run = program(chat, chat.person("cora@larkspur.example", coordinator=True), status="running")
    ana = mentor(chat, "ana.costa", run, capacity=len(learners))
    for user, name in learners:
        pair(chat, run, ana, mentee(chat, user, run, row={"name": name}))
    chat.advance(days=3)
    return ana


@pytest.mark.parametrize("command", COMMANDS)
def test_a_sixth_partner_has_a_button_too(chat: Chat, command: str) -> None:
    names = [f"Partner Number{number}" for number in range(1, 7)]
    ana = a_mentor_of(chat, *((f"p{number}", name) for number, name in enumerate(names)))
    ana.command(command)
    assert [label for label in ana.last.labels if label.startswith("Partner")] == names


@pytest.mark.parametrize("command", COMMANDS)
def test_partners_of_the_same_first_name_or_the_very_same_name_are_told_apart(chat: Chat, command: str) -> None:
    mei = a_mentor_of(chat, ("ana.silva", "Ana Silva"), ("ana.ruiz", "Ana Ruiz"), ("ana.ruiz.2", "Ana Ruiz"))
    mei.command(command)
    assert set(mei.last.labels) == {"Ana Silva", "ana.ruiz@larkspur.example", "ana.ruiz.2@larkspur.example"}
