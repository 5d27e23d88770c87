"""What a program came to: figures that each have one line of definition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conversations.content import Content
from conversations.pulse_forms import QUESTIONS, SHORT
from conversations.pulse_words import FULL, ROUNDS, mean_words
from storage.pulses import Figure
from storage.store import Store
from storage.tables import Program


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as it is read; `means` says in one line what was counted."""

    label: str
    value: str
    means: str


@dataclass(frozen=True, slots=True)
class Figures:
    """`pulses`: one for each closed round and question; `skills`: one a theme. Both as far as they may be shown."""

    people: Sequence[Line]
    pairs: Sequence[Line]
    pulses: Sequence[Line]
    skills: Sequence[Line]

    @property
    def lines(self) -> Sequence[Line]:
        return (*self.people, *self.pairs, *self.pulses, *self.skills)


def figures(store: Store, program: Program, content: Content, today: date) -> Figures:
    """The same for a card and for a file."""
    counts = store.reports.counts(program.id, today)
    hours = counts.sessions * program.session_minutes / 60
    share = f" ({round(100 * counts.met / counts.introduced)} %)" if counts.introduced else ""
    people = (
        Line("Invited", str(counts.invited), "People whom a coordinator or a colleague asked to take part."),
        Line("Joined", str(counts.joined), "People who signed up and agreed to the rules of a pair."),
        Line("Matched", str(counts.matched), "People who were given at least one partner."),
    )
    pairs: Sequence[Line] = (
        Line("Pairs", str(counts.introduced), "Pairs that were introduced to each other."),
        Line("Pairs that met", f"{counts.met}{share}", "Introduced pairs with at least one session recorded."),
        Line("Sessions", str(counts.sessions), "Sessions that a pair recorded; two who tell of one count once."),
        Line("Hours", f"{hours:.0f}", f"Sessions times the {program.session_minutes} minutes planned for each."),
        Line(
            "Pairs that ended early",
            str(counts.ended),
            "Introduced pairs that were over before the program was, for whatever cause.",
        ),
    )
    return Figures(people, pairs, _pulses(store, program), _skills(store, program, content))


def _pulses(store: Store, program: Program) -> Sequence[Line]:
    return [
        Line(
            f"{SHORT[question.key]}, {ROUNDS[one.name].lower()}",
            pulse_words(answered[question.key]),
            f"Mean of all answers to “{question.label}”, from 1 to {FULL}; shown from 5 answers on.",
        )
        for one, answered in store.pulses.published(program.id)
        for question in QUESTIONS
        if question.key in answered
    ]


def pulse_words(figure: Figure) -> str:
    if figure.mean is None:
        return "fewer than 5 answers, so no figure"
    return f"{mean_words(figure.mean)} of {FULL} ({figure.answers} answers)"


def _skills(store: Store, program: Program, content: Content) -> Sequence[Line]:
    return [
        Line(
            f"{content.theme_title(change.theme)}, own rating",
            f"{mean_words(change.start)} at the start, {mean_words(change.end)} at the end",
            f"Means over the {change.people} people who rated themselves both times, from 1 to {FULL}.",
        )
        for change in store.skills.change(program.id)
    ]
