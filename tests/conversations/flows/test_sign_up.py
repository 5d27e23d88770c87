"""Signing up, as the people who do it see it."""

from datetime import date, timedelta

import pytest

from conversations.actions import Action
from conversations.events import Submitted
from conversations.forms import Choices, PersonPick, Typed
from conversations.sign_up_cards import details_mark
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Enrollment
from tests.support.chat import CHANNEL, Chat, ChatPerson
from tests.support.programs import an_open_program

FIRST: dict[str, Typed] = {"role": "mentor", "themes": ("social_media", "digital_tools")}
SECOND: dict[str, Typed] = {"capacity": "2", "agreement": ("agreed",)}


@pytest.fixture
def noor(chat: Chat) -> ChatPerson:
    return chat.person("noor@larkspur.example", name="Noor Haddad", coordinator=True)


@pytest.fixture
def program(chat: Chat, noor: ChatPerson) -> int:
    return an_open_program(chat, noor)


@pytest.fixture
def ana(chat: Chat, program: int) -> ChatPerson:
    return chat.person("ana@larkspur.example", name="Ana Ruiz", location="Madrid")


def enrollment(chat: Chat, person: ChatPerson, program: int) -> Enrollment:
    def read(store: Store) -> Enrollment:
        return store.enrollments.required(store.people.get(person.id), program)

    found: Enrollment = chat.look(read)
    return found


def sign_up(person: ChatPerson, **answers: Typed) -> None:
    """Both screens, with nothing but the required answers."""
    values = {**FIRST, **SECOND, **answers}
    person.command("join")
    assert person.form is not None
    keys = {one.key for one in person.form.fields}
    person.submit({key: value for key, value in values.items() if key in keys})
    assert person.form is not None, person.errors
    keys = {one.key for one in person.form.fields}
    person.submit({key: value for key, value in values.items() if key in keys})


def test_two_screens_with_at_most_six_required_answers_lead_to_a_receipt_with_the_matching_date(
    ana: ChatPerson,
) -> None:
    ana.command("join")
    assert ana.form is not None
    assert "Ana Ruiz, Sales" in ana.form.intro
    required = [one.key for one in ana.form.fields if one.required]
    ana.submit(FIRST)
    assert ana.form is not None
    required += [one.key for one in ana.form.fields if one.required]
    assert len(required) <= 6, required
    ana.submit(SECOND)
    ana.sees("You are in, Ana", "Mentor, sharing what you know", "Social media and digital marketing")
    ana.sees("You teach: up to 2 colleagues", "Pairs are made on 23 March", "Next from me: 26 March")


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_every_question_says_who_sees_the_answer(ana: ChatPerson, role: str) -> None:
    ana.command("join")
    assert ana.form is not None
    hints = {one.key: one.hint for one in ana.form.fields}
    ana.submit(FIRST | {"role": role})
    assert ana.form is not None
    hints |= {one.key: one.hint for one in ana.form.fields}
    for key, hint in hints.items():
        assert any(word in hint for word in ("see", "Nobody", "nobody")), key


def test_own_words_are_promised_to_everybody_who_reads_them(ana: ChatPerson, noor: ChatPerson) -> None:
    """They stand among the themes that coordinators see counted."""
    sign_up(ana, themes=(), own_words="podcasts")
    noor.command("program who")
    noor.sees("podcasts: 1 teaches")
    ana.command("join")
    ana.press("Edit my answers")
    assert "Your match and the coordinators see this." in ana.field("own_words").hint


def test_only_the_mentor_is_asked_how_many_and_the_mentee_how_long(ana: ChatPerson) -> None:
    ana.command("join")
    ana.submit(FIRST | {"role": "mentee"})
    assert ana.form is not None
    keys = [one.key for one in ana.form.fields]
    assert "hours_a_month" in keys
    assert "capacity" not in keys
    assert "want_back" not in keys
    ana.submit({"hours_a_month": "2", "agreement": ("agreed",)})
    ana.sees("Mentee, learning from a junior colleague", "2 hours a month")


