"""I need help: the kinds, who reads it, who takes it, the second ring; and serious matters, which leave no trace."""

import logging
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from conversations.flow import BadArguments
from storage.store import Store
from storage.subject import NotYours
from storage.tables import AuditEntry, Consultation, Draft, HelpRequest, Nudge, OutboxMessage, Pair
from tests.support.chat import Chat, ChatPerson
from tests.support.programs import an_open_program

CONTACT = {"contact_name": "Ingrid Holm", "contact_reach": "ingrid.holm@trust.example"}


class Company:
    """Two coordinators, a pair, and somebody in no program."""

    def __init__(self, chat: Chat, **program: Any) -> None:
        self.chat = chat
        self.noor = chat.person("noor@larkspur.example", name="Noor Haddad", coordinator=True)
        self.omar = chat.person("omar@larkspur.example", name="Omar Said", coordinator=True)
        self.ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
        self.mei = chat.person("mei@larkspur.example", name="Mei Chen", level=6)
        self.ben = chat.person("ben@larkspur.example", name="Ben Okoye")
        columns = {"status": "running", "matching_on": date(2026, 2, 20)} | program
        self.program = an_open_program(chat, self.noor, **columns)
        chat.join_all(self.program, [self.ana], status="matched")
        chat.join_all(self.program, [self.mei], role="mentee", status="matched")
        self.pair: int = chat.look(self._pair)

    def _pair(self, store: Store) -> int:
        made = Pair(program_id=self.program, mentor_id=self.ana.id, mentee_id=self.mei.id)
        made.started_on, made.created_at = self.chat.now.date(), self.chat.now
        return store.pairs.add(made).id

    def ask(self, words: str = "We cannot find a time.", who: ChatPerson | None = None) -> None:
        person = who or self.ana
        person.command("need help")
        person.press("Finding a time")
        person.submit(words=words)


@pytest.fixture
def company(chat: Chat) -> Company:
    return Company(chat)


def requests(chat: Chat) -> list[HelpRequest]:
    return list(chat.look(lambda store: store.help_requests._session.scalars(select(HelpRequest)).all()))


def help_cards(person: ChatPerson) -> list[str]:
    return [message.text for message in person.messages if message.notice and message.notice.kind == "coordinator_help"]


# Asking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["i need help", "need help", "I need some help"])
def test_whoever_needs_help_is_asked_which_kind(company: Company, words: str) -> None:
    company.ana.command(words.lower())
    company.ana.sees("[Finding a time]", "[What to talk about]", "[The pairing itself]", "[Something serious]")


def test_the_names_of_those_who_read_it_are_shown_before_anything_is_sent(company: Company) -> None:
    company.ana.command("need help")
    company.ana.press("Finding a time")
    assert company.ana.form is not None
    assert "Noor Haddad and Omar Said read this, and nobody else" in company.ana.form.intro
    assert requests(company.chat) == []
    assert company.noor.messages == []


def test_every_coordinator_gets_the_request_and_the_person_hears_that_it_is_sent(company: Company) -> None:
    company.ask()
    company.ana.sees("Noor Haddad and Omar Said have it", "Next from me: who takes care of it")
    for coordinator in (company.noor, company.omar):
        coordinator.sees("Ana asks for help", "paired with Mei Chen", "finding a time", "“We cannot find a time.”")
    assert company.mei.messages == []


def test_words_are_optional_and_an_emoji_is_fine(company: Company) -> None:
    company.ask(words="")
    company.noor.sees("Ana asks for help")
    company.ask(words="🙈", who=company.mei)
    company.noor.sees("“🙈”", "Mei asks for help")


def test_a_pasted_novel_is_asked_to_be_shorter_and_kept_on_the_screen(company: Company) -> None:
    novel = "It was a dark and stormy night. " * 200
    company.ask(words=novel)
    assert set(company.ana.errors) == {"words"}
    assert company.ana.field("words").value.strip() == novel.strip()  # type: ignore[union-attr]
    assert requests(company.chat) == []


