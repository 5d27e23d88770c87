"""A chief executive, up to whom everybody reports, reads the truth instead of "first next time"."""

from tests.support import company
from tests.support.chat import Chat


def test_whoever_has_everybody_below_them_reads_why_and_the_coordinator_sees_it(chat: Chat) -> None:
    company.with_matching(chat)
    amara = chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")
    chat.person("ben@larkspur.example", coordinator=True)
    program = company.program(chat, amara, matching_on=company.MONDAY)
    chief = company.mentee(chat, "chief", program, row={"name": "Rosalind Meyer", "manager_email": "", "level": 9})
    line = {"manager_email": "lead@larkspur.example"}
    chat.person("lead@larkspur.example", manager_email="chief@larkspur.example")
    company.mentor(chat, "noor", program, row=line)
    other = company.mentee(chat, "tomas", program)
    late = company.mentee(chat, "zofia", program)
    amara.command("propose")
    shown = amara.sees("Rosalind Meyer")
    assert "report" in next(line for line in shown.splitlines() if "Rosalind Meyer" in line)
    amara.press("Approve 1 pair")
    chat.advance(days=3)
    chief.sees(
        "No mentor within reach yet", "reports to you, directly or through others", "Your coordinator sees this too"
    )
    assert "first in the next" not in chief.last.text
    waits = other if any("No partner yet" in one.text for one in other.messages) else late
    waits.sees("No partner yet", "first in the next matching")
