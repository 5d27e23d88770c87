"""An employee who signs up, meets somebody, and answers check-ins in their own way."""

import random
from datetime import datetime, timedelta
from itertools import count

from adapters.platform import Profile
from bot.clock import Clock
from bot.population import Employee
from bot.simulation import habits
from bot.simulation.agenda import Agenda, Deed
from bot.simulation.platform import SimulatedPlatform
from bot.simulation.visit import Visitor, all_buttons, button_to, required_button
from conversations.cards import Button, Card
from conversations.events import OpenedHome

STATES = ("met", "date_set", "not_yet", "skip")
# People hear of a program over two weeks, while sign-up is open for three.
SIGN_UP_MINUTES = 14 * 24 * 60
# How they come to sign up: the announcement's button, the command, the bot's home.
DOORS = {"announcement": 60, "command": 30, "home": 10}
# Chances: after an answer they look at home, or record a session of last week by themselves.
LOOKS_AT_HOME, RECORDS_A_SESSION = 0.05, 0.03


class Participant:
    """Acts on what is on the screen, as a person does, and only in their own working hours."""

    def __init__(
        self, employee: Employee, seed: int, platform: SimulatedPlatform, agenda: Agenda, clock: Clock
    ) -> None:
        self.employee = employee
        self.joined = False
        # Ids of the check-ins that this person was asked, and of those that they answered.
        self.asked: set[str] = set()
        self.answered: set[str] = set()
        self._chance = random.Random(f"{seed}/{employee.email}")
        self._seed = seed
        self.habit = habits.habit(self._chance)
        self.work = habits.workplace(employee, self._chance)
        self._agenda = agenda
        self._clock = clock
        self._wishes = dict(habits.wishes(employee, self.work))
        self._visitor = Visitor(platform, employee.email, self._wishes)
        self._notes = count(1)
        # Cards that this person means to answer, as they look now.
        self._on_screen: dict[str, Card] = {}

    def profile(self) -> Profile:
        who = self.employee
        return Profile(who.name, who.email, who.email, who.timezone, member=True)

    def reads_in_channel(self, card: Card) -> None:
        if self.joined or button_to(card, "sign_up.start") is None:
            return
        door = self._chance.choices(list(DOORS), list(DOORS.values()))[0]
        self._later(timedelta(minutes=self._chance.randrange(10, SIGN_UP_MINUTES)), lambda: self._join(door, card))

    def receives(self, ref: str, card: Card) -> None:
        question = next((button for button in all_buttons(card) if _is_answer(button.action.name)), None)
        if question is None:
            return
        check_in = str(question.action.args["check_in"])
        reminded = check_in in self.asked
        self.asked.add(check_in)
        will = self.habit.answers_reminder if reminded else self.habit.answers
        if check_in in self.answered or self._chance.random() >= will:
            return
        self._on_screen[ref] = card
        hours = self._chance.uniform(*self.habit.hours)
        self._later(timedelta(hours=hours), lambda: self._answer(ref, check_in))

    def sees_edited(self, ref: str, card: Card) -> None:
        if ref in self._on_screen:
            self._on_screen[ref] = card

    def _later(self, wait: timedelta, deed: Deed) -> None:
        self._agenda.add(self._at_work(self._clock.now() + wait), self.employee.email, deed)

    def _at_work(self, moment: datetime) -> datetime:
        return self.work.when_at_work(moment, self._chance.randrange(5, 150, 5))

    async def _join(self, door: str, announcement: Card) -> None:
        match door:
            case "announcement":
                await self._visitor.press(required_button(announcement, "sign_up.start"))
            case "home":
                home = await self._visitor.act(OpenedHome())
                await self._visitor.press(required_button(home, "sign_up.start"))
            case _:
                await self._visitor.command("join")
        # The second screen was taken.
        self.joined = "agreement" in self._visitor.typed

    async def _answer(self, ref: str, check_in: str) -> None:
        """Every pair of the card, then perhaps a note, and perhaps the line is shared."""
        card: Card | None = self._on_screen.pop(ref)
        for pair in _pairs_asked(card):
            state = habits.says(self._seed, pair, self._clock.now().date(), self._chance)
            button = _button_for(card, state, pair)
            if button is not None:
                card = await self._visitor.press(button)
                self.answered.add(check_in)
        await self._write_a_note(card)
        if self._chance.random() < LOOKS_AT_HOME:
            await self._visitor.act(OpenedHome())
        if self._chance.random() < RECORDS_A_SESSION:
            self._later(timedelta(days=self._chance.randrange(3, 9)), self._record_a_session)

    async def _write_a_note(self, card: Card | None) -> None:
        note = button_to(card, "check_in.note")
        if note is None or self._chance.random() >= self.habit.writes_notes:
            return
        # No two of somebody's notes read the same.
        self._wishes["learned"] = f"Lesson {next(self._notes)}: one thing that I will try next week"
        card = await self._visitor.press(note)
        share = button_to(card, "check_in.share")
        if share is not None and self._chance.random() < self.habit.shares_notes:
            await self._visitor.press(share)

    async def _record_a_session(self) -> None:
        card = await self._visitor.command("met")
        which = button_to(card, "met.start")
        if which is not None:
            await self._visitor.press(which)


def _is_answer(step: str) -> bool:
    flow, _, name = step.partition(".")
    return flow == "check_in" and name in STATES


def _pairs_asked(card: Card | None) -> list[str]:
    """The pairs with buttons still to press, in the order of the card."""
    found = [button for button in all_buttons(card) if _is_answer(button.action.name)] if card else []
    return list(dict.fromkeys(str(button.action.args["pair"]) for button in found))


def _button_for(card: Card | None, state: str, pair: str) -> Button | None:
    step = f"check_in.{state}"
    found = [button for button in all_buttons(card) if button.action.name == step] if card else []
    return next((button for button in found if str(button.action.args["pair"]) == pair), None)
