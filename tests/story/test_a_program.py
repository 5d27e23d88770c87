"""A program at Larkspur from the roster to the third check-in: half of the people on Slack, half of them on Teams."""

import logging
from pathlib import Path

import pytest

from tests.story import diary
from tests.story.cast import (
    JOINERS,
    MEMBERS,
    MENTORS,
    ON_BOTH,
    PAIRED,
    goals_of,
    interests_of,
    line_of,
    name_of,
    want_back_of,
    wish_of,
)
from tests.story.joining import (
    BEGINS_LATE,
    a_guest_is_refused_kindly,
    newcomers_are_checked_before_they_are_matched,
    one_changes_her_mind_and_one_clicks_twice,
    only_coordinators_see_who_signed_up,
    people_sign_up,
    whoever_is_on_both_platforms_is_one_person,
)
from tests.story.meeting import (
    NEVER,
    QUESTIONS,
    REMINDER,
    a_card_works_for_its_owner_only,
    a_late_answer_still_counts,
    a_line_is_shared_by_its_author_alone,
    everybody_is_asked_once,
    everybody_looks_at_home,
    most_meet,
    one_click_is_an_answer_and_stays_private,
    the_coordinator_sees_pairs_and_not_people,
    the_others_answer_as_they_like,
    the_second_check_in_comes,
    the_third_check_in_comes,
    whoever_said_nothing_is_reminded_once,
)
from tests.story.pairing import (
    pairs_are_proposed,
    slack_opens_no_chat_for_the_first_pair,
    the_other_coordinator_looks_through_them_and_approves,
    the_pairs_are_introduced,
    whoever_has_no_partner_is_told_kindly,
)
from tests.story.preparing import (
    a_program_is_made_from_a_template,
    it_is_opened_in_a_channel,
    its_people_are_named,
    only_coordinators_make_programs,
    the_roster_is_imported,
)
from tests.story.stage import Stage, stage

pytestmark = pytest.mark.slow


async def test_n3_s5_a_program_from_the_roster_to_the_third_check_in(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with stage(database_url, tmp_path) as story:
        await the_roster_is_imported(story)
        await only_coordinators_make_programs(story)
        await a_program_is_made_from_a_template(story)
        await its_people_are_named(story)
        await it_is_opened_in_a_channel(story)

        await people_sign_up(story)
        await one_changes_her_mind_and_one_clicks_twice(story)
        await whoever_is_on_both_platforms_is_one_person(story)
        await a_guest_is_refused_kindly(story)
        await newcomers_are_checked_before_they_are_matched(story)
        await only_coordinators_see_who_signed_up(story)

        await pairs_are_proposed(story)
        await the_other_coordinator_looks_through_them_and_approves(story)
        await slack_opens_no_chat_for_the_first_pair(story)
        await whoever_has_no_partner_is_told_kindly(story)
        await the_pairs_are_introduced(story)

        await everybody_is_asked_once(story)
        await one_click_is_an_answer_and_stays_private(story)
        await a_card_works_for_its_owner_only(story)
        await a_line_is_shared_by_its_author_alone(story)
        await the_others_answer_as_they_like(story)
        await whoever_said_nothing_is_reminded_once(story)
        await the_second_check_in_comes(story)
        await a_late_answer_still_counts(story)
        await most_meet(story)
        await the_third_check_in_comes(story)
        await everybody_looks_at_home(story)
        await the_coordinator_sees_pairs_and_not_people(story)

        all_along_nobody_was_bothered(story)
        all_along_words_reached_only_whom_they_were_for(story)
    what_the_operator_reads_names_nobody(caplog)


def all_along_nobody_was_bothered(story: Stage) -> None:
    """Computed from what the two vendors saw, and from calendars of our own."""
    entries = diary.diary(story)
    assert diary.outside_hours(entries, BEGINS_LATE) == []
    assert diary.repeated(entries) == []
    # A coordinator hears at once of what waits for them, besides the digest.
    theirs = [entry for entry in entries if entry.user in JOINERS]
    assert diary.crowded_days(theirs, deliberate=("A line from",)) == []
    assert diary.crowded_fortnights(theirs, deliberate=("A line from",)) == []
    assert diary.without_ending(entries) == []
    assert diary.broken_promises(entries) == []
    for user in PAIRED:
        mine = [entry for entry in diary.unasked(entries) if entry.user == user and entry.title in QUESTIONS]
        assert sum(REMINDER not in entry.text for entry in mine) == (2 if user in NEVER else 3), user
    assert story.teams.refusals == []


def all_along_words_reached_only_whom_they_were_for(story: Stage) -> None:
    """Everything that was ever on a screen, also what was replaced since."""
    entries = diary.diary(story)
    for author in JOINERS:
        for private in (goals_of(author), interests_of(author), wish_of(author)):
            assert diary.overheard(entries, author, private) == []
    for author in MENTORS:
        assert diary.overheard(entries, author, want_back_of(author), partners=True) == []
    assert diary.overheard(entries, "aisha", line_of("aisha")) == []
    assert diary.overheard(entries, "mateo", line_of("mateo"), partners=True) == []
    assert any(line_of("mateo") in entry.text for entry in entries if entry.user == "hannah")
    # Who is on both platforms got everything once, on the one she used last.
    for entry in diary.unasked(entries):
        assert entry.user != ON_BOTH or entry.shown.platform == "slack"


def what_the_operator_reads_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """Our own log, down to its smallest lines. The stand-ins' access logs are not the bot's."""
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp")]
    assert any("check_in.met" in line for line in lines)
    said = "\n".join(lines)
    for word in ("larkspur.example", "private", "learnedline", "wantedback", "xoxb-", "stub-secret", "Bearer"):
        assert word not in said
    for member in MEMBERS.values():
        assert name_of(member.user) not in said
