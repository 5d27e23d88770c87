"""What the bot can do, said in a way that somebody can use; and an answer to everything else that is written to it."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Divider, buttons, card, quiet, text
from conversations.flow import Command, Flow, Turn
from conversations.help_groups import behind_more, groups
from conversations.help_words import is_greeting, is_thanks, nearest, thanks_in
from conversations.next_word import next_word
from conversations.people_words import first_name
from conversations.replies import Reply, Say

FLOW = Flow("help")
FLOW.command("help", "show", "See what I can do", also="?, commands, menu, what can you do")


@FLOW.step("show")
def show(turn: Turn) -> list[Reply]:
    return [Say(help_card(turn))]


@FLOW.step("more")
def more(turn: Turn) -> list[Reply]:
    return [Say(more_card(turn))]


@FLOW.step("arrived")
def arrived(turn: Turn) -> list[Reply]:
    """Said once, however often the bot is installed."""
    if turn.person.greeted_at is not None:
        return []
    turn.person.greeted_at = turn.now
    return [Say(welcome_card(turn))]


@FLOW.step("unknown")
def unknown(turn: Turn) -> list[Reply]:
    """Anything that is not a command: never silence."""
    if not turn.words.strip():
        return [Say(help_card(turn))]
    if is_greeting(turn.words):
        first_time = turn.person.greeted_at is None
        turn.person.greeted_at = turn.person.greeted_at or turn.now
        return [Say(welcome_card(turn) if first_time else greeting_card(turn))]
    if is_thanks(turn.words):
        return [Say(thanked_card(turn))]
    meant = nearest(turn.words, _mine(turn))
    return [Say(did_you_mean_card(meant) if meant else not_understood_card(turn))]


def help_card(turn: Turn) -> Card:
    """What people need most, by role and in groups; the rest is behind "More"."""
    runs = _groups(turn, coordinators=True) if turn.coordinator else []
    return card(
        "What I can do",
        text(turn.content.text("help.roles")),
        *_groups(turn, coordinators=False),
        *((Divider(), text("**For you as a coordinator**"), *runs) if runs else ()),
        quiet("Write these words to me here, or type /mentor before them: /mentor {example}", example=_example(turn)),
        buttons(
            Button("My program", Action("home", "show")),
            Button("I need help", Action("need", "start")),
            Button("More", FLOW.to("more")),
        ),
    )


def more_card(turn: Turn) -> Card:
    """What people need now and then."""
    everybody = behind_more(_mine(turn), coordinators=False)
    runs = behind_more(_mine(turn), coordinators=True)
    return card(
        "More that I can do",
        _list("", everybody),
        _list("For you as a coordinator", runs) if runs else None,
        quiet("Whatever you write to me gets an answer, and typos are fine."),
        buttons(Button("What I can do", FLOW.to("show")), Button("My program", Action("home", "show"))),
    )


def welcome_card(turn: Turn) -> Card:
    return card(
        f"Hello {first_name(turn.person)}, I am Flipside",
        text(turn.content.text("help.welcome")),
        text(turn.content.text("help.roles")),
        text("I write rarely, and only in your working hours unless you write first."),
        buttons(*_ways_on(turn), Button("What I can do", FLOW.to("show"))),
    )


def greeting_card(turn: Turn) -> Card:
    return card(
        "",
        text("Hello {name}, good to hear from you. What can I do for you?", name=first_name(turn.person)),
        buttons(*_ways_on(turn), Button("What I can do", FLOW.to("show"))),
    )


def thanked_card(turn: Turn) -> Card:
    words = "You are welcome, {name}." if thanks_in(turn.words) else "All right, {name}."
    return card("", text(words, name=first_name(turn.person)), next_word(turn))


def did_you_mean_card(meant: Command) -> Card:
    words = " ".join(meant.words)
    return card(
        "",
        text("I did not quite get that. Did you mean **{words}**? {about}.", words=words, about=meant.about),
        buttons(Button(_capital(words)[:30], meant.action, "primary"), Button("What I can do", FLOW.to("show"))),
    )


def not_understood_card(turn: Turn) -> Card:
    return card(
        "",
        text(
            "I am only a bot with a few words, and that was not one of them. To answer a question of mine, press one "
            "of its buttons. What is meant for your partner reaches them in your own chat with them, not here."
        ),
        text("These words I know:"),
        *_groups(turn, coordinators=False),
        buttons(*_ways_on(turn), Button("What I can do", FLOW.to("show"))),
    )


def _mine(turn: Turn) -> list[Command]:
    return [command for command in turn.commands if turn.coordinator or not command.coordinators_only]


def _groups(turn: Turn, *, coordinators: bool) -> list[Block]:
    return [_list(title, found) for title, found in groups(_mine(turn), coordinators=coordinators).items()]


def _list(title: str, commands: Sequence[Command]) -> Block:
    head = [f"**{title}**"] if title else []
    # Commands and what they do are our own words, not anything that somebody typed.
    return text("\n".join(head + [f"- **{' '.join(command.words)}**: {command.about}" for command in commands]))


def _ways_on(turn: Turn) -> list[Button]:
    home = Button("My program", Action("home", "show"))
    if turn.store.enrollments.of_person(turn.person):
        return [home]
    if turn.store.programs.with_status("open", "running"):
        return [Button("Join", Action("sign_up", "start"), "primary"), home]
    return [home]


def _example(turn: Turn) -> str:
    return "program status" if turn.coordinator else "join"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
