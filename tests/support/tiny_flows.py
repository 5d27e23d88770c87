"""Small stories for the tests of the core: every kind of reply, and every way to go wrong."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from conversations.cards import Button, Card, buttons, card, text
from conversations.content import Content
from conversations.events import Progress
from conversations.files import File
from conversations.flow import Flow, Turn
from conversations.forms import Form, Line
from conversations.replies import (
    Announce,
    Ask,
    Consult,
    Hand,
    Home,
    Introduce,
    Notice,
    Planned,
    Replace,
    Reply,
    Say,
    Tell,
)
from conversations.replies import Update as Change
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Person

CONTENT = Content({}, {}, (), {})

HELP = Flow("help")
HOME = Flow("home")
TRY = Flow("try")

TRY_COMMANDS = (
    ("open", "opened", False),
    ("open door", "opened_door", False),
    ("status", "status", True),
)


def words(line: str, *, button: str = "", to: str = "pressed") -> Card:
    """A card of one line, with at most one button."""
    row = buttons(Button(button, TRY.to(to))) if button else None
    return card("", text("{line}", line=line), row)


@HELP.step("arrived")
def arrived(turn: Turn) -> list[Reply]:
    return [Say(words(f"Welcome, {turn.person.name}"))]


@HELP.step("unknown")
def unknown(turn: Turn) -> list[Reply]:
    return [Say(words(f"I do not know: {turn.words}"))]


@HELP.step("show")
def show(turn: Turn) -> list[Reply]:
    listed = [" ".join(command.words) for command in turn.commands if turn.coordinator or not command.coordinators_only]
    return [Say(words(", ".join(listed)))]


HELP.command("help", "show", "What I can do", also="what can you do")


@HOME.step("show")
def home(turn: Turn) -> list[Reply]:
    return [Home(words(f"Home of {turn.person.name}"))]


@TRY.step("opened")
def opened(turn: Turn) -> list[Reply]:
    return [Say(words(f"open: {turn.words}"))]


@TRY.step("opened_door")
def opened_door(turn: Turn) -> list[Reply]:
    return [Say(words(f"door: {turn.words}"))]


@TRY.step("status", coordinators_only=True)
def status(turn: Turn) -> list[Reply]:
    return [Say(words("All is well"))]


for spoken, step, restricted in TRY_COMMANDS:
    TRY.command(spoken, step, "For a test", coordinators_only=restricted)


@TRY.step("pressed")
def pressed(turn: Turn) -> list[Reply]:
    return [Replace(words("Thank you"))]


@TRY.step("asks")
def asks(turn: Turn) -> list[Reply]:
    return [Ask(Form("A form", TRY.to("submitted"), (Line(key="name", label="Name"),)))]


@TRY.step("submitted")
def submitted(turn: Turn) -> list[Reply]:
    return [Say(words(f"Got {turn.values['name']}"))]


@TRY.step("breaks")
def breaks(turn: Turn) -> list[Reply]:
    turn.person.location = "Atlantis"
    turn.store.flush()
    raise ZeroDivisionError("what somebody typed")


@TRY.step("not_yours")
def not_yours(turn: Turn, pair: int) -> list[Reply]:
    raise NotYours


@TRY.step("tells")
def tells(
    turn: Turn,
    person: int,
    *,
    prompted: str = "yes",
    delivery: str = "must_arrive",
    kind: str = "hello",
    program: int = 0,
) -> list[Reply]:
    notice = Notice(
        kind=kind,
        program=program or None,
        prompted=prompted == "yes",
        delivery="nudge" if delivery == "nudge" else "must_arrive",
        failed=TRY.to("told_failed"),
    )
    return [Tell(person, words("Somebody says hello", button="Wave"), notice), Say(words("Told them"))]


@TRY.step("told_failed")
def told_failed(turn: Turn) -> list[Reply]:
    return [Say(words("It could not be delivered"), Notice(prompted=True, kind="failed"))]


@TRY.step("keyed")
def keyed(turn: Turn, person: int) -> list[Reply]:
    return [Tell(person, words("Once only"), Notice(key="once", prompted=True))]


@TRY.step("changes")
def changes(turn: Turn) -> list[Reply]:
    return [Change("once", words("Changed"))]


@TRY.step("introduces")
def introduces(turn: Turn, one: int, other: int) -> list[Reply]:
    own = {one: words("For the one"), other: words("For the other")}
    return [Introduce((one, other), words("For both"), own, Notice(key="intro", kind="introduction"))]


@TRY.step("announces")
def announces(turn: Turn) -> list[Reply]:
    place = getattr(turn.event, "place", None)
    assert place is not None
    return [Announce(place, words("Come all"), Notice(key="news", prompted=True, failed=TRY.to("told_failed")))]


TRY.command("announce", "announces", "For a test")


@TRY.step("remind")
def remind(turn: Turn, minutes: int) -> list[Reply]:
    due = turn.now + timedelta(minutes=minutes)
    return [Planned(f"remind/{turn.person.id}", turn.person.id, due, TRY.to("reminded"))]


@TRY.step("reminded")
def reminded(turn: Turn) -> list[Reply]:
    return [Say(words("You wanted to know"))]


@TRY.step("consults")
def consults(turn: Turn) -> list[Reply]:
    return [Consult("sum", TRY.to("consulted"), {"of": [1, 2]}, words("I am thinking"))]


@TRY.step("consults_live")
def consults_live(turn: Turn) -> list[Reply]:
    return [Consult("live", TRY.to("told"), {"of": [1, 2]}, words("I am thinking"), live=True)]


@TRY.step("told")
def told(turn: Turn) -> list[Reply]:
    """How far it is, and then the answer, on the card that was there meanwhile."""
    answer, key = turn.consulted.answer, turn.consulted.shown_under
    if isinstance(answer, Progress):
        return [Change(key, words(f"{answer.words}: {answer.share:.0%}"))]
    return [Change(key, words("Done")), Say(words(f"The answer is {answer}"))]


@TRY.step("consults_in_vain")
def consults_in_vain(turn: Turn) -> list[Reply]:
    return [Consult("sum", TRY.to("breaks"), {"of": [1, 2]})]


@TRY.step("consulted")
def consulted(turn: Turn) -> list[Reply]:
    answer = turn.consulted
    return [Say(words(f"Fault: {answer.fault}" if answer.fault else f"The answer is {answer.answer}"))]


@TRY.file("list")
def list_file(store: Store, person: Person, now: datetime, content: Content) -> File | None:
    return File("list, all.csv", "text/csv; charset=utf-8", f"for,{person.name}\r\nat,{now.isoformat()}\r\n".encode())


@TRY.file("nothing")
def nothing_file(store: Store, person: Person, now: datetime, content: Content) -> File | None:
    return None


@TRY.file("broken")
def broken_file(store: Store, person: Person, now: datetime, content: Content) -> File | None:
    person.location = "Atlantis"
    raise ZeroDivisionError("what somebody typed")


@TRY.step("hands")
def hands(turn: Turn, file: str = "list") -> list[Reply]:
    notice = Notice(kind="file", prompted=True, failed=TRY.to("told_failed"))
    return [Hand(turn.person.id, TRY.asks_for(file), words("Here is your list", button="Thanks"), notice)]


def weekly(first: datetime, due: dict[str, tuple[int, datetime]]) -> Flow:
    """A flow whose plan is `due`: key to person and moment. Change the dictionary and the plan changes."""
    flow = Flow("weekly")

    @flow.step("asked")
    def asked(turn: Turn) -> list[Reply]:
        notice = Notice(kind="answer", delivery="nudge")
        return [Tell(turn.person.id, words("How is it going?", button="Fine"), notice)]

    @flow.step("fails")
    def fails(turn: Turn) -> list[Reply]:
        raise ZeroDivisionError

    @flow.plan
    def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
        for key, (person, moment) in due.items():
            if first <= moment <= now + horizon:
                yield Planned(key, person, moment, flow.to("fails" if "fails" in key else "asked"))

    return flow


FLOWS = (HELP, HOME, TRY)
