"""Topics to talk about: for a pair, for somebody without one, for several, from the bank and from a topic server."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from conversations.cards import Text
from conversations.content import Topic
from conversations.topics import topic_request
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Pair, Person
from tests.support.chat import Chat, ChatPerson
from tests.support.programs import an_open_program

SUGGESTED = tuple(Topic("", f"Suggestion {one}", "What would you try?", "Try it.") for one in "ABC")


class Company:
    """A running program with a mentor, a mentee and their pair."""

    def __init__(self, chat: Chat, **mentee: Any) -> None:
        self.chat = chat
        self.noor = chat.person("noor@larkspur.example", coordinator=True)
        self.program = an_open_program(chat, self.noor, status="running", matching_on=date(2026, 2, 20))
        self.ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
        self.mei = chat.person("mei@larkspur.example", name="Mei Chen", level=6)
        chat.join_all(self.program, [self.ana], status="matched", offers=["cybersecurity", "social_media"])
        wants = {"wants": ["cybersecurity", "sustainability"]} | mentee
        chat.join_all(self.program, [self.mei], role="mentee", status="matched", **wants)
        self.pair = self.make_pair(self.mei)

    def make_pair(self, mentee: ChatPerson, **columns: Any) -> int:
        values = {"started_on": self.chat.now.date(), "created_at": self.chat.now} | columns

        def add(store: Store) -> int:
            made = Pair(program_id=self.program, mentor_id=self.ana.id, mentee_id=mentee.id, **values)
            return store.pairs.add(made).id

        number: int = self.chat.look(add)
        return number

    def themes(self, person: ChatPerson) -> set[str]:
        """The themes of the three topics that this person saw last."""
        titles = shown(person)
        return {topic.theme for topic in self.chat.content.topics if topic.title in titles}


def shown(person: ChatPerson) -> list[str]:
    texts = [block for block in person.last.card.blocks if isinstance(block, Text)]
    return [str(block.values["title"]) for block in texts if "title" in block.values]


@pytest.fixture
def company(chat: Chat) -> Company:
    return Company(chat)


def test_a_pair_gets_three_topics_on_what_both_chose_each_with_an_opening_and_a_follow_up(company: Company) -> None:
    company.ana.command("topics")
    company.ana.sees("Three topics for you and Mei", "And then:", "[Three others]", "[Book a time]")
    assert company.themes(company.ana) == {"cybersecurity"}
    assert len(shown(company.ana)) == 3


def test_three_others_are_others_and_none_comes_again_until_all_were_given(company: Company) -> None:
    company.ana.command("topics")
    seen = shown(company.ana)
    bank = [one for one in company.chat.content.topics if one.theme in {"cybersecurity", "sustainability"}]
    while len(seen) < len(bank) - 2:
        company.chat.advance(days=1)
        company.ana.press("Three others")
        seen += shown(company.ana)
    assert len(seen) == len(set(seen))


def test_when_the_bank_is_used_up_the_oldest_come_again(company: Company) -> None:
    company.ana.command("topics")
    first = shown(company.ana)
    for _ in range(30):
        company.chat.advance(days=1)
        company.ana.press("Three others")
        if set(shown(company.ana)) & set(first):
            break
    assert set(shown(company.ana)) & set(first)
    assert len(set(shown(company.ana))) == 3


def test_what_one_side_was_given_is_not_given_to_the_other_again(company: Company) -> None:
    company.ana.command("topics")
    company.mei.command("topics")
    assert not set(shown(company.ana)) & set(shown(company.mei))
    company.mei.sees("Three topics for you and Ana")


def test_the_topic_of_the_introduction_is_not_suggested_again(chat: Chat) -> None:
    company = Company(chat)
    title = next(one.title for one in chat.content.topics if one.theme == "cybersecurity")

    def introduced(store: Store) -> None:
        store.pairs.get(company.pair).topic = title

    chat.look(introduced)
    company.ana.command("topics")
    assert title not in shown(company.ana)


def test_without_a_pair_topics_come_from_what_somebody_chose_and_others_are_others(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    ben = chat.person("ben@larkspur.example")
    chat.join_all(an_open_program(chat, noor), [ben], role="mentee", wants=["sustainability"], offers=[])
    ben.command("topics")
    first = shown(ben)
    themes = {one.theme for one in chat.content.topics if one.title in first}
    ben.press("Three others")
    assert themes == {"sustainability"}
    assert not set(first) & set(shown(ben))
    assert "Book a time" not in ben.last.labels


def test_somebody_in_no_program_gets_topics_too(chat: Chat) -> None:
    ana = chat.person("ana@larkspur.example")
    ana.command("topics")
    assert len(shown(ana)) == 3


def test_with_two_partners_the_question_is_for_whom(company: Company) -> None:
    eva = company.chat.person("eva@larkspur.example", name="Eva Novak", level=6)
    company.chat.join_all(company.program, [eva], role="mentee", status="matched", wants=["social_media"])
    company.make_pair(eva)
    company.ana.command("topics")
    company.ana.sees("Topics for whom?", "[Mei Chen]", "[Eva Novak]")
    company.ana.press("Eva Novak")
    company.ana.sees("for you and Eva")
    assert company.themes(company.ana) == {"social_media"}


def test_a_partner_whom_nobody_introduced_yet_is_not_named(chat: Chat) -> None:
    company = Company(chat)

    def tomorrow(store: Store) -> None:
        store.pairs.get(company.pair).started_on = chat.now.date() + timedelta(days=1)

    chat.look(tomorrow)
    company.ana.command("topics")
    assert "Mei" not in company.ana.last.text


def test_a_card_of_a_pair_that_ended_still_gives_topics_but_books_nothing(company: Company) -> None:
    company.ana.command("topics")

    def end(store: Store) -> None:
        store.pairs.get(company.pair).status = "ended"

    company.chat.look(end)
    company.ana.press("Three others")
    assert len(shown(company.ana)) == 3
    assert "Mei" not in company.ana.last.text
    assert "Book a time" not in company.ana.last.labels


def test_a_forwarded_card_gives_nobody_elses_topics(company: Company) -> None:
    ben = company.chat.person("ben@larkspur.example")
    for step in ("show", "others"):
        with pytest.raises(NotYours):
            company.chat.press_action(ben, "topics", step, pair=company.pair)
    assert company.chat.look(lambda store: store.topics.given(company.pair)) == []


# A topic server --------------------------------------------------------------------------------------------------


def with_server(company: Company, answer: Any) -> list[Mapping[str, Any]]:
    asked: list[Mapping[str, Any]] = []

    def consultant(_store: Store, about: Mapping[str, Any]) -> Any:
        asked.append(about)
        return answer

    company.chat.suggests = True
    company.chat.consultants["topics"] = consultant
    return asked


def test_with_a_topic_server_its_three_are_shown_and_remembered(company: Company) -> None:
    asked = with_server(company, SUGGESTED)
    company.ana.command("topics")
    assert "One moment" in company.ana.messages[0].text
    company.ana.sees("Suggestion A", "Suggestion B", "Suggestion C", "What would you try?")
    assert asked == [{"person": company.ana.id, "pair": company.pair}]
    assert company.chat.look(lambda store: store.topics.given(company.pair)) == [one.title for one in SUGGESTED]


def test_without_an_answer_of_the_server_the_bank_answers_and_nobody_reads_of_a_fault(company: Company) -> None:
    with_server(company, None)
    company.ana.command("topics")
    assert company.themes(company.ana) == {"cybersecurity"}
    company.ana.press("Three others")
    assert len(shown(company.ana)) == 3


def test_what_a_server_says_is_shown_as_it_is_and_nothing_of_it_is_active(company: Company) -> None:
    hostile = Topic("", "<!channel> **now**", "[free](https://evil.example) @here?", "{partner} _x_")
    with_server(company, (hostile, *SUGGESTED[:2]))
    company.ana.command("topics")
    company.ana.sees("<!channel> **now**", "[free](https://evil.example) @here?", "{partner} _x_")


def test_the_request_for_a_server_holds_titles_of_our_themes_and_nothing_that_anybody_typed(chat: Chat) -> None:
    company = Company(chat, wants=["Falconry at Harrow Lane", "cybersecurity"], own_words="My secret plan", goals="Win")
    company.ana.command("topics")

    def request(store: Store) -> Any:
        return topic_request(store, chat.content, {"person": company.ana.id, "pair": company.pair})

    asked = chat.look(request)
    assert asked.themes == (chat.content.themes["cybersecurity"].title,)
    assert asked.minutes == 45
    assert set(shown(company.ana)) == set(asked.given)
    for private in ("Falconry", "Harrow", "secret", "Win", "Ana", "Mei", "larkspur", "Digital fluency 2026"):
        assert private not in repr(asked)


def test_somebody_with_own_words_only_leaves_the_server_without_a_theme(chat: Chat) -> None:
    ben: ChatPerson = chat.person("ben@larkspur.example")

    def request(store: Store) -> Any:
        row: Person = store.people.get(ben.id)
        return topic_request(store, chat.content, {"person": row.id, "pair": 0})

    assert chat.look(request).themes == ()
