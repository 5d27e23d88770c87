"""What a pair can talk about: the curated bank, in which order it is offered, and what a topic server is asked."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from conversations.content import Content, Topic
from conversations.topic_request import HOW_MANY, TopicRequest
from storage.store import Store
from storage.tables import Enrollment, Pair, Person, Program

Tiers = Sequence[Sequence[str]]
"""Themes in the order in which they matter: topics on an earlier tier come first."""

MOST_THEMES = 4
USUAL_MINUTES = 45


def tiers_of(program: Program, mentor: Enrollment | None, mentee: Enrollment | None) -> Tiers:
    """What the mentee wants and the mentor offers, then what the mentee wants, then what the program is about."""
    wants, offers = (mentee.wants if mentee else []), (mentor.offers if mentor else [])
    return [theme for theme in wants if theme in offers], wants, program.themes


def tiers_of_pair(store: Store, pair: Pair) -> Tiers:
    program = store.programs.get(pair.program_id)
    mentor, mentee = (store.people.get(one) for one in (pair.mentor_id, pair.mentee_id))
    return tiers_of(program, store.enrollments.of(mentor, program.id), store.enrollments.of(mentee, program.id))


def tiers_of_person(store: Store, person: Person) -> Tiers:
    """For somebody without a pair: what they chose themselves, then what their programs are about."""
    mine = [(one, program) for one, program in store.enrollments.of_person(person) if one.status != "left"]
    chosen = [theme for one, _ in mine for theme in (*one.wants, *one.offers)]
    return chosen, [theme for _, program in mine for theme in program.themes]


def first_topic(
    content: Content, program: Program, mentor: Enrollment | None, mentee: Enrollment | None, pair: int
) -> Topic | None:
    """A topic on what the mentee wants most and the mentor offers; pairs of one theme begin at different ones."""
    for themes in tiers_of(program, mentor, mentee):
        if known := topics_on(content, themes):
            return known[pair % len(known)]
    return None


def topics_on(content: Content, themes: Iterable[str]) -> Sequence[Topic]:
    """All topics of the first of these themes that has any."""
    for theme in themes:
        if found := [topic for topic in content.topics if topic.theme == theme]:
            return found
    return []


def topic_titled(content: Content, title: str) -> Topic | None:
    """The topic that a pair was given, while it is still in the bank."""
    return next((topic for topic in content.topics if topic.title == title), None)


def next_topics(content: Content, tiers: Tiers, given: Sequence[str], start: int) -> Sequence[Topic]:
    """Three that were not given yet; when those on these themes are used up, the oldest come again.

    `given`: titles, the oldest first. `start`: where in each theme to begin, so that not everybody gets the same.
    """
    bank = in_order(content, tiers, start)
    fresh = [topic for topic in bank if topic.title not in given]
    again = sorted((topic for topic in bank if topic.title in given), key=lambda topic: given.index(topic.title))
    return [*fresh, *again][:HOW_MANY]


def in_order(content: Content, tiers: Tiers, start: int = 0) -> Sequence[Topic]:
    """All topics on these themes, each once; the themes of a tier take turns. Without any, the whole bank."""
    found: dict[str, Topic] = {}
    for tier in tiers:
        themes = [_beginning_at(start, [topic for topic in content.topics if topic.theme == each]) for each in tier]
        for row in zip_longest(*themes):
            found |= {topic.title: topic for topic in row if topic and topic.title not in found}
    if len(found) < HOW_MANY:
        found |= {topic.title: topic for topic in content.topics if topic.title not in found}
    return list(found.values())


def _beginning_at(start: int, topics: Sequence[Topic]) -> Sequence[Topic]:
    first = start % len(topics) if topics else 0
    return [*topics[first:], *topics[:first]]


def given_to(store: Store, pair: Pair) -> Sequence[str]:
    """Titles of all topics that a pair was given, its very first one included; the oldest first."""
    given = store.topics.given(pair.id)
    return [pair.topic, *given] if pair.topic and pair.topic not in given else given


def topic_request(store: Store, content: Content, about: Mapping[str, Any]) -> TopicRequest:
    """What a topic server is asked for a consultation about these ids: no word that anybody typed is in it."""
    person = store.people.get(int(about["person"]))
    if number := int(about.get("pair") or 0):
        pair = store.pairs.required(person, number)
        minutes = store.programs.get(pair.program_id).session_minutes
        return TopicRequest(_titles(content, tiers_of_pair(store, pair)), minutes, tuple(given_to(store, pair)))
    minutes = next((program.session_minutes for _, program in store.enrollments.of_person(person)), USUAL_MINUTES)
    return TopicRequest(_titles(content, tiers_of_person(store, person)), minutes)


def _titles(content: Content, tiers: Tiers) -> tuple[str, ...]:
    """Of our own themes alone: a theme that somebody put into their own words stays here."""
    for tier in tiers:
        if known := [theme for theme in dict.fromkeys(tier) if theme in content.themes]:
            return tuple(content.themes[theme].title for theme in known[:MOST_THEMES])
    return ()
