"""A coordinator invites people: by list, from the roster, and what becomes of it."""

from datetime import date

import pytest

from storage.store import Store
from storage.tables import Enrollment, Person
from tests.support.chat import Chat, ChatPerson
from tests.support.programs import an_open_program


@pytest.fixture
def noor(chat: Chat) -> ChatPerson:
    return chat.person("noor@larkspur.example", name="Noor Haddad", coordinator=True)


@pytest.fixture
def program(chat: Chat, noor: ChatPerson) -> int:
    return an_open_program(chat, noor)


def statuses(chat: Chat, program: int) -> dict[str, str]:
    def read(store: Store) -> dict[str, str]:
        return {person.email or "": one.status for one, person in store.enrollments.in_program(program)}

    found: dict[str, str] = chat.look(read)
    return found


def on_roster(chat: Chat, number: int) -> list[str]:
    """Colleagues who have never written to the bot."""
    emails = [f"colleague{index:03}@larkspur.example" for index in range(number)]

    def add(store: Store) -> None:
        for email in emails:
            store.people.add(Person(name=email[:12].title(), email=email, source="roster", created_at=chat.now))

    chat.look(add)
    return emails


def test_a_pasted_list_is_shown_before_anything_is_sent_and_then_everybody_is_asked(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana, bo = chat.person("ana@larkspur.example", name="Ana Ruiz"), chat.person("bo@larkspur.example")
    noor.command("program invite")
    noor.press("By e-mail")
    noor.submit(emails="Ana Ruiz <ana@larkspur.example>\nBO@larkspur.example, nobody@larkspur.example", role="mentee")
    noor.sees("Invite 2 people to Digital fluency 2026?", "Ana Ruiz", "Answer by: 23 March")
    noor.sees("Line 2: nobody@larkspur.example is not on the roster")
    chat.advance(days=1)
    assert ana.messages == []
    noor.press("Invite 2 people")
    noor.sees("2 people are on the list", "can answer until 23 March")
    chat.advance(hours=1)
    ana.sees("An invitation, Ana", "Noor Haddad invites you", "as a mentee", "Answer by: 23 March", "[Not for me]")
    assert len(bo.messages) == 1
    ana.press("Join")
    assert ana.field("role").value == "mentee"


@pytest.mark.slow
def test_a_list_of_400_with_3_unknown_is_taken_as_a_message_and_invited_in_batches(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    emails = on_roster(chat, 397)
    strange = [f"stranger{number}@elsewhere.example" for number in range(3)]
    noor.say("program invite " + "\n".join([*emails[:200], *strange, *emails[200:]]))
    noor.sees("400 entries for Digital fluency 2026", "Nothing is sent yet")
    noor.press("Role and date")
    noor.submit(role="mentor", reply_by="2026-03-20")
    noor.sees("Invite 397 people", "and 387 more", *(f"{one} is not on the roster" for one in strange))
    noor.press("Invite 397 people")
    noor.sees("397 people are on the list")
    assert len(statuses(chat, program)) == 50
    chat.advance(minutes=1)
    assert len(statuses(chat, program)) == 397


def test_pressing_twice_invites_nobody_twice(chat: Chat, noor: ChatPerson, program: int) -> None:
    chat.person("ana@larkspur.example")
    noor.command("invite ana@larkspur.example")
    noor.press("Role and date")
    noor.submit(role="mentor")
    pressed = noor.last.button("Invite 1 person")
    assert pressed is not None
    noor.press("Invite 1 person")
    chat.press_action(noor, "invite", "send", **pressed.action.args)
    noor.sees("That list is settled")
    assert statuses(chat, program) == {"ana@larkspur.example": "invited"}


def test_a_wish_about_the_roster_names_ten_and_counts_them_all(chat: Chat, noor: ChatPerson, program: int) -> None:
    for number in range(12):
        chat.person(f"lead{number:02}@larkspur.example", department="Operations", level=5, location="Leeds")
    chat.person("young@larkspur.example", department="Operations", level=1, location="Leeds")
    noor.command("program invite")
    noor.press("From the roster")
    noor.submit(departments="operations", least="4", location="leeds", role="mentee")
    noor.sees("Invite 12 people", "Lead00", "and 2 more")
    assert "Young" not in noor.last.text
    noor.press("Invite 12 people")
    chat.advance(minutes=1)
    assert len(statuses(chat, program)) == 12


def test_a_wish_that_nobody_fits_or_that_cannot_be_is_said_where_it_was_typed(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    noor.command("program invite")
    noor.press("From the roster")
    noor.submit(departments="Sails", least="9", most="3", role="mentee")
    assert "Perhaps Sales?" in noor.errors["departments"]
    assert "Please swap the two" in noor.errors["most"]
    noor.submit(departments="Sales", least="high", most="")
    assert "whole number" in noor.errors["least"]
    noor.submit(least="900")
    noor.sees("Nobody to invite", "Nothing was sent")


def test_a_date_in_the_past_or_after_the_matching_is_refused(chat: Chat, noor: ChatPerson, program: int) -> None:
    chat.person("ana@larkspur.example")
    noor.command("program invite")
    noor.press("By e-mail")
    noor.submit(emails="ana@larkspur.example", role="mentor", reply_by="2026-02-27")
    assert noor.errors["reply_by"] == "Please pick 2 March 2026 or later."
    noor.submit(reply_by="2026-04-01")
    assert noor.errors["reply_by"] == "Please pick 23 March 2026 or earlier."
    noor.submit(reply_by="2026-03-12", emails="no list at all")
    assert "I see no e-mail in it" in noor.errors["emails"]


def test_everybody_who_cannot_be_asked_is_named_with_the_reason(chat: Chat, noor: ChatPerson, program: int) -> None:
    joined, declined = chat.person("joined@larkspur.example"), chat.person("declined@larkspur.example")
    chat.join_all(program, [joined])
    chat.join_all(program, [declined], status="declined", agreed_at=None)
    chat.person("gone@larkspur.example", gone_since=chat.now)
    chat.person("guest@larkspur.example", source="platform", account=False)
    chat.person("offline@larkspur.example", account=False)
    noor.command("program invite")
    noor.press("By e-mail")
    listed = "joined declined gone guest offline".split()
    noor.submit(emails="\n".join(f"{one}@larkspur.example" for one in listed), role="mentor")
    noor.sees("Invite 1 person", "Joined has joined already", "Declined said no, and is not asked again")
    noor.sees("Line 3: gone@larkspur.example has left the company", "guest@larkspur.example is not on the roster")
    noor.sees("their invitation waits until they write to me\n• Offline")
    noor.press("Invite 1 person")
    assert statuses(chat, program)["declined@larkspur.example"] == "declined"


def test_with_two_programs_the_list_waits_for_the_answer_which_one(chat: Chat, noor: ChatPerson, program: int) -> None:
    other = an_open_program(chat, noor, name="Sustainability 2026")
    chat.person("ana@larkspur.example")
    noor.say("program invite ana@larkspur.example")
    noor.sees("Which program?")
    noor.press("Sustainability 2026")
    noor.press("Role and date")
    noor.submit(role="mentor")
    noor.press("Invite 1 person")
    assert [statuses(chat, program), list(statuses(chat, other))] == [{}, ["ana@larkspur.example"]]


def test_an_invitation_names_the_sponsor_and_a_page_and_is_reminded_of_on_its_own_day(
    chat: Chat, noor: ChatPerson
) -> None:
    page = "https://intranet.larkspur.example/mentoring"
    an_open_program(chat, noor, sponsor_email="rosalind@larkspur.example", page_url=page)
    chat.person("rosalind@larkspur.example", name="Rosalind Achterberg")
    chat.person("amara@larkspur.example", name="Amara Okafor", coordinator=True)
    ana = chat.person("ana@larkspur.example")
    noor.command("invite ana@larkspur.example")
    noor.press("Role and date")
    noor.submit(role="mentor", reply_by="2026-03-12")
    noor.press("Invite 1 person")
    chat.advance(hours=1)
    ana.sees("Rosalind Achterberg stands behind it", "ask Noor Haddad or Amara Okafor")
    ana.sees("About 90 minutes a month", "Answer by: 12 March", "[The page about it] [Ask Noor]")
    chat.advance(days=10)
    ana.sees("Still time to join", "can answer until 12 March")
    chat.advance(days=20)
    assert len(ana.messages) == 2


def test_nobody_is_asked_while_the_program_is_on_hold_or_once_it_has_ended(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor, held_since=chat.now)
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana], status="invited", agreed_at=None)
    chat.advance(days=3)
    assert ana.messages == []

    def end(store: Store) -> None:
        found = store.programs.get(program)
        found.held_since, found.status = None, "closed"

    chat.look(end)
    chat.advance(days=3)
    assert ana.messages == []
    chat.press_action(noor, "invite", "start", program=program)
    noor.sees("has ended", "Nobody can be invited")


def test_a_declined_invitation_pressed_three_weeks_later_opens_the_form_or_says_kindly_that_it_is_over(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana], status="invited", agreed_at=None, invited_by=noor.id)
    chat.advance(hours=1)
    ana.press("Not for me")
    ana.sees("That is fine")
    chat.advance(days=14)
    ana.press("Join after all")
    assert ana.form is not None
    ana.submit(themes=("digital_tools",))
    ana.submit(capacity="1", agreement=("agreed",))
    ana.sees("You are in")
    assert statuses(chat, program) == {"ana@larkspur.example": "joined"}
    chat.look(lambda store: setattr(store.programs.get(program), "status", "closed"))
    chat.press_action(ana, "sign_up", "start", program=program)
    ana.sees("This program has ended", "Thank you for your interest")


