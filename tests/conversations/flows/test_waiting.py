"""Invitations, and what people hear between signing up and the pairs."""

from datetime import date

import pytest

from storage.store import Store
from storage.tables import Enrollment, Proposal
from tests.support.chat import CHANNEL, Chat, ChatPerson
from tests.support.programs import an_open_program


@pytest.fixture
def noor(chat: Chat) -> ChatPerson:
    return chat.person("noor@larkspur.example", name="Noor Haddad", coordinator=True)


@pytest.fixture
def program(chat: Chat, noor: ChatPerson) -> int:
    return an_open_program(chat, noor)


def test_an_invitation_comes_in_working_hours_and_join_opens_the_prefilled_form(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz", timezone="Asia/Tokyo")

    def invite(store: Store) -> None:
        store.enrollments.add(
            Enrollment(
                program_id=program,
                person_id=ana.id,
                role="mentor",
                offers=["Social media and digital marketing", "podcasts"],
                capacity=2,
                created_at=chat.now,
            )
        )

    chat.look(invite)
    chat.advance(hours=3)
    assert ana.messages == []
    chat.advance(days=1)
    ana.sees("An invitation, Ana", "Noor Haddad", "as a mentor", "Answer by: 23 March", "Saying no is fine")
    ana.press("Join")
    assert ana.field("role").value == "mentor"
    assert ana.field("themes").value == ("social_media",)
    assert ana.field("own_words").value == "podcasts"
    ana.submit()
    assert ana.field("capacity").value == "2"
    ana.submit({"agreement": ("agreed",)})
    ana.sees("You are in, Ana")
    chat.advance(days=2)
    assert len(ana.messages) == 2


def test_an_invitation_can_be_declined_and_nobody_is_matched_without_joining(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana = chat.person("ana@larkspur.example")
    chat.look(
        lambda store: store.enrollments.add(
            Enrollment(program_id=program, person_id=ana.id, role="mentee", created_at=chat.now)
        )
    )
    chat.advance(hours=1)
    ana.press("Not for me")
    ana.sees("That is fine")
    assert chat.look(lambda store: store.enrollments.required(store.people.get(ana.id), program).status) == "declined"


def test_an_invitation_waits_until_the_program_opens(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor, status="draft")
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana], status="invited", agreed_at=None)
    chat.advance(days=2)
    assert ana.messages == []
    noor.command("program open", CHANNEL)
    chat.advance(hours=1)
    ana.sees("An invitation")


@pytest.mark.slow
def test_who_did_not_answer_is_reminded_once_on_the_working_day_before_the_matching(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana, bo = chat.person("ana@larkspur.example"), chat.person("bo@larkspur.example")
    chat.join_all(program, [ana, bo], status="invited", agreed_at=None)
    chat.advance(hours=1)
    bo.press("Not for me")
    chat.advance(days=17)
    assert len(ana.messages) == 1
    chat.advance(days=2)
    ana.sees("Still time to join", "Pairs for Digital fluency 2026 are made on 23 March")
    chat.advance(days=10)
    assert [len(ana.messages), len(bo.messages)] == [2, 1]


def test_whoever_was_invited_only_yesterday_is_not_reminded(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor, matching_on=date(2026, 3, 5))
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana], status="invited", agreed_at=None)
    chat.advance(days=10)
    assert len(ana.messages) == 1


def test_the_coordinator_hears_on_the_day_of_the_matching(chat: Chat, noor: ChatPerson, program: int) -> None:
    chat.join_all(program, [chat.person("ana@larkspur.example")])
    chat.join_all(program, [chat.person("mei@larkspur.example")], role="mentee", confirmed=False)
    chat.advance(days=20)
    assert not [message for message in noor.messages if "Today is the matching" in message.text]
    chat.advance(days=2)
    [told] = [message for message in noor.messages if "Today is the matching" in message.text]
    for words in (
        "Digital fluency 2026",
        "1 mentor and 1 mentee have joined",
        "1 person still wait",
        "[Propose pairs]",
    ):
        assert words in told.text


def test_with_one_side_only_the_day_offers_another_day_and_no_matching(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    chat.join_all(program, [chat.person("ana@larkspur.example")])
    chat.advance(days=22)
    noor.sees("1 mentor and 0 mentees have joined", "nobody can be matched yet")
    assert noor.last.labels == ("Rhythm and dates", "Invite people", "Who signed up")


def test_a_second_matching_in_a_running_program_has_its_day_too(chat: Chat, noor: ChatPerson, program: int) -> None:
    chat.join_all(program, [chat.person("ana@larkspur.example")])

    def runs(store: Store) -> None:
        store.programs.get(program).status = "running"
        first = {"total": 0.0, "unmatched": [], "made_by": noor.id, "made_at": chat.now}
        store.proposals.add(Proposal(program_id=program, status="approved", **first), [])

    chat.look(runs)
    chat.advance(days=22)
    assert [one for one in noor.messages if "Today is the matching" in one.text]


@pytest.mark.slow
def test_nobody_waits_past_the_promised_day_without_a_word(chat: Chat, noor: ChatPerson, program: int) -> None:
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana])
    chat.advance(days=24)
    assert ana.messages == []
    chat.advance(days=1)
    ana.sees("takes longer than planned", "Your place is safe", "Next from me: as soon as the pairs are made")
    chat.advance(days=20)
    assert len(ana.messages) == 1


@pytest.mark.slow
def test_new_dates_are_told_to_everybody_who_joined(chat: Chat, noor: ChatPerson, program: int) -> None:
    people = [chat.person(f"p{number}@larkspur.example") for number in range(55)]
    chat.join_all(program, people)
    noor.command("program adjust")
    noor.submit(matching_on="2026-04-01", starts_on="2026-04-07")
    chat.advance(hours=1)
    assert [len(one.messages) for one in people] == [1] * 55
    people[0].sees("New dates for Digital fluency 2026", "Pairs are now made on 1 April", "Next from me: 7 April")
    noor.command("program adjust")
    noor.submit(minutes="60")
    chat.advance(days=20)
    assert [len(one.messages) for one in people] == [1] * 55


@pytest.mark.slow
def test_several_moves_in_a_row_are_one_message_and_the_last_word_is_told(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana])
    for day in ("2026-04-01", "2026-04-02", "2026-04-03"):
        noor.command("program adjust")
        noor.submit(matching_on=day, starts_on="2026-04-07")
        chat.advance(minutes=5)
    chat.advance(hours=1)
    assert [message.text.count("3 April") for message in ana.messages] == [1]
    noor.command("program adjust")
    noor.submit(matching_on="2026-04-10", starts_on="2026-04-14")
    chat.advance(hours=2)
    assert len(ana.messages) == 1
    chat.advance(days=1)
    ana.sees("Pairs are now made on 10 April", "Next from me: 14 April")
    assert len(ana.messages) == 2


def test_late_sign_ups_read_the_new_dates_in_their_receipt(chat: Chat, noor: ChatPerson, program: int) -> None:
    noor.command("program adjust")
    noor.submit(matching_on="2026-04-01", starts_on="2026-04-07")
    chat.advance(days=1)
    ana = chat.person("ana@larkspur.example")
    ana.command("join")
    ana.submit(role="mentor", themes=("digital_tools",))
    ana.submit(capacity="1", agreement=("agreed",))
    ana.sees("Pairs are made on 1 April", "Next from me: 7 April")
    chat.advance(days=2)
    assert len(ana.messages) == 1
