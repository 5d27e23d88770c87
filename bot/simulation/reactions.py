"""What somebody makes of the cards that are no check-in: introductions, goals, dates, pulses, and whether to go on."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.simulation.chronicle import Chronicle
from bot.simulation.habits import Habit
from bot.simulation.visit import Visitor, button_to
from bot.simulation.ways_out import WaysOut
from conversations.cards import Card

Deed = Callable[[Card], Awaitable[None]]
# Chances of those who do something at all.
BOOKS_AT_ONCE, READS_THE_GUIDE, IN_TOUCH = 0.2, 0.4, 0.3
RATES_SKILLS, WOULD_AGAIN = 0.7, 0.6
JOINS_WHEN_INVITED, DECLINES = 0.8, 0.12
MOVES_A_DATE, CALLS_A_DATE_OFF = 0.06, 0.04
# After two ignored rounds: go on, a pause, another rhythm, stop.
GOES_ON = {"carry_on": 50, "pause": 15, "rhythm": 25, "leave": 10}


@dataclass(frozen=True, slots=True)
class Reaction:
    """`will`: the chance that they do it at all."""

    will: float
    deed: Deed


class Reactions:
    """By the step of the button that tells what kind of card it is."""

    def __init__(
        self, habit: Habit, chance: random.Random, visitor: Visitor, ways_out: WaysOut, chronicle: Chronicle
    ) -> None:
        self._chance = chance
        self._visitor = visitor
        self._ways_out = ways_out
        self._chronicle = chronicle
        usual = habit.answers
        # In this order: an introduction has the buttons of a hello, too.
        self._by_step: Mapping[str, Reaction] = {
            "sign_up.leave": Reaction(0.95, self._invited),
            "introduction.guide": Reaction(usual, self._introduced),
            "hello.in_touch": Reaction(usual, self._said_hello),
            "goals.start": Reaction(usual, self._goals),
            "booking.confirm": Reaction(0.8, self._date),
            "closing.again": Reaction(usual, self._last_word),
            "pulse.start": Reaction(usual, self._pulse),
            "silence.carry_on": Reaction(habit.comes_back, self._asked_to_go_on),
        }

    def to(self, card: Card) -> Reaction | None:
        return next((reaction for step, reaction in self._by_step.items() if button_to(card, step)), None)

    async def _invited(self, card: Card) -> None:
        whim = self._chance.random()
        if whim < JOINS_WHEN_INVITED:
            await self._press(card, "sign_up.start")
        elif whim < JOINS_WHEN_INVITED + DECLINES:
            await self._press(card, "sign_up.leave")

    async def _introduced(self, card: Card) -> None:
        if self._chance.random() < READS_THE_GUIDE:
            await self._press(card, "introduction.guide")
        if self._chance.random() < IN_TOUCH:
            await self._press(card, "hello.in_touch")
        if self._chance.random() < BOOKS_AT_ONCE:
            await self._press(card, "booking.start")

    async def _said_hello(self, card: Card) -> None:
        await self._press(card, self._chance.choice(("hello.in_touch", "booking.start")))

    async def _goals(self, card: Card) -> None:
        shown = await self._press(card, "goals.start")
        if self._chance.random() < RATES_SKILLS:
            await self._press(shown, "skills.start")

    async def _date(self, card: Card) -> None:
        whim = self._chance.random()
        if whim < MOVES_A_DATE:
            await self._press(card, "booking.move")
        elif whim < MOVES_A_DATE + CALLS_A_DATE_OFF:
            await self._press(await self._press(card, "booking.call_off"), "booking.called_off")
        else:
            await self._press(card, "booking.confirm")

    async def _pulse(self, card: Card) -> None:
        if await self._press(card, "pulse.start"):
            self._chronicle.pulses_answered += 1

    async def _last_word(self, card: Card) -> None:
        await self._pulse(card)
        if self._chance.random() < WOULD_AGAIN:
            await self._press(card, "closing.again")

    async def _asked_to_go_on(self, card: Card) -> None:
        match self._chance.choices(list(GOES_ON), list(GOES_ON.values()))[0]:
            case "pause":
                await self._ways_out.pause(2)
            case "rhythm":
                await self._ways_out.another_rhythm()
            case "leave":
                await self._ways_out.leave()
            case _:
                await self._press(card, "silence.carry_on")

    async def _press(self, card: Card | None, step: str) -> Card | None:
        """None when there is no such button (any more), or the form refused what they typed."""
        button = button_to(card, step)
        return await self._visitor.try_to_press(button) if button else None
