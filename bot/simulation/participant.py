"""An employee who signs up, meets somebody, and answers what they are asked in their own way."""

import random
from datetime import datetime, timedelta

from adapters.platform import Profile
from bot.clock import Clock
from bot.population import Employee
from bot.simulation import habits
from bot.simulation.agenda import Agenda, Deed
from bot.simulation.check_in_answers import CheckInAnswers, question_of
from bot.simulation.platform import SimulatedPlatform
from bot.simulation.reactions import Reactions
from bot.simulation.visit import Visitor, all_buttons, button_to, required_button
from bot.simulation.ways_out import WaysOut
from conversations.cards import Card
from conversations.events import OpenedHome

# People hear of a program over two weeks, while sign-up is open for three.
SIGN_UP_MINUTES = 14 * 24 * 60
# Chances: after an answer they look at home, ask for topics, or record a session of last week by themselves.
LOOKS_AT_HOME, WANTS_TOPICS, RECORDS_A_SESSION = 0.05, 0.06, 0.03
# Some who let the question after two ignored rounds pass write again, weeks later and about something else.
WRITES_AGAIN, WEEKS_OF_SILENCE = 0.3, (3, 9)
NEEDS = ("need.about", "need.talk", "need.serious")


class Participant:
    """Acts on what is on the screen, as a person does, and only in their own working hours.

    `names`: the colleague whom they name as soon as they have joined, and that one's role.
    """

    def __init__(
        self, employee: Employee, seed: int, platform: SimulatedPlatform, agenda: Agenda, clock: Clock
    ) -> None:
        self.employee = employee
        self.names: tuple[str, str] | None = None
        # Ids of the check-ins that this person was asked, and of those that they answered.
        self.asked: set[str] = set()
        self.answered: set[str] = set()
        self._chance = random.Random(f"{seed}/{employee.email}")
        self.habit = habits.habit(self._chance)
        self.work = habits.workplace(employee, self._chance)
        self.door = habits.door(self._chance)
        self._intends = habits.intentions(self._chance)
        self._agenda = agenda
        self._clock = clock
        self._chronicle = platform.chronicle
        visitor = Visitor(platform, employee.email, habits.wishes(employee, self.work))
        self._visitor = visitor
        self._ways_out = WaysOut((employee.email, self.work), self._chance, visitor, clock, self._chronicle)
        self._check_ins = CheckInAnswers((self.habit, seed), self._chance, visitor, self._ways_out, clock)
        self._reactions = Reactions(self.habit, self._chance, visitor, self._ways_out, self._chronicle)
        # Cards that this person means to answer, as they look now.
        self._on_screen: dict[str, Card] = {}

    @property
    def joined(self) -> bool:
        """The second screen was taken."""
        return "agreement" in self._visitor.typed

    @property
    def told_hours_at(self) -> datetime | None:
        """Until then the bot knows only what is usual."""
        return self._chronicle.joined.get(self.employee.email)

    def profile(self) -> Profile:
        who = self.employee
        return Profile(who.name, who.email, who.email, who.timezone, member=True)

    def reads_in_channel(self, card: Card) -> None:
        if self.door not in habits.BY_THEMSELVES or self.joined or button_to(card, "sign_up.start") is None:
            return
        self._later(timedelta(minutes=self._chance.randrange(10, SIGN_UP_MINUTES)), lambda: self._join(card))

    def receives(self, ref: str, card: Card) -> None:
        self._notes(card)
        will = self._will(card)
        if will is None or self._chance.random() >= will:
            return
        self._on_screen[ref] = card
        hours = self._chance.uniform(*self.habit.hours)
        self._later(timedelta(hours=hours), lambda: self._answer(ref))

    def sees_edited(self, ref: str, card: Card) -> None:
        if ref in self._on_screen:
            self._on_screen[ref] = card

    def _notes(self, card: Card) -> None:
        """What a card means for this person, whether they do something about it or not."""
        if button_to(card, "silence.carry_on"):
            self._chronicle.silences[self.employee.email].append(self._clock.now())
            if self._chance.random() < WRITES_AGAIN:
                weeks = self._chance.randint(*WEEKS_OF_SILENCE)
                self._later(timedelta(weeks=weeks), self._asks_for_topics)
        if guide := button_to(card, "introduction.guide"):
            if not self._ways_out.pairs:
                self._begin_with_a_partner()
            self._ways_out.pairs.add(int(guide.action.args["pair"]))

    def _will(self, card: Card) -> float | None:
        """The chance to do something about it; None when there is nothing to do."""
        question = question_of(card)
        if question is None:
            reaction = self._reactions.to(card)
            return reaction.will if reaction else None
        check_in = str(question.action.args["check_in"])
        reminded = check_in in self.asked
        self.asked.add(check_in)
        if check_in in self.answered:
            return None
        return self.habit.answers_reminder if reminded else self.habit.answers

    def _begin_with_a_partner(self) -> None:
        plans = self._intends
        if plans.pause_after:
            self._later(plans.pause_after, lambda: self._ways_out.pause(plans.pause_weeks))
        if plans.leave_after:
            self._later(plans.leave_after, self._ways_out.leave)
        if plans.need_after:
            self._later(plans.need_after, self._asks_for_help)

    def _later(self, wait: timedelta, deed: Deed) -> None:
        self._agenda.add(self._at_work(self._clock.now() + wait), self.employee.email, deed)

    def _at_work(self, moment: datetime) -> datetime:
        return self.work.when_at_work(moment, self._chance.randrange(5, 150, 5))

    async def _join(self, announcement: Card) -> None:
        match self.door:
            case "announcement":
                await self._visitor.press(required_button(announcement, "sign_up.start"))
            case "home":
                home = await self._visitor.act(OpenedHome())
                await self._visitor.press(required_button(home, "sign_up.start"))
            case _:
                await self._visitor.command("join")
        if self.names:
            await self._visitor.command("nominate", dict(zip(("person", "role"), self.names, strict=True)))

    async def _answer(self, ref: str) -> None:
        """The card as it looks by now: it may have been settled elsewhere."""
        card = self._on_screen.pop(ref)
        question = question_of(card)
        if question is None:
            if reaction := self._reactions.to(card):
                await reaction.deed(card)
            return
        if await self._check_ins.answer(card):
            self.answered.add(str(question.action.args["check_in"]))
        await self._by_themselves()

    async def _by_themselves(self) -> None:
        """While they are at it."""
        if self._chance.random() < LOOKS_AT_HOME:
            await self._visitor.act(OpenedHome())
        if self._chance.random() < WANTS_TOPICS:
            await self._asks_for_topics()
        if self._chance.random() < RECORDS_A_SESSION:
            self._later(timedelta(days=self._chance.randrange(3, 9)), self._record_a_session)

    async def _asks_for_topics(self) -> None:
        card = await self._visitor.command("topics")
        if others := button_to(card, "topics.others"):
            await self._visitor.press(others)

    async def _asks_for_help(self) -> None:
        kinds = await self._visitor.command("need help")
        found = [button for button in all_buttons(kinds) if button.action.name in NEEDS] if kinds else []
        if found:
            await self._visitor.press(
                self._chance.choice(found), {"words": "We do not find a time that suits us both."}
            )

    async def _record_a_session(self) -> None:
        card = await self._visitor.command("met")
        which = button_to(card, "met.start")
        if which is not None:
            await self._visitor.press(which)
