"""Nothing is lost and nothing comes twice, whatever kills the sender or the answer of the platform."""

from errno import ECONNRESET
from typing import Literal

import aiohttp
import pytest

from bot.crash_points import RECOVERY, SEND
from tests.guarantees.office import Delivery, slack_office, teams_office
from tests.guarantees.scenarios import PEOPLE, killed_while_recovering, killed_while_sending
from tests.support.slack_server import Fault, SlackStub
from tests.support.teams_server import Fault as TeamsFault
from tests.support.teams_server import TeamsStub

pytestmark = pytest.mark.slow

# Every point, and of those around the post both the first and the last message; the long part runs them all.
KILLS = [(point, 1 if number % 2 else PEOPLE) for number, point in enumerate(SEND)] + [("posted", 1), ("in_flight", 1)]


@pytest.mark.parametrize(("point", "hit"), dict.fromkeys(KILLS))
async def test_d1_a_sender_that_is_killed_loses_and_repeats_nothing(point: str, hit: int, sqlite_url: str) -> None:
    outcome = await killed_while_sending(point, hit, sqlite_url)
    assert outcome.is_perfect, outcome


# The first, the third and the last message; every point with each of them in the long part.
@pytest.mark.parametrize(("point", "hit"), [("claimed", 1), ("posted", 3), ("mark_before_commit", PEOPLE)])
async def test_d1_nor_on_postgresql(point: str, hit: int, postgres_url: str) -> None:
    outcome = await killed_while_sending(point, hit, postgres_url, lease=1.0)
    assert outcome.is_perfect, outcome


@pytest.mark.parametrize("platform", ["slack", "teams"])
@pytest.mark.parametrize("delivery", ["must_arrive", "nudge"])
async def test_d2_without_looking_back_a_kill_repeats_at_most_one_and_never_a_nudge(
    platform: str, delivery: Delivery, sqlite_url: str
) -> None:
    name = "slack" if platform == "slack" else "teams"
    outcome = await killed_while_sending("posted", PEOPLE, sqlite_url, name, look_back=False, delivery=delivery)
    allowed = (0, 1) if delivery == "must_arrive" else (1, 0)
    assert outcome.unsettled == 0
    assert outcome.lost <= allowed[0]
    assert outcome.repeated <= allowed[1]


@pytest.mark.parametrize("point", RECOVERY)
async def test_d3_killing_those_who_recover_three_times_in_a_row_changes_nothing(point: str, sqlite_url: str) -> None:
    outcome = await killed_while_recovering(point, sqlite_url)
    assert outcome.is_perfect, outcome


TAKEN = (
    Fault("drop", taken=True),
    Fault("reset", taken=True),
    Fault("truncate", taken=True),
    Fault("garbage", taken=True),
    Fault("hang", taken=True),
    Fault("status", status=500, taken=True),
    Fault("error", code="internal_error", taken=True),
)
NOT_TAKEN = (
    Fault("drop"),
    Fault("reset"),
    Fault("truncate"),
    Fault("status", status=503),
    Fault("hang"),
    Fault("ratelimited", retry_after=0),
)


async def test_d4_an_answer_that_is_lost_on_the_way_is_one_post_and_one_message(sqlite_url: str) -> None:
    async with slack_office(sqlite_url) as office:
        assert office.slack is not None
        assert office.orders.slack is not None
        office.orders.slack["longest_call"] = 0.7
        office.slack.fail("chat.postMessage", *TAKEN, *NOT_TAKEN)
        office.post(len(TAKEN) + len(NOT_TAKEN))
        outcome = await office.finish()
    assert outcome.is_perfect, outcome
    # No hidden second try: what was taken is found, and what was not is posted once more.
    assert outcome.calls == outcome.attempts == outcome.wanted + len(NOT_TAKEN)


TAKEN_BY_TEAMS = (
    TeamsFault(way="drop", taken=True),
    TeamsFault(way="reset", taken=True),
    TeamsFault(way="truncate", taken=True),
    TeamsFault(way="garbage", taken=True),
    TeamsFault(way="hang", taken=True),
    TeamsFault(status=500, taken=True),
)
NOT_TAKEN_BY_TEAMS = (
    TeamsFault(way="drop"),
    TeamsFault(way="reset"),
    TeamsFault(way="truncate"),
    TeamsFault(way="hang"),
    TeamsFault(status=502),
)
REFUSED_BY_TEAMS = (TeamsFault(429, retry_after="0"),)


@pytest.mark.parametrize("delivery", ["must_arrive", "nudge"])
async def test_d4_on_teams_a_lost_answer_is_one_post_and_one_message_too_many_or_for_a_nudge_one_too_few(
    delivery: Delivery, sqlite_url: str
) -> None:
    uncertain = (*TAKEN_BY_TEAMS, *NOT_TAKEN_BY_TEAMS)
    async with teams_office(sqlite_url) as office:
        assert office.teams is not None
        assert office.orders.teams is not None
        office.orders.teams["longest_call"] = 0.7
        office.teams.fail("post", *uncertain, *REFUSED_BY_TEAMS)
        office.post(len(uncertain) + len(REFUSED_BY_TEAMS), delivery=delivery)
        outcome = await office.finish()
    assert outcome.unsettled == 0
    if delivery == "must_arrive":
        again, lost, repeated = len(uncertain), 0, len(TAKEN_BY_TEAMS)
    else:
        again, lost, repeated = 0, len(NOT_TAKEN_BY_TEAMS), 0
    assert (outcome.lost, outcome.repeated) == (lost, repeated)
    # No hidden second try: each post is an attempt that the outbox knows of.
    assert outcome.calls == outcome.attempts == outcome.wanted + again + len(REFUSED_BY_TEAMS)


@pytest.mark.parametrize("way", ["drop", "reset"])
async def test_d4_the_stand_ins_tell_a_reset_from_the_end_of_a_connection(
    way: Literal["drop", "reset"],
) -> None:
    async with SlackStub() as slack, TeamsStub() as teams, aiohttp.ClientSession() as caller:
        slack.fail("chat.postMessage", Fault(way))
        teams.fail("token", TeamsFault(way=way))
        for url in (f"{slack.api_url}/chat.postMessage", f"{teams.url}/token"):
            with pytest.raises(aiohttp.ClientConnectionError) as failed:
                await caller.post(url, json={})
            assert (getattr(failed.value, "errno", None) == ECONNRESET) == (way == "reset")


async def test_d5_what_slack_shows_a_little_late_is_found_all_the_same(sqlite_url: str) -> None:
    async with slack_office(sqlite_url, shown_after=1.5) as office:
        assert office.slack is not None
        office.slack.shown_after = 1.0
        office.slack.fail("chat.postMessage", Fault("drop", taken=True))
        office.post(3)
        outcome = await office.finish()
    assert outcome.is_perfect, outcome
