"""Help, greetings, and an answer to everything."""

import pytest

from conversations.help_words import is_greeting, is_thanks
from tests.support.chat import Chat
from tests.support.programs import an_open_program


def test_help_lists_what_everybody_can_do_and_what_coordinators_can_do_to_coordinators_only(chat: Chat) -> None:
    ana = chat.person("ana@larkspur.example")
    noor = chat.person("noor@larkspur.example", coordinator=True)
    ana.command("help")
    ana.sees("join: Join a program", "met: Record a session", "The mentor is the junior colleague")
    assert "program" not in [line.split(":")[0].lstrip("• ").split()[0] for line in ana.last.text.splitlines() if line]
    noor.command("help")
    noor.sees("For you as a coordinator", "program create", "program approve", "program close")


def test_help_is_short_for_each_role_and_the_rest_is_behind_a_button(chat: Chat) -> None:
    ana = chat.person("ana@larkspur.example")
    noor = chat.person("noor@larkspur.example", coordinator=True)
    ana.command("help")
    assert ana.last.text.count("•") <= 10
    assert "rhythm" not in ana.last.text
    ana.press("More")
    ana.sees("rhythm: Meet more or less often", "goals: Say what you want")
    assert "program" not in {line.split(":")[0].lstrip("• ").split()[0] for line in ana.last.text.splitlines() if line}
    noor.command("help")
    assert noor.last.text.count("•") <= 20
    noor.press("More")
    noor.sees("For you as a coordinator", "program adjust", "program who")


def test_every_command_is_in_the_help_or_behind_its_button(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    noor.command("help")
    shown = noor.last.text
    noor.press("More")
    both = shown + noor.last.text
    commands = [" ".join(command.words) for flow in chat.flows for command in flow.commands]
    assert [words for words in commands if f"• {words}:" not in both] == []


def test_help_leads_to_somebody_who_helps(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    ana = chat.person("ana@larkspur.example")
    chat.join_all(an_open_program(chat, noor), [ana])
    ana.command("help")
    ana.press("I need help")
    ana.sees("Before you send anything, I show you who will read it.")
    ana.say("please, I really need help")
    ana.sees("Did you mean need help?")


def test_the_welcome_says_what_this_is_and_comes_only_once(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    an_open_program(chat, noor)
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
    ana.arrive()
    ana.sees("Hello Ana, I am Flipside", "reverse mentoring", "[Join]", "[What I can do]")
    ana.arrive()
    assert len(ana.messages) == 1
    ana.press("Join")
    assert ana.form is not None


def test_without_an_open_program_the_welcome_offers_no_join(chat: Chat) -> None:
    ana = chat.person("ana@larkspur.example")
    ana.arrive()
    assert "Join" not in ana.last.labels


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("joni", "join"),
        ("how do I join?", "join"),
        ("please can I join the program", "join"),
        ("hlep", "help"),
        ("what can you do for me", "help"),
        ("we have met yesterday", "met"),
        ("edti", "edit"),
    ],
)
def test_a_slip_or_a_sentence_finds_the_command_that_was_meant(chat: Chat, typed: str, meant: str) -> None:
    ana = chat.person("ana@larkspur.example")
    ana.say(typed)
    assert "What I can do" in ana.last.text
    assert meant in ana.last.text


def test_a_coordinators_slip_finds_a_program_command_and_its_button_runs_it(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    noor.say("progam staus")
    noor.sees("Did you mean program status?")
    noor.say("programm create")
    noor.sees("Did you mean program create?")
    noor.press("Program create")
    noor.sees("What should your program be about?")


def test_others_are_never_pointed_at_coordinators_commands(chat: Chat) -> None:
    ana = chat.person("ana@larkspur.example")
    ana.say("progam staus")
    assert "program status" not in ana.last.text


@pytest.mark.parametrize("typed", ["", "   ", "🙂", "<!channel> *x*", "asdfgh qwerty", "?!", "ё" * 3000])
def test_nothing_is_met_with_silence(chat: Chat, typed: str) -> None:
    ana = chat.person("ana@larkspur.example")
    ana.say(typed)
    assert "join" in ana.last.text


@pytest.mark.parametrize("typed", ["hi", "Hello!", "good morning", "hey there", "Hola"])
def test_a_greeting_is_greeted(chat: Chat, typed: str) -> None:
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
    ana.arrive()
    ana.say(typed)
    ana.sees("Hello Ana, good to hear from you")


@pytest.mark.parametrize("typed", ["thanks", "Thank you so much!", "ok great, thx"])
def test_thanks_are_welcome(chat: Chat, typed: str) -> None:
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
    ana.say(typed)
    ana.sees("You are welcome, Ana")


def test_words_are_matched_whole() -> None:
    assert not is_greeting("history")
    assert not is_greeting("hi, I want to join")
    assert not is_thanks("no thanks to your colleague")


def test_an_ok_is_taken_as_that_and_not_as_thanks(chat: Chat) -> None:
    ana = chat.person("ana.costa@larkspur.example")
    ana.say("ok")
    ana.sees("All right, Ana.", "Next from me")
    ana.say("ok, many thanks!")
    ana.sees("You are welcome, Ana.")
