"""One moment in the life of Larkspur: what the golden cards show. 14 April 2026, in the middle of the morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from bot.larkspur import roster_csv
from conversations.actions import Action
from conversations.booking_cards import Booked
from conversations.cards import Text, quiet
from conversations.check_in_asked import Asked, Row
from conversations.content import Content, Topic, load
from conversations.disclosure import figures
from conversations.events import Pressed
from conversations.flow import Turn
from conversations.flows import FLOWS
from conversations.goals_cards import GoalRow
from conversations.import_people import ImportReport, Written, import_file
from conversations.people_cells import Fault
from conversations.people_words import contact_of
from conversations.proposal_claim import first_figures
from conversations.proposal_shown import Readiness, Shown
from conversations.pulse_forms import KEYS
from conversations.topics import first_topic
from storage.store import Store
from storage.tables import (
    Account,
    CheckIn,
    CheckInAnswer,
    Enrollment,
    Pair,
    Person,
    Program,
    Proposal,
    ProposedPair,
    Session,
)

NOW = datetime(2026, 4, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
INTRODUCED = date(2026, 3, 26)
REASON = "Both care about sustainability in practice, share 3 working hours and sit in different departments."


@dataclass
class Larkspur:
    """People by the part of their e-mail before the @: Amara coordinates, Noor teaches, Rosalind learns."""

    store: Store
    content: Content = field(default_factory=load)
    _known: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        import_file(self.store, roster_csv(), None, NOW)
        self.store.people.appoint(["amara@larkspur.example"])
        for user, platform in (("noor", "slack"), ("rosalind", "slack"), ("tomas", "teams")):
            self._account(user, platform)
        for user, role, status in (
            *(("noor", "mentor", "matched"), ("freya", "mentor", "matched"), ("kenji", "mentor", "joined")),
            *(("rosalind", "mentee", "matched"), ("tomas", "mentee", "matched"), ("luis", "mentee", "matched")),
            *(("vikram", "mentee", "invited"), ("liam", "mentor", "left")),
        ):
            self._enroll(self.running, user, role, status)
        self.first_pair, self.second_pair = self._pair("noor", "rosalind"), self._pair("noor", "tomas")
        self._pair("freya", "luis")
        self.store.sessions.record_held(self.first_pair.id, date(2026, 4, 8), (INTRODUCED, TODAY), NOW)
        for user, role in (("zofia", "mentor"), ("thandi", "mentor"), ("hannah", "mentee"), ("diego", "mentor")):
            self._enroll(self.open, user, role, "joined", confirmed=user != "diego")
        self._enroll(self.open, "vikram", "mentee", "invited")
        self.store.flush()

    # Programs ---------------------------------------------------------------------------------------------------

    @cached_property
    def running(self) -> Program:
        return self._program("digital_fluency", "Digital fluency 2026", "running", INTRODUCED)

    @cached_property
    def open(self) -> Program:
        return self._program("sustainability", "Sustainability 2026", "open", date(2026, 5, 7))

    @cached_property
    def draft(self) -> Program:
        return self._program("culture", "Culture 2026", "draft", date(2026, 5, 21), most_pairs=12)

    @cached_property
    def closed(self) -> Program:
        return self._program("inclusion", "Inclusion 2025", "closed", date(2025, 9, 4), departments=["Operations"])

    def with_pulses(self) -> Program:
        """The running program once two rounds have closed; to the second, hardly anybody answered."""
        for name, values in (("early", [4, 5, 4, 3, 4, 5, 4]), ("late", [2, 3])):
            row = self.store.pulses.round(self.running.id, name, INTRODUCED, TODAY)
            shown = figures(dict.fromkeys(KEYS, values), KEYS)
            self.store.pulses.publish(row, shown, self.person("amara"), NOW)
        return self.running

    # People -----------------------------------------------------------------------------------------------------

    def person(self, user: str) -> Person:
        """Looked up once: the gallery asks for the same few thousands of times."""
        if user not in self._known:
            found = self.store.people.by_email(f"{user}@larkspur.example")
            assert found is not None, user
            self._known[user] = found
        return self._known[user]

    def enrollment(self, user: str, program: Program | None = None) -> Enrollment:
        found = self.store.enrollments.of(self.person(user), (program or self.running).id)
        assert found is not None, user
        return found

    def turn(self, user: str) -> Turn:
        return Turn(
            event=Pressed(),
            action=Action("home", "show"),
            person=self.person(user),
            store=self.store,
            now=NOW,
            content=self.content,
            coordinator=user == "amara",
            words="mett",
            commands=[command for flow in FLOWS for command in flow.commands],
        )

    # What happened ----------------------------------------------------------------------------------------------

    @property
    def ahead(self) -> Text:
        return quiet("Next from me: {day}", day="28 April")

    @property
    def topic(self) -> Topic | None:
        mentor, mentee = self.enrollment("noor"), self.enrollment("rosalind")
        return first_topic(self.content, self.running, mentor, mentee, self.first_pair.id)

    def row(self, pair: Pair | None = None, state: str = "", **answer: Any) -> Row:
        """A pair of Noor's check-in; `state` is what she answered."""
        asked_about = pair or self.first_pair
        partner = self.store.pairs.partner_of(self.person("noor"), asked_about.id)
        said = CheckInAnswer(state=state, **{"learned": "", "change": "", "closer": None, "shared_at": None} | answer)
        return Row(asked_about, partner, contact_of(self.store, partner), said if state else None)

    def asked(self, *rows: Row, **more: Any) -> Asked:
        check_in = CheckIn(id=1, person_id=self.person("noor").id, period=date(2026, 4, 9))
        answered = all(row.answer for row in rows) and bool(rows)
        return Asked(check_in, rows or (self.row(),), ahead=self.ahead if answered else None, **more)

    def booked(self, by: str = "noor", **session: Any) -> Booked:
        """The first pair's date next week, as Noor sees it."""
        row = Session(
            id=1,
            pair_id=self.first_pair.id,
            planned_at=datetime(2026, 4, 22, 10, tzinfo=UTC),
            booked_by=self.person(by).id,
            recorded_at=NOW,
            **{"revision": 0, **session},
        )
        partner = self.person("rosalind")
        contact = contact_of(self.store, partner)
        return Booked(row, self.first_pair, self.running, self.person("noor"), partner, contact, NOW)

    def goal_row(self, pair: Pair | None = None, goals: Sequence[str] = (), *, dated: bool = False) -> GoalRow:
        partner = self.store.pairs.partner_of(self.person("noor"), (pair or self.first_pair).id)
        return GoalRow(pair or self.first_pair, partner, contact_of(self.store, partner), goals, dated)

    def shown(self, status: str = "draft", taken_out: int = 1, locked: int = 0) -> Shown:
        """A proposal of eight pairs; the last ones fit loosely, and `taken_out` of them the coordinator took out.

        `locked`: how many of the best were locked before it was worked out.
        """
        mentors = ("zofia", "thandi", "diego", "arjun", "priya", "mateo", "aisha", "sofia")
        mentees = ("hannah", "vikram", "yuki", "catherine", "denise", "tomas", "luis", "marcus")
        pairs = [
            ProposedPair(
                id=number + 1,
                mentor_id=self.person(mentor).id,
                mentee_id=self.person(mentee).id,
                score=90 - 9 * number,
                reason=REASON,
                kept=True,
                locked=number < locked,
            )
            for number, (mentor, mentee) in enumerate(zip(mentors, mentees, strict=True))
        ]
        figures = {"proved": True, "seconds": 0.4, **first_figures(pairs)}
        for pair in pairs[len(pairs) - taken_out :]:
            pair.kept = False
        alone = [{"person": self.person("liam").id, "reason": "no mentee speaks English in these hours"}]
        proposal = Proposal(id=1, program_id=self.open.id, status=status, total=500, unmatched=alone, figures=figures)
        users = (*mentors, *mentees, "liam")
        people = {person.id: person for person in map(self.person, users)}
        return Shown(self.open, proposal, pairs, people, self.ready, TODAY)

    @property
    def ready(self) -> Readiness:
        return Readiness(mentors=9, mentees=8, unconfirmed=("Diego Ferraz",), invited=1)

    @property
    def everybody(self) -> list[tuple[Enrollment, Person]]:
        """As if the whole company had signed up, without a roster to vouch for the first seven."""
        people = list(self.store.people.by_ids(range(1, 25)).values())
        return [
            (Enrollment(id=number, role="mentor", status="joined", confirmed=number > 7, offers=[], wants=[]), person)
            for number, person in enumerate(people, start=1)
        ]

    @property
    def report(self) -> ImportReport:
        return ImportReport(Written(added=3, changed=1, same=20, invited=2), (), (self.fault("country"),))

    def fault(self, column: str, line: int = 7) -> Fault:
        return Fault(line, column, "“Britain” is not a country code", "write two letters, such as GB")

    # Making them ------------------------------------------------------------------------------------------------

    def _program(self, template: str, name: str, status: str, starts_on: date, **columns: Any) -> Program:
        made = next(one for key, one in self.content.templates.items() if key.startswith(template))
        values: Mapping[str, Any] = {
            "template": made.id,
            "objective": made.objective,
            "themes": list(made.themes),
            "questions": list(made.questions),
            "success": made.success,
            "matching_on": starts_on.replace(day=max(1, starts_on.day - 3)),
            "starts_on": starts_on,
            "ends_on": starts_on.replace(
                year=starts_on.year + (starts_on.month > 6), month=(starts_on.month + 5) % 12 + 1
            ),
            "created_by": self.person("amara").id,
            "created_at": NOW,
        }
        return self.store.programs.add(Program(name=name, status=status, **{**values, **columns}))

    def _enroll(self, program: Program, user: str, role: str, status: str, confirmed: bool = True) -> None:
        themes: Sequence[str] = program.themes[:2]
        chosen = {"offers": list(themes), "want_back": "A look at how decisions are made"} if role == "mentor" else {}
        self.store.enrollments.add(
            Enrollment(
                program_id=program.id,
                person_id=self.person(user).id,
                role=role,
                status=status,
                confirmed=confirmed,
                hours_a_month=2,
                created_at=NOW,
                **(chosen or {"wants": list(themes)}),
            )
        )

    def _pair(self, mentor: str, mentee: str) -> Pair:
        return self.store.pairs.add(
            Pair(
                program_id=self.running.id,
                mentor_id=self.person(mentor).id,
                mentee_id=self.person(mentee).id,
                reason=REASON,
                started_on=INTRODUCED,
                created_at=NOW,
            )
        )

    def _account(self, user: str, platform: str) -> None:
        person = self.person(user)
        login = person.email or "" if platform == "teams" else ""
        self.store.accounts.add(
            Account(
                person_id=person.id,
                platform=platform,
                tenant="larkspur",
                user=f"U0{user.upper()}",
                login=login,
                member=True,
                known=True,
                last_used_at=NOW,
            )
        )
