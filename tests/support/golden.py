"""Golden files: what something looked like when somebody last looked at it. `pytest --update-golden` rewrites them."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "golden"
# Of each difference; `git diff` after a rewrite shows the rest.
MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class Golden:
    """`update`: write what is there now; look at the difference before committing it."""

    update: bool

    def check(self, name: str, now: str) -> None:
        path = FOLDER / name
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, encoding="utf-8", newline="\n")
        assert path.exists(), f"tests/golden/{name} is missing; `pytest --update-golden` writes it"
        before = path.read_text(encoding="utf-8")
        assert now == before, f"tests/golden/{name} changed; if that is meant, `pytest --update-golden` rewrites it"

    def check_folder(self, folder: str, now: Mapping[str, str]) -> None:
        """The folder holds these files as they are now, and no others: what is not shown any more goes."""
        there = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / folder).iterdir()}
        if self.update:
            for left_over in there.keys() - now.keys():
                (FOLDER / folder / left_over).unlink()
            for name in now:
                self.check(f"{folder}/{name}", now[name])
            return
        changed = [name for name in sorted(now.keys() | there.keys()) if now.get(name) != there.get(name)]
        shown = "\n".join(_difference(name, there.get(name, ""), now.get(name, "")) for name in changed)
        assert not changed, f"changed below tests/golden/{folder}; `pytest --update-golden` rewrites them:\n{shown}"


def _difference(name: str, before: str, now: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), f"{name} before", f"{name} now", "", "", 1, "")
    return "\n".join(list(lines)[:MOST_LINES])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden as things are now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(update=bool(request.config.getoption("--update-golden")))
