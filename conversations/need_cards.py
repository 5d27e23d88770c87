"""Asking for help: which kind, who will read it, and what the coordinators see of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.actions import Action
from conversations.cards import Button, Card, ChatButton, Text, buttons, card, quiet, text
from conversations.contacts import Contact
from conversations.content import Content
from conversations.forms import Choice, Field, Form, Option, Paragraph
from conversations.people_words import listed
from storage.tables import HelpRequest, Pair, Person

KINDS = {"scheduling": "finding a time", "topics": "what to talk about", "pairing": "the pairing itself"}
NOT_ABOUT_A_PAIR = "0"


@dataclass(frozen=True, slots=True)
class Request:
    """A request for help as its card shows it. `partner` and `taker` are empty when there is none."""

    row: HelpRequest
    who: Contact
    first: str
    program: str
    partner: str = ""
    taker: str = ""


# For whoever asks -------------------------------------------------------------------------------------------------


def kinds_card(pair: int) -> Card:
    about = {"pair": pair}
    return card(
        "What would help?",
        text("Choose what it is about. Before you send anything, I show you who will read it."),
        buttons(
            Button("Finding a time", Action("need", "about", {**about, "kind": "scheduling"})),
            Button("What to talk about", Action("need", "talk", about)),
            Button("The pairing itself", Action("need", "about", {**about, "kind": "pairing"})),
            Button("Something serious", Action("need", "serious", about)),
        ),
    )


def talk_card(pair: int) -> Card:
    return card(
        "What to talk about",
        text("I have three topics for you right now, each with a question to begin with. Or ask a coordinator."),
        buttons(
            Button("Give me three topics", Action("topics", "show", {"pair": pair}), "primary"),
            Button("Ask a coordinator", Action("need", "about", {"pair": pair, "kind": "topics"})),
        ),
    )


def help_form(kind: str, pair: int, readers: Sequence[Person], pairs: Sequence[tuple[Pair, Person]]) -> Form:
    """`pairs`: what it may be about, asked of somebody with several."""
    names = listed(person.name for person in readers)
    reads = "reads this, and nobody else" if len(readers) == 1 else "read this, and nobody else; one of them answers"
    words = Paragraph(
        key="words",
        label="What would help you?",
        required=False,
        hint="A sentence is plenty, and you may leave it empty.",
        max_length=1500,
    )
    which: tuple[Field, ...] = (_which(pairs),) if len(pairs) > 1 and not pair else ()
    return Form(
        "I need help",
        Action("need", "send", {"kind": kind, "pair": pair}),
        (*which, words),
        "Send",
        intro=f"About {KINDS[kind]}. {names} {reads}.",
    )


def _which(pairs: Sequence[tuple[Pair, Person]]) -> Choice:
    options = tuple(Option(str(pair.id), f"Me and {partner.name}"[:75]) for pair, partner in pairs[:9])
    everything = Option(NOT_ABOUT_A_PAIR, "Something else")
    return Choice(key="which", label="Which pair is it about?", options=(*options, everything), required=False)


def sent_card(readers: Sequence[Person]) -> Card:
    names = listed(person.name for person in readers)
    who = (
        "{names} has it and will get in touch"
        if len(readers) == 1
        else "{names} have it, and one of them will get in touch"
    )
    return card("Sent", text(f"{who}. Asking is never a bother.", names=names), _next_from_me())


def waiting_card(request: Request, again: Action) -> Card:
    """Asked before, and not done yet."""
    about = KINDS[request.row.kind]
    if request.taker:
        head = text("{taker} is taking care of your request about {about}.", taker=request.taker, about=about)
    else:
        head = text("Your request about {about} is with the coordinators; nobody has taken it yet.", about=about)
    return card("I have your request", head, text("Is there more to say?"), buttons(Button("Add something", again)))


def taker_card(taker: Contact, first: str) -> Card:
    return card(
        f"{first} is taking care of it"[:150],
        text("{taker} has taken your request and will get in touch with you.", taker=taker),
        buttons(ChatButton(f"Write to {first}"[:30], taker)),
    )


def nobody_card(coordinators: Sequence[Contact]) -> Card:
    """No coordinator can be reached through the bot: nothing is sent, and the person hears what else there is."""
    if not coordinators:
        return card(
            "I sent nothing",
            text("There is nobody I could ask for you right now. HR will know who can help."),
            quiet("Next from me: when you write."),
        )
    return card(
        "I sent nothing",
        text("I can reach no coordinator right now. A message of your own may get through:"),
        buttons(*(ChatButton(f"Write to {one.name}"[:30], one) for one in coordinators[:3])),
    )


def outside_card(coordinators: Sequence[Contact]) -> Card:
    """For somebody who takes part in nothing."""
    if not coordinators:
        return card(
            "", text("You are in no program, so there is nobody I could ask for you. Type **help** for the rest.")
        )
    return card(
        "You are in no program right now",
        text("The people who run programs here are glad to hear from you."),
        buttons(*(ChatButton(f"Write to {one.name}"[:30], one) for one in coordinators[:3])),
    )


# Something serious ------------------------------------------------------------------------------------------------


def serious_card(content: Content, contacts: Sequence[tuple[str, str]]) -> Card:
    """`contacts`: name and how to reach them, of the person's programs. Nothing is sent and nothing is written down."""
    said = [text(content.text("need.serious"), contact=name, reach=reach) for name, reach in contacts]
    mail = [Contact(name, reach) for name, reach in contacts if "@" in reach and " " not in reach]
    write = [ChatButton(f"Write to {one.name}"[:30], one) for one in mail[:3]]
    return card(
        "Something serious",
        *(said or [text(content.text("need.serious_without"))]),
        text(content.text("need.private")),
        buttons(*write) if write else None,
        quiet("Next from me: nothing about this, unless you ask me."),
    )


