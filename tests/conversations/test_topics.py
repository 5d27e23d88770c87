"""The topic bank, and the topic that a pair begins with."""

import re
from collections import Counter

import pytest

from conversations.content import Content, load
from conversations.topics import first_topic, topic_titled
from storage.tables import Enrollment, Program


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def a_program(*themes: str) -> Program:
    return Program(name="Digital fluency", themes=list(themes))


def test_eight_themes_or_more_have_five_topics_each(content: Content) -> None:
    counts = Counter(topic.theme for topic in content.topics)
    assert len(content.themes) >= 8
    assert {theme: counts[theme] for theme in content.themes if counts[theme] < 5} == {}


def test_openings_are_short_and_cannot_be_answered_with_yes_or_no(content: Content) -> None:
    yes_or_no = re.compile(r"(Is|Are|Do|Does|Did|Can|Could|Will|Would|Have|Has|Should)\b")
    assert [topic.title for topic in content.topics if yes_or_no.match(topic.opening)] == []
    assert [topic.title for topic in content.topics if len(topic.opening + topic.follow_up) > 300] == []


def test_topics_make_no_difference_between_young_and_old(content: Content) -> None:
    words = " ".join(f"{topic.title} {topic.opening} {topic.follow_up}" for topic in content.topics)
    assert re.findall(r"(?i)\b(young|younger|old|older|age|aged|\d\d-year-olds?|generation|boomers?)\b", words) == []


def test_no_two_topics_are_called_the_same(content: Content) -> None:
    titles = [topic.title for topic in content.topics]
    assert len(titles) == len(set(titles))


def test_openings_ask_something(content: Content) -> None:
    assert [topic.title for topic in content.topics if "?" not in topic.opening + topic.follow_up] == []


def test_the_first_topic_is_on_what_one_wants_most_and_the_other_offers(content: Content) -> None:
    mentor = Enrollment(offers=["sustainability", "cybersecurity"], wants=[])
    mentee = Enrollment(wants=["inclusion", "cybersecurity", "sustainability"], offers=[])
    topic = first_topic(content, a_program("inclusion"), mentor, mentee, 1)
    assert topic is not None
    assert topic.theme == "cybersecurity"


def test_pairs_with_the_same_theme_begin_with_different_topics(content: Content) -> None:
    found = {first_topic(content, a_program("inclusion"), None, None, pair) for pair in range(3)}
    assert len(found) == 3


def test_own_words_without_a_topic_fall_back_to_the_program(content: Content) -> None:
    mentee = Enrollment(wants=["Falconry"], offers=[])
    topic = first_topic(content, a_program("market_insight"), Enrollment(offers=["Falconry"]), mentee, 4)
    assert topic is not None
    assert topic.theme == "market_insight"


def test_a_title_that_is_no_longer_in_the_bank_is_no_topic(content: Content) -> None:
    assert topic_titled(content, "Gone") is None
    assert topic_titled(content, content.topics[0].title) == content.topics[0]
