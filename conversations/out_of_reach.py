"""A mentee whom the conflict firewall leaves nobody: everybody who could teach them reports up to them."""

from conversations.firewall import reports_up_to
from conversations.matching.from_store import READY, rules_of
from storage.store import Store
from storage.tables import Enrollment, Person, Program


def is_out_of_reach(store: Store, program: Program, person: Person, enrollment: Enrollment) -> bool:
    """Such as a chief executive: the next matching brings nobody either, as things are."""
    if enrollment.role != "mentee" or rules_of(program).reporting_line_allowed:
        return False
    rows = store.enrollments.in_program(program.id, *READY)
    mentors = [one.id for each, one in rows if each.role == "mentor" and one.gone_since is None]
    return bool(mentors) and reports_up_to(store, mentors, person)
