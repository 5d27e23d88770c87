"""The themes and program templates that ship: complete, and within what every platform shows."""

import re

import pytest

from conversations.content import Content, load

SUBJECTS = ("digital", "AI, blockchain, cybersecurity", "Inclusion", "customer", "ways of working", "Sustainability")


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def test_there_is_a_template_for_each_subject_with_an_objective_questions_and_success(content: Content) -> None:
    titles = " | ".join(template.title for template in content.templates.values())
    assert all(subject.casefold() in titles.casefold() for subject in SUBJECTS)
    for template in content.templates.values():
        assert len(template.questions) >= 3
        assert all(question.endswith("?") for question in template.questions)
        assert template.objective.endswith(".")
        assert template.success.endswith(".")
        assert template.themes


def test_all_themes_fit_into_one_question(content: Content) -> None:
    assert 8 <= len(content.themes) <= 10
    assert all(len(theme.title) <= 75 and theme.about for theme in content.themes.values())


def test_every_theme_belongs_to_a_template_and_has_topics(content: Content) -> None:
    offered = {theme for template in content.templates.values() for theme in template.themes}
    assert offered == set(content.themes)
    assert {topic.theme for topic in content.topics} == set(content.themes)


def test_no_text_calls_anybody_backward_and_nobody_counts_success_without_a_source(content: Content) -> None:
    words = " ".join(content.texts.values()).casefold()
    assert not re.search(r"\b(remedial|outdated|old-fashioned|backward|digital natives?|boomers?)\b", words)
    assert not re.search(r"\d+ ?%", words)


def test_the_agreement_names_its_version(content: Content) -> None:
    assert content.text("agreement.version")
    assert "without giving a reason" in content.text("agreement.text")
