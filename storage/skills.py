"""How people rate themselves on a program's themes: each sees their own, and a program at most its means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from storage.subject import Subject
from storage.tables import Person, PulseResult, PulseRound, SkillRating

# How the published figures of a theme are called, beside those of the pulse's questions.
START, END = "start/", "end/"


@dataclass(frozen=True, slots=True)
class Change:
    """A theme's mean at the start and at the end, in tenths, over those who rated it both times."""

    theme: str
    people: int
    start: int
    end: int


class Skills(Subject):
    """Self-ratings from 1 to 5."""

    def rate(self, person: Person, program_id: int, moment: str, ratings: Mapping[str, int]) -> None:
        """`moment`: start or end. Rating again changes what was said before."""
        there = {one.theme: one for one in self.of(person, program_id) if one.moment == moment}
        for theme, value in ratings.items():
            if theme in there:
                there[theme].value = value
            else:
                row = SkillRating(program_id=program_id, person_id=person.id, theme=theme, moment=moment, value=value)
                self._session.add(row)
        self._session.flush()

    def of(self, person: Person, program_id: int) -> Sequence[SkillRating]:
        """One person's own ratings in a program; nobody else is ever shown them."""
        return self._session.scalars(_of(), {"person": person.id, "program": program_id}).all()

    def of_person(self, person: Person) -> Sequence[SkillRating]:
        """In every program, for the person's own export."""
        return self._session.scalars(
            select(SkillRating).where(SkillRating.person_id == person.id).order_by(SkillRating.id)
        ).all()

    def rated_twice(self, program_id: int) -> Mapping[str, Sequence[int]]:
        """The ratings of everybody who rated a theme both times, under `start/<theme>` and `end/<theme>`, sorted.

        Only for a round that is about to close: `disclosure` decides what of it may be shown.
        """
        first, last = aliased(SkillRating), aliased(SkillRating)
        same = (last.program_id == first.program_id) & (last.person_id == first.person_id) & (last.theme == first.theme)
        rows = self._session.execute(
            select(first.theme, first.value, last.value)
            .join(last, same)
            .where(first.program_id == program_id, first.moment == "start", last.moment == "end")
        )
        found: dict[str, list[int]] = {}
        for theme, start, end in rows:
            found.setdefault(START + theme, []).append(start)
            found.setdefault(END + theme, []).append(end)
        return {question: sorted(values) for question, values in sorted(found.items())}

    def change(self, program_id: int) -> Sequence[Change]:
        """What a report may show: themes that five people or more rated both times, as the closing round left them."""
        rows = self._session.execute(
            select(PulseResult.question, PulseResult.mean, PulseResult.answers)
            .join(PulseRound, PulseRound.id == PulseResult.round_id)
            .where(PulseRound.program_id == program_id, PulseRound.status == "closed", PulseResult.mean.is_not(None))
            .order_by(PulseResult.question)
        )
        figures = {question: (mean, answers) for question, mean, answers in rows}
        themes = [question.removeprefix(START) for question in figures if question.startswith(START)]
        return [
            Change(theme, figures[START + theme][1], figures[START + theme][0] or 0, figures[END + theme][0] or 0)
            for theme in themes
        ]


@cache
def _of() -> Select[SkillRating]:
    """Built once, since building a statement costs more than running it."""
    mine = SkillRating.person_id == bindparam("person"), SkillRating.program_id == bindparam("program")
    return select(SkillRating).where(*mine).order_by(SkillRating.id)
