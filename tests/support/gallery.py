"""Every card and every form that the bot can show, made by the real functions with people of Larkspur.

A function that returns a card is found by its annotation and called with what its parameters ask for, by name or by
type. Whatever has more than one look is listed under LOOKS.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import conversations
from conversations.actions import Action
from conversations.asked_cards import Progress
from conversations.asking_cards import Question
from conversations.booking_cards import Booked
from conversations.booking_days import Days
from conversations.cadence import Calendar, calendar_of
from conversations.cards import Button, Card, Text, card, quiet, text
from conversations.check_in_asked import Asked, Row
from conversations.closing_cards import Summary
from conversations.contacts import Contact
from conversations.content import Content, Topic
from conversations.coordinators_cards import Listed
from conversations.digest_cards import News
from conversations.events import Progress as WorkedOn
from conversations.flow import Command, Turn
from conversations.forms import Form, Typed
from conversations.frozen_cards import Frozen
from conversations.goals_cards import GoalRow
from conversations.import_people import ImportReport
from conversations.invite_list import Sorted
from conversations.matching import Rule
from conversations.matching.advice import Advice
from conversations.matching.changes import Together
from conversations.need_cards import Request
from conversations.paging import Page
from conversations.pair_by_hand import warning
from conversations.people_words import contact_of
from conversations.preview_pages import pages
from conversations.proposal_shown import Readiness, Shown
from conversations.quiet_pair_cards import Quiet
from conversations.ready_check import Finding, examined, findings
from conversations.rematch_cards import Everybody, Standing
from conversations.report_figures import Figures, figures
from conversations.roster_changes import Change, Changes, RosterReport
from storage.database import Database
from storage.tables import (
    CheckIn,
    Enrollment,
    ForbiddenPair,
    HelpRequest,
    Pair,
    Person,
    Program,
    Proposal,
    ProposedPair,
    PulseRound,
)
from tests.support.larkspur import NOW, REASON, TODAY, Larkspur

# The vocabulary makes and moves cards; it has no words of its own.
VOCABULARY = {"conversations.cards", "conversations.forms", "conversations.packing"}

# Whose screen a module's cards are on: the coordinator's, unless it is one of these.
FOR_PARTICIPANTS = {
    **dict.fromkeys(("leaving_cards", "parting_cards", "pause_cards", "privacy_cards"), "noor"),
    **dict.fromkeys(("check_in_cards", "flows.help", "flows.home", "flows.introduction", "flows.met"), "noor"),
    **dict.fromkeys(("flows.results", "flows.skills", "pulse_cards", "pulse_forms", "skills_forms"), "noor"),
    **dict.fromkeys(("booking_cards", "booking_forms", "goals_cards", "hello_cards", "introduction_cards"), "noor"),
    **dict.fromkeys(("sign_up_cards", "sign_up_forms", "waiting_cards", "invitation_cards"), "zofia"),
    **dict.fromkeys(("nominate_cards", "asking_cards", "working_style_forms"), "noor"),
    "topic_cards": "noor",
    "told_enough": "noor",
    **dict.fromkeys(("closing_cards", "rhythm_cards"), "noor"),
    **dict.fromkeys(("ignored_rounds", "flows.silence"), "noor"),
}

GOALS = ("See how a decision is made", "Say what I think in a large meeting")

Given = Mapping[str, Any]
Look = Callable[[Larkspur], Given]


def _nothing(_here: Larkspur) -> Given:
    return {}


def _newcomer(here: Larkspur) -> Person:
    person = here.person("diego")
    person.source = "self"
    return person


def _stranger() -> Person:
    """Somebody who told little about themselves."""
    name, email = "Diego Ferraz", "diego@larkspur.example"
    return Person(name=name, email=email, source="self", department="Operations", team="", manager_email="", level=None)


def _note(here: Larkspur) -> Given:
    row = here.row(state="met", learned="Show, then tell", change="Fewer slides", closer=3)
    return {"row": row, "asked": here.asked(row)}


def _help(here: Larkspur, **more: Any) -> Request:
    """Noor asks the coordinators for help about her first pair."""
    row = {"id": 1, "kind": "scheduling", "words": "Our calendars never meet.", "done_at": None}
    columns = {name: more.pop(name) for name in list(more) if name in row}
    noor = contact_of(here.store, here.person("noor"))
    partner = here.person("rosalind").name
    return Request(HelpRequest(**row | columns), noor, "Noor", here.running.name, **{"partner": partner} | more)


def _readers(here: Larkspur) -> list[Person]:
    return [here.person("amara"), here.person("mateo")]


def _contacts(here: Larkspur) -> list[Contact]:
    return [contact_of(here.store, one) for one in _readers(here)]


def _answers(*states: str, **more: Any) -> Look:
    """Noor's check-in with these answers, one for each of her mentees."""

    def look(here: Larkspur) -> Given:
        pairs = (here.first_pair, here.second_pair)
        rows = [here.row(pair, state, **more) for pair, state in zip(pairs, states, strict=False)]
        return {"asked": here.asked(*rows)}

    return look


def _half_time(here: Larkspur) -> Given:
    goals = ("You: Learn how a decision is made", "Rosalind: Write my own briefings with our tools")
    return {"asked": here.asked(replace(here.row(), half_time=True, goals=goals))}


def _partner(here: Larkspur) -> tuple[Person, Contact]:
    return here.person("rosalind"), contact_of(here.store, here.person("rosalind"))


def _wrap(role: str, *learned: str, **more: Any) -> Look:
    def look(here: Larkspur) -> Given:
        who, partner = ("noor", "rosalind") if role == "mentor" else ("rosalind", "noor")
        partners = [(here.person(partner), contact_of(here.store, here.person(partner)))]
        given = {"partners": partners, "round": 3} | more
        summary = Summary(role, learned, **{"sessions": 9, "check_ins": 11, **given})
        return {"program": here.running, "person": here.person(who), "summary": summary}

    return look