def test_what_to_talk_about_offers_topics_at_once_and_a_coordinator_beside(company: Company) -> None:
    company.ana.command("need help")
    company.ana.press("What to talk about")
    company.ana.press("Ask a coordinator")
    company.ana.submit(words="We ran dry.")
    company.noor.sees("what to talk about", "We ran dry.")
    company.ana.command("need help")
    company.ana.press("What to talk about")
    company.ana.press("Give me three topics")
    company.ana.sees("Three topics")


def test_a_coordinator_who_is_the_partner_does_not_read_about_the_pairing(chat: Chat) -> None:
    company = Company(chat)
    chat.look(lambda store: store.people.appoint([company.mei.email]))
    company.ana.command("need help")
    company.ana.press("The pairing itself")
    assert company.ana.form is not None
    assert "Mei" not in company.ana.form.intro
    company.ana.submit(words="We are not a good match.")
    assert company.mei.messages == []
    company.noor.sees("the pairing itself")


def about_the_pairing(chat: Chat) -> Company:
    """Mei, who coordinates as well, is the partner about whom Ana asks the others."""
    company = Company(chat)
    chat.look(lambda store: store.people.appoint([company.mei.email]))
    company.ana.command("need help")
    company.ana.press("The pairing itself")
    company.ana.submit(words="I do not dare to say no.")
    return company


@pytest.mark.slow
def test_the_partner_does_not_read_it_either_when_it_rings_after_the_pair_has_ended(chat: Chat) -> None:
    company = about_the_pairing(chat)
    chat.press_action(company.ana, "parting", "new_partner", pair=company.pair)
    company.ana.press("Find me a new partner")
    chat.advance(days=7)
    assert len(help_cards(company.noor)) == 2
    read = "".join(message.text for message in company.mei.messages)
    assert "dare" not in read
    assert "request for help" not in read


@pytest.mark.parametrize("step", ["take", "done"])
def test_a_guessed_number_shows_the_partner_nothing_of_it(chat: Chat, step: str) -> None:
    company = about_the_pairing(chat)
    with pytest.raises(NotYours):
        chat.press_action(company.mei, "need", step, request=1)
    assert requests(chat)[0].taken_by is None
    company.noor.press("I'll take care of it")
    company.noor.press("Done")
    assert requests(chat)[0].done_at is not None


def test_somebody_with_two_pairs_says_which_one_it_is_about(company: Company) -> None:
    eva = company.chat.person("eva@larkspur.example", name="Eva Novak", level=6)

    def second(store: Store) -> None:
        made = Pair(program_id=company.program, mentor_id=company.ana.id, mentee_id=eva.id)
        made.started_on, made.created_at = company.chat.now.date(), company.chat.now
        store.pairs.add(made)

    company.chat.look(second)
    company.ana.command("need help")
    company.ana.press("Finding a time")
    assert [option.label for option in company.ana.field("which").options] == [  # type: ignore[union-attr]
        "Me and Mei Chen",
        "Me and Eva Novak",
        "Something else",
    ]
    company.ana.submit(which="2", words="")
    company.noor.sees("paired with Eva Novak")


def test_a_second_request_hears_how_far_the_first_is_and_may_say_more(company: Company) -> None:
    company.ask()
    company.ana.command("need help")
    company.ana.press("Finding a time")
    company.ana.sees("I have your request", "nobody has taken it yet")
    company.noor.press("I'll take care of it")
    company.ana.command("need help")
    company.ana.press("Finding a time")
    company.ana.sees("Noor Haddad is taking care of your request")
    company.ana.press("Add something")
    company.ana.submit(words="It is urgent now.")
    company.omar.sees("It is urgent now.")
    assert len(requests(company.chat)) == 2


def test_the_same_form_sent_twice_is_one_request(company: Company) -> None:
    company.ana.command("need help")
    company.ana.press("Finding a time")
    form = company.ana.form
    company.ana.submit(words="Once")
    company.ana.form = form
    company.ana.submit(words="Once")
    assert len(requests(company.chat)) == 1
    assert len(help_cards(company.noor)) == 1


def test_somebody_in_no_program_hears_who_runs_them(company: Company) -> None:
    company.ben.command("need help")
    company.ben.sees("You are in no program right now", "[Write to Noor Haddad]", "[Write to Omar Said]")


