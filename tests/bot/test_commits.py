"""Lanes that claim or settle at the same moment share a transaction, and each message keeps its own outcome."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import NoResultFound

from adapters.platform import Delivered
from bot.benchmark.company import MONDAY, hire
from bot.benchmark.sink import NAME, TENANT
from bot.claims import Claim, Claimed, ToClaim
from bot.commits import Commits
from bot.settling import ToSettle
from storage.database import Database, Work
from storage.leases import Lease
from storage.store import Store

NOW = MONDAY + timedelta(hours=4)
SHOWN_AFTER = timedelta(seconds=10)


class Counting(Database):
    """Counts its transactions."""

    writes = 0

    async def write(self, work: Work[Any], *, clock: bool = False) -> Any:
        self.writes += 1
        return await super().write(work, clock=clock)


class Lanes:
    """Messages with the ids from 1 on to people with the same ids, and what their lanes do."""

    def __init__(self, database: Database, people: int) -> None:
        self.database = database
        self.commits = Commits(database, SHOWN_AFTER)
        hire(database, people)
        self.lease = database.write_now(_lease)

    def write(self, people: Sequence[int], **values: Any) -> list[int]:
        row = {"kind": "check_in", "delivery": "nudge", "card": "{}", **values}
        keys = [f"{row['kind']}/{each}/{at}" for at, each in enumerate(people)]
        messages = [(key, {**row, "person_id": each}) for key, each in zip(keys, people, strict=True)]
        self.database.write_now(lambda store: store.outbox.add_all(messages, NOW))
        return self.database.read_now(lambda store: [_there(store, key) for key in keys])

    async def claim(self, lane: int, message: int) -> Claimed:
        return await self.commits.claim(f"person {lane}", ToClaim(message, self.lease, NOW))

    async def settle(self, lane: int, claim: Claimed) -> str:
        assert isinstance(claim, Claim)
        settled = await self.commits.settle(f"person {lane}", ToSettle(claim, Delivered(f"ref {lane}"), NOW))
        return settled.word

    def states(self) -> list[str]:
        return [row.state for row in self.database.read_now(lambda store: store.outbox.everything())]


def _lease(store: Store) -> Lease:
    lease = store.leases.take(f"{NAME}/{TENANT}", "me", NOW, NOW + timedelta(minutes=1))
    assert lease is not None
    return lease


def _there(store: Store, key: str) -> int:
    message = store.outbox.with_key(key)
    assert message is not None
    return message.id


async def test_lanes_that_come_together_are_written_together(sqlite_url: str) -> None:
    database = Counting(sqlite_url)
    lanes = Lanes(database, 12)
    ids = lanes.write(range(1, 13))
    claims = await asyncio.gather(*(lanes.claim(each, each) for each in ids))
    assert [claim.id for claim in claims if isinstance(claim, Claim)] == ids
    assert database.writes == 1
    words = await asyncio.gather(*(lanes.settle(each, claim) for each, claim in zip(ids, claims, strict=True)))
    assert (database.writes, set(words), set(lanes.states())) == (2, {"sent"}, {"sent"})
    database.close()


async def test_what_fails_in_one_message_stops_no_other(database: Database) -> None:
    lanes = Lanes(database, 3)
    [good, better] = lanes.write([1, 2])
    [bad] = lanes.write([3], kind="introduction", pair_id=999)
    claims = await asyncio.gather(*(lanes.claim(each, each) for each in (good, bad, better)), return_exceptions=True)
    assert [type(each) for each in claims] == [Claim, NoResultFound, Claim]
    assert lanes.states() == ["sending", "sending", "waiting"]


async def test_two_messages_to_one_person_are_never_looked_at_together(database: Database) -> None:
    lanes = Lanes(database, 1)
    first, second = lanes.write([1, 1])
    claims = await asyncio.gather(lanes.claim(1, first), lanes.claim(1, second))
    assert [type(each) for each in claims] == [Claim, type(None)]
    assert lanes.states() == ["sending", "waiting"]


async def test_a_message_that_another_process_took_over_is_left_to_it_and_the_others_are_settled(
    database: Database,
) -> None:
    lanes = Lanes(database, 3)
    ids = lanes.write([1, 2, 3])
    claims = await asyncio.gather(*(lanes.claim(each, each) for each in ids))

    def take_over(store: Store) -> None:
        message = store.sending.by(ids[1], lanes.lease.tag)
        assert message is not None
        message.owner = "somebody else/2"

    database.write_now(take_over)
    words = await asyncio.gather(*(lanes.settle(each, claim) for each, claim in zip(ids, claims, strict=True)))
    assert words == ["sent", "taken_over", "sent"]
    assert lanes.states() == ["sent", "sending", "sent"]


@pytest.mark.parametrize("given_up", [False, True])
async def test_a_lane_that_was_stopped_while_it_waited_claims_nothing(
    sqlite_database: Database, given_up: bool
) -> None:
    lanes = Lanes(sqlite_database, 2)
    first, second = lanes.write([1, 2])
    under_way = asyncio.create_task(lanes.claim(1, first))
    await _begun(lanes)
    waits = asyncio.create_task(lanes.claim(2, second))
    await asyncio.sleep(0)
    if given_up:
        waits.cancel()
    await asyncio.gather(under_way, waits, return_exceptions=True)
    await lanes.commits.finish()
    assert lanes.states() == ["sending", "waiting" if given_up else "sending"]


async def _begun(lanes: Lanes) -> None:
    """One step for the lane, one for the task that writes: it has taken what waited."""
    for _ in range(2):
        await asyncio.sleep(0)
    assert not lanes.commits._waiting
