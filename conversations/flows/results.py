"""What closed pulses may show: one figure a round and question, for the whole program, the same for everybody."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from conversations.cards import Block, Card, Facts, Text, card, quiet, text
from conversations.flow import Flow, Turn
from conversations.next_word import next_word
from conversations.people_words import say_when, today_of
from conversations.pulse_days import rounds
from conversations.pulse_forms import QUESTIONS, SHORT
from conversations.pulse_words import ROUNDS, figure_words
from conversations.replies import Reply, Say
from conversations.which_program import choose_card, is_named
from storage.pulses import OPEN_FOR, Figure
from storage.subject import NotYours
from storage.tables import Program, PulseRound

FLOW = Flow("results")
FLOW.command("results", "show", "See what the surveys say about the whole program", also="pulse results, pulse")

Published = Sequence[tuple[PulseRound, Mapping[str, Figure]]]


@FLOW.step("show")
def show(turn: Turn, program: int = 0) -> Sequence[Reply]:
    """For everybody who takes part, and for coordinators; nobody sees more than anybody else."""
    visible = _visible(turn)
    if program:
        found = next((one for one in visible if one.id == program), None)
        if found is None:
            raise NotYours
        return [Say(results_card(turn, found))]
    named = [one for one in visible if turn.words.strip() and is_named(one, turn.words)] or visible
    match named:
        case []:
            return [Say(no_results_card(next_word(turn)))]
        case [only]:
            return [Say(results_card(turn, only))]
        case _:
            return [Say(choose_card("Which program?", list(named), FLOW.to("show")))]


def _visible(turn: Turn) -> Sequence[Program]:
    if turn.coordinator:
        return turn.store.programs.with_status("open", "running", "closed")
    return turn.store.pulses.programs_of(turn.person)


def results_card(turn: Turn, program: Program) -> Card:
    published = turn.store.pulses.published(program.id)
    coming = next_figures(turn, program)
    return card(
        f"How {program.name} is going",
        *(_question_rows(published) if published else [_none_yet(turn, coming)]),
        quiet("One figure for the whole program, from five answers on. It is the same for everybody who looks."),
        _coming(turn, coming) if published else None,
        next_word(turn),
    )


def _question_rows(published: Published) -> list[Block]:
    rows: list[Block] = []
    for question in QUESTIONS:
        lines = [(ROUNDS[one.name], figure_words(figures[question.key])) for one, figures in published]
        rows += [text("**{question}**", question=SHORT[question.key]), Facts(tuple(lines))]
    return rows


def next_figures(turn: Turn, program: Program) -> date | None:
    """The day after which the next round's figures are there, by the calendar alone; None when no more come."""
    there = {name: turn.store.pulses.named(program.id, name) for name in ROUNDS}
    ends = [one.closes_on for one in there.values() if one and one.status == "open"]
    if program.status != "closed":
        ahead = {days.name: days.closes_on for days in rounds(program.starts_on, program.ends_on)}
        ahead["closing"] = program.ends_on + OPEN_FOR
        ends += [day for name, day in ahead.items() if there[name] is None and day >= today_of(turn)]
    return min(ends) + timedelta(days=1) if ends else None


def _none_yet(turn: Turn, coming: date | None) -> Text:
    if coming is None:
        return text("Nobody was surveyed in this program, so there are no figures.")
    return text(
        "No figures yet. The first come on {day}, when the first survey has closed.", day=say_when(turn, coming)
    )


def _coming(turn: Turn, coming: date | None) -> Text | None:
    return quiet("The next figures come on {day}.", day=say_when(turn, coming)) if coming else None


def no_results_card(ahead: Text) -> Card:
    return card(
        "",
        text("You are in no program yet. Once you are, you see here what its surveys say about the whole program."),
        ahead,
    )
