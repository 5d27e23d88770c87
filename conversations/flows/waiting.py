"""Between signing up and the pairs: nobody who joined waits past the promised day without a word."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from conversations.cadence import Calendar, calendar_of
from conversations.flow import Flow, Turn
from conversations.people_words import today_of
from conversations.replies import Notice, Planned, Reply, Tell
from conversations.waiting_cards import delayed_card, matching_day_card, moved_card, promised_on
from storage.store import Store
from storage.tables import Person, Program

FLOW = Flow("waiting")

# A batch keeps the transaction under 50 ms (design, section 6).
BATCH = 50
# News about dates that waits longer for somebody's working hours is no news any more.
LASTS = timedelta(days=7)
# The longest run of closed days that we reckon with.
NEAR = timedelta(days=14)


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """The coordinator hears on the day of the matching; everybody who joined, when the promised day finds no pairs."""
    alive = [program for program in store.programs.with_status("open", "running") if program.held_since is None]
    for program in alive:
        # Whoever made it may run nothing any more; with nobody left there is nobody to ask.
        coordinator = store.coordinators.of_program(program)
        if coordinator is None:
            continue
        due_at = calendar_of(coordinator).good_moment(program.matching_on)
        if now <= due_at <= now + horizon:
            key = f"matching_day/{program.id}/{program.matching_on}"
            yield Planned(key, coordinator.id, due_at, FLOW.to("matching_day", program=program.id))
    for program in (one for one in alive if one.status == "open"):
        yield from _delays(store, program, now, now + horizon)


def _delays(store: Store, program: Program, now: datetime, until: datetime) -> Iterable[Planned]:
    promised = promised_on(program)
    # Closed days move it by some days at most; until it is near, nobody's row needs to be read.
    if not now.date() - NEAR <= promised <= until.date():
        return
    for _, person in store.enrollments.in_program(program.id, "joined"):
        due_at = _late_on(calendar_of(person), promised)
        if now <= due_at <= until:
            key = f"delayed/{program.id}/{person.id}/{promised}"
            yield Planned(key, person.id, due_at, FLOW.to("delayed", program=program.id))


def _late_on(calendar: Calendar, day: date) -> datetime:
    """The last hour of a working day: until then the pairs may still come. UTC."""
    closing = datetime.combine(day, calendar.end) - timedelta(hours=1)
    return calendar.at(calendar.next_open_day(day), max(closing.time(), calendar.start))


@FLOW.step("matching_day", coordinators_only=True, clock_only=True)
def matching_day(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    if found.status not in ("open", "running") or found.held_since or _is_begun(turn, found):
        return []
    counts = turn.store.enrollments.counts(program)
    shown = matching_day_card(
        found,
        mentors=counts.get(("mentor", "joined"), 0),
        mentees=counts.get(("mentee", "joined"), 0),
        to_check=len(turn.store.enrollments.unconfirmed(program)),
    )
    key = f"matching_day/{program}/{found.matching_on}"
    return [Tell(turn.person.id, shown, _coordinators_notice(turn, found, key))]


def _is_begun(turn: Turn, program: Program) -> bool:
    """In a program that runs, an earlier matching is none of that day; pairs that wait for a decision are."""
    latest = turn.store.proposals.latest(program.id)
    if program.status == "open" or latest is None:
        return latest is not None
    counts = turn.store.enrollments.counts(program.id)
    waiting = counts.get(("mentor", "joined"), 0) + counts.get(("mentee", "joined"), 0)
    return latest.status == "draft" or not waiting or turn.now - latest.made_at < LASTS


def _coordinators_notice(turn: Turn, program: Program, key: str) -> Notice:
    return Notice(
        key=key,
        kind="coordinator_matching_day",
        delivery="nudge",
        expires_at=turn.now + LASTS,
        program=program.id,
    )


@FLOW.step("delayed", clock_only=True)
def delayed(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    enrollment = turn.store.enrollments.of(turn.person, program)
    waits = enrollment is not None and enrollment.status == "joined" and found.status == "open"
    if found.held_since is not None or not waits or promised_on(found) > today_of(turn):
        return []
    if _is_asked(turn, program):
        return []
    key = f"delayed/{program}/{turn.person.id}/{promised_on(found)}"
    notice = Notice(key=key, kind="delayed", delivery="nudge", expires_at=turn.now + LASTS, program=program)
    return [Tell(turn.person.id, delayed_card(found), notice)]


def _is_asked(turn: Turn, program: int) -> bool:
    """The pairs are not late for somebody who was asked about theirs: until it is settled that is news enough."""
    latest = turn.store.asked_pairs.latest(program)
    rows = turn.store.asked_pairs.of_proposal(latest.id) if latest and latest.status == "asking" else ()
    return any(turn.person.id in (row.mentor_id, row.mentee_id) for row in rows)


@FLOW.step("moved", clock_only=True)
def moved(turn: Turn, program: int, after: int) -> list[Reply]:
    """The dates have changed: the next batch of people who joined hears the new ones, at most once a day."""
    found = turn.store.programs.required(program)
    if found.status != "open" or found.held_since:
        return []
    batch = turn.store.enrollments.page(program, after, BATCH, "joined")
    keys = {person.id: f"moved/{program}/{person.id}/{turn.now.date()}" for _, person in batch}
    told = turn.store.outbox.states(keys.values())
    replies: list[Reply] = [
        _moved(turn, found, person, keys[person.id]) for _, person in batch if keys[person.id] not in told
    ]
    if told:
        # They heard other dates today already: the last word comes tomorrow.
        replies.append(_next_batch(turn, program, 0, turn.now + timedelta(days=1)))
    if len(batch) == BATCH:
        replies.append(_next_batch(turn, program, batch[-1][0].id, turn.now))
    return replies


def _moved(turn: Turn, program: Program, person: Person, key: str) -> Tell:
    notice = Notice(key=key, kind="moved", expires_at=turn.now + LASTS, program=program.id)
    return Tell(person.id, moved_card(program, calendar_of(person).today(turn.now)), notice)


def _next_batch(turn: Turn, program: int, after: int, due_at: datetime) -> Planned:
    key = f"moved/{program}/{due_at:%Y-%m-%dT%H}/{after}"
    return Planned(key, turn.person.id, due_at, FLOW.to("moved", program=program, after=after))
