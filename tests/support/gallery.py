"""Every card and every form that the bot can show, made by the real functions with people of Larkspur.

A function that returns a card is found by its annotation and called with what its parameters ask for, by name or by
type. Whatever has more than one look is listed under LOOKS.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import conversations
from conversations.actions import Action
from conversations.cards import Card, Text
from conversations.check_in_cards import Asked, Row
from conversations.contacts import Contact
from conversations.content import Content, Topic
from conversations.flow import Command, Turn
from conversations.forms import Form, Typed
from conversations.import_people import ImportReport
from conversations.people_words import contact_of
from conversations.proposal_shown import Readiness, Shown
from storage.database import Database
from storage.tables import Enrollment, Pair, Person, Program, Proposal, ProposedPair
from tests.support.larkspur import NOW, REASON, TODAY, Larkspur

# The vocabulary makes and moves cards; it has no words of its own.
VOCABULARY = {"conversations.cards", "conversations.forms", "conversations.packing"}

# Whose screen a module's cards are on: the coordinator's, unless it is one of these.
FOR_PARTICIPANTS = {
    **dict.fromkeys(("check_in_cards", "flows.help", "flows.home", "flows.introduction", "flows.met"), "noor"),
    **dict.fromkeys(("sign_up_cards", "sign_up_forms", "waiting_cards"), "zofia"),
}

Given = Mapping[str, Any]
Look = Callable[[Larkspur], Given]


def _nothing(_here: Larkspur) -> Given:
    return {}


def _newcomer(here: Larkspur) -> Person:
    person = here.person("diego")
    person.source = "self"
    return person


def _note(here: Larkspur) -> Given:
    row = here.row(state="met", learned="Show, then tell", change="Fewer slides", closer=3)
    return {"row": row, "asked": here.asked(row)}


def _answers(*states: str, **more: Any) -> Look:
    """Noor's check-in with these answers, one for each of her mentees."""

    def look(here: Larkspur) -> Given:
        pairs = (here.first_pair, here.second_pair)
        rows = [here.row(pair, state, **more) for pair, state in zip(pairs, states, strict=False)]
        return {"asked": here.asked(*rows)}

    return look


