"""A flow is a blueprint of steps; a step is a plain function from a `Turn` to replies."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from conversations.actions import Action, Argument
from conversations.events import Consulted, Event, Submitted
from conversations.files import File, FileRequest
from conversations.forms import Values
from conversations.replies import Planned, Reply

if TYPE_CHECKING:
    from conversations.content import Content
    from storage.store import Store
    from storage.tables import Person


# PostgreSQL's integer, which row ids are: it refuses to compare one with anything larger.
LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Command:
    """Words after `/mentor` that run a step: ("program", "open"). What follows them comes as `turn.words`."""

    words: tuple[str, ...]
    action: Action
    about: str
    coordinators_only: bool = False
    # Other words for the same, not listed by help.
    also: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What every step receives. `person` is who acted, or whose nudge or consultation this is."""

    event: Event
    action: Action
    person: "Person"
    store: "Store"
    now: datetime
    content: "Content"
    coordinator: bool
    # What the person wrote after the command's own words, or the whole text for the step that answers anything else.
    words: str = ""
    commands: Sequence[Command] = ()
    # Whether a server for topic suggestions is set up; without one they come from the topic bank.
    suggests: bool = False

    @property
    def values(self) -> Values:
        """What was typed into the form; empty for every other event."""
        return self.event.values if isinstance(self.event, Submitted) else {}

    @property
    def consulted(self) -> Consulted:
        """The answer of a consultation; an empty one for every other event."""
        return self.event if isinstance(self.event, Consulted) else Consulted()


StepFunction = Callable[..., Sequence[Reply]]
Plan = Callable[["Store", datetime, timedelta], Iterable[Planned]]

MakeFile = Callable[..., "File | None"]
"""`make(store, person, now, content, **about)`: the file for this person, or None when it is not theirs any more."""


class BadArguments(ValueError):
    """An action whose arguments do not fit the step: from an old version, or made up."""


@dataclass(frozen=True, slots=True)
class Step:
    """A registered step. Its arguments come from the action, by name: `int` or `str`, defaults allowed."""

    run: StepFunction
    coordinators_only: bool
    parameters: Mapping[str, inspect.Parameter]
    clock_only: bool = False

    def __call__(self, turn: Turn) -> Sequence[Reply]:
        return self.run(turn, **self._arguments(turn.action.args))

    def _arguments(self, args: Mapping[str, Argument]) -> dict[str, Argument]:
        given: dict[str, Argument] = {}
        for name, parameter in self.parameters.items():
            if name in args:
                given[name] = _argument(parameter, str(args[name]))
            elif parameter.default is inspect.Parameter.empty:
                raise BadArguments(name)
        return given


def _argument(parameter: inspect.Parameter, text: str) -> Argument:
    if parameter.annotation is not int:
        return text
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_NUMBER):
        raise BadArguments(parameter.name)
    return int(text)


@dataclass(slots=True)
class Flow:
    """One story: its steps, the words that start it, and its schedule. Made once, at the top of its file."""

    name: str
    steps: dict[str, Step] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    planner: Plan | None = None
    files: dict[str, MakeFile] = field(default_factory=dict)

    def step(
        self, name: str, *, coordinators_only: bool = False, clock_only: bool = False
    ) -> Callable[[StepFunction], StepFunction]:
        """Registers a step. The name is public like a URL: cards that are weeks old still hold it.

        `clock_only`: planned or consulted by us. Whoever posts such a name in a button finds nothing there.
        """

        def register(run: StepFunction) -> StepFunction:
            if name in self.steps:
                raise ValueError(f"{self.name}.{name} is there twice")
            parameters = dict(list(inspect.signature(run).parameters.items())[1:])
            self.steps[name] = Step(run, coordinators_only, parameters, clock_only)
            return run

        return register

    def command(self, words: str, step: str, about: str, *, coordinators_only: bool = False, also: str = "") -> None:
        """Lets `/mentor <words>` run a step. `also`: other words for it, separated by commas."""
        others = tuple(tuple(other.split()) for other in also.split(",") if other.strip())
        self.commands.append(Command(tuple(words.split()), self.to(step), about, coordinators_only, others))

    def plan(self, planner: Plan) -> Plan:
        """Registers the schedule: `planner(store, now, horizon)` yields what should be waiting. It only reads."""
        self.planner = planner
        return planner

    def file(self, name: str) -> Callable[[MakeFile], MakeFile]:
        """Registers how a file is made: at the moment it is sent, so that it is up to date and kept nowhere."""

        def register(make: MakeFile) -> MakeFile:
            self.files[name] = make
            return make

        return register

    def asks_for(self, name: str, **about: Argument) -> FileRequest:
        """The request for one of this flow's files, for a `Hand`."""
        return FileRequest(self.name, name, about)

    def to(self, step: str, **args: Argument) -> Action:
        """The action of one of this flow's steps."""
        return Action(self.name, step, args)
