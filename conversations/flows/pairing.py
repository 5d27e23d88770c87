"""After an approval: the pairs are set up in batches, and whoever has no partner hears it kindly. Run by the clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from conversations.actions import Action
from conversations.approval import no_longer_fitting
from conversations.cadence import calendar_of
from conversations.flow import Flow, Turn
from conversations.introduction_days import introduction_moment
from conversations.matching.from_store import is_away, request
from conversations.matching_notices import published_without_card, unmatched_card
from conversations.out_of_reach import is_out_of_reach
from conversations.people_words import listed
from conversations.proposal_shown import Shown, shown_of
from conversations.publishing import waits
from conversations.replies import Notice, Planned, Reply, Tell
from conversations.waiting_cards import out_of_reach_card
from storage.store import Store
from storage.tables import Pair, Person, Program, Proposal, ProposedPair

FLOW = Flow("pairing")

# A batch is one short transaction, so that a large approval keeps nobody waiting.
BATCH = 50
# Names on a card; the rest is a number.
MOST_NAMED = 6
# Whoever cannot be reached for so long hears of their next partner instead.
UNMATCHED_LASTS = timedelta(days=14)
# Once, and once more in other words; whoever still waits then reads where they stand at home.
MOST_TIMES_UNMATCHED = 2


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """Approved pairs are published in the morning; one that passed while nothing ran is caught up with."""
    for proposal, program in store.proposals.to_publish():
        coordinator = store.coordinators.of_program(program)
        due_at = max(proposal.publish_at or now, now)
        if coordinator is not None and due_at <= now + horizon:
            key = f"publish/{proposal.id}/{proposal.publish_at:%Y-%m-%dT%H:%M}"
            yield Planned(key, coordinator.id, due_at, FLOW.to("publish", proposal=proposal.id))


@FLOW.step("publish", clock_only=True)
def publish(turn: Turn, proposal: int) -> Sequence[Reply]:
    """The morning has come and nobody stopped it. What stopped fitting since the approval stays out."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "approved" or found.publish_at is None or found.publish_at > turn.now:
        return []
    if program.status == "closed" or program.held_since is not None:
        return []
    shown = shown_of(turn, found)
    left_out = no_longer_fitting(request(turn.store, program.id, turn.content, turn.now.date()), shown.kept)
    turn.store.proposals.take_out([pair.id for pair, _ in left_out])
    out = {pair.id for pair, _ in left_out}
    if program.asks_first:
        found.publish_at = None
        told = _stayed_out(turn, shown, [pair for pair, _ in left_out], len(shown.kept) - len(out))
        begin = Action("asking", "begin", {"proposal": proposal})
        return [*told, Planned(f"asking/{proposal}", turn.person.id, turn.now, begin)]
    kept = [pair for pair in shown.kept if pair.id not in out]
    found.publish_at, program.status = None, "running"
    paired = [person for pair in kept for person in (pair.mentor_id, pair.mentee_id)]
    turn.store.enrollments.mark_matched(program.id, paired)
    turn.store.audit.add(turn.now, turn.person, "matching published", program.id, {"pairs": len(kept)})
    told = _stayed_out(turn, shown, [pair for pair, _ in left_out], len(kept))
    return [*told, _next_batch(turn, "pair_up", proposal, 0)]


def _stayed_out(turn: Turn, shown: Shown, out: Sequence[ProposedPair], left: int) -> Sequence[Reply]:
    if not out:
        return ()
    names = listed(f"{shown.name(pair.mentor_id)} with {shown.name(pair.mentee_id)}" for pair in out[:MOST_NAMED])
    more = f" and {len(out) - MOST_NAMED} more" if len(out) > MOST_NAMED else ""
    key = f"stayed_out/{shown.proposal.id}"
    notice = Notice(key=key, kind="coordinator_pairs", expires_at=turn.now + UNMATCHED_LASTS, program=shown.program.id)
    return (Tell(turn.person.id, published_without_card(shown.program, names + more, left=left), notice),)


