"""A coordinator makes a program, opens it, looks at it and closes it."""

import pytest

from conversations.contacts import Place
from conversations.forms import Choices
from storage.subject import NotYours
from tests.support.chat import CHANNEL, Chat, ChatPerson
from tests.support.programs import an_open_program


@pytest.fixture
def noor(chat: Chat) -> ChatPerson:
    return chat.person("noor@larkspur.example", name="Noor Haddad", coordinator=True, department="People")


def create(noor: ChatPerson, **plan: str) -> None:
    noor.command("program create")
    noor.press("Digital fluency")
    noor.submit()
    noor.submit(**plan)


def test_every_template_of_the_content_can_be_chosen_and_is_filled_in(chat: Chat, noor: ChatPerson) -> None:
    noor.command("program create")
    noor.sees("Digital fluency", "blockchain", "belonging", "customer insight", "ways of working", "Sustainability")
    noor.press("Digital fluency")
    assert noor.form is not None
    assert noor.field("name").value == "Digital fluency 2026"
    assert isinstance(themes := noor.field("themes"), Choices)
    assert len(themes.options) in range(8, 11)
    assert len(themes.value) == 4
    assert str(noor.field("questions").value).count("\n") == 2
    noor.submit()
    assert noor.form is not None
    assert noor.field("cadence").value == "14"
    assert noor.field("months").value == "6"
    assert noor.field("minutes").value == "45"
    noor.submit()
    noor.sees("Digital fluency 2026", "45 minutes every two weeks", "6 months", "Sign-up until: 23 March")
    noor.sees("What counts as success", "First questions", "[Open sign-up]")


def test_a_plan_with_dates_or_numbers_that_cannot_be_is_put_right_field_by_field(chat: Chat, noor: ChatPerson) -> None:
    chat.person("ana@larkspur.example", department="Sales")
    noor.command("program create")
    noor.press("Digital fluency")
    noor.submit()
    noor.submit(matching_on="2026-02-01", starts_on="2026-01-01", most_pairs="many", departments="Sale")
    assert set(noor.errors) == {"matching_on", "starts_on", "most_pairs", "departments"}
    assert "Sales" in noor.errors["departments"]
    noor.submit(
        matching_on="2026-03-16",
        starts_on="2026-03-18",
        most_pairs="12",
        departments="sales",
        cadence="28",
        months="3",
        minutes="60",
    )
    noor.sees("For: Sales", "60 minutes every four weeks", "3 months", "at most 12", "Ends: 18 June")


def test_two_programs_cannot_have_one_name(chat: Chat, noor: ChatPerson) -> None:
    create(noor)
    noor.command("program create")
    noor.press("Digital fluency")
    noor.submit(name="digital fluency 2026")
    assert "already" in noor.errors["name"]
    noor.submit(name="Digital fluency, second round", themes=("inclusion",))
    noor.submit()
    noor.sees("Digital fluency, second round", "Inclusion and belonging")


def test_a_program_can_be_adjusted_and_described_anew(chat: Chat, noor: ChatPerson) -> None:
    create(noor)
    noor.command("program adjust")
    noor.submit(months="12", ask_first="yes")
    noor.sees("12 months", "Asked first: both, before a pair is made")
    noor.press("What it is about")
    noor.submit(objective="Everybody can read a dashboard.")
    noor.sees("Everybody can read a dashboard.")


def test_open_in_a_channel_announces_there_with_a_join_button(chat: Chat, noor: ChatPerson) -> None:
    create(noor)
    noor.command("program open", CHANNEL)
    noor.sees("Digital fluency 2026 is open", "I am announcing it", "until 23 March")
    [announcement] = chat.channel
    for words in (
        "Digital fluency 2026: sign-up is open",
        "junior colleague is the mentor",
        "about 90 minutes a month",
        "Sign up until: 23 March",
        "Noor Haddad runs it",
        "stays with the pair",
    ):
        assert words in announcement.text
    ana = chat.person("ana@larkspur.example")
    ana.press("Join")
    assert ana.form is not None


