"""S4: with a door left open by the settings the bot does not start, and says which key it is."""

import os
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.slack import Slack
from adapters.teams import Teams
from bot.__main__ import app

GUID = "3f2b8c1e-5d4a-4f6b-9c7d-8e9f0a1b2c3d"
SLACK = {"SLACK_BOT_TOKEN": "xoxb-4815162342-canary", "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99e7a31c85a5"}
TEAMS = {"TEAMS_APP_ID": GUID, "TEAMS_APP_PASSWORD": "canary~secret", "TEAMS_TENANT_IDS": GUID}
# What documentation and `.env.example` hold, and what a template leaves behind.
EXAMPLES = ("replace-me", "changeme", "<your-secret>", "your-signing-secret", "xxxxxxxx", "xoxb-...")
EMPTY = ("", "   ", '""', "''")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for key in [key for key in os.environ if key.upper().startswith("FLIPSIDE_")]:
        monkeypatch.delenv(key)
    monkeypatch.chdir(tmp_path)


def refused(given: Mapping[str, str], *, in_file: bool = False) -> str:
    """What `flipside run` says when it does not start with these settings; nothing of it is a value."""
    named = {f"FLIPSIDE_{key}": value for key, value in given.items()}
    if in_file:
        Path(".env").write_text("".join(f"{key}={value}\n" for key, value in named.items()), encoding="utf-8")
    ran = CliRunner().invoke(app, ["run"], env={} if in_file else named)
    assert isinstance(ran.exception, SystemExit), ran.output
    assert ran.exit_code == 2
    assert "canary" not in ran.output
    assert sorted(path.name for path in Path().iterdir()) == [".env"] * in_file, "not even a database was made"
    return ran.stderr


KEYS = {**dict.fromkeys(SLACK, SLACK), **dict.fromkeys(TEAMS, TEAMS)}


@pytest.mark.parametrize("key", KEYS)
def test_s4_an_empty_key_is_refused_by_its_name(key: str) -> None:
    for empty, in_file in product(EMPTY, (False, True)):
        if empty.strip() and not in_file:
            continue  # a shell has taken the quotes away
        said = refused({**KEYS[key], key: empty}, in_file=in_file)
        assert f"FLIPSIDE_{key}" in said, (key, empty)
        if in_file:
            Path(".env").unlink()


@pytest.mark.parametrize("key", KEYS)
def test_s4_an_example_left_in_place_is_refused_by_its_name(key: str) -> None:
    for example in EXAMPLES:
        assert f"FLIPSIDE_{key}" in refused({**KEYS[key], key: example}), (key, example)


@pytest.mark.parametrize("key", KEYS)
def test_s4_a_key_that_is_missing_among_its_fellows_is_refused(key: str) -> None:
    said = refused({name: value for name, value in KEYS[key].items() if name != key})
    # Without its signing secret Slack could also be reached by Socket Mode: that key is named first.
    assert f"FLIPSIDE_{key}" in said


@pytest.mark.parametrize("nothing", [",", " , ", ";;"])
def test_s4_a_list_of_nothing_is_no_list_of_tenants(nothing: str) -> None:
    assert "FLIPSIDE_TEAMS_TENANT_IDS" in refused({**TEAMS, "TEAMS_TENANT_IDS": nothing})


def test_s4_neither_platform_can_be_made_without_what_guards_it() -> None:
    """Not even by code that goes past the settings."""
    good = {"app_id": GUID, "app_password": "s", "tenant_ids": (GUID,)}
    for missing in ({"app_id": ""}, {"app_password": ""}, {"tenant_ids": ()}):
        with pytest.raises(ValueError, match="Teams"):
            Teams(**{**good, **missing})
    for nothing in (None, ""):
        assert not list(Slack(bot_token="xoxb-1", clock=None, signing_secret=nothing).routes())  # type: ignore[arg-type]


def test_s4_teams_without_authentication_is_refused_where_others_can_reach_it() -> None:
    assert "FLIPSIDE_TEAMS_LOCAL" in refused({"TEAMS_LOCAL": "true", "HOST": "0.0.0.0"})
    assert "FLIPSIDE_TEAMS_LOCAL" in refused({**TEAMS, "TEAMS_LOCAL": "yes", "HOST": "mentor.larkspur.example"})
