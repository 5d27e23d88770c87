"""Larkspur, where everybody is called and writes what they please: every card and form with such words in it."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from sqlalchemy import String

from conversations.actions import Action
from conversations.cards import Card, LinkButton, Text
from conversations.content import Content
from conversations.flow import Turn
from conversations.forms import Form
from conversations.matching import Rule
from storage.database import Database
from storage.store import Store
from storage.tables import Enrollment, Person, Program, Table
from tests.support.gallery import LOOKS, Maker, makers
from tests.support.larkspur import Larkspur

EVIL = "evil.example"
HOSTILE = (
    f"<!channel> <@U123> <https://{EVIL}|here>",
    f"[x](https://{EVIL}) **b** _i_ `c` ~s~",
    f'<b onclick="x()">b</b> \'"><img src=x onerror=x()> <a href="https://{EVIL}">x</a>',
    f"\u202egnp\u202c \u200b\u2066x\u2069 https://{EVIL} mailto:x@{EVIL}",
    f"@channel @everyone <!subteam^S1> <#C1> {{name}} {{}} %s https://xn--evl-jma.example www.{EVIL} еvil.example",
    "# h\n- a\n1. b\n> q\n```c```\n| t |\n<at>all</at> &lt;b&gt; \\[x\\](y)",
)
# Stands for somebody's words until others are put in their place.
MARK = "Quirin Olander"
# Parameters that are texts of ours, of a few to choose from, and so are read as Markdown.
TEXTS_OF_OURS = {"opening_cards.open_card": "how", "need_cards.taken_card": "note"}
_PEOPLE = ("name", "department", "team", "location")
_PROGRAMS = ("name", "objective", "success", "contact_name", "contact_reach")
_ENROLLMENTS = ("own_words", "goals", "want_back")
# What is ours: codes, dates, addresses, and our own Markdown, which goes through the renderer by itself.
_OURS = re.compile(r"[a-z0-9_./:-]*|https?://\S+|[^@\s]+@larkspur\.example")


def hostile_gallery(database: Database, words: str) -> dict[str, Card | Form]:
    """Everything that the bot can show, where people are called `words` and write it everywhere."""

    def work(store: Store) -> dict[str, Card | Form]:
        here = Larkspur(store)
        _rename(here, words)
        return {
            f"{maker.name} {look}": _made(maker, here, look, words)
            for maker in makers().values()
            for look in LOOKS.get(maker.name, {"": None})
        }

    return database.write_now(work)


def _made(maker: Maker, here: Larkspur, look: str, words: str) -> Card | Form:
    chosen = LOOKS.get(maker.name, {}).get(look, lambda _here: {})(here)
    example = maker.example(here, chosen)
    kept = {name: value for name, value in example.items() if name == TEXTS_OF_OURS.get(maker.name)}
    return maker.make(here, lambda _here: _hostile(example, words) | kept)


def _rename(here: Larkspur, words: str) -> None:
    """In the rows of the database, from where most cards read."""
    session: Any = here.store._session
    programs = (here.running, here.open, here.draft, here.closed)
    for number, each in enumerate(session.query(Person)):
        for column in _PEOPLE:
            setattr(each, column, words[:150] if column != "name" else f"{words[:150]} {number}")
    for number, one in enumerate(programs):
        for column in _PROGRAMS:
            setattr(one, column, f"{words[:100]} {number}" if column == "name" else words)
        one.questions, one.departments = [words], [words[:100]]
    for enrollment in session.query(Enrollment):
        for column in _ENROLLMENTS:
            setattr(enrollment, column, words)
    here.store.flush()


def _hostile(value: Any, words: str) -> Any:
    """The same example with these words wherever somebody's own could stand."""
    match value:
        case str():
            return value if _OURS.fullmatch(value) or value in _RULES else words
        case Turn() | Content() | Action() | Text() | Card() | Form() | Person() | Program() | Enrollment():
            return value
        case Table():
            return _hostile_row(value, words)
        case Mapping():
            return {key: _hostile(each, words) for key, each in value.items()}
        case list() | tuple():
            return type(value)(_hostile(each, words) for each in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            changed = {one.name: _hostile(getattr(value, one.name), words) for one in fields(value) if one.init}
            return replace(value, **changed)
        case _:
            return value


_RULES = frozenset(rule.value for rule in Rule)


def _hostile_row(row: Any, words: str) -> Any:
    for column in row.__table__.columns:
        if isinstance(column.type, String) and isinstance(held := getattr(row, column.key), str):
            setattr(row, column.key, held if _OURS.fullmatch(held) else words[: column.type.length])
    return row


def said(shown: Any, words: str) -> Any:
    """The same card or form with `words` in place of MARK, wherever it came into it."""
    match shown:
        case str():
            return shown.replace(MARK, words)
        case Action():
            return shown
        case LinkButton():
            return replace(shown, label=said(shown.label, words))
        case Mapping():
            return {key: said(each, words) for key, each in shown.items()}
        case tuple() | list():
            return type(shown)(said(each, words) for each in shown)
        case _ if is_dataclass(shown) and not isinstance(shown, type):
            return replace(shown, **{one.name: said(getattr(shown, one.name), words) for one in fields(shown)})
        case _:
            return shown
