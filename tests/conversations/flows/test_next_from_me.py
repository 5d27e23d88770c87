"""The last line of a message is a promise: nothing comes unasked before the day it names, and on that day it comes."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from conversations.actions import Action
from conversations.events import Due
from tests.support.chat import Chat, ChatPerson, Message
from tests.support.company import MONDAY, mentee, mentor, pair, program

pytestmark = pytest.mark.slow

LAST = MONDAY + timedelta(days=182)
PROMISE = re.compile(r"Next from me: (\d+) ([A-Z][a-z]+)(.*)$", re.MULTILINE)
# What a partner did, or what answers a click, is on a day of its own.
ON_THEIR_OWN_DAY = {"update", "booked", "shared_line", "file", "answer"}
# Words of a promise that says itself when it will not be kept.
CONDITIONS = ("is still open", "unless you are in touch")


class Watch:
    """Holds every promise on one person's screen against what comes next."""

    def __init__(self, chat: Chat, person: ChatPerson) -> None:
        self.chat, self.person = chat, person
        self.seen, self.kept = 0, 0
        self.promise: tuple[date, str] | None = None

    def comes(self) -> None:
        """After the hour at which things come: whatever came today was promised for today, or not promised at all."""
        today = self.chat.now.date()
        for message in self.person.messages[self.seen :]:
            if message.notice is None or message.notice.kind in ON_THEIR_OWN_DAY:
                continue
            if self.promise is not None:
                assert today >= self.promise[0], f"{message.key} on {today}, promised: {self.promise}"
                self.kept += today == self.promise[0]
            self.promise = promised(message)
        self.seen = len(self.person.messages)
        if self.promise is not None:
            day, words = self.promise
            conditional = any(one in words for one in CONDITIONS)
            assert day > today or conditional, f"nothing came on {self.promise}"

    def clicked(self) -> None:
        """What the person has on the screen now counts."""
        self.promise = promised(self.person.last) or self.promise
        self.seen = len(self.person.messages)


def promised(message: Message) -> tuple[date, str] | None:
    found = PROMISE.search(message.text)
    if found is None:
        return None
    moment = datetime.strptime(f"{found[1]} {found[2]} 2026", "%d %B %Y").replace(tzinfo=UTC)
    return moment.date(), found[3]


class Two:
    """Ana teaches Erik for 26 weeks; it is Monday noon, and they were introduced at ten."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        chat.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
        cora = chat.person("cora@larkspur.example", coordinator=True)
        number = program(chat, cora, status="running", ends_on=LAST, matching_on=MONDAY - timedelta(days=20))
        self.ana = mentor(chat, "ana.costa", number, status="matched")
        self.erik = mentee(chat, "erik.berg", number, status="matched")
        self.pair = pair(chat, number, self.ana, self.erik)
        chat.run(self.ana.id, Due(), Action("introduction", "introduce", {"pair": self.pair}))

    def press(self, person: ChatPerson, *labels: str) -> None:
        """The first of these buttons that the newest message has."""
        newest = person.messages[-1]
        label = next((one for one in labels if newest.button(one)), None)
        if label:
            person.press(label, newest)


@pytest.fixture
def two(chat: Chat) -> Two:
    return Two(chat)


def test_for_six_months_nothing_comes_before_the_day_that_was_named_and_something_comes_on_it(two: Two) -> None:
    ana, erik = Watch(two.chat, two.ana), Watch(two.chat, two.erik)
    for watch in (ana, erik):
        watch.comes()
    for day in range(1, 184):
        two.chat.advance(days=1)
        for watch in (ana, erik):
            watch.comes()
        # Ana answers on the day, and looks at home now and then; Erik answers every other week, late.
        two.press(two.ana, "Met", "Carry on")
        if day % 5 == 0:
            two.ana.command("thanks")
        if day % 20 == 2 and day < 160:
            two.ana.command("book")
            if two.ana.form is not None:
                two.ana.submit(day=str(two.chat.now.date() + timedelta(days=6)), time="11:00")
            # The card of a date says nothing of what comes next, and the date has changed it.
            two.ana.command("thanks")
        ana.clicked()
        if day % 9 == 0:
            two.press(two.erik, "Not yet", "Write the hello", "Date set")
            two.erik.command("thanks")
            erik.clicked()
    assert ana.kept >= 12
    assert erik.kept >= 4


def test_a_person_on_a_pause_reads_the_day_of_the_welcome(two: Two) -> None:
    two.ana.command("pause")
    two.ana.press("Until a date")
    # A Saturday: the welcome comes on Monday.
    two.ana.submit(back="2026-03-21")
    two.ana.sees("I write nothing unasked until 21 March", "Next from me: 23 March, when you are back.")
    two.ana.command("thanks")
    two.ana.sees("Next from me: 23 March, when you are back.")


def test_who_was_left_in_peace_hears_nothing_until_they_write(two: Two) -> None:
    two.chat.look(lambda store: setattr(store.people.get(two.erik.id), "silent_since", two.chat.now))
    two.ana.command("rhythm")
    two.ana.submit(days="7")
    told = two.erik.messages[-1]
    assert "Next from me: when you write. Until then I leave you in peace." in told.text


def test_while_a_program_is_on_hold_no_day_is_promised(two: Two) -> None:
    two.chat.look(lambda store: setattr(store.programs.with_status("running")[0], "held_since", two.chat.now))
    two.ana.command("thanks")
    two.ana.sees("Next from me: when your program goes on.")


def test_the_reminder_of_a_date_is_named_when_it_is_the_next_to_come(two: Two) -> None:
    two.ana.command("book")
    two.ana.submit(day="2026-03-06", time="11:00")
    two.ana.command("thanks")
    two.ana.sees("Next from me: 5 March, a reminder of your session.")
    two.erik.command("thanks")
    two.erik.sees("Next from me: 9 March, a question about your goals.")


def test_a_pulse_is_named_when_it_comes_before_the_next_check_in(two: Two) -> None:
    two.chat.advance(days=29)
    two.press(two.ana, "Met")
    two.ana.command("thanks")
    two.ana.sees("Next from me: 7 April, three short questions.")
    two.chat.advance(days=8)
    assert [one.notice.kind for one in two.ana.messages if one.notice][-1] == "pulse"
