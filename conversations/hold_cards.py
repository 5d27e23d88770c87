"""What coordinators read when a program is put on hold, and when it goes on."""

from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, quiet, text
from storage.tables import Person, Program


def held_card(program: Program) -> Card:
    return card(
        f"{program.name} is on hold",
        text(
            "From now on nobody gets anything unasked about it: no question, no reminder, no introduction. "
            "People can still write to me, and everything they have stays as it is."
        ),
        text("Questions and reminders of that time are dropped. Only introductions come later."),
        buttons(_go_on(program)),
        quiet("Next from me: nothing, until somebody lets it go on."),
    )


def held_already_card(program: Program, since: str) -> Card:
    return card("", text("**{program}**: {since}.", program=program.name, since=since), buttons(_go_on(program)))


def nothing_to_hold_card(program: Program) -> Card:
    words = "is still being prepared" if program.status == "draft" else "has ended"
    return card("", text("**{program}** {words}, so I send nothing about it.", program=program.name, words=words))


def resumed_card(program: Program, introductions: int, *, matching_passed: bool) -> Card:
    return card(
        f"{program.name} goes on",
        text("From today on I ask and remind as before. What fell into the hold does not come later."),
        text("Introductions that had not gone out come in the next working days.") if introductions else None,
        text("The day of the matching has passed meanwhile, and people wait for a new one.")
        if matching_passed
        else None,
        buttons(
            *(
                [Button("Rhythm and dates", Action("program", "adjust", {"program": program.id}), "primary")]
                if matching_passed
                else []
            ),
            Button("Status", Action("status", "show", {"program": program.id})),
        ),
        quiet("Next from me: when something needs you."),
    )


def outlasted_card(program: Program, ends_on: str) -> Card:
    """Going on would end it overnight, and everybody would get the last word."""
    here = {"program": program.id}
    return card(
        f"{program.name} is still on hold",
        text("Its last day, {day}, fell into the hold. If it went on now, it would end for everybody.", day=ends_on),
        text(
            "Give it more time first, with a longer length or a later day of the first introductions, and then let it "
            "go on. Or close it."
        ),
        buttons(
            Button("Rhythm and dates", Action("program", "adjust", here), "primary"),
            Button("Close the program", Action("opening", "close", here)),
        ),
        quiet("Next from me: nothing, until you choose."),
    )


def not_held_card(program: Program) -> Card:
    return card(
        "",
        text("**{program}** is not on hold.", program=program.name),
        buttons(Button("Status", Action("status", "show", {"program": program.id}))),
    )


def told_of_hold_card(program: Program, by: Person) -> Card:
    """To the other coordinators."""
    return card(
        f"{program.name} is on hold",
        text(
            "{name} put it on hold. Nobody gets anything unasked about it until one of you lets it go on.", name=by.name
        ),
        buttons(_go_on(program)),
        quiet("Next from me: when it goes on."),
    )


def told_of_resuming_card(program: Program, by: Person) -> Card:
    """To the other coordinators."""
    return card(
        f"{program.name} goes on",
        text("{name} let it go on. What fell into the hold does not come later.", name=by.name),
        buttons(Button("Status", Action("status", "show", {"program": program.id}))),
        quiet("Next from me: when something needs you."),
    )


def _go_on(program: Program) -> Button:
    return Button("Go on", Action("hold", "resume", {"program": program.id}), "primary")
