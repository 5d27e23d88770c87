"""Two people for a preview: real ones of the program where there are any, else colleagues, else made-up ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from conversations.contacts import Contact
from conversations.flow import Turn
from conversations.people_words import named
from storage.tables import Enrollment, Pair, Person, Program

MADE_UP = {"mentor": "Ana Costa", "mentee": "Erik Berg"}
REASON = "Both care about the same theme, share 3 working hours and sit in different departments."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as a card about them needs it. Nothing of it is stored."""

    turn: Turn
    role: str
    enrollment: Enrollment
    partner: Person
    pair: Pair

    @property
    def contact(self) -> Contact:
        return named(self.partner)


def both_sides(turn: Turn, program: Program) -> dict[str, Side]:
    rows = turn.store.enrollments.in_program(program.id, "joined", "matched", "invited")
    people = {role: _example(turn, role, rows) for role in MADE_UP}
    themes = list(program.themes[:2])
    pair = Pair(id=0, program_id=program.id, mentor_id=0, mentee_id=0, started_on=program.starts_on, reason=REASON)
    return {
        role: Side(
            # As somebody who does not run programs sees it.
            replace(turn, person=people[role], coordinator=False),
            role,
            Enrollment(
                program_id=program.id,
                person_id=0,
                role=role,
                status="joined",
                capacity=1,
                hours_a_month=2,
                offers=themes,
                wants=themes,
                interests=[],
                avoid=[],
                own_words="",
                goals="",
                want_back="",
                confirmed=True,
            ),
            people["mentee" if role == "mentor" else "mentor"],
            pair,
        )
        for role in MADE_UP
    }


def _example(turn: Turn, role: str, rows: Sequence[tuple[Enrollment, Person]]) -> Person:
    """A name, a place and the usual hours; nothing that somebody wrote."""
    known = next((one for each, one in rows if each.role == role), None)
    name = known.name if known else MADE_UP[role]
    return Person(
        id=0,
        name=name,
        email=known.email if known else f"{name.lower().replace(' ', '.')}@larkspur.example",
        source="roster",
        department=known.department if known else "",
        location=known.location if known else "",
        timezone=turn.person.timezone,
        country=turn.person.country,
        workdays=turn.person.workdays,
        work_start="09:00",
        work_end="17:00",
        quiet_dates=[],
        languages=[],
    )


def day_after(program: Program, days: int) -> date:
    return date.fromordinal(program.starts_on.toordinal() + days)
