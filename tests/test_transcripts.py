"""What a mentor, a mentee and a coordinator read from the first word to the last, kept so that it can be read aloud.

Each file is the story of half a year, and after it every other card and form that this role may get.
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from conversations.cards import Card
from conversations.forms import Choice, Choices, Form, Scale, Typed
from storage.database import Database
from tests.support import gallery
from tests.support.chat import CHANNEL, Chat
from tests.support.company import mentee, mentor, with_matching
from tests.support.golden import Golden
from tests.support.transcript import Scribe, quoted

pytestmark = pytest.mark.slow

# What each of them does about a card, the first that fits: half a year of ordinary clicks.
ANSWERS = (
    "Met",
    "Carry on",
    "Set my goals",
    "Rate yourself",
    "Answer 3 questions",
    "Works for me",
)
# Modules whose cards anybody may get, and those of people who take part; the others are a coordinator's.
EVERYBODYS = {"apologies", "file_cards", "need_cards", "which_program"}
PARTICIPANTS = {name.removeprefix("flows.") for name in gallery.FOR_PARTICIPANTS} | {
    "check_in_reminders",
    "pause_forms",
    "rhythm_forms",
}
TYPED: Mapping[str, Typed] = {
    "goal_1": "Use one new tool every month",
    "learned": "To try it on something real",
    "change": "Begin with a question",
    "themes": ("artificial_intelligence", "digital_tools"),
    "objective": "Leaders use our tools with ease, and know why we chose them.",
    "success": "Three new habits each.",
    "contact_name": "Ida Moss",
    "contact_reach": "+44 20 7946 0000",
    "words": "We cannot find an hour in May.",
}


class HalfAYear:
    """Larkspur from March to September: Cora runs the program, Ana teaches Erik."""

    def __init__(self, database: Database) -> None:
        self.chat = with_matching(Chat(database, makes=Scribe))
        self.cora = self._hire("cora.lind", coordinator=True)
        self.omar = self._hire("omar.saleh", coordinator=True)
        self.ana = self._hire("ana.costa", level=2, department="Engineering", manager_email="ben@larkspur.example")
        self.erik = self._hire("erik.berg", level=6, department="Finance", manager_email="board@larkspur.example")

    def _hire(self, name: str, *, coordinator: bool = False, **row: object) -> Scribe:
        person = self.chat.person(f"{name}@larkspur.example", coordinator=coordinator, **row)
        assert isinstance(person, Scribe)
        return person

    def live(self) -> "HalfAYear":
        self._prepare()
        self._sign_up()
        self._pair()
        self._meet()
        return self

    def _prepare(self) -> None:
        cora = self.cora
        cora.command("program create")
        cora.press("Digital fluency")
        self._fill(cora)
        self._fill(cora)
        cora.command("program people and dates")
        self._fill(cora)
        cora.command("program check")
        cora.command("program open", CHANNEL)

    def _sign_up(self) -> None:
        for person, role in ((self.ana, "mentor"), (self.erik, "mentee")):
            person.arrive()
            person.command("join")
            self._fill(person, role=role)
            self._fill(person, agreement=("agreed",))
        program = self.chat.look(lambda store: store.programs.with_status("open")[0].id)
        # Two more, so that nobody reads that they are the only ones.
        mentor(self.chat, "bo.rossi", program)
        mentee(self.chat, "farah.haddad", program)
        self.cora.command("program status")

    def _pair(self) -> None:
        starts_on = self.chat.look(lambda store: store.programs.with_status("open")[0].matching_on)
        self.chat.advance(days=(starts_on - self.chat.now.date()).days, hours=2)
        self.cora.command("program propose")
        approve = next(label for label in self.cora.last.labels if label.startswith("Approve"))
        self.cora.press(approve)
        self.chat.advance(days=6)

    def _meet(self) -> None:
        self.ana.press("Your first session")
        self.erik.press("Your first session")
        self.erik.command("book")
        self._fill(self.erik)
        self.ana.command("topics")
        self.ana.command("need help")
        self.ana.press("Something serious")
        self.erik.command("privacy")
        for _ in range(95):
            self.chat.advance(days=2)
            for person in (self.ana, self.erik):
                self._answer(person)
        self.cora.command("program report")
        self.cora.command("results")

    def _answer(self, person: Scribe) -> None:
        """What stands on the newest card, and the form that it opens."""
        for label in ANSWERS:
            if person.messages and label in person.messages[-1].labels:
                person.press(label)
                while person.form is not None:
                    self._fill(person)
                return

    def _fill(self, person: Scribe, **more: Typed) -> None:
        """What somebody would write, and the first choice wherever one has to be made."""
        assert person.form is not None
        form, typed = person.form, {**TYPED, **more}
        person.submit({key: value for key, value in _filled(form, typed).items() if value})
        assert not person.errors, (form.title, person.errors)


def _filled(form: Form, typed: Mapping[str, Typed]) -> dict[str, Typed]:
    given: dict[str, Typed] = {}
    for field in form.fields:
        if field.key in typed:
            given[field.key] = typed[field.key]
        elif isinstance(field, Scale):
            given[field.key] = "4"
        elif isinstance(field, Choices) and field.required and not field.value:
            given[field.key] = (field.options[0].id,)
        elif isinstance(field, Choice) and field.required and not field.value:
            given[field.key] = field.options[0].id
    return given


@pytest.fixture(scope="module")
def half_a_year(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HalfAYear]:
    database = _copy(sqlite_template, tmp_path_factory)
    yield HalfAYear(database).live()
    database.close()


@pytest.fixture(scope="module")
def pictures(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Card | Form]]:
    database = _copy(sqlite_template, tmp_path_factory)
    yield gallery.gallery(database)
    database.close()


def _copy(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    path = tmp_path_factory.mktemp("transcript") / "larkspur.db"
    shutil.copy(template, path)
    return Database(f"sqlite:///{path}", throw_away=True)


@pytest.mark.parametrize("role", ["mentor", "mentee", "coordinator"])
def test_everything_that_somebody_reads_can_be_read_from_start_to_end(
    half_a_year: HalfAYear, pictures: Mapping[str, Card | Form], golden: Golden, role: str
) -> None:
    person = {"mentor": half_a_year.ana, "mentee": half_a_year.erik, "coordinator": half_a_year.cora}[role]
    story = f"# A {role} at Larkspur: half a year\n{person.transcript}"
    golden.check(f"transcripts/{role}.md", f"{story}\n{_everything_else(pictures, role)}")


def _everything_else(pictures: Mapping[str, Card | Form], role: str) -> str:
    """Every card and form of this role, by the story that it belongs to."""
    lines, section = [f"# Every card and form for a {role}"], ""
    for name, shown in sorted(pictures.items()):
        module = name.partition(".")[0]
        if module not in EVERYBODYS and (module in PARTICIPANTS) == (role == "coordinator"):
            continue
        if module != section:
            section = module
            lines += ["", f"## {module.removesuffix('_cards').removesuffix('_forms').replace('_', ' ').capitalize()}"]
        lines += ["", quoted(name.partition(".")[2].replace("_", " "), shown)]
    return "\n".join(lines) + "\n"


def test_a_story_of_half_a_year_has_all_its_turns(half_a_year: HalfAYear) -> None:
    ana, erik, cora = (each.transcript for each in (half_a_year.ana, half_a_year.erik, half_a_year.cora))
    for told in (
        "Your first session",
        "Did you and Erik Berg meet",
        "Half-time with Erik Berg",
        "Answer 3 questions",
        "Thank you, Ana",
    ):
        assert told in ana, told
    for told in ("a first line to copy", "Your answers are confidential", "ends on", "Thank you, Erik"):
        assert told in erik, told
    for told in ("is open", "Approve", "the report", "Pairs that met"):
        assert told in cora, told
