"""Asked first: two yes make a pair; a no is quiet, and so is the next choice."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from storage.store import Store
from storage.subject import NotYours
from tests.support import company
from tests.support.chat import Chat, ChatPerson

MONDAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Asked:
    """Noor and Rosalind fit best, Tomas is left over; Amara has approved the pair, in a program that asks first."""

    chat: Chat
    amara: ChatPerson
    program: int
    noor: ChatPerson
    rosalind: ChatPerson
    tomas: ChatPerson

    def pairs(self) -> list[tuple[int, int]]:
        def read(store: Store) -> list[tuple[int, int]]:
            return [(pair.mentor_id, pair.mentee_id) for pair in store.pairs.in_program(self.program)]

        found: list[tuple[int, int]] = self.chat.look(read)
        return found

    def questions(self, person: ChatPerson) -> list[str]:
        kinds = ("asking", "asking_reminder", "unmatched", "introduction")
        return [one.notice.kind for one in person.messages if one.notice and one.notice.kind in kinds]


@pytest.fixture
def asked(chat: Chat) -> Asked:
    company.with_matching(chat)
    amara = chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")
    chat.person("ben@larkspur.example", coordinator=True)
    program = company.program(chat, amara, matching_on=MONDAY)
    noor = company.mentor(chat, "noor", program, row={"name": "Noor Haddad"}, want_back="How budgets are made")
    rosalind = company.mentee(chat, "rosalind", program, row={"name": "Rosalind Meyer"})
    other = {"name": "Tomas Lind", "department": "Engineering"}
    tomas = company.mentee(chat, "tomas", program, row=other, wants=["digital_tools"])
    amara.command("program ask-first on")
    amara.sees("I ask both before a pair is made")
    amara.command("propose")
    amara.press("Approve 1 pair")
    chat.advance(days=1)
    return Asked(chat, amara, program, noor, rosalind, tomas)


@pytest.mark.slow
def test_both_read_who_it_is_and_only_two_yes_make_a_pair_with_the_usual_introduction(asked: Asked) -> None:
    asked.noor.sees("A match for you, if you like", "Rosalind Meyer", "nobody is told of it", "Please answer by")
    assert asked.noor.last.labels == ("Yes, introduce us", "Tell me more", "Rather not")
    assert asked.questions(asked.tomas) == []
    asked.noor.press("Yes, introduce us")
    asked.noor.sees("You said yes to Rosalind Meyer", "Next from me: by")
    assert asked.pairs() == []
    asked.rosalind.press("Yes, introduce us")
    asked.rosalind.sees("It is settled", "You and Noor Haddad are a pair", "when I introduce you")
    asked.noor.sees("It is settled", "You and Rosalind Meyer")
    assert asked.pairs() == [(asked.noor.id, asked.rosalind.id)]
    asked.chat.advance(days=3)
    assert asked.questions(asked.noor) == asked.questions(asked.rosalind) == ["asking", "introduction"]
    assert asked.questions(asked.tomas) == ["unmatched"]
    assert any("1 pair has said yes" in one.text for one in asked.amara.messages)


def test_each_reads_the_day_of_the_introduction_as_it_is_where_they_are(asked: Asked) -> None:
    zones = ((asked.noor, "America/Los_Angeles"), (asked.rosalind, "Pacific/Auckland"))
    for person, zone in zones:
        asked.chat.look(lambda store, who=person.id, where=zone: setattr(store.people.get(who), "timezone", where))
    for person, _ in zones:
        person.press("Yes, introduce us")
    [moment] = [one.due_at for one in asked.chat.nudges.values() if one.action.step == "introduce"]
    days = [moment.astimezone(ZoneInfo(zone)).date() for _, zone in zones]
    assert days[0] < days[1]
    for (person, _), day in zip(zones, days, strict=True):
        assert f"Next from me: {day.day} {day:%B}, when I introduce you" in person.messages[-1].text


def test_on_the_day_of_the_question_the_introduction_is_promised_for_the_day_after(asked: Asked) -> None:
    """The budget lets one unasked message a day through, and the question was one."""
    asked.chat.look(lambda store: setattr(store.programs.get(asked.program), "starts_on", MONDAY))
    assert asked.chat.now.date() == date(2026, 3, 3)
    for person in (asked.noor, asked.rosalind):
        person.press("Yes, introduce us")
    asked.rosalind.sees("Next from me: 4 March, when I introduce you.")


def test_tell_me_more_is_a_third_answer_and_leaves_the_question_open(asked: Asked) -> None:
    asked.rosalind.press("Tell me more")
    asked.rosalind.sees("About Noor Haddad", "Knows about: AI in daily work", "How budgets are made", "45 minutes")
    asked.rosalind.press("Yes, introduce us")
    asked.rosalind.sees("Thank you")


def test_a_coordinator_who_is_one_of_the_two_reads_of_everybody_but_themselves(asked: Asked) -> None:
    asked.chat.look(lambda store: store.people.appoint(["noor@larkspur.example"]))

    def read_by(person: ChatPerson) -> list[str]:
        texts = []
        for words in ("program asked", "program forbidden"):
            person.command(words)
            texts.append(person.last.text)
        return texts

    before = read_by(asked.noor)
    assert "A match of your own is not counted here." in before[0]
    asked.rosalind.press("Rather not")
    assert read_by(asked.noor) == before
    with pytest.raises(NotYours):
        asked.chat.press_action(asked.noor, "matching_pairs", "allow_again", forbidden=1)
    assert "Noor Haddad with Rosalind Meyer: not accepted" in read_by(asked.amara)[0]
    asked.amara.sees("Noor Haddad and Rosalind Meyer", "[Allow again]")


@pytest.mark.slow
def test_a_no_is_seen_by_nobody_and_the_next_best_is_asked_like_anybody_else(asked: Asked) -> None:
    asked.noor.press("Yes, introduce us")
    before = asked.noor.last.text
    asked.rosalind.press("Rather not")
    asked.rosalind.sees("That is fine", "Nobody is told")
    assert asked.noor.last.text == before
    asked.amara.command("program asked")
    shown = asked.amara.sees("Noor Haddad with Rosalind Meyer: not accepted")
    assert "declined" not in shown
    assert "said no" not in shown
    asked.chat.advance(days=1)
    asked.tomas.sees("A match for you, if you like", "Noor Haddad")
    asked.noor.sees("A match for you, if you like", "Tomas Lind")
    first = asked.tomas.last.text
    assert not [
        word for word in ("second", "instead", "another", "next") if word in first.split("Please answer")[0].casefold()
    ]
    for one in (asked.noor, asked.tomas):
        one.press("Yes, introduce us", one.messages[-1])
    assert asked.pairs() == [(asked.noor.id, asked.tomas.id)]
    asked.chat.advance(days=3)
    assert asked.questions(asked.rosalind) == ["asking", "unmatched"]


def test_whoever_answers_after_the_other_said_no_reads_what_everybody_reads(asked: Asked) -> None:
    asked.rosalind.press("Rather not")
    asked.noor.press("Yes, introduce us")
    asked.noor.sees("Thank you", "You said yes to Rosalind Meyer")
    assert asked.pairs() == []
    exported = asked.chat.look(lambda store: store.export.about(store.people.get(asked.noor.id)))
    assert "declined" not in str(exported["proposed pairs"])


def test_a_yes_may_be_taken_back_until_it_is_settled(asked: Asked) -> None:
    asked.noor.press("Yes, introduce us")
    asked.noor.press("Rather not, after all")
    asked.noor.sees("That is fine")
    asked.rosalind.press("Yes, introduce us")
    asked.rosalind.sees("Thank you")
    assert asked.pairs() == []


@pytest.mark.slow
def test_no_answer_brings_one_reminder_kind_words_and_a_place_that_stays(asked: Asked) -> None:
    asked.noor.press("Yes, introduce us")
    asked.chat.advance(days=6)
    assert asked.questions(asked.rosalind) == ["asking", "asking_reminder"]
    assert asked.questions(asked.noor) == ["asking"]
    asked.chat.advance(days=3)
    assert asked.questions(asked.rosalind) == ["asking", "asking_reminder", "unmatched"]
    asked.rosalind.sees("You keep your place", "it may have been a full week")
    asked.rosalind.press("Yes, introduce us", asked.rosalind.messages[0])
    asked.rosalind.sees("That question is settled already")
    asked.chat.advance(days=20)
    assert asked.questions(asked.rosalind).count("unmatched") == 1
    row = asked.chat.look(lambda store: store.enrollments.required(store.people.get(asked.rosalind.id), asked.program))
    assert (row.status, row.unmatched_rounds) == ("joined", 1)


def test_two_who_declined_are_not_proposed_to_each_other_again(asked: Asked) -> None:
    asked.rosalind.press("Rather not")
    forbidden = asked.chat.look(lambda store: store.forbidden_pairs.in_program(asked.program))
    assert [(row.mentor_id, row.mentee_id) for row in forbidden] == [(asked.noor.id, asked.rosalind.id)]
    assert forbidden[0].made_by == asked.amara.id


def test_somebody_who_leaves_or_comes_into_a_conflict_meanwhile_is_introduced_to_nobody(asked: Asked) -> None:
    asked.noor.press("Yes, introduce us")
    asked.chat.look(lambda store: setattr(store.people.get(asked.noor.id), "reviewers", ["rosalind@larkspur.example"]))
    asked.rosalind.press("Yes, introduce us")
    asked.rosalind.sees("Thank you")
    assert asked.pairs() == []
    asked.chat.advance(days=1)
    asked.noor.sees("Tomas Lind")


def test_nobody_answers_for_somebody_else_and_a_closed_program_asks_nobody(asked: Asked) -> None:
    with pytest.raises(LookupError):
        asked.chat.press_action(asked.tomas, "asking", "accept", pair=1)
    asked.chat.look(lambda store: setattr(store.programs.get(asked.program), "status", "closed"))
    asked.noor.press("Yes, introduce us")
    asked.noor.sees("settled already")
    asked.chat.advance(days=10)
    assert asked.questions(asked.rosalind) == ["asking"]


def test_without_the_switch_nobody_is_asked(asked: Asked) -> None:
    asked.amara.command("program ask-first")
    asked.amara.press("Introduce without asking")
    asked.amara.sees("introduced without being asked first")
    asked.amara.command("program ask-first")
    asked.amara.sees("introduced without being asked first", "goes on as it began")


@pytest.mark.slow
def test_a_second_matching_waits_until_the_asking_is_over(asked: Asked) -> None:
    assert asked.chat.look(lambda store: store.proposals.is_under_way(asked.program))
    asked.noor.press("Rather not")
    asked.chat.advance(days=10)
    assert not asked.chat.look(lambda store: store.proposals.is_under_way(asked.program))
