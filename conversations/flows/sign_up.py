"""Signing up: from the announcement, by command or from home; two screens, a receipt, and a polite way out."""

from collections.abc import Sequence

from conversations.cards import Card
from conversations.flow import Flow, Turn
from conversations.forms import Answers, Form, read
from conversations.joining import (
    ask_to_confirm,
    asks_about_you,
    comes_late,
    learn_about,
    learn_hours,
    record,
    roster_vouches,
)
from conversations.leaving_cards import nothing_to_leave_card, several_card
from conversations.leaving_programs import ask_to_leave, out, taking_part
from conversations.next_word import next_word
from conversations.replies import Ask, Correct, Reply, Say
from conversations.sign_up_cards import (
    already_in_card,
    more_card,
    no_email_card,
    not_open_card,
    nothing_open_card,
    nothing_to_edit_card,
    out_of_scope_card,
    receipt_card,
    saved_card,
)
from conversations.sign_up_drafts import draft_of, drop_draft, keep_draft, typed_so_far
from conversations.sign_up_forms import (
    about_you_faults,
    avoid_faults,
    first_screen,
    hours_faults,
    in_departments,
    later_form,
    own_themes,
    prefill,
    second_screen,
)
from conversations.which_program import choose_card, is_named
from storage.leaving import OUT
from storage.tables import Enrollment, Program

FLOW = Flow("sign_up")
FLOW.command("join", "start", "Join a program", also="sign up, signup, enroll, enrol")
FLOW.command("edit", "edit", "Change your answers", also="edit my answers, change my answers")

OPEN = ("open", "running")


@FLOW.step("start")
def start(turn: Turn, program: int = 0) -> list[Reply]:
    return _choose(turn, program)


def _choose(turn: Turn, program: int) -> list[Reply]:
    if not turn.person.email:
        return [Say(no_email_card())]
    if program:
        return _start(turn, _announced(turn, program))
    mine = {one.id: enrollment for enrollment, one in turn.store.enrollments.of_person(turn.person)}
    open_to_me = [one for one in turn.store.programs.with_status(*OPEN) if _may_join(turn, one, mine.get(one.id))]
    if named := [one for one in open_to_me if turn.words and is_named(one, turn.words)]:
        open_to_me = named
    new = [one for one in open_to_me if one.id not in mine or mine[one.id].status in ("invited", "nominated", *OUT)]
    match new or open_to_me:
        case []:
            return _nothing_open(turn)
        case [only]:
            return _start(turn, only)
        case several:
            return [Say(choose_card("Which program would you like to join?", several, FLOW.to("start")))]


def _announced(turn: Turn, program: int) -> Program:
    """Raises NotYours for one that is being prepared, except to those who are invited already: ids can be made up."""
    found = turn.store.programs.required(program)
    if found.status == "draft":
        turn.store.enrollments.required(turn.person, program)
    return found


def _start(turn: Turn, program: Program) -> list[Reply]:
    enrollment = turn.store.enrollments.of(turn.person, program.id)
    if refused := _refused(turn, program, enrollment):
        return [Say(refused)]
    if enrollment and enrollment.status in ("joined", "matched"):
        return [Say(_already_in(turn, program, enrollment))]
    return [Ask(_reopened(turn, program, enrollment))]


def _refused(turn: Turn, program: Program, enrollment: Enrollment | None) -> Card | None:
    """Why somebody cannot join, if so. Asked with each screen again: a program changes while its form is open."""
    if not turn.person.email:
        return no_email_card()
    if program.status not in OPEN:
        return not_open_card(program)
    return None if _may_join(turn, program, enrollment) else out_of_scope_card(program)


def _may_join(turn: Turn, program: Program, enrollment: Enrollment | None) -> bool:
    """Whoever a coordinator invited may; a department that nobody has told us yet is asked for on the first screen."""
    asks = not turn.person.department and asks_about_you(turn)
    return enrollment is not None or asks or in_departments(program, turn.person.department)


def _nothing_open(turn: Turn) -> list[Reply]:
    elsewhere = turn.store.programs.with_status(*OPEN)
    return [Say(out_of_scope_card(elsewhere[0]) if elsewhere else nothing_open_card())]


@FLOW.step("more")
def more(turn: Turn, program: int) -> list[Reply]:
    """Neither yes nor no: tell me more first."""
    found = _announced(turn, program)
    return [Say(more_card(turn, found) if found.status in OPEN else not_open_card(found))]


@FLOW.step("first")
def first(turn: Turn, program: int) -> list[Reply]:
    """The first screen was submitted: kept, so that nothing is typed twice, then the second one."""
    found = _announced(turn, program)
    enrollment = turn.store.enrollments.of(turn.person, program)
    if refused := _refused(turn, found, enrollment):
        return [Say(refused)]
    form = _first_form(turn, found)
    answers = read(form, turn.values)
    errors = {**about_you_faults(turn.person, answers, found), **answers.errors}
    keep_draft(turn, found, "1")
    if errors:
        return [Correct(form.filled(turn.values), errors)]
    return [Ask(_second_form(turn, found, answers.text("role")).filled(typed_so_far(turn, found, enrollment)))]