LOOKS: Mapping[str, Mapping[str, Look]] = {
    "check_in_cards.check_in_card": {
        "": _nothing,
        "first": lambda here: {"asked": here.asked(first=True)},
        "reminder": lambda here: {"asked": here.asked(reminder=True)},
        "several": _answers("", ""),
        "half-answered": _answers("met", ""),
        "met": _answers("met"),
        "met-note": _answers("met", learned="Show, then tell"),
        "met-shared": _answers("met", learned="Show, then tell", shared_at=NOW),
        "date-set": _answers("date_set"),
        "not-yet": _answers("not_yet"),
        "skip": _answers("skip"),
        "late": lambda here: {"asked": here.asked(here.row(state="met"), late_for="9 April")},
        "changing": lambda here: {
            "asked": here.asked(here.row(state="not_yet")),
            "changing": here.first_pair.id,
        },
    },
    "check_in_cards.note_form": {"": _nothing, "again": _note},
    "flows.help.help_card": {"": _nothing, "coordinator": lambda here: {"turn": here.turn("amara")}},
    "flows.help.welcome_card": {"": lambda here: {"turn": here.turn("mateo")}},
    "flows.home.home_card": {
        "mentor": _nothing,
        "mentee": lambda here: {"turn": here.turn("rosalind")},
        "joined": lambda here: {"turn": here.turn("zofia")},
        "to-confirm": lambda here: {"turn": here.turn("diego")},
        "invited": lambda here: {"turn": here.turn("vikram")},
        "nothing-yet": lambda here: {"turn": here.turn("mateo")},
        "coordinator": lambda here: {"turn": here.turn("amara")},
    },
    "flows.introduction.own_card": {
        "mentor": lambda here: {"role": "mentor", "program": here.running},
        "mentee": lambda here: {
            "role": "mentee",
            "program": here.running,
            "partner": here.person("noor"),
            "contact": contact_of(here.store, here.person("noor")),
            "topic": None,
        },
    },
    "flows.introduction.shared_card": {
        "": lambda here: {"program": here.running, "mentor": contact_of(here.store, here.person("noor"))}
    },
    "flows.help.thanked_card": {
        "": lambda here: {"turn": replace(here.turn("noor"), words="Thank you!")},
        "all-right": lambda here: {"turn": replace(here.turn("noor"), words="ok")},
    },
    "flows.program.ended_card": {"": lambda here: {"program": here.closed}},
    "flows.status.status_card": {
        state: lambda here, state=state: {"program": getattr(here, state)}  # type: ignore[misc]
        for state in ("draft", "open", "running", "closed")
    },
    "matching_cards.summary_card": {
        "": _nothing,
        "replaced": lambda here: {"replaced": True},
        "nobody": lambda here: {"shown": here.shown(taken_out=8)},
    },
    "matching_cards.review_card": {"": _nothing, "last-page": lambda here: {"page": 1}},
    "matching_cards.changed_card": {
        "": _nothing,
        "nobody-left": lambda here: {"shown": here.shown(taken_out=8)},
    },
    "matching_notices.nobody_card": {
        "": lambda here: {"ready": Readiness(0, 0, ("Diego Ferraz", "Liam Byrne"), 3)},
        "one-side": lambda here: {"ready": Readiness(4, 0)},
    },
    "matching_notices.settled_card": {
        status: lambda here, status=status: {"proposal": here.shown(status).proposal}  # type: ignore[misc]
        for status in ("approved", "discarded")
    },
    "matching_notices.unmatched_card": {role: lambda here, role=role: {"role": role} for role in ("mentor", "mentee")},  # type: ignore[misc]
    "opening_cards.farewell_card": {
        user: lambda here, user=user: {"person": here.person(user), "enrollment": here.enrollment(user)}  # type: ignore[misc]
        for user in ("noor", "rosalind", "kenji")
    },
    "program_cards.list_card": {"": _nothing, "none": lambda here: {"programs": [], "words": []}},
    "program_cards.plan_card": {
        state: lambda here, state=state: {"program": getattr(here, state)}  # type: ignore[misc]
        for state in ("draft", "open", "running", "closed")
    },
    "roster_cards.report_card": {
        "": _nothing,
        "faults": lambda here: {
            "report": ImportReport(errors=tuple(here.fault("country", line) for line in range(2, 13)), done=False)
        },
        "left-out": lambda here: {
            "report": ImportReport(here.report.written, (here.fault("country"),), (here.fault("country", 9),)),
            "program": here.draft,
        },
    },
    "roster_cards.no_file_card": {"": lambda here: {"reason": "There is no file where FLIPSIDE_ROSTER_FILE points."}},
    "roster_cards.where_from_card": {"": _nothing, "no-program": lambda here: {"program": None}},
    "sign_up_cards.already_in_card": {
        "": _nothing,
        "matched": lambda here: {"turn": here.turn("noor"), "enrollment": here.enrollment("noor")},
    },
    "sign_up_cards.receipt_card": {
        "mentor": _nothing,
        "mentee": lambda here: {"turn": here.turn("hannah"), "enrollment": here.enrollment("hannah", here.open)},
        "to-confirm": lambda here: {"turn": here.turn("diego"), "enrollment": here.enrollment("diego", here.open)},
        "between-rounds": lambda here: {
            "turn": here.turn("kenji"),
            "enrollment": here.enrollment("kenji"),
            "program": here.running,
        },
    },
    "sign_up_cards.not_open_card": {
        "draft": lambda here: {"program": here.draft},
        "closed": lambda here: {"program": here.closed},
    },
    "sign_up_cards.out_of_scope_card": {"": lambda here: {"program": here.closed}},
    "sign_up_cards.to_confirm_card": {
        "": lambda here: {"person": _newcomer(here), "enrollment": here.enrollment("diego", here.open)},
        "roster-gap": lambda here: {"person": here.person("ingrid"), "enrollment": here.enrollment("diego", here.open)},
    },
    "sign_up_forms.first_screen": {"": _nothing, "without-roster": lambda here: {"about_you": True}},
    "sign_up_forms.second_screen": {role: lambda here, role=role: {"role": role} for role in ("mentor", "mentee")},  # type: ignore[misc]
    "waiting_cards.matching_day_card": {"": _nothing, "nothing-to-check": lambda here: {"to_check": 0}},
    "which_program.choose_card": {
        "": lambda here: {"action": Action("program", "show")},
        "many": lambda here: {
            "action": Action("program", "show"),
            "programs": [here.running, here.open, here.draft, here.closed] * 2,
        },
    },
    "which_program.no_program_card": {
        "": lambda here: {"programs": []},
        "none-ready": lambda here: {"programs": [here.draft, here.closed], "wanted": ("open", "running")},
        "participant": lambda here: {"turn": here.turn("noor"), "programs": []},
    },
    "who_cards.who_card": {
        "": _nothing,
        "running": lambda here: {"program": here.running, "rows": here.store.enrollments.in_program(here.running.id)},
        "many": lambda here: {"rows": here.everybody, "page": 1},
        "nobody": lambda here: {"rows": []},
    },
}