def test_what_is_missing_or_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(ana: ChatPerson) -> None:
    ana.command("join")
    ana.submit({"role": "mentor"})
    assert "Pick at least one theme" in ana.errors["themes"]
    ana.submit({"own_words": "short videos"})
    ana.submit({"work_start": "17:00", "work_end": "09:00", "goals": "Understand how decisions are made"})
    assert set(ana.errors) == {"work_end", "capacity", "agreement"}
    assert ana.field("goals").value == "Understand how decisions are made"
    ana.submit({**SECOND, "work_start": "08:00", "work_end": "16:00", "avoid": "ana@larkspur.example"})
    assert ana.errors == {"avoid": "That is you."}
    ana.submit({"avoid": ""})
    ana.sees("short videos", "08:00 to 16:00")


def test_a_form_closed_halfway_reopens_at_the_last_submitted_screen_with_its_answers(ana: ChatPerson) -> None:
    ana.command("join")
    ana.submit(FIRST | {"own_words": "podcasts"})
    ana.command("join")
    assert ana.form is not None
    assert ana.form.title == "Join: 1 of 2"
    assert ana.field("own_words").value == "podcasts"
    assert isinstance(themes := ana.field("themes"), Choices)
    assert set(themes.value) == {"social_media", "digital_tools"}
    ana.submit()
    ana.submit({"capacity": "3", "goals": "See how a board works"})
    assert "agreement" in ana.errors
    ana.command("join")
    assert ana.form.title == "Join: 2 of 2"
    assert ana.field("goals").value == "See how a board works"
    assert ana.field("capacity").value == "3"


def test_answers_can_be_edited_until_there_is_a_match_and_hours_afterwards(
    chat: Chat, ana: ChatPerson, program: int
) -> None:
    sign_up(ana)
    ana.press("Edit my answers")
    assert ana.field("role").value == "mentor"
    ana.submit({"role": "mentee"})
    ana.submit({"hours_a_month": "1"})
    ana.sees("Mentee, learning")
    assert set(enrollment(chat, ana, program).wants) == {"digital_tools", "social_media"}

    def match(store: Store) -> None:
        store.enrollments.required(store.people.get(ana.id), program).status = "matched"

    chat.look(match)
    ana.command("edit")
    assert ana.form is not None
    assert [one.key for one in ana.form.fields] == ["work_start", "work_end", "interests", "languages"]
    ana.submit({"work_start": "10:00", "work_end": "09:00"})
    assert "work_end" in ana.errors
    ana.submit({"work_end": "15:00", "interests": "climbing, chess"})
    ana.sees("Your hours are 10:00 to 15:00 now")
    assert enrollment(chat, ana, program).interests == ["climbing", "chess"]


def test_the_agreement_is_kept_with_its_version_and_own_words_stand_beside_the_themes(
    chat: Chat, ana: ChatPerson, program: int
) -> None:
    sign_up(ana, own_words="prompt writing, podcasts", avoid="bo@larkspur.example", interests="chess")
    kept = enrollment(chat, ana, program)
    assert (kept.status, kept.agreement_version, kept.confirmed) == ("joined", "1", True)
    assert kept.agreed_at == chat.now
    assert set(kept.offers) == {"social_media", "digital_tools", "prompt writing", "podcasts"}
    assert kept.avoid == ["bo@larkspur.example"]


def test_joining_again_shows_the_receipt_and_no_second_enrollment(chat: Chat, ana: ChatPerson) -> None:
    sign_up(ana)
    ana.command("join")
    ana.sees("You are in, Ana")
    assert ana.form is None


def test_a_second_click_on_join_changes_nothing(chat: Chat, ana: ChatPerson, program: int) -> None:
    ana.command("join")
    ana.submit(FIRST)
    form = ana.form
    ana.submit(SECOND)
    ana.form = form
    ana.submit(SECOND)
    ana.sees("You are in, Ana")