def test_without_a_reachable_coordinator_nothing_is_sent_and_the_person_hears_it(chat: Chat) -> None:
    company = Company(chat)

    def gone(store: Store) -> None:
        for one in (company.noor, company.omar):
            store.people.get(one.id).unreachable_since = chat.now

    chat.look(gone)
    company.ana.command("need help")
    company.ana.press("Finding a time")
    company.ana.sees("I sent nothing", "I can reach no coordinator", "[Write to Noor Haddad]")
    assert requests(chat) == []


def test_a_card_of_a_program_that_has_ended_sends_nothing_and_names_those_who_run_programs(company: Company) -> None:
    company.ana.command("need help")

    def close(store: Store) -> None:
        store.programs.get(company.program).status = "closed"

    company.chat.look(close)
    company.ana.press("Finding a time")
    company.ana.sees("You are in no program right now", "[Write to Noor Haddad]")
    assert requests(company.chat) == []


def test_a_form_that_is_sent_after_the_program_ended_sends_nothing(company: Company) -> None:
    company.ana.command("need help")
    company.ana.press("Finding a time")

    def close(store: Store) -> None:
        store.programs.get(company.program).status = "closed"

    company.chat.look(close)
    company.ana.submit(words="Hello?")
    company.ana.sees("You are in no program right now")
    assert requests(company.chat) == []


@pytest.mark.parametrize("step", ["start", "about", "serious", "send"])
def test_a_forwarded_card_asks_nothing_in_somebody_elses_name(company: Company, step: str) -> None:
    company.chat.join_all(company.program, [company.ben])
    kind = {} if step in ("start", "serious") else {"kind": "pairing"}
    with pytest.raises(NotYours):
        company.chat.press_action(company.ben, "need", step, pair=company.pair, **kind)
    assert requests(company.chat) == []


def test_a_forwarded_request_cannot_be_taken_by_a_participant(company: Company) -> None:
    company.ask()
    with pytest.raises(NotYours):
        company.chat.press_action(company.mei, "need", "take", request=1)
    assert requests(company.chat)[0].taken_by is None


def test_a_kind_that_somebody_made_up_is_an_old_card(company: Company) -> None:
    with pytest.raises(BadArguments):
        company.chat.press_action(company.ana, "need", "about", kind="serious")


# One takes it ----------------------------------------------------------------------------------------------------


def test_one_takes_it_the_others_cards_say_so_and_the_person_hears_who(company: Company) -> None:
    company.ask()
    company.noor.press("I'll take care of it")
    company.noor.sees("You are taking care of it", "[Done]", "[Write to Ana]")
    company.omar.sees("Noor Haddad is taking care of what Ana Ruiz asked for")
    assert "We cannot find a time" not in company.omar.last.text
    company.ana.sees("Noor Haddad has taken your request", "[Write to Noor]")


def test_who_presses_second_reads_who_was_first(company: Company) -> None:
    company.ask()
    old = company.omar.last.button("I'll take care of it")
    company.noor.press("I'll take care of it")
    assert old is not None
    company.chat.press_action(company.omar, "need", "take", request=1)
    company.omar.sees("Noor Haddad is taking care")
    assert [row.taken_by for row in requests(company.chat)] == [company.noor.id]


def test_done_closes_it_for_everybody_and_a_new_request_begins_anew(company: Company) -> None:
    company.ask()
    company.noor.press("I'll take care of it")
    company.noor.press("Done")
    company.noor.sees("What Ana Ruiz asked for is done")
    company.omar.sees("What Ana Ruiz asked for is done")
    company.ana.command("need help")
    company.ana.press("Finding a time")
    assert company.ana.form is not None


@pytest.mark.slow
def test_nobody_takes_it_for_two_working_days_and_it_rings_once_more_for_all(company: Company) -> None:
    company.ask()
    company.chat.advance(days=1)
    assert len(help_cards(company.noor)) == 1
    company.chat.advance(days=10)
    for coordinator in (company.noor, company.omar):
        first, second = help_cards(coordinator)
        assert "Still waiting: Ana asks for help" in second
        assert first != second
    company.omar.press("I'll take care of it")
    assert all("Omar Said is taking care" in text for text in help_cards(company.noor))
    assert all("You are taking care of it" in text for text in help_cards(company.omar))