@dataclass(frozen=True, slots=True)
class Maker:
    """A function that makes a card or a form."""

    name: str
    function: Callable[..., Card | Form]

    @property
    def user(self) -> str:
        return FOR_PARTICIPANTS.get(self.name.rpartition(".")[0], "amara")

    def make(self, here: Larkspur, look: Look) -> Card | Form:
        chosen = look(here)
        hints = get_type_hints(self.function)
        given = {
            name: chosen[name] if name in chosen else _value(here, self.user, name, hints[name])
            for name, parameter in inspect.signature(self.function).parameters.items()
            if name in chosen or parameter.default is parameter.empty
        }
        return self.function(**given)


def _value(here: Larkspur, user: str, name: str, kind: Any) -> Any:
    """An example for a parameter: by its name first, then by its type."""
    for value in _named(here, name):
        if isinstance(value, kind if isinstance(kind, type) else object):
            return value
    made = _by_type(here, user).get(kind)
    assert made is not None, f"no example for {name}: {kind}; add one to tests/support/gallery.py"
    return made()


def _named(here: Larkspur, name: str) -> list[Any]:
    """A colleague is a row to one card and a contact to another."""
    known = _by_name(here)
    if name not in known:
        return []
    return [known[name], contact_of(here.store, known[name])] if isinstance(known[name], Person) else [known[name]]


def _by_name(here: Larkspur) -> dict[str, Any]:
    program = here.open.id
    return {
        "edit": Action("sign_up", "edit", {"program": program}),
        "leave": Action("sign_up", "leave", {"program": program}),
        "join": Action("sign_up", "start", {"program": program}),
        "file": Action("roster", "file", {"program": program}),
        "paste": Action("roster", "paste", {"program": program}),
        "about_you": False,
        "author": here.person("noor"),
        "changing": 0,
        "coordinator": here.person("amara"),
        "day": "14 April",
        "wanted": ("open", "running"),
        "how": "I announced it in this channel.",
        "label": "Open the form",
        "line": "Show, then tell",
        "mentees": 8,
        "mentors": 9,
        "name": "Noor",
        "page": 0,
        "pairs": 11,
        "people": 25,
        "reason": REASON,
        "role": "mentor",
        "runs_it": here.person("amara"),
        "title": "Which program?",
        "to_check": 1,
        "words": ["Running until 26 September, 25 people", "Open for sign-up until 4 May, 4 people"],
    }


