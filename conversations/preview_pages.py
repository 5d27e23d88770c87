"""Every message of a program in order, for each role, made by the same functions that make the real ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.actions import Action
from conversations.cadence import calendar_of, say_day
from conversations.cards import Card, quiet
from conversations.check_in_asked import Asked, Row
from conversations.check_in_cards import check_in_card
from conversations.closing_cards import Summary, notice_card, over_card, wrap_card
from conversations.flow import Turn
from conversations.goals_cards import GoalRow, week_one_card
from conversations.hello_cards import hello_card
from conversations.hold_cards import told_of_hold_card
from conversations.introduction_cards import guide_card, own_card, shared_card
from conversations.invitation_cards import invitation_card, invitation_reminder_card, nomination_card
from conversations.matching_notices import unmatched_card
from conversations.parting_cards import note_card
from conversations.people_words import first_name, say_when, today_of
from conversations.preview_people import Side, both_sides, day_after
from conversations.program_cards import announcement_card
from conversations.pulse_cards import pulse_card
from conversations.pulse_days import rounds
from conversations.sign_up_cards import receipt_card
from conversations.topics import first_topic
from conversations.waiting_cards import delayed_card, matching_day_card, moved_card
from storage.tables import CheckIn, Program, PulseRound

ROLES = ("mentor", "mentee", "coordinator")
WHY = "You explain things so that they stick."


@dataclass(frozen=True, slots=True)
class Page:
    """One message, and when it comes."""

    when: str
    card: Card


def pages(turn: Turn, program: Program, role: str) -> Sequence[Page]:
    if role == "coordinator":
        return _for_coordinators(turn, program)
    side = both_sides(turn, program)[role]
    return [*_before(side, program), *_first_weeks(turn, side, program), *_later(side, program)]


def _for_coordinators(turn: Turn, program: Program) -> list[Page]:
    runs_it = turn.store.coordinators.in_charge(program)
    announced = announcement_card(turn.content, program, runs_it, today_of(turn))
    return [
        Page("When you open sign-up, in the channel", announced),
        Page(_on(turn, program.matching_on), matching_day_card(program, mentors=12, mentees=12, to_check=1)),
        Page("When somebody puts the program on hold, to the others", told_of_hold_card(program, runs_it)),
        Page(_on(turn, program.ends_on), over_card(program, 24, say_when(turn, program.ends_on))),
    ]


def _before(side: Side, program: Program) -> list[Page]:
    turn, here = side.turn, {"program": program.id}
    runs_it = turn.store.coordinators.in_charge(program)
    edit, leave = Action("sign_up", "edit", here), Action("sign_up", "leave", here)
    return [
        Page("When invited", invitation_card(turn, program, side.enrollment, runs_it)),
        Page(
            "When a colleague names them",
            nomination_card(turn, program, side.enrollment, runs_it, nominator=side.partner, why=WHY),
        ),
        Page("Once, if they do not answer", invitation_reminder_card(turn, program, side.enrollment)),
        Page("When they join", receipt_card(turn, program, side.enrollment, edit, leave)),
        Page("If you move the dates", moved_card(program, today_of(turn))),
        Page("If there are no pairs on the day", delayed_card(program)),
        Page("If there is no partner this time", unmatched_card(turn.content, program, side.role)),
    ]


def _first_weeks(turn: Turn, side: Side, program: Program) -> list[Page]:
    content, name = turn.content, side.contact
    topic = first_topic(content, program, None, None, 1)
    own = own_card(
        content,
        program,
        role=side.role,
        pair=0,
        partner=side.partner,
        contact=name,
        reason=side.pair.reason,
        topic=topic,
        ahead=quiet("Next from me: {day}, a short check-in.", day=_day(turn, day_after(program, 14))),
    )
    me = both_sides(turn, program)["mentee" if side.role == "mentor" else "mentor"].contact
    mentor, mentee = (me, name) if side.role == "mentor" else (name, me)
    hello = hello_card(content, program, pair=side.pair, partner=side.partner, contact=name, topic=topic)
    guide = guide_card(content, program, role=side.role, pair=0, partner=side.partner)
    goals = week_one_card(content, [GoalRow(side.pair, side.partner, name)], quiet(""))
    return [
        Page(_on(turn, program.starts_on), own),
        Page("Behind the button “Your first session”", guide),
        Page(
            "The same moment, to both in one chat where that is possible", shared_card(content, program, mentor, mentee)
        ),
        *([Page("A working day later, unless they are in touch", hello)] if side.role == "mentee" else []),
        Page(_on(turn, day_after(program, 7)), goals),
    ]


def _later(side: Side, program: Program) -> list[Page]:
    turn, content = side.turn, side.turn.content
    half = day_after(program, (program.ends_on - program.starts_on).days // 2)
    ends, partners = _day(turn, program.ends_on), [(side.partner, side.contact)]
    noticed = program.ends_on - timedelta(days=14)
    middle = [(half, _check_in(side, program, half_time=True)), *_pulses(turn, program)]
    last_word = quiet("Next from me: {day}, when the program closes.", day=ends)
    middle.append((noticed, notice_card(content, program, partners, ends, last_word)))
    summary = Summary(side.role, ("Show, then tell",), 11, 9, partners, 0)
    return [
        Page(_on(turn, day_after(program, program.cadence_days)), _check_in(side, program, first=True)),
        Page("Once, if they do not answer", _check_in(side, program, reminder=True)),
        *(Page(_on(turn, day), shown) for day, shown in sorted(middle, key=lambda one: one[0])),
        Page(_on(turn, program.ends_on), wrap_card(content, program, turn.person, summary)),
        Page("If a pair ends early, to the other side", note_card(content, program, [], "")),
    ]


def _pulses(turn: Turn, program: Program) -> list[tuple[date, Card]]:
    return [
        (each.opens_on, pulse_card(turn.content, program, _round(program, each.opens_on), _day(turn, each.closes_on)))
        for each in rounds(program.starts_on, program.ends_on)
    ]


def _check_in(
    side: Side, program: Program, *, first: bool = False, reminder: bool = False, half_time: bool = False
) -> Card:
    check_in = CheckIn(id=0, person_id=0, period=day_after(program, program.cadence_days))
    goals = (f"{first_name(side.partner)}: a goal of theirs",) if half_time else ()
    row = Row(side.pair, side.partner, side.contact, half_time=half_time, goals=goals)
    return check_in_card(Asked(check_in, [row], first=first, reminder=reminder), side.turn.content)


def _round(program: Program, opens_on: date) -> PulseRound:
    return PulseRound(id=0, program_id=program.id, number=1, name="early", opens_on=opens_on)


def _on(turn: Turn, day: date) -> str:
    return f"About {_day(turn, day)}"


def _day(turn: Turn, day: date) -> str:
    return say_day(calendar_of(turn.person).next_open_day(day), today_of(turn))
