"""How somebody answers a check-in: every pair of the card, perhaps a note, and what a quiet pair or half-time asks."""

import random
from itertools import count

from bot.clock import Clock
from bot.simulation import habits
from bot.simulation.habits import Habit
from bot.simulation.visit import Visitor, all_buttons, button_to
from bot.simulation.ways_out import WaysOut
from conversations.cards import Button, Card

STATES = ("met", "date_set", "not_yet", "skip")
# What becomes of a quiet pair that has not met, and of half-time.
QUIET = {"booking.start": 45, "rhythm.start": 12, "parting.new_partner": 8, "parting.stop": 4, "": 31}
HALF_TIME = {"half_time.carry_on": 75, "rhythm.start": 6, "parting.new_partner": 4, "parting.stop": 2, "": 13}
# After "not yet".
BOOKS_A_TIME, WANTS_A_REMINDER = 0.3, 0.15


class CheckInAnswers:
    """`who`: their habit, and the seed of the story."""

    def __init__(
        self, who: tuple[Habit, int], chance: random.Random, visitor: Visitor, ways_out: WaysOut, clock: Clock
    ) -> None:
        self._habit, self._seed = who
        self._chance = chance
        self._visitor = visitor
        self._ways_out = ways_out
        self._clock = clock
        self._notes = count(1)

    async def answer(self, card: Card | None) -> bool:
        """Tells whether any pair has got an answer."""
        answered = False
        for pair in pairs_asked(card):
            state = habits.says(self._seed, str(pair), self._clock.now().date(), self._chance)
            button = _button_for(card, state, pair)
            if button is not None:
                card = await self._visitor.press(button)
                answered = True
                await self._afterwards(card, pair)
            elif card is not None and button_to(card, "parting.stop", pair):
                await self._a_way_on(card, pair, QUIET)
        await self._write_a_note(card)
        return answered

    async def _afterwards(self, card: Card | None, pair: int) -> None:
        """What the card offers once it knows: a date, a reminder, and in the middle of the run a choice."""
        if card is not None and button_to(card, "half_time.carry_on", pair):
            await self._a_way_on(card, pair, HALF_TIME)
            return
        whim, book = self._chance.random(), button_to(card, "booking.start", pair)
        remind = button_to(card, "check_in.remind_me", pair)
        if book and whim < BOOKS_A_TIME:
            await self._visitor.try_to_press(book)
        elif remind and whim < BOOKS_A_TIME + WANTS_A_REMINDER:
            await self._visitor.press(remind)

    async def _a_way_on(self, card: Card, pair: int, ways: dict[str, int]) -> None:
        match self._chance.choices(list(ways), list(ways.values()))[0]:
            case "rhythm.start":
                await self._ways_out.another_rhythm(card, pair)
            case "parting.new_partner":
                await self._ways_out.part(card, "new_partner", pair)
            case "parting.stop":
                await self._ways_out.part(card, "stop", pair)
            case step:
                if button := button_to(card, step, pair):
                    await self._visitor.try_to_press(button)

    async def _write_a_note(self, card: Card | None) -> None:
        note = button_to(card, "check_in.note")
        if note is None or self._chance.random() >= self._habit.writes_notes:
            return
        # No two of somebody's notes read the same.
        learned = f"Lesson {next(self._notes)}: one thing that I will try next week"
        card = await self._visitor.press(note, {"learned": learned})
        share = button_to(card, "check_in.share")
        if share is not None and self._chance.random() < self._habit.shares_notes:
            await self._visitor.press(share)


def question_of(card: Card) -> Button | None:
    """The first button that answers a check-in."""
    return next((button for button in all_buttons(card) if _is_answer(button.action.name)), None)


def pairs_asked(card: Card | None) -> list[int]:
    """The pairs with buttons still to press, in the order of the card."""
    found = [button for button in all_buttons(card) if _is_answer(button.action.name)] if card else []
    return list(dict.fromkeys(int(button.action.args["pair"]) for button in found))


def _is_answer(step: str) -> bool:
    flow, _, name = step.partition(".")
    return flow == "check_in" and name in STATES


def _button_for(card: Card | None, state: str, pair: int) -> Button | None:
    return button_to(card, f"check_in.{state}", pair)
