"""How a turn tells those who pick up its rows that there are some."""

import asyncio


class Wake(asyncio.Event):
    """Set when there is something to do. `times`: how often it was, since whoever clears it hides that from others."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def set(self) -> None:
        self.times += 1
        super().set()
