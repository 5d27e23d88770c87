"""The second coordinator, without whom no pairs are published: takes the requests for help."""

from datetime import datetime

from adapters.platform import Profile
from bot.clock import Clock
from bot.simulation.agenda import Agenda
from bot.simulation.coordinator import DEPUTY_EMAIL, DEPUTY_NAME, SOLVING, THINKING, WORKPLACE
from bot.simulation.platform import SimulatedPlatform
from bot.simulation.visit import Visitor, button_to
from conversations.cards import Button, Card


class Deputy:
    """Takes each request, and has settled it a day later."""

    def __init__(self, platform: SimulatedPlatform, agenda: Agenda, clock: Clock) -> None:
        self._agenda = agenda
        self._clock = clock
        self._visitor = Visitor(platform, DEPUTY_EMAIL, {})

    def profile(self) -> Profile:
        return Profile(DEPUTY_NAME, DEPUTY_EMAIL, DEPUTY_EMAIL, WORKPLACE.timezone, member=True)

    def receives(self, ref: str, card: Card) -> None:
        if request := button_to(card, "need.take"):
            self._at(self._clock.now() + THINKING, request)

    def reads_in_channel(self, card: Card) -> None:
        """The announcement."""

    def sees_edited(self, ref: str, card: Card) -> None:
        """What they take themselves they have on the screen already."""

    def _at(self, moment: datetime, button: Button) -> None:
        async def done() -> None:
            shown = await self._visitor.press(button)
            if settled := button_to(shown, "need.done"):
                self._at(self._clock.now() + SOLVING, settled)

        self._agenda.add(WORKPLACE.when_at_work(moment, 60), DEPUTY_EMAIL, done)
