"""What an operator sees at the command line: help that reads well, faults in words, exit codes."""

import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app, main

ROOT = Path(__file__).parents[2]
COMMANDS = (
    *("run", "demo", "simulate", "import", "match", "migrate", "backup", "restore", "hold", "resume", "copy", "doctor"),
    *("manifest", "bench"),
)
LEAVES = (*COMMANDS[:-2], "manifest slack", "manifest teams", "bench ack")
PEOPLE = """\
email,name,department,team,level,timezone,languages,role,offers,wants
noor@larkspur.example,Noor Haddad,Sales,Field sales,2,Europe/Berlin,en;de,mentor,AI in sales,
ines@larkspur.example,Ines Duarte,Operations,Plants,6,Europe/Lisbon,en;pt,mentee,,AI in sales
ola@larkspur.example,Ola Berg,Finance,Treasury,6,Europe/Oslo,en,mentee,,
"""
NOBODY_ANSWERS = "postgresql://flipside:canary@127.0.0.1:1/flipside"
Refusal = Callable[..., str]
GUID = "3f2b8c1e-5d4a-4f6b-9c7d-8e9f0a1b2c3d"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command left on the screen."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for key in [key for key in os.environ if key.startswith("FLIPSIDE_")]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


def flipside(words: str, **settings: str) -> Shown:
    """Runs the command in this process, which is quicker than a new one for each test."""
    ran = CliRunner().invoke(app, words.split(), env={f"FLIPSIDE_{key}": value for key, value in settings.items()})
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return Shown(ran.exit_code, ran.stdout, ran.stderr)


