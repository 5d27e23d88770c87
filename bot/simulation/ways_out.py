"""How somebody pauses, leaves, changes the rhythm, or asks for a new partner; and notes it for the judge."""

import random
from datetime import timedelta

from bot.clock import Clock
from bot.simulation.chronicle import Chronicle, Pause
from bot.simulation.daylight import Workplace
from bot.simulation.visit import Visitor, all_buttons, button_to
from conversations.cards import Button, Card

# The quick buttons of the pause card, in weeks; other lengths take the form.
QUICK = (1, 2, 4)
# Out of those who press "New partner" or "Stop", so many mean it.
MEANS_IT = 0.75


class WaysOut:
    """`pairs`: the ids of this person's pairs, as their own introductions said.

    `who`: their work e-mail, and when they work.
    """

    def __init__(
        self,
        who: tuple[str, Workplace],
        chance: random.Random,
        visitor: Visitor,
        clock: Clock,
        chronicle: Chronicle,
    ) -> None:
        self.pairs: set[int] = set()
        self._email, self._work = who
        self._chance = chance
        self._visitor = visitor
        self._clock = clock
        self._chronicle = chronicle

    async def pause(self, weeks: int) -> None:
        shown = await self._visitor.command("pause")
        back_on = self._work.local_day(self._clock.now()) + timedelta(weeks=weeks)
        if weeks in QUICK:
            button = next(
                (one for one in _buttons(shown, "pause.weeks") if str(one.action.args["weeks"]) == str(weeks)), None
            )
            done = await self._visitor.press(button) if button else None
        else:
            other = button_to(shown, "pause.other")
            done = await self._visitor.press(other, {"back": back_on.isoformat()}) if other else None
        # A pause beyond the end of the program is refused.
        if button_to(done, "pause.back"):
            self._chronicle.pauses.append(Pause(self._email, self._clock.now(), back_on))

    async def leave(self) -> None:
        button = button_to(await self._visitor.command("leave"), "leaving.leave")
        if button is None:
            return
        await self._visitor.press(button)
        self._left()

    async def another_rhythm(self, card: Card | None = None, pair: int = 0) -> None:
        """By the button of a card, or by the command; with several pairs that one asks which."""
        also = {"days": self._chance.choice(("28", "28", "7"))}
        shown = card or await self._visitor.command("rhythm", also)
        button = button_to(shown, "rhythm.start", pair)
        if button is not None:
            pair = int(button.action.args["pair"])
            await self._visitor.press(button, also)
        for each in {pair} if pair else self.going_on():
            self._chronicle.rhythms_changed.setdefault(each, self._clock.now())

    async def part(self, card: Card, step: str, pair: int) -> None:
        """`step`: `new_partner` or `stop`."""
        button = button_to(card, f"parting.{step}", pair)
        asked = await self._visitor.press(button) if button else None
        yes = button_to(asked, "parting.yes_new" if step == "new_partner" else "parting.yes_stop")
        keep = button_to(asked, "parting.keep")
        if yes is None or keep is None:
            return
        if self._chance.random() >= MEANS_IT:
            await self._visitor.press(keep)
            return
        await self._visitor.press(yes)
        self._chronicle.end(pair, self._clock.now())
        if step == "stop" and not self.going_on():
            self._left()

    def going_on(self) -> set[int]:
        return self.pairs - self._chronicle.ended.keys()

    def _left(self) -> None:
        now = self._clock.now()
        self._chronicle.left.setdefault(self._email, now)
        for pair in self.pairs:
            self._chronicle.end(pair, now)


def _buttons(card: Card | None, step: str) -> list[Button]:
    return [button for button in all_buttons(card) if button.action.name == step] if card else []
