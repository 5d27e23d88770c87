"""Inviting people, by list or from the roster: first who is meant, then one click, then batches by the clock."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from conversations.flow import Flow, Turn
from conversations.forms import Answers, read
from conversations.invite_cards import (
    before_card,
    ended_card,
    how_card,
    list_card,
    nobody_card,
    sent_card,
    settled_card,
)
from conversations.invite_forms import details_form, filter_faults, filter_form, level_of, paste_form, spelled
from conversations.invite_list import Entry, Sorted, entries, sort_list, sort_people
from conversations.people_words import today_of
from conversations.program_forms import departments_of
from conversations.replies import Ask, Correct, Planned, Replace, Reply, Say
from conversations.which_program import which_program
from storage.tables import Program

FLOW = Flow("invite")
FLOW.command(
    "program invite",
    "start",
    "Invite people, by e-mail or from the roster",
    coordinators_only=True,
    also="invite, invite people",
)

ALIVE = ("draft", "open", "running")
# A batch keeps the transaction under 50 ms (design, section 6).
BATCH = 50
SECOND = timedelta(seconds=1)

Kept = Mapping[str, Any]


@FLOW.step("start", coordinators_only=True)
def start(turn: Turn, program: int = 0) -> list[Reply]:
    """With e-mails behind the command, these are the list; with several programs the question comes first."""
    mark = _keep(turn, {"entries": _rows(entries(turn.words))}) if "@" in turn.words else ""
    then = FLOW.to("list", mark=mark) if mark else FLOW.to("start")
    found = which_program(turn, program, then, *ALIVE)
    if isinstance(found, Say):
        return [found]
    if found.status not in ALIVE:
        return [Say(ended_card(found))]
    return list(show_list(turn, found.id, mark)) if mark else [Say(how_card(found))]


@FLOW.step("list", coordinators_only=True)
def show_list(turn: Turn, program: int, mark: str) -> list[Reply]:
    found, kept = turn.store.programs.required(program), _kept(turn, mark)
    if not kept.get("entries"):
        return [Say(settled_card(found))]
    return [Say(list_card(found, len(kept["entries"]), FLOW.to("details", program=program, mark=mark)))]


@FLOW.step("details", coordinators_only=True)
def details(turn: Turn, program: int, mark: str) -> list[Reply]:
    found = turn.store.programs.required(program)
    return [Ask(details_form(found, FLOW.to("detailed", program=program, mark=mark), today_of(turn)))]


@FLOW.step("detailed", coordinators_only=True)
def detailed(turn: Turn, program: int, mark: str) -> list[Reply]:
    found = turn.store.programs.required(program)
    form = details_form(found, turn.action, today_of(turn))
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    kept = _kept(turn, mark)
    if not kept.get("entries"):
        return [Say(settled_card(found))]
    return [_before(turn, found, answers, {"entries": kept["entries"]})]


@FLOW.step("paste", coordinators_only=True)
def paste(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    return [Ask(paste_form(found, FLOW.to("pasted", program=program), today_of(turn)))]


@FLOW.step("pasted", coordinators_only=True)
def pasted(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    form = paste_form(found, turn.action, today_of(turn))
    answers = read(form, turn.values)
    listed = entries(answers.text("emails"))
    errors = dict(answers.errors)
    if not errors and not any(one.is_email for one in listed):
        errors["emails"] = "I see no e-mail in it. One per line, such as ana@larkspur.example."
    if errors:
        return [Correct(form.filled(turn.values), errors)]
    return [_before(turn, found, answers, {"entries": _rows(listed)})]


@FLOW.step("filter", coordinators_only=True)
def choose(turn: Turn, program: int) -> list[Reply]:
    found, then = turn.store.programs.required(program), FLOW.to("filtered", program=program)
    return [Ask(filter_form(found, then, today_of(turn), turn.store.people.departments()))]


@FLOW.step("filtered", coordinators_only=True)
def filtered(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    departments, locations = turn.store.people.departments(), turn.store.invitations.locations()
    form = filter_form(found, turn.action, today_of(turn), departments)
    answers = read(form, turn.values)
    if errors := {**filter_faults(answers, departments, locations), **answers.errors}:
        return [Correct(form.filled(turn.values), errors)]
    wish = {
        "departments": spelled(departments_of(answers), departments),
        "least": level_of(answers, "least"),
        "most": level_of(answers, "most"),
        "location": "".join(spelled([answers.text("location")], locations)),
    }
    return [_before(turn, found, answers, {"wish": wish})]


def _before(turn: Turn, program: Program, answers: Answers, whom: Kept) -> Say:
    """Who is meant. What was chosen is kept under a mark of its own, so that each card sends its own list."""
    role, reply_by = answers.text("role"), answers.day("reply_by") or today_of(turn)
    found = _sorted(turn, program, whom)
    if program.status not in ALIVE:
        return Say(ended_card(program))
    if not found.people:
        return Say(nobody_card(program, found))
    mark = _keep(turn, {**whom, "program": program.id, "role": role, "reply_by": reply_by.isoformat()})
    then = FLOW.to("send", program=program.id, mark=mark)
    return Say(before_card(turn, program, found, role=role, reply_by=reply_by, send=then))


def _sorted(turn: Turn, program: Program, whom: Kept) -> Sorted:
    if "wish" in whom:
        return sort_people(turn.store, program, turn.store.invitations.on_roster(**whom["wish"]))
    return sort_list(turn.store, program, [Entry(line, written) for line, written in whom["entries"]])


@FLOW.step("send", coordinators_only=True)
def send(turn: Turn, program: int, mark: str) -> list[Reply]:
    """The first fifty now, the others by the clock."""
    found, kept = turn.store.programs.required(program), _kept(turn, mark)
    if found.status not in ALIVE:
        return [Replace(ended_card(found))]
    reply_by = date.fromisoformat(kept["reply_by"]) if kept.get("program") == program else None
    if reply_by is None or "ids" in kept or reply_by < today_of(turn):
        return [Replace(settled_card(found))]
    ids = [person.id for person in _sorted(turn, found, kept).people]
    turn.store.drafts.keep(turn.person, FLOW.name, mark, {**kept, "ids": ids}, turn.now)
    turn.store.audit.add(turn.now, turn.person, "people invited", program, {"invited": len(ids)})
    return [Replace(sent_card(turn, found, len(ids), reply_by)), *batch(turn, program, mark, 0)]


@FLOW.step("batch", coordinators_only=True, clock_only=True)
def batch(turn: Turn, program: int, mark: str, after: int) -> list[Reply]:
    """The next fifty become invitations; each is asked in their own working hours. `after`: how many are done."""
    found, kept = turn.store.programs.required(program), _kept(turn, mark)
    ids: Sequence[int] = kept.get("ids", [])
    some = ids[after : after + BATCH]
    if found.status in ALIVE and some:
        _invite(turn, found, some, kept)
    done = after + len(some)
    if done < len(ids) and found.status in ALIVE:
        key = f"invite/{program}/{mark}/{done}"
        return [
            Planned(key, turn.person.id, turn.now + SECOND, FLOW.to("batch", program=program, mark=mark, after=done))
        ]
    turn.store.drafts.drop(turn.person, FLOW.name, mark)
    return []


def _invite(turn: Turn, program: Program, ids: Sequence[int], kept: Kept) -> None:
    """Whoever left, joined or was asked since the list was looked at is passed over."""
    standing = turn.store.invitations.standing(program.id, ids)
    people = [one for one in turn.store.people.by_ids(ids).values() if one.id not in standing and not one.gone_since]
    invitation = {
        "program_id": program.id,
        "role": kept["role"],
        "invited_by": turn.person.id,
        "reply_by": date.fromisoformat(kept["reply_by"]),
        "created_at": turn.now,
    }
    turn.store.invitations.add_all([person.id for person in people], invitation)
    for person in people if program.quiet_dates else ():
        turn.store.enrollments.spread_quiet_dates(program.id, person.id)


def _rows(listed: Sequence[Entry]) -> list[list[Any]]:
    return [[one.line, one.written] for one in listed]


def _keep(turn: Turn, values: Kept) -> str:
    mark = sha256(json.dumps([values, turn.now.isoformat()]).encode()).hexdigest()[:12]
    turn.store.drafts.keep(turn.person, FLOW.name, mark, values, turn.now)
    return mark


def _kept(turn: Turn, mark: str) -> Kept:
    return turn.store.drafts.get(turn.person, FLOW.name, mark)
