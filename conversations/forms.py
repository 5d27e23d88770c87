"""What a person fills in: a form with fields, and how the typed answers are read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from conversations.actions import Action
from conversations.contacts import small_letters

Typed = str | tuple[str, ...]
"""What an adapter hands in for a field: text, or the chosen option ids of `Choices`."""

Values = Mapping[str, Typed]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `id` holds no comma (Teams joins several choices with commas) and at most 75 characters."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text."""

    key: str
    label: str
    required: bool = True
    value: str = ""
    hint: str = ""
    max_length: int = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Several lines of text. Slack: at most 3000 characters."""

    key: str
    label: str
    required: bool = True
    value: str = ""
    hint: str = ""
    max_length: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Exactly one option."""

    key: str
    label: str
    options: tuple[Option, ...]
    required: bool = True
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Any number of options, at most `most` of them (0: all)."""

    key: str
    label: str
    options: tuple[Option, ...]
    required: bool = True
    value: tuple[str, ...] = ()
    hint: str = ""
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A whole number from `low` to `high`, with words for both ends."""

    key: str
    label: str
    low_label: str
    high_label: str
    low: int = 1
    high: int = 5
    required: bool = True
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A day; `value` is ISO, 2026-05-28."""

    key: str
    label: str
    required: bool = True
    value: str = ""
    hint: str = ""
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A time of day; `value` is ISO, 09:30."""

    key: str
    label: str
    required: bool = True
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPick:
    """A colleague. `value` and the answer are a work e-mail; a people picker turns its pick into one."""

    key: str
    label: str
    required: bool = True
    value: str = ""
    hint: str = ""


Field = Line | Paragraph | Choice | Choices | Scale | Date | Time | PersonPick


@dataclass(frozen=True, slots=True)
class Form:
    """A screen of fields. Submitting it runs `action`. `intro` is literal text above the fields.

    Slack: title and submit label hold at most 24 characters.
    """

    title: str
    action: Action
    fields: tuple[Field, ...]
    submit_label: str = "Send"
    intro: str = ""

    def filled(self, values: Values) -> "Form":
        """The same form with what was typed, so that a correction loses nothing."""
        return replace(self, fields=tuple(_with_value(each, values) for each in self.fields))


Answer = str | int | tuple[str, ...] | date | time | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed, read: by field key, and what is wrong, by field key."""

    values: Mapping[str, Answer]
    errors: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def many(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()

    def number(self, key: str) -> int | None:
        value = self.values.get(key)
        return value if isinstance(value, int) else None

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        return value if isinstance(value, date) else None

    def clock(self, key: str) -> time | None:
        value = self.values.get(key)
        return value if isinstance(value, time) else None


class Wrong(ValueError):
    """An answer that does not fit its field; the message is for the person."""


def read(form: Form, values: Values) -> Answers:
    """Every field of the form read from what was typed; never trusts the client's own checks."""
    answers: dict[str, Answer] = {}
    errors: dict[str, str] = {}
    for each in form.fields:
        typed = values.get(each.key, ())
        try:
            answers[each.key] = _read_required(each, typed)
        except Wrong as wrong:
            errors[each.key] = str(wrong)
    return Answers(answers, errors)


def _read_required(each: Field, typed: Typed) -> Answer:
    many = (typed,) if isinstance(typed, str) else typed
    parts = (storable(part).strip() for part in many)
    given = tuple(part for part in parts if part)
    if not given:
        if each.required:
            raise Wrong(_missing(each))
        return () if isinstance(each, Choices) else None
    return _read_given(each, given)


def storable(text: str) -> str:
    """What every database keeps: no NUL (PostgreSQL) and no half of a surrogate pair, as of an emoji cut in two."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _missing(each: Field) -> str:
    match each:
        case Choice() | Scale():
            return "Please pick one."
        case Choices(options=(_only,)):
            return "Please tick the box; we cannot go on without it."
        case _:
            return "Please answer this one."


def _read_given(each: Field, given: tuple[str, ...]) -> Answer:
    first = given[0]
    match each:
        case Line() | Paragraph():
            if len(first) > each.max_length:
                raise Wrong(f"That is {len(first)} characters; at most {each.max_length} fit.")
            return first
        case Choice():
            return _option(each.options, first)
        case Choices():
            if each.most and len(given) > each.most:
                raise Wrong(f"Please pick at most {each.most}.")
            return tuple(_option(each.options, one) for one in given)
        case Scale():
            if first not in map(str, range(each.low, each.high + 1)):
                raise Wrong(f"Please pick a number from {each.low} to {each.high}.")
            return int(first)
        case Date():
            return _day(each, first)
        case Time():
            return _clock(first)
        case PersonPick():
            # 320 characters are the longest e-mail address (RFC 3696, erratum 1690: 254 in practice).
            if first.count("@") != 1 or first.startswith("@") or first.endswith("@") or len(first) > 320:
                raise Wrong("Please give a work e-mail, such as ana@larkspur.example.")
            return small_letters(first)


def _option(options: tuple[Option, ...], typed: str) -> str:
    if any(option.id == typed for option in options):
        return typed
    raise Wrong("Please pick one of the options shown.")


def _day(each: Date, typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Wrong("Please give a day, such as 2026-05-28.") from None
    if each.earliest and day < each.earliest:
        raise Wrong(f"Please pick {each.earliest.day} {each.earliest:%B %Y} or later.")
    if each.latest and day > each.latest:
        raise Wrong(f"Please pick {each.latest.day} {each.latest:%B %Y} or earlier.")
    return day


def _clock(typed: str) -> time:
    try:
        return time.fromisoformat(typed).replace(tzinfo=None)
    except ValueError:
        raise Wrong("Please give a time, such as 09:30.") from None


def _with_value(each: Field, values: Values) -> Field:
    typed = values.get(each.key)
    if typed is None:
        return each
    if isinstance(each, Choices):
        return replace(each, value=(typed,) if isinstance(typed, str) else typed)
    return replace(each, value=typed if isinstance(typed, str) else ", ".join(typed))
