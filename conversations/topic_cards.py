"""Cards with topics to talk about."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Button, Card, Text, buttons, card, quiet, text
from conversations.content import Topic
from conversations.people_words import first_name
from conversations.which_partner import partner_buttons
from storage.tables import Pair, Person

NUMBERS = ("No topics", "One topic", "Two topics", "Three topics")


def topics_card(topics: Sequence[Topic], others: Action, partner: Person | None, pair: Pair | None) -> Card:
    """`others`: the step that gives three more. Without a pair there is nothing to book."""
    whom = f" for you and {first_name(partner)}" if partner else " for you"
    more = [Button("Three others", others)]
    if pair is not None:
        more.append(Button("Book a time", Action("booking", "start", {"pair": pair.id})))
    return card(
        f"{NUMBERS[min(len(topics), 3)]}{whom}",
        *map(_topic, topics),
        quiet("Take one, or let the talk go its own way. Nothing needs preparing."),
        buttons(*more),
    )


def _topic(topic: Topic) -> Text:
    # Values are literal: what a topic server says is shown as it is, and nothing of it can be a link.
    words = "**{title}**\n{opening}\n_And then:_ {follow_up}"
    return text(words, title=topic.title, opening=topic.opening, follow_up=topic.follow_up)


def thinking_card() -> Card:
    return card("", quiet("One moment, I am looking for three good topics for you."))


def whose_topics_card(rows: Sequence[tuple[Pair, Person]], to: Action) -> Card:
    """For somebody with several partners."""
    return card("Topics for whom?", *partner_buttons(rows, to))