def test_open_in_a_direct_chat_says_where_to_type_it_or_opens_without_announcing(chat: Chat, noor: ChatPerson) -> None:
    create(noor)
    noor.command("program open")
    noor.sees("Where should I announce it?", "/mentor program open Digital fluency 2026")
    noor.press("Open without announcing")
    noor.sees("is open", "Nothing was announced")
    assert chat.channel == []


def test_a_private_channel_invites_the_bot_first(chat: Chat, noor: ChatPerson) -> None:
    create(noor)
    noor.command("program open", Place("web", "larkspur", "board-room", private=True))
    noor.sees("This channel is private", "/invite @Flipside")
    assert chat.channel == []
    noor.press("Announce here")
    assert len(chat.channel) == 1
    noor.command("program open", Place("web", "larkspur", "board-room"))
    noor.sees("announced in that channel already")
    assert len(chat.channel) == 1


def test_an_announcement_that_cannot_be_posted_is_told_to_its_author_who_tries_again(
    chat: Chat, noor: ChatPerson
) -> None:
    create(noor)
    noor.command("program open", CHANNEL)
    notice = chat.channel[0].notice
    assert notice is not None
    assert notice.failed is not None
    chat.channel.clear()
    chat.due(noor, notice.failed)
    noor.sees("The announcement could not be posted", "invite")
    noor.press("Try again")
    assert len(chat.channel) == 1


def test_a_program_whose_matching_day_has_passed_gets_a_new_day_first(chat: Chat, noor: ChatPerson) -> None:
    create(noor)
    chat.advance(days=40)
    noor.command("program open", CHANNEL)
    noor.sees("The day of the matching has passed")
    noor.press("Rhythm and dates")
    assert noor.form is not None
    assert "matching_on" in [one.key for one in noor.form.fields]


def test_closing_asks_first_thanks_everybody_and_changes_the_announcement(chat: Chat, noor: ChatPerson) -> None:
    create(noor)
    noor.command("program open", CHANNEL)
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
    ana.press("Join")
    ana.submit(role="mentor", themes=("digital_tools",))
    ana.submit(capacity="1", agreement=("agreed",))
    noor.command("program close")
    noor.sees("Close Digital fluency 2026?", "People: 1")
    noor.press("Keep it")
    noor.sees("goes on as before")
    noor.command("program close")
    noor.press("Close the program")
    noor.sees("is closed", "thank everybody")
    chat.press_action(noor, "opening", "closed", program=1)
    noor.sees("It is closed, and everybody was thanked")
    assert "sign-up has ended" in chat.channel[0].text
    assert chat.channel[0].labels == ()
    chat.advance(hours=1)
    ana.sees("has ended", "Thank you, Ana", "no match for you this time")
    ana.command("join")
    ana.sees("Nothing is open right now")
    assert sum("has ended" in message.text for message in ana.messages) == 1


@pytest.mark.slow
def test_sixty_people_are_thanked_in_batches_each_once(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor)
    people = [chat.person(f"p{number}@larkspur.example") for number in range(60)]
    chat.join_all(program, people)
    noor.command("program close")
    noor.press("Close the program")
    chat.advance(hours=1)
    assert [len(one.messages) for one in people] == [1] * 60


def test_status_and_list_show_how_a_program_is_doing(chat: Chat, noor: ChatPerson) -> None:
    noor.command("program status")
    noor.sees("No program yet", "Create one first")
    noor.command("program list")
    noor.sees("No programs yet")
    program = an_open_program(chat, noor)
    ana, bo = chat.person("ana@larkspur.example", name="Ana Ruiz"), chat.person("bo@larkspur.example")
    away = chat.person("away@larkspur.example", name="Cleo Away", account=False)
    chat.join_all(program, [ana, bo, away])
    noor.command("program status")
    noor.sees("open for sign-up until 23 March", "3 signed up", "Pairs: none yet", "Sessions held: 0")
    noor.sees("I cannot reach 1 person", "Cleo Away")
    noor.command("programs")
    noor.sees("Digital fluency 2026: Open for sign-up until 23 March, 3 people")