def _quiet_pair(here: Larkspur, weeks: int = 4) -> Quiet:
    return Quiet(here.first_pair, here.person("noor"), here.person("rosalind"), weeks, here.running)


def _findings(here: Larkspur) -> list[Finding]:
    return findings(here.turn("amara"), examined(here.turn("amara"), here.open, None))


def _to_learn(here: Larkspur) -> Question:
    """A match as the senior one of the two is asked about it."""
    return Question(here.shown().pairs[0], here.running, here.person("noor"), teaches=False, until="21 April")


def _listed(here: Larkspur) -> list[Listed]:
    here.store.people.appoint(["jonas@larkspur.example", "new@larkspur.example"])
    here.store.flush()
    return [Listed(row, person, row.email.startswith("amara")) for row, person in here.store.coordinators.listed()]


def _removal(here: Larkspur, *, yourself: bool, programs: int) -> Given:
    row, person = here.store.coordinators.listed()[0]
    return {"row": row, "person": person, "yourself": yourself, "programs": programs, "heir": here.person("jonas")}


MORNING = "Wednesday 15 April, 09:00"


def _invited(here: Larkspur, role: str) -> Given:
    """To a program with a sponsor and a page of its own."""
    here.open.sponsor_email = "rosalind@larkspur.example"
    here.open.page_url = "https://intranet.larkspur.example/mentoring"
    enrollment = Enrollment(role=role, status="invited", reply_by=date(2026, 5, 1))
    return {"program": here.open, "enrollment": enrollment}


def _plainly_invited(here: Larkspur) -> Given:
    """To a program that nobody backs yet and no page tells of."""
    here.open.sponsor_email = here.open.page_url = ""
    return {}


def _nominated(here: Larkspur, why: str) -> Given:
    return {**_invited(here, "mentor"), "nominator": here.person("noor"), "why": why}


def _list_of(here: Larkspur, people: int) -> Given:
    """A pasted list: some can be asked, and some not, for a reason each."""
    found = [here.store.people.get(number) for number in range(1, people + 1)]
    already = ["Zofia Nowak has joined already", "Liam Byrne said no, and is not asked again"]
    refused = ["Line 4: ana.ruis@larkspur.example is not on the roster", "Line 9: Ana Ruiz is no e-mail"]
    return {"found": Sorted(found, found[:1], already, refused), "role": "mentee", "reply_by": date(2026, 5, 1)}


RULES = {
    "preset": "same hours",
    "rules": {"min_shared_hours": 2.0, "excluded_department_pairs": [["Sales", "Legal"]]},
    "weights": {"other_location": 20},
}


def _against_a_rule(here: Larkspur) -> Shown:
    """A proposal with a pair that the coordinator made although a rule forbids it."""
    shown = here.shown()
    pair = shown.pairs[0]
    pair.by_hand, pair.locked, pair.note = True, True, "They leave the team in May."
    return replace(shown, warnings={pair.id: "they are in the same team now"})


def _everybody_paired(here: Larkspur) -> Shown:
    shown = here.shown(taken_out=0)
    shown.proposal.unmatched = []
    return shown