@FLOW.step("second")
def second(turn: Turn, program: int) -> list[Reply]:
    """The second screen was submitted: they are in."""
    found = _announced(turn, program)
    enrollment, draft = turn.store.enrollments.of(turn.person, program), draft_of(turn, found)
    if refused := _refused(turn, found, enrollment):
        return [Say(refused)]
    if "role" not in draft or (enrollment and enrollment.status == "matched"):
        # Sent twice, or weeks later: what was saved then counts.
        return _start(turn, found)
    first_form = _first_form(turn, found)
    earlier = read(first_form, draft)
    if about_you_faults(turn.person, earlier, found) or earlier.errors:
        return [Ask(first_form.filled(typed_so_far(turn, found, enrollment)))]
    form = _second_form(turn, found, earlier.text("role"))
    answers = read(form, turn.values)
    errors = {**hours_faults(answers), **avoid_faults(turn.person, answers), **answers.errors}
    if errors:
        keep_draft(turn, found, "2")
        return [Correct(form.filled(turn.values), errors)]
    return _join(turn, found, enrollment, Answers({**earlier.values, **answers.values}))


def _join(turn: Turn, program: Program, enrollment: Enrollment | None, answers: Answers) -> list[Reply]:
    same = learn_about(turn, answers)
    vouched = turn.store.enrollments.is_confirmed(turn.person) and same
    joined = enrollment or turn.store.enrollments.add(
        Enrollment(program_id=program.id, person_id=turn.person.id, role=answers.text("role"), created_at=turn.now)
    )
    record(turn, joined, answers)
    # Whoever would take part again, or comes after the matching, comes first, like somebody whom it left alone.
    first = comes_late(turn, program) or turn.store.enrollments.would_again(turn.person)
    joined.unmatched_rounds = joined.unmatched_rounds or int(first)
    joined.confirmed = vouched or roster_vouches(turn.store, turn.person)
    drop_draft(turn, program.id)
    turn.store.enrollments.spread_quiet_dates(program.id, turn.person.id)
    turn.store.audit.add(turn.now, turn.person, "joined", program.id)
    return [Say(_receipt(turn, program, joined)), *ask_to_confirm(turn, program, joined)]


@FLOW.step("edit")
def edit(turn: Turn, program: int = 0) -> list[Reply]:
    """Everything until there is a match; hours, interests and languages afterwards."""
    mine = [(one, joined) for joined, one in taking_part(turn)]
    if program:
        turn.store.enrollments.required(turn.person, program)
        mine = [(one, joined) for one, joined in mine if one.id == program]
    match mine:
        case []:
            return _choose(turn, program) if program else [Say(nothing_to_edit_card())]
        case [(found, enrollment)] if enrollment.status == "matched":
            return [Ask(_later(turn, found).filled(prefill(turn, enrollment, found)))]
        case [(found, enrollment)]:
            return [Ask(_first_form(turn, found).filled(typed_so_far(turn, found, enrollment)))]
        case _:
            return [Say(choose_card("Which answers?", [one for one, _ in mine], FLOW.to("edit")))]


@FLOW.step("edited")
def edited(turn: Turn, program: int) -> list[Reply]:
    enrollment = turn.store.enrollments.required(turn.person, program)
    found = turn.store.programs.required(program)
    form = _later(turn, found)
    answers = read(form, turn.values)
    if errors := {**hours_faults(answers), **answers.errors}:
        return [Correct(form.filled(turn.values), errors)]
    learn_hours(turn, answers)
    enrollment.interests = own_themes(answers.text("interests"))
    return [Say(saved_card(turn.person, next_word(turn)))]


@FLOW.step("leave")
def leave(turn: Turn, program: int = 0) -> Sequence[Reply]:
    """Not for me: at once, without a reason, and with a way back. With a match, one more click."""
    mine = [one for _, one in taking_part(turn)]
    if not program and len(mine) != 1:
        return [Say(several_card(mine) if mine else nothing_to_leave_card())]
    found = turn.store.programs.required(program or mine[0].id)
    enrollment = turn.store.enrollments.required(turn.person, found.id)
    if not program or (enrollment.status == "matched" and found.status != "closed"):
        return [Say(ask_to_leave(turn, found))]
    return out(turn, enrollment, found)


def _reopened(turn: Turn, program: Program, enrollment: Enrollment | None) -> Form:
    """The last screen that was submitted, with everything typed so far."""
    draft = draft_of(turn, program)
    if draft.get("screen") == "2":
        form = _second_form(turn, program, str(draft.get("role", "mentor")))
    else:
        form = _first_form(turn, program)
    return form.filled(typed_so_far(turn, program, enrollment))


def _first_form(turn: Turn, program: Program) -> Form:
    return first_screen(turn, program, FLOW.to("first", program=program.id), about_you=asks_about_you(turn))


def _second_form(turn: Turn, program: Program, role: str) -> Form:
    return second_screen(turn, program, FLOW.to("second", program=program.id), role)


def _later(turn: Turn, program: Program) -> Form:
    return later_form(turn, FLOW.to("edited", program=program.id))


def _receipt(turn: Turn, program: Program, enrollment: Enrollment) -> Card:
    here = {"program": program.id}
    return receipt_card(turn, program, enrollment, FLOW.to("edit", **here), FLOW.to("leave", **here))


def _already_in(turn: Turn, program: Program, enrollment: Enrollment) -> Card:
    here = {"program": program.id}
    return already_in_card(turn, program, enrollment, FLOW.to("edit", **here), FLOW.to("leave", **here))
