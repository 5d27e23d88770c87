"""What a topic server is asked, and how its answer is read: nothing about people goes out, no link comes in."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversations.content import Topic

HOW_MANY = 3
MOST_TITLE, MOST_TEXT = 80, 400
# What a server answers may be long for many reasons; three topics never are.
MOST_ANSWER = 20_000
# More titles would make the question long without making the answer better.
MOST_GIVEN = 30
LINK = re.compile(r"(?i)https?:|www\.|mailto:|\]\(|<[a-z!/@#]|\b[\w-]+\.(?:com|net|org|io|example)\b")
# Models that reason write down how, before what.
REASONING = re.compile(r"(?s)^.*</think>")


@dataclass(frozen=True, slots=True)
class TopicRequest:
    """Everything that may leave the house: titles of our own themes, minutes, and titles of topics given before."""

    themes: tuple[str, ...]
    minutes: int
    given: tuple[str, ...] = ()


class TopicFault(Exception):
    """No suggestions this time. `kind` is a word for the log and the counter; it holds nothing of the answer."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


SYSTEM = (
    "You suggest what two colleagues can talk about in reverse mentoring: a junior colleague (the mentor) teaches a "
    "senior one (the mentee). Write warm, plain, specific English. No jargon, no flattery, nothing that blames or "
    "talks down to anybody, no names, no links, no markup. An opening is one question for both that cannot be answered "
    "with yes or no and needs no preparation. A follow-up takes it to something small to do or decide. "
    'Answer with JSON only: {"topics": [{"title": "...", "opening": "...", "follow_up": "..."}, ...]} with exactly '
    f"three topics, titles of at most {MOST_TITLE} characters, openings and follow-ups of at most {MOST_TEXT}."
)


def question(request: TopicRequest) -> str:
    """The words of a request."""
    lines = [f"Themes: {'; '.join(request.themes)}.", f"Their sessions last {request.minutes} minutes."]
    if request.given:
        lines.append(f"They had these topics already, so suggest others: {'; '.join(request.given[-MOST_GIVEN:])}.")
    return "\n".join(lines)


def read_topics(answer: str, given: Sequence[str] = ()) -> tuple[Topic, ...]:
    """Exactly three topics of plain words, none of them given before. Raises TopicFault."""
    if not answer.strip():
        raise TopicFault("empty")
    if len(answer) > MOST_ANSWER:
        raise TopicFault("too_long")
    rows = _rows(answer)
    topics = tuple(Topic("", *(_words(row, part) for part in ("title", "opening", "follow_up"))) for row in rows)
    titles = {topic.title.casefold() for topic in topics}
    if len(titles) < HOW_MANY or titles & {title.casefold() for title in given}:
        raise TopicFault("repeated")
    return topics


def _rows(answer: str) -> Sequence[Mapping[str, Any]]:
    said = REASONING.sub("", answer)
    first, last = said.find("{"), said.rfind("}")
    try:
        # Many models put a fence around it; what is around the outermost braces does not count.
        read = json.loads(said[first : last + 1])
    except (ValueError, RecursionError):
        raise TopicFault("not_json") from None
    rows = read.get("topics") if isinstance(read, dict) else None
    if not isinstance(rows, list) or len(rows) != HOW_MANY or not all(isinstance(row, dict) for row in rows):
        raise TopicFault("wrong_shape")
    return rows


def _words(row: Mapping[str, Any], part: str) -> str:
    found = row.get(part)
    if not isinstance(found, str):
        raise TopicFault("wrong_shape")
    # Without marks that turn or hide text; every run of white space is one space.
    plain = " ".join("".join(sign for sign in found if sign.isspace() or _is_plain(sign)).split())
    if not plain:
        raise TopicFault("wrong_shape")
    if len(plain) > (MOST_TITLE if part == "title" else MOST_TEXT):
        raise TopicFault("too_long")
    if LINK.search(plain):
        raise TopicFault("link")
    return plain


def _is_plain(sign: str) -> bool:
    return not unicodedata.category(sign).startswith("C")
