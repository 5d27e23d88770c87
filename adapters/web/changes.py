"""Everything on the screens as one log of changes, so that a page fetches only what is new to it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Change:
    """The newest state of one thing on a screen. `first` is the version at which the thing appeared."""

    version: int
    first: int
    body: Mapping[str, Json]


class Changes:
    """The latest state of each thing by key, oldest change first."""

    def __init__(self) -> None:
        self.version = 0
        self.closed = False
        self._latest: dict[str, Change] = {}
        self._waiting: set[asyncio.Event] = set()

    def record(self, key: str, body: Mapping[str, Json]) -> None:
        self.version += 1
        before = self._latest.pop(key, None)
        self._latest[key] = Change(self.version, before.first if before else self.version, body)
        self._wake()

    def get(self, key: str) -> Change | None:
        return self._latest.get(key)

    def since(self, version: int) -> list[Change]:
        """What changed after `version`, oldest first. Costs as much as there is news, however long the log is."""
        news: list[Change] = []
        for change in reversed(self._latest.values()):
            if change.version <= version:
                break
            news.append(change)
        return news[::-1]

    async def wait(self, version: int, seconds: float) -> None:
        """Returns when there is news after `version`, when the log closes, or after `seconds`."""
        if self.version > version or self.closed:
            return
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(event)

    def close(self) -> None:
        """Lets every open page go, so that the server can stop."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()
