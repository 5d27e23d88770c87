"""How somebody rates themselves on the program's themes, at the start and at the end."""

from collections.abc import Sequence

from conversations.cards import Card, Text, card, text
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.next_word import next_word
from conversations.replies import Ask, Correct, Reply, Say
from conversations.skills_forms import Moment, field_key, skills_form, themes_of
from storage.subject import NotYours
from storage.tables import Program

FLOW = Flow("skills")


@FLOW.step("start")
def start(turn: Turn, program: int) -> Sequence[Reply]:
    """The form for today: the start, or the end once the closing round is open."""
    found = _mine(turn, program)
    moment = _moment(turn, found)
    if moment is None or not themes_of(found):
        return [Say(nothing_to_rate_card(next_word(turn)))]
    return [Ask(skills_form(turn.content, found, moment))]


@FLOW.step("save")
def save(turn: Turn, program: int) -> Sequence[Reply]:
    found = _mine(turn, program)
    moment = _moment(turn, found)
    if moment is None or not themes_of(found):
        return [Say(nothing_to_rate_card(next_word(turn)))]
    form = skills_form(turn.content, found, moment)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    numbered = enumerate(themes_of(found), start=1)
    ratings = {theme: value for number, theme in numbered if (value := answers.number(field_key(number))) is not None}
    turn.store.skills.rate(turn.person, program, moment, ratings)
    return [Say(kept_card(moment, next_word(turn)))]


def _mine(turn: Turn, program: int) -> Program:
    """Raises NotYours for whoever takes no part in it."""
    if turn.store.enrollments.required(turn.person, program).status not in ("joined", "matched"):
        raise NotYours
    return turn.store.programs.get(program)


def _moment(turn: Turn, program: Program) -> Moment | None:
    """None once it is too late: the program's means are published by then, and do not change any more."""
    closing = turn.store.pulses.named(program.id, "closing")
    if closing is None:
        return None if program.status == "closed" else "start"
    return "end" if closing.status == "open" else None


def kept_card(moment: Moment, ahead: Text) -> Card:
    words = {
        "start": "Saved, for your eyes only. At the end I ask once more, so that you see how far you have come.",
        "end": "Saved, for your eyes only. Thank you for looking back.",
    }
    return card("", text(words[moment]), ahead)


def nothing_to_rate_card(ahead: Text) -> Card:
    return card("", text("There is nothing to rate here any more."), ahead)
