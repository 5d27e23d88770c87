"""The simulation's own way to the database: on a virtual clock nobody waits for anybody, so threads would only cost."""

from storage.database import Database, PlainWork, T, Work


class OneAtATime(Database):
    """Thrown away afterwards; every unit of work runs right where it is asked for."""

    def __init__(self, url: str) -> None:
        super().__init__(url, throw_away=True)

    async def write(self, work: Work[T], *, clock: bool = False) -> T:
        return self.write_now(work)

    async def write_plainly(self, work: PlainWork[T], *, clock: bool = False) -> T:
        return self.write_plainly_now(work)

    async def read(self, work: Work[T]) -> T:
        return self.read_now(work)
