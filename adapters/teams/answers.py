"""What is done with the answers to an inbound: which card is shown at once, which messages are posted and edited."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.teams.cards import adaptive_card
from adapters.teams.elements import Json, envelope, rich, run
from adapters.teams.events import Incoming
from adapters.teams.forms import form_card
from conversations.events import Submitted
from conversations.replies import Ask, AtOnce, Correct, Home, Replace, Say

RECEIVED = "Thank you, got it."


@dataclass(frozen=True, slots=True)
class Post:
    """A new message in the person's own chat."""

    content: Json


@dataclass(frozen=True, slots=True)
class Edit:
    """The message `activity` in the same chat becomes this card."""

    activity: str
    content: Json


@dataclass(frozen=True, slots=True)
class Plan:
    """`shown` takes the place of the used card at once, for the person who used it; then come the steps."""

    shown: Json | None = None
    steps: tuple[Post | Edit, ...] = ()


def plan(incoming: Incoming, answers: Sequence[AtOnce]) -> Plan:
    """In a channel every answer goes to the person's own chat, and the channel's card stays as it is for the others."""
    if not incoming.personal or not incoming.card:
        return Plan(None, tuple(Post(content_of(answer)) for answer in answers))
    if isinstance(incoming.inbound.event, Submitted):
        return _after_form(incoming, answers)
    return _after_press(incoming, answers)


def content_of(answer: AtOnce, source: str = "") -> Json:
    match answer:
        case Say() | Replace() | Home():
            return adaptive_card(answer.card)
        case Ask():
            return form_card(answer.form, source)
        case Correct():
            return form_card(answer.form, source, answer.errors)


def _after_press(incoming: Incoming, answers: Sequence[AtOnce]) -> Plan:
    """The pressed card changes; a form comes below it and remembers it."""
    shown: Json | None = None
    steps: list[Post | Edit] = []
    for answer in answers:
        content = content_of(answer, incoming.card)
        if isinstance(answer, Replace):
            shown = content
            steps.append(Edit(incoming.card, content))
        else:
            steps.append(Post(content))
    return Plan(shown, tuple(steps))


def _after_form(incoming: Incoming, answers: Sequence[AtOnce]) -> Plan:
    """A correction, the next screen or the first message takes the form's place; otherwise the form closes.

    A correction holds what was typed. The client gets it in the answer to its own request and it is not stored as a
    message, unless the client is too old for that.
    """
    form, source = incoming.card, incoming.source
    shown: Json | None = None
    steps: list[Post | Edit] = []
    for answer in answers:
        content = content_of(answer, source)
        match answer:
            case Correct():
                shown = content
                if not incoming.invoke:
                    steps.append(Edit(form, content))
            case Ask():
                shown = content
                steps.append(Edit(form, content))
            case Replace() if source:
                steps.append(Edit(source, content))
            case Replace() | Say() | Home() if shown is None:
                shown = content
                steps.append(Edit(form, content))
            case Replace() | Say() | Home():
                steps.append(Post(content))
    if answers and shown is None:
        shown = envelope([rich([run(RECEIVED)])], RECEIVED)
        steps.insert(0, Edit(form, shown))
    return Plan(shown, tuple(steps))
