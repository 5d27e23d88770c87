"""Performs what a step answered: on the screen of the person who asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.web.cards import card_html
from adapters.web.changes import Changes
from adapters.web.chats import BOT, Chats, Conversation
from adapters.web.forms import form_html
from adapters.web.people import Company
from conversations.cards import Card
from conversations.forms import Form, Values
from conversations.replies import Ask, AtOnce, Correct, Home, Replace, Say


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, where, and from which message: the one with the pressed button, or the one the form came from."""

    person: str
    conversation: Conversation
    message: str = ""
    values: Values = field(default_factory=dict)

    @property
    def only(self) -> str:
        """In a conversation that others share, only the person who asked sees the answer."""
        return "" if self.conversation.kind == "bot" else self.person


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form on a person's screen, and what it came from."""

    ident: str
    form: Form
    asked: Asked


class Answers:
    """Shows answers and keeps the one open form of each person."""

    def __init__(self, company: Company, chats: Chats, changes: Changes) -> None:
        self._company = company
        self._chats = chats
        self._changes = changes
        self._forms: dict[str, OpenForm] = {}
        self._opened = 0

    def perform(self, asked: Asked, answers: Sequence[AtOnce]) -> None:
        for answer in answers:
            match answer:
                case Say():
                    self._say(asked, answer.card)
                case Replace():
                    self._replace(asked, answer.card)
                case Ask():
                    self._open(asked, answer.form, {})
                case Correct():
                    self._open(asked, answer.form.filled(asked.values), answer.errors)
                case Home():
                    self._changes.record(
                        f"home:{asked.person}", {"is": "home", "person": asked.person, "html": card_html(answer.card)}
                    )

    def form_of(self, person: str) -> OpenForm | None:
        """The form on this person's screen."""
        return self._forms.get(person)

    def open_form(self, person: str, ident: str) -> OpenForm | None:
        """The form on this person's screen, if it is still this one."""
        shown = self.form_of(person)
        return shown if shown and shown.ident == ident else None

    def close_form(self, person: str, ident: str) -> None:
        if self.open_form(person, ident):
            del self._forms[person]
            self._changes.record(f"form:{person}", {"is": "form", "person": person, "id": "", "html": ""})

    def _say(self, asked: Asked, shown: Card) -> None:
        self._chats.show(asked.conversation.id, BOT, card_html(shown), only=asked.only)

    def _replace(self, asked: Asked, shown: Card) -> None:
        """A message that others see too stays as it is: the person's answer is added below it, for them alone."""
        message = self._chats.message(asked.message)
        if message is None or (asked.only and message.only != asked.person):
            self._say(asked, shown)
        else:
            self._chats.edit(message.id, card_html(shown))

    def _open(self, asked: Asked, form: Form, errors: Mapping[str, str]) -> None:
        self._opened += 1
        ident = f"f{self._opened}"
        self._forms[asked.person] = OpenForm(ident, form, asked)
        html = form_html(form, ident, errors, self._company.people)
        self._changes.record(
            f"form:{asked.person}",
            {"is": "form", "person": asked.person, "id": ident, "html": html, "conversation": asked.conversation.id},
        )
