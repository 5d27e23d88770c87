"""What sign-up writes down, and who vouches for it."""

from collections.abc import Sequence

from conversations.cadence import calendar_of
from conversations.flow import Turn
from conversations.forms import Answers
from conversations.replies import Notice, Reply, Tell
from conversations.sign_up_cards import details_mark, to_confirm_card
from conversations.sign_up_forms import own_themes
from storage.store import Store
from storage.tables import Enrollment, Person, Program


def record(turn: Turn, enrollment: Enrollment, answers: Answers) -> None:
    """Both screens, into the enrollment. Own words stand beside the theme ids in `offers` and `wants`."""
    enrollment.role = answers.text("role")
    themes = [*answers.many("themes"), *own_themes(answers.text("own_words"))]
    mentor = enrollment.role == "mentor"
    enrollment.offers, enrollment.wants = (themes, []) if mentor else ([], themes)
    enrollment.own_words = answers.text("own_words")
    enrollment.capacity = int(answers.text("capacity") or 1)
    enrollment.hours_a_month = int(answers.text("hours_a_month")) if not mentor else None
    enrollment.goals = answers.text("goals")
    enrollment.interests = own_themes(answers.text("interests"))
    enrollment.want_back = answers.text("want_back")
    # A file may have named more than two; the form shows the first two.
    chosen = [email for email in (answers.text("avoid"), answers.text("avoid_too")) if email]
    enrollment.avoid = [*chosen, *(email for email in (enrollment.avoid or [])[2:] if email not in chosen)]
    enrollment.agreement_version = turn.content.text("agreement.version")
    enrollment.status, enrollment.agreed_at = "joined", turn.now
    enrollment.joined_at, enrollment.left_at = enrollment.joined_at or turn.now, None


def learn_about(turn: Turn, answers: Answers) -> bool:
    """Keeps what the person says about themselves; True when manager and level stay what they were."""
    learn_hours(turn, answers)
    person = turn.person
    if "level" not in answers.values:
        return True
    before = (person.manager_email, person.level)
    person.department = answers.text("department")
    person.team = answers.text("team")
    person.manager_email = answers.text("manager_email")
    person.level = int(answers.text("level")) if answers.text("level") else None
    person.source = "self"
    return before == (person.manager_email, person.level)


def learn_hours(turn: Turn, answers: Answers) -> None:
    """Working hours and languages belong to the person: they hold for every program."""
    start, end = answers.clock("work_start"), answers.clock("work_end")
    if start and end:
        turn.person.work_start, turn.person.work_end = f"{start:%H:%M}", f"{end:%H:%M}"
    if languages := answers.many("languages"):
        turn.person.languages = list(languages)


def roster_vouches(store: Store, person: Person) -> bool:
    """The head of the company has no manager; somebody without one whom nobody reports to is a gap in the roster."""
    has_place = bool(person.manager_email) or store.people.has_reports(person)
    return person.source == "roster" and person.level is not None and has_place


def asks_about_you(turn: Turn) -> bool:
    """Whether sign-up must ask what the roster would know."""
    return turn.person.source != "roster" and not turn.store.enrollments.is_confirmed(turn.person)


def comes_late(turn: Turn, program: Program) -> bool:
    """Whether the pairs have been made, and no day is set for more of them."""
    return program.status == "running" and program.matching_on < calendar_of(turn.person).today(turn.now)


def ask_to_confirm(turn: Turn, program: Program, enrollment: Enrollment) -> Sequence[Reply]:
    """One message a person, and another only when they change what is to be checked."""
    checker = turn.store.coordinators.of_program(program)
    if enrollment.confirmed or checker is None:
        return ()
    shown = to_confirm_card(program, turn.person, enrollment)
    notice = Notice(key=check_key(program, turn.person), kind="coordinator_confirm", program=program.id)
    return (Tell(checker.id, shown, notice),)


def check_key(program: Program, person: Person) -> str:
    """Of the message that asks a coordinator to check these very details."""
    return f"confirm/{program.id}/{person.id}/{details_mark(person)}"