def test_with_many_programs_the_oldest_is_some_pages_on(chat: Chat, noor: ChatPerson) -> None:
    for number in range(1, 31):
        an_open_program(chat, noor, name=f"Program {number:02}")
    noor.command("programs")
    noor.sees("Page 1 of 3", "Program 30: Open for sign-up until 23 March", "Program 21")
    assert "Program 20" not in noor.last.text
    before = len(noor.messages)
    noor.press("Next page")
    noor.press("Next page")
    noor.sees("Page 3 of 3", "Program 01", "[Create a program]")
    noor.press("Previous page")
    noor.press("Previous page")
    noor.sees("Page 1 of 3", "Program 30")
    assert len(noor.messages) == before


def test_who_signed_up_is_counted_by_role_and_theme_and_paged(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor)
    noor.command("program who")
    noor.sees("Nobody has signed up")
    people = [chat.person(f"p{number:02}@larkspur.example", name=f"Person {number:02}") for number in range(45)]
    chat.join_all(program, people, offers=["digital_tools"])
    noor.command("program who")
    noor.sees("Mentors: 45 joined", "Digital tools for everyday work: 45 teach, 0 want to learn", "Person 00: mentor")
    assert "Person 20" not in noor.last.text
    noor.press("More names (1 of 3)")
    noor.sees("Person 20")
    noor.press("More names (2 of 3)")
    noor.sees("Person 44")
    noor.press("Earlier names")
    noor.sees("Person 20")


def test_details_to_check_can_be_confirmed_one_after_the_other_in_the_list(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor)
    people = [chat.person(f"p{number}@larkspur.example", name=f"Person {number}") for number in range(3)]
    chat.join_all(program, people, confirmed=False)
    noor.command("program who")
    noor.sees("Please check 3 people", "Person 0: mentor, joined, details to check")
    noor.press("Confirm")
    noor.sees("Please check 2 people")
    noor.press("Confirm")
    noor.press("Confirm")
    assert "Please check" not in noor.last.text


def test_with_several_programs_a_command_asks_which_or_takes_the_name(chat: Chat, noor: ChatPerson) -> None:
    an_open_program(chat, noor)
    an_open_program(chat, noor, name="Inclusion 2026")
    noor.command("program status")
    noor.sees("Which program?")
    noor.press("Inclusion 2026")
    noor.sees("Inclusion 2026", "open for sign-up")
    noor.command("program status digital")
    noor.sees("Digital fluency 2026", "open for sign-up")


def test_an_id_that_was_made_up_reaches_nothing_and_others_may_not(chat: Chat, noor: ChatPerson) -> None:
    an_open_program(chat, noor)
    ana = chat.person("ana@larkspur.example")
    with pytest.raises(NotYours):
        ana.command("program create")
    with pytest.raises(NotYours):
        chat.press_action(noor, "status", "show", program=99)


def test_two_people_of_one_name_are_told_apart(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor)
    twins = [chat.person(f"{user}@larkspur.example", name="Bo Berg") for user in ("bo", "bo.2")]
    chat.join_all(program, [*twins, chat.person("ana@larkspur.example", name="Ana Ruiz")])
    noor.command("program who")
    noor.sees("Bo Berg (bo@larkspur.example): mentor", "Bo Berg (bo.2@larkspur.example): mentor", "Ana Ruiz: mentor")


