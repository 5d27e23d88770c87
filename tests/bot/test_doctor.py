"""What `flipside doctor` finds, and says, on machines in different states."""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.platform import Finding
from adapters.slack.check import check
from bot.doctor import content, database, doubts, examine, lines, worst
from bot.restore import hold
from bot.settings import Settings
from storage.migrate import migrate
from tests.support.slack_server import SlackStub

GUID = "3f2b8c1e-5d4a-4f6b-9c7d-8e9f0a1b2c3d"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for key in [key for key in os.environ if key.startswith("FLIPSIDE_")]:
        monkeypatch.delenv(key)
    monkeypatch.chdir(tmp_path)


def named(findings: list[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


def test_a_machine_without_any_platform_has_a_fault(tmp_path: Path) -> None:
    findings = examine(tmp_path / ".env")
    assert named(findings, "FLIPSIDE_SLACK_BOT_TOKEN").level == "fault"
    assert worst(findings) == "fault"


def test_a_trial_on_this_machine_has_no_fault(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "FLIPSIDE_TEAMS_LOCAL=true\nFLIPSIDE_COORDINATORS=ines@larkspur.example\n", encoding="utf-8"
    )
    (tmp_path / ".env").chmod(0o600)
    findings = examine(tmp_path / ".env")
    assert {finding.level for finding in findings} == {"ok"}, lines(findings)
    assert not (tmp_path / "data").exists()


def test_o5_wrong_settings_are_findings_with_key_and_fix(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FLIPSIDE_PORT=canary\nFLIPSIDE_HOTS=canary\n", encoding="utf-8")
    findings = examine(tmp_path / ".env")
    said = "\n".join(lines(findings))
    for key in ("FLIPSIDE_PORT", "FLIPSIDE_HOTS"):
        assert named(findings, key).fix
        assert key in said
    assert "canary" not in said


def test_a_database_that_does_not_answer_is_a_fault_that_shows_no_password() -> None:
    (finding,) = database("postgresql://flipside:canary@127.0.0.1:1/flipside")
    assert finding.level == "fault"
    assert "FLIPSIDE_DATABASE_URL" in finding.fix
    assert "canary" not in repr(finding)


def test_a_database_without_tables_is_told_to_migrate(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/flipside.db"
    (tmp_path / "flipside.db").touch()
    assert "flipside migrate" in named(database(url), "migrations").fix
    migrate(url)
    assert {finding.level for finding in database(url)} == {"ok"}


@pytest.mark.slow
def test_a_database_of_a_newer_version_is_a_fault(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/flipside.db"
    migrate(url)
    with closing(sqlite3.connect(tmp_path / "flipside.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    finding = named(database(url), "migrations")
    assert finding.level == "fault"
    assert "9999" in finding.message


def test_a_database_that_others_on_the_machine_can_read_is_worth_a_warning(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    file, url = tmp_path / "flipside.db", f"sqlite:///{tmp_path / 'flipside.db'}"
    migrate(url)
    assert {finding.level for finding in database(url)} == {"ok"}
    file.chmod(0o644)
    [finding] = [finding for finding in database(url) if finding.level != "ok"]
    assert (finding.level, "chmod 600" in finding.fix) == ("warning", True)
    tmp_path.chmod(0o700)
    assert {finding.level for finding in database(url)} == {"ok"}


def test_a_database_that_takes_no_row_is_a_fault(tmp_path: Path) -> None:
    """It answers what is read; what people do would be lost."""
    url = f"sqlite:///{tmp_path / 'flipside.db'}"
    migrate(url)
    with closing(sqlite3.connect(tmp_path / "flipside.db")) as connection:
        refuses = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        connection.execute(f"CREATE TRIGGER full BEFORE INSERT ON installation_state {refuses}")
    assert named(database(url), "database").level == "fault"


def test_a_path_on_which_the_first_start_could_make_nothing_is_a_fault(tmp_path: Path) -> None:
    taken = tmp_path / "data"
    taken.write_text("no folder", encoding="utf-8")
    [finding] = database(f"sqlite:///{taken}/flipside.db")
    assert finding.level == "fault"
    assert f"{taken} takes no files" in finding.message


def test_secrets_that_others_on_the_machine_can_read_are_worth_a_warning(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("FLIPSIDE_TEAMS_LOCAL=true\n", encoding="utf-8")
    env.chmod(0o644)
    [finding] = [finding for finding in examine(env) if "chmod" in finding.fix]
    assert finding.level == "warning"
    env.chmod(0o600)
    assert not [finding for finding in examine(env) if "chmod" in finding.fix]


def test_an_outbox_on_hold_is_worth_a_warning(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/flipside.db"
    migrate(url)
    hold(url, datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    finding = named(database(url), "outbox")
    assert finding.level == "warning"
    assert "2026-03-02T09:30" in finding.message
    assert "flipside resume" in finding.fix


def test_figures_that_other_machines_can_read_are_worth_a_warning() -> None:
    assert named(doubts(Settings(metrics="0.0.0.0:9017")), "FLIPSIDE_METRICS").level == "warning"
    assert "FLIPSIDE_METRICS" not in {finding.name for finding in doubts(Settings(metrics="127.0.0.1:9017"))}


@pytest.mark.parametrize("scopes", ["commands,chat:write", ""])
async def test_a_slack_app_without_a_scope_is_told_to_reinstall(
    scopes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with SlackStub() as slack:
        slack.scopes = scopes
        monkeypatch.setenv("FLIPSIDE_SLACK_API_URL", slack.api_url)
        monkeypatch.setenv("FLIPSIDE_SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("FLIPSIDE_SLACK_SIGNING_SECRET", slack.signing_secret)
        findings = await asyncio.to_thread(examine, tmp_path / ".env")
    assert named(findings, "Slack bot token").level == "ok"
    missing = named(findings, "Slack scopes")
    assert missing.level == "fault"
    assert "users:read" in missing.message
    assert slack.signing_secret not in "".join(lines(findings))


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [(600, "fault", "10 minutes ahead of Slack's"), (-120, "warning", "2 minutes behind Slack's"), (5, None, "")],
)
async def test_a_clock_that_is_wrong_is_found_by_slacks(seconds: float, level: str | None, words: str) -> None:
    async with SlackStub() as slack:
        findings = await check(
            slack.bot_token, lambda: slack.clock() + timedelta(seconds=seconds), api_url=slack.api_url
        )
    found = [finding for finding in findings if finding.name == "clock"]
    assert [finding.level for finding in found] == ([level] if level else [])
    assert all(words in finding.message for finding in found)


async def test_a_slack_that_does_not_answer_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLIPSIDE_SLACK_API_URL", "http://127.0.0.1:1/api")
    monkeypatch.setenv("FLIPSIDE_SLACK_BOT_TOKEN", "xoxb-canary")
    monkeypatch.setenv("FLIPSIDE_SLACK_SIGNING_SECRET", "canary")
    findings = await asyncio.to_thread(examine, tmp_path / ".env")
    assert worst(findings) == "fault"
    assert "canary" not in "".join(lines(findings))


def test_the_texts_that_ship_parse() -> None:
    assert content().level == "ok", content()


def test_nobody_to_run_a_program_is_worth_a_warning() -> None:
    assert named(doubts(Settings()), "FLIPSIDE_COORDINATORS").level == "warning"


def test_a_roster_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    found = doubts(Settings(roster_file=tmp_path / "roster.csv"))
    assert named(found, "FLIPSIDE_ROSTER_FILE").level == "fault"


def test_teams_without_authentication_behind_a_public_address_is_worth_a_warning() -> None:
    found = doubts(Settings(teams_local=True, public_url="https://127.0.0.1"))
    assert named(found, "FLIPSIDE_TEAMS_LOCAL").level == "warning"


def test_a_platform_without_a_public_address_is_worth_a_warning() -> None:
    found = doubts(Settings(teams_app_id=GUID))
    assert named(found, "FLIPSIDE_PUBLIC_URL").level == "warning"
    assert "handed a file" in named(found, "FLIPSIDE_PUBLIC_URL").message


def test_each_finding_is_one_line_however_long_its_key_is() -> None:
    shown = lines([Finding("FLIPSIDE_TEAMS_APP_PASSWORD", "fault", "x" * 200, "y"), Finding("a", "ok", "z")])
    assert len(shown) == 3
    assert shown[1].strip() == "fix: y"
