"""The three promises of the design, and the golden lists of public names."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

import adapters
from adapters import Registration
from bot.clock import VirtualClock
from bot.engine import Engine
from conversations.cards import Button, buttons, card, text
from conversations.content import load
from conversations.flow import Flow, Turn
from conversations.flows import FLOWS
from conversations.replies import Notice, Planned, Replace, Reply, Say, Tell
from storage.database import Database
from storage.store import Store
from storage.tables import Person
from tests.support import tiny_flows
from tests.support.golden import Golden
from tests.support.letterbox import Letterbox
from tests.support.stages.letterbox import PEOPLE, LetterWriter

HOUSE = Path(__file__).parents[1]
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
VENDORS = ("slack_bolt", "slack_sdk", "botbuilder", "botframework", "openai")

# Where an operator's words for a platform have their place: what to set, what is wrong with it, and its manifest.
FOR_OPERATORS = {"bot/settings.py", "bot/settings_check.py", "bot/doctor.py", "bot/__main__.py", "bot/manifests.py"}
# How fast each platform may be written to. A platform that is not named there is not held back.
PACE = {"bot/pace.py"}
# The benchmark is a client of a platform, not a part of the bot.
MEASURES = "bot/benchmark/"


def people(database: Database) -> None:
    """Ana and Ben are on the roster, with the ids 1 and 2."""
    for user, profile in PEOPLE.items():
        database.write_now(
            lambda store, user=user, profile=profile: store.people.add(  # type: ignore[misc]
                Person(name=profile.name, email=profile.email, timezone="UTC", created_at=MONDAY)
            )
        )


def engine_for(database: Database, platform: Letterbox, flows: Iterable[Flow], clock: VirtualClock) -> Engine:
    return Engine(database, [platform], flows=flows, content=load(), clock=clock)


# A third platform is one folder and one line ---------------------------------------------------------------------


def test_a_line_in_platforms_is_all_that_registers_a_platform() -> None:
    settings = SimpleNamespace(slack_bot_token=None, teams_app_id=None, teams_local=False, letterbox="Main Street 1")
    line = Registration("tests.support.letterbox", ("letterbox",))
    made = adapters.platforms(settings, lambda: MONDAY, (*adapters.PLATFORMS, line))
    assert [type(platform) for platform in made] == [Letterbox]


async def test_a_platform_that_nobody_knew_takes_a_turn_and_a_delivery(sqlite_database: Database) -> None:
    people(sqlite_database)
    box = Letterbox(PEOPLE)
    engine = engine_for(sqlite_database, box, tiny_flows.FLOWS, VirtualClock(MONDAY))
    ana, ben = LetterWriter(box, "ana"), LetterWriter(box, "ben")
    await engine.start()
    await ben.say("hello")
    invitation = card("", buttons(Button("Tell Ben", tiny_flows.TRY.to("tells", person=2))))
    await box.send(box.address("ana"), invitation, "d1")
    await ana.press("Tell Ben")
    await engine.delivery.deliver_due()
    await engine.stop()
    assert [letter.text for letter in ana.messages][-1] == "Told them"
    assert "Somebody says hello" in ben.messages[-1].text


@pytest.mark.parametrize("room", ["conversations", "storage", "bot"])
def test_no_code_outside_a_platforms_folder_names_a_platform(room: str) -> None:
    named = {str(path.relative_to(HOUSE)) for path in (HOUSE / room).rglob("*.py") if any(names_of_platforms(path))}
    assert {name for name in named if not name.startswith(MEASURES)} <= FOR_OPERATORS | PACE


def names_of_platforms(path: Path) -> Iterator[str]:
    """Literals, imports and compound names; not comments, docstrings, or "slack" and "teams" as words of English."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(words)) if words not in docstrings:
                yield from re.findall(r"(?i)\bslack\w*|\bteams\b", words)
            case ast.ImportFrom(module=str(module)) | ast.alias(name=str(module)):
                yield from re.findall(r"adapters\.(?:slack|teams)", module)
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield from re.findall(r"(?i)_(?:slack|teams)|(?:slack|teams)_", name)
            case _:
                pass