def test_with_several_programs_open_one_chooses(chat: Chat, noor: ChatPerson, ana: ChatPerson) -> None:
    an_open_program(chat, noor, name="Inclusion 2026")
    ana.command("join")
    ana.sees("Which program would you like to join?")
    ana.press("Inclusion 2026")
    assert ana.form is not None
    assert ana.form.intro.startswith("Inclusion 2026")
    ana.command("join digital fluency")
    assert ana.form.intro.startswith("Digital fluency 2026")


def test_a_program_for_other_departments_says_so_kindly(chat: Chat, noor: ChatPerson) -> None:
    an_open_program(chat, noor, departments=["Finance", "Legal"])
    ben = chat.person("ben@larkspur.example", department="Sales")
    ben.command("join")
    ben.sees("Not for your department yet", "is for Finance and Legal for now")
    cleo = chat.person("cleo@larkspur.example", department="finance")
    cleo.command("join")
    assert cleo.form is not None


@pytest.mark.parametrize("screens", [1, 2])
def test_a_program_that_is_narrowed_while_the_form_is_open_takes_nobody_else(
    chat: Chat, ana: ChatPerson, program: int, screens: int
) -> None:
    ana.command("join")
    if screens == 2:
        ana.submit(FIRST)
    chat.look(lambda store: setattr(store.programs.get(program), "departments", ["Finance"]))
    ana.submit(FIRST if screens == 1 else SECOND)
    ana.sees("Not for your department yet", "is for Finance for now")
    with pytest.raises(NotYours):
        enrollment(chat, ana, program)


def test_a_department_of_ones_own_words_is_looked_at_again_with_the_last_screen(chat: Chat, program: int) -> None:
    ben = chat.person("ben@larkspur.example", source="platform", department="", team="", manager_email="", level=None)
    ben.command("join")
    ben.submit(
        {**FIRST, "department": "Sales", "team": "North", "manager_email": "cleo@larkspur.example", "level": "2"}
    )
    chat.look(lambda store: setattr(store.programs.get(program), "departments", ["Finance"]))
    ben.submit(SECOND)
    assert ben.field("department").value == "Sales"
    ben.submit()
    assert ben.errors == {"department": "This program is for Finance for now."}


def test_whoever_was_invited_joins_whatever_their_department(chat: Chat, ana: ChatPerson, program: int) -> None:
    chat.join_all(program, [ana], status="invited")
    chat.look(lambda store: setattr(store.programs.get(program), "departments", ["Finance"]))
    sign_up(ana)
    ana.sees("You are in")


def test_nothing_open_and_an_old_button_of_a_closed_program_both_end_kindly(chat: Chat, noor: ChatPerson) -> None:
    ana = chat.person("ana@larkspur.example")
    ana.command("join")
    ana.sees("Nothing is open right now")
    program = an_open_program(chat, noor)
    ana.open_home()
    join = ana.home

    def close(store: Store) -> None:
        store.programs.get(program).status = "closed"

    ana.press("Join", join)
    ana.submit(FIRST)
    chat.look(close)
    ana.submit(SECOND)
    ana.sees("This program has ended")


def test_whoever_hesitates_can_read_more_first(chat: Chat, noor: ChatPerson, program: int) -> None:
    ana = chat.person("ana@larkspur.example")
    chat.press_action(ana, "sign_up", "more", program=program)
    ana.sees("45 minutes every two weeks, about 90 minutes a month", "Pairs are made on 23 March", "stays private")
    ana.press("Join")
    assert ana.form is not None


def test_leaving_with_a_match_takes_one_more_click(chat: Chat, noor: ChatPerson, program: int) -> None:
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana], status="matched")
    chat.press_action(ana, "sign_up", "leave", program=program)
    ana.sees("Leave Digital fluency 2026?", "No reason is needed")
    assert enrollment(chat, ana, program).status == "matched"
    ana.press("Leave")
    ana.sees("That is fine")
    assert enrollment(chat, ana, program).status == "left"


