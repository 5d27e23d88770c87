"""The third form of a program: who backs it, whom people can turn to, and when nothing is sent."""

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from conversations.actions import Action
from conversations.forms import Answers, Form, Line, Paragraph, PersonPick, Typed
from storage.tables import Program

# A longer silence is no holiday: `program hold` is for that, and the calendar looks 60 days ahead at most.
LONGEST_DAYS = 60
MOST_RANGES = 12
_RANGE = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:\s*(?:to|until|-|–|—)\s*(\d{4}-\d{2}-\d{2}))?$")


def people_form(program: Program, action: Action) -> Form:
    form = Form(
        title="People and dates",
        action=action,
        fields=(
            PersonPick(
                key="sponsor",
                label="Sponsor",
                required=False,
                hint="The executive who backs the program. Invitations name them.",
            ),
            Line(
                key="contact_name",
                label="Confidential contact",
                required=False,
                max_length=100,
                hint="Outside every reporting line, such as an ombudsperson. For what is serious.",
            ),
            Line(
                key="contact_reach",
                label="How to reach them",
                required=False,
                max_length=200,
                hint="An e-mail or a phone number.",
            ),
            Line(
                key="page_url",
                label="Page about the program",
                required=False,
                max_length=500,
                hint="On your intranet, so that an invitation does not look like phishing. https only.",
            ),
            Paragraph(
                key="quiet_dates",
                label="Quiet dates",
                required=False,
                max_length=400,
                hint="One per line: 2026-12-21 to 2027-01-03. On these days I write to nobody unasked.",
            ),
        ),
        submit_label="Save",
        intro=f"{program.name}. The contact is needed before pairs are introduced; the rest makes it better.",
    )
    return form.filled(_values(program))


def _values(program: Program) -> dict[str, Typed]:
    return {
        "sponsor": program.sponsor_email,
        "contact_name": program.contact_name,
        "contact_reach": program.contact_reach,
        "page_url": program.page_url,
        "quiet_dates": "\n".join(_written(first, last) for first, last in program.quiet_dates),
    }


def _written(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def people_faults(program: Program, answers: Answers, today: date) -> dict[str, str]:
    """What is wrong, by field key."""
    faults: dict[str, str] = {}
    name, reach = answers.text("contact_name"), answers.text("contact_reach")
    if name and not reach:
        faults["contact_reach"] = f"How do people reach {name}? An e-mail or a phone number, please."
    if reach and not name:
        faults["contact_name"] = "Who do people reach there? A name, please."
    if answers.text("page_url") and not _is_page(answers.text("page_url")):
        faults["page_url"] = "Please give the whole address of the page, beginning with https://"
    known = {(first, last) for first, last in program.quiet_dates}
    if wrong := _dates_fault(_lines(answers), known, today):
        faults["quiet_dates"] = wrong
    return faults


def _dates_fault(lines: Sequence[str], known: set[tuple[str, str]], today: date) -> str:
    """The first line that cannot be. Dates that were saved before may have passed meanwhile."""
    if len(lines) > MOST_RANGES:
        return f"At most {MOST_RANGES} lines, please."
    for line in lines:
        span = _span(line)
        if span is None:
            return f"I cannot read “{line[:40]}”. Please write 2026-12-21 to 2027-01-03, or one day: 2026-12-24."
        first, last = span
        if last < first:
            return f"“{line}” ends before it begins."
        if last < today and (first.isoformat(), last.isoformat()) not in known:
            return f"“{line}” has passed already. Which year is meant?"
        if (last - first).days >= LONGEST_DAYS:
            return f"“{line}” is longer than {LONGEST_DAYS} days. For a long break use: program hold"
    return ""


def quiet_dates_of(answers: Answers) -> list[list[str]]:
    """As the program keeps them: first and last days, in order."""
    spans = sorted(span for line in _lines(answers) if (span := _span(line)))
    return [[first.isoformat(), last.isoformat()] for first, last in spans]


def _lines(answers: Answers) -> list[str]:
    return [line.strip() for line in answers.text("quiet_dates").splitlines() if line.strip()]


def _span(line: str) -> tuple[date, date] | None:
    found = _RANGE.match(line)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
    except ValueError:
        return None


def _is_page(address: str) -> bool:
    """An https address of a host; no blanks, no user and no password in it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and bool(host) and "@" not in parts.netloc and not re.search(r"[\s<>|]", address)
