import pytest

from conversations.matching import Candidate, Rules
from conversations.matching.explain import points_in_words

from .company import matched, mentee, mentor

THEMES = {"automation-ai": "AI and automation", "robots-ai": "AI for robots"}


def reason(one: Candidate, other: Candidate) -> str:
    return matched([one, other], themes=THEMES).pairs[0].reason


def test_a_pair_is_explained_in_one_sentence_that_both_may_read() -> None:
    ana = mentor("ana", offers=("AI in sales",), department="Sales")
    wim = mentee("wim", wants=("AI in sales",), department="Legal", timezone="Asia/Dubai")
    assert reason(ana, wim) == ("Both care about AI in sales, share 4 working hours and sit in different departments.")


@pytest.mark.parametrize(
    ("offer", "want", "named"),
    [
        ("AI in sales", "AI", "AI"),
        ("AI", "AI in sales", "AI"),
        ("AI in retail", "AI in sales", "AI"),
        ("automation-ai", "automation-ai", "AI and automation"),
        ("Automation", "automation-ai", "Automation"),
    ],
)
def test_the_common_topic_is_named_in_the_more_general_words(offer: str, want: str, named: str) -> None:
    sentence = reason(mentor("ana", offers=(offer,)), mentee("wim", wants=(want,)))
    assert sentence == f"Both care about {named}, and share 8 working hours."


def test_two_themes_of_the_list_have_nothing_in_common_but_a_word() -> None:
    ana = mentor("ana", offers=("automation-ai", "podcasts"))
    wim = mentee("wim", wants=("robots-ai", "podcasts"))
    assert reason(ana, wim) == "Both care about podcasts, and share 8 working hours."


def test_two_topics_are_named_and_the_rest_is_left_for_their_first_talk() -> None:
    topics = ("cloud", "podcasts", "design")
    sentence = reason(mentor("ana", offers=topics), mentee("wim", wants=topics))
    assert sentence.startswith("Both care about cloud and podcasts, and share")


def test_without_a_common_topic_the_sentence_says_what_is_true() -> None:
    ana, wim = mentor("ana", department="Sales"), mentee("wim", department="Legal")
    assert reason(ana, wim) == (
        "The two share 8 working hours and sit in different departments: a fresh view of the company for both."
    )


def test_goals_and_interests_never_show() -> None:
    plain = reason(mentor("ana", offers=("AI",)), mentee("wim", wants=("AI",)))
    private = {"goals": ("become a parent-friendly leader",), "interests": ("chess",)}
    told = reason(mentor("ana", offers=("AI",), **private), mentee("wim", wants=("AI",), **private))
    assert told == plain


def test_long_own_words_are_shortened_and_line_breaks_removed() -> None:
    wish = "understanding\nhow " + "younger colleagues really use video " * 4
    sentence = reason(mentor("ana", offers=(wish,)), mentee("wim", wants=(wish,)))
    assert "\n" not in sentence
    assert "…" in sentence
    assert len(sentence) < 140


def test_the_unmatched_learn_that_places_ran_out_and_that_they_come_first() -> None:
    proposal = matched([mentor("ana"), mentee("wim"), mentee("zoe")])
    assert [unmatched.reason for unmatched in proposal.unmatched] == [
        "The one mentor who would fit is matched with somebody else this time, so this mentee comes first next time."
    ]


def test_every_rule_in_the_way_is_counted_most_frequent_first() -> None:
    wim = mentee("wim", level=5, team="red", timezone="Asia/Tokyo")
    juniors = [mentor("ana", level=6, timezone="Asia/Tokyo"), mentor("ben", level=7), mentor("eve", team="red")]
    wims = [unmatched for unmatched in matched([wim, *juniors]).unmatched if unmatched.key == "wim"]
    assert [unmatched.reason for unmatched in wims] == [
        "None of the 3 mentors can be proposed: a level that is not below theirs (2), "
        "less than 1 shared working hour (2), the same team (1)."
    ]


def test_facts_missing_from_the_roster_are_named_as_the_cause() -> None:
    people = [mentor("ana", level=None), mentee("wim", timezone="Nowhere/Atlantis")]
    reasons = {unmatched.key: unmatched.reason for unmatched in matched(people).unmatched}
    assert reasons["ana"].startswith("The level is not known")
    assert reasons["wim"].startswith("The time zone is not known")


def test_a_wish_and_an_earlier_pairing_are_counted_as_one_cause() -> None:
    wim = mentee("wim", avoid=frozenset({"ana", "ben"}))
    proposal = matched([wim, mentor("ana"), mentor("ben")], past_pairs=[("ana", "wim")])
    sentence = next(unmatched.reason for unmatched in proposal.unmatched if unmatched.key == "wim")
    assert sentence == "None of the 2 mentors can be proposed: an earlier pairing or wish (2)."


def test_whoever_is_away_or_a_guest_is_told_so() -> None:
    people = [mentor("ana", away=True), mentee("wim", guest=True), mentor("ben"), mentee("zoe")]
    reasons = {u.key: u.reason for u in matched(people, rules=Rules(guests_allowed=False)).unmatched}
    assert reasons == {
        "ana": "They are away on the day of the matching, and come in again when they are back.",
        "wim": "Guests do not take part in this program.",
    }


def test_the_coordinator_reads_the_points_and_what_was_weighed_beside_them() -> None:
    waiting = mentee("wim", timezone="Asia/Dubai", unmatched_before=1)
    pair = matched([mentor("ana"), waiting]).pairs[0]
    assert points_in_words(pair) == (
        "8 points: shared working hours 8. Beside the score: waited in an earlier round +1000, a poor fit -40."
    )
    assert sum(points for _, points in pair.parts) == pair.score


def test_a_person_inside_the_pilot_group_is_not_told_to_be_outside() -> None:
    people = [mentor("ana", department="Sales"), mentee("wim", department="Legal")]
    proposal = matched(people, rules=Rules(departments=frozenset({"sales"})))
    assert {unmatched.key: unmatched.reason for unmatched in proposal.unmatched} == {
        "ana": "The only mentee cannot be proposed: outside the pilot group.",
        "wim": "This department is not part of the pilot group.",
    }