LOOKS: Mapping[str, Mapping[str, Look]] = {
    "invitation_cards.invitation_card": {
        "mentor": lambda here: _invited(here, "mentor"),
        "mentee": lambda here: {**_invited(here, "mentee"), "turn": here.turn("hannah")},
        "plain": _plainly_invited,
    },
    "invitation_cards.invitation_reminder_card": {
        "": _nothing,
        "own-date": lambda here: _invited(here, "mentor"),
        "mentee": lambda here: {**_invited(here, "mentee"), "turn": here.turn("hannah")},
    },
    "invitation_cards.nomination_card": {
        "": lambda here: _nominated(here, "You explain things so that they stick."),
        "mentee": lambda here: {**_nominated(here, ""), **_invited(here, "mentee"), "turn": here.turn("hannah")},
        "no-reason": lambda here: _nominated(here, ""),
    },
    "invite_cards.before_card": {
        "": lambda here: _list_of(here, 14),
        "one": lambda here: {"found": Sorted([here.person("noor")], [], [], []), "role": "mentor", "reply_by": TODAY},
    },
    "invite_cards.list_card": {"": lambda here: {"number": 400}},
    "invite_cards.nobody_card": {"": lambda here: _list_of(here, 0)},
    "invite_cards.sent_card": {"": _nothing, "draft": lambda here: {"program": here.draft}},
    "invite_forms.filter_form": {"": lambda here: {"departments": here.store.people.departments()}},
    "nominate_cards.nominate_form": {"": lambda here: {"email": ""}},
    "leaving_cards.leave_card": {"": _nothing, "waiting": lambda here: {"partners": []}},
    "leaving_cards.left_card": {"": lambda here: {"ahead": None}, "elsewhere": lambda here: {"ahead": here.ahead}},
    "parting_cards.new_partner_card": {"": lambda here: {"late": ""}, "late": lambda here: {"late": "8 May"}},
    "parting_cards.stop_card": {"": lambda here: {"others": 0}, "others": lambda here: {"others": 1}},
    "parting_cards.note_card": {
        "": lambda here: {"others": [], "late": ""},
        "others": lambda here: {"others": ["Tomas Lindqvist"], "late": ""},
        "late": lambda here: {"others": [], "late": "8 May"},
    },
    "parting_cards.before_card": {"": lambda here: {"others": [], "late": ""}},
    "parting_cards.rematch_card": {"": lambda here: {"mentor": here.person("noor"), "mentee": here.person("rosalind")}},
    "pause_cards.day_form": {"": lambda here: {"earliest": TODAY, "latest": date(2026, 10, 14), "value": ""}},
    "pause_cards.too_long_card": {"": lambda here: {"ends_on": "8 May"}},
    "privacy_cards.privacy_card": {"": lambda here: {"suggests": False}, "suggests": lambda here: {"suggests": True}},
    "closing_cards.notice_card": {
        "": lambda here: {
            "program": here.running,
            "partners": [_partner(here)],
            "ends": "26 September",
        }
    },
    "closing_cards.over_card": {"": lambda here: {"program": here.running, "last_day": "26 September"}},
    "closing_cards.waited_card": {"": lambda here: {"program": here.running, "person": here.person("kenji")}},
    "closing_cards.who_again_card": {
        "": lambda here: {"names": ["Noor Haddad", "Rosalind Achterberg"]},
        "nobody": lambda here: {"names": []},
    },
    "closing_cards.wrap_card": {
        "mentor": _wrap("mentor", "Show, then tell", "Ask what they would do first"),
        "mentee": _wrap("mentee", "Shortcuts save my mornings"),
        "never-met": _wrap("mentor", sessions=0, check_ins=0),
        "nothing-noted": _wrap("mentee", partners=[], round=0),
        "many-lines": _wrap("mentor", *(f"Lesson {number}: {'one thing at a time, ' * 20}" for number in range(9))),
    },
    "check_in_cards.remembered_card": {
        "": lambda here: {"partner": _partner(here)[0], "contact": _partner(here)[1]},
    },
    "check_in_cards.remind_form": {
        "": lambda here: {
            "first": TODAY + timedelta(days=1),
            "last": TODAY + timedelta(days=56),
            "suggested": TODAY + timedelta(days=3),
        }
    },
    "quiet_pair_cards.kind_word_card": {
        "": lambda here: {
            "program": here.running,
            "pair": here.first_pair,
            "coordinator": contact_of(here.store, here.person("amara")),
            "partner": here.person("rosalind"),
        }
    },
    "quiet_pair_cards.list_card": {
        "": lambda here: {"program": here.running, "pairs": [_quiet_pair(here, 6), _quiet_pair(here)], "page": 0},
        "many": lambda here: {"program": here.running, "pairs": [_quiet_pair(here)] * 25, "page": 2},
        "nobody": lambda here: {"program": here.running, "pairs": [], "page": 0},
    },
    "quiet_pair_cards.quiet_pairs_card": {
        "": lambda here: {"pairs": [_quiet_pair(here, 6), _quiet_pair(here)]},
        "many": lambda here: {"pairs": [_quiet_pair(here)] * 12},
    },
    "quiet_pair_cards.quiet_card": {"": lambda here: {"program": here.running, "quiet_pair": _quiet_pair(here)}},
    "quiet_pair_cards.written_card": {"": lambda here: {"program": here.running, "quiet_pair": _quiet_pair(here)}},
    "rhythm_cards.rhythm_form": {"": lambda here: {"partner": _partner(here)[0], "days": 14}},
    "rhythm_cards.set_card": {"": lambda here: {"days": 28}},
    "rhythm_cards.told_card": {"": lambda here: {"days": 28}},
    "need_cards.help_form": {
        "": lambda here: {
            "kind": "scheduling",
            "pair": 0,
            "readers": _readers(here),
            "pairs": [(here.first_pair, here.person("rosalind")), (here.second_pair, here.person("tomas"))],
        },
        "one-reader": lambda here: {"kind": "pairing", "pair": 1, "readers": [here.person("amara")], "pairs": []},
    },
    "need_cards.kinds_card": {"": lambda here: {"pair": 0}},
    "need_cards.nobody_card": {
        "": lambda here: {"coordinators": _contacts(here)},
        "nobody-at-all": lambda here: {"coordinators": []},
    },
    "need_cards.outside_card": {
        "": lambda here: {"coordinators": _contacts(here)},
        "nobody-at-all": lambda here: {"coordinators": []},
    },
    "need_cards.request_card": {
        "": lambda here: {"request": _help(here)},
        "again": lambda here: {"request": _help(here), "again": 1},
        "no-words": lambda here: {"request": _help(here, words="", kind="pairing", partner="")},
    },
    "need_cards.sent_card": {
        "": lambda here: {"readers": _readers(here)},
        "one-reader": lambda here: {"readers": [here.person("amara")]},
    },
    "need_cards.serious_card": {
        "": lambda here: {"contacts": [("Ingrid Holm", "ingrid.holm@trust.example")]},
        "telephone": lambda here: {"contacts": [("Ingrid Holm", "extension 5512")]},
        "nobody-named": lambda here: {"contacts": []},
    },
    "need_cards.settled_card": {
        "": lambda here: {"request": _help(here, taker="Amara Okafor")},
        "done": lambda here: {"request": _help(here, taker="Amara Okafor", done_at=NOW)},
    },
    "need_cards.taken_card": {
        "": lambda here: {"request": _help(here, taker="Amara Okafor")},
        "left": lambda here: {
            "request": _help(here, taker="Amara Okafor"),
            "gone": True,
        },
    },
    "need_cards.taker_card": {"": lambda here: {"taker": _contacts(here)[0], "first": "Amara"}},
    "need_cards.talk_card": {"": lambda here: {"pair": here.first_pair.id}},
    "need_cards.waiting_card": {
        "": lambda here: {"request": _help(here), "again": Action("need", "start")},
        "taken": lambda here: {"request": _help(here, taker="Amara Okafor"), "again": Action("need", "start")},
    },
    "topic_cards.topics_card": {
        "pair": lambda here: {
            "topics": here.content.topics[5:8],
            "others": Action("topics", "others", {"pair": here.first_pair.id, "page": 1}),
            "partner": here.person("rosalind"),
            "pair": here.first_pair,
        },
        "alone": lambda here: {
            "topics": here.content.topics[:3],
            "others": Action("topics", "others", {"page": 1}),
            "partner": None,
            "pair": None,
        },
    },
    "topic_cards.whose_topics_card": {"": lambda here: {"to": Action("topics", "show")}},
    "booking_cards.booked_card": {
        "mine": _nothing,
        "theirs": lambda here: {"booked": here.booked(by="rosalind")},
        "confirmed": lambda here: {"booked": here.booked(confirmed_at=NOW)},
        "moved": lambda here: {"booked": here.booked(by="rosalind", revision=1)},
    },
    "goals_cards.week_one_card": {
        "": _nothing,
        "dated": lambda here: {"rows": [here.goal_row(dated=True)]},
        "several": lambda here: {"rows": [here.goal_row(), here.goal_row(here.second_pair, goals=GOALS)]},
        "kept": lambda here: {"rows": [here.goal_row(goals=GOALS)]},
    },
    "goals_cards.goals_form": {
        "": _nothing,
        "mentee": lambda here: {"role": "mentee", "partner": here.person("noor"), "goals": ()},
    },
    "goals_cards.saved_card": {"": _nothing, "rated": lambda here: {"rated": True}},
    "hello_cards.hello_card": {
        look: lambda here, topic=topic: {  # type: ignore[misc]
            "program": here.running,
            "partner": here.person("noor"),
            "contact": contact_of(here.store, here.person("noor")),
            "topic": here.topic if topic else None,
        }
        for look, topic in (("", True), ("no-topic", False))
    },
    "hello_cards.in_touch_card": {"": _nothing, "dated": lambda here: {"dated": True}},
    "introduction_cards.guide_card": {
        "mentor": lambda here: {"program": here.running},
        "mentee": lambda here: {"role": "mentee", "program": here.running, "partner": here.person("noor")},
    },
    "check_in_cards.check_in_card": {
        "": _nothing,
        "first": lambda here: {"asked": here.asked(first=True)},
        "reminder": lambda here: {"asked": here.asked(reminder=True)},
        "several": _answers("", ""),
        "half-answered": _answers("met", ""),
        "met": _answers("met"),
        "met-note": _answers("met", learned="Show, then tell"),
        "met-shared": _answers("met", learned="Show, then tell", shared_at=NOW),
        "date-set": _answers("date_set"),
        "not-yet": _answers("not_yet"),
        "skip": _answers("skip"),
        "late": lambda here: {"asked": here.asked(here.row(state="met"), late_for="9 April")},
        "remind": lambda here: {"asked": here.asked(replace(here.row(state="not_yet"), remind_on="21 April"))},
        "quiet": lambda here: {"asked": here.asked(replace(here.row(), quiet=True))},
        "quiet-of-two": lambda here: {"asked": here.asked(replace(here.row(), quiet=True), here.row(here.second_pair))},
        "half-time": _half_time,
        "half-time-settled": lambda here: {
            "asked": here.asked(replace(here.row(state="met"), half_time=True, carries_on=True))
        },
        "changing": lambda here: {
            "asked": here.asked(here.row(state="not_yet")),
            "changing": here.first_pair.id,
        },
    },
    "check_in_cards.note_form": {"": _nothing, "again": _note},
    "flows.help.help_card": {"": _nothing, "coordinator": lambda here: {"turn": here.turn("amara")}},
    "flows.help.more_card": {"": _nothing, "coordinator": lambda here: {"turn": here.turn("amara")}},
    "flows.help.welcome_card": {"": lambda here: {"turn": here.turn("mateo")}},
    "flows.home.home_card": {
        "mentor": _nothing,
        "mentee": lambda here: {"turn": here.turn("rosalind")},
        "joined": lambda here: {"turn": here.turn("zofia")},
        "to-confirm": lambda here: {"turn": here.turn("diego")},
        "invited": lambda here: {"turn": here.turn("vikram")},
        "nothing-yet": lambda here: {"turn": here.turn("mateo")},
        "coordinator": lambda here: {"turn": here.turn("amara")},
    },
    "introduction_cards.own_card": {
        "mentor": lambda here: {"role": "mentor", "program": here.running},
        "mentee": lambda here: {
            "role": "mentee",
            "program": here.running,
            "partner": here.person("noor"),
            "contact": contact_of(here.store, here.person("noor")),
            "topic": None,
        },
    },
    "introduction_cards.shared_card": {
        "": lambda here: {"program": here.running, "mentor": contact_of(here.store, here.person("noor"))}
    },
    "flows.help.thanked_card": {
        "": lambda here: {"turn": replace(here.turn("noor"), words="Thank you!")},
        "all-right": lambda here: {"turn": replace(here.turn("noor"), words="ok")},
    },
    "flows.program.ended_card": {"": lambda here: {"program": here.closed}},
    "flows.results.results_card": {
        "none-yet": lambda here: {"program": here.running},
        "two-rounds": lambda here: {"program": here.with_pulses()},
        "no-pulse": lambda here: {"program": here.closed},
    },
    "flows.skills.kept_card": {moment: lambda here, moment=moment: {"moment": moment} for moment in ("start", "end")},  # type: ignore[misc]
    "flows.status.status_card": {
        state: lambda here, state=state: {"program": getattr(here, state)}  # type: ignore[misc]
        for state in ("draft", "open", "running", "closed")
    },
    "check_cards.check_card": {
        "": lambda here: {"proposal": None, "found": _findings(here)},
        "ready": lambda here: {
            "proposal": here.shown().proposal,
            "found": [one for one in _findings(here) if one.good],
        },
    },
    "check_cards.not_ready_card": {"": lambda here: {"proposal": here.shown().proposal, "found": _findings(here)}},
    "check_cards.left_out_card": {
        "": lambda here: {"proposal": here.shown().proposal, "pairs": 2, "kept": 6},
        "nobody-left": lambda here: {"proposal": here.shown().proposal, "pairs": 2, "kept": 0},
    },
    "asked_cards.asking_progress_card": {"": lambda here: {}, "own": lambda here: {"own": True}},
    "coordinators_cards.coordinators_card": {
        "": lambda here: {"everybody": _listed(here)},
        "many": lambda here: {"everybody": _listed(here) * 20, "page": 1},
    },
    "coordinators_cards.added_card": {
        "": lambda here: {"email": "mateo@larkspur.example", "person": here.person("mateo")},
        "unknown": lambda here: {"email": "new@larkspur.example", "person": None},
    },
    "coordinators_cards.welcome_card": {"": lambda here: {"by": here.person("amara")}},
    "coordinators_cards.really_remove_card": {
        "": lambda here: _removal(here, yourself=False, programs=2),
        "yourself": lambda here: _removal(here, yourself=True, programs=1),
    },
    "coordinators_cards.removed_card": {
        "": lambda here: {"yourself": False, "heir": here.person("jonas")},
        "yourself": lambda here: {"yourself": True, "heir": here.person("jonas")},
    },
    "hold_cards.held_already_card": {"": lambda here: {"since": "On hold since 12 April"}},
    "hold_cards.outlasted_card": {"": lambda here: {"ends_on": "26 August"}},
    "hold_cards.resumed_card": {
        "": lambda here: {"introductions": 2, "matching_passed": False},
        "matching-passed": lambda here: {"introductions": 0, "matching_passed": True},
    },
    "hold_cards.told_of_hold_card": {"": lambda here: {"by": here.person("jonas")}},
    "hold_cards.told_of_resuming_card": {"": lambda here: {"by": here.person("jonas")}},
    "matching_cards.approved_card": {"": lambda here: {"moment": MORNING}},
    "open_place_cards.left_open_card": {
        "": lambda here: {"pairs": 1},
        "several": lambda here: {"pairs": 3},
    },
    "matching_notices.published_without_card": {
        "": lambda here: {"names": "Zofia Kamińska with Hannah Lindqvist", "left": 7}
    },
    "matching_notices.waiting_to_publish_card": {"": lambda here: {"moment": MORNING}},
    "preview_cards.preview_card": {
        role: lambda here, role=role: {"role": role, "pages": pages(here.turn("amara"), here.open, role), "page": 1}  # type: ignore[misc]
        for role in ("mentor", "mentee", "coordinator")
    },
    "matching_cards.summary_card": {
        "": _nothing,
        "as-proposed": lambda here: {"shown": here.shown(taken_out=0)},
        "replaced": lambda here: {
            "shown": replace(here.shown(locked=2, taken_out=0), has_earlier=True),
            "replaced": True,
        },
        "nobody": lambda here: {"shown": here.shown(taken_out=8)},
    },
    "review_cards.review_card": {"": _nothing, "last-page": lambda here: {"page": 1}},
    "review_cards.found_card": {
        "": lambda here: {"words": "zof", "pairs": here.shown().pairs[:1]},
        "nobody": lambda here: {"words": "xy", "pairs": []},
    },
    "review_cards.pair_card": {"": lambda here: {"pair": here.shown().pairs[0]}},
    "review_cards.swap_card": {"": lambda here: {"pair": here.shown().pairs[0]}},
    "review_cards.forbidden_card": {
        "": lambda here: {"rows": [(ForbiddenPair(id=1), "Zofia Kamińska", "Hannah Lindqvist")]},
        "nobody": lambda here: {"rows": []},
    },
    "matching_compared.compared_card": {
        "": lambda here: {"now": here.shown(), "before": here.shown(taken_out=3)},
        "first": lambda here: {"now": here.shown(), "before": None},
    },
    "matching_cards.sure_card": {"": lambda here: {"shown": _against_a_rule(here)}},
    "matching_notices.not_possible_card": {
        "": lambda here: {"why": "One of the two pairs is taken out. Put it back first."}
    },
    "matching_notices.working_card": {"": _nothing, "half": lambda here: {"so_far": WorkedOn("Comparing", 0.5)}},
    "matching_rules_cards.rules_card": {"": lambda here: {"kept": {}}, "own": lambda here: {"kept": RULES}},
    "matching_rules_cards.what_if_card": {
        "": lambda here: {"kept": RULES, "sentences": ["8 pairs would stay, 2 would be new and 1 would be gone."]}
    },
    "matching_rules_cards.nobody_to_try_card": {"": lambda here: {"kept": RULES}},
    "matching_rules_forms.rules_form": {"": lambda here: {"kept": RULES}},
    "matching_rules_forms.weights_form": {"": lambda here: {"kept": RULES}},
    "matching_forms.note_form": {
        "": lambda here: {
            "names": "Zofia Kamińska with Hannah Lindqvist",
            "warning": warning(Rule.REPORTING_LINE),
        }
    },
    "unmatched_cards.unmatched_card": {"": _nothing, "nobody": lambda here: {"shown": _everybody_paired(here)}},
    "unmatched_cards.advice_card": {
        "": lambda here: {
            "advice": Advice(
                "1",
                "mentor",
                "Zofia Kamińska could be with Hannah Lindqvist if you set the rule “same team” aside for them.",
                (Together("1", "2", (Rule.TEAM,)),),
                "2",
                (("1", "2"),),
            ),
            "names": {"1": "Zofia Kamińska", "2": "Hannah Lindqvist"},
        }
    },
    "unmatched_cards.no_advice_card": {"": lambda here: {"words": "That did not finish. Nothing was changed."}},
    "history_cards.history_card": {
        "": lambda here: {
            "page": Page(0, 2, [("14 April, 09:30, Amara Okafor", "locked Zofia Kamińska with Hannah Lindqvist")])
        },
        "empty": lambda here: {"page": Page(0, 1, [])},
    },
    "matching_cards.changed_card": {
        "": _nothing,
        "nobody-left": lambda here: {"shown": here.shown(taken_out=8)},
    },
    "matching_notices.nobody_card": {
        "": lambda here: {"ready": Readiness(0, 0, ("Diego Ferraz", "Liam Byrne"), 3)},
        "one-side": lambda here: {"ready": Readiness(4, 0)},
        "mentors-wait": lambda here: {"ready": Readiness(2, 0, full_mentors=9, full_mentees=9)},
        "mentees-wait": lambda here: {"ready": Readiness(0, 1, full_mentors=9, full_mentees=9)},
        "all-paired": lambda here: {"ready": Readiness(0, 0, full_mentors=9, full_mentees=9)},
    },
    "matching_cards.discard_sure_card": {"": lambda here: {"proposal": here.shown().proposal, "pairs": 2}},
    "matching_notices.settled_card": {
        status: lambda here, status=status: {"proposal": here.shown(status).proposal}  # type: ignore[misc]
        for status in ("approved", "discarded")
    },
    "matching_notices.unmatched_card": {
        "mentor": lambda here: {"role": "mentor"},
        "mentee": lambda here: {"role": "mentee"},
        "again": lambda here: {"role": "mentee", "again": True},
    },
    "told_enough.told_enough_card": {
        "": lambda here: {"partner": _partner(here)[0], "contact": _partner(here)[1]},
        "later": lambda here: {"partner": _partner(here)[0], "contact": _partner(here)[1], "later": True},
    },
    "program_cards.list_card": {
        "": lambda here: {"page": Page(0, 1, [here.running, here.open])},
        "many": lambda here: {"page": Page(1, 3, [here.running, here.open])},
        "none": lambda here: {"page": Page(0, 1, []), "words": []},
    },
    "program_cards.plan_card": {
        state: lambda here, state=state: {"program": getattr(here, state)}  # type: ignore[misc]
        for state in ("draft", "open", "running", "closed")
    },
    "pulse_cards.pulse_card": {
        "": lambda here: {"program": here.running},
        "reminder": lambda here: {"program": here.running, "reminder": True},
    },
    "pulse_forms.pulse_form": {"": lambda here: {"own": 1}, "from-another-card": lambda here: {"own": 0}},
    "digest_cards.digest_card": {
        "": lambda here: {"roster": [], "next_on": "15 April"},
        "roster": lambda here: {
            "found": [],
            "roster": ["The roster was read again: 2 new, 1 changed, 1 gone."],
            "next_on": "15 April",
        },
    },
    "report_cards.report_card": {"": lambda here: {"program": here.running, "introduced": 11, "met": 9}},
    "roster_cards.changes_card": {"": _nothing, "nightly": lambda here: {"program": None, "nightly": True}},
    "roster_cards.report_card": {
        "": _nothing,
        "faults": lambda here: {
            "report": ImportReport(errors=tuple(here.fault("country", line) for line in range(2, 13)), done=False)
        },
        "left-out": lambda here: {
            "report": ImportReport(here.report.written, (here.fault("country"),), (here.fault("country", 9),)),
            "program": here.draft,
        },
    },
    "roster_cards.no_file_card": {"": lambda here: {"reason": "There is no file where FLIPSIDE_ROSTER_FILE points."}},
    "roster_cards.where_from_card": {"": _nothing, "no-program": lambda here: {"program": None}},
    "sign_up_cards.already_in_card": {
        "": _nothing,
        "matched": lambda here: {"turn": here.turn("noor"), "enrollment": here.enrollment("noor")},
    },
    "sign_up_cards.receipt_card": {
        "mentor": _nothing,
        "mentee": lambda here: {"turn": here.turn("hannah"), "enrollment": here.enrollment("hannah", here.open)},
        "to-confirm": lambda here: {"turn": here.turn("diego"), "enrollment": here.enrollment("diego", here.open)},
        "between-rounds": lambda here: {
            "turn": here.turn("kenji"),
            "enrollment": here.enrollment("kenji"),
            "program": here.running,
        },
    },
    "sign_up_cards.not_open_card": {
        "draft": lambda here: {"program": here.draft},
        "closed": lambda here: {"program": here.closed},
    },
    "sign_up_cards.out_of_scope_card": {"": lambda here: {"program": here.closed}},
    "sign_up_cards.to_confirm_card": {
        "": lambda here: {"person": _newcomer(here), "enrollment": here.enrollment("diego", here.open)},
        "no-level": lambda here: {"person": _stranger(), "enrollment": here.enrollment("diego", here.open)},
        "roster-gap": lambda here: {"person": here.person("ingrid"), "enrollment": here.enrollment("diego", here.open)},
    },
    "sign_up_forms.first_screen": {"": _nothing, "without-roster": lambda here: {"about_you": True}},
    "sign_up_forms.second_screen": {role: lambda here, role=role: {"role": role} for role in ("mentor", "mentee")},  # type: ignore[misc]
    "skills_forms.skills_form": {
        moment: lambda here, moment=moment: {"program": here.running, "moment": moment}  # type: ignore[misc]
        for moment in ("start", "end")
    },
    "rematch_cards.one_pair_card": {
        which: lambda here, own=own: {  # type: ignore[misc]
            "page": Page(0, 1, [Standing(here.first_pair.id, "Noor Haddad", "Rosalind Meyer")]),
            "takes_part": own,
        }
        for which, own in (("", False), ("own", True))
    },
    "frozen_cards.thawed_card": {"": lambda here: {"pairs": ["Noor Haddad and Rosalind Meyer"]}},
    "asking_cards.ask_card": {
        "mentor": _nothing,
        "mentee": lambda here: {"asked": _to_learn(here)},
        "again": lambda here: {"again": True},
    },
    "asking_cards.more_card": {
        "": _nothing,
        "mentee": lambda here: {"asked": _to_learn(here), "theirs": here.enrollment("noor")},
    },
    "asking_cards.no_answer_card": {"": _nothing, "mentee": lambda here: {"role": "mentee"}},
    "asked_cards.switch_card": {"": _nothing, "on": lambda here: {"program": _asks_first(here)}},
    "waiting_cards.matching_day_card": {
        "": _nothing,
        "several-to-check": lambda here: {"to_check": 3},
        "nothing-to-check": lambda here: {"to_check": 0},
        "one-sided": lambda here: {"mentors": 4, "mentees": 0, "to_check": 0},
    },
    "which_program.choose_card": {
        "": lambda here: {"action": Action("program", "show")},
        "many": lambda here: {
            "action": Action("program", "show"),
            "programs": [here.running, here.open, here.draft, here.closed] * 2,
        },
    },
    "which_program.no_program_card": {
        "": lambda here: {"programs": []},
        "none-ready": lambda here: {"programs": [here.draft, here.closed], "wanted": ("open", "running")},
        "participant": lambda here: {"turn": here.turn("noor"), "programs": []},
    },
    "who_cards.who_card": {
        "": _nothing,
        "running": lambda here: {"program": here.running, "rows": here.store.enrollments.in_program(here.running.id)},
        "many": lambda here: {"rows": here.everybody, "page": 1},
        "nobody": lambda here: {"rows": []},
    },
}


