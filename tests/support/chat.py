"""People talking to the flows without any platform: `ana.command("join")`, `ana.press("We met")`, `ana.sees("…")`.

The smallest dispatcher there can be: it routes, runs one step in one transaction and shows the replies. What a person
sees is kept as a list of cards; messages from the clock or from others arrive at once, whatever the hour (working
hours are the delivery's, and are tested there).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from conversations import forms
from conversations.actions import Action
from conversations.cards import Button, Buttons, Card, Text, plain_text
from conversations.contacts import Place
from conversations.content import Content, load
from conversations.events import Arrived, Commanded, Consulted, Due, Event, OpenedHome, Pressed, Said, Submitted
from conversations.files import File
from conversations.flow import Command, Flow, Turn
from conversations.flows import FLOWS
from conversations.forms import Form, Typed
from conversations.packing import pack_card, unpack_card
from conversations.replies import (
    Announce,
    Ask,
    Consult,
    Correct,
    Hand,
    Home,
    Introduce,
    Notice,
    Planned,
    Replace,
    Reply,
    Say,
    Tell,
    Update,
)
from storage.database import Database
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Account, Enrollment, Person

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HORIZON = timedelta(days=40)
PLAN_EVERY = timedelta(days=7)
CHANNEL = Place("web", "larkspur", "general")

Consultant = Callable[[Store, Mapping[str, Any]], Any]


@dataclass(slots=True)
class Message:
    """A card on somebody's screen, the key it was sent under (empty for answers), and how it travelled."""

    card: Card
    key: str = ""
    notice: Notice | None = None

    @property
    def text(self) -> str:
        return plain_text(self.card)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in _row(self.card))

    def button(self, label: str) -> Button | None:
        found = next((one for one in _row(self.card) if one.label == label), None)
        return found if isinstance(found, Button) else None


