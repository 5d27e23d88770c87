"""Is a program ready for its pairs? Each question of the check, its answer, and what puts it right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.actions import Action
from conversations.cadence import calendar_of, say_day
from conversations.cards import Button, Text, text
from conversations.flow import Turn
from conversations.people_words import counted, listed, today_of, told_apart
from conversations.publishing import publishing_moment
from conversations.ready_days import closed_share, first_good_day, short_week
from storage.tables import Enrollment, Person, Program, Proposal

# Names on a card; the rest is a number.
MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check. `blocks`: no pairs are published while it is wrong."""

    words: Text
    good: bool = False
    blocks: bool = True
    fixes: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """What the check looks at. With a draft of pairs only the people in them count, else whoever joined."""

    program: Program
    proposal: Proposal | None
    rows: Sequence[tuple[Enrollment, Person]]
    today: date
    # When introductions can begin: not before the morning on which approved pairs are published.
    starts_on: date

    @property
    def people(self) -> list[Person]:
        return [person for _, person in self.rows]


def examined(turn: Turn, program: Program, proposal: Proposal | None) -> Examined:
    rows = turn.store.enrollments.in_program(program.id, "joined", "matched")
    if proposal is not None:
        pairs = [pair for pair in turn.store.proposals.pairs_of(proposal.id) if pair.kept]
        paired = {person for pair in pairs for person in (pair.mentor_id, pair.mentee_id)}
        rows = [(each, person) for each, person in rows if person.id in paired]
    published_on = calendar_of(turn.person).today(publishing_moment(turn.person, program, turn.now))
    return Examined(program, proposal, rows, today_of(turn), max(program.starts_on, published_on))


def findings(turn: Turn, about: Examined) -> list[Finding]:
    return [question(turn, about) for question in QUESTIONS]


def wrong(found: Sequence[Finding]) -> list[Finding]:
    """What stands in the way."""
    return [each for each in found if not each.good and each.blocks]


def unreachable_of(turn: Turn, about: Examined) -> list[Person]:
    out = {person.id for person in turn.store.enrollments.unreachable(about.program.id)}
    return [person for person in about.people if person.id in out or person.gone_since is not None]


# The questions ---------------------------------------------------------------------------------------------------


def _coordinators(turn: Turn, about: Examined) -> Finding:
    able = turn.store.coordinators.able()
    if len(able) > 1:
        return Finding(text("Coordinators: {names}", names=_names(able)), good=True)
    fix = Button("Add a coordinator", Action("coordinators", "add"))
    return Finding(
        text("Only one coordinator has written to me yet. If that one is away, nobody can help."), fixes=(fix,)
    )


def _contact(turn: Turn, about: Examined) -> Finding:
    if about.program.contact_name:
        return Finding(text("A confidential contact: {name}", name=about.program.contact_name), good=True)
    return Finding(
        text("There is no confidential contact yet: somebody outside the reporting lines, for what is serious."),
        fixes=(_people_and_dates(about),),
    )


def _sponsor(turn: Turn, about: Examined) -> Finding:
    if about.program.sponsor_email:
        return Finding(text("A sponsor backs it."), good=True)
    return Finding(
        text("No sponsor is named. It works without; executives say yes more often with one."),
        blocks=False,
        fixes=(_people_and_dates(about),),
    )


def _both_sides(turn: Turn, about: Examined) -> Finding:
    roles = [enrollment.role for enrollment, _ in about.rows]
    mentors, mentees = roles.count("mentor"), roles.count("mentee")
    both = text(
        "{mentors} and {mentees}",
        mentors=counted(mentors, "mentor", "mentors"),
        mentees=counted(mentees, "mentee", "mentees"),
    )
    if mentors and mentees:
        return Finding(both, good=True)
    here = {"program": about.program.id}
    if about.program.status == "draft":
        fix = Button("Open sign-up", Action("opening", "start", here))
        return Finding(text("Nobody can join yet: sign-up is not open."), fixes=(fix,))
    missing = (
        "Nobody has joined yet." if not roles else f"No {'mentees have' if mentors else 'mentors have'} joined yet."
    )
    fixes = (Button("Invite people", Action("invite", "start", here)), Button("Who", Action("who", "show", here)))
    return Finding(text(missing), fixes=fixes)


