"""Two people meet: what each of them reads, and what both read together."""

from datetime import date, timedelta

import pytest

from conversations.actions import Action
from conversations.cards import plain_text
from conversations.content import load
from conversations.events import Due, Pressed
from conversations.replies import Introduce
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, joins, mentee, mentor, pair, program

REASON = "Both care about AI in daily work and share 6 working hours."


class Pair:
    """Ana and Erik, who told the form things that nobody else should read."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        secret = {"goals": "Find the courage to speak", "want_back": "A way into strategy", "interests": ["Falconry"]}
        self.ana: ChatPerson = mentor(
            chat, "ana.costa", self.program, row={"location": "Lisbon", "timezone": "Europe/Lisbon"}, **secret
        )
        self.erik: ChatPerson = mentee(
            chat, "erik.berg", self.program, row={"location": "Berlin", "timezone": "Europe/Berlin"}
        )
        self.pair = pair(chat, self.program, self.ana, self.erik, MONDAY + timedelta(days=1), reason=REASON)

    def introduce(self) -> None:
        self.chat.run(self.ana.id, Due(), Action("introduction", "introduce", {"pair": self.pair}))

    @property
    def introduction(self) -> Introduce:
        return self.chat.introductions[-1]


@pytest.fixture
def both(chat: Chat) -> Pair:
    return Pair(chat)


def test_each_reads_who_the_other_is_and_why(both: Pair) -> None:
    both.introduce()
    both.ana.sees("Meet Erik Berg, your mentee", REASON, "Department: Finance", "Location: Berlin")
    both.erik.sees("Meet Ana Costa, your mentor", REASON, "Department: Engineering", "Location: Lisbon")


def test_each_side_reads_a_text_of_its_own_role(both: Pair) -> None:
    both.introduce()
    assert "You are the mentor" in both.ana.last.text
    assert "You are the mentee" in both.erik.last.text
    assert "You are the mentee" not in both.ana.last.text


def test_both_get_the_same_first_topic_on_what_they_share(both: Pair) -> None:
    both.introduce()
    opening = next(topic for topic in load().topics if topic.opening in both.ana.last.text)
    assert opening.theme == "artificial_intelligence"
    both.erik.sees(opening.title, opening.opening)


def test_each_can_write_to_the_other_and_knows_the_address(both: Pair) -> None:
    both.introduce()
    both.ana.sees("[Write to Erik]", "E-mail: erik.berg@larkspur.example", "within the next two weeks")
    both.erik.sees("[Write to Ana]", "E-mail: ana.costa@larkspur.example")


def test_each_knows_when_the_next_message_comes(both: Pair) -> None:
    both.introduce()
    both.ana.sees("Next from me: 9 March, a question about your goals.")
    both.erik.sees("Next from me: 3 March, a first line to copy, unless you are in touch by then.")


def test_the_group_chat_gets_forty_words_at_most_and_nothing_from_the_forms(both: Pair) -> None:
    both.introduce()
    shared = plain_text(both.introduction.shared)
    assert len(shared.split()) <= 40
    assert "Ana Costa" in shared
    assert "Erik Berg" in shared
    assert "I can't read this chat" in shared
    for private in ("courage", "strategy", "Falconry", "AI in daily work", "working hours"):
        assert private not in shared


def test_nothing_private_from_a_form_is_in_the_partners_card(both: Pair) -> None:
    both.introduce()
    for private in ("courage", "strategy", "Falconry"):
        assert private not in both.erik.last.text
        assert private not in both.ana.last.text


def test_the_day_of_the_introduction_is_day_zero(both: Pair) -> None:
    both.chat.now += timedelta(days=3)
    both.introduce()
    assert both.chat.look(lambda store: store.pairs.get(both.pair).started_on) == date(2026, 3, 5)


def test_it_is_unprompted_so_that_working_hours_hold_it(both: Pair) -> None:
    both.introduce()
    notice = both.introduction.notice
    assert not notice.prompted
    assert notice.delivery == "must_arrive"
    assert notice.expires_at is not None


def test_running_it_again_introduces_nobody_twice(both: Pair) -> None:
    both.introduce()
    both.introduce()
    assert len(both.ana.messages) == 1


def test_a_pair_that_ended_before_its_day_is_not_introduced(both: Pair) -> None:
    both.chat.look(lambda store: store.pairs.end_all(both.program, both.chat.now))
    both.introduce()
    assert not both.ana.messages


def test_a_mentor_with_a_pair_already_keeps_one_rhythm(both: Pair) -> None:
    both.introduce()
    finn = both.chat.person("finn.okafor@larkspur.example")
    joins(both.chat, finn, both.program, "mentee")
    second = pair(both.chat, both.program, both.ana, finn)
    both.chat.now += timedelta(days=5)
    both.chat.run(both.ana.id, Due(), Action("introduction", "introduce", {"pair": second}))
    both.ana.sees("Meet Finn Okafor", "Next from me: 9 March")
    finn.sees("Next from me: 9 March, a first line to copy")


def test_the_first_step_and_the_guide_are_one_click_away(both: Pair) -> None:
    both.introduce()
    both.ana.sees("[Book a time]", "[Your first session]", "[We're in touch]")
    both.ana.press("Book a time")
    assert both.ana.form is not None
    assert "Erik Berg" in both.ana.form.intro


def test_the_mentors_guide_says_how_to_disagree_with_a_vice_president(both: Pair) -> None:
    both.introduce()
    both.ana.press("Your first session")
    both.ana.sees("Your first session with Erik Berg", "How to disagree with an executive", "Ask for permission")
    both.ana.sees("45 minutes", "the next date", "neither of you rates the other", "[I need help]", "[Three topics]")


def test_the_mentees_guide_says_how_to_hear_it(both: Pair) -> None:
    both.introduce()
    both.erik.press("Your first session")
    said = both.erik.sees("Your first session with Ana Costa", "How to hear what is hard to say", "thank you")
    assert "vice president" not in said


def test_the_guide_of_an_ended_or_somebody_elses_pair_shows_nothing(both: Pair) -> None:
    both.introduce()
    both.chat.look(lambda store: store.pairs.end_all(both.program, both.chat.now))
    both.ana.press("Your first session")
    both.ana.sees("does not meet at the moment")
    with pytest.raises(NotYours):
        both.chat.run(both.cora.id, Pressed(), Action("introduction", "guide", {"pair": both.pair}))
