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
from tests.support import gallery, sentences
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
    "Rate three skills",
    "Answer 3 questions",
    "Works for me",
)
ROLES = ("mentor", "mentee", "coordinator")
TAKE_PART, EVERYBODY = frozenset({"mentor", "mentee"}), frozenset(ROLES)
MENTOR, MENTEE, COORDINATOR = (frozenset({role}) for role in ROLES)
# Modules whose words anybody may read, and those of people who take part; the others are a coordinator's.
EVERYBODYS = {"apologies", "file_cards", "forms", "which_program"}
PARTICIPANTS = {name.removeprefix("flows.") for name in gallery.FOR_PARTICIPANTS} | set(
    "booked booking_answers check_in_reminders check_in_rows leaving_programs need_cards next_days next_from_me "
    "nominate pause_forms privacy rhythm_forms sign_up sign_up_fields sign_up_waiting working_style".split()
)
# Cards that somebody else reads than their module says, or whose example is one of the two.
READERS: Mapping[str, frozenset[str]] = {
    "apologies.for_coordinators": TAKE_PART,
    "asking_cards.ask_card-again": MENTOR,
    "asking_cards.more_card": MENTOR,
    "asking_cards.no_answer_card": MENTOR,
    "goals_cards.goals_form": MENTOR,
    "closing_cards.over_card": COORDINATOR,
    "closing_cards.who_again_card": COORDINATOR,
    "closing_cards.wrap_card-many-lines": MENTOR,
    "closing_cards.wrap_card-nothing-noted": MENTEE,
    "hello_cards.hello_card": MENTEE,
    "hello_cards.not_needed_card": MENTEE,
    "home.home_card-invited": MENTEE,
    "home.home_card-joined": MENTOR,
    "home.home_card-to-confirm": MENTOR,
    "invitation_cards.invitation_card-plain": MENTOR,
    "invitation_cards.invitation_reminder_card": MENTOR,
    "invitation_cards.nomination_card": MENTOR,
    "matching_notices.unmatched_card": TAKE_PART,
    "need_cards.request_card": COORDINATOR,
    "need_cards.settled_card": COORDINATOR,
    "need_cards.taken_card": COORDINATOR,
    "parting_cards.left_as_it_is_card": COORDINATOR,
    "parting_cards.rematch_card": COORDINATOR,
    "parting_cards.rematched_card": COORDINATOR,
    "preview_cards.preview_card-mentee": COORDINATOR,
    "preview_cards.preview_card-mentor": COORDINATOR,
    "privacy_cards.last_coordinator_card": COORDINATOR,
    "program_cards.announcement_card": EVERYBODY,
    "program_cards.announcement_ended_card": EVERYBODY,
    "quiet_pair_cards.kind_word_card": TAKE_PART,
    "sign_up_cards.already_in_card": MENTOR,
    "sign_up_cards.already_in_card-matched": TAKE_PART,
    "sign_up_cards.receipt_card-between-rounds": MENTOR,
    "sign_up_cards.receipt_card-to-confirm": MENTOR,
    "sign_up_cards.to_confirm_card": COORDINATOR,
    "waiting_cards.matching_day_card": COORDINATOR,
    "waiting_cards.out_of_reach_card": MENTEE,
    "which_program.no_program_card": COORDINATOR,
    "which_program.no_program_card-participant": TAKE_PART,
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
        self.ana = self._hire(
            "ana.costa",
            level=2,
            department="Engineering",
            team="Web shop",
            manager_email="ben@larkspur.example",
            timezone="Europe/Lisbon",
        )
        self.erik = self._hire(
            "erik.berg",
            level=6,
            department="Finance",
            team="Finance leads",
            manager_email="board@larkspur.example",
            timezone="Europe/Stockholm",
        )

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


@pytest.mark.parametrize("role", ROLES)
def test_everything_that_somebody_reads_can_be_read_from_start_to_end(
    half_a_year: HalfAYear, pictures: Mapping[str, Card | Form], golden: Golden, role: str
) -> None:
    read = {each: _read_by(half_a_year, pictures, each) for each in ROLES}
    golden.check(f"transcripts/{role}.md", f"{read[role]}\n{_in_particular_cases(''.join(read.values()), role)}")


def _read_by(half_a_year: HalfAYear, pictures: Mapping[str, Card | Form], role: str) -> str:
    person = {"mentor": half_a_year.ana, "mentee": half_a_year.erik, "coordinator": half_a_year.cora}[role]
    story = f"# A {role} at Larkspur: half a year\n{person.transcript}"
    return f"{story}\n{_everything_else(pictures, role)}"


def _everything_else(pictures: Mapping[str, Card | Form], role: str) -> str:
    """Every card and form of this role, by the story that it belongs to."""
    lines, section = [f"# Every card and form for a {role}"], ""
    for name, shown in sorted(pictures.items()):
        module = name.partition(".")[0]
        if role not in readers(name):
            continue
        title = module.removesuffix("_cards").removesuffix("_forms").replace("_", " ").capitalize()
        if title != section:
            section = title
            lines += ["", f"## {title}"]
        lines += ["", quoted(name.partition(".")[2].replace("_", " "), shown)]
    return "\n".join(lines) + "\n"


def readers(picture: str) -> frozenset[str]:
    """Who reads a card or a form: by its name, by a role at the end of it, else by its module."""
    maker, _, look = picture.partition("-")
    if picture in READERS:
        return READERS[picture]
    if look in ROLES:
        return frozenset({look})
    return READERS.get(maker) or _readers_of(maker.partition(".")[0])


def _readers_of(module: str) -> frozenset[str]:
    if module in EVERYBODYS:
        return EVERYBODY
    return TAKE_PART if module in PARTICIPANTS else COORDINATOR


def _in_particular_cases(read: str, role: str) -> str:
    """The sentences that no example above shows: faults in a form, and what depends on the case."""
    lines = ["# What is said in particular cases"]
    for module, said in sorted(sentences.by_module().items()):
        left = [one for one in said if not sentences.stands_in(one, read)]
        if left and role in _readers_of(module):
            lines += ["", f"## {module.replace('_', ' ').capitalize()}", "", *(f"- {one}" for one in left)]
    return "\n".join(lines) + "\n"


def test_every_card_and_form_is_in_the_file_of_whoever_reads_it(pictures: Mapping[str, Card | Form]) -> None:
    makers = {name.partition("-")[0] for name in pictures}
    assert [name for name in READERS if name not in pictures and name not in makers] == []
    assert [name for name in pictures if not readers(name) <= EVERYBODY or not readers(name)] == []


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
