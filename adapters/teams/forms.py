"""A Form as an Adaptive Card with inputs, and what was typed there as values."""

from collections.abc import Mapping

from adapters.teams.buttons import OURS, execute
from adapters.teams.cards import LONGEST_SUMMARY
from adapters.teams.elements import Json, envelope, heading, rich, run
from adapters.teams.inert import defused
from conversations.cut import cut
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

# Up to this many options stand open; a longer list folds.
_MOST_OPEN_OPTIONS = 6
_MISSING = "Please answer this one."


def form_card(form: Form, source: str = "", errors: Mapping[str, str] | None = None) -> Json:
    """The form. `source` is the card that it came from, and comes back with what was typed.

    What was typed is never shortened, so a form may pass the 28 KB of a card; Teams takes 100 KB.
    """
    faults = errors or {}
    body = [heading(form.title)]
    body.extend(rich([run(line)], spacing="Small") for line in form.intro.splitlines() if line.strip())
    if faults:
        body.append(_fault("Almost there. Please look at what is marked below; nothing you typed is lost."))
    for each in form.fields:
        body.extend(_field(each, faults.get(each.key, "")))
    several = [each.key for each in form.fields if isinstance(each, Choices)]
    ours: Json = {"submit": form.action.pack(), "several": several, "source": source}
    body.append({"type": "ActionSet", "actions": [execute(form.submit_label, "submit", ours, "primary")]})
    return envelope(body, cut(defused(form.title), LONGEST_SUMMARY))


def typed_values(data: Mapping[str, object], several: object) -> dict[str, Typed]:
    """The inputs among a button's data. Teams joins several choices with commas and gives numbers as text."""
    many = {str(key) for key in several} if isinstance(several, list) else set()
    given = {key: str(value) for key, value in data.items() if key != OURS and value is not None}
    return {key: tuple(filter(None, text.split(","))) if key in many else text for key, text in given.items()}


def _field(each: Field, fault: str) -> list[Json]:
    label = defused(each.label if each.required else f"{each.label} (optional)")
    asked: Json = {"id": each.key, "label": label, "isRequired": each.required, "spacing": "Medium"}
    if each.required:
        asked["errorMessage"] = _MISSING
    elements: list[Json] = [asked | _input(each)]
    if fault:
        elements.append(_fault(fault))
    if hint := _hint(each):
        elements.append(rich([run(hint, isSubtle=True, size="Small")], spacing="Small"))
    return elements


def _input(each: Field) -> Json:
    match each:
        case Line():
            return {"type": "Input.Text", "value": each.value, "maxLength": each.max_length}
        case Paragraph():
            return {"type": "Input.Text", "isMultiline": True, "value": each.value, "maxLength": each.max_length}
        case PersonPick():
            # A people picker answers with a directory id, which the bot may not turn into a mail address.
            return {"type": "Input.Text", "style": "Email", "value": each.value, "placeholder": "Work e-mail"}
        case Choice():
            return _choices(each.options, each.value)
        case Choices():
            return _choices(each.options, ",".join(each.value)) | {"isMultiSelect": True, "style": "expanded"}
        case Scale():
            return _choices(_steps(each), each.value)
        case Date():
            limits = {"min": each.earliest, "max": each.latest}
            days: Json = {name: day.isoformat() for name, day in limits.items() if day}
            return {"type": "Input.Date", "value": each.value, **days}
        case Time():
            return {"type": "Input.Time", "value": each.value}


def _choices(options: tuple[Option, ...], value: str) -> Json:
    choices = [{"title": defused(option.label), "value": option.id} for option in options]
    style = "expanded" if len(options) <= _MOST_OPEN_OPTIONS else "compact"
    return {"type": "Input.ChoiceSet", "choices": choices, "style": style, "value": value, "wrap": True}


def _steps(scale: Scale) -> tuple[Option, ...]:
    words = {scale.low: scale.low_label, scale.high: scale.high_label}
    numbers = range(scale.low, scale.high + 1)
    return tuple(Option(str(number), " – ".join(filter(None, (str(number), words.get(number))))) for number in numbers)


def _hint(each: Field) -> str:
    most = f"Pick up to {each.most}." if isinstance(each, Choices) and each.most else ""
    return " ".join(filter(None, (each.hint, most)))


def _fault(words: str) -> Json:
    return rich([run(words, color="Attention", weight="Bolder")], spacing="Small")
