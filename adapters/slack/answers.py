"""What the bot answers to an event: as far as possible in the acknowledgement, the rest right after it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import cards, forms
from adapters.slack.api import FAILURES, code_of, reason
from adapters.slack.events import AGAIN, Received
from adapters.slack.people import People
from adapters.slack.pictures import upload
from adapters.slack.rich_text import Json
from adapters.slack.sending import edit, outcome, post
from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, text
from conversations.events import Commanded, Pressed, Submitted
from conversations.forms import Form, PersonPick
from conversations.replies import Ask, AtOnce, Correct, Home, Replace, Say

log = logging.getLogger("flipside.slack")

# A trigger lives 3 seconds and opens one modal.
NO_TRIGGER = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger", "invalid_trigger_id"}
LONGEST_PAUSE = 30.0  # seconds to wait after a 429 before an answer is given up
NOT_KNOWN = "Slack could not tell me who that is just now. Please press the button once more."
NO_EMAIL = "Slack shows me no work e-mail for this account. Please pick somebody else."


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The body of the acknowledgement (empty: just taken), and the answers that are not in it."""

    body: Json
    rest: tuple[AtOnce, ...]


class Answers:
    """Performs the answers of a turn on the event that caused it."""

    def __init__(self, client: AsyncWebClient, people: People) -> None:
        self._client = client
        self._people = people
        self._own_chats: set[str] = set()

    def learn(self, received: Received) -> None:
        """Only events say which direct messages are with the bot; people open one before they type there."""
        if received.inbound.address.route:
            self._own_chats.add(received.inbound.address.route)

    async def acknowledgement(self, received: Received, answers: Sequence[AtOnce], late: bool) -> Acknowledgement:
        """`late`: Slack has given up waiting, so that nobody would see what the acknowledgement holds."""
        match received.inbound.event:
            case Submitted():
                return await self._next_screen(received, answers)
            case Commanded() if received.response_url and not received.origin.seen_by and not late:
                return _said_at_once(answers, self._seen_by(received))
            case _:
                return Acknowledgement({}, tuple(answers))

    async def perform(self, received: Received, answers: Sequence[AtOnce]) -> None:
        for answer in answers:
            try:
                await self._patiently(received, answer)
            except FAILURES as error:
                log.warning("answer not shown: %s %s", type(answer).__name__, reason(error))

    async def _patiently(self, received: Received, answer: AtOnce) -> None:
        """Once more after a 429, which proves that nothing was taken. The rest may be lost: asking again is safe."""
        try:
            await self._perform(received, answer)
        except FAILURES as error:
            pause = getattr(outcome(error), "retry_after", None)
            if pause is None or pause > LONGEST_PAUSE:
                raise
            await asyncio.sleep(pause)
            await self._perform(received, answer)

    async def _perform(self, received: Received, answer: AtOnce) -> None:
        match answer:
            case Say():
                await self._say(received, answer.card)
            case Replace():
                await self._replace(received, answer.card)
            case Ask():
                await self._ask(received, answer.form, {})
            case Correct():
                await self._ask(received, answer.form, answer.errors)
            case Home():
                view = cards.home(answer.card, await upload(self._client, answer.card))
                await self._client.views_publish(user_id=received.inbound.address.user, view=view)

    async def _next_screen(self, received: Received, answers: Sequence[AtOnce]) -> Acknowledgement:
        """A form is answered by its next screen or by what is wrong; without either the modal closes."""
        for answer in answers:
            rest = tuple(other for other in answers if other is not answer)
            match answer:
                case Ask():
                    view = await self._view(received, answer.form, {})
                    return Acknowledgement({"response_action": "update", "view": view}, rest)
                case Correct() if answer.errors and set(answer.errors) <= received.on_screen:
                    # Slack itself keeps what was typed.
                    return Acknowledgement({"response_action": "errors", "errors": dict(answer.errors)}, rest)
                case Correct():
                    view = await self._view(received, answer.form, answer.errors)
                    return Acknowledgement({"response_action": "update", "view": view}, rest)
                case _:
                    pass
        return Acknowledgement({}, tuple(answers))

    async def _view(self, received: Received, form: Form, errors: Mapping[str, str]) -> Json:
        picks = [field.value for field in form.fields if isinstance(field, PersonPick)]
        return forms.modal(form, received.origin.pack(), await self._people.ids(picks), errors)

    async def _ask(self, received: Received, form: Form, errors: Mapping[str, str]) -> None:
        if received.trigger:
            try:
                view = await self._view(received, form, errors)
                await self._client.views_open(trigger_id=received.trigger, view=view)
                return
            except FAILURES as error:
                if code_of(error) not in NO_TRIGGER:
                    raise
        if action := _again(received):
            await self._say(received, _opener(form, action))
        else:
            log.warning("a form could not be opened: no trigger")

    async def _say(self, received: Received, said: Card) -> None:
        """To the person alone: below the command or the button in a channel, else in the chat with the bot."""
        message = cards.message(said, await upload(self._client, said))
        url = _url_for_one(received)
        answer = {**message, "response_type": self._seen_by(received), "replace_original": False}
        if url and await self._respond(url, answer):
            return
        address = received.inbound.address
        origin = received.origin
        await post(self._client, origin.channel if origin.seen_by == "dm" else address.route or address.user, message)

    def _seen_by(self, received: Received) -> str:
        """In the chat with the bot an answer stays; anywhere else others could read it, so only its author sees it."""
        return "in_channel" if received.channel in self._own_chats else "ephemeral"

    async def _replace(self, received: Received, shown: Card) -> None:
        """The card that was pressed; one that others see too stays, and what it became is said to the person alone."""
        origin = received.origin
        if origin.seen_by not in ("dm", "ephemeral"):
            await self._say(received, shown)
            return
        message = cards.message(shown, await upload(self._client, shown))
        # A response_url has no limit per minute, chat.update 50; but it ends after 5 uses or 30 minutes.
        if await self._respond(origin.response_url, {**message, "replace_original": True}):
            return
        if origin.seen_by == "dm":
            await edit(self._client, origin.channel, origin.ts, message)
        else:
            await post(self._client, received.inbound.address.user, message)

    async def _respond(self, url: str, message: Json) -> bool:
        session = self._client.session
        if not url or not isinstance(session, aiohttp.ClientSession):
            return False
        try:
            async with session.post(url, json=message, proxy=self._client.proxy, allow_redirects=False) as answer:
                # Slack says "ok"; a used or old address gives 404, a refused message 200 with ok false.
                return answer.status == 200 and '"ok":false' not in (await answer.text()).replace(" ", "")
        except FAILURES as error:
            log.info("response_url: %s", reason(error))
            return False


