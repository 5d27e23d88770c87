"""What somebody reads who is asked to take part: by a coordinator, or because a colleague thought of them."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cadence import calendar_of
from conversations.cards import Block, Button, Buttons, Card, ChatButton, Facts, LinkButton, buttons, card, text
from conversations.flow import Turn
from conversations.invitation_days import answer_by
from conversations.people_words import contact_of, first_name, listed, minutes_a_month, named, say_when
from storage.tables import Enrollment, Person, Program


def invitation_card(turn: Turn, program: Program, enrollment: Enrollment, runs_it: Person) -> Card:
    """From a coordinator: nothing happens before they press Join."""
    say = turn.content.text
    return card(
        f"An invitation, {first_name(turn.person)}",
        text(say(f"invitation.{enrollment.role}"), coordinator=named(runs_it), program=program.name),
        text("{objective}", objective=program.objective),
        *_about(turn, program, enrollment, runs_it),
        text(say("invitation.no_obligation")),
        *_answers(turn, program, runs_it),
    )


def nomination_card(
    turn: Turn, program: Program, enrollment: Enrollment, runs_it: Person, *, nominator: Person, why: str
) -> Card:
    """From a colleague. `turn` is that of whoever reads it; `why` is for their eyes only."""
    say = turn.content.text
    return card(
        f"A colleague thought of you, {first_name(turn.person)}",
        text(
            say("invitation.nominated"),
            nominator=named(nominator),
            program=program.name,
            role=enrollment.role,
            coordinator=named(runs_it),
        ),
        text("{name} says: “{why}”", name=first_name(nominator), why=why) if why else None,
        *_about(turn, program, enrollment, runs_it),
        text(say("invitation.stays_with_you"), nominator=first_name(nominator)),
        *_answers(turn, program, runs_it),
    )


def invitation_reminder_card(turn: Turn, program: Program, enrollment: Enrollment) -> Card:
    """The only reminder, shortly before it is too late."""
    last = answer_by(program, enrollment)
    when = (
        "Pairs for **{program}** are made on {day}, and you are invited as a **{role}**."
        if last == program.matching_on
        else "You are invited to **{program}** as a **{role}**, and can answer until {day}."
    )
    return card(
        "Still time to join",
        text(
            f"{when} Joining takes two short screens. If it is not for you, there is nothing to do.",
            program=program.name,
            day=say_when(turn, last),
            role=enrollment.role,
        ),
        _yes_or_no(program),
    )


def _about(turn: Turn, program: Program, enrollment: Enrollment, runs_it: Person) -> Sequence[Block]:
    """What it takes, until when, and how to see that it is real."""
    say, last = turn.content.text, answer_by(program, enrollment)
    in_time = last >= calendar_of(turn.person).today(turn.now)
    until = (("Answer by", say_when(turn, last)),) if in_time else ()
    minutes = minutes_a_month(program.session_minutes, program.cadence_days)
    sponsor = sponsor_words(turn, program)
    people = listed(_whom_to_ask(turn, runs_it), "or")
    blocks = (
        text(say("invitation.sponsor"), sponsor=sponsor) if sponsor else None,
        Facts((("Time", f"About {minutes} minutes a month"), ("Length", f"{program.months} months"), *until)),
        text(say("invitation.real_page" if program.page_url else "invitation.real"), people=people),
    )
    return [block for block in blocks if block is not None]


def sponsor_words(turn: Turn, program: Program) -> str:
    """Their name; empty for the sponsor, who knows."""
    if not program.sponsor_email or program.sponsor_email == turn.person.email:
        return ""
    sponsor = turn.store.people.by_email(program.sponsor_email)
    return sponsor.name if sponsor else program.sponsor_email


def _whom_to_ask(turn: Turn, runs_it: Person) -> list[str]:
    """Whoever runs it, and one more coordinator where there is one."""
    others = [one.name for one in turn.store.coordinators.able() if one.id not in (runs_it.id, turn.person.id)]
    return [runs_it.name, *others[:1]]


def _answers(turn: Turn, program: Program, runs_it: Person) -> Sequence[Block]:
    page = (LinkButton("The page about it", program.page_url),) if program.page_url else ()
    ask = ChatButton(f"Ask {first_name(runs_it)}"[:30], contact_of(turn.store, runs_it))
    return _yes_or_no(program), buttons(*page, ask)


def _yes_or_no(program: Program) -> Buttons:
    here = {"program": program.id}
    return buttons(
        Button("Join", Action("sign_up", "start", here), "primary"),
        Button("Tell me more", Action("sign_up", "more", here)),
        Button("Not for me", Action("sign_up", "leave", here)),
    )
