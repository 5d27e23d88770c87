"""The other people of the demo: they answer what the bot asks them, so that a program can be played by one visitor.

Whoever the visitor has acted for even once belongs to the visitor, and answers nothing alone from then on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from adapters.web import WebPlatform
from bot.larkspur import COORDINATOR, EMPLOYEES, FIRST_SHOWN
from bot.simulation.filling import Wishes, fill
from bot.simulation.visit import button_to
from conversations.cards import Button, Card

LEFT_TO_THE_VISITOR = {*FIRST_SHOWN, *(each.user for each in EMPLOYEES if each.note == COORDINATOR)}

# Nobody answers while the card is still warm.
AFTER = timedelta(minutes=30)
# Every fourth pair never meets: the coordinator has a quiet pair to look after.
QUIET_EVERY = 4
# "Join" and "Set my goals" lead to two screens at most.
MOST_SCREENS = 2

# What colleagues press when they are asked, the first that a card offers.
OTHER_STEPS = (
    *("sign_up.start", "asking.accept", "goals.start", "hello.in_touch", "pulse.start", "closing.again"),
    "silence.carry_on",
)

GOALS = (
    "Try one new tool a week, and keep the one that saves time.",
    "Understand how decisions are made two floors up.",
    "Say it early when something will not work.",
    "Read our figures without asking for help.",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card that somebody has not looked at yet."""

    user: str
    message: str
    card: Card
    since: datetime


class Colleagues:
    """Reads what arrives for the others. `answer` lets those do something whose card has lain there long enough."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._waiting: list[Waiting] = []
        self._turn = count()

    def receive(self, user: str, message: str, card: Card) -> None:
        if user not in LEFT_TO_THE_VISITOR:
            self._waiting.append(Waiting(user, message, card, self._now()))

    async def answer(self, playground: WebPlatform) -> None:
        ripe = [each for each in self._waiting if each.since + AFTER <= self._now()]
        self._waiting = [each for each in self._waiting if each not in ripe]
        for each in ripe:
            button = _choice(each.card)
            if button is not None and not playground.is_visited(each.user):
                await self._press(playground, each, button)

    async def _press(self, playground: WebPlatform, on: Waiting, button: Button) -> None:
        actor = playground.actor(on.user)
        await actor.presses(button.action, on.message)
        for _ in range(MOST_SCREENS):
            if actor.form is None:
                return
            await actor.submits(fill(actor.form, self._wishes()))
        actor.closes()

    def _wishes(self) -> Wishes:
        """Answers that differ from one to the next, the same in every demo."""
        number = next(self._turn)
        scores = {key: str(3 + (number + place) % 3) for place, key in enumerate(("often", "useful", "openly"))}
        return {**scores, "goal_1": GOALS[number % len(GOALS)], "agreement": ("agreed",)}


def _choice(card: Card) -> Button | None:
    asked = button_to(card, "check_in.met")
    if asked is not None:
        quiet = int(asked.action.args["pair"]) % QUIET_EVERY == 0
        return button_to(card, "check_in.not_yet") if quiet else asked
    return next(filter(None, (button_to(card, step) for step in OTHER_STEPS)), None)