@FLOW.step("pair_up", clock_only=True)
def pair_up(turn: Turn, proposal: int, after: int = 0) -> Sequence[Reply]:
    """The next pairs of an approved proposal, each with its introduction planned."""
    found = turn.store.proposals.required(proposal)
    if found.status != "approved" or waits(found):
        return []
    program = turn.store.programs.get(found.program_id)
    if program.status == "closed":
        return []
    rows = turn.store.proposals.kept_after(proposal, after, BATCH)
    made = {(pair.mentor_id, pair.mentee_id) for pair in turn.store.pairs.in_program(program.id)}
    people = turn.store.people.by_ids(id for row in rows for id in (row.mentor_id, row.mentee_id))
    days = turn.store.pairs.introduction_days(sorted(people), turn.now.date() - timedelta(days=1))
    new = [row for row in rows if (row.mentor_id, row.mentee_id) not in made]
    moments = [_moment(turn, program, row, people, days) for row in new]
    pairs = [_pair(turn, program, row, people, moment) for row, moment in zip(new, moments, strict=True)]
    turn.store.pairs.add_all(pairs)
    planned = [_introduced(pair, moment) for pair, moment in zip(pairs, moments, strict=True)]
    if len(rows) == BATCH:
        return [*planned, _next_batch(turn, "pair_up", proposal, rows[-1].id)]
    return [*planned, _next_batch(turn, "tell_unmatched", proposal, 0)]


def _moment(
    turn: Turn, program: Program, row: ProposedPair, people: Mapping[int, Person], days: Mapping[int, set[date]]
) -> datetime:
    """When they are introduced; the day is taken for both then."""
    calendar, other = calendar_of(people[row.mentor_id]), calendar_of(people[row.mentee_id])
    taken = days[row.mentor_id] | days[row.mentee_id]
    moment = introduction_moment(calendar, other, program.starts_on, taken, turn.now)
    for person in (row.mentor_id, row.mentee_id):
        days[person].add(calendar.today(moment))
    return moment


def _pair(turn: Turn, program: Program, row: ProposedPair, people: Mapping[int, Person], moment: datetime) -> Pair:
    return Pair(
        program_id=program.id,
        mentor_id=row.mentor_id,
        mentee_id=row.mentee_id,
        reason=row.reason,
        started_on=calendar_of(people[row.mentor_id]).today(moment),
        created_at=turn.now,
    )


def _introduced(pair: Pair, moment: datetime) -> Planned:
    introduce = Action("introduction", "introduce", {"pair": pair.id})
    return Planned(f"introduction/{pair.id}", pair.mentor_id, moment, introduce)


@FLOW.step("tell_unmatched", clock_only=True)
def tell_unmatched(turn: Turn, proposal: int, after: int = 0) -> Sequence[Reply]:
    """A kind word to the next of those who have no partner, once a matching; they come first in the next one."""
    found = turn.store.proposals.required(proposal)
    if found.status != "approved" or waits(found):
        return []
    program = turn.store.programs.get(found.program_id)
    if program.status == "closed":
        return []
    alone = [person for person in sorted(shown_of(turn, found).alone) if person > after]
    replies: list[Reply] = [reply for person in alone[:BATCH] for reply in _tell(turn, program, found, person)]
    if len(alone) > BATCH:
        replies.append(_next_batch(turn, "tell_unmatched", proposal, alone[BATCH - 1]))
    return replies


def _tell(turn: Turn, program: Program, proposal: Proposal, person_id: int) -> list[Reply]:
    """Not to somebody who left meanwhile, or who was paired by hand."""
    person = turn.store.people.get(person_id)
    enrollment = turn.store.enrollments.of(person, program.id)
    if enrollment is None or enrollment.status != "joined" or is_away(person, turn.now.date()):
        return []
    enrollment.unmatched_rounds += 1
    notice = Notice(
        key=f"unmatched/{proposal.id}/{person_id}",
        kind="unmatched",
        expires_at=turn.now + UNMATCHED_LASTS,
        program=program.id,
    )
    times = turn.store.told.times(person_id, notice.kind, program.id)
    if times >= MOST_TIMES_UNMATCHED:
        return []
    if is_out_of_reach(turn.store, program, person, enrollment):
        return [Tell(person_id, out_of_reach_card(program), notice)]
    return [Tell(person_id, unmatched_card(turn.content, program, enrollment.role, again=times > 0), notice)]


def _next_batch(turn: Turn, step: str, proposal: int, after: int) -> Planned:
    action = FLOW.to(step, proposal=proposal, after=after)
    return Planned(f"{step}/{proposal}/{after}", turn.person.id, turn.now, action)
