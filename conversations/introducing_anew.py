"""Two people whose introduction was kept back, and who may meet after all: it is planned anew."""

from collections.abc import Sequence
from datetime import date

from conversations.actions import Action
from conversations.cadence import calendar_of
from conversations.flow import Turn
from conversations.introduction_days import introduction_moment
from conversations.parting_pairs import introduction_keys
from conversations.replies import Planned
from storage.tables import Pair, Program


def introduced_anew(turn: Turn, pair: Pair, program: Program, since: date) -> Sequence[Planned]:
    """`since`: the day from which it was kept back. Nothing for two who have read of each other, or whose day is still
    to come: its nudge waits for it."""
    keys = list(introduction_keys(pair))
    states = set(turn.store.outbox.states(keys).values())
    missed = not states and since <= pair.started_on <= turn.now.date()
    if states & {"sent", "sending", "waiting"} or not (missed or states):
        return ()
    turn.store.outbox.give_back(keys, "frozen", turn.now)
    people = turn.store.people.by_ids((pair.mentor_id, pair.mentee_id))
    mentor, mentee = calendar_of(people[pair.mentor_id]), calendar_of(people[pair.mentee_id])
    moment = introduction_moment(mentor, mentee, program.starts_on, (), turn.now)
    pair.started_on = mentor.today(moment)
    key = f"introduction/{pair.id}/{turn.now:%Y-%m-%dT%H:%M}"
    return (Planned(key, pair.mentor_id, moment, Action("introduction", "introduce", {"pair": pair.id})),)
