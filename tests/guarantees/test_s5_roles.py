"""S5: who may do what. Each role tries each command in each program, each step, and steps that nobody offered."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.clock import VirtualClock
from bot.dispatcher import Dispatcher
from conversations.actions import Action
from conversations.apologies import for_coordinators
from conversations.cards import plain_text
from conversations.content import load
from conversations.events import Left, Pressed, Submitted
from conversations.flow import Command, Step
from conversations.flows import FLOWS
from storage.database import Database
from storage.store import Store
from storage.tables import CheckIn, PairGoal
from tests.bot.test_made_up_actions import attempts, rows, shown
from tests.support.chat import Chat
from tests.support.company import MONDAY, at, mentee, mentor, pair, program
from tests.support.fake_platform import FakePlatform

# The table, written down a second time: words for everybody, and stories with a step for everybody. All else is the
# coordinators', and the commands of theirs all begin with one word.
FOR_EVERYBODY = {
    *("join", "edit", "home", "topics", "book", "met", "rhythm", "need help", "pause", "back", "leave", "privacy"),
    *("results", "nominate", "goals", "help", "working style"),
}
THEIRS = "program"
OPEN_STORIES = {
    *("sign_up", "home", "topics", "booking", "met", "rhythm", "need", "pause", "leaving", "privacy", "results"),
    *("nominate", "asking", "introduction", "hello", "goals", "skills", "check_in", "half_time", "silence", "pulse"),
    *("parting", "closing", "help", "working_style"),
}
# In those, what only coordinators do.
CLOSED_STEPS = {
    *("need.take", "need.done", "asking.show", "parting.rematch", "parting.yes_rematch", "parting.leave_it"),
    "closing.who_again",
}

STATUSES = ("draft", "open", "running", "closed")
# Everybody without rights: who teaches, who learns, who sponsors the programs, a colleague in no program, a guest under
# the e-mail of a coordinator, somebody whose e-mail only looks like it, and somebody who was a coordinator.
OTHERS = ("ana", "erik", "sol", "mal", "gus", "kay", "rex")
REFUSED = plain_text(for_coordinators())
PRIVATE = "undisclosed"
MONDAY_MORNING = at(MONDAY)


def commands() -> Iterator[Command]:
    for flow in FLOWS:
        yield from flow.commands


def steps() -> Iterator[tuple[str, Step]]:
    """Every step that a button can name, by its whole name."""
    for flow in FLOWS:
        for name, step in flow.steps.items():
            if not step.clock_only:
                yield f"{flow.name}.{name}", step


def needs_rights(command: Command) -> bool:
    flow = next(flow for flow in FLOWS if flow.name == command.action.flow)
    return command.coordinators_only and flow.steps[command.action.step].coordinators_only


def larkspur(chat: Chat) -> None:
    """A program of each status; in the one that runs, a pair that wrote something down for themselves."""
    cora = chat.person("cora@larkspur.example", coordinator=True)
    chat.person("rex@larkspur.example")
    chat.person("sol@larkspur.example")
    numbers = {
        status: program(chat, cora, f"Plan {status}", status=status, sponsor_email="sol@larkspur.example")
        for status in STATUSES
    }
    ana = mentor(chat, "ana", numbers["running"])
    erik = mentee(chat, "erik", numbers["running"])
    met = pair(chat, numbers["running"], ana, erik)

    def private(store: Store) -> None:
        store.people.appoint(["rex@larkspur.example"])
        for who in (ana, erik):
            check_in = store.check_ins.add(CheckIn(person_id=who.id, period=MONDAY + timedelta(days=14)))
            check_in.asked_at = check_in.answered_at = chat.now
            answer = store.check_ins.record(check_in, met, "met", chat.now)
            answer.learned, answer.change, answer.closer = f"{PRIVATE} line", f"{PRIVATE} wish", 2
            store._session.add(
                PairGoal(pair_id=met, person_id=who.id, position=1, text=f"{PRIVATE} goal", set_at=chat.now)
            )
        # A coordinator who is on the list of those who decide for one of the two.
        store.people.get(erik.id).reviewers = ["cora@larkspur.example"]  # type: ignore[union-attr]

    chat.look(private)


@pytest.fixture
def slack(sqlite_database: Database) -> FakePlatform:
    chat = Chat(sqlite_database)
    larkspur(chat)
    platform = FakePlatform("slack")
    for user in ("cora", "rex", "ana", "erik", "sol", "mal"):
        platform.employ(user)
    platform.employ("gus", email="cora@larkspur.example", member=False)
    # The long s is no s, though Python's upper case says so.
    platform.employ("kay", email="cora@lark\u017fpur.example")
    clock = VirtualClock(chat.now + timedelta(days=20))
    platform.dispatch = Dispatcher(sqlite_database, FLOWS, load(), {"slack": platform}, clock)
    return platform


async def fallen(slack: FakePlatform, database: Database) -> None:
    """Rex was a coordinator until this moment, and has used it."""
    assert not await refused(slack, "rex", "program list")
    database.write_now(lambda store: store.coordinators.remove("rex@larkspur.example"))


async def refused(slack: FakePlatform, user: str, words: str) -> bool:
    return [shown(answer).startswith(REFUSED) for answer in await slack.command(user, words)] == [True]


# The table -----------------------------------------------------------------------------------------------------------


def test_s5_the_table_names_every_command_and_every_story() -> None:
    listed = {" ".join(command.words): needs_rights(command) for command in commands()}
    assert {words for words, closed in listed.items() if not closed} == FOR_EVERYBODY
    assert all(words.split()[0] == THEIRS for words in set(listed) - FOR_EVERYBODY)
    everybody = {name for name, step in steps() if not step.coordinators_only}
    assert {name.partition(".")[0] for name in everybody} == OPEN_STORIES
    inside = {name for name, step in steps() if step.coordinators_only and name.partition(".")[0] in OPEN_STORIES}
    assert inside == CLOSED_STEPS


def test_s5_other_words_for_a_command_open_no_other_door() -> None:
    for command in commands():
        for others in command.also:
            meant = [one for one in commands() if others in (one.words, *one.also)]
            assert [needs_rights(one) for one in meant] == [needs_rights(command)], others


# The matrix ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_s5_each_role_may_say_exactly_what_the_table_allows_in_every_program(
    slack: FakePlatform, sqlite_database: Database
) -> None:
    await fallen(slack, sqlite_database)
    wrong = []
    for command in commands():
        words = " ".join(command.words)
        closed = words not in FOR_EVERYBODY
        for name in ("", *(f" Plan {status}" for status in STATUSES)) if closed else ("",):
            wrong += [(user, words + name) for user in OTHERS if await refused(slack, user, words + name) != closed]
            if await refused(slack, "cora", words + name):
                wrong.append(("cora", words + name))
    assert wrong == []


@pytest.mark.slow
async def test_s5_no_coordinators_step_runs_for_anybody_else_whatever_is_in_its_button(
    slack: FakePlatform, sqlite_database: Database
) -> None:
    await fallen(slack, sqlite_database)
    for user in OTHERS:
        await slack.arrive(user)
    before = rows(sqlite_database, "inbox", "accounts", "people")
    for name, step in steps():
        if step.coordinators_only:
            flow, _, own = name.partition(".")
            for user in OTHERS:
                for args, event in ((next(attempts(step)), Pressed()), ({}, Submitted({"name": "mine"}))):
                    answers = await slack.happen(user, event, Action(flow, own, args))
                    assert [shown(answer).startswith(REFUSED) for answer in answers] == [True], (user, name)
    assert rows(sqlite_database, "inbox", "accounts", "people") == before


MADE_UP = (
    *(Action("", ""), Action("no_story", "show"), Action("home", "no_step"), Action("home", "__init__")),
    *(Action("program", "__class__"), Action("report", "run"), Action("../program", "list"), Action("PROGRAM", "list")),
)


async def test_s5_a_step_that_nobody_wrote_is_an_old_card_to_everybody(
    slack: FakePlatform, caplog: pytest.LogCaptureFixture
) -> None:
    for user in ("cora", *OTHERS):
        for action in MADE_UP:
            [answer] = await slack.press(user, action)
            assert "an old one" in shown(answer), action
    assert " failed " not in caplog.text


# Rights that end -----------------------------------------------------------------------------------------------------


async def test_s5_whoever_loses_the_role_is_refused_from_the_very_next_request(
    slack: FakePlatform, sqlite_database: Database
) -> None:
    await fallen(slack, sqlite_database)
    assert await refused(slack, "rex", "program list")
    # A form that was open on their screen does not save any more either.
    answers = await slack.submit("rex", Action("coordinators", "added"), email="mal@larkspur.example")
    assert [shown(answer).startswith(REFUSED) for answer in answers] == [True]
    assert await refused(slack, "mal", "program list")


async def test_s5_whoever_comes_back_as_a_guest_has_no_rights_here_even_if_they_have_elsewhere(
    slack: FakePlatform,
) -> None:
    """Cora has an account on another platform too, as a full member."""
    assert not await refused(slack, "cora", "program list")
    await slack.happen("cora", Left())
    slack.employ("cora", member=False)
    assert await refused(slack, "cora", "program list")


# What coordinators do not see ----------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_s5_no_coordinator_sees_what_a_pair_wrote_for_itself_by_any_command_step_or_file(
    slack: FakePlatform, sqlite_database: Database
) -> None:
    """Not even one whom somebody named as a reviewer."""
    seen = []
    for command in commands():
        for name in ("", *(f" Plan {status}" for status in STATUSES)):
            answers = await slack.command("cora", " ".join(command.words) + name)
            seen += [" ".join(command.words) for answer in answers if PRIVATE in shown(answer)]
    assert [file for file in _files(sqlite_database) if PRIVATE.encode() in file] == []
    for name, step in steps():
        # She would be nobody after that.
        for args in attempts(step) if name != "privacy.erased" else ():
            flow, _, own = name.partition(".")
            seen += [name for answer in await slack.press("cora", Action(flow, own, args)) if PRIVATE in shown(answer)]
        # Some steps take coordinators off the list.
        sqlite_database.write_now(lambda store: store.people.appoint(["cora@larkspur.example"]))
    assert seen == []
    assert [row for row in rows(sqlite_database)["outbox"] if PRIVATE in row] == []
    assert PRIVATE in str(rows(sqlite_database)["check_in_answers"]), "there was something to see all along"


def _files(database: Database) -> list[bytes]:
    """Every file about a program that a coordinator can be handed."""

    def make(store: Store) -> list[bytes]:
        cora, content = store.people.by_email("cora@larkspur.example"), load()
        made = [
            make_file(store, cora, MONDAY_MORNING, content, program=one.id)
            for flow in FLOWS
            if flow.name not in OPEN_STORIES
            for make_file in flow.files.values()
            for one in store.programs.with_status(*STATUSES)
        ]
        return [file.content for file in made if file is not None]

    found = database.write_now(make)
    assert found
    return found
