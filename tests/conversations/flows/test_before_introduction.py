"""Between the approval and the introduction nobody hears with whom they are going to meet, whatever they type."""

from datetime import UTC, date, datetime

import pytest

from storage.subject import NotYours
from storage.tables import CheckIn
from tests.conversations.flows.test_parting import Duo, duo, set_person
from tests.support.chat import ChatPerson

__all__ = ["duo"]

SOON = date(2026, 3, 12)


# Where Noor and Rosalind are, and a moment right before the mentor's day of the introduction: far ahead, already the
# day itself for the mentee, already the day itself for nobody.
BEFORE = {
    "in one office": ("UTC", "UTC", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
    "it is tomorrow for the mentee": ("America/Los_Angeles", "Pacific/Auckland", datetime(2026, 3, 11, 22, tzinfo=UTC)),
    "at the date line": ("Pacific/Pago_Pago", "Pacific/Kiritimati", datetime(2026, 3, 12, 10, tzinfo=UTC)),
    "it is night for the mentor": ("Pacific/Auckland", "America/Los_Angeles", datetime(2026, 3, 11, 10, tzinfo=UTC)),
}
# The same with a moment at which Noor's day has begun and both are at work.
AFTER = {
    "in one office": ("UTC", "UTC", datetime(2026, 3, 12, 9, 30, tzinfo=UTC)),
    "it is the day after for the mentee": (
        *("America/Los_Angeles", "Pacific/Auckland"),
        datetime(2026, 3, 12, 22, tzinfo=UTC),
    ),
    "it is the day before for the mentee": (
        *("Pacific/Auckland", "America/Los_Angeles"),
        datetime(2026, 3, 11, 21, tzinfo=UTC),
    ),
}


def at(duo: Duo, noors: str, rosalinds: str, now: datetime) -> Duo:
    duo.chat.look(lambda store: setattr(store.pairs.get(duo.pair), "started_on", SOON))
    set_person(duo.chat, duo.noor, timezone=noors)
    set_person(duo.chat, duo.rosalind, timezone=rosalinds)
    duo.chat.now = now
    return duo


@pytest.fixture(params=BEFORE.values(), ids=BEFORE)
def soon(request: pytest.FixtureRequest, duo: Duo) -> Duo:
    """The pair is there, and its introduction is still to come."""
    return at(duo, *request.param)


@pytest.fixture(params=AFTER.values(), ids=AFTER)
def introduced(request: pytest.FixtureRequest, duo: Duo) -> Duo:
    """The introduction has just gone out, with buttons for all that follows."""
    return at(duo, *request.param)


def screen(person: ChatPerson) -> str:
    return "\n".join([*(one.text for one in person.messages), person.form.intro if person.form else ""])


COMMANDS = "home book topics rhythm goals met pause leave privacy".split()


@pytest.mark.parametrize("words", [*COMMANDS, "need help", "new partner"])
def test_no_command_tells_the_name_before_the_introduction(soon: Duo, words: str) -> None:
    soon.rosalind.command(words)
    assert screen(soon.rosalind)
    assert "Noor" not in screen(soon.rosalind)


def test_neither_leaving_nor_erasing_nor_the_export_tells_it(soon: Duo) -> None:
    soon.rosalind.command("privacy")
    soon.rosalind.press("Give me a file")
    assert b"Noor" not in soon.rosalind.files[-1].content
    soon.rosalind.press("Erase everything")
    soon.rosalind.command("leave")
    soon.rosalind.press("Leave")
    assert "Noor" not in screen(soon.rosalind)


@pytest.mark.parametrize(
    "step",
    [
        "introduction.guide",
        "topics.show",
        "topics.others",
        "goals.start",
        "goals.save",
        "rhythm.start",
        "rhythm.save",
        "hello.in_touch",
        "met.start",
        "met.save",
        "parting.new_partner",
        "parting.yes_new",
        "parting.stop",
        "parting.yes_stop",
        "parting.keep",
    ],
)
def test_a_guessed_number_of_the_own_pair_leads_nowhere(soon: Duo, step: str) -> None:
    flow, _, name = step.partition(".")
    if step == "rhythm.start":
        soon.chat.press_action(soon.rosalind, flow, name, pair=soon.pair)
    else:
        with pytest.raises(NotYours):
            soon.chat.press_action(soon.rosalind, flow, name, pair=soon.pair)
    assert "Noor" not in screen(soon.rosalind)
    assert soon.noor.messages == []


@pytest.mark.parametrize(
    "step", ["met", "date_set", "not_yet", "skip", "note", "keep", "share", "remind_me", "remind_on"]
)
def test_nor_does_it_with_a_check_in_of_ones_own(duo: Duo, step: str) -> None:
    soon = at(duo, *BEFORE["it is tomorrow for the mentee"])
    asked = CheckIn(person_id=soon.rosalind.id, period=date(2026, 3, 2), asked_at=soon.chat.now)
    number = soon.chat.look(lambda store: store.check_ins.add(asked).id)
    with pytest.raises(NotYours):
        soon.chat.press_action(soon.rosalind, "check_in", step, check_in=number, pair=soon.pair)
    assert "Noor" not in screen(soon.rosalind)
    assert soon.chat.look(lambda store: store.sessions.held(soon.pair)) == []


def test_a_pause_before_the_introduction_is_no_news_about_a_stranger(duo: Duo) -> None:
    soon = at(duo, *BEFORE["in one office"])
    soon.noor.command("pause")
    soon.noor.press("4 weeks")
    soon.chat.advance(days=5)
    assert "Noor" not in screen(soon.rosalind)


def test_a_pair_that_ended_before_its_introduction_is_never_told_of(duo: Duo) -> None:
    soon = at(duo, *BEFORE["in one office"])
    soon.noor.command("leave")
    soon.noor.press("Leave")
    for later in (datetime(2026, 3, 12, 1, tzinfo=UTC), datetime(2026, 4, 12, 9, tzinfo=UTC)):
        soon.chat.now = later
        soon.rosalind.command("home")
        soon.rosalind.command("privacy")
        soon.rosalind.press("Give me a file")
        assert "Noor" not in screen(soon.rosalind)
        assert b"Noor" not in soon.rosalind.files[-1].content


@pytest.mark.parametrize(
    ("noors", "rosalinds", "day"),
    [
        ("America/Los_Angeles", "Pacific/Auckland", "13 March"),
        ("Pacific/Auckland", "America/Los_Angeles", "11 March"),
        ("UTC", "UTC", "12 March"),
    ],
)
def test_everybody_reads_the_day_that_it_is_for_them(duo: Duo, noors: str, rosalinds: str, day: str) -> None:
    soon = at(duo, noors, rosalinds, datetime(2026, 3, 10, 12, tzinfo=UTC))
    for person, theirs in ((soon.rosalind, day), (soon.noor, "12 March")):
        person.command("book")
        person.sees(f"Next from me: {theirs}, when I introduce you")


def test_until_then_nothing_is_announced_that_follows_the_introduction(duo: Duo) -> None:
    soon = at(duo, *BEFORE["it is tomorrow for the mentee"])
    soon.rosalind.command("book")
    soon.rosalind.sees("Next from me: 13 March, when I introduce you")


# From the introduction on ----------------------------------------------------------------------------------------


def test_both_find_the_other_at_home_and_in_their_topics(introduced: Duo) -> None:
    for person, partner in ((introduced.rosalind, "Noor Haddad"), (introduced.noor, "Rosalind Meyer")):
        person.command("home")
        person.sees(partner, "[Book a time]")
        person.command("topics")
        person.sees(f"for you and {partner.split()[0]}")


@pytest.mark.parametrize("words", ["book", "goals", "met"])
@pytest.mark.parametrize("who", ["noor", "rosalind"])
def test_both_can_book_and_record_and_say_what_they_want(introduced: Duo, who: str, words: str) -> None:
    person: ChatPerson = getattr(introduced, who)
    person.command(words)
    assert person.form is not None, person.last.text
    person.submit({"goal_1": "Ask better questions"} if words == "goals" else {})
    assert person.errors == {}


def test_a_request_for_help_says_with_whom_and_about_the_pairing_the_partner_does_not_read_it(introduced: Duo) -> None:
    introduced.chat.look(lambda store: store.people.appoint(["noor@larkspur.example"]))
    introduced.rosalind.command("need help")
    introduced.rosalind.press("The pairing itself")
    assert introduced.rosalind.form is not None
    assert "Amara Okafor reads this, and nobody else" in introduced.rosalind.form.intro
    introduced.rosalind.submit(words="We do not get on.")
    introduced.amara.sees("paired with Noor Haddad")
    assert introduced.noor.messages == []


def test_the_export_names_the_partner_from_then_on(introduced: Duo) -> None:
    introduced.rosalind.command("privacy")
    introduced.rosalind.press("Give me a file")
    assert b"Noor Haddad" in introduced.rosalind.files[-1].content