@dataclass(slots=True)
class Chat:
    """A company whose people all talk to the bot, and its clock. `consultants` answer what a flow consults."""

    database: Database
    flows: Sequence[Flow] = FLOWS
    now: datetime = MONDAY
    content: Content = field(default_factory=cache(load))
    consultants: dict[str, Consultant] = field(default_factory=dict)
    suggests: bool = False
    people: dict[int, "ChatPerson"] = field(default_factory=dict)
    # Every word of what people are called.
    names: set[str] = field(default_factory=set)
    # Who sits at the screens: for a transcript, people whose every word is written down.
    makes: "type[ChatPerson] | None" = None
    # What hangs in channels, newest last.
    channel: list[Message] = field(default_factory=list)
    introductions: list[Introduce] = field(default_factory=list)
    nudges: dict[str, Planned] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    # Messages that wait for their `not_before`.
    later: list[Tell] = field(default_factory=list)

    def person(self, email: str, *, coordinator: bool = False, account: bool = True, **row: Any) -> "ChatPerson":
        """Somebody on the roster, with an account; `row` sets columns of `people`."""
        columns = {
            "name": email.partition("@")[0].replace(".", " ").title(),
            "source": "roster",
            "department": "Sales",
            "team": f"Team {email.partition('@')[0]}",
            # One of their own: two who share a manager could not be a pair.
            "manager_email": f"lead.of.{email}",
            "level": 2,
            "created_at": self.now,
        } | row

        def add(store: Store) -> int:
            person = store.people.by_email(email) or store.people.add(Person(email=email, **columns))
            if account:
                store.accounts.add(
                    Account(
                        person_id=person.id,
                        platform="web",
                        tenant="larkspur",
                        user=email,
                        member=True,
                        known=True,
                        last_used_at=self.now,
                    )
                )
            if coordinator:
                store.people.appoint([email])
            return person.id

        number = self.database.write_now(add)
        self.names |= set(columns["name"].split())
        return self.people.setdefault(number, (self.makes or ChatPerson)(self, number, email))

    def look(self, work: Callable[[Store], Any]) -> Any:
        """Reads, or arranges what a test begins with."""
        return self.database.write_now(work)

    def join_all(self, program: int, people: Sequence["ChatPerson"], **columns: Any) -> None:
        """Enrolls people without their clicks: mentors who joined and signed, unless `columns` say otherwise."""
        values = {
            "role": "mentor",
            "status": "joined",
            "offers": ["digital_tools"],
            "agreed_at": self.now,
            "joined_at": self.now,
            "created_at": self.now,
        } | columns

        def add(store: Store) -> None:
            for one in people:
                store.enrollments.add(Enrollment(program_id=program, person_id=one.id, **values))

        self.database.write_now(add)

    def due(self, person: "ChatPerson", action: Action) -> None:
        """The clock runs a step for somebody."""
        self.run(person.id, Due(), action)

    def press_action(self, person: "ChatPerson", flow: str, step: str, **args: str | int) -> None:
        """A button of a card that is not on the screen any more, or that somebody made up."""
        self.run(person.id, Pressed(), Action(flow, step, args))

    def advance(self, **step: float) -> None:
        """Moves the clock (`days=14`) and lives through every planned moment on the way."""
        target = self.now + timedelta(**step)
        self._plan()
        while True:
            waiting = [nudge for key, nudge in self.nudges.items() if key not in self.done and nudge.due_at <= target]
            moments = [nudge.due_at for nudge in waiting] + [m for t in self.later if (m := _moment(t)) <= target]
            if not moments:
                break
            self.now = max(self.now, min(moments))
            self._deliver()
            said = False
            for nudge in sorted(waiting, key=lambda one: (one.due_at, one.key)):
                if nudge.due_at <= self.now:
                    self.done.add(nudge.key)
                    said = bool(self.run(nudge.person, Due(), nudge.action)) or said
            # Planning is most of the work: a step that said nothing changed next to nothing.
            if said or self.now - self._planned_at >= PLAN_EVERY:
                self._plan()
        self.now = target
        self._deliver()

    def run(self, person_id: int, event: Event, action: Action, words: str = "") -> Sequence[Reply]:
        """One turn in one transaction; the replies are shown afterwards."""
        # Every action travels as text.
        action = Action.unpack(action.pack())
        commands = [command for flow in self.flows for command in flow.commands]

        def turn(store: Store) -> Sequence[Reply]:
            person = store.people.get(person_id)
            step = next(flow for flow in self.flows if flow.name == action.flow).steps[action.step]
            coordinator = store.people.is_coordinator(person)
            if step.clock_only and not isinstance(event, Due | Consulted):
                return []
            if not isinstance(event, Due | Consulted):
                store.people.wrote(person, self.now)
            if step.coordinators_only and not coordinator:
                raise NotYours
            return step(
                Turn(
                    event=event,
                    action=action,
                    person=person,
                    store=store,
                    now=self.now,
                    content=self.content.speaking(person.locale),
                    coordinator=coordinator,
                    words=words,
                    commands=commands,
                    suggests=self.suggests,
                )
            )

        replies = self.database.write_now(turn)
        self._author = person_id
        for reply in replies:
            self._show(person_id, event, reply)
        return replies

    def _show(self, person_id: int, event: Event, reply: Reply) -> None:
        screen = self.people.get(person_id)
        match reply:
            case Say() | Replace() | Ask() | Correct() | Home():
                assert not (isinstance(event, Due | Consulted) and not isinstance(reply, Say)), "the clock only says"
                if screen is not None:
                    screen.answer(reply)
            case Tell():
                self._tell(reply)
            case Hand():
                self._hand(reply)
            case Introduce():
                self.introductions.append(reply)
                for one, card in reply.own.items():
                    self._tell(Tell(one, card, replace(reply.notice, key=f"{reply.notice.key}/{one}")))
            case Announce():
                self._announce(reply)
            case Update():
                self._update(reply)
            case Consult():
                if reply.meanwhile and screen is not None:
                    screen.answer(Say(reply.meanwhile))
                # What the clock consults may have nobody to answer it here.
                ask = self.consultants.get(reply.what, lambda _store, _about: None)
                answer = self.database.write_now(lambda store: ask(store, reply.about))
                self.run(person_id, Consulted(answer), reply.then)
            case Planned():
                if reply.key not in self.done:
                    self.nudges[reply.key] = reply

    def _announce(self, reply: Announce) -> None:
        assert reply.notice.key
        if all(message.key != reply.notice.key for message in self.channel):
            self.channel.append(Message(self.travelled(reply.card), reply.notice.key, reply.notice))

    def _update(self, reply: Update) -> None:
        for message in self._everything():
            if message.key == reply.key:
                message.card = self.travelled(reply.card)

    def _hand(self, reply: Hand) -> None:
        """The card arrives, and the file with it, made at that moment."""
        flow = next(one for one in FLOWS if one.name == reply.file.flow)
        make = flow.files[reply.file.name]

        def work(store: Store) -> File | None:
            return make(store, store.people.get(reply.person), self.now, self.content, **reply.file.about)

        file, screen = self.look(work), self.people.get(reply.person)
        if file and screen:
            screen.files.append(file)
        # Without a key of its own it is keyed by the click that asked for it.
        key = reply.notice.key or f"file/{len(self._everything())}"
        self._tell(Tell(reply.person, reply.card, replace(reply.notice, key=key)))

    def _tell(self, reply: Tell) -> None:
        assert reply.notice.key, "a message to somebody needs a key of its own"
        if reply.notice.key in {message.key for message in self._everything()}:
            return
        if _moment(reply) > self.now:
            self.later.append(reply)
        elif screen := self.people.get(reply.person):
            screen.receive(Message(self.travelled(reply.card), reply.notice.key, reply.notice))
            self.database.write_now(lambda store: self._sent(store, reply))

    def _sent(self, store: Store, reply: Tell) -> None:
        """As delivery leaves it: flows may ask whether something arrived."""
        row = {
            "kind": reply.notice.kind,
            "delivery": reply.notice.delivery,
            "person_id": reply.person,
            "pair_id": reply.notice.pair,
            "program_id": reply.notice.program,
            "author_id": self._author,
            "card": pack_card(reply.card),
            "state": "sent",
            "settled_at": self.now,
        }
        store.outbox.add(reply.notice.key, self.now, row)

    def _deliver(self) -> None:
        waiting, self.later = self.later, []
        for reply in waiting:
            self._tell(reply)

    def travelled(self, card: Card) -> Card:
        """As it comes out of the outbox, within the limits that every platform holds."""
        _fits(card)
        for block in card.blocks:
            if isinstance(block, Text):
                named = self.names & set(re.findall(r"\w+", block.markdown))
                assert not named, f"{named} would be read as Markdown of ours: {block.markdown}"
        return unpack_card(pack_card(card))

    def _plan(self) -> None:
        """Planned nudges that no flow plans any more go; the others are added or moved."""
        self.nudges = {key: nudge for key, nudge in self.nudges.items() if key not in self._planned_keys}
        self._planned_at = self.now
        for nudge in self.database.read_now(self._planned):
            self._planned_keys.add(nudge.key)
            self.nudges[nudge.key] = nudge

    _planned_keys: set[str] = field(default_factory=set)

    _planned_at: datetime = MONDAY

    # Who acted last: what they made the bot say to others counts for them.
    _author: int | None = None

    def _planned(self, store: Store) -> list[Planned]:
        planners = [flow.planner for flow in self.flows if flow.planner is not None]
        return [nudge for planner in planners for nudge in planner(store, self.now, HORIZON)]

    def _everything(self) -> list[Message]:
        return [message for person in self.people.values() for message in person.messages] + self.channel


