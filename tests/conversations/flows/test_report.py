"""The program's report: figures that a board may see, as a card and as files; and nobody's answers in any of them."""

import csv
import io
from datetime import date, timedelta

import pytest

from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import mentee, mentor, pair, program

LEARNED = "canary learned"


class Company:
    """Two pairs in their third week, one of which has met; one mentor waits."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        self.ana: ChatPerson = mentor(chat, "ana.costa", self.program)
        self.erik: ChatPerson = mentee(chat, "erik.berg", self.program)
        self.ben = mentor(chat, "=ben", self.program)
        self.zoe = mentee(chat, "zoe", self.program)
        self.met = pair(chat, self.program, self.ana, self.erik)
        pair(chat, self.program, self.ben, self.zoe)
        chat.advance(days=15, hours=2)
        self.ana.press("Met")
        self.ana.press("Add a note")
        self.ana.submit(learned=LEARNED)


@pytest.fixture
def company(chat: Chat) -> Company:
    return Company(chat)


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.slow
def test_the_report_counts_people_pairs_and_sessions_and_says_what_each_means(company: Company) -> None:
    company.cora.command("program report")
    company.cora.sees("Matched: 4", "Pairs: 2", "Pairs that met: 1 (50 %)", "Sessions: 1", "Hours: 1")
    company.cora.sees("None has closed")
    company.cora.press("What each figure means")
    company.cora.sees("Introduced pairs with at least one session recorded")


@pytest.mark.slow
def test_the_figures_come_as_a_csv_with_their_meanings(company: Company) -> None:
    company.cora.command("program report")
    company.cora.press("Figures as a file")
    [file] = company.cora.files
    assert file.name == "digital-fluency-figures.csv"
    assert ["Pairs that met", "1 (50 %)", "Introduced pairs with at least one session recorded."] in rows(file.content)


@pytest.mark.slow
def test_s9_the_pairs_come_as_a_csv_that_runs_nothing(company: Company) -> None:
    company.cora.command("program report")
    company.cora.press("Pairs as a file")
    [file] = company.cora.files
    head, first, second = rows(file.content)
    assert head[:4] == ["Mentor", "Mentor's e-mail", "Mentee", "Mentee's e-mail"]
    assert first[:4] == ["Ana Costa", "ana.costa@larkspur.example", "Erik Berg", "erik.berg@larkspur.example"]
    assert first[5:] == ["met", "1"]
    assert second[0].startswith("'=")


@pytest.mark.slow
def test_p4_what_coordinators_read_holds_nobodys_answers(company: Company) -> None:
    cora = company.cora
    cora.command("program report")
    for label in ("What each figure means", "Figures as a file", "Pairs as a file"):
        cora.press(label)
    for words in ("program status", "program who", "results", "home"):
        cora.command(words)
    company.chat.advance(days=3)
    seen = "\n".join(message.text for message in cora.messages)
    assert LEARNED not in seen
    assert all(LEARNED.encode() not in file.content for file in cora.files)


@pytest.mark.slow
def test_only_coordinators_get_it_also_when_they_were_one_when_they_asked(company: Company, chat: Chat) -> None:
    with pytest.raises(NotYours):
        chat.press_action(company.ana, "report", "figures", program=company.program)
    chat.look(lambda store: store.people.mark_gone([company.cora.id], chat.now))
    from conversations.flows import report  # noqa: PLC0415 - the file's maker alone

    def made(store: object) -> object:
        return report.make_pairs(store, store.people.get(company.cora.id), chat.now, chat.content, company.program)  # type: ignore[arg-type,attr-defined]

    assert chat.look(made) is None


def test_a_program_nobody_joined_has_a_report_as_well(chat: Chat) -> None:
    cora = chat.person("cora@larkspur.example", coordinator=True)
    program(chat, cora, status="open")
    cora.command("program report")
    cora.sees("Joined: 0", "Pairs: 0", "Sessions: 0")


# The digest ------------------------------------------------------------------------------------------------------


def digests(person: ChatPerson) -> list[str]:
    return [one.text for one in person.messages if one.text.startswith("New since the last working day")]


@pytest.mark.slow
def test_once_a_day_every_coordinator_reads_what_is_new_and_nothing_on_other_days(company: Company, chat: Chat) -> None:
    omar = chat.person("omar@larkspur.example", coordinator=True)
    chat.advance(days=2)
    before = {person.id: len(digests(person)) for person in (company.cora, omar)}

    def joins(store: object) -> None:
        person = store.people.get(company.ben.id)  # type: ignore[attr-defined]
        store.enrollments.of(person, company.program).joined_at = chat.now  # type: ignore[attr-defined]

    chat.look(joins)
    chat.advance(days=1)
    for person in (company.cora, omar):
        assert len(digests(person)) == before[person.id] + 1
        assert "1 joined: " in digests(person)[-1]
    chat.advance(days=6)
    assert [len(digests(person)) for person in (company.cora, omar)] == [before[each] + 1 for each in before]


@pytest.mark.slow
def test_a_pair_that_ended_is_a_number_and_no_name(company: Company, chat: Chat) -> None:
    def ends(store: object) -> None:
        row = store.pairs.get(company.met)  # type: ignore[attr-defined]
        row.status, row.ended_at = "ended", chat.now

    chat.look(ends)
    chat.advance(days=1)
    last = digests(company.cora)[-1]
    assert "1 pair ended" in last
    assert "Ana" not in last.partition("1 pair ended")[2]


@pytest.mark.slow
def test_a_pair_that_ends_is_counted_once_and_not_before_its_note(company: Company, chat: Chat) -> None:
    chat.press_action(company.ana, "parting", "new_partner", pair=company.met)
    company.ana.press("Find me a new partner")
    chat.advance(days=1)
    assert "pair ended" not in "".join(digests(company.cora))
    chat.advance(days=13)
    assert "".join(digests(company.cora)).count("1 pair ended") == 1


def test_a_program_in_which_one_side_waits_alone_says_so_beside_the_news(company: Company, chat: Chat) -> None:
    other = program(chat, company.cora, "Sustainability", status="open")
    chat.join_all(other, [chat.person(f"{name}@larkspur.example") for name in ("finn", "gus")])
    chat.advance(days=1)
    assert "2 mentors and no mentee yet" in digests(company.cora)[-1].partition("Sustainability")[2]


@pytest.mark.slow
def test_a_weekend_is_told_on_monday(company: Company, chat: Chat) -> None:
    while chat.now.isoweekday() != 6:
        chat.advance(days=1)
    seen = len(digests(company.cora))

    def ends(store: object) -> None:
        row = store.pairs.get(company.met)  # type: ignore[attr-defined]
        row.status, row.ended_at = "ended", chat.now

    chat.look(ends)
    chat.advance(days=1)
    assert len(digests(company.cora)) == seen
    chat.advance(days=2)
    assert "1 pair ended" in digests(company.cora)[seen]
    assert chat.now.date() > date(2026, 3, 2) + timedelta(days=2)