CHANGES = Changes(
    added=("Aiko Mori",),
    changed=(Change("Zofia Kamińska", ("department", "manager")),),
    gone=(7,),
    gone_names=("Liam Byrne",),
    known=120,
)
GONE = Changes(gone=tuple(range(14)), gone_names=tuple(f"Colleague {number}" for number in range(1, 15)), known=120)


def _asks_first(here: Larkspur) -> Program:
    here.closed.asks_first = True
    return here.closed


def _frozen(here: Larkspur) -> list[Frozen]:
    return [Frozen(here.first_pair, "Noor Haddad", "Rosalind Meyer", ("reporting line",))]


def here_is_news(here: Larkspur) -> News:
    """What a coordinator reads on a morning with some."""
    lines = (text("{words}", words="2 joined: Zofia Kamińska, Tomás Rey"), text("{words}", words="1 pair ended"))
    return News(here.running, lines, Button("Who signed up", Action("who", "show", {"program": here.running.id})))


@dataclass(frozen=True, slots=True)
class Maker:
    """A function that makes a card or a form."""

    name: str
    function: Callable[..., Card | Form]

    @property
    def user(self) -> str:
        return FOR_PARTICIPANTS.get(self.name.rpartition(".")[0], "amara")

    def make(self, here: Larkspur, look: Look) -> Card | Form:
        return self.function(**self.example(here, look(here)))

    def example(self, here: Larkspur, chosen: Given) -> Given:
        """What the function is called with: what was chosen, and an example for all else that it needs."""
        hints = get_type_hints(self.function)
        return {
            name: chosen[name] if name in chosen else _value(here, self.user, name, hints[name])
            for name, parameter in inspect.signature(self.function).parameters.items()
            if name in chosen or parameter.default is parameter.empty
        }


