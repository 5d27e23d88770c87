"""Who decided what about a program, and when: the audit trail, for coordinators."""

from collections.abc import Sequence

from conversations.cadence import calendar_of, say_day
from conversations.flow import Flow, Turn
from conversations.history_cards import DECISIONS, ENTRIES_A_PAGE, decision_words, history_card
from conversations.paging import Page
from conversations.people_words import told_apart
from conversations.proposal_screen import show
from conversations.replies import Reply
from conversations.which_program import which_program
from storage.tables import AuditEntry, Program

FLOW = Flow("history")
FLOW.command(
    "program history",
    "show",
    "See who decided what, newest first",
    coordinators_only=True,
    also="program audit, audit, history",
)


@FLOW.step("show", coordinators_only=True)
def show_history(turn: Turn, program: int = 0, page: int = 0) -> Sequence[Reply]:
    found = which_program(turn, program, FLOW.to("show"), "draft", "open", "running", "closed")
    if not isinstance(found, Program):
        return [found]
    kinds = list(DECISIONS)
    pages = max(1, -(-turn.store.audit.count(found.id, kinds) // ENTRIES_A_PAGE))
    number = min(page, pages - 1)
    rows = turn.store.audit.of_program(found.id, kinds, number, ENTRIES_A_PAGE)
    return [show(turn, history_card(found, Page(number, pages, _lines(turn, rows))))]


def _lines(turn: Turn, rows: Sequence[AuditEntry]) -> list[tuple[str, str]]:
    people = {row.person_id for row in rows}
    people |= {int(row.detail[key]) for row in rows for key in ("mentor", "mentee") if row.detail.get(key)}
    names = told_apart(turn.store.people.by_ids(people).values())
    calendar = calendar_of(turn.person)
    today = calendar.today(turn.now)
    found = []
    for row in rows:
        local = row.at.astimezone(calendar.zone)
        when = f"{say_day(local.date(), today)}, {local:%H:%M}, {names.get(row.person_id, 'somebody')}"
        found.append((when, decision_words(row.what, row.detail, names)))
    return found
