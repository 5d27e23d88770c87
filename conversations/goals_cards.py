"""The week-one question and the form for goals, and what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.actions import Action
from conversations.cards import Block, Button, Buttons, Card, Text, card, quiet, text
from conversations.contacts import Contact
from conversations.content import Content
from conversations.forms import Form, Line
from conversations.which_partner import partner_buttons
from storage.tables import Pair, Person

PRIVACY = "Your partner sees these, nobody else does."
KEYS = ("goal_1", "goal_2", "goal_3")
EXAMPLES = {
    "mentor": "Such as: explain what I do without jargon; see how a decision is made.",
    "mentee": "Such as: use one new tool every week; hear how my messages land with the team.",
}


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One pair on the card. `dated`: the two have a date, or have met already."""

    pair: Pair
    partner: Person
    contact: Contact
    goals: Sequence[str] = ()
    dated: bool = False


def week_one_card(content: Content, rows: Sequence[GoalRow], ahead: Text) -> Card:
    """A row for each pair: its goals once there are any, and the first date where it is missing."""
    blocks: list[Block] = []
    for row in rows:
        blocks += _row(row, several=len(rows) > 1)
    done = all(row.goals for row in rows)
    title = "Your goals" if done else "A week in: what would you like from this?"
    intro = None if done else text(content.text("goals.several" if len(rows) > 1 else "goals.ask"), **_named(rows))
    return card(title, intro, *blocks, None if done else quiet(PRIVACY), ahead if done else None)


def _named(rows: Sequence[GoalRow]) -> dict[str, Contact]:
    return {"partner": rows[0].contact} if len(rows) == 1 else {}


def _row(row: GoalRow, *, several: bool) -> list[Block]:
    head = [text("**{partner}**", partner=row.contact)] if several else []
    listed = [_listed(row.goals)] if row.goals else []
    pair = {"pair": row.pair.id}
    label, style = ("Change them", "plain") if row.goals else ("Set my goals", "primary")
    goals = Button(label, Action("goals", "start", pair), "primary" if style == "primary" else "plain")
    date = [] if row.dated else [Button("Book a time", Action("booking", "start", pair))]
    return [*head, *listed, Buttons((goals, *date))]


def _listed(goals: Sequence[str]) -> Text:
    values = {f"goal_{number}": goal for number, goal in enumerate(goals, start=1)}
    return text("\n".join(f"- {{{key}}}" for key in values), **values)


def goals_form(pair: Pair, partner: Person, role: str, goals: Sequence[str]) -> Form:
    """Three lines; one is enough."""
    values = (*goals, "", "", "")
    return Form(
        "What I want from this",
        Action("goals", "save", {"pair": pair.id}),
        tuple(
            Line(
                key=key,
                label=("A goal", "Another one", "And another")[number],
                required=number == 0,
                value=values[number],
                hint=EXAMPLES[role] if number == 0 else "",
            )
            for number, key in enumerate(KEYS)
        ),
        "Save my goals",
        intro=f"With {partner.name}: one to three things that you would be glad about at the end. {PRIVACY}",
    )


def saved_card(row: GoalRow, ahead: Text, *, rated: bool) -> Card:
    """What was kept, who reads it, and the three self-ratings that go with the start."""
    pair = {"pair": row.pair.id}
    ratings = Button("Rate three skills", Action("skills", "start", {"program": row.pair.program_id}), "primary")
    return card(
        "Your goals are saved",
        _listed(row.goals),
        text("{partner} sees them, too. You can change them at any time.", partner=row.contact),
        None if rated else text("Rate three skills today, and at the end you see how far you have come."),
        Buttons((*(() if rated else (ratings,)), Button("Change them", Action("goals", "start", pair)))),
        ahead,
    )


def which_card(rows: Sequence[tuple[Pair, Person]]) -> Card:
    each = partner_buttons(rows, Action("goals", "start"))
    return card("Goals with whom?", text("They can differ from partner to partner."), *each)


def no_goals_card(ahead: Text) -> Card:
    return card("", text("Goals belong to a pair, and you are in none at the moment."), ahead)
