"""One person at the screen: does something, fills in what is asked, and sees where it leads."""

from bot.simulation.filling import Wishes, fill
from bot.simulation.platform import SimulatedPlatform
from conversations.actions import Action
from conversations.apologies import our_fault
from conversations.cards import Button, Buttons, Card
from conversations.events import Commanded, Event, Pressed, Submitted
from conversations.forms import Form, Typed
from conversations.replies import Ask, Correct, Home, Replace, Say

# Sign-up and "program create" ask for two screens in a row; more than this goes round in circles.
MOST_SCREENS = 6
NOTHING: Wishes = {}


class Stuck(Exception):
    """A person could not go on: a form that takes no answer, a missing button, or a fault of ours."""


class Refused(Stuck):
    """A form did not take what was typed."""


class Visitor:
    """`typed` keeps what was last submitted, by field key."""

    def __init__(self, platform: SimulatedPlatform, user: str, wishes: Wishes) -> None:
        self.typed: dict[str, Typed] = {}
        self._platform = platform
        self._user = user
        self._wishes = wishes

    async def command(self, words: str, also: Wishes = NOTHING) -> Card | None:
        return await self.act(Commanded(words), also=also)

    async def press(self, button: Button, also: Wishes = NOTHING) -> Card | None:
        return await self.act(Pressed(), button.action, also)

    async def try_to_press(self, button: Button) -> Card | None:
        """The same by somebody who gives up when the form refuses what they typed."""
        try:
            return await self.press(button)
        except Refused:
            return None

    async def act(self, event: Event, action: Action | None = None, also: Wishes = NOTHING) -> Card | None:
        """Everything up to the next card without a form; None when nothing is shown. `also`: wishes of the moment."""
        for _ in range(MOST_SCREENS):
            form, shown = await self._once(event, action)
            if form is None:
                return shown
            values = fill(form, {**self._wishes, **also})
            self.typed.update(values)
            event, action = Submitted(values), form.action
        raise Stuck(f"forms without end after {action.name if action else event}")

    async def _once(self, event: Event, action: Action | None) -> tuple[Form | None, Card | None]:
        form: Form | None = None
        shown: Card | None = None
        for answer in await self._platform.happens(self._user, event, action):
            match answer:
                case Ask():
                    form = answer.form
                case Correct():
                    raise Refused(f"{answer.form.title}: {dict(answer.errors)}")
                case Say():
                    shown = answer.card
                    self._platform.answered(self._user, shown)
                case Replace() | Home():
                    shown = answer.card
        if shown == our_fault():
            raise Stuck(f"a fault of ours after {action.name if action else event}")
        return form, shown


def all_buttons(card: Card) -> list[Button]:
    """The buttons that run a step, in order."""
    rows = [block.buttons for block in card.blocks if isinstance(block, Buttons)]
    return [button for row in rows for button in row if isinstance(button, Button)]


def button_to(card: Card | None, step: str, pair: int = 0) -> Button | None:
    """The first button of a card that leads to this step, such as `matching.approve`. `pair`: only for this one."""
    found = [button for button in all_buttons(card) if button.action.name == step] if card else []
    # Arguments come back from a packed card as text.
    return next((button for button in found if not pair or str(button.action.args.get("pair")) == str(pair)), None)


def required_button(card: Card | None, step: str) -> Button:
    button = button_to(card, step)
    if button is None:
        raise Stuck(f"no button leads to {step}")
    return button
