"""One turn: finds the step, runs it, and writes down what it returned. Plain functions in one unit of work."""

from dataclasses import dataclass
from datetime import datetime

from bot.posting import Posted, post
from bot.routing import Routed, Router, UnknownStep
from conversations.apologies import for_coordinators
from conversations.content import Content
from conversations.events import Consulted, Due, Event
from conversations.flow import Turn
from conversations.replies import Reply, Say
from storage.store import Store
from storage.tables import Person


@dataclass(frozen=True, slots=True)
class House:
    """What every turn needs besides its own: the steps and the texts. `suggests`: a topic server is set up."""

    router: Router
    content: Content
    suggests: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Whose turn it is."""

    person: Person
    coordinator: bool


@dataclass(frozen=True, slots=True)
class Occasion:
    """What happened and where it leads. `id` is unique: replies without a key of their own are keyed by it."""

    event: Event
    routed: Routed
    id: str


def take_turn(house: House, store: Store, actor: Actor, occasion: Occasion, now: datetime) -> Posted:
    """Raises UnknownStep, BadArguments, NotYours, and whatever is wrong in a step."""
    event, routed = occasion.event, occasion.routed
    step = house.router.step(routed.action)
    if step.clock_only and not isinstance(event, Due | Consulted):
        raise UnknownStep(routed.action.name)
    if not isinstance(event, Due | Consulted):
        store.people.wrote(actor.person, now)
    turn = Turn(
        event=event,
        action=routed.action,
        person=actor.person,
        store=store,
        now=now,
        content=house.content.speaking(actor.person.locale),
        coordinator=actor.coordinator,
        words=routed.words,
        commands=house.router.commands,
        suggests=house.suggests,
    )
    if (step.coordinators_only or routed.coordinators_only) and not actor.coordinator:
        # Somebody who is no coordinator any more asked for nothing when the clock comes: no answer then.
        refusal: list[Reply] = [] if isinstance(event, Due) else [Say(for_coordinators())]
        return post(turn, refusal, occasion.id)
    return post(turn, step(turn), occasion.id)
