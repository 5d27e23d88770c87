"""Everything that is stored about a person, in readable names. Nobody else's words are in it, and nobody's secrets."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from storage.pair_days import goes_on
from storage.subject import Subject
from storage.tables import (
    Coordinator,
    Pair,
    Person,
    Program,
    Proposal,
    ProposedPair,
    PulseRound,
    Session,
    Table,
)

Row = Mapping[str, Any]
# Tables whose rows belong to one person, and the columns that are not theirs: links to other rows, our own keys, what
# others did. Of messages the texts are left out: they are ours, and may hold what a partner shared.
OWN: Mapping[str, frozenset[str]] = {
    "people": frozenset({"id"}),
    "accounts": frozenset({"id"}),
    "drafts": frozenset(),
    "enrollments": frozenset({"id"}),
    "check_ins": frozenset({"id", "half_times", "carries_on"}),
    "check_in_answers": frozenset({"id", "check_in_id"}),
    "pair_goals": frozenset({"id"}),
    "pulse_participations": frozenset(),
    "skill_ratings": frozenset({"id"}),
    "help_requests": frozenset({"id", "taken_by"}),
    "nudges": frozenset({"id", "key", "action", "planned", "attempts"}),
    "outbox": frozenset(
        "id key delivery_id group_ids place changes_key card file author_id failed_action attempts sending_since owner "
        "sent_to ref".split()
    ),
    "consultations": frozenset({"id", "about", "then"}),
    "file_links": frozenset({"token_hash", "file"}),
    "audit": frozenset({"id"}),
}
# Tables with a rule of their own below.
# Of forbidden pairs nothing is told: it may have been the other one's wish.
SHARED = frozenset(
    {"coordinators", "programs", "proposals", "proposed_pairs", "forbidden_pairs", "pairs", "pair_topics", "sessions"}
)
# No row of these is about anybody: answers to a pulse belong to no one.
ABOUT_NOBODY = frozenset(
    {"inbox", "pulse_rounds", "pulse_answers", "pulse_results", "roster_reads", "sender_leases", "installation_state"}
)
# What the calendar is about to say to somebody about a partner is not known to them yet.
NOT_YET_SAID = ("parting", "pause")


class Export(Subject):
    """What is stored about a person, for that person."""

    def about(self, person: Person, unknown: Collection[int] = ()) -> Mapping[str, Sequence[Row]]:
        """Rows by table, with names in the place of ids. Empty tables are left out.

        `unknown`: ids of pairs whose introduction is still to come; they are nobody's to know, and stay out.
        """
        self._session.flush()
        found: dict[str, Sequence[Row]] = {}
        for table in Table.metadata.sorted_tables:
            if table.name in OWN:
                found[table.name] = self._own(table, person)
        found["coordinators"] = self._rows(Coordinator, Coordinator.email == person.email, ("email",))
        made = or_(Program.created_by == person.id, Program.sponsor_email == (person.email or "-"))
        found["programs"] = self._rows(Program, made, ("name", "created_at"))
        found["proposals"] = self._proposals(person)
        mine = or_(ProposedPair.mentor_id == person.id, ProposedPair.mentee_id == person.id)
        # While two people are asked, whether the pair still stands would tell what the other one said.
        unasked = mine & ProposedPair.ask_until.is_(None)
        found["proposed_pairs"] = [*self._rows(ProposedPair, unasked, ("score", "kept")), *self._asked(person, mine)]
        found |= self._pairs(person, unknown)
        return {_words(name): rows for name, rows in found.items() if rows}

    def _own(self, table: Any, person: Person) -> Sequence[Row]:
        owner = table.c["id"] if table.name == "people" else table.c["person_id"]
        query = select(table).where(owner == person.id)
        if table.name == "nudges":
            query = query.where(table.c["flow"].not_in(NOT_YET_SAID))
        hidden = OWN[table.name] | ({"person_id"} if table.name != "people" else frozenset())
        rows = self._session.execute(query).mappings()
        return [self._named(person, {key: row[key] for key in row if key not in hidden}) for row in rows]

    def _rows(self, table: type[Table], mine: ColumnElement[bool], columns: Iterable[str]) -> Sequence[Row]:
        found = self._session.scalars(select(table).where(mine)).all()
        return [{_words(name): _plain(getattr(row, name)) for name in columns} for row in found]

    def _asked(self, person: Person, mine: ColumnElement[bool]) -> Sequence[Row]:
        """Questions whether they want a pair, and what they answered."""
        rows = self._session.scalars(select(ProposedPair).where(mine, ProposedPair.ask_until.is_not(None)))
        return [
            {
                "asked until": _plain(row.ask_until),
                "your answer": row.mentor_says if row.mentor_id == person.id else row.mentee_says,
            }
            for row in rows
        ]

    def _proposals(self, person: Person) -> Sequence[Row]:
        """Matchings that they made, or that found no partner for them."""
        rows: list[Row] = []
        for proposal in self._session.scalars(select(Proposal)).all():
            alone = any(row.get("person") == person.id for row in proposal.unmatched)
            if alone or proposal.made_by == person.id:
                what = "no partner was found for you" if alone else "you made it"
                rows.append({"made at": _plain(proposal.made_at), "what": what})
        return rows

    def _pairs(self, person: Person, unknown: Collection[int]) -> Mapping[str, Sequence[Row]]:
        """Their pairs as they know them: one that ends goes on for them until they hear of it."""
        mine = or_(Pair.mentor_id == person.id, Pair.mentee_id == person.id)
        pairs = self._session.scalars(select(Pair).where(mine).order_by(Pair.id)).all()
        found: dict[str, list[Row]] = {"pairs": [], "pair_topics": [], "sessions": []}
        for pair in pairs:
            if pair.id in unknown:
                continue
            found["pairs"].append(self._pair(person, pair))
            who = self._with(person, pair)
            topics = Table.metadata.tables["pair_topics"]
            for row in self._session.execute(select(topics).where(topics.c.pair_id == pair.id)).mappings():
                found["pair_topics"].append({"pair": who, "title": row["title"], "given at": _plain(row["given_at"])})
            # Of sessions that were only told of, one side would learn what the other answered.
            booked = Session.pair_id == pair.id, Session.planned_at.is_not(None)
            for session in self._session.scalars(select(Session).where(*booked)):
                found["sessions"].append({"pair": who, "planned at": _plain(session.planned_at)})
        return found

    def _pair(self, person: Person, pair: Pair) -> Row:
        going_on = goes_on(pair, person.id)
        return {
            "program": self._program(pair.program_id),
            "you": "mentor" if pair.mentor_id == person.id else "mentee",
            "with": self._with(person, pair),
            "status": "active" if going_on else "ended",
            "reason": pair.reason,
            "topic": pair.topic,
            "days between meetings": pair.cadence_days,
            "started on": _plain(pair.started_on),
            "ended at": None if going_on else _plain(pair.ended_at),
        }

    def _named(self, person: Person, row: Row) -> Row:
        """With words where a row holds the id of another one."""
        named: dict[str, Any] = {}
        for key, value in row.items():
            match key:
                case "program_id":
                    named["program"] = self._program(value) if value else None
                case "pair_id":
                    pair = self._session.get(Pair, value) if value else None
                    named["pair"] = self._with(person, pair) if pair else None
                case "round_id":
                    asked = self._session.get_one(PulseRound, value)
                    named["pulse"] = f"{self._program(asked.program_id)}, {asked.name}"
                case "invited_by":
                    named["invited by"] = self._name(value) if value else None
                case _:
                    named[_words(key)] = _plain(value)
        return named

    def _with(self, person: Person, pair: Pair) -> str:
        if person.id not in (pair.mentor_id, pair.mentee_id):
            return "a pair"
        return self._name(pair.mentee_id if pair.mentor_id == person.id else pair.mentor_id)

    def _name(self, person_id: int) -> str:
        return self._session.get_one(Person, person_id).name

    def _program(self, program_id: int) -> str:
        return self._session.get_one(Program, program_id).name


def _words(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
