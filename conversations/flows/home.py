"""Home: your program, your match, what comes next, and the buttons for it. For coordinators their programs as well."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.booking_days import say_moment
from conversations.cadence import calendar_of
from conversations.cards import Block, Button, Card, ChatButton, Divider, Facts, buttons, card, text
from conversations.erased_partner import is_nameless
from conversations.events import OpenedHome
from conversations.flow import Flow, Turn
from conversations.introduced import introduced
from conversations.invitation_days import answer_by
from conversations.next_word import next_word
from conversations.people_words import ROLES, contact_of, counted, first_name, say_when, today_of
from conversations.program_cards import hold_words, sign_up_days
from conversations.replies import Home, Reply, Say
from conversations.sign_up_waiting import waiting_blocks
from storage.leaving import OUT
from storage.tables import Enrollment, Pair, Person, Program

FLOW = Flow("home")
FLOW.command(
    "home",
    "show",
    "See your program, your match and what comes next",
    also="me, my program, my pair, my match, my mentor, my mentee, my partner, status",
)

# More would make a wall of text; the newest come first.
MOST_PROGRAMS = 5


@FLOW.step("show")
def show(turn: Turn) -> list[Reply]:
    shown = home_card(turn)
    return [Home(shown) if isinstance(turn.event, OpenedHome) else Say(shown)]


def home_card(turn: Turn) -> Card:
    mine = [(joined, one) for joined, one in turn.store.enrollments.of_person(turn.person) if joined.status not in OUT]
    blocks: list[Block] = [*_away(turn)]
    for enrollment, program in mine[:MOST_PROGRAMS]:
        blocks += [*_program_blocks(turn, enrollment, program), Divider()]
    if not mine:
        blocks += [*_nothing_yet(turn), Divider()]
    if turn.coordinator:
        blocks += [*_coordinator_blocks(turn), Divider()]
    return card(
        f"Hello {first_name(turn.person)}",
        *blocks,
        buttons(
            Button("What I can do", Action("help", "show")),
            *(
                (Button("I need help", Action("need", "start")), Button("Pause", Action("pause", "start")))
                if mine
                else ()
            ),
            Button("What you know about me", Action("privacy", "show")),
        ),
    )


def _away(turn: Turn) -> Sequence[Block]:
    back_on = turn.person.paused_until
    if back_on is None or back_on <= today_of(turn):
        return ()
    return (
        text("You are on a pause until **{day}**. Nothing comes unasked before that.", day=say_when(turn, back_on)),
        buttons(Button("Change or end it", Action("pause", "start"))),
        Divider(),
    )


def _program_blocks(turn: Turn, enrollment: Enrollment, program: Program) -> Sequence[Block]:
    pairs = [pair for pair in turn.store.pairs.active_of(turn.person) if pair.program_id == program.id]
    known = introduced(turn, pairs)
    head = text("**{program}**\n{role}", program=program.name, role=ROLES[enrollment.role])
    here = {"program": program.id}
    if known:
        which = {"pair": known[0].id} if len(known) == 1 else {}
        return (
            head,
            *_on_hold(turn, program, "You can meet all the same; I ask and remind again when it goes on."),
            *(block for pair in known for block in _pair_blocks(turn, pair)),
            next_word(turn),
            buttons(
                Button("Record a session", Action("met", "start", which), "primary"),
                Button("Book a time", Action("booking", "start", which)),
                Button("Topics", Action("topics", "show", which)),
                Button("Edit my hours", Action("sign_up", "edit", here)),
            ),
        )
    match enrollment.status:
        case "invited" | "nominated":
            last = answer_by(program, enrollment)
            in_time = last >= today_of(turn)
            until = "You are invited. Answer by {day}." if in_time else "You are invited. There is still time to join."
            return (
                head,
                *_on_hold(turn, program),
                text(until, day=say_when(turn, last)),
                buttons(
                    Button("Join", Action("sign_up", "start", here), "primary"),
                    Button("Not for me", Action("sign_up", "leave", here)),
                ),
            )
        case _:
            return head, *_on_hold(turn, program), *_waiting(turn, enrollment, program)


def _on_hold(turn: Turn, program: Program, rest: str = "") -> Sequence[Block]:
    """`rest`: what it means for them, a text of ours."""
    held = hold_words(turn, program)
    return (text(f"**{{held}}.** {rest}".strip(), held=held),) if held else ()


def _waiting(turn: Turn, enrollment: Enrollment, program: Program) -> Sequence[Block]:
    row = buttons(
        Button("Edit my answers", Action("sign_up", "edit", {"program": program.id})),
        Button("Leave the program", Action("sign_up", "leave", {"program": program.id})),
    )
    if enrollment.status == "matched":
        words = "You have a match. I introduce you within the next working days."
        on_hold = "You have a match. I introduce you when the program goes on."
        return text(on_hold if hold_words(turn, program) else words), row
    return *waiting_blocks(turn, enrollment, program), row


def _pair_blocks(turn: Turn, pair: Pair) -> Sequence[Block]:
    partner = turn.store.pairs.partner_of(turn.person, pair.id)
    side = "Your mentee" if pair.mentor_id == turn.person.id else "Your mentor"
    if is_nameless(pair, turn.person, partner):
        return _nameless_blocks(turn, pair, side)
    contact = contact_of(turn.store, partner)
    where = ", ".join(part for part in (partner.department, partner.location) if part)
    # Not how often they met: one side would learn from it what the other answered.
    who = "{side} is **{name}** ({where})." if where else "{side} is **{name}**."
    theirs = turn.store.enrollments.of(partner, pair.program_id)
    blocks: list[Block] = [text(who, side=side, name=contact, where=where)]
    if theirs is not None and theirs.want_back:
        # What the mentor would like in return: its form says that the match sees it.
        back = text("What {name} would like back: {want}", name=first_name(partner), want=theirs.want_back)
        blocks.append(back)
    blocks += [*_goals(turn, pair, partner), *_booked(turn, pair)]
    return *blocks, buttons(ChatButton(f"Write to {first_name(partner)}"[:30], contact))


def _nameless_blocks(turn: Turn, pair: Pair, side: str) -> Sequence[Block]:
    """What is left of a pair whose partner erased themselves, until the other side hears that it ends."""
    mine = turn.store.goals.of_pair(pair.id).get(turn.person.id, ())
    goals = text("What you want from it: {goals}", goals="; ".join(mine)) if mine else None
    return (text("{side} and you are a pair.", side=side), *([goals] if goals else []))


def _goals(turn: Turn, pair: Pair, partner: Person) -> Sequence[Block]:
    """Both sides', since the two of them read each other's."""
    goals = turn.store.goals.of_pair(pair.id)
    mine, theirs = goals.get(turn.person.id, ()), goals.get(partner.id, ())
    blocks: list[Block] = []
    if mine:
        blocks.append(text("What you want from it: {goals}", goals="; ".join(mine)))
    if theirs:
        name = first_name(partner)
        blocks.append(text("What {name} wants from it: {goals}", name=name, goals="; ".join(theirs)))
    return blocks


def _booked(turn: Turn, pair: Pair) -> Sequence[Block]:
    ahead_of_us = turn.store.sessions.ahead([pair.id], turn.now)
    begins = ahead_of_us[0].planned_at if ahead_of_us else None
    if begins is None:
        return ()
    return (text("You meet on **{moment}**.", moment=say_moment(begins, calendar_of(turn.person), turn.now)),)


def _nothing_yet(turn: Turn) -> Sequence[Block]:
    open_now = turn.store.programs.with_status("open", "running")
    if not open_now:
        return (text("You are in no program, and none is open right now. When one opens, it is announced."),)
    return (
        text("**{program}** takes sign-ups. {objective}", program=open_now[0].name, objective=open_now[0].objective),
        buttons(Button("Join", Action("sign_up", "start"), "primary")),
    )


def _coordinator_blocks(turn: Turn) -> Sequence[Block]:
    programs = turn.store.programs.with_status("draft", "open", "running")[:MOST_PROGRAMS]
    create = Button("Create a program", Action("program", "create"))
    if not programs:
        return text("**Your programs**\nNone yet."), buttons(create)
    blocks: list[Block] = [text("**Your programs**")]
    for program in programs:
        blocks += [Facts(((program.name, program_words(turn, program)),)), buttons(*_next_steps(program))]
    return *blocks, buttons(create)


def program_words(turn: Turn, program: Program) -> str:
    """One line: how far a program is and how many are in it."""
    counts = turn.store.enrollments.counts(program.id)
    mentors = sum(n for (role, status), n in counts.items() if role == "mentor" and status in ("joined", "matched"))
    mentees = sum(n for (role, status), n in counts.items() if role == "mentee" and status in ("joined", "matched"))
    people = f"{counted(mentors, 'mentor', 'mentors')}, {counted(mentees, 'mentee', 'mentees')}"
    if held := hold_words(turn, program):
        return f"{held}, {people}"
    match program.status:
        case "draft":
            return "Being prepared"
        case "open":
            return f"Sign-up {sign_up_days(turn, program)}, {people}"
        case "running":
            return f"Running until {say_when(turn, program.ends_on)}, {people}"
        case _:
            return "Ended"


def _next_steps(program: Program) -> Sequence[Button]:
    here = {"program": program.id}
    match program.status:
        case "draft":
            return (
                Button("Open sign-up", Action("opening", "start", here), "primary"),
                Button("Adjust", Action("program", "adjust", here)),
            )
        case "open":
            return (
                Button("Propose pairs", Action("matching", "propose", here), "primary"),
                Button("Who signed up", Action("who", "show", here)),
            )
        case _:
            return (
                Button("Status", Action("status", "show", here), "primary"),
                Button("Who takes part", Action("who", "show", here)),
            )