def _value(here: Larkspur, user: str, name: str, kind: Any) -> Any:
    """An example for a parameter: by its name first, then by its type."""
    for value in _named(here, name):
        if isinstance(value, kind if isinstance(kind, type) else object):
            return value
    made = _by_type(here, user).get(kind)
    assert made is not None, f"no example for {name}: {kind}; add one to tests/support/gallery.py"
    return made()


def _named(here: Larkspur, name: str) -> list[Any]:
    """A colleague is a row to one card and a contact to another."""
    known = _by_name(here)
    if name not in known:
        return []
    return [known[name], contact_of(here.store, known[name])] if isinstance(known[name], Person) else [known[name]]


def _by_name(here: Larkspur) -> dict[str, Any]:
    program = here.open.id
    return {
        "edit": Action("sign_up", "edit", {"program": program}),
        "leave": Action("sign_up", "leave", {"program": program}),
        "join": Action("sign_up", "start", {"program": program}),
        "file": Action("roster", "file", {"program": program}),
        "paste": Action("roster", "paste", {"program": program}),
        "about_you": False,
        "alone": 2,
        "begins": "Tuesday 14 April, 09:00",
        "introduces": "Friday 17 April, 09:00",
        "standing": 11,
        "until": "21 April",
        "author": here.person("noor"),
        "changing": 0,
        "closes": "14 May",
        "coordinator": here.person("amara"),
        "dated": False,
        "day": "14 April",
        "goals": GOALS,
        "pair": here.first_pair.id,
        "rated": False,
        "reminder": 0,
        "when": "Wednesday, 22 April, 11:00 (London time)",
        "wanted": ("open", "running"),
        "how": "I announced it in this channel.",
        "label": "Open the form",
        "line": "Show, then tell",
        "mentees": 8,
        "mentors": 9,
        "name": "Noor",
        "page": 0,
        "pairs": 11,
        "people": 25,
        "reason": REASON,
        "reply_by": date(2026, 5, 1),
        "results_on": "15 May",
        "role": "mentor",
        "round": 1,
        "runs_it": here.person("amara"),
        "title": "Which program?",
        "to_check": 1,
        "url": "https://mentor.larkspur.example/files/8ZkN2xQ0mV7pLrT4cYdHsWbA9eGfUj3iKoXnE1uRtMw",
        "words": ["Running until 26 September, 25 people", "Open for sign-up until 4 May, 4 people"],
    }