def test_a_forwarded_invitation_begins_the_reader_s_own_sign_up(chat: Chat, noor: ChatPerson, program: int) -> None:
    ana, bo = chat.person("ana@larkspur.example"), chat.person("bo@larkspur.example")
    chat.join_all(program, [ana], status="invited", role="mentee", agreed_at=None)
    chat.advance(hours=1)
    bo.press("Join", ana.messages[0])
    bo.submit(role="mentor", themes=("digital_tools",))
    bo.submit(capacity="1", agreement=("agreed",))
    assert statuses(chat, program) == {"ana@larkspur.example": "invited", "bo@larkspur.example": "joined"}


def test_somebody_in_one_program_can_be_invited_to_another(chat: Chat, noor: ChatPerson, program: int) -> None:
    other = an_open_program(chat, noor, name="Sustainability 2026")
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana])
    chat.join_all(other, [ana], status="invited", role="mentee", agreed_at=None)
    chat.advance(hours=1)
    ana.sees("An invitation", "Sustainability 2026")
    home = ana.open_home()
    assert "You are invited. Answer by 23 March." in home
    assert "You are in. Pairs are made on 23 March" in home
    ana.press("Not for me", ana.messages[0])
    assert "Sustainability" not in ana.open_home()
    assert statuses(chat, program) == {"ana@larkspur.example": "joined"}


