import pytest

from conversations.matching import PRESETS, Candidate, Weights
from conversations.matching.words import terms

from .company import matched, mentee, mentor, names

THEMES = {"automation-ai": "AI and automation", "market": "Market and customer insight"}


def part(name: str, one: Candidate, other: Candidate, weights: Weights | None = None) -> int:
    pair = matched([one, other], weights=weights or Weights(), themes=THEMES).pairs[0]
    return dict(pair.parts)[name]


@pytest.mark.parametrize(
    ("offer", "want"),
    [("retail", "AI"), ("Australia", "US"), ("Mailing", "AI"), ("Email", "mail"), ("HR", "three")],
)
def test_a_word_is_not_found_inside_another_word(offer: str, want: str) -> None:
    assert part("wants", mentor("ana", offers=(offer,)), mentee("wim", wants=(want,))) == 0


@pytest.mark.parametrize(
    ("offer", "want"),
    [
        ("AI in sales", "ai"),
        ("Coaching", "coach"),
        ("community stories", "Communities"),
        ("US market", "US"),
        ("C++", "c++"),
        ("R&D", "r&d"),
        ("women’s networks", "women network"),
        ("ＡＩ", "AI"),
    ],
)
def test_whole_words_and_their_stems_meet(offer: str, want: str) -> None:
    assert part("wants", mentor("ana", offers=(offer,)), mentee("wim", wants=(want,))) == 40


def test_a_theme_meets_itself_in_full_and_own_words_by_its_title() -> None:
    assert part("wants", mentor("ana", offers=("automation-ai",)), mentee("wim", wants=("automation-ai",))) == 40
    assert part("wants", mentor("ana", offers=("automation",)), mentee("wim", wants=("automation-ai",))) == 10
    assert part("wants", mentor("ana", offers=("automation-ai",)), mentee("wim", wants=("AI",))) == 40
    assert part("wants", mentor("ana", offers=("market",)), mentee("wim", wants=("automation-ai",))) == 0


def test_the_first_want_counts_most() -> None:
    ranked = ("podcasts", "cloud", "design", "law", "tax")
    points = [part("wants", mentor("ana", offers=(want,)), mentee("wim", wants=ranked)) for want in ranked]
    assert points == [40, 20, 10, 5, 5]


def test_half_of_a_want_is_worth_half_and_nothing_is_lost_in_dividing() -> None:
    assert part("wants", mentor("ana", offers=("sales",)), mentee("wim", wants=("AI in sales",))) == 20
    assert part("wants", mentor("ana", offers=("a b c",)), mentee("wim", wants=("b c d",))) == 27
    assert part("wants", mentor("ana", offers=("b c d",)), mentee("wim", wants=("b c d",))) == 40


def test_what_the_mentor_hopes_to_hear_about_counts_too() -> None:
    ana = mentor("ana", wants=("career advice",))
    assert part("gives back", ana, mentee("wim", offers=("career advice",))) == 6


def test_goals_interests_hours_and_departments_add_their_points() -> None:
    ana = mentor("ana", goals=("lead a team",), interests=("chess",), department="Sales")
    wim = mentee("wim", goals=("lead with data",), interests=("chess", "sailing"), department="Legal")
    assert part("goals", ana, wim) == 5
    assert part("interests", ana, wim) == 5
    assert part("shared hours", ana, wim) == 10
    assert part("other department", ana, wim) == 10
    assert part("other department", ana, mentee("wim")) == 0


def test_presets_choose_differently() -> None:
    same_skill = mentor("ana", offers=("AI",), department="Sales")
    elsewhere = mentor("ben", offers=("tax",), department="Legal", location="Oslo")
    wim = mentee("wim", wants=("AI",), department="Sales", location="Rome")
    people = [same_skill, elsewhere, wim]
    assert names(matched(people, weights=PRESETS["skills first"])) == [("ana", "wim")]
    assert names(matched(people, weights=PRESETS["broaden horizons"])) == [("ben", "wim")]


def test_a_text_of_nothing_but_fillers_keeps_them() -> None:
    assert terms("how to") == ("how", "to")
    assert terms("?!") == ()