def _by_type(here: Larkspur, user: str) -> dict[Any, Callable[[], Any]]:
    values = {"name": "Sustainability 2026", "objective": here.open.objective, "themes": tuple(here.open.themes)}
    return {
        Action: lambda: Action("home", "show"),
        Asked: here.asked,
        Command: lambda: next(one for one in here.turn("noor").commands if one.words == ("met",)),
        Contact: lambda: contact_of(here.store, here.person("noor" if user == "rosalind" else "rosalind")),
        Content: lambda: here.content,
        Enrollment: lambda: here.enrollment("zofia", here.open),
        ImportReport: lambda: here.report,
        Pair: lambda: here.first_pair,
        Person: lambda: here.person("amara" if user == "zofia" else "rosalind"),
        Program: lambda: here.open,
        Program | None: lambda: here.open,
        Proposal: lambda: here.shown().proposal,
        Readiness: lambda: here.ready,
        Row: here.row,
        Sequence[Program]: lambda: [here.running, here.open],
        Sequence[tuple[Enrollment, Person]]: lambda: here.store.enrollments.in_program(here.open.id),
        Sequence[tuple[Pair, Person]]: lambda: [
            (row.pair, row.partner) for row in here.asked(here.row(), here.row(here.second_pair)).rows
        ],
        Sequence[tuple[ProposedPair, str]]: lambda: [(here.shown().pairs[0], "their working hours hardly overlap now")],
        Sequence[str]: lambda: _by_name(here)["words"],
        Shown: here.shown,
        Text: lambda: here.ahead,
        Topic | None: lambda: here.topic,
        Turn: lambda: here.turn(user),
        date: lambda: TODAY,
        dict[str, Typed]: lambda: values,
        list[Person]: lambda: [here.person("rosalind"), here.person("tomas")],
        list[Program]: lambda: [here.running, here.open],
    }


def makers() -> dict[str, Maker]:
    """Every public function in the conversations that returns a card or a form, by module and name."""
    found = (Maker(name, function) for name, function in _functions() if not name.rpartition(".")[2].startswith("_"))
    return {maker.name: maker for maker in found}


def _functions() -> Iterator[tuple[str, Callable[..., Card | Form]]]:
    for module in modules():
        for name, function in vars(module).items():
            if not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            if get_type_hints(function).get("return") in (Card, Form):
                yield f"{module.__name__.removeprefix('conversations.')}.{name}", function


def modules() -> list[ModuleType]:
    names = [each.name for each in pkgutil.walk_packages(conversations.__path__, "conversations.")]
    return [importlib.import_module(name) for name in names if name not in VOCABULARY]


def names() -> list[str]:
    """The names of all pictures in the gallery: function, and look where there are several."""
    return [_name(maker.name, look) for maker in makers().values() for look in LOOKS.get(maker.name, {"": _nothing})]


def _name(maker: str, look: str) -> str:
    name = maker.removeprefix("flows.")
    return f"{name}-{look}" if look else name


def gallery(database: Database) -> dict[str, Card | Form]:
    """All of them, made in one unit of work that is thrown away with its database."""

    def work(store: Any) -> dict[str, Card | Form]:
        here = Larkspur(store)
        return {
            _name(maker.name, name): maker.make(here, look)
            for maker in makers().values()
            for name, look in LOOKS.get(maker.name, {"": _nothing}).items()
        }

    return database.write_now(work)


def nameless() -> list[str]:
    """Cards that are made inside a step, where no example finds them: `module.function`."""
    return sorted({where for module in modules() for where in _nameless(Path(module.__file__ or ""), module.__name__)})


def _nameless(path: Path, module: str) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    makers_of_either_kind = {name.rpartition(".")[2] for name, _ in _functions()}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            made = {
                call.func.id
                for call in ast.walk(function)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            }
            returns = ast.unparse(function.returns) if function.returns else ""
            shows = made & {"card", "Card", "Form"}
            private_maker = (
                returns in ("Card", "Form") and function.name.startswith("_") and not made & makers_of_either_kind
            )
            if private_maker or (shows and returns not in ("Card", "Form")):
                yield f"{module.removeprefix('conversations.')}.{function.name}"
