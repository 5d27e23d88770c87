"""Golden files: what something looked like when somebody last looked at it. `pytest --update-golden` rewrites them."""

from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "golden"


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

    def check_folder(self, name: str, expected: set[str]) -> None:
        """The folder holds these files and no others: what is not shown any more goes."""
        there = {path.name for path in (FOLDER / name).iterdir()}
        if self.update:
            for left_over in there - expected:
                (FOLDER / name / left_over).unlink()
            there &= expected
        assert there == expected


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden as things are now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(update=bool(request.config.getoption("--update-golden")))
