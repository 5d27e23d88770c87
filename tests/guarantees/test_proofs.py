"""The checks could pass by accident: with the rule taken out, each of them must fail."""

import pytest

from tests.guarantees.inbound import killed_while_receiving_from_slack
from tests.guarantees.office import slack_office
from tests.guarantees.scenarios import killed_while_sending
from tests.support.slack_server import Fault

pytestmark = pytest.mark.slow


async def test_d1_notices_a_sender_that_does_not_look_back(sqlite_url: str) -> None:
    outcome = await killed_while_sending("posted", 1, sqlite_url, kind="blind")
    assert outcome.repeated > 0


async def test_d4_notices_a_client_that_tries_again_by_itself(sqlite_url: str) -> None:
    async with slack_office(sqlite_url, kind="eager") as office:
        assert office.slack is not None
        office.slack.fail("chat.postMessage", Fault("drop", taken=True))
        office.post(2)
        outcome = await office.finish()
    assert outcome.repeated == 1
    assert outcome.calls == outcome.wanted + 1


async def test_d7_notices_a_bot_that_takes_each_repeat_for_something_new(sqlite_url: str) -> None:
    received = await killed_while_receiving_from_slack("committed", "command", sqlite_url, adapter="forgetful")
    assert received.effects > 1