def test_after_the_matching_one_waits_for_the_next_and_is_told_so(chat: Chat, noor: ChatPerson) -> None:
    an_open_program(chat, noor, status="running", matching_on=date(2026, 2, 20), starts_on=date(2026, 2, 24))
    ana = chat.person("ana@larkspur.example")
    sign_up(ana)
    ana.sees("you are among the first", "Next from me: when there is a match for you")


def test_not_for_me_needs_no_reason_and_has_a_way_back(chat: Chat, ana: ChatPerson, program: int) -> None:
    sign_up(ana)
    ana.press("Leave the program")
    ana.sees("That is fine", "nobody is told why")
    assert enrollment(chat, ana, program).status == "left"
    ana.press("Join after all")
    ana.submit()
    ana.submit()
    ana.sees("You are in")


def test_without_a_roster_one_is_asked_and_a_coordinator_confirms(chat: Chat, noor: ChatPerson, program: int) -> None:
    ben = chat.person("ben@larkspur.example", source="platform", department="", team="", manager_email="", level=None)
    ben.command("join")
    assert ben.form is not None
    assert isinstance(ben.field("manager_email"), PersonPick)
    assert len([one for one in ben.form.fields if one.required]) <= 2
    ben.submit({**FIRST, "department": "Sales", "team": "North", "manager_email": "ben@larkspur.example", "level": "2"})
    assert "your own e-mail" in ben.errors["manager_email"]
    ben.submit({"manager_email": "mei@larkspur.example"})
    ben.submit(SECOND)
    ben.sees("A coordinator checks your manager and level before the matching")
    assert not enrollment(chat, ben, program).confirmed
    noor.sees("Please check: Ben", "mei@larkspur.example", "North")
    noor.press("Confirm")
    noor.sees("Ben is confirmed")
    assert enrollment(chat, ben, program).confirmed
    ben.press("Edit my answers")
    assert ben.form is not None
    assert "level" not in [one.key for one in ben.form.fields]


def test_s5_details_go_to_a_coordinator_and_not_to_whoever_was_one(chat: Chat, noor: ChatPerson, program: int) -> None:
    vera = chat.person("vera@larkspur.example", coordinator=True)
    chat.look(lambda store: store.coordinators.remove("noor@larkspur.example"))
    ben = chat.person("ben@larkspur.example", source="platform", department="", team="", manager_email="", level=None)
    sign_up(ben, level="1", manager_email="mei@larkspur.example")
    assert noor.messages == []
    vera.sees("Please check: Ben")


@pytest.mark.parametrize("step", ["start", "more", "first", "second"])
def test_a_program_that_is_being_prepared_is_shown_to_nobody_who_is_not_invited(
    chat: Chat, noor: ChatPerson, step: str
) -> None:
    program = an_open_program(chat, noor, status="draft")
    ana = chat.person("ana@larkspur.example")
    with pytest.raises(NotYours):
        chat.press_action(ana, "sign_up", step, program=program)
    chat.join_all(program, [ana], status="invited")
    chat.press_action(ana, "sign_up", step, program=program)
    ana.sees("still being prepared")