# For the coordinators ---------------------------------------------------------------------------------------------


def request_card(request: Request, again: int = 0) -> Card:
    """`again` 1: it rings a second time."""
    still = "Still waiting: " if again else ""
    here = {"request": request.row.id, "again": again}
    return card(
        f"{still}{request.first} asks for help",
        *_what(request),
        quiet("{first} knows who reads this, and hears who takes it.", first=request.first),
        buttons(
            Button("I'll take care of it", Action("need", "take", here), "primary"),
            ChatButton(f"Write to {request.first}"[:30], request.who),
        ),
    )


def taken_card(request: Request, again: int = 0, *, gone: bool = False) -> Card:
    """For the one who took it. `gone`: whoever asked has left the program meanwhile."""
    left = text("{first} has left the program since, so there may be nothing more to do.", first=request.first)
    here = {"request": request.row.id, "again": again}
    return card(
        "You are taking care of it",
        *_what(request),
        left if gone else None,
        buttons(
            Button("Done", Action("need", "done", here), "primary"),
            ChatButton(f"Write to {request.first}"[:30], request.who),
        ),
    )


def settled_card(request: Request) -> Card:
    """For the others, and for everybody once it is done. What was written is not shown any longer."""
    words = (
        "What {who} asked for is done." if request.row.done_at else "{taker} is taking care of what {who} asked for."
    )
    return card(
        "", text(words, taker=request.taker, who=request.who), quiet("Next from me: when somebody else needs you.")
    )


def _what(request: Request) -> tuple[Text, ...]:
    pair = "{who}, paired with {partner} in {program}," if request.partner else "{who}, in {program},"
    head = text(
        f"{pair} would like help with {KINDS[request.row.kind]}.",
        who=request.who,
        partner=request.partner,
        program=request.program,
    )
    return (head, text("“{words}”", words=request.row.words)) if request.row.words else (head,)


def _next_from_me() -> Text:
    return quiet("Next from me: who takes care of it, as soon as I know.")
