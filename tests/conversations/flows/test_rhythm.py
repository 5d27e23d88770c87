"""How often a pair meets: either side changes it, and the other one hears the fact."""

from datetime import timedelta

import pytest

from storage.store import Store
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import mentee, mentor, pair, program

Two = tuple[Chat, ChatPerson, ChatPerson, int]


@pytest.fixture
def two(chat: Chat) -> Two:
    cora = chat.person("cora@larkspur.example", coordinator=True)
    number = program(chat, cora, status="running")
    ana, erik = mentor(chat, "ana.costa", number), mentee(chat, "erik.berg", number)
    return chat, ana, erik, pair(chat, number, ana, erik)


@pytest.mark.slow
def test_a_lighter_rhythm_is_followed_by_the_check_ins_and_told_to_the_partner(two: Two) -> None:
    chat, ana, erik, _ = two
    ana.command("rhythm")
    assert ana.field("days").value == "14"
    ana.submit(days="28")
    ana.sees("you and Erik Berg plan to meet every four weeks", "Next from me: 9 March, a question about your goals")
    told = erik.sees("A new rhythm", "You and Ana Costa now plan to meet every four weeks", "Next from me")
    assert "wants" not in told
    notice = erik.last.notice
    assert notice is not None
    assert (notice.kind, notice.prompted) == ("update", False)
    chat.advance(days=27)
    assert not [one for one in erik.messages if one.notice and one.notice.kind == "check_in"]


def test_the_partner_can_change_it_again(two: Two) -> None:
    chat, ana, erik, number = two
    ana.command("rhythm")
    ana.submit(days="28")
    erik.press("Another rhythm")
    assert erik.field("days").value == "28"
    chat.now += timedelta(minutes=1)
    erik.submit(days="7")
    ana.sees("A new rhythm", "every week")
    assert chat.look(lambda store: store.pairs.get(number).cadence_days) == 7


def test_after_three_messages_a_day_the_partner_gets_no_fourth_but_reads_the_latest(two: Two) -> None:
    chat, ana, erik, _ = two
    for days in ("28", "7", "14", "28", "7"):
        chat.now += timedelta(minutes=1)
        ana.command("rhythm")
        ana.submit(days=days)
    told = [one.text for one in erik.messages]
    assert len(told) == 3
    assert "every week" in told[-1]
    ana.sees(
        "Erik Berg has heard from me three times today",
        "I only bring the message that is there up to date",
        "Next from me",
    )
    chat.advance(days=1)
    ana.command("rhythm")
    ana.submit(days="28")
    assert len(erik.messages) == 4


def test_the_same_rhythm_again_tells_nobody(two: Two) -> None:
    _, ana, erik, _ = two
    ana.command("rhythm")
    ana.submit(days="14")
    ana.sees("every two weeks")
    assert erik.messages == []


@pytest.mark.parametrize("typed", ["1", "0", "-7", "🙂", ""])
def test_more_often_than_weekly_is_not_on_offer(two: Two, typed: str) -> None:
    chat, ana, _, number = two
    ana.command("rhythm")
    ana.submit(days=typed)
    assert set(ana.errors) == {"days"}
    assert chat.look(lambda store: store.pairs.get(number).cadence_days) is None


def test_somebody_with_two_pairs_says_which(two: Two) -> None:
    chat, ana, _, number = two
    finn = mentee(chat, "finn.okafor", 1)
    pair(chat, 1, ana, finn)
    ana.command("rhythm")
    ana.sees("Another rhythm with whom?")
    ana.press("Finn Okafor")
    ana.submit(days="7")
    finn.sees("every week")
    assert chat.look(lambda store: store.pairs.get(number).cadence_days) is None


def test_without_a_pair_or_after_its_end_there_is_nothing_to_change(two: Two) -> None:
    chat, ana, erik, number = two
    ana.command("rhythm")
    form = ana.form
    chat.look(lambda store: store.pairs.end_all(1, chat.now))
    ana.form = form
    ana.submit(days="28")
    ana.sees("You have no partner right now", "Next from me")
    ana.command("rhythm")
    ana.sees("You have no partner right now")
    assert erik.messages == []
    stranger = chat.person("stranger@larkspur.example")
    with pytest.raises(NotYours):
        chat.press_action(stranger, "rhythm", "save", pair=number)


def test_n13_while_a_pair_ends_the_side_that_does_not_know_it_sees_no_difference(two: Two) -> None:
    chat, ana, erik, number = two

    def part(store: Store) -> None:
        row = store.pairs.get(number)
        row.status, row.known_to = "ending", ana.id

    chat.look(part)
    before = len(ana.messages)
    erik.command("rhythm")
    erik.submit(days="28")
    erik.sees("you and Ana Costa plan to meet every four weeks")
    ana.command("rhythm")
    ana.sees("You have no partner right now")
    assert len(ana.messages) == before + 1
    chat.press_action(ana, "rhythm", "save", pair=number)
    ana.sees("You have no partner right now")
