"""What a pair can talk about: the curated bank, and which topic of it comes first."""

from collections.abc import Iterable, Sequence

from conversations.content import Content, Topic
from storage.tables import Enrollment, Program


def first_topic(
    content: Content, program: Program, mentor: Enrollment | None, mentee: Enrollment | None, pair: int
) -> Topic | None:
    """A topic on what the mentee wants most and the mentor offers; pairs of one theme begin at different ones."""
    wants, offers = (mentee.wants if mentee else []), (mentor.offers if mentor else [])
    both = [theme for theme in wants if theme in offers]
    for themes in (both, wants, program.themes):
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
