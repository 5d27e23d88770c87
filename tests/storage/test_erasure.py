"""What the file and the erasure hold of a person: every table, every column, found from the tables themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session as Unit

from storage import erasure, export
from storage.database import Database
from storage.erasure import GO, KEPT
from storage.export import ABOUT_NOBODY, OWN, SHARED
from storage.people import FORMER
from storage.store import Store
from storage.tables import (
    Coordinator,
    Draft,
    ForbiddenPair,
    Pair,
    PairTopic,
    Person,
    Program,
    Proposal,
    ProposedPair,
    Session,
    Table,
)
from tests.support.filled import NOW, canary, fill, tables, word, words

ME, PARTNER, AMARA = 1, 2, 3
EMAIL = "mine.people.email@larkspur.example"
PEOPLE_WORDS = {
    column.name: word(column, "mine")
    for column in words(Person.__table__)  # type: ignore[arg-type]
    if column.name not in ("email", "languages")
}
# Emptied in erasure.py, table by table.
EMPTIED: tuple[type[Table], ...] = (
    *(Pair, PairTopic, Session, ProposedPair, ForbiddenPair, Proposal, Program, Coordinator),
)


def a_company(store: Store) -> None:
    """Me, with words in every row that there can be about me; my partner, with words of their own; a coordinator."""
    session: Unit = store._session
    mine = {
        "pairs": {"mentor_id": ME, "mentee_id": PARTNER},
        "proposed_pairs": {"mentor_id": ME, "mentee_id": PARTNER},
        "programs": {"sponsor_email": EMAIL, "contact_reach": f"Write to {EMAIL}", "contact_name": "mine.contact"},
        "coordinators": {"email": EMAIL},
        "proposals": {"unmatched": [{"person": ME, "reason": "mine.proposals.unmatched"}]},
        "outbox": {"group_ids": None},
        "enrollments": {"invited_by": AMARA},
    }
    theirs: dict[str, dict[str, Any]] = {
        "outbox": {"group_ids": None, "pair_id": None, "key": "theirs"},
        "enrollments": {"avoid": [EMAIL, "liam@larkspur.example"], "invited_by": AMARA},
        "drafts": {"values": {"avoid": EMAIL}},
        "check_in_answers": {"check_in_id": 2},
    }
    person = {"source": "roster", "created_at": NOW}
    session.execute(
        insert(Person).values(id=ME, email=EMAIL, languages=["mine.people.languages"], created_at=NOW, **PEOPLE_WORDS)
    )
    session.execute(
        insert(Person).values(id=PARTNER, name="Rosalind Meyer", email="r@l.example", manager_email=EMAIL, **person)
    )
    session.execute(insert(Person).values(id=AMARA, name="Amara Okafor", email="amara@larkspur.example", **person))
    fill(session, "mine", ME, mine)
    fill(
        session,
        "secret",
        PARTNER,
        theirs,
        "programs",
        "pulse_rounds",
        "pairs",
        "proposals",
        "proposed_pairs",
        "coordinators",
        "sessions",
        "pair_topics",
    )


@pytest.fixture
def filled(sqlite_database: Database) -> Database:
    sqlite_database.write_now(a_company)
    return sqlite_database


def erased(database: Database) -> None:
    def work(store: Store) -> None:
        store.erasure.erase(store.people.get(ME), store.people.get(AMARA), NOW)

    database.write_now(work)


def bytes_of(database: Database) -> bytes:
    """All that somebody finds who takes the files."""
    path = Path(database.url.database or "")
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_every_table_is_known_to_the_erasure_and_to_the_file() -> None:
    all_tables = set(Table.metadata.tables)
    erased_tables = {table.__tablename__ for table in (*GO, *KEPT, *EMPTIED)}
    assert erased_tables | ABOUT_NOBODY == all_tables
    assert set(OWN) | SHARED | ABOUT_NOBODY == all_tables


def test_p2_after_an_erasure_not_a_byte_of_the_person_is_left(filled: Database) -> None:
    before = bytes_of(filled)
    assert all(
        canary("mine", column).encode() in before for table in tables() for column in words(table) if _found(column)
    )
    erased(filled)
    after = bytes_of(filled)
    left = (
        sorted({word.decode(errors="replace") for word in after.split(b"mine.")[1:] for word in [word[:40]]})
        if b"mine." in after
        else []
    )
    assert left == []


def _found(column: Any) -> bool:
    """Those whose canary stands there word for word: not cut to the width of the column, nor one of their own."""
    own = {"email", "sponsor_email", "contact_name", "contact_reach", "unmatched", "group_ids"}
    length = getattr(column.type, "length", None) or 10**6
    return column.name not in own and len(canary("mine", column)) <= length


def test_an_erasure_leaves_others_as_they_are(filled: Database) -> None:
    erased(filled)
    rest = bytes_of(filled)
    for table in ("check_in_answers", "pair_goals", "help_requests", "nudges"):
        for column in words(Table.metadata.tables[table]):
            assert canary("secret", column)[: column.type.length or 99].encode() in rest  # type: ignore[attr-defined]
    partner = filled.read_now(lambda store: store.people.get(PARTNER))
    assert partner.manager_email == "erased-1"
    enrollment = filled.read_now(lambda store: store.enrollments.of(store.people.get(PARTNER), 1))
    assert enrollment is not None
    assert enrollment.avoid == ["liam@larkspur.example"]


def test_what_is_left_is_a_row_without_a_name_and_pairs_still_count(filled: Database) -> None:
    erased(filled)
    left = filled.read_now(lambda store: store.people.get(ME))
    assert (left.name, left.email, left.gone_since) == (FORMER, None, NOW)
    assert filled.read_now(lambda store: store.pairs.ever()) == [(ME, PARTNER)]
    assert filled.read_now(lambda store: store.accounts.logins(ME)) == []
    program = filled.read_now(lambda store: store.programs.get(1))
    assert (program.created_by, program.sponsor_email, program.contact_reach) == (AMARA, "", "")


def test_a_question_about_the_person_goes_with_them_and_other_messages_go_without_the_name(filled: Database) -> None:
    def ask(store: Store) -> None:
        card = json.dumps([f"Would you like to meet {PEOPLE_WORDS['name']}?"])
        for key, reader in (("partner", PARTNER), ("coordinator", AMARA)):
            store.outbox.add(key, NOW, {"kind": "asking", "delivery": "nudge", "person_id": reader, "card": card})

    filled.write_now(ask)
    erased(filled)
    rows = filled.read_now(lambda store: [store.outbox.with_key(key) for key in ("partner", "coordinator")])
    assert [(row.state, row.card) for row in rows if row] == [
        ("dropped", None),
        ("waiting", json.dumps([f"Would you like to meet {FORMER}?"])),
    ]


def test_an_e_mail_that_ends_like_theirs_is_somebody_elses(filled: Database) -> None:
    def another(store: Store) -> None:
        other = f"also.{EMAIL}"
        program = store.programs.get(1)
        program.contact_name, program.contact_reach = "Ida Moss", other
        for draft in store._session.scalars(select(Draft).where(Draft.person_id == PARTNER)):
            draft.values = {"list": f"liam@larkspur.example\n{other}"}

    filled.write_now(another)
    erased(filled)
    assert filled.read_now(lambda store: store.programs.get(1).contact_name) == "Ida Moss"
    assert filled.read_now(lambda store: list(store._session.scalars(select(Draft.person_id)))) == [PARTNER]


def test_the_confidential_contact_stays_who_has_the_same_name(filled: Database) -> None:
    def another(store: Store) -> None:
        name = PEOPLE_WORDS["name"]
        store.people.add(Person(name=name, created_at=NOW))
        store.programs.get(1).contact_name, store.programs.get(1).contact_reach = name, "extension 12"

    filled.write_now(another)
    erased(filled)
    assert filled.read_now(lambda store: store.programs.get(1).contact_reach) == "extension 12"


def test_p1_the_file_holds_every_row_about_the_person_and_nothing_of_the_partners(filled: Database) -> None:
    about = filled.read_now(lambda store: store.export.about(store.people.get(ME)))
    written = json.dumps(about)
    expected = [
        canary("mine", column)
        for table in tables()
        if table.name in OWN
        for column in words(table)
        if column.name not in OWN[table.name] and _found(column)
    ]
    assert len(expected) > 25
    assert [one for one in expected if one not in written] == []
    assert EMAIL in written
    assert "secret" not in written
    assert set(about) >= {name.replace("_", " ") for name in (*OWN, "pairs", "pair_topics", "sessions", "programs")}


def test_the_file_names_a_partner_only_by_their_name_and_tells_nothing_of_a_pair_about_to_end(filled: Database) -> None:
    def ending(store: Store) -> None:
        store.leaving.part(store.pairs.get(1), PARTNER, NOW.date(), NOW)

    filled.write_now(ending)
    about = filled.read_now(lambda store: store.export.about(store.people.get(ME)))
    (pair,) = about["pairs"]
    assert (pair["with"], pair["status"], pair["ended at"]) == ("Rosalind Meyer", "active", None)
    assert "tell on" not in json.dumps(about)
    assert "r@l.example" not in json.dumps(about)


def test_the_modules_agree_on_what_nobody_owns() -> None:
    """A table is about people as soon as a column names a person."""
    named = {
        table.name
        for table in Table.metadata.tables.values()
        if any(key.column.table.name == "people" for column in table.columns for key in column.foreign_keys)
    }
    assert not named & ABOUT_NOBODY
    assert {erasure.__name__, export.__name__} == {"storage.erasure", "storage.export"}
