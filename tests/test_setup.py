"""What somebody meets before the first start: the locks, the Makefile, the README."""

import re
import subprocess
from pathlib import Path

import pytest

from adapters.slack.manifest import SCOPES
from bot.settings import setting_names

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
TARGETS = ("setup", "demo", "test", "quick", "check", "run", "lock", "help")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pinned(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", text(name), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text(lock))
    assert len(entries) > 40
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_package_index(lock: str) -> None:
    assert not re.search(r"https?://|^--|file:", text(lock), re.MULTILINE)
    assert not (ROOT / "uv.lock").exists()


def test_both_locks_agree() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


def test_the_build_backend_is_locked_with_the_rest() -> None:
    assert "setuptools" in pinned("requirements.txt")


def test_every_dependency_has_its_line_of_reason() -> None:
    reasons = text("docs/decisions/0001-dependencies.md").lower()
    project = text("pyproject.toml")
    wanted = re.findall(r'^    "([a-z0-9-]+)', project[: project.index("[project.scripts]")], re.MULTILINE)
    assert len(wanted) > 20
    for package in wanted:
        assert package in reasons, package


def test_the_readme_shows_the_two_commands() -> None:
    readme = text("README.md")
    assert re.search(r"^make demo\b", readme, re.MULTILINE)
    assert re.search(r"^make test\b", readme, re.MULTILINE)


def test_the_readme_lists_every_setting() -> None:
    readme = text("README.md")
    for key in set(setting_names()) - {"FLIPSIDE_CRASH"}:
        assert key in readme, key


def test_s11_the_readme_gives_a_reason_for_each_slack_scope_and_no_more() -> None:
    reasons = dict(re.findall(r"^\| `([a-z:.]+)` \| (.+) \|$", text("README.md"), re.MULTILINE))
    scopes = {name: reason for name, reason in reasons.items() if name == "commands" or ":" in name}
    assert scopes.keys() == SCOPES.keys()
    assert all(len(reason) > 10 for reason in scopes.values())


def test_make_alone_lists_every_target() -> None:
    shown = subprocess.run(
        ["make", "-s", "-C", str(ROOT)], capture_output=True, text=True, check=True, timeout=30
    ).stdout
    for target in TARGETS:
        assert re.search(rf"make {target}\b", shown), target


def test_make_says_so_when_python_is_missing(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements-dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text(text(name), encoding="utf-8")
    command = ["make", "-s", "-C", str(tmp_path), "setup", "PYTHON=python-that-is-not-there"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert tried.returncode != 0
    assert "Python 3.11" in tried.stdout + tried.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_continuous_integration_runs_what_the_readme_says() -> None:
    script = text(".ci/run")
    assert "set -euo pipefail" in script
    assert re.search(r"^make check$", script, re.MULTILINE)
    assert re.search(r"^make test$", script, re.MULTILINE)
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_nothing_that_ships_names_a_machine_or_an_index() -> None:
    files = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", ".ci/run", ".env.example", "pyproject.toml")
    for name in files:
        assert not re.search(r"/root/|/work/|/home/|file://|index-url = ", text(name)), name
