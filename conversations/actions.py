"""The URL of a conversation: which step of which flow, with which arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Self
from urllib.parse import parse_qsl, quote

# Slack allows 2000 characters in a button's value and 255 in an id; Teams cards should stay small; 200 suits all.
MOST_CHARACTERS = 200

Argument = str | int


class NotAnAction(ValueError):
    """The text on a button is not one of our actions (an old card, or somebody else's)."""


@dataclass(frozen=True, slots=True)
class Action:
    """A pointer to a step: `Action("check_in", "met", {"pair": 3})` packs to `check_in.met?pair=3`."""

    flow: str
    step: str
    args: Mapping[str, Argument] = field(default_factory=dict)
    # Packed once: its length is checked when it is built, and nearly every action is packed after that.
    _packed: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        args = {key: str(value) for key, value in self.args.items()}
        object.__setattr__(self, "args", MappingProxyType(args))
        object.__setattr__(self, "_packed", _packed(self.name, args))
        if len(self._packed) > MOST_CHARACTERS:
            raise ValueError(f"{self.name}: an action holds at most {MOST_CHARACTERS} characters")

    def __reduce__(self) -> tuple[type["Action"], tuple[str, str, dict[str, Argument]]]:
        return Action, (self.flow, self.step, dict(self.args))

    def __hash__(self) -> int:
        return hash(self._packed)

    @property
    def name(self) -> str:
        """`flow.step`, public like a URL: cards that are weeks old still hold it."""
        return f"{self.flow}.{self.step}"

    def pack(self) -> str:
        return self._packed

    @classmethod
    def unpack(cls, text: str) -> Self:
        """Raises NotAnAction for anything that `pack` did not write."""
        name, _, query = text.partition("?")
        flow, dot, step = name.partition(".")
        if not (dot and flow.isidentifier() and step.isidentifier()) or len(text) > MOST_CHARACTERS:
            raise NotAnAction(text[:MOST_CHARACTERS])
        return cls(flow, step, dict(parse_qsl(query, keep_blank_values=True)))


def _packed(name: str, args: Mapping[str, str]) -> str:
    if not args:
        return name
    return f"{name}?{'&'.join([f'{_quoted(key)}={_quoted(args[key])}' for key in sorted(args)])}"


@lru_cache(maxsize=10_000)
def _quoted(text: str) -> str:
    """Every button is packed, and most name the same few steps and small numbers."""
    return quote(text, safe="")
