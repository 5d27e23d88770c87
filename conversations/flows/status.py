"""How a program is doing, on one card: people, pairs, sessions. It tells of pairs, never of who answered what."""

from collections import Counter
from collections.abc import Mapping, Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Facts, Text, buttons, card, quiet, text
from conversations.flow import Flow, Turn
from conversations.people_words import counted, say_when, today_of, told_apart
from conversations.program_cards import STATUS_WORDS, hold_words, sign_up_days
from conversations.replies import Replace, Reply, Say
from conversations.status_words import STATES
from conversations.which_program import which_program
from storage.tables import Person, Program

FLOW = Flow("status")
FLOW.command("program status", "show", "See how a program is doing", coordinators_only=True)

# More names than this are a matter for IT, not for a card.
MOST_NAMES = 10


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0, again: int = 0) -> list[Reply]:
    """`again`: looked at once more, so the card is brought up to date."""
    found = which_program(turn, program, FLOW.to("show"), *_alive(turn))
    if isinstance(found, Say):
        return [found]
    shown = status_card(turn, found)
    return [Replace(shown) if again else Say(shown)]


def _alive(turn: Turn) -> Sequence[str]:
    """Programs that run; without one, those that ended."""
    alive = ("draft", "open", "running")
    return alive if turn.store.programs.with_status(*alive) else ("closed",)


def status_card(turn: Turn, program: Program) -> Card:
    states = Counter(turn.store.pairs.states(program.id, turn.now, turn.person.id).values())
    pairs = [pair.id for pair in turn.store.pairs.in_program(program.id)]
    held = len(turn.store.sessions.held_in(pairs))
    unreachable = turn.store.enrollments.unreachable(program.id)
    return card(
        program.name,
        Facts(
            (
                ("Status", _status(turn, program)),
                *_people_rows(turn.store.enrollments.counts(program.id)),
                *_pair_rows(states),
                ("Sessions held", str(held)),
            )
        ),
        _unreachable(unreachable),
        _advice(program, states),
        buttons(*_buttons(program, states["quiet"])),
        quiet("As of {day}. What people answer stays with them.", day=say_when(turn, today_of(turn))),
    )


def _status(turn: Turn, program: Program) -> str:
    if held := hold_words(turn, program):
        return held
    match program.status:
        case "open":
            return f"{STATUS_WORDS['open']} {sign_up_days(turn, program)}"
        case "running":
            return f"{STATUS_WORDS['running']} until {say_when(turn, program.ends_on)}"
        case status:
            return STATUS_WORDS[status]


def _people_rows(counts: Mapping[tuple[str, str], int]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{role.title()}s", _role_words(counts, role)) for role in ("mentor", "mentee"))


def _role_words(counts: Mapping[tuple[str, str], int], role: str) -> str:
    matched, waiting = counts.get((role, "matched"), 0), counts.get((role, "joined"), 0)
    invited = counts.get((role, "invited"), 0)
    declined = counts.get((role, "declined"), 0)
    words = [f"{matched + waiting} signed up"]
    words += [f"{matched} with a match"] if matched else []
    words += [f"{invited} invited"] if invited else []
    words += [f"{declined} said no"] if declined else []
    return ", ".join(words)


def _pair_rows(states: Counter[str]) -> tuple[tuple[str, str], ...]:
    """How many pairs are in which state, never which of the two said what."""
    rows = tuple((f"Pairs {words}", str(states[state])) for state, words in STATES if states[state])
    return rows or (("Pairs", "none yet"),)


def _unreachable(people: Sequence[Person]) -> Block | None:
    """Names, because somebody has to find out whether they have an account."""
    if not people:
        return None
    told = told_apart(people)
    names = {f"n{index}": told[person.id] for index, person in enumerate(people[:MOST_NAMES])}
    more = len(people) - len(names)
    lines = "\n".join(f"- {{{key}}}" for key in names) + (f"\n- and {more} more" if more > 0 else "")
    head = (
        f"**I cannot reach {counted(len(people), 'person', 'people')} yet**: I know no account. "
        "When the first message is due, I look for one by e-mail."
    )
    return Text(f"{head}\n{lines}", names)


def _advice(program: Program, states: Counter[str]) -> Block | None:
    if program.status != "running" or not states["quiet"]:
        return None
    return text(
        "{quiet} had neither a session nor a date for three weeks. A friendly word from you helps more than another "
        "message from me.",
        quiet=counted(states["quiet"], "pair", "pairs"),
    )


def _buttons(program: Program, quiet_pairs: int) -> Sequence[Button]:
    here = {"program": program.id}
    who = Button("Who takes part", Action("who", "show", here))
    look_again = Button("Look again", FLOW.to("show", program=program.id, again=1))
    match program.status:
        case "draft":
            return Button("Open sign-up", Action("opening", "start", here), "primary"), who
        case "open":
            return Button("Propose pairs", Action("matching", "propose", here), "primary"), who, look_again
        case "running":
            report = Button("Report", Action("report", "show", here))
            more = (Button("Quiet pairs", Action("quiet_pair", "show", here)),) if quiet_pairs else ()
            return who, *more, report, look_again
        case _:
            report = Button("Report", Action("report", "show", here))
            return report, Button("New program", Action("program", "create"))