def _by_type(here: Larkspur, user: str) -> dict[Any, Callable[[], Any]]:
    values = {"name": "Sustainability 2026", "objective": here.open.objective, "themes": tuple(here.open.themes)}
    return {
        Action: lambda: Action("home", "show"),
        Changes: lambda: CHANGES,
        Enrollment | None: lambda: here.enrollment("rosalind"),
        Question: lambda: Question(
            here.shown().pairs[0], here.running, here.person("rosalind"), teaches=True, until="21 April"
        ),
        Progress: lambda: Progress(9, 3, [("Noor Haddad", "Rosalind Meyer")]),
        Frozen: lambda: _frozen(here)[0],
        Sequence[Frozen]: lambda: _frozen(here),
        Everybody: lambda: Everybody(
            here.running,
            9,
            [("Noor Haddad", "Rosalind Meyer")],
            [("Noor Haddad", "Hannah Weber", REASON), ("Liam Byrne", "Rosalind Meyer", REASON)],
            1,
            "16 April",
        ),
        CheckIn: lambda: here.asked().check_in,
        Figures: lambda: figures(here.store, here.running, here.content, TODAY),
        RosterReport: lambda: RosterReport(here.report, GONE, read=3, waits=3),
        Sequence[News]: lambda: [here_is_news(here)],
        Card: lambda: card("Your pairs as a file", text("Names and days."), quiet("Next from me: 14 April")),
        Asked: here.asked,
        Booked: here.booked,
        Calendar: lambda: calendar_of(here.person(user)),
        Days: lambda: Days(TODAY, here.running.ends_on, NOW + timedelta(days=2)),
        GoalRow: lambda: here.goal_row(goals=GOALS),
        Sequence[GoalRow]: lambda: [here.goal_row()],
        Command: lambda: next(one for one in here.turn("noor").commands if one.words == ("met",)),
        Contact: lambda: contact_of(here.store, here.person("noor" if user == "rosalind" else "rosalind")),
        Content: lambda: here.content,
        Enrollment: lambda: here.enrollment("zofia", here.open),
        ImportReport: lambda: here.report,
        Pair: lambda: here.first_pair,
        Person: lambda: here.person("amara" if user == "zofia" else "rosalind"),
        Program: lambda: here.open,
        Program | None: lambda: here.open,
        Proposal: lambda: here.shown().proposal,
        PulseRound: lambda: PulseRound(id=1, name="early"),
        Readiness: lambda: here.ready,
        Row: here.row,
        Sequence[Program]: lambda: [here.running, here.open],
        Sequence[tuple[Enrollment, Person]]: lambda: here.store.enrollments.in_program(here.open.id),
        Sequence[tuple[Pair, Person]]: lambda: [
            (row.pair, row.partner) for row in here.asked(here.row(), here.row(here.second_pair)).rows
        ],
        Sequence[tuple[ProposedPair, str]]: lambda: [(here.shown().pairs[0], "their working hours hardly overlap now")],
        Sequence[str]: lambda: _by_name(here)["words"],
        Shown: here.shown,
        Text: lambda: here.ahead,
        Topic | None: lambda: here.topic,
        Turn: lambda: here.turn(user),
        date: lambda: TODAY,
        dict[str, Typed]: lambda: values,
        Sequence[Person]: lambda: [here.person("rosalind")],
        list[Person]: lambda: [here.person("rosalind"), here.person("tomas")],
        list[Program]: lambda: [here.running, here.open],
    }


