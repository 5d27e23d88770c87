"""A conversation as somebody reads it from start to end: what they typed and pressed, and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from conversations.cards import Card
from conversations.contacts import Place
from conversations.forms import Choice, Choices, Form, Scale, Typed
from conversations.replies import Ask, Correct, Home, Replace, Say
from tests.support.chat import ChatPerson, Message
from tests.support.rendered import words


@dataclass(slots=True)
class Scribe(ChatPerson):
    """A person whose every word is written down."""

    notes: list[str] = field(default_factory=list)
    _day: date | None = None

    @property
    def first_name(self) -> str:
        return self.email.partition(".")[0].title()

    def note(self, line: str) -> None:
        if self._day != self.chat.now.date():
            self._day = self.chat.now.date()
            self.notes += ["", f"## {self._day:%A}, {self._day.day} {self._day:%B %Y}"]
        self.notes += ["", line]

    def command(self, words: str, place: Place | None = None) -> None:
        self.note(f"**{self.first_name}** types `/mentor {words}`")
        ChatPerson.command(self, words, place)

    def say(self, words: str) -> None:
        self.note(f"**{self.first_name}** writes “{words}”")
        ChatPerson.say(self, words)

    def press(self, label: str, message: Message | None = None) -> None:
        self.note(f"**{self.first_name}** presses **[{label}]**")
        ChatPerson.press(self, label, message)

    def submit(self, values: Mapping[str, Typed] | None = None, /, **more: Typed) -> None:
        form, typed = self.form, {**(values or {}), **more}
        assert form is not None
        self.note(f"**{self.first_name}** fills in:\n\n" + "\n".join(_filled(form, typed)))
        ChatPerson.submit(self, typed)

    def receive(self, message: Message) -> None:
        self.note(quoted("Flipside", message.card))
        ChatPerson.receive(self, message)

    def answer(self, reply: Say | Replace | Ask | Correct | Home) -> None:
        match reply:
            case Replace():
                self.note(quoted("The message becomes", reply.card))
            case Ask():
                self.note(quoted("A form opens", reply.form))
            case Correct():
                self.note("The form stays open: " + " ".join(reply.errors.values()))
            case Home():
                self.note(quoted("Home", reply.card))
            case Say():
                pass
        ChatPerson.answer(self, reply)

    @property
    def transcript(self) -> str:
        return "\n".join(self.notes).strip() + "\n"


def quoted(head: str, shown: Card | Form) -> str:
    """A card or a form as Markdown, under a line that says how it came."""
    return "\n".join([f"_{head}:_", "", *(f"> {line}".rstrip() + "  " for line in words(shown).splitlines())])


def _filled(form: Form, typed: Mapping[str, Typed]) -> list[str]:
    """What was typed, by label; what was left as it was is not repeated."""
    lines = []
    for one in form.fields:
        value = typed.get(one.key)
        if not value:
            continue
        chosen = value if isinstance(value, tuple) else (value,)
        if isinstance(one, Choice | Choices):
            labels = {option.id: option.label for option in one.options}
            chosen = tuple(labels.get(each, each) for each in chosen)
        lines.append(f"- {one.label} {', '.join(chosen)}" + (" of 5" if isinstance(one, Scale) else ""))
    return lines or ["- nothing more"]
