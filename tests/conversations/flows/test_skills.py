"""Self-ratings: for the person's own eyes, at the start and at the end."""

from datetime import UTC, date, datetime

import pytest

from conversations.forms import Scale
from storage.skills import Change
from storage.store import Store
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import mentee, mentor, pair, program

START, END = {"theme_1": "2", "theme_2": "1"}, {"theme_1": "4", "theme_2": "3"}


class Office:
    """A program on two themes with Ana and Erik, and four more pairs."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora.lind@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        names = ("ana.costa", "bo.rossi", "cleo.ito")
        self.mentors = [mentor(chat, name, self.program, status="matched") for name in names]
        names = ("erik.berg", "finn.roy", "gita.rao")
        self.mentees = [mentee(chat, name, self.program, status="matched") for name in names]
        for one, other in zip(self.mentors, self.mentees, strict=True):
            pair(chat, self.program, one, other)
        self.ana = self.mentors[0]

    @property
    def everybody(self) -> list[ChatPerson]:
        return [*self.mentors, *self.mentees]

    def starts(self, person: ChatPerson) -> None:
        self.chat.press_action(person, "skills", "start", program=self.program)

    def rates(self, person: ChatPerson, values: dict[str, str]) -> None:
        self.starts(person)
        person.submit(values)

    def ratings(self, person: ChatPerson) -> dict[tuple[str, str], int]:
        def work(store: Store) -> dict[tuple[str, str], int]:
            rows = store.skills.of(store.people.get(person.id), self.program)
            return {(row.moment, row.theme): row.value for row in rows}

        found: dict[tuple[str, str], int] = self.chat.look(work)
        return found

    def opens_the_closing_round(self) -> int:
        self.chat.now = datetime(2026, 9, 2, 10, tzinfo=UTC)

        def work(store: Store) -> int:
            return store.pulses.closing_round(store.programs.get(self.program), date(2026, 9, 2)).id

        number: int = self.chat.look(work)
        return number

    def change(self) -> list[Change]:
        found: list[Change] = self.chat.look(lambda store: list(store.skills.change(self.program)))
        return found


@pytest.fixture
def office(chat: Chat) -> Office:
    return Office(chat)


def test_each_theme_has_a_scale_and_the_form_says_who_sees_it(office: Office) -> None:
    office.starts(office.ana)
    assert office.ana.form is not None
    assert [type(field) for field in office.ana.form.fields] == [Scale, Scale]
    assert "Only you see your numbers" in office.ana.form.intro
    office.ana.submit(START)
    office.ana.sees("for your eyes only", "At the end I ask once more", "Next from me")
    assert office.ratings(office.ana) == {("start", "digital_tools"): 2, ("start", "artificial_intelligence"): 1}


def test_rating_again_changes_the_first_rating(office: Office) -> None:
    office.rates(office.ana, START)
    office.rates(office.ana, {"theme_1": "3", "theme_2": "1"})
    assert office.ratings(office.ana)["start", "digital_tools"] == 3


def test_what_is_missing_is_asked_again(office: Office) -> None:
    office.rates(office.ana, {"theme_1": "3", "theme_2": ""})
    assert set(office.ana.errors) == {"theme_2"}


def test_the_closing_pulse_asks_once_more_whoever_rated_at_the_start(office: Office) -> None:
    office.rates(office.ana, START)
    number = office.opens_the_closing_round()
    for person in (office.ana, office.mentors[1]):
        office.chat.press_action(person, "pulse", "start", round=number)
        person.submit(often="4", useful="4", openly="4")
    assert office.mentors[1].form is None
    assert office.ana.form is not None
    assert "The same questions as at the start" in office.ana.form.intro
    office.ana.submit(END)
    office.ana.sees("Thank you for looking back")
    assert office.ratings(office.ana)["end", "digital_tools"] == 4
    assert office.ratings(office.ana)["start", "digital_tools"] == 2


@pytest.mark.slow
def test_a_report_shows_the_change_only_after_the_close_and_from_five_people_on(office: Office) -> None:
    for person in office.everybody[:5]:
        office.rates(person, START)
    number = office.opens_the_closing_round()
    for person in office.everybody[:5]:
        office.rates(person, END)
        assert office.change() == []
    office.chat.advance(days=16)
    assert office.chat.look(lambda store: store.pulses.required(number).status) == "closed"
    assert office.change() == [Change("artificial_intelligence", 5, 11, 30), Change("digital_tools", 5, 20, 40)]


@pytest.mark.slow
def test_a_report_shows_no_change_of_four_people(office: Office) -> None:
    for person in office.everybody[:4]:
        office.rates(person, START)
    office.opens_the_closing_round()
    for person in office.everybody[:4]:
        office.rates(person, END)
    office.rates(office.everybody[4], END)
    office.chat.advance(days=16)
    assert office.change() == []


@pytest.mark.slow
def test_a8_erasing_somebodys_ratings_afterwards_changes_no_published_figure(office: Office) -> None:
    for person in office.everybody:
        office.rates(person, START)
    office.opens_the_closing_round()
    for person in office.everybody:
        office.rates(person, END)
    office.chat.advance(days=16)
    before = office.change()

    def erase(store: Store) -> None:
        for row in store.skills.of_person(store.people.get(office.ana.id)):
            store._session.delete(row)

    office.chat.look(erase)
    assert office.change() == before != []


@pytest.mark.slow
def test_after_the_close_it_is_too_late_to_rate(office: Office) -> None:
    office.rates(office.ana, START)
    office.opens_the_closing_round()
    office.starts(office.ana)
    office.chat.advance(days=16)
    office.ana.submit(END)
    office.ana.sees("nothing to rate here any more", "Next from me")
    assert ("end", "digital_tools") not in office.ratings(office.ana)


def test_a_forwarded_button_is_nobody_elses(office: Office) -> None:
    dora = office.chat.person("dora.may@larkspur.example")
    with pytest.raises(NotYours):
        office.starts(dora)


def test_a_program_without_themes_has_nothing_to_rate(office: Office) -> None:
    def work(store: Store) -> None:
        store.programs.get(office.program).themes = []

    office.chat.look(work)
    office.starts(office.ana)
    office.ana.sees("nothing to rate")