# A new conversation is one file and one line ---------------------------------------------------------------------


def lunch_flow(person: int, moment: datetime) -> Flow:
    """A whole new story: a command, a button, and a question that the calendar asks."""
    flow = Flow("lunch")
    flow.command("lunch", "asked", "Find somebody to have lunch with")
    question = card(
        "Lunch?", text("Would you like to have lunch with somebody new?"), buttons(Button("Gladly", flow.to("yes")))
    )

    @flow.step("asked")
    def asked(turn: Turn) -> list[Reply]:
        return [Say(question)]

    @flow.step("reminded")
    def reminded(turn: Turn) -> list[Reply]:
        return [Tell(turn.person.id, question, Notice(key=f"lunch/{turn.person.id}", kind="lunch"))]

    @flow.step("yes")
    def yes(turn: Turn) -> list[Reply]:
        return [Replace(card("", text("Enjoy your lunch.")))]

    @flow.plan
    def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
        if now <= moment <= now + horizon:
            yield Planned(f"lunch/{person}", person, moment, flow.to("reminded"))

    return flow


async def test_a_flow_in_the_tuple_answers_its_command_asks_by_itself_and_is_in_the_help(
    sqlite_database: Database,
) -> None:
    people(sqlite_database)
    box, clock = Letterbox(PEOPLE), VirtualClock(MONDAY)
    on_tuesday = MONDAY + timedelta(days=1)
    engine = engine_for(sqlite_database, box, (*FLOWS, lunch_flow(2, on_tuesday)), clock)
    ana, ben = LetterWriter(box, "ana"), LetterWriter(box, "ben")
    await engine.start()
    await ben.say("hello")
    await ana.command("help")
    await ana.sees("lunch: Find somebody to have lunch with")
    await ana.command("lunch")
    await ana.press("Gladly")
    assert ana.messages[-1].text == "Enjoy your lunch."
    await engine.time_travel(clock).advance(on_tuesday + timedelta(minutes=1))
    await engine.stop()
    assert "Would you like to have lunch" in ben.messages[-1].text


# The core runs without any platform ------------------------------------------------------------------------------

WHOLE_PROGRAM = """
import json, sys
from bot.simulate import simulate

if __name__ == "__main__":
    report = simulate(8, 3, 1, None, lambda day, part: None)
    print(json.dumps([report.sessions_held, sorted(sys.modules)]))
"""


@pytest.mark.slow
def test_a_whole_program_runs_without_any_platform_or_its_library(tmp_path: Path) -> None:
    script = tmp_path / "whole_program.py"
    script.write_text(WHOLE_PROGRAM)
    lines = _run(script).splitlines()
    sessions_held, modules = json.loads(lines[-1])
    assert sessions_held > 0
    assert [each for each in modules if each.split(".")[0] in VENDORS] == []
    assert [each for each in modules if each.startswith(("adapters.slack", "adapters.teams", "adapters.web"))] == []


@pytest.mark.slow
def test_importing_the_core_imports_no_platform_and_none_of_its_libraries(tmp_path: Path) -> None:
    script = tmp_path / "core.py"
    script.write_text("import sys, bot.engine, conversations.flows\nprint(*sys.modules)\n")
    modules = _run(script).split()
    assert "conversations.flows.check_in" in modules
    assert [each for each in modules if each.split(".")[0] in VENDORS] == []
    known = {"adapters.platform", "adapters.loopback"}
    assert [each for each in modules if each.startswith("adapters.") and each not in known] == []


def _run(script: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(script)], cwd=HOUSE, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# Names that are public like addresses -----------------------------------------------------------------------------


def test_every_step_has_the_name_that_weeks_old_cards_point_at(golden: Golden) -> None:
    names = sorted(flow.to(step).name for flow in FLOWS for step in flow.steps)
    golden.check("steps.txt", "".join(f"{name}\n" for name in names))
