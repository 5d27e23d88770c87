"""What people type finds its command, however they write it."""

import pytest

from bot.routing import UNKNOWN, Router
from conversations.flows import FLOWS


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("join", "sign_up.start"),
        ("/mentor   JOIN", "sign_up.start"),
        ("mentor join", "sign_up.start"),
        ("Flipside, join please", "sign_up.start"),
        ("@Flipside program open", "opening.start"),
        ("Program Create!", "program.create"),
        ("“join”", "sign_up.start"),
        ("*join*", "sign_up.start"),
        ("/help", "help.show"),
        ("?", "help.show"),
        ("(help)", "help.show"),
        ("my mentor?", "home.show"),
        ("stop", "leaving.start"),
        ("Unsubscribe.", "leaving.start"),
    ],
)
def test_a_command_is_found_in_whatever_way_it_is_written(typed: str, step: str) -> None:
    assert Router(FLOWS).words(typed).action.name == step


@pytest.mark.parametrize("typed", ["", "mentor", "/mentor", "🎉", "...", "joining", "x" * 5000])
def test_anything_else_is_left_to_help(typed: str) -> None:
    assert Router(FLOWS).words(typed).action == UNKNOWN


def test_the_words_after_a_command_are_kept_as_they_were_typed() -> None:
    assert Router(FLOWS).words("flipside: program status Digital Fluency!").words == "Digital Fluency!"
