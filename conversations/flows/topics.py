"""What a pair can talk about next: three topics from the bank, or from a topic server where one is set up."""

from collections.abc import Sequence
from datetime import timedelta

from conversations.cards import Card
from conversations.content import Topic
from conversations.flow import Flow, Turn
from conversations.introduced import introduced, introduced_pair
from conversations.replies import Consult, Notice, Reply, Say
from conversations.topic_cards import thinking_card, topics_card, whose_topics_card
from conversations.topic_request import HOW_MANY
from conversations.topics import given_to, in_order, next_topics, tiers_of_pair, tiers_of_person
from storage.pair_days import goes_on
from storage.tables import Pair

FLOW = Flow("topics")
# Whoever asked for topics this long ago has met meanwhile.
SUGGESTIONS_LAST = timedelta(days=1)

FLOW.command(
    "topics", "show", "Get three things to talk about", also="topic, ideas, what to talk about, three topics, suggest"
)


@FLOW.step("show")
def show(turn: Turn, pair: int = 0) -> list[Reply]:
    """For one pair; the question which, for somebody with several; and for whoever has none, what they chose."""
    if pair:
        return _find(turn, introduced_pair(turn, pair), 0)
    pairs = introduced(turn, (each for each, _ in turn.store.pairs.meeting_of(turn.person)))
    if len(pairs) > 1:
        rows = [(each, turn.store.pairs.partner_of(turn.person, each.id)) for each in pairs]
        return [Say(whose_topics_card(rows, FLOW.to("show")))]
    return _find(turn, pairs[0] if pairs else None, 0)


@FLOW.step("others")
def others(turn: Turn, pair: int = 0, page: int = 0) -> list[Reply]:
    """Three more. A message of their own, since one of the first three may be the one they take."""
    return _find(turn, introduced_pair(turn, pair) if pair else None, page)


@FLOW.step("suggested", clock_only=True)
def suggested(turn: Turn, pair: int = 0, page: int = 0) -> list[Reply]:
    """The topic server's three, or the bank's when it had none: nobody needs to know which."""
    about = _still(turn, turn.store.pairs.required(turn.person, pair)) if pair else None
    answer = turn.consulted.answer
    topics = list(answer) if answer else _from_the_bank(turn, about, page)
    notice = Notice(prompted=True, expires_at=turn.now + SUGGESTIONS_LAST)
    return [Say(_given(turn, about, page, topics), notice)]


def _find(turn: Turn, pair: Pair | None, page: int) -> list[Reply]:
    about = _still(turn, pair)
    if not turn.suggests:
        return [Say(_given(turn, about, page, _from_the_bank(turn, about, page)))]
    number = about.id if about else 0
    ids = {"person": turn.person.id, "pair": number}
    return [Consult("topics", FLOW.to("suggested", pair=number, page=page), ids, meanwhile=thinking_card())]


def _still(turn: Turn, pair: Pair | None) -> Pair | None:
    """A card may be older than the pair it is about: then there are topics all the same, for the person alone."""
    return pair if pair and pair.frozen_at is None and goes_on(pair, turn.person.id) else None


def _from_the_bank(turn: Turn, pair: Pair | None, page: int) -> Sequence[Topic]:
    if pair is not None:
        given = given_to(turn.store, pair)
        return next_topics(turn.content, tiers_of_pair(turn.store, pair), given, pair.id)
    bank = in_order(turn.content, tiers_of_person(turn.store, turn.person), turn.person.id)
    return [bank[(page * HOW_MANY + place) % len(bank)] for place in range(min(HOW_MANY, len(bank)))]


def _given(turn: Turn, pair: Pair | None, page: int, topics: Sequence[Topic]) -> Card:
    """Notes them as given to the pair, so that they do not come again soon."""
    if pair is None:
        return topics_card(topics, FLOW.to("others", page=page + 1), None, None)
    turn.store.topics.give(pair.id, [topic.title for topic in topics], turn.now)
    partner = turn.store.pairs.partner_of(turn.person, pair.id)
    return topics_card(topics, FLOW.to("others", pair=pair.id, page=page + 1), partner, pair)