def makers() -> dict[str, Maker]:
    """Every public function in the conversations that returns a card or a form, by module and name."""
    found = (Maker(name, function) for name, function in _functions() if not name.rpartition(".")[2].startswith("_"))
    return {maker.name: maker for maker in found}


def _functions() -> Iterator[tuple[str, Callable[..., Card | Form]]]:
    for module in modules():
        for name, function in vars(module).items():
            if not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            # Resolving every annotation of every function would take a second and more.
            if function.__annotations__.get("return") in (Card, Form):
                yield f"{module.__name__.removeprefix('conversations.')}.{name}", function


def modules() -> list[ModuleType]:
    names = [each.name for each in pkgutil.walk_packages(conversations.__path__, "conversations.")]
    return [importlib.import_module(name) for name in names if name not in VOCABULARY]


def _name(maker: str, look: str) -> str:
    name = maker.removeprefix("flows.")
    return f"{name}-{look}" if look else name


def gallery(database: Database) -> dict[str, Card | Form]:
    """All of them, made in one unit of work that is thrown away with its database."""

    def work(store: Any) -> dict[str, Card | Form]:
        here = Larkspur(store)
        return {
            _name(maker.name, name): maker.make(here, look)
            for maker in makers().values()
            for name, look in LOOKS.get(maker.name, {"": _nothing}).items()
        }

    return database.write_now(work)


def nameless() -> list[str]:
    """Cards that are made inside a step, where no example finds them: `module.function`."""
    known = {name.rpartition(".")[2] for name, _ in _functions()}
    return sorted(
        {where for module in modules() for where in _nameless(Path(module.__file__ or ""), module.__name__, known)}
    )


def _nameless(path: Path, module: str, makers_of_either_kind: Set[str]) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            made = {
                call.func.id
                for call in ast.walk(function)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            }
            returns = ast.unparse(function.returns) if function.returns else ""
            shows = made & {"card", "Card", "Form"}
            private_maker = (
                returns in ("Card", "Form") and function.name.startswith("_") and not made & makers_of_either_kind
            )
            if private_maker or (shows and returns not in ("Card", "Form")):
                yield f"{module.removeprefix('conversations.')}.{function.name}"
