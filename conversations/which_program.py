"""Which program somebody means: the only one there is, the one they named, or the one they press."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, text
from conversations.cut import cut
from conversations.flow import Turn
from conversations.people_words import listed
from conversations.program_cards import STATUS_WORDS
from conversations.replies import Say
from storage.tables import Program

# More programs than this at once are named in words: `program status Digital fluency`.
MOST_BUTTONS = 5


def which_program(turn: Turn, program: int, action: Action, *statuses: str) -> Program | Say:
    """The program meant, or the question which one; each of its buttons runs `action` with `program` set.

    `program` is 0 when the words or the context must decide. Raises NotYours for an id that is not there.
    """
    if program:
        return turn.store.programs.required(program)
    open_to = turn.store.programs.with_status(*statuses)
    if not open_to:
        return Say(no_program_card(turn, turn.store.programs.with_status(), statuses))
    if len(open_to) == 1:
        return open_to[0]
    meant = [one for one in open_to if turn.words.strip() and is_named(one, turn.words)]
    return meant[0] if len(meant) == 1 else Say(choose_card("Which program?", meant or list(open_to), action))


def is_named(program: Program, words: str) -> bool:
    """Whether the words are the program's name or begin it, by whole words."""
    said = words.casefold().split()
    return program.name.casefold().split()[: len(said)] == said


def choose_card(title: str, programs: list[Program], action: Action) -> Card:
    rows = [
        Button(_label(one.name), Action(action.flow, action.step, {**action.args, "program": one.id}))
        for one in programs[:MOST_BUTTONS]
    ]
    more = (
        text("There are more. To pick one of those, write its name after the command.")
        if len(programs) > len(rows)
        else None
    )
    return card(title, buttons(*rows), more)


def no_program_card(turn: Turn, programs: Sequence[Program], wanted: Sequence[str]) -> Card:
    """`programs` are those there are, none of which is in a state that is `wanted`."""
    if not turn.coordinator:
        return card("No program is running", text("When one opens for sign-up, its coordinators announce it."))
    create = Button("Create a program", Action("program", "create"), "primary")
    if not programs:
        return card("No program yet", text("Create one first; it takes about five minutes."), buttons(create))
    states = listed((STATUS_WORDS[status] for status in wanted), "or")
    rows = [
        text("- **{program}**: {state}", program=one.name, state=STATUS_WORDS[one.status])
        for one in programs[:MOST_BUTTONS]
    ]
    return card(
        "No program is ready for this",
        text("It works with a program that is {states}. There is:", states=states),
        *rows,
        buttons(Button("List programs", Action("program", "list")), create),
    )


def _label(name: str) -> str:
    # Our house limit for a button's label is 30 characters; Slack's is 75.
    return cut(name, 30)
