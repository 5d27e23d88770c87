"""A card or a form as each platform gets it, as text to keep and compare."""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping

from adapters.slack import cards as slack_cards
from adapters.slack import forms as slack_forms
from adapters.teams.cards import adaptive_card
from adapters.teams.forms import form_card
from adapters.web.cards import card_html
from adapters.web.forms import form_html
from conversations.cards import Card, plain_text
from conversations.forms import Choice, Choices, Form, Scale

# A line for each element, so that a change of one shows as a change of one line.
_STARTS_A_LINE = re.compile(
    r"(?<=>)(?=</?(?:a|button|div|dl|fieldset|footer|form|h3|header|hr|label|li|option|p|ul)\b)"
)

_PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


def rendered(shown: Card | Form) -> dict[str, str]:
    """By the ending of the golden file."""
    return {
        "slack.json": as_json(slack(shown)),
        "teams.json": _pixels(as_json(teams(shown))),
        "web.html": _pixels(_STARTS_A_LINE.sub("\n", web(shown)) + "\n"),
        "txt": words(shown) + "\n",
    }


def _pixels(words: str) -> str:
    """Each picture as a hash of what is seen: not every build of zlib packs it into the same bytes."""
    return _PICTURE.sub(lambda found: f"data:image/png;pixels,{_seen(base64.b64decode(found[1]))}", words)


def _seen(png: bytes) -> str:
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start], "big")
    drawn = zlib.decompress(png[start + 4 : start + 4 + length])
    return hashlib.sha256(png[: start - 4] + drawn).hexdigest()[:32]


def slack(shown: Card | Form) -> Mapping[str, object]:
    return slack_cards.message(shown) if isinstance(shown, Card) else slack_forms.modal(shown)


def teams(shown: Card | Form) -> Mapping[str, object]:
    return adaptive_card(shown) if isinstance(shown, Card) else form_card(shown)


def web(shown: Card | Form) -> str:
    return card_html(shown) if isinstance(shown, Card) else form_html(shown, "f1", {}, ())


def words(shown: Card | Form) -> str:
    """For reading: what is said, without how it looks."""
    return plain_text(shown) if isinstance(shown, Card) else "\n".join(_form_words(shown))


def _form_words(form: Form) -> list[str]:
    lines = [form.title, form.intro] if form.intro else [form.title]
    for field in form.fields:
        kind = type(field).__name__ + ("" if field.required else ", optional")
        filled = ", ".join(field.value) if isinstance(field.value, tuple) else field.value
        lines += ["", f"{field.label} ({kind})", *([f"  {field.hint}"] if field.hint else [])]
        match field:
            case Choice() | Choices():
                lines += [f"  ( ) {option.label}" for option in field.options]
            case Scale():
                lines += [f"  {field.low} {field.low_label} ... {field.high} {field.high_label}"]
            case _:
                pass
        lines += [f"  = {filled}"] if filled else []
    return [*lines, "", f"[{form.submit_label}]"]


def as_json(body: Mapping[str, object]) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"