def test_a_request_that_somebody_took_does_not_ring_again(company: Company) -> None:
    company.ask()
    company.noor.press("I'll take care of it")
    company.chat.advance(days=10)
    assert len(help_cards(company.omar)) == 1


@pytest.mark.slow
def test_a_request_of_somebody_who_left_does_not_ring_and_whoever_takes_it_hears_so(company: Company) -> None:
    company.ask()

    def leave(store: Store) -> None:
        for one, _ in store.enrollments.in_program(company.program):
            if one.person_id == company.ana.id:
                one.status = "left"

    company.chat.look(leave)
    company.chat.advance(days=10)
    assert len(help_cards(company.noor)) == 1
    company.noor.press("I'll take care of it")
    company.noor.sees("Ana has left the program since")


@pytest.mark.parametrize("first", ["{curly}", "[Approve](https://evil.example/x)", "**Ana**"])
def test_somebody_who_left_is_named_as_they_are_called_whatever_that_is(company: Company, first: str) -> None:
    odd = company.chat.person("odd@larkspur.example", name=f"{first} Ruiz")
    company.chat.join_all(company.program, [odd])
    company.ask(who=odd)
    odd.command("leave")
    odd.press("Leave")
    company.noor.press("I'll take care of it")
    company.noor.sees(f"{first} has left the program since")


@pytest.mark.slow
def test_when_all_coordinators_are_gone_by_then_the_person_hears_it(company: Company) -> None:
    company.ask()

    def gone(store: Store) -> None:
        for one in (company.noor, company.omar):
            store.people.get(one.id).gone_since = company.chat.now

    company.chat.look(gone)
    company.chat.advance(days=10)
    assert any("There is nobody I could ask for you" in message.text for message in company.ana.messages)


# Something serious ------------------------------------------------------------------------------------------------


def rows(store: Store) -> int:
    tables = (HelpRequest, AuditEntry, OutboxMessage, Nudge, Consultation, Draft)
    return sum(len(store.help_requests._session.scalars(select(table)).all()) for table in tables)


def test_something_serious_names_the_contact_outside_the_lines_and_leaves_no_trace(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    company = Company(chat, **CONTACT)
    before = chat.look(rows)
    with caplog.at_level(logging.DEBUG):
        company.ana.command("need help")
        company.ana.press("Something serious")
    company.ana.sees("Ingrid Holm", "ingrid.holm@trust.example", "I pass nothing on", "[Write to Ingrid Holm]")
    assert chat.look(rows) == before
    assert chat.nudges == {}
    assert company.noor.messages == company.omar.messages == []
    assert "Ana" not in caplog.text
    assert "ana@" not in caplog.text


def test_a_contact_who_is_reached_by_telephone_has_no_button(chat: Chat) -> None:
    company = Company(chat, contact_name="Ingrid Holm", contact_reach="extension 5512")
    company.ana.command("need help")
    company.ana.press("Something serious")
    assert "extension 5512" in company.ana.last.text
    assert company.ana.last.labels == ()


def test_without_a_named_contact_the_person_hears_where_else_to_turn_and_not_to_the_coordinators(
    company: Company,
) -> None:
    company.ana.command("need help")
    company.ana.press("Something serious")
    company.ana.sees("somebody you trust outside your reporting line", "I pass nothing on")
    assert "Noor" not in company.ana.last.text


@pytest.mark.parametrize("how", ["gone", "removed"])
def test_a_request_whose_coordinator_leaves_rings_again_with_the_others(company: Company, how: str) -> None:
    company.ask()
    company.noor.press("I'll take care of it")
    company.ana.sees("Noor Haddad")
    before = len(help_cards(company.omar))

    def leave(store: Store) -> None:
        if how == "gone":
            store.people.get(company.noor.id).gone_since = company.chat.now
        else:
            store.coordinators.remove("noor@larkspur.example")

    company.chat.look(leave)
    company.chat.advance(hours=1)
    assert len(help_cards(company.omar)) == before + 1
    assert "Still waiting" in help_cards(company.omar)[-1]
    company.omar.press("I'll take care of it")
    company.ana.sees("Omar Said")
    assert requests(company.chat)[0].taken_by == company.omar.id
