"""A form as a Slack modal, and the submitted modal as values."""

from collections.abc import Mapping
from typing import Any

from adapters.slack import rich_text
from adapters.slack.cards import plain
from adapters.slack.limits import (
    FEW_OPTIONS,
    INPUT_TEXT,
    MANY_OPTIONS,
    OPTION_LABEL,
    PLAIN_TEXT,
    SECTION,
    VIEW_BLOCKS,
    VIEW_TITLE,
)
from adapters.slack.rich_text import Json
from conversations.contacts import small_letters
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

Ids = Mapping[str, str]
"""Slack user ids by work e-mail, for people pickers that are already filled."""


def modal(form: Form, came_from: str = "", ids: Ids | None = None, errors: Mapping[str, str] | None = None) -> Json:
    """The view. `callback_id` is the action to run, `private_metadata` what the screen came from."""
    inputs = [_field(field, form, ids or {}) for field in form.fields]
    view = {
        "type": "modal",
        "callback_id": form.action.pack(),  # at most 255 characters; an action holds at most 200
        "private_metadata": came_from,
        "title": plain(form.title, VIEW_TITLE),
        "close": plain("Cancel", VIEW_TITLE),
        "blocks": [*_errors(form, errors or {}), *_intro(form), *inputs][:VIEW_BLOCKS],
    }
    # Slack wants a submit button on a modal with inputs; one without has nothing to send, but still a step to run.
    return {**view, "submit": plain(form.submit_label, VIEW_TITLE)}


def input_keys(view: Mapping[str, Any]) -> set[str]:
    """The fields that are on a screen; only there can Slack show an error."""
    return {block["block_id"] for block in view["blocks"] if block["type"] == "input"}


def _intro(form: Form) -> list[Json]:
    return [{"type": "section", "text": plain(form.intro, SECTION)}] if form.intro.strip() else []


def _errors(form: Form, errors: Mapping[str, str]) -> list[Json]:
    """What is wrong, above the fields: for errors that no field on the screen can show."""
    labels = {field.key: field.label for field in form.fields}
    return [
        rich_text.block(rich_text.words(f"{labels.get(key, 'Please check')}: ", bold=True), rich_text.words(error))
        for key, error in errors.items()
    ]


def _field(field: Field, form: Form, ids: Ids) -> Json:
    if isinstance(field, Choice | Choices) and not field.options:
        return rich_text.block(rich_text.words(f"{field.label}: ", bold=True), rich_text.words("nothing to pick yet"))
    # Slack keeps what was typed for a block_id with the same action_id, so the action tells one screen from the next.
    element = {**_element(field, ids), "action_id": form.action.pack()}
    hint = {"hint": plain(field.hint, PLAIN_TEXT)} if field.hint.strip() else {}
    return {
        "type": "input",
        "block_id": field.key,
        "label": plain(field.label, PLAIN_TEXT),
        "optional": not field.required,
        "element": element,
        **hint,
    }


def _element(field: Field, ids: Ids) -> Json:
    match field:
        case Line() | Paragraph():
            return _text_input(field)
        case Choice():
            return _choice([_option(option) for option in field.options], field.value)
        case Choices():
            return _choices(field)
        case Scale():
            return _choice(_points(field), field.value)
        case Date():
            return {"type": "datepicker", **_given("initial_date", field.value)}
        case Time():
            return {"type": "timepicker", **_given("initial_time", field.value[:5])}
        case PersonPick():
            return {"type": "users_select", **_given("initial_user", ids.get(small_letters(field.value), ""))}


def _given(name: str, value: Any) -> Json:
    return {name: value} if value else {}


def _text_input(field: Line | Paragraph) -> Json:
    longest = min(max(field.max_length, 1), INPUT_TEXT)
    return {
        "type": "plain_text_input",
        "multiline": isinstance(field, Paragraph),
        "max_length": longest,
        **_given("initial_value", field.value[:longest]),
    }


def _option(option: Option) -> Json:
    return {"text": plain(option.label, OPTION_LABEL), "value": option.id}


def _points(field: Scale) -> list[Json]:
    ends = {field.low: field.low_label, field.high: field.high_label}
    labels = [(point, ends.get(point, "")) for point in range(field.low, field.high + 1)]
    return [_option(Option(str(point), f"{point} – {label}" if label else str(point))) for point, label in labels]


def _choice(options: list[Json], value: str) -> Json:
    chosen = _given("initial_option", next((option for option in options if option["value"] == value), None))
    if len(options) <= FEW_OPTIONS:
        return {"type": "radio_buttons", "options": options, **chosen}
    return {"type": "static_select", **_listed(options), **chosen}


def _choices(field: Choices) -> Json:
    options = [_option(option) for option in field.options]
    chosen = _given("initial_options", [option for option in options if option["value"] in field.value])
    limited = 0 < field.most < len(options)
    if len(options) <= FEW_OPTIONS and not limited:
        return {"type": "checkboxes", "options": options, **chosen}
    most = {"max_selected_items": field.most} if limited else {}
    return {"type": "multi_static_select", **_listed(options), **chosen, **most}


def _listed(options: list[Json]) -> Json:
    if len(options) <= MANY_OPTIONS:
        return {"options": options}
    starts = range(0, min(len(options), MANY_OPTIONS**2), MANY_OPTIONS)
    groups = [(start, options[start : start + MANY_OPTIONS]) for start in starts]
    return {
        "option_groups": [
            {"label": plain(f"{start + 1} to {start + len(part)}", OPTION_LABEL), "options": part}
            for start, part in groups
        ]
    }


def values(view: Mapping[str, Any]) -> dict[str, Typed]:
    """What was typed, by field key. A picked person is a Slack user id here; see `picked`."""
    state = view["state"]["values"]
    return {key: _typed(element) for key, elements in state.items() for element in elements.values()}


def picked(view: Mapping[str, Any]) -> dict[str, str]:
    """The Slack user ids of the picked people, by field key."""
    state = view["state"]["values"]
    return {
        key: element["selected_user"]
        for key, elements in state.items()
        for element in elements.values()
        if element.get("selected_user")
    }


def _typed(element: Mapping[str, Any]) -> Typed:
    match element["type"]:
        case "radio_buttons" | "static_select":
            return str((element.get("selected_option") or {}).get("value", ""))
        case "checkboxes" | "multi_static_select":
            return tuple(str(option["value"]) for option in element.get("selected_options") or ())
        case "datepicker":
            return str(element.get("selected_date") or "")
        case "timepicker":
            return str(element.get("selected_time") or "")
        case "users_select":
            return str(element.get("selected_user") or "")
        case _:
            return str(element.get("value") or "")