def flipside_as_installed(words: str, **settings: str) -> Shown:
    """Runs the command as an operator does, in a process of its own that takes warnings for errors."""
    command = [sys.executable, "-W", "error", "-m", "bot", *words.split()]
    given = {f"FLIPSIDE_{key}": value for key, value in settings.items()}
    environment = {**os.environ, **given, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return Shown(ran.returncode, ran.stdout, ran.stderr)


def test_help_names_every_command_with_a_sentence() -> None:
    shown = flipside_as_installed("--help")
    assert shown.returncode == 0
    for command in COMMANDS:
        line = next(line for line in shown.stdout.splitlines() if f" {command} " in line)
        assert len(line.split()) > 4, line


@pytest.mark.parametrize("command", LEAVES)
def test_each_command_explains_itself(command: str) -> None:
    shown = flipside(f"{command} --help")
    assert shown.returncode == 0
    assert f"Usage: flipside {command}" in " ".join(shown.stdout.split())


def test_o5_faults_are_shown_as_key_reason_and_fix_without_a_traceback() -> None:
    shown = flipside_as_installed(
        "run", SLACK_BOT_TOKEN="xapp-canary", PRT="canary", PORT="canary", COORDINATORS="canary"
    )
    assert shown.returncode == 2
    for key in ("FLIPSIDE_SLACK_BOT_TOKEN", "FLIPSIDE_PRT", "FLIPSIDE_PORT", "FLIPSIDE_COORDINATORS"):
        assert key in shown.stderr
    assert shown.stderr.count("reason: ") == shown.stderr.count("fix: ") >= 4
    assert "canary" not in shown.stdout + shown.stderr
    assert "Traceback" not in shown.stderr


def test_run_without_any_platform_says_which_keys_to_set(tmp_path: Path) -> None:
    shown = flipside("run")
    assert shown.returncode == 2
    for key in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "TEAMS_APP_ID", "TEAMS_TENANT_IDS"):
        assert f"FLIPSIDE_{key}" in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_s4_the_example_file_copied_as_it_is_does_not_start_the_bot(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    shown = flipside("run")
    assert shown.returncode == 2
    assert "FLIPSIDE_TEAMS_APP_PASSWORD" in shown.stderr
    assert "example value" in shown.stderr


def test_match_writes_pairs_and_ends_with_the_figures(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    shown = flipside("match people.csv --out pairs.csv --on 2027-03-01")
    assert shown.returncode == 0, shown.stderr
    header, pair = (tmp_path / "pairs.csv").read_text(encoding="utf-8").splitlines()
    assert header == "mentor_email,mentee_email,score,reason"
    assert pair.startswith("noor@larkspur.example,ines@larkspur.example,")
    figures = json.loads(shown.stdout.splitlines()[-1])
    assert (figures["matched"], figures["unmatched"]) == (1, 1)
    assert figures["score"] == int(pair.split(",")[2])
    assert figures.keys() >= {"seconds", "peak_mb", "proved"}
    assert "Warning: line 4, wants" in shown.stderr
    assert "ola@larkspur.example" in shown.stderr
    assert shown.stderr.endswith("Wrote 1 pair to pairs.csv.\n")


def test_match_stops_at_an_error_and_writes_no_file(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE.replace("Lisbon", "Lissbon") + PEOPLE.splitlines()[1], encoding="utf-8")
    shown = flipside("match people.csv")
    assert shown.returncode == 2
    assert "line 3, timezone" in shown.stderr
    assert "line 5, email" in shown.stderr
    assert shown.stdout == ""
    assert not (tmp_path / "pairs.csv").exists()


def test_match_refuses_a_date_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    shown = flipside("match people.csv --on someday")
    assert shown.returncode == 2
    assert "--on" in shown.stderr


def test_the_slack_manifest_is_printed_and_uses_the_public_address() -> None:
    shown = flipside("manifest slack", PUBLIC_URL="https://mentor.larkspur.example")
    assert shown.returncode == 0, shown.stderr
    assert "https://mentor.larkspur.example/slack/events" in shown.stdout
    assert json.loads(shown.stdout)["settings"]["socket_mode_enabled"] is False
    assert json.loads(flipside("manifest slack").stdout)["settings"]["socket_mode_enabled"] is True


def test_the_slack_manifest_is_printed_while_the_tokens_are_still_examples(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(example, encoding="utf-8")
    shown = flipside("manifest slack")
    assert shown.returncode == 2
    assert "FLIPSIDE_PUBLIC_URL" in shown.stderr
    assert "TOKEN" not in shown.stderr
    (tmp_path / ".env").write_text(example.replace("replace-me.larkspur", "mentor.larkspur"), encoding="utf-8")
    shown = flipside("manifest slack")
    assert shown.returncode == 0, shown.stderr
    assert "https://mentor.larkspur.example/slack/events" in shown.stdout


def test_the_teams_package_is_written_before_teams_is_fully_set_up(tmp_path: Path) -> None:
    shown = flipside("manifest teams", TEAMS_APP_ID=GUID, PUBLIC_URL="https://mentor.larkspur.example")
    assert shown.returncode == 0, shown.stderr
    with zipfile.ZipFile(tmp_path / "flipside-teams.zip") as package:
        assert len(package.namelist()) == 3
        assert json.loads(package.read("manifest.json"))["bots"][0]["botId"] == GUID


def test_the_teams_package_names_what_it_needs(tmp_path: Path) -> None:
    shown = flipside("manifest teams")
    assert shown.returncode == 2
    assert "FLIPSIDE_TEAMS_APP_ID" in shown.stderr
    assert "FLIPSIDE_PUBLIC_URL" in shown.stderr
    shown = flipside("manifest teams", TEAMS_APP_ID=GUID, PUBLIC_URL="http://127.0.0.1:3978")
    assert shown.returncode == 2
    assert "https" in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_import_reads_the_roster_and_says_what_changed(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    shown = flipside("import people.csv")
    assert shown.returncode == 0, shown.stderr
    assert "3 new" in shown.stdout
    assert "3 as before" in flipside("import people.csv").stdout


def test_import_takes_all_or_nothing_unless_told_to_skip(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE.replace("Europe/Oslo", "Oslo"), encoding="utf-8")
    shown = flipside("import people.csv")
    assert shown.returncode == 2
    assert "line 4, timezone" in shown.stdout
    assert "Nothing was imported" in shown.stdout
    shown = flipside("import people.csv --skip-bad")
    assert shown.returncode == 0
    assert "2 new" in shown.stdout
    assert "line 4, timezone" in shown.stdout


def test_import_into_a_program_that_does_not_exist_says_so(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    shown = flipside("import people.csv --program Nowhere")
    assert shown.returncode == 2
    assert "Nowhere" in shown.stdout


def test_doctor_ends_with_an_exit_code_for_scripts() -> None:
    assert flipside("doctor").returncode == 1
    shown = flipside("doctor", TEAMS_LOCAL="true", COORDINATORS="ines@larkspur.example")
    assert shown.returncode == 0, shown.stdout


def test_the_playground_refuses_to_listen_for_other_machines() -> None:
    shown = flipside("demo --host 0.0.0.0")
    assert shown.returncode == 2
    assert "127.0.0.1" in shown.stderr


@pytest.mark.slow
def test_migrate_says_the_revision_and_can_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        shown = flipside("migrate")
        assert shown.returncode == 0, shown.stderr
        assert "revision" in shown.stdout
    assert (tmp_path / "data" / "flipside.db").is_file()


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_said_in_one_line() -> None:
    shown = flipside_as_installed("migrate", DATABASE_URL="postgresql://flipside:canary@127.0.0.1:1/flipside")
    assert shown.returncode == 1
    assert "FLIPSIDE_DATABASE_URL" in shown.stderr
    assert "canary" not in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize("url", ["sqlite:///people.csv", "postgresql://flipside@127.0.0.1:1/flipside?nosuch=canary"])
@pytest.mark.slow
def test_what_is_no_database_is_said_in_one_line(tmp_path: Path, url: str) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    shown = flipside_as_installed("import people.csv", DATABASE_URL=url)
    assert shown.returncode == 1
    assert "FLIPSIDE_DATABASE_URL" in shown.stderr
    assert "canary" not in shown.stderr
    assert "Traceback" not in shown.stderr
    assert (tmp_path / "people.csv").read_text(encoding="utf-8") == PEOPLE


@pytest.fixture
def refusal(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refusal:
    """The one line in which a command is refused, beside a file of people and a sound database."""
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "sound.db").write_bytes(sqlite_template.read_bytes())

    def run(command: str, url: str = "sqlite:///data/flipside.db") -> str:
        monkeypatch.setattr(sys, "argv", ["flipside", *command.split()])
        monkeypatch.setenv("FLIPSIDE_DATABASE_URL", url)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        [line] = capsys.readouterr().err.splitlines()
        return line

    return run


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("backup here.db", "there is no database"),
        ("restore people.csv", "cannot be read as a database"),
        ("copy --to sqlite:///data/flipside.db", "the same database"),
    ],
)
def test_what_restore_and_backup_refuse_is_said_in_one_line(refusal: Refusal, command: str, said: str) -> None:
    assert said in refusal(command)


@pytest.mark.parametrize(
    ("url", "command", "said"),
    [
        (NOBODY_ANSWERS, "backup here.db", "FLIPSIDE_DATABASE_URL"),
        (NOBODY_ANSWERS, "restore sound.db", "FLIPSIDE_DATABASE_URL"),
        (NOBODY_ANSWERS, "copy --to sqlite:///new.db", "FLIPSIDE_DATABASE_URL"),
        ("sqlite:///sound.db", "copy --to postgresql://flipside@127.0.0.1:1/flipside", "--to"),
        ("sqlite:///people.csv", "backup here.db", "FLIPSIDE_DATABASE_URL"),
        ("sqlite:///sound.db", "backup here.db", "Make room there"),
    ],
)
def test_a_database_or_disk_that_refuses_an_operators_command_is_said_in_one_line(
    refusal: Refusal, tmp_path: Path, url: str, command: str, said: str
) -> None:
    with files_of_at_most(100_000 if said == "Make room there" else None):
        line = refusal(command, url)
    assert said in line
    assert "canary" not in line
    assert not list(tmp_path.glob("here.db*"))


@contextmanager
def files_of_at_most(size: int | None) -> Iterator[None]:
    """What a full disk does: a file grows so far, and no further."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft if size is None else size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_address_or_age_that_cannot_be_meant_is_refused_without_being_quoted() -> None:
    for command in (
        "copy --to mysql://flipside:canary@127.0.0.1/x",
        "copy --to postgresql://flipside:canary@127.0.0.1:1/x",
        "copy --to postgresql://flipside@127.0.0.1:1/x?password=canary",
        "resume --drop-older-than canary",
    ):
        shown = flipside(command)
        assert shown.returncode == 2
        assert "canary" not in shown.stderr + shown.stdout


def test_a_file_that_is_not_there_is_named() -> None:
    for command in ("match nobody.csv", "import nobody.csv"):
        shown = flipside(command)
        assert shown.returncode == 2
        assert "nobody.csv" in shown.stderr