@dataclass(slots=True)
class ChatPerson:
    """One person's screen. Every method does what a hand would do."""

    chat: Chat
    id: int
    email: str
    messages: list[Message] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    home: Message | None = None
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    # The message that was pressed or that the open form came from: what `Replace` changes.
    _from: Message | None = None
    # What came or changed last: where the eye goes.
    _latest: Message | None = None

    def arrive(self) -> None:
        self.chat.run(self.id, Arrived(), Action("help", "arrived"))

    def say(self, words: str) -> None:
        """A text in the chat with the bot."""
        self._route(Said(words), words)

    def command(self, words: str, place: Place | None = None) -> None:
        """`/mentor <words>`, in the chat with the bot unless a place is given."""
        self._route(Commanded(words, place), words)

    def open_home(self) -> str:
        self.chat.run(self.id, OpenedHome(), Action("home", "show"))
        assert self.home is not None
        return self.home.text

    def press(self, label: str, message: Message | None = None) -> None:
        """Presses the newest button with this label: in the chat, at home, or in the channel."""
        seen = [*self.chat.channel, *([self.home] if self.home else []), *self.messages]
        found = message or next((one for one in reversed(seen) if one.button(label)), None)
        button = found.button(label) if found else None
        assert button is not None, f"no button “{label}” among {[one.labels for one in seen]}"
        self._from = found
        self.chat.run(self.id, Pressed(), button.action)

    def submit(self, values: Mapping[str, Typed] | None = None, /, **more: Typed) -> None:
        """Sends the open form: what is filled in already, and these values."""
        assert self.form is not None, "no form is open"
        form, typed = self.form, {**(values or {}), **more}
        assert typed.keys() <= {one.key for one in form.fields}, f"{typed.keys()} in {[f.key for f in form.fields]}"
        self.form, self.errors = None, {}
        self.chat.run(self.id, Submitted({one.key: one.value for one in form.fields} | typed), form.action)

    def sees(self, *words: str) -> str:
        """The message that came or changed last; fails unless it holds all these words."""
        for one in words:
            assert one in self.last.text, f"“{one}” is not in:\n{self.last.text}"
        return self.last.text

    @property
    def last(self) -> Message:
        assert self._latest is not None, "nothing on the screen yet"
        return self._latest

    def receive(self, message: Message) -> None:
        self.messages.append(message)
        self._latest = message

    @property
    def row(self) -> Person:
        person: Person = self.chat.look(lambda store: store.people.get(self.id))
        return person

    def field(self, key: str) -> forms.Field:
        assert self.form is not None, "no form is open"
        return next(one for one in self.form.fields if one.key == key)

    def answer(self, reply: Say | Replace | Ask | Correct | Home) -> None:
        match reply:
            case Say():
                self.receive(Message(self.chat.travelled(reply.card)))
            case Replace():
                if self._from is None:
                    self.receive(Message(self.chat.travelled(reply.card)))
                else:
                    self._from.card, self._latest = self.chat.travelled(reply.card), self._from
            case Ask():
                self.form, self.errors = _checked(reply.form), {}
            case Correct():
                assert reply.errors.keys() <= {one.key for one in reply.form.fields}
                self.form, self.errors = _checked(reply.form), reply.errors
            case Home():
                self.home = Message(self.chat.travelled(reply.card))

    def _route(self, event: Event, words: str) -> None:
        self._from = None
        command, rest = _longest(words, [command for flow in self.chat.flows for command in flow.commands])
        action = command.action if command else Action("help", "unknown")
        self.chat.run(self.id, event, action, rest)


