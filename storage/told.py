"""What the two of a pair made the bot tell each other lately, so that nobody's phone follows every change of mind."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select

from storage.subject import Subject
from storage.tables import OutboxMessage

# At most so many messages in any stretch of a day, to one side by the other's doing; later ones change what is there.
MOST = 3
A_DAY = timedelta(days=1)
# A date's file comes with its card and counts with it.
FILE = "/file"


class Telling(NamedTuple):
    """Who makes the bot tell whom something about which pair."""

    pair: int
    author: int
    reader: int


class Told(Subject):
    """Messages to one side of a pair that follow from something that the other one did: dates, and another rhythm."""

    def free_from(self, telling: Telling, besides: Collection[str], now: datetime) -> datetime:
        """When the next one may go: now, or a day after the third newest. `besides`: keys of messages that will never
        go out, since the next one takes their place."""
        moments = self._session.scalars(
            select(OutboxMessage.not_before)
            .where(
                OutboxMessage.pair_id == telling.pair,
                OutboxMessage.author_id == telling.author,
                OutboxMessage.person_id == telling.reader,
                OutboxMessage.kind.in_(("booked", "update")),
                OutboxMessage.changes_key.is_(None),
                OutboxMessage.state.not_in(("dropped", "failed")),
                OutboxMessage.not_before > now - A_DAY,
                OutboxMessage.key.not_in(sorted(besides)),
                ~OutboxMessage.key.endswith(FILE, autoescape=True),
            )
            .order_by(OutboxMessage.not_before.desc())
            .limit(MOST)
        ).all()
        return max(now, moments[-1] + A_DAY) if len(moments) == MOST else now

    def newest(self, reader: int, beginnings: Iterable[str]) -> str:
        """The key of the newest card that reached this person and whose key begins so; empty when there is none."""
        query = select(OutboxMessage.key).where(
            OutboxMessage.person_id == reader,
            OutboxMessage.state.in_(("sent", "sending")),
            or_(*(OutboxMessage.key.startswith(each, autoescape=True) for each in beginnings)),
            ~OutboxMessage.key.endswith(FILE, autoescape=True),
        )
        return self._session.scalar(query.order_by(OutboxMessage.id.desc()).limit(1)) or ""

    def times(self, reader: int, kind: str, program_id: int) -> int:
        """How often this person got a message of a kind about a program."""
        query = select(func.count()).where(
            OutboxMessage.person_id == reader,
            OutboxMessage.kind == kind,
            OutboxMessage.program_id == program_id,
            OutboxMessage.state == "sent",
        )
        return self._session.scalar(query.select_from(OutboxMessage)) or 0

    def waiting(self, reader: int, beginning: str) -> list[str]:
        """Keys that begin so of this person's messages that nobody has tried to send yet."""
        query = select(OutboxMessage.key).where(
            OutboxMessage.person_id == reader,
            OutboxMessage.state == "waiting",
            OutboxMessage.attempts == 0,
            OutboxMessage.key.startswith(beginning, autoescape=True),
        )
        return list(self._session.scalars(query))
