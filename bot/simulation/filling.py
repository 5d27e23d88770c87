"""How a simulated person fills in a form: as they wish, as it stands there already, or with anything that fits."""

from collections.abc import Mapping

from conversations.forms import (
    Choice,
    Choices,
    Date,
    Field,
    Form,
    Line,
    Option,
    Paragraph,
    PersonPick,
    Scale,
    Time,
    Typed,
)

Wishes = Mapping[str, Typed]
"""What somebody would answer, by field key."""


def fill(form: Form, wishes: Wishes) -> dict[str, Typed]:
    """Every field, as a client would send it; an optional one that nobody cares about stays empty."""
    return {each.key: _answer(each, wishes.get(each.key)) for each in form.fields}


def _answer(field: Field, wish: Typed | None) -> Typed:
    match field:
        case Choice(options=options):
            return _one(wish, options) or field.value or (options[0].id if field.required else "")
        case Choices(options=options):
            return _several(wish, options) or field.value or (_ids(options)[:1] if field.required or wish else ())
        case Line() | Paragraph() | Scale() | Date() | Time() | PersonPick():
            wished = wish if isinstance(wish, str) else ""
            return wished or field.value or (_made_up(field) if field.required else "")


def _one(wish: Typed | None, options: tuple[Option, ...]) -> str:
    return wish if isinstance(wish, str) and wish in _ids(options) else ""


def _several(wish: Typed | None, options: tuple[Option, ...]) -> tuple[str, ...]:
    wished = (wish,) if isinstance(wish, str) else wish or ()
    return tuple(each for each in wished if each in _ids(options))


def _ids(options: tuple[Option, ...]) -> tuple[str, ...]:
    return tuple(option.id for option in options)


def _made_up(field: Line | Paragraph | Scale | Date | Time | PersonPick) -> str:
    match field:
        case Line() | Paragraph():
            return "What we agreed on"[: field.max_length]
        case Scale():
            return str((field.low + field.high) // 2)
        case Date():
            day = field.earliest or field.latest
            return day.isoformat() if day else ""
        case Time():
            return "09:00"
        case PersonPick():
            return "somebody@larkspur.example"
