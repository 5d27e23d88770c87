"""Nobody knows whether a message arrived: the chat is looked at, for as long as that is worth it, and it comes once."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.bot.test_delivery import BO, NOW, Office

SHOWN = timedelta(seconds=11)


@pytest.fixture
async def here(database: Database) -> Office:
    """Its Slack shows what it has, and takes the first message without saying so."""
    office = Office(database)
    office.slack.shows_history = True
    office.slack.forgets = 1
    await office.open("ana", "bo", "chidi")
    return office


async def test_what_may_be_there_is_looked_for_although_somebody_is_not_to_be_disturbed(here: Office) -> None:
    await here.tell(BO, prompted="no")
    await here.deliver()
    here.slack.quiet["bo"] = NOW + timedelta(minutes=30)
    await here.travel.advance(NOW + SHOWN)
    assert here.states == ["sent"]
    await here.travel.advance(NOW + timedelta(hours=1))
    assert len(here.slack.log) == 1
