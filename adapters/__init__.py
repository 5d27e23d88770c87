"""The platforms. A new one is a folder here and a line in PLATFORMS."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapters.platform import Platform

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Registration:
    """The module's `from_settings(settings, now)` makes the platform, when one of these settings is there.

    Only then is the module imported: each vendor's SDK costs a second and 50 MB. Its neighbour `check` answers
    `flipside doctor` with `check_settings(settings, now)`.
    """

    module: str
    when: tuple[str, ...]


PLATFORMS: tuple[Registration, ...] = (
    Registration("adapters.slack", ("slack_bot_token",)),
    Registration("adapters.teams", ("teams_app_id", "teams_local")),
)


def set_up(settings: Any, known: Sequence[Registration] = PLATFORMS) -> tuple[Registration, ...]:
    """Those that have what they need. `settings` has an attribute for every setting."""
    return tuple(each for each in known if any(getattr(settings, name) for name in each.when))


def platforms(settings: Any, now: Now, known: Sequence[Registration] = PLATFORMS) -> "list[Platform]":
    """Those that are set up, made."""
    return [import_module(each.module).from_settings(settings, now) for each in set_up(settings, known)]