def _longest(words: str, commands: Sequence[Command]) -> tuple[Command | None, str]:
    said = words.split()
    best: tuple[Command | None, int] = (None, 0)
    for command in commands:
        for one in (command.words, *command.also):
            if len(one) > best[1] and tuple(word.lower() for word in said[: len(one)]) == one:
                best = (command, len(one))
    return best[0], " ".join(said[best[1] :]) if best[0] else words


def _row(card: Card) -> list[Any]:
    return [button for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def _moment(reply: Tell) -> datetime:
    return reply.notice.not_before or datetime.min.replace(tzinfo=UTC)


def _leads_somewhere(action: Action) -> None:
    """A button names a step of a flow by its words only: a slip would be found by the person who presses it."""
    flow = next((one for one in FLOWS if one.name == action.flow), None)
    assert flow is not None, action.pack()
    step = flow.steps[action.step]
    assert action.args.keys() <= step.parameters.keys(), action.pack()
    needed = {name for name, one in step.parameters.items() if one.default is one.empty}
    assert needed <= action.args.keys(), action.pack()


def _fits(card: Card) -> None:
    assert len(card.title) <= 150, card.title
    for block in card.blocks:
        if isinstance(block, Buttons):
            assert len(block.buttons) <= 5, [one.label for one in block.buttons]
            for button in block.buttons:
                assert len(button.label) <= 30, button.label
                if isinstance(button, Button):
                    _leads_somewhere(button.action)


def _checked(form: Form) -> Form:
    """Slack: title and submit label at most 24 characters, at most 10 boxes to tick, option labels at most 75."""
    assert len(form.title) <= 24, form.title
    assert len(form.submit_label) <= 24, form.submit_label
    _leads_somewhere(form.action)
    keys = [one.key for one in form.fields]
    assert len(keys) == len(set(keys))
    for one in form.fields:
        if isinstance(one, forms.Choice | forms.Choices):
            assert 0 < len(one.options) <= 10, one.key
            assert all(len(option.label) <= 75 and "," not in option.id for option in one.options), one.key
    return form
