"""What a coordinator reads when a program opens and closes, and the thank-you that everybody gets."""

from conversations.actions import Action
from conversations.cards import Button, Card, Facts, buttons, card, text
from conversations.flow import Turn
from conversations.people_words import say_when, today_of
from storage.tables import Program


def open_card(turn: Turn, program: Program, how: str) -> Card:
    return card(
        f"{program.name} is open",
        text(how),
        text(
            "People can join until {day}. After that, type **program propose**."
            if program.matching_on >= today_of(turn)
            else "People can join for the next matching. For that, type **program propose**.",
            day=say_when(turn, program.matching_on),
        ),
        buttons(
            Button("Who signed up", Action("who", "show", {"program": program.id})),
            Button("Invite people", Action("invite", "start", {"program": program.id})),
            Button("Import people", Action("roster", "start", {"program": program.id})),
        ),
    )


def where_card(program: Program) -> Card:
    return card(
        "Where should I announce it?",
        text(
            "Go to the channel where people should hear of **{program}** and type there: "
            "/mentor program open {program}\n"
            "Where there is no /mentor, mention me instead: @Flipside program open {program}",
            program=program.name,
        ),
        buttons(Button("Open without announcing", Action("opening", "quietly", {"program": program.id}))),
    )


def private_card(program: Program) -> Card:
    return card(
        "This channel is private",
        text("I can only write here once I am a member. Type **/invite @Flipside** here first, then press the button."),
        buttons(Button("Announce here", Action("opening", "announce", {"program": program.id}), "primary")),
    )


def not_posted_card(program: Program) -> Card:
    return card(
        "The announcement could not be posted",
        text(
            "**{program}** is open, but the channel did not take my message. Invite me to the channel with "
            "**/invite @Flipside** and try again, or type /mentor program open in another channel.",
            program=program.name,
        ),
        buttons(Button("Try again", Action("opening", "announce", {"program": program.id}), "primary")),
    )


def too_late_card(program: Program) -> Card:
    return card(
        "The day of the matching has passed",
        text("Set a new one first, so that people know until when they can join **{program}**.", program=program.name),
        buttons(Button("Rhythm and dates", Action("program", "adjust", {"program": program.id}), "primary")),
    )


def really_close_card(program: Program, people: int, pairs: int) -> Card:
    return card(
        f"Close {program.name}?",
        Facts((("People", str(people)), ("Pairs that meet now", str(pairs)))),
        text("Its pairs end, check-ins stop, and everybody gets a thank-you. It cannot be opened again."),
        buttons(
            Button("Close the program", Action("opening", "closed", {"program": program.id}), "danger"),
            Button("Keep it", Action("opening", "keep", {"program": program.id})),
        ),
    )


def kept_card(program: Program) -> Card:
    return card("", text("**{program}** goes on as before.", program=program.name))


def closed_card(program: Program) -> Card:
    return card(
        f"{program.name} is closed",
        text("I thank everybody in their working hours. Nothing else is sent about it any more."),
        buttons(
            Button("Report", Action("report", "show", {"program": program.id}), "primary"),
            Button("Who would do it again", Action("closing", "who_again", {"program": program.id})),
            Button("New program", Action("program", "create")),
        ),
    )


def closed_already_card(program: Program) -> Card:
    return card(
        f"{program.name} has ended",
        text("It is closed, and everybody was thanked. A new run is a new program."),
        buttons(Button("New program", Action("program", "create"))),
    )
