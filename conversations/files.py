"""Files that people are handed: a calendar entry, a report, what is stored about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FileRequest:
    """Which file, by the flow that makes it and its name there; `about` holds ids only."""

    flow: str
    name: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent. `kind` is its media type, such as "text/csv"."""

    name: str
    kind: str
    content: bytes