def _reachable(turn: Turn, about: Examined) -> Finding:
    """Where an app has to be installed for a person, their account is known from then on."""
    out = unreachable_of(turn, about)
    if not out:
        return Finding(text("Everybody can be reached."), good=True)
    words = text(
        "I cannot reach {names}. Ask them to write to me once, or have the app installed for them.",
        names=_names(out),
    )
    if about.proposal is None:
        return Finding(words, fixes=(Button("Status", Action("status", "show", {"program": about.program.id})),))
    leave = Action("check", "leave_out", {"proposal": about.proposal.id})
    return Finding(words, fixes=(Button("Leave their pairs out", leave),))


def _lines(turn: Turn, about: Examined) -> Finding:
    unknown = [person for enrollment, person in about.rows if not enrollment.confirmed]
    if not unknown:
        return Finding(text("Reporting lines are known."), good=True)
    fix = Button("Check their details", Action("who", "show", {"program": about.program.id}))
    return Finding(
        text("Nobody has vouched for the manager and level of {names} yet.", names=_names(unknown)), fixes=(fix,)
    )


def _holidays(turn: Turn, about: Examined) -> Finding:
    day, today = about.starts_on, about.today
    quiet = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in about.program.quiet_dates]
    calendars = [calendar_of(person) for person in about.people] or [calendar_of(turn.person)]
    said = say_day(day, today)
    if any(first <= day <= last for first, last in quiet):
        words = text("Introductions would begin on {day}, in your quiet dates.", day=said)
    elif closed_share(calendars, day):
        words = text("Introductions would begin on {day}, when more than a third do not work.", day=said)
    elif short_week(calendars, day):
        words = text("In the week from {day} on more than a third work fewer than three days.", day=said)
    else:
        return Finding(text("Most people work when it begins ({day}).", day=said), good=True)
    if about.program.status == "running":
        # Two people meet on a day that both work, and the dates of all the others must not move for them.
        return Finding(words, blocks=False)
    return Finding(words, fixes=(*_later(turn, about, day, quiet), _dates(about)))


def _later(turn: Turn, about: Examined, day: date, quiet: Sequence[tuple[date, date]]) -> tuple[Button, ...]:
    calendars = [calendar_of(person) for person in about.people] or [calendar_of(turn.person)]
    better = first_good_day(calendars, day, quiet)
    if better is None:
        return ()
    action = Action("check", "begin_on", {"program": about.program.id, "day": better.isoformat()})
    return (Button(f"Begin on {say_day(better, about.today)}", action),)


def _matching_day(turn: Turn, about: Examined) -> Finding:
    """Dates that lie ahead, and outside the quiet dates."""
    program = about.program
    if program.ends_on <= about.starts_on + timedelta(days=program.cadence_days):
        words = text("It ends on {day}, before pairs could meet twice.", day=say_day(program.ends_on, about.today))
        return Finding(words, fixes=(_dates(about),))
    waiting = program.status in ("draft", "open") and about.proposal is None
    if waiting and program.matching_on < about.today:
        words = text("The day of the matching, {day}, has passed.", day=say_day(program.matching_on, about.today))
        return Finding(words, fixes=(_dates(about),))
    day = program.matching_on.isoformat()
    if waiting and any(first <= day <= last for first, last in program.quiet_dates):
        return Finding(text("The day of the matching is in your quiet dates."), fixes=(_dates(about),))
    return Finding(text("Dates lie ahead."), good=True)


Question = Callable[[Turn, Examined], Finding]
QUESTIONS: tuple[Question, ...] = (
    _coordinators,
    _contact,
    _both_sides,
    _reachable,
    _lines,
    _matching_day,
    _holidays,
    _sponsor,
)


def _people_and_dates(about: Examined) -> Button:
    return Button("People and dates", Action("program", "people", {"program": about.program.id}))


def _dates(about: Examined) -> Button:
    return Button("Rhythm and dates", Action("program", "adjust", {"program": about.program.id}))


def _names(people: Sequence[Person]) -> str:
    told = told_apart(people)
    names = [told[person.id] for person in people[:MOST_NAMES]]
    more = len(people) - len(names)
    return listed([*names, *([f"{more} more"] if more else [])])
