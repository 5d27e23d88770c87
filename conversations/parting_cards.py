"""What people read when a pair ends: the question before, the word after, and one neutral note for the other side."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Text, buttons, card, quiet, text
from conversations.content import Content
from conversations.people_words import first_name, listed
from storage.tables import Pair, Person, Program

MY_PROGRAM = Button("My program", Action("home", "show"))


def new_partner_card(content: Content, pair: Pair, partner: Person, program: Program, late: str) -> Card:
    """Before the second click. `late`: the day on which the program ends, when that is too soon for a new pair."""
    here = {"pair": pair.id}
    too_late = text(
        "**{program}** ends on {day}, which is too soon to begin well with somebody new. You can still end this pair.",
        program=program.name,
        day=late,
    )
    return card(
        f"A new partner instead of {first_name(partner)}?",
        text("No reason is needed. Your pair ends, and you come first in the next matching.") if not late else too_late,
        _neutral(content, partner),
        outside_contact(program),
        buttons(
            Button("End this pair" if late else "Find me a new partner", Action("parting", "yes_new", here), "primary"),
            Button("Keep meeting", Action("parting", "keep", here)),
            Button("Pause instead", Action("pause", "start")),
        ),
    )


def stop_card(content: Content, pair: Pair, partner: Person, program: Program, others: int) -> Card:
    """Before the second click. `others`: how many more pairs this person has in the program."""
    here = {"pair": pair.id}
    last = text("Your pair ends, and you leave **{program}**. No reason is needed.", program=program.name)
    more = text("This pair ends. No reason is needed, and your other meetings go on as before.")
    return card(
        f"Stop meeting with {first_name(partner)}?",
        more if others else last,
        _neutral(content, partner),
        outside_contact(program),
        buttons(
            Button("Stop", Action("parting", "yes_stop", here), "danger"),
            Button("Keep meeting", Action("parting", "keep", here)),
            Button("Pause instead", Action("pause", "start")),
        ),
    )


def parted_card(content: Content, partner: Person, program: Program, what_next: Text) -> Card:
    """To whoever ended it: done, and what happens next."""
    return card(
        "Your pair has ended",
        text("You are not paired with {partner} any more. Nobody is told why.", partner=partner.name),
        _neutral(content, partner),
        outside_contact(program),
        buttons(MY_PROGRAM),
        what_next,
    )


def keep_card(partner: Person, ahead: Text) -> Card:
    words = text("Good. You and {partner} go on as before, and nobody knows that you asked.", partner=partner.name)
    return card("", words, ahead)


def over_card(ahead: Text) -> Card:
    """An older button of a pair that has ended."""
    return card("", text("That pair has already ended; there is nothing left to do."), ahead)


def note_card(content: Content, program: Program, others: Sequence[str], late: str) -> Card:
    """The neutral note, the same whatever the cause. `others`: with whom it goes on; `late`: see new_partner_card."""
    words = content.text("parting.note_one_of_several" if others else "parting.note")
    go_on = text("With {others} everything goes on as before.", others=listed(others)) if others else None
    return card(
        "A change of partner",
        text(words, program=program.name),
        go_on,
        text(content.text("parting.late" if late else "parting.first_place"), day=late),
        _ways_on(program),
        _after_the_note(others, late),
    )


def before_card(content: Content, program: Program, others: Sequence[str], late: str) -> Card:
    """The same for somebody who had a match and was not introduced to them yet."""
    return card(
        "A change before your introduction",
        text(content.text("parting.before"), program=program.name),
        text(content.text("parting.late" if late else "parting.first_place"), day=late),
        _ways_on(program),
        _after_the_note(others, late),
    )


def rematch_card(pair: Pair, mentor: Person, mentee: Person, day: str) -> Card:
    """To the coordinator, before the second click."""
    here = {"pair": pair.id}
    return card(
        "Find both a new partner?",
        text("The pair of {mentor} and {mentee} ends.", mentor=mentor.name, mentee=mentee.name),
        text(
            "Both read the same neutral note on {day}, without a reason and without your name, and come first in the "
            "next matching. Until then neither notices a difference.",
            day=day,
        ),
        buttons(
            Button("Re-match", Action("parting", "yes_rematch", here), "primary"),
            Button("Leave it", Action("parting", "leave_it", here)),
        ),
    )


def rematched_card(program: Program, day: str) -> Card:
    return card(
        "Both come first in the next matching",
        text("Both hear of it on {day}. After that, propose new pairs.", day=day),
        buttons(Button("Status", Action("status", "show", {"program": program.id}))),
        quiet("Next from me: the usual daily digest, if there is something in it."),
    )


def left_as_it_is_card() -> Card:
    return card("", text("The pair goes on as before. Nobody was told anything. Type **program status** to see all."))


def outside_contact(program: Program) -> Block | None:
    """Somebody outside every reporting line."""
    if not program.contact_name:
        return None
    return text(
        "Would you rather talk to somebody outside your reporting line? {name}, {reach}.",
        name=program.contact_name,
        reach=program.contact_reach or "see your company directory",
    )


def neutral_words(content: Content, partners: Sequence[str]) -> Text:
    return text(content.text("parting.what_they_read"), partner=listed(partners))


def _neutral(content: Content, partner: Person) -> Text:
    return neutral_words(content, [first_name(partner)])


def _ways_on(program: Program) -> Block:
    return buttons(MY_PROGRAM, Button("Leave the program", Action("leaving", "start", {"program": program.id})))


def _after_the_note(others: Sequence[str], late: str) -> Text:
    if others:
        return quiet("Next from me: my usual check-in about the others.")
    if late:
        return quiet("Next from me: {day}, when the program closes.", day=late)
    return quiet("Next from me: when there is a match for you.")
