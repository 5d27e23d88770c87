"""The smallest platform there can be: letters in plain words. It shows what a further platform must bring.

Nothing is rendered but text, and what people do comes in as a call instead of a request; all the rest is as it must be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiohttp import web

from adapters.platform import CannotLook, Delivered, Dispatch, Link, LookedBack, Profile, Refused, Sent
from conversations.actions import Action, NotAnAction
from conversations.cards import Button, Buttons, Card, plain_text
from conversations.contacts import Address, Group, Place
from conversations.events import Commanded, Event, Inbound, OpenedHome, Pressed, Said, Submitted
from conversations.files import File
from conversations.forms import Choice, Choices, Field, Form, Scale, Values
from conversations.replies import Ask, AtOnce, Correct, Home, Replace, Say

NAME, TENANT = "letterbox", "larkspur"
CHANNELS = ("general",)


@dataclass(frozen=True, slots=True)
class Letter:
    """A card on the way to these people."""

    id: str
    to: tuple[str, ...]
    card: Card
    enclosed: File | None = None

    @property
    def text(self) -> str:
        return plain_text(self.card)

    @property
    def buttons(self) -> tuple[str, ...]:
        return tuple(one.label for block in self.card.blocks if isinstance(block, Buttons) for one in block.buttons)

    def action(self, label: str) -> str:
        rows = [block.buttons for block in self.card.blocks if isinstance(block, Buttons)]
        found = [one.action.pack() for row in rows for one in row if isinstance(one, Button) and one.label == label]
        assert found, f"no button {label!r} on: {self.text}"
        return found[0]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form on somebody's desk, and the letter that it came with."""

    form: Form
    errors: Mapping[str, str]
    letter: str

    @property
    def text(self) -> str:
        fields = [line for field in self.form.fields for line in (*_words(field), self.errors.get(field.key, ""))]
        return "\n".join([self.form.title, self.form.intro, *fields, self.form.submit_label])


class Letterbox:
    """`people` by user id. `letters` and `sheets` are what lies on the desks."""

    name = NAME

    def __init__(self, people: Mapping[str, Profile]) -> None:
        self.people = people
        self.letters: list[Letter] = []
        self.homes: dict[str, Letter] = {}
        self.sheets: dict[str, Sheet] = {}
        self._dispatch: Dispatch | None = None

    def routes(self) -> Iterable[web.RouteDef]:
        return ()

    async def start(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    async def stop(self) -> None:
        self._dispatch = None

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        if update:
            return Delivered(update) if self._change(update, card) else Refused("no_such_letter", for_good=True)
        match to:
            case Address():
                return self._post((to.user,), card)
            case Group():
                return self._post(tuple(each.user for each in to.members), card)
            case Place():
                everybody = tuple(self.people) if to.channel in CHANNELS else ("",)
                return self._post(everybody, card)

    async def hand(self, to: Address, card: Card, file: File, link: Link, delivery_id: str) -> Sent:
        sent = self._post((to.user,), card)
        if isinstance(sent, Delivered):
            self.letters[-1] = replace(self.letters[-1], enclosed=file)
        return sent

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        return CannotLook("letters_are_sealed", for_good=True)

    async def quiet_until(self, to: Address) -> datetime | None:
        return None

    async def profile(self, address: Address) -> Profile | None:
        return self.people.get(address.user)

    async def find(self, email: str) -> Address | None:
        found = [user for user, profile in self.people.items() if profile.email == email]
        return self.address(found[0]) if found else None

    def address(self, user: str) -> Address:
        return Address(NAME, TENANT, user)

    async def receive(self, post: Mapping[str, Any]) -> int:
        """What somebody did; returns once it is stored, as an acknowledgement would."""
        try:
            inbound = self._read(post)
        except (NotAnAction, KeyError):
            return 200
        if self._dispatch is None:
            return 503
        for answer in await self._dispatch(inbound):
            self._answer(post["from"], str(post.get("letter", "")), inbound, answer)
        return 200

    def _read(self, post: Mapping[str, Any]) -> Inbound:
        address = self.address(post["from"])
        event: Event
        match post["does"]:
            case "say":
                event = Said(post["text"])
            case "command":
                channel = post["channel"]
                event = Commanded(post["text"], Place(NAME, TENANT, channel) if channel else None)
            case "home":
                event = OpenedHome()
            case "press":
                return Inbound(post["id"], address, Pressed(), Action.unpack(post["action"]))
            case "submit":
                sheet = self.sheets.pop(post["from"])
                return Inbound(post["id"], address, Submitted(_all(sheet.form, post["values"])), sheet.form.action)
            case _:
                raise KeyError("does")
        return Inbound(post["id"], address, event)

    def _answer(self, user: str, letter: str, inbound: Inbound, answer: AtOnce) -> None:
        match answer:
            case Say():
                self._post((user,), answer.card)
            case Replace():
                if not self._change(letter, answer.card, only=(user,)):
                    self._post((user,), answer.card)
            case Ask():
                self.sheets[user] = Sheet(answer.form, {}, letter)
            case Correct():
                self.sheets[user] = Sheet(answer.form, answer.errors, letter)
            case Home():
                self.homes[user] = Letter("home", (user,), answer.card)

    def _post(self, users: Sequence[str], card: Card) -> Sent:
        if not set(users) <= set(self.people):
            return Refused("no_such_address", for_good=True)
        letter = Letter(f"letter-{len(self.letters) + 1}", tuple(users), card)
        self.letters.append(letter)
        return Delivered(letter.id)

    def _change(self, ident: str, card: Card, only: tuple[str, ...] = ()) -> bool:
        """A letter that others read too stays as it is when one of them presses a button on it."""
        for at, letter in enumerate(self.letters):
            if letter.id == ident and only in ((), letter.to):
                self.letters[at] = replace(letter, card=card)
                return True
        return False


def _all(form: Form, typed: Values) -> Values:
    return {field.key: typed.get(field.key, () if isinstance(field, Choices) else "") for field in form.fields}


def _words(field: Field) -> list[str]:
    match field:
        case Choice() | Choices():
            options = [option.label for option in field.options]
        case Scale():
            options = [f"{field.low} – {field.low_label}", f"{field.high} – {field.high_label}"]
        case _:
            options = []
    return [field.label, field.hint, *options]


def from_settings(settings: Any, now: Any) -> Letterbox:
    """What PLATFORMS asks of the module that it names."""
    return Letterbox({})