def test_people_and_dates_are_asked_for_and_shown_in_the_plan(chat: Chat, noor: ChatPerson) -> None:
    chat.person("ingrid@larkspur.example", name="Ingrid Solheim")
    create(noor)
    noor.sees("Still missing: a confidential contact, a sponsor and a page about it", "[People and dates]")
    noor.press("People and dates")
    noor.submit(
        sponsor="ingrid@larkspur.example",
        contact_name="Ida Moss",
        contact_reach="ida.moss@larkspur.example",
        page_url="https://intranet.larkspur.example/mentoring",
        quiet_dates="2026-12-21 to 2027-01-03\n2026-08-14",
    )
    noor.sees("Sponsor: Ingrid Solheim", "Confidential contact: Ida Moss, ida.moss@larkspur.example")
    text = noor.sees("Quiet dates: 14 August, 21 December to 3 January 2027")
    assert "Still missing" not in text
    noor.press("People and dates")
    assert noor.field("quiet_dates").value == "2026-08-14\n2026-12-21 to 2027-01-03"


@pytest.mark.parametrize(
    ("key", "typed", "fault"),
    [
        ("quiet_dates", "over Christmas", "Please write 2026-12-21 to 2027-01-03"),
        ("quiet_dates", "2026-02-30", "I cannot read"),
        ("quiet_dates", "2026-12-21 to 2026-12-01", "ends before it begins"),
        ("quiet_dates", "2025-12-21 to 2026-01-03", "has passed already"),
        ("quiet_dates", "2026-05-01 to 2026-09-01", "program hold"),
        ("page_url", "http://intranet.larkspur.example", "https://"),
        ("page_url", "https://", "https://"),
        ("page_url", "https://larkspur.example@evil.example", "https://"),
        ("page_url", "https://[", "https://"),
        ("contact_name", "Ida Moss", "How do people reach Ida Moss?"),
        ("contact_reach", "+44 20 7946 0000", "A name, please"),
        ("sponsor", "ingrid", "work e-mail"),
    ],
)
def test_people_and_dates_that_cannot_be_are_put_right(
    chat: Chat, noor: ChatPerson, key: str, typed: str, fault: str
) -> None:
    create(noor)
    noor.press("People and dates")
    noor.submit({key: typed})
    assert any(fault in one for one in noor.errors.values()), noor.errors


def test_quiet_dates_that_have_passed_since_they_were_saved_stay_without_a_word(chat: Chat, noor: ChatPerson) -> None:
    create(noor)
    noor.press("People and dates")
    noor.submit(quiet_dates="2026-03-05")
    chat.advance(days=10)
    noor.command("program people and dates")
    noor.submit(contact_name="Ida Moss", contact_reach="+44 20 7946 0000")
    noor.sees("Quiet dates: 5 March")


def test_quiet_dates_hold_for_everybody_in_any_of_their_programs(chat: Chat, noor: ChatPerson) -> None:
    first, second = an_open_program(chat, noor), an_open_program(chat, noor, name="Inclusion 2026")
    ana, bo = chat.person("ana@larkspur.example"), chat.person("bo@larkspur.example")
    chat.join_all(first, [ana, bo])
    chat.join_all(second, [ana])
    for program, dates in ((first, "2026-12-21 to 2027-01-03"), (second, "2026-08-14")):
        chat.press_action(noor, "program", "people", program=program)
        noor.submit(quiet_dates=dates)
    assert ana.row.quiet_dates == [["2026-08-14", "2026-08-14"], ["2026-12-21", "2027-01-03"]]
    assert bo.row.quiet_dates == [["2026-12-21", "2027-01-03"]]
    late = chat.person("late@larkspur.example")
    late.command("join digital")
    late.submit(role="mentor", themes=("digital_tools",))
    late.submit(capacity="1", agreement=("agreed",))
    assert late.row.quiet_dates == [["2026-12-21", "2027-01-03"]]
    chat.press_action(noor, "opening", "closed", program=first)
    assert [ana.row.quiet_dates, bo.row.quiet_dates] == [[["2026-08-14", "2026-08-14"]], []]
