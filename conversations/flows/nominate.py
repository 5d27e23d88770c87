"""Naming a colleague who would be good at it. Whether they join is theirs to say, and theirs to know."""

from dataclasses import replace

from conversations.cadence import calendar_of
from conversations.flow import Flow, Turn
from conversations.forms import Answers, read
from conversations.invitation_cards import nomination_card
from conversations.invitation_days import expires_at, invitation_key, usual_reply_by
from conversations.next_word import next_word
from conversations.nominate_cards import nominate_form, thanks_card, too_late_card, yourself_card
from conversations.replies import Ask, Correct, Notice, Reply, Say, Tell
from conversations.sign_up_cards import no_email_card
from conversations.sign_up_forms import in_departments
from conversations.which_program import which_program
from storage.subject import NotYours
from storage.tables import Enrollment, Person, Program

FLOW = Flow("nominate")
FLOW.command("nominate", "start", "Name a colleague who should take part", also="recommend, nominate a colleague")

OPEN = ("open", "running")
# Each of them gets a line in somebody's own words: enough for a whole team, too few to write to the company.
MOST_NAMED = 10
ENOUGH = f"You have named {MOST_NAMED} colleagues, the most that one person can name. Others can write to me: join."
NOT_KNOWN = "I do not know anybody with this work e-mail. Your colleague can write to me: join."


@FLOW.step("start")
def start(turn: Turn, program: int = 0) -> list[Reply]:
    if not turn.person.email:
        return [Say(no_email_card())]
    found = which_program(turn, program, FLOW.to("start"), *OPEN)
    if isinstance(found, Say):
        return [found]
    _opened(found)
    if found.status not in OPEN:
        return [Say(too_late_card(found))]
    said = turn.words.strip().rpartition(" ")[2]
    return [Ask(nominate_form(found, FLOW.to("named", program=found.id), said if "@" in said else ""))]


@FLOW.step("named")
def named(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    _opened(found)
    if not turn.person.email:
        return [Say(no_email_card())]
    if found.status not in OPEN:
        return [Say(too_late_card(found))]
    form = nominate_form(found, turn.action, "")
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    nominee = turn.store.people.by_email(answers.text("person"))
    if nominee is not None and nominee.id == turn.person.id:
        return [Say(yourself_card(found))]
    if nominee is None or (fault := _fault(turn, found, nominee)):
        return [Correct(form.filled(turn.values), {"person": NOT_KNOWN if nominee is None else fault})]
    thanks = Say(thanks_card(found, nominee, next_word(turn)))
    if turn.store.enrollments.of(nominee, program) is not None:
        # Asked before, whatever they said to it: nobody is asked twice, and nobody else learns of it.
        return [thanks]
    return [thanks, _ask(turn, found, nominee, answers)]


def _opened(program: Program) -> None:
    """What is still being prepared is not there for anybody yet: its number may be made up."""
    if program.status == "draft":
        raise NotYours


def _fault(turn: Turn, program: Program, nominee: Person) -> str:
    """Why this colleague cannot be asked; empty when they can."""
    if not turn.coordinator and turn.store.invitations.asked_by(turn.person.id, program.id) >= MOST_NAMED:
        return ENOUGH
    if nominee.gone_since is not None or not _is_colleague(turn, nominee):
        return NOT_KNOWN
    if nominee.department and not in_departments(program, nominee.department):
        return f"This program is for {', '.join(program.departments)} for now."
    return ""


def _is_colleague(turn: Turn, person: Person) -> bool:
    """Guests and strangers are not, even when somebody knows their e-mail."""
    return person.source == "roster" or bool(turn.store.invitations.members([person.id]))


def _ask(turn: Turn, program: Program, nominee: Person, answers: Answers) -> Tell:
    """Written at once, so that the line about why is kept nowhere but in the message itself."""
    enrollment = turn.store.enrollments.add(
        Enrollment(
            program_id=program.id,
            person_id=nominee.id,
            role=answers.text("role"),
            status="nominated",
            invited_by=turn.person.id,
            reply_by=usual_reply_by(program, calendar_of(nominee).today(turn.now)),
            created_at=turn.now,
        )
    )
    turn.store.enrollments.spread_quiet_dates(program.id, nominee.id)
    turn.store.audit.add(turn.now, turn.person, "nominated", program.id)
    runs_it = turn.store.coordinators.in_charge(program)
    theirs = replace(turn, person=nominee, coordinator=False, content=turn.content.speaking(nominee.locale))
    why = answers.text("why")
    shown = nomination_card(theirs, program, enrollment, runs_it, nominator=turn.person, why=why)
    notice = Notice(
        key=invitation_key(program, nominee),
        kind="invitation",
        expires_at=expires_at(program, enrollment, nominee, turn.now),
        program=program.id,
    )
    return Tell(nominee.id, shown, notice)
