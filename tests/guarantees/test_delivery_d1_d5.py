"""Nothing is lost and nothing comes twice, whatever kills the sender or the answer of the platform."""

import pytest

from bot.crash_points import RECOVERY, SEND
from tests.guarantees.office import Delivery, slack_office, teams_office
from tests.guarantees.scenarios import PEOPLE, killed_while_recovering, killed_while_sending
from tests.support.slack_server import Fault
from tests.support.teams_server import Fault as TeamsFault

pytestmark = pytest.mark.slow

# Every point, and of those around the post both the first and the last message; the long part runs them all.
KILLS = [(point, 1 if number % 2 else PEOPLE) for number, point in enumerate(SEND)] + [("posted", 1), ("in_flight", 1)]


@pytest.mark.parametrize(("point", "hit"), dict.fromkeys(KILLS))
async def test_d1_a_sender_that_is_killed_loses_and_repeats_nothing(point: str, hit: int, sqlite_url: str) -> None:
    outcome = await killed_while_sending(point, hit, sqlite_url)
    assert outcome.is_perfect, outcome


@pytest.mark.parametrize("point", ["claimed", "posted"])
async def test_d1_nor_on_postgresql(point: str, postgres_url: str) -> None:
    outcome = await killed_while_sending(point, 3, postgres_url, lease=1.0)
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
    Fault("truncate", taken=True),
    Fault("garbage", taken=True),
    Fault("hang", taken=True),
    Fault("status", status=500, taken=True),
    Fault("error", code="internal_error", taken=True),
)
NOT_TAKEN = (
    Fault("drop"),
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
    assert outcome.calls == outcome.wanted + len(NOT_TAKEN)


async def test_d4_on_teams_a_lost_answer_is_one_post_and_at_most_one_message_too_many(sqlite_url: str) -> None:
    taken = (
        TeamsFault(way="drop", taken=True),
        TeamsFault(way="truncate", taken=True),
        TeamsFault(status=500, taken=True),
    )
    not_taken = (TeamsFault(way="drop"), TeamsFault(status=502), TeamsFault(429, retry_after="0"))
    async with teams_office(sqlite_url) as office:
        assert office.teams is not None
        office.teams.fail("post", *taken, *not_taken)
        office.post(len(taken) + len(not_taken))
        outcome = await office.finish()
    assert (outcome.lost, outcome.unsettled) == (0, 0)
    assert outcome.repeated == len(taken)
    assert outcome.calls == outcome.wanted + len(taken) + len(not_taken)


async def test_d5_what_slack_shows_a_little_late_is_found_all_the_same(sqlite_url: str) -> None:
    async with slack_office(sqlite_url, shown_after=1.5) as office:
        assert office.slack is not None
        office.slack.shown_after = 1.0
        office.slack.fail("chat.postMessage", Fault("drop", taken=True))
        office.post(3)
        outcome = await office.finish()
    assert outcome.is_perfect, outcome
