"""Buttons that somebody made up: on Teams anybody can post any step with any number. Nothing comes of it."""

import itertools
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import VirtualClock
from bot.dispatcher import Dispatcher
from conversations.actions import Action
from conversations.cards import plain_text
from conversations.content import load
from conversations.events import Event, Pressed, Submitted
from conversations.flow import Step
from conversations.flows import FLOWS
from conversations.replies import Ask, AtOnce, Correct
from storage.database import Database
from storage.store import Store
from storage.tables import CheckIn, Proposal, ProposedPair, Table
from tests.support.chat import Chat
from tests.support.company import MONDAY, mentee, mentor, pair, program
from tests.support.fake_platform import FakePlatform

pytestmark = pytest.mark.slow

EVENTS: tuple[Event, ...] = (Pressed(), Submitted({"role": "mentor", "name": "mine", "learned": "mine"}))
# Ids of every kind of row that there is below, one that nothing has, and two that no database compares with an id.
NUMBERS = ("0", "1", "2", "3", "99", str(2**31), "9" * 18)
OTHERS = ("Ana Costa", "Erik Berg", "ana.costa@", "erik.berg@", "undisclosed", "Quiet plan", "kindred")
# What a turn of somebody new leaves behind by itself, and the first message of all: the secret of the delivery ids.
OWN_TRACES = ("people", "accounts", "inbox", "drafts", "installation_state")


def larkspur(chat: Chat) -> None:
    """A pair with answers, a proposal that waits, and a program that nobody has heard of."""
    cora = chat.person("cora@larkspur.example", coordinator=True)
    running = program(chat, cora, status="running")
    program(chat, cora, "Quiet plan", status="draft")
    ana = mentor(chat, "ana.costa", running, goals="undisclosed goal")
    erik = mentee(chat, "erik.berg", running)
    met = pair(chat, running, ana, erik, reason="kindred spirits")

    def answers(store: Store) -> None:
        check_in = store.check_ins.add(CheckIn(person_id=ana.id, period=MONDAY + timedelta(days=15)))
        check_in.asked_at = chat.now
        store.check_ins.record(check_in, met, "met", chat.now).learned = "undisclosed line"
        store.check_ins.add(CheckIn(person_id=erik.id, period=MONDAY + timedelta(days=15), asked_at=chat.now))
        store.proposals.add(
            Proposal(program_id=running, total=1, unmatched=[], made_by=cora.id, made_at=chat.now),
            [ProposedPair(mentor_id=ana.id, mentee_id=erik.id, score=1, reason="kindred", kept=True)],
        )

    chat.look(answers)


def attempts(step: Step) -> Iterator[dict[str, str]]:
    numbers = [name for name, one in step.parameters.items() if one.annotation is int]
    texts = {name: "2026-03-17" for name in step.parameters if name not in numbers}
    for number in NUMBERS:
        yield {**texts, **dict.fromkeys(numbers, number)}
    if len(numbers) > 1:
        for few in itertools.product(NUMBERS[1:3], repeat=2):
            yield {**texts, **dict.fromkeys(numbers, "0"), **dict(zip(numbers, few, strict=False))}


def rows(database: Database, *but: str) -> dict[str, list[str]]:
    def read(store: Store) -> dict[str, list[str]]:
        session: Any = store._session
        tables = [table for name, table in Table.metadata.tables.items() if name not in but]
        return {table.name: sorted(map(repr, session.execute(table.select()))) for table in tables}

    return database.read_now(read)


def shown(answer: AtOnce) -> str:
    if isinstance(answer, Ask | Correct):
        return repr(answer.form)
    return f"{plain_text(answer.card)} {answer.card!r}"


@pytest.fixture
def chat(database: Database) -> Chat:
    chat = Chat(database)
    larkspur(chat)
    return chat


@pytest.fixture
def slack(database: Database, chat: Chat) -> FakePlatform:
    platform = FakePlatform("slack")
    platform.employ("mal", "Mal Lory")
    platform.employ("gus", "Gus Hale", email="cora@larkspur.example", member=False)
    platform.employ("erik", "Erik Berg", email="erik.berg@larkspur.example")
    platform.dispatch = Dispatcher(database, FLOWS, load(), {"slack": platform}, VirtualClock(chat.now))
    return platform


@pytest.mark.parametrize("user", ["mal", "gus"])
async def test_s5_no_step_with_any_number_shows_or_changes_what_is_somebody_elses(
    slack: FakePlatform, database: Database, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "flipside")
    before = rows(database, *OWN_TRACES)
    for flow in FLOWS:
        for name, step in flow.steps.items():
            for args, event in itertools.product(attempts(step), EVENTS):
                action = Action(flow.name, name, args)
                for answer in await slack.happen(user, event, action):
                    overheard = [word for word in OTHERS if word in shown(answer)]
                    assert overheard == [], action.pack()
    assert rows(database, *OWN_TRACES) == before
    assert " failed " not in caplog.text


async def test_what_the_clock_does_cannot_be_done_by_hand_even_by_whom_it_is_about(
    slack: FakePlatform, database: Database
) -> None:
    """The day of the introduction is day 0 of all check-ins: introducing themselves again would move them all."""
    await slack.arrive("erik")
    before = rows(database, "inbox", "accounts")
    for flow in FLOWS:
        for name, step in flow.steps.items():
            if step.clock_only:
                for args in attempts(step):
                    [answer] = await slack.press("erik", Action(flow.name, name, args))
                    assert "an old one" in shown(answer)
    assert rows(database, "inbox", "accounts") == before
