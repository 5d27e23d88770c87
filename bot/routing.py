"""Which step answers what came in: buttons and forms say it themselves, words are looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conversations.actions import Action
from conversations.events import (
    Arrived,
    Commanded,
    Consulted,
    Due,
    Inbound,
    Left,
    OpenedHome,
    Pressed,
    Said,
    Submitted,
)
from conversations.flow import Command, Flow, Step

ARRIVED = Action("help", "arrived")
UNKNOWN = Action("help", "unknown")
HOME = Action("home", "show")
# What people write around the words that count: quotes of several languages, marks of chat formatting, a slash.
PUNCTUATION = ".,;:!?…/\\\"'“”„‘’«»()[]<>*_~`"
# The name before a command, as people write it out of habit.
NAMES = ("/mentor", "mentor", "@flipside", "flipside")


class UnknownStep(LookupError):
    """A card from an earlier version points at a step that is no longer there."""


@dataclass(frozen=True, slots=True)
class Routed:
    """The action to run, and what the person wrote after the command's own words."""

    action: Action
    words: str = ""
    coordinators_only: bool = False


class Router:
    """Knows every step and every command of the flows."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self.flows: Mapping[str, Flow] = {flow.name: flow for flow in flows}
        self.commands: tuple[Command, ...] = tuple(command for flow in self.flows.values() for command in flow.commands)
        self._by_words = {
            tuple(word.casefold() for word in words): command
            for command in reversed(self.commands)
            for words in (*command.also, command.words)
        }
        self._longest = max((len(words) for words in self._by_words), default=0)

    def step(self, action: Action) -> Step:
        """Raises UnknownStep."""
        flow = self.flows.get(action.flow)
        step = flow.steps.get(action.step) if flow else None
        if step is None:
            raise UnknownStep(action.name)
        return step

    def route(self, inbound: Inbound) -> Routed:
        match inbound.event:
            case Said(text):
                return self.words(text)
            case Commanded(words):
                return self.words(words or "help")
            case OpenedHome():
                return Routed(HOME)
            case Arrived() | Left():
                return Routed(ARRIVED)
            case Pressed() | Submitted() | Due() | Consulted():
                return Routed(inbound.action or UNKNOWN)

    def words(self, text: str) -> Routed:
        """The command whose words these are, the longest first; whole words, whatever their case."""
        typed = text.split()
        if typed and typed[0].casefold().rstrip(",:") in NAMES:
            typed, text = typed[1:], text.split(None, 1)[1] if len(typed) > 1 else ""
        heard = [(word.strip(PUNCTUATION) or word).casefold() for word in typed[: self._longest]]
        for length in range(len(heard), 0, -1):
            command = self._by_words.get(tuple(heard[:length]))
            if command is not None:
                rest = text.split(None, length)[length:]
                return Routed(command.action, rest[0].strip() if rest else "", command.coordinators_only)
        return Routed(UNKNOWN, text.strip())
