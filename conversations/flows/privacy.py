"""What is stored about you: see it, take it with you, erase it."""

import json
from collections.abc import Sequence
from datetime import datetime

from conversations.content import Content
from conversations.files import File
from conversations.flow import Flow, Turn
from conversations.introduced import introduced_partners, is_introduced
from conversations.leaving_programs import leave, pairs_in, taking_part
from conversations.next_word import next_word
from conversations.privacy_cards import (
    erase_card,
    erased_card,
    file_card,
    keep_card,
    last_coordinator_card,
    privacy_card,
)
from conversations.replies import Hand, Notice, Replace, Reply, Say
from storage.store import Store
from storage.tables import Person

FLOW = Flow("privacy")
FLOW.command(
    "privacy",
    "show",
    "See, take or erase what is stored about you",
    also="my data, data, gdpr, export my data, erase me, erase my data, delete my data, forget me",
)
WHAT_IT_IS = (
    "Everything that Flipside stores about you. Texts of messages are left out: they are in your chat, and kept for "
    "seven days. Answers to surveys are not in it, since nothing links them to you."
)


@FLOW.step("show")
def show(turn: Turn) -> Sequence[Reply]:
    return [Say(privacy_card(turn.content, suggests=turn.suggests))]


@FLOW.step("file")
def give_file(turn: Turn) -> Sequence[Reply]:
    """Made at the moment it is sent; kept nowhere."""
    key = f"privacy/{turn.person.id}/{turn.now.isoformat()}"
    notice = Notice(key=key, kind="file", prompted=True)
    return [Hand(turn.person.id, FLOW.asks_for("export"), file_card(next_word(turn)), notice)]


@FLOW.file("export")
def export(store: Store, person: Person, now: datetime, content: Content) -> File:
    unknown = [pair.id for pair in store.pairs.ever_of(person) if not is_introduced(store, pair, now)]
    about = store.export.about(person, unknown)
    shown = {"what this is": WHAT_IT_IS, "made at": now.isoformat(), "about you": about}
    written = json.dumps(shown, indent=2, ensure_ascii=False)
    return File("what-flipside-knows-about-you.json", "application/json", written.encode())


@FLOW.step("erase")
def erase(turn: Turn) -> Sequence[Reply]:
    """Says what goes and what stays; the next click does it."""
    if _is_last_coordinator(turn):
        return [Say(last_coordinator_card())]
    programs = [program for _, program in taking_part(turn)]
    pairs = [pair for program in programs for pair in pairs_in(turn, program)]
    partners = introduced_partners(turn, pairs)
    return [Say(erase_card(turn.content, programs, partners))]


@FLOW.step("keep")
def keep(turn: Turn) -> Sequence[Reply]:
    return [Replace(keep_card(next_word(turn)))]


@FLOW.step("erased")
def erased(turn: Turn) -> Sequence[Reply]:
    """The answer is shown at once: a message would need an address, and that is gone."""
    if _is_last_coordinator(turn):
        return [Replace(last_coordinator_card())]
    for enrollment, program in taking_part(turn):
        leave(turn, enrollment, program)
    turn.store.erasure.erase(turn.person, _heir(turn), turn.now)
    return [Replace(erased_card())]


def _is_last_coordinator(turn: Turn) -> bool:
    return turn.coordinator and _heir(turn) is None


def _heir(turn: Turn) -> Person | None:
    """Who takes over the programs that this person made: somebody who can act."""
    return next((one for one in turn.store.coordinators.able() if one.id != turn.person.id), None)
