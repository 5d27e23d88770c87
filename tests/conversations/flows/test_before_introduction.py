"""Between the approval and the introduction nobody hears with whom they are going to meet, whatever they type."""

import json
from collections.abc import Mapping
from datetime import date

import pytest

from storage.store import Store
from storage.subject import NotYours
from tests.conversations.flows.test_parting import Duo, duo
from tests.support.chat import ChatPerson

__all__ = ["duo"]

SOON = date(2026, 3, 12)


@pytest.fixture
def soon(duo: Duo) -> Duo:
    """The pair is there, and its introduction is ten days away."""
    duo.chat.look(lambda store: setattr(store.pairs.get(duo.pair), "started_on", SOON))
    return duo


def screen(person: ChatPerson) -> str:
    return "\n".join([*(one.text for one in person.messages), person.form.intro if person.form else ""])


COMMANDS = "home book topics rhythm goals met pause leave privacy".split()


@pytest.mark.parametrize("words", [*COMMANDS, "need help", "new partner"])
def test_no_command_tells_the_name_before_the_introduction(soon: Duo, words: str) -> None:
    soon.rosalind.command(words)
    assert screen(soon.rosalind)
    assert "Noor" not in screen(soon.rosalind)


def test_neither_leaving_nor_erasing_nor_the_export_tells_it(soon: Duo) -> None:
    def exported(store: Store) -> str:
        found: Mapping[str, object] = store.export.about(store.people.get(soon.rosalind.id), soon.chat.now)
        return json.dumps(found, default=str)

    assert "Noor" not in soon.chat.look(exported)
    soon.rosalind.command("privacy")
    soon.rosalind.press("Erase everything")
    soon.rosalind.command("leave")
    soon.rosalind.press("Leave")
    assert "Noor" not in screen(soon.rosalind)


@pytest.mark.parametrize(
    "step",
    [
        "introduction.guide",
        "topics.show",
        "topics.others",
        "goals.start",
        "goals.save",
        "rhythm.start",
        "rhythm.save",
        "met.start",
        "met.save",
        "parting.new_partner",
        "parting.yes_new",
        "parting.stop",
        "parting.yes_stop",
        "parting.keep",
    ],
)
def test_a_guessed_number_of_the_own_pair_leads_nowhere(soon: Duo, step: str) -> None:
    flow, _, name = step.partition(".")
    if step == "rhythm.start":
        soon.chat.press_action(soon.rosalind, flow, name, pair=soon.pair)
    else:
        with pytest.raises(NotYours):
            soon.chat.press_action(soon.rosalind, flow, name, pair=soon.pair)
    assert "Noor" not in screen(soon.rosalind)
    assert soon.noor.messages == []


def test_a_pause_before_the_introduction_is_no_news_about_a_stranger(soon: Duo) -> None:
    soon.noor.command("pause")
    soon.noor.press("4 weeks")
    soon.chat.advance(days=5)
    assert "Noor" not in screen(soon.rosalind)