def test_a_coordinator_can_correct_what_somebody_said_about_themselves(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ben = chat.person("ben@larkspur.example", source="platform", department="", team="", manager_email="", level=None)
    sign_up(ben)
    noor.sees("Nobody can be matched without a level")
    assert noor.last.labels == ("Fill in",)
    noor.press("Fill in")
    noor.submit({"level": "high"})
    assert "whole number" in noor.errors["level"]
    noor.submit({"level": "3", "manager_email": "mei@larkspur.example"})
    noor.sees("Ben is confirmed")
    assert (ben.row.level, ben.row.manager_email) == (3, "mei@larkspur.example")


def test_a_card_with_older_details_confirms_nothing_that_was_not_on_it(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ben = chat.person("ben@larkspur.example", source="platform", department="", team="", manager_email="", level=None)
    sign_up(ben, level="1", manager_email="mei@larkspur.example")
    older = noor.last
    ben.press("Edit my answers")
    ben.submit(level="6")
    ben.submit()
    noor.sees("Level: 6")
    noor.press("Confirm", older)
    noor.sees("Please check: Ben", "Level: 6")
    assert not enrollment(chat, ben, program).confirmed
    noor.press("Confirm", older)
    noor.sees("Ben is confirmed")


def test_on_the_roster_only_a_gap_needs_confirming_and_the_head_of_the_company_is_none(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    chief = chat.person("chief@larkspur.example", manager_email="", level=9)
    chat.person("ana@larkspur.example", manager_email="chief@larkspur.example")
    gap = chat.person("gap@larkspur.example", manager_email="", level=2)
    sign_up(chief, role="mentee", hours_a_month="1")
    sign_up(gap)
    assert enrollment(chat, chief, program).confirmed
    assert not enrollment(chat, gap, program).confirmed


def test_somebody_without_a_work_e_mail_hears_why_they_cannot_join(chat: Chat, program: int) -> None:
    guest = chat.person("guest@elsewhere.example")

    def forget(store: Store) -> None:
        store.people.get(guest.id).email = None

    chat.look(forget)
    guest.command("join")
    guest.sees("I cannot see your work e-mail", "Guests cannot take part")


@pytest.mark.parametrize("step", ["first", "second"])
def test_s5_a_guest_who_makes_up_a_screen_of_the_form_joins_nothing(
    chat: Chat, ana: ChatPerson, program: int, step: str
) -> None:
    ana.command("join")
    ana.submit(FIRST)
    chat.look(lambda store: setattr(store.people.get(ana.id), "email", None))
    chat.run(ana.id, Submitted({**FIRST, **SECOND}), Action("sign_up", step, {"program": program}))
    ana.sees("I cannot see your work e-mail")
    with pytest.raises(NotYours):
        enrollment(chat, ana, program)


def test_stop_asks_with_one_button_and_joining_again_is_as_easy(
    chat: Chat, ana: ChatPerson, program: int, noor: ChatPerson
) -> None:
    sign_up(ana)
    ana.command("stop by my desk")
    ana.sees("Leave Digital fluency 2026?", "No reason is needed")
    assert enrollment(chat, ana, program).status == "joined"
    ana.press("Leave")
    ana.sees("That is fine", "Next from me: nothing about this program.")
    assert enrollment(chat, ana, program).status == "left"
    sign_up(ana)
    assert enrollment(chat, ana, program).status == "joined"
    noor.command("leave")
    noor.sees("nothing to leave")


def test_the_agreement_says_that_it_is_needed(ana: ChatPerson) -> None:
    ana.command("join")
    ana.submit(FIRST)
    ana.submit(capacity="1")
    assert ana.errors == {"agreement": "Please tick the box; we cannot go on without it."}


def test_a_gap_in_the_roster_is_not_called_somebodys_own_words(chat: Chat, program: int, noor: ChatPerson) -> None:
    chief = chat.person("mila@larkspur.example", name="Mila Novak", manager_email="", level=7)
    sign_up(chief)
    assert "The roster leaves a gap here" in noor.last.text
    assert "own words" not in noor.last.text


def test_an_older_button_confirms_nobody_without_a_level(chat: Chat, noor: ChatPerson, program: int) -> None:
    ben = chat.person("ben@larkspur.example", source="platform", department="", team="", manager_email="", level=None)
    sign_up(ben)
    row = enrollment(chat, ben, program)
    chat.press_action(noor, "who", "confirm", enrollment=row.id, seen=details_mark(ben.row))
    assert noor.form is not None
    assert noor.form.title == "Correct the details"
    assert not enrollment(chat, ben, program).confirmed


def test_confirming_in_the_list_settles_the_message_that_asked(chat: Chat, noor: ChatPerson, program: int) -> None:
    ben = chat.person("ben@larkspur.example", source="platform", department="", team="", manager_email="", level=None)
    sign_up(ben, level="1", manager_email="mei@larkspur.example")
    asked = noor.last
    noor.command("program who")
    noor.press("Confirm", noor.last)
    assert "Ben is confirmed" in asked.text


def test_correcting_in_the_list_keeps_the_list_and_settles_the_message_that_asked(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    for name in ("ben", "cleo"):
        row = {"department": "", "team": "", "manager_email": "", "level": None}
        one = chat.person(f"{name}@larkspur.example", source="platform", **row)
        sign_up(one, level="1", manager_email="mei@larkspur.example")
    asked = noor.messages[0]
    assert "Please check: Ben" in asked.text
    noor.command("program who")
    listed = noor.last
    noor.press("Correct", listed)
    noor.submit({"level": "2"})
    noor.sees("Please check 1 person", "Name: Cleo", "Ben: mentor, joined")
    assert noor.last is listed
    assert "Ben is confirmed" in asked.text


def test_after_the_day_of_the_matching_nobody_reads_that_it_is_still_to_come(
    chat: Chat, noor: ChatPerson, ana: ChatPerson, program: int
) -> None:
    chat.now += timedelta(days=30)
    noor.command("program status")
    noor.sees("open for sign-up (pairs were due on 23 March)")
    noor.command("program list")
    noor.sees("Open for sign-up (pairs were due on 23 March)")
    chat.press_action(ana, "sign_up", "more", program=program)
    ana.sees("Pairs are made on the day of the next matching")


def test_whoever_waits_reads_since_when_and_a_number_of_others_only_from_five_on(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor)
    ana = chat.person("ana@larkspur.example")
    others = [chat.person(f"other{number}@larkspur.example") for number in range(5)]
    chat.join_all(program, [ana, *others[:4]])
    assert "So far only mentors have joined, and a pair needs one of each" in ana.open_home()
    assert "You joined on 2 March." in ana.open_home()
    chat.join_all(program, others[4:], role="mentee")
    home = ana.open_home()
    assert "Pairs are made on 23 March. You hear from me on 26 March at the latest." in home
    assert "You joined on 2 March, and 5 others wait with you." in home
    assert "So far only" not in home


def test_whoever_joins_after_the_matching_hears_honestly_that_no_day_is_set_and_comes_first(
    chat: Chat, noor: ChatPerson
) -> None:
    program = an_open_program(chat, noor, status="running", matching_on=chat.now.date().replace(day=1))
    ana = chat.person("ana@larkspur.example")
    ana.command("join")
    ana.submit(role="mentor", themes=("digital_tools",))
    ana.submit(SECOND)
    ana.sees("no day is set for the next matching yet", "you are among the first")
    assert "No day is set for the next matching yet" in ana.open_home()
    ana.sees("I suggest it to your coordinator, who decides")
    row = chat.look(lambda store: store.enrollments.required(store.people.get(ana.id), program))
    assert row.unmatched_rounds == 1


def test_the_announcement_the_command_the_home_page_and_an_invitation_lead_to_the_same_form(
    chat: Chat, noor: ChatPerson
) -> None:
    program = an_open_program(chat, noor, status="draft")
    noor.command("program open", CHANNEL)
    ana, bo = chat.person("ana@larkspur.example"), chat.person("bo@larkspur.example")
    ana.press("Join", chat.channel[0])
    announced = ana.form
    ana.command("join")
    typed = ana.form
    ana.open_home()
    ana.press("Join", ana.home)
    chat.join_all(program, [bo], status="invited", role="mentor", agreed_at=None, offers=[])
    chat.advance(hours=1)
    bo.press("Join", bo.messages[0])
    assert announced is not None
    assert bo.form is not None
    assert announced == typed == ana.form
    assert [field.key for field in bo.form.fields] == [field.key for field in announced.fields]
