"""A form as HTML, and what was typed into it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from adapters.web.people import Persona
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

# More options than this fold into a drop-down list: a column is narrow and a long list of circles is hard to scan.
MOST_CIRCLES = 7


@dataclass(frozen=True, slots=True)
class Shown:
    """One field on its way to the page: its id there, what is wrong with it, and whom a picker may offer."""

    ident: str
    error: str
    people: Sequence[Persona]

    def described(self, hint: str) -> str:
        """The attributes that tie a control to its hint and its error."""
        names = [f"{self.ident}-hint"] if hint else []
        names += [f"{self.ident}-error"] if self.error else []
        by = f' aria-describedby="{" ".join(names)}"' if names else ""
        return by + (' aria-invalid="true"' if self.error else "")


def form_html(form: Form, ident: str, errors: Mapping[str, str], people: Sequence[Persona]) -> str:
    fields = "".join(
        _field(each, Shown(f"{ident}-{escape(each.key)}", errors.get(each.key, ""), people)) for each in form.fields
    )
    known = {each.key for each in form.fields}
    general = "".join(f'<p class="error">{escape(words)}</p>' for key, words in errors.items() if key not in known)
    intro = "".join(f'<p class="intro">{escape(line)}</p>' for line in form.intro.split("\n") if line.strip())
    return (
        f'<form class="form" novalidate data-form="{ident}" aria-labelledby="{ident}-title">'
        f'<header class="form-head"><h3 id="{ident}-title" tabindex="-1">{escape(form.title)}</h3>'
        '<button type="button" class="icon-button" data-close aria-label="Close this form">×</button></header>'
        f'<div class="form-body">{intro}{general}{fields}</div>'
        '<footer class="form-foot"><button type="button" class="button plain" data-close>Cancel</button>'
        f'<button type="submit" class="button primary">{escape(form.submit_label)}</button></footer></form>'
    )


def read_values(form: Form, typed: Mapping[str, Typed]) -> dict[str, Typed]:
    """One entry for each field of the form, and for nothing else; an empty one when nothing was typed."""
    values: dict[str, Typed] = {}
    for each in form.fields:
        given = typed.get(each.key, ())
        if isinstance(each, Choices):
            values[each.key] = (given,) if isinstance(given, str) else given
        else:
            values[each.key] = given if isinstance(given, str) else ", ".join(given)
    return values


def _field(each: Field, shown: Shown) -> str:
    match each:
        case Choice():
            return _choice(each, shown)
        case Choices():
            return _choices(each, shown)
        case Scale():
            return _scale(each, shown)
        case Line():
            return _labelled(each, shown, _input(each, shown, "text"))
        case Paragraph():
            common = f'id="{shown.ident}" name="{escape(each.key)}"{shown.described(each.hint)}'
            return _labelled(each, shown, f'<textarea rows="3" {common}>\n{escape(each.value)}</textarea>')
        case Date():
            return _labelled(each, shown, _input(each, shown, "date", _bounds(each)))
        case Time():
            return _labelled(each, shown, _input(each, shown, "time"))
        case PersonPick():
            return _labelled(each, shown, _select(each, shown, _colleagues(each, shown.people)))


def _bounds(each: Date) -> str:
    least = f' min="{each.earliest.isoformat()}"' if each.earliest else ""
    return least + (f' max="{each.latest.isoformat()}"' if each.latest else "")


def _choice(each: Choice, shown: Shown) -> str:
    if len(each.options) > MOST_CIRCLES:
        return _labelled(each, shown, _select(each, shown, each.options))
    options = each.options if each.required else (*each.options, Option("", "No answer"))
    rows = "".join(_option(each, option, "radio", option.id == each.value) for option in options)
    return _group(each, shown, f'<div class="options">{rows}</div>')


def _choices(each: Choices, shown: Shown) -> str:
    rows = "".join(_option(each, option, "checkbox", option.id in each.value) for option in each.options)
    most = f'<p class="hint">Pick up to {each.most}.</p>' if each.most else ""
    return _group(each, shown, f'{most}<div class="options">{rows}</div>')


def _scale(each: Scale, shown: Shown) -> str:
    steps = [Option(str(number), str(number)) for number in range(each.low, each.high + 1)]
    options = steps if each.required else [*steps, Option("", "No answer")]
    rows = "".join(_option(each, option, "radio", option.id == each.value) for option in options)
    ends = f'<div class="ends"><span>{escape(each.low_label)}</span><span>{escape(each.high_label)}</span></div>'
    return _group(each, shown, f'<div class="scale">{rows}</div>{ends}')


def _option(each: Field, option: Option, kind: str, chosen: bool) -> str:
    checked = " checked" if chosen else ""
    return (
        f'<label class="option"><input type="{kind}" name="{escape(each.key)}" value="{escape(option.id)}"{checked}>'
        f"<span>{escape(option.label)}</span></label>"
    )


def _input(each: Line | Date | Time, shown: Shown, kind: str, more: str = "") -> str:
    return (
        f'<input type="{kind}" id="{shown.ident}" name="{escape(each.key)}" value="{escape(each.value)}"'
        f' autocomplete="off"{more}{shown.described(each.hint)}>'
    )


def _select(each: Choice | PersonPick, shown: Shown, options: Iterable[Option]) -> str:
    first = "Choose…" if each.required else "No answer"
    rows = "".join(
        f'<option value="{escape(option.id)}"{" selected" if option.id == each.value else ""}>'
        f"{escape(option.label)}</option>"
        for option in (Option("", first), *options)
    )
    return f'<select id="{shown.ident}" name="{escape(each.key)}"{shown.described(each.hint)}>{rows}</select>'


def _colleagues(each: PersonPick, people: Sequence[Persona]) -> list[Option]:
    options = [Option(one.email, f"{one.name} · {one.title}" if one.title else one.name) for one in people]
    known = not each.value or any(option.id == each.value for option in options)
    return options if known else [Option(each.value, each.value), *options]


def _labelled(each: Field, shown: Shown, control: str) -> str:
    label = f'<label class="label" for="{shown.ident}">{_label(each)}</label>'
    return f"{_open(each, shown)}{label}{_hint(each, shown)}{control}{_error(shown)}</div>"


def _group(each: Field, shown: Shown, controls: str) -> str:
    inside = f'<legend class="label">{_label(each)}</legend>{_hint(each, shown)}{controls}'
    return f"{_open(each, shown)}<fieldset{shown.described(each.hint)}>{inside}</fieldset>{_error(shown)}</div>"


def _open(each: Field, shown: Shown) -> str:
    wrong = " wrong" if shown.error else ""
    return f'<div class="field{wrong}" data-key="{escape(each.key)}">'


def _label(each: Field) -> str:
    return escape(each.label) + ("" if each.required else ' <span class="optional">optional</span>')


def _hint(each: Field, shown: Shown) -> str:
    return f'<p class="hint" id="{shown.ident}-hint">{escape(each.hint)}</p>' if each.hint else ""


def _error(shown: Shown) -> str:
    return f'<p class="error" id="{shown.ident}-error">{escape(shown.error)}</p>' if shown.error else ""