def picked_in_vain(received: Received) -> Acknowledgement | None:
    """What is said of people who cannot be named by an e-mail. Nothing is lost: the modal stays as it is."""
    errors = dict.fromkeys(received.unknown, NOT_KNOWN) | dict.fromkeys(received.no_email, NO_EMAIL)
    return Acknowledgement({"response_action": "errors", "errors": errors}, ()) if errors else None


def _said_at_once(answers: Sequence[AtOnce], seen_by: str) -> Acknowledgement:
    """A card of its own is in the acknowledgement of the command, which spares a second request. Of several, the second
    could arrive before the first."""
    match answers:
        case [Say() | Replace() as only] if not cards.pictures(only.card):
            return Acknowledgement({"response_type": seen_by, **cards.message(only.card)}, ())
        case _:
            return Acknowledgement({}, tuple(answers))


def _url_for_one(received: Received) -> str:
    """Where only the person sees an answer: in the channel where they typed a command or pressed a button."""
    event = received.inbound.event
    if isinstance(event, Pressed | Commanded) and received.origin.seen_by != "dm":
        return received.response_url
    return ""


def _again(received: Received) -> Action | None:
    """The action that repeats this turn, by a click that brings a fresh trigger."""
    if received.inbound.action:
        return received.inbound.action
    for most in (150, 60, 15):  # an action holds at most 200 characters, and an emoji takes twelve of them
        try:
            return Action(*AGAIN, {"words": (received.words or "")[:most]}) if received.words else None
        except ValueError:
            continue
    return None


def _opener(form: Form, action: Action) -> Card:
    return card(form.title, text("It is ready for you."), buttons(Button("Open", action, "primary")))
