"""Proposing, looking through, approving; and the introductions that follow."""

from datetime import date, time

from tests.story.cast import (
    ALONE,
    COUPLES,
    MEMBERS,
    PAIRED,
    Couple,
    goals_of,
    name_of,
)
from tests.story.cast import COORDINATOR_ON_SLACK as AMARA
from tests.story.cast import COORDINATOR_ON_TEAMS as JONAS
from tests.story.preparing import FOR_COORDINATORS, INTRODUCTIONS, MATCHING, PROGRAM
from tests.story.stage import Stage
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault

# The matching runs in a process of its own, which takes its time to start.
MATCHING_SECONDS = 90.0
MOST_WORDS = 40


async def pairs_are_proposed(story: Stage) -> None:
    """On the day of the matching the coordinator is asked to, and sees the whole result before anybody else does."""
    await story.at(MATCHING, time(10, 5), "Europe/London")
    asked = await story.sees(AMARA, f"Today is the matching for {PROGRAM}")
    assert "11 mentors and 13 mentees have joined." in asked
    await story.press(AMARA, "Propose pairs")
    await story.sees(AMARA, "I am working it out…")
    summary = await story.sees(AMARA, f"Proposed pairs: {PROGRAM}", MATCHING_SECONDS)
    assert "Pairs: 12 (23 people)" in summary
    assert f"{name_of(ALONE)}: " in summary
    assert "I introduce the two of each pair from 24 March on" in summary
    for user in sorted(PAIRED):
        assert not story.seen(user, "Meet "), "nobody hears of it before the approval"


async def the_other_coordinator_looks_through_them_and_approves(story: Stage) -> None:
    """Jonas on Teams takes one pair out and puts it back; people who do not run the program are refused."""
    await story.command(JONAS, "program review")
    await story.sees(JONAS, "Page 1 of 2, the weakest first.")
    await story.press(JONAS, "Next page")
    await story.sees(JONAS, "Page 2 of 2")
    await story.press(JONAS, "Take out")
    await story.sees(JONAS, "Taken out: ")
    await story.press(JONAS, "Put back")
    await story.press(JONAS, "Back to the summary")
    await story.sees(JONAS, "Pairs")
    await story.command("kenji", "program approve")
    await story.sees("kenji", FOR_COORDINATORS)
    await story.command("tomas", "program propose")
    await story.sees_times("tomas", FOR_COORDINATORS, 2)
    await story.press_forwarded(AMARA, "noor", "Approve 12 pairs")
    await story.sees_times("noor", FOR_COORDINATORS, 2)
    # After work: whoever is to hear of it hears tomorrow.
    await story.at(MATCHING, time(18, 30), "Europe/Berlin")
    await story.command(JONAS, "program approve")
    approved = await story.sees(JONAS, "Approved: 12 pairs")
    assert "I begin on Tuesday 24 March, 09:00" in approved
    assert "I introduce them from 24 March on" in approved
    # A doubt: stopped, and approved again.
    await story.press(JONAS, "Stop")
    await story.sees(JONAS, "Nobody was told anything, and every pair is as it was.")
    await story.press(JONAS, "Approve 12 pairs")
    await story.sees(JONAS, "Approved: 12 pairs")
    # Amara still has the proposal on her screen; her click comes too late.
    await story.press(AMARA, "Approve 12 pairs")
    await story.sees(AMARA, "approved already, so nothing happens twice")


async def slack_opens_no_chat_for_the_first_pair(story: Stage) -> None:
    """Priya's working day in Pune begins first, so hers is the first group chat that is asked for."""
    story.slack.fail("conversations.open", Fault("error", code="restricted_action"))


async def whoever_has_no_partner_is_told_kindly(story: Stage) -> None:
    """Not that evening: on the next morning, when her day begins."""
    await story.at(MATCHING, time(23, 0), "Europe/Oslo")
    assert not story.seen(ALONE, "No mentor within reach yet")
    await story.at(INTRODUCTIONS, time(9, 1), "Europe/Oslo")
    # Everybody who could teach the head of the company reports up to her: she is not told to wait for the next one.
    told = await story.sees(ALONE, "No mentor within reach yet")
    assert "safe to speak openly" in told
    assert "Next from me: when there is somebody for you." in told
    assert name_of(COUPLES[0].mentor) not in told


async def the_pairs_are_introduced(story: Stage) -> None:
    """Whoever has no group chat has the card all the same."""
    await story.at(date(2026, 3, 25), time(18, 0), "Europe/London")
    for couple in COUPLES:
        await _each_reads_who_the_other_is(story, couple)
    groups = {frozenset(one.members) for one in story.slack.channels.values() if one.name == "mpdm"}
    both_on_slack = [one for one in COUPLES if _on_slack(story, one)]
    assert [one.mentor for one in both_on_slack] == ["noor", "priya", "thandi"]
    assert groups == {_members(story, one) for one in both_on_slack if one.mentor != "priya"}
    for couple in both_on_slack:
        if couple.mentor != "priya":
            await _the_group_chat_is_short_and_unread(story, couple)


async def _each_reads_who_the_other_is(story: Stage, couple: Couple) -> None:
    for user, partner, side in (
        (couple.mentor, couple.mentee, "mentee"),
        (couple.mentee, couple.mentor, "mentor"),
    ):
        card = await story.sees(user, f"Meet {name_of(partner)}, your {side}")
        first = name_of(partner).split()[0]
        assert f"care about {couple.topic}" in card, card
        assert ("You are the mentor: " in card) == (side == "mentee")
        assert ("You are the mentee: " in card) == (side == "mentor")
        assert MEMBERS[partner].email in card
        assert "A topic to begin with" in card
        assert goals_of(partner) not in card
        assert "Next from me: " in card.splitlines()[-1]
        assert _way_to(story, user, partner) in _chat_link(story, user, f"Write to {first}")


def _way_to(story: Stage, user: str, partner: str) -> str:
    """A chat where both are on Slack; else the Teams chat or the mail of somebody's work address."""
    person, other = story[user], story[partner]
    if isinstance(person, SlackPerson) and isinstance(other, SlackPerson):
        return f"channel={other.id}"
    return (
        f"users={MEMBERS[partner].email}"
        if "teams" in MEMBERS[partner].platforms
        else f"mailto:{MEMBERS[partner].email}"
    )


def _chat_link(story: Stage, user: str, label: str) -> str:
    person = story[user]
    if isinstance(person, SlackPerson):
        return next(
            str(one["url"])
            for message in person.messages
            for one in message.button_elements
            if one["text"]["text"] == label
        )
    return next(link for message in person.messages if label in message.buttons for link in message.links)


def _on_slack(story: Stage, couple: Couple) -> bool:
    return all(isinstance(story[user], SlackPerson) for user in (couple.mentor, couple.mentee))


def _members(story: Stage, couple: Couple) -> frozenset[str]:
    people = (story[couple.mentor], story[couple.mentee])
    return frozenset(person.id for person in people if isinstance(person, SlackPerson))


async def _the_group_chat_is_short_and_unread(story: Stage, couple: Couple) -> None:
    members = _members(story, couple)
    chat = next(one for one in story.slack.channels.values() if frozenset(one.members) == members)
    [said] = [message.text for message in story.slack.messages if message.channel == chat.id]
    assert len(said.split()) <= MOST_WORDS
    assert "I can't read this chat." in said
    assert couple.topic not in said
