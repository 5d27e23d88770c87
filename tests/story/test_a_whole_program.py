"""A whole program at Larkspur, from the invitation to the report: October to May, on Slack and Teams."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.story import diary
from tests.story.cast import MEMBERS, line_of, name_of
from tests.story.diary import Entry
from tests.story.stage import Stage, stage
from tests.story.winter import EVERYBODY, QUESTIONS, WINTER_START, partner_of
from tests.story.winter_begins import (
    RATES_AT_THE_START,
    a_date_is_booked_across_the_platforms,
    a_hello_comes_where_nobody_has_begun,
    a_program_for_the_winter_is_open,
    fourteen_join,
    goals_and_ratings_are_kept,
    pair_goal_of,
    the_check_names_what_is_missing,
    the_pairs_are_made,
)
from tests.story.winter_ends import (
    and_then_there_is_silence,
    everybody_answers_the_late_pulse,
    pairs_meet_until_the_last_fortnight,
    pairs_meet_until_the_late_pulse,
    the_coordinators_close_the_book,
    the_end_is_announced_and_comes,
    the_last_questions_are_answered,
)
from tests.story.winter_goes_on import (
    a_latecomer_hears_the_next_date,
    christmas_is_quiet,
    half_time_is_asked_within_a_check_in,
    most_meet_in_october,
    one_leaves_and_the_other_hears_it_on_a_thursday,
    one_takes_a_pause,
    pairs_meet_until_christmas,
    something_serious_stays_between_two,
    the_quiet_pair_is_asked_what_would_help,
    too_few_answer_the_first_pulse,
    whoever_paused_is_back,
)

pytestmark = pytest.mark.slow

# What follows from somebody's own deed, or their partner's: it counts for no budget (guarantees, section 3).
DEEDS = (
    "Your session is booked",
    "For your calendar: ",
    "Soon: you and ",
    "Your meetings with ",
)


async def test_n2_a7_a_whole_program_from_the_first_sign_up_to_the_report(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with stage(database_url, tmp_path, WINTER_START) as story:
        await a_program_for_the_winter_is_open(story)
        await the_check_names_what_is_missing(story)
        await fourteen_join(story)
        await the_pairs_are_made(story)
        await a_hello_comes_where_nobody_has_begun(story)
        await a_date_is_booked_across_the_platforms(story)
        await goals_and_ratings_are_kept(story)

        await most_meet_in_october(story)
        await one_takes_a_pause(story)
        await the_quiet_pair_is_asked_what_would_help(story)
        await something_serious_stays_between_two(story)
        await one_leaves_and_the_other_hears_it_on_a_thursday(story)
        await a_latecomer_hears_the_next_date(story)
        await whoever_paused_is_back(story)
        await too_few_answer_the_first_pulse(story)
        await pairs_meet_until_christmas(story)
        await christmas_is_quiet(story)
        await half_time_is_asked_within_a_check_in(story)

        await pairs_meet_until_the_late_pulse(story)
        await everybody_answers_the_late_pulse(story)
        await pairs_meet_until_the_last_fortnight(story)
        await the_end_is_announced_and_comes(story)
        await the_last_questions_are_answered(story)
        await the_coordinators_close_the_book(story)
        await and_then_there_is_silence(story)

        entries = diary.diary(story)
        all_along_nobody_was_bothered(story, entries)
        all_along_coordinators_had_one_digest_a_day(entries)
        all_along_words_reached_only_whom_they_were_for(entries)
        no_number_that_somebody_picked_was_ever_on_a_screen(entries)
    what_the_operator_reads_names_nobody(caplog)


def all_along_nobody_was_bothered(story: Stage, entries: list[Entry]) -> None:
    mine = [entry for entry in entries if entry.user in EVERYBODY]
    assert diary.outside_hours(mine, {}) == []
    # A check-in that Christmas has moved comes eight days before the next one.
    assert diary.repeated(mine, within_days=8) == []
    assert diary.crowded_days(mine, DEEDS) == []
    assert diary.crowded_fortnights(mine, DEEDS) == []
    assert diary.without_ending(mine) == []
    assert diary.surprises(mine, DEEDS) == []
    assert story.teams.refusals == []


def all_along_coordinators_had_one_digest_a_day(entries: list[Entry]) -> None:
    digests = [(one.user, one.local().date()) for one in entries if one.title == "New since the last working day"]
    assert digests
    assert len(digests) == len(set(digests))


def all_along_words_reached_only_whom_they_were_for(entries: list[Entry]) -> None:
    """A goal reaches the partner's home page; a line that was kept, nobody."""
    assert diary.overheard(entries, "mateo", line_of("mateo")) == []
    for author in RATES_AT_THE_START:
        readers = {entry.user for entry in entries if pair_goal_of(author) in entry.shown.raw}
        assert readers <= {author, partner_of(author)}


def no_number_that_somebody_picked_was_ever_on_a_screen(entries: list[Entry]) -> None:
    """R-A8, for the pulse and the ratings: nothing ever showed a question with an answer in it."""
    for entry in entries:
        for part in _parts(json.loads(entry.shown.raw)):
            asked = str(part.get("id", "")) in QUESTIONS or str(part.get("id", "")).startswith("theme_")
            assert not (asked and part.get("value")), entry.title


def _parts(shown: Any) -> Iterator[dict[str, Any]]:
    if isinstance(shown, dict):
        yield shown
    for one in shown.values() if isinstance(shown, dict) else shown if isinstance(shown, list) else ():
        yield from _parts(one)


def what_the_operator_reads_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """Our own log, down to its smallest lines."""
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp")]
    assert any("pulse.record" in line for line in lines)
    said = "\n".join(lines)
    for word in ("larkspur.example", "learnedline", "goalofthepair", "xoxb-", "Bearer"):
        assert word not in said
    for member in MEMBERS.values():
        assert name_of(member.user) not in said
