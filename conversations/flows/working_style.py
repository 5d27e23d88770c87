"""A few words about how somebody likes to work: optional, after joining, and changed or forgotten at any time."""

from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.leaving_programs import taking_part
from conversations.next_word import next_word
from conversations.replies import Ask, Correct, Reply, Say
from conversations.which_program import choose_card
from conversations.working_style_forms import (
    STATEMENTS,
    no_program_for_style_card,
    style_forgotten_card,
    style_saved_card,
    working_style_form,
)
from storage.subject import NotYours
from storage.tables import Enrollment

FLOW = Flow("working_style")
FLOW.command("working style", "start", "Say how you like to work", also="my working style, style")

ALL_OR_NONE = "Please pick one here too, or leave all five empty."


@FLOW.step("start")
def start(turn: Turn, program: int = 0) -> list[Reply]:
    if program:
        return [Ask(working_style_form(_mine(turn, program), FLOW.to("save", program=program)))]
    match [one for _, one in taking_part(turn)]:
        case []:
            return [Say(no_program_for_style_card(next_word(turn)))]
        case [only]:
            return [Ask(working_style_form(_mine(turn, only.id), FLOW.to("save", program=only.id)))]
        case several:
            return [Say(choose_card("For which program?", several, FLOW.to("start")))]


@FLOW.step("save")
def save(turn: Turn, program: int) -> list[Reply]:
    """All five, or none: half of them would compare like whole ones."""
    enrollment = _mine(turn, program)
    form = working_style_form(enrollment, turn.action)
    answers = read(form, turn.values)
    given = {key: value for key, *_ in STATEMENTS if (value := answers.number(key)) is not None}
    missing = {key: ALL_OR_NONE for key, *_ in STATEMENTS if given and key not in given}
    if answers.errors or missing:
        return [Correct(form.filled(turn.values), {**missing, **answers.errors})]
    enrollment.working_style = list(given.values())
    made = style_saved_card if given else style_forgotten_card
    return [Say(made(turn.store.programs.get(program), next_word(turn)))]


@FLOW.step("forget")
def forget(turn: Turn, program: int) -> list[Reply]:
    _mine(turn, program).working_style = []
    return [Say(style_forgotten_card(turn.store.programs.get(program), next_word(turn)))]


def _mine(turn: Turn, program: int) -> Enrollment:
    """Raises NotYours for whoever takes no part in it."""
    enrollment = turn.store.enrollments.required(turn.person, program)
    if enrollment.status not in ("joined", "matched"):
        raise NotYours
    return enrollment