def test_coordinators_see_the_replies_by_name(chat: Chat, noor: ChatPerson, program: int) -> None:
    for status in ("joined", "declined", "invited", "nominated"):
        agreed = chat.now if status == "joined" else None
        person = chat.person(f"{status}@larkspur.example")
        chat.join_all(program, [person], status=status, agreed_at=agreed, invited_by=noor.id)
    noor.command("program who")
    noor.sees("Invitations: 4 sent, 1 joined, 1 said no, 2 open", "Declined: mentor, said no")
    noor.sees("Nominated: mentor, named by a colleague (no answer yet)")


def test_only_coordinators_invite(chat: Chat, program: int) -> None:
    ana = chat.person("ana@larkspur.example")
    with pytest.raises(LookupError):
        ana.command("program invite")


def test_whoever_is_invited_to_a_program_with_quiet_dates_has_them(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor, quiet_dates=[["2026-03-02", "2026-03-04"]])
    ana = chat.person("ana@larkspur.example")
    noor.command("invite ana@larkspur.example")
    noor.press("Role and date")
    noor.submit(role="mentor")
    noor.press("Invite 1 person")
    chat.advance(days=2)
    assert ana.messages == []
    chat.advance(days=1)
    ana.sees("An invitation")
    assert chat.look(lambda store: store.enrollments.required(store.people.get(ana.id), program).reply_by) == date(
        2026, 3, 23
    )
    assert isinstance(chat.look(lambda store: store.enrollments.of(store.people.get(ana.id), program)), Enrollment)
