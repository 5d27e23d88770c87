"""The audit trail of a program as a coordinator reads it: who decided what, newest first."""

from collections.abc import Mapping
from typing import Any

from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, quiet, text
from conversations.paging import Page
from storage.tables import Program

# What is written down about a program, and how it reads. A note itself is never written down here.
DECISIONS: Mapping[str, str] = {
    "matching proposed": "proposed {pairs} pairs",
    "matching discarded": "discarded the draft",
    "matching approved": "approved {pairs} pairs",
    "matching published": "{pairs} pairs were published",
    "publishing stopped": "stopped the publishing",
    "pairs left out": "{pairs} pairs stayed out, since they did not fit any more",
    "pairs left for later": "left {pairs} pairs for later",
    "pair taken out": "took out {couple}",
    "pair put back": "put back {couple}",
    "pair locked": "locked {couple}",
    "pair unlocked": "unlocked {couple}",
    "pair forbidden": "forbade {couple}",
    "pair allowed again": "allowed {couple} again",
    "pairs swapped": "made {couple} by a swap",
    "pair added by hand": "added {couple} by hand",
    "pair re-matched": "re-matched a pair",
    "matching rules changed": "changed the rules of the matching",
    "conflict set aside": "kept a pair although a rule forbids it",
    "conflict re-matched": "ended a pair that a rule forbids, and looks for others",
    "conflict ended": "ended a pair that a rule forbids",
    "asking began": "began to ask both sides of each pair",
    "asking ended": "the asking came to its end",
    "asking first switched on": "asks both before a pair is made from now on",
    "asking first switched off": "introduces without asking first from now on",
    "open place suggested": "a pair was suggested for an open place",
    "open place left": "left an open place to the next matching",
    "re-match proposed": "proposed a re-match",
    "re-match approved": "approved a re-match",
    "re-match discarded": "discarded a re-match",
    "re-match stopped": "stopped a re-match",
    "pairs re-matched": "re-matched pairs",
    "details confirmed": "confirmed somebody's details",
    "people invited": "invited {invited} people",
    "people imported": "imported people",
    "pairs exported": "exported the pairs",
    "wrote to a quiet pair": "wrote to a quiet pair",
    "program created": "created the program",
    "program described": "changed what it is about",
    "program adjusted": "changed rhythm and dates",
    "program people and dates": "changed people and dates",
    "program opened": "opened sign-up",
    "program held": "put it on hold",
    "program resumed": "let it go on",
    "program closed": "closed the program",
}
ENTRIES_A_PAGE = 10


def history_card(program: Program, page: Page[tuple[str, str]]) -> Card:
    """`page`: when and who, and what, for each entry."""
    here = {"program": program.id}
    turning = page.turning(lambda to: Action("history", "show", {**here, "page": to}))
    return card(
        f"History: {program.name}",
        text("Newest first. Page {page} of {pages}.", page=str(page.number + 1), pages=str(page.pages))
        if page.rows
        else text("Nothing was decided yet."),
        *(text("- {when}: {what}", when=when, what=what) for when, what in page.rows),
        buttons(*turning, Button("Status", Action("status", "show", here))),
        quiet("Kept for 12 months. Notes stay with their pairs and are not in here."),
    )


def decision_words(what: str, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """ "locked Ana Costa with Erik Berg"; what is not known any more reads as "somebody"."""
    values = {key: str(value) for key, value in detail.items()}
    mentor, mentee = (names.get(int(detail.get(key, 0) or 0), "somebody") for key in ("mentor", "mentee"))
    words = DECISIONS[what].format_map(_Known({**values, "couple": f"{mentor} with {mentee}"}))
    words = words.replace("1 pairs were", "1 pair was").replace(" 1 pairs", " 1 pair").replace(" 1 people", " 1 person")
    rule, day, note = detail.get("rule"), detail.get("day"), detail.get("note")
    against = f", against the rule “{rule}”" if rule else ""
    return words + against + (" (with a note)" if note else "") + (f", to begin on {day}" if day else "")


class _Known(dict[str, str]):
    """An entry of an older version may lack a figure."""

    def __missing__(self, key: str) -> str:
        return "some"
