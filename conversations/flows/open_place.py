"""Late joiners, and whoever lost a partner: while a program runs, an open place is offered to the best fit at once.

The coordinator decides with one click. The same people are looked at once, however often this is planned.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from conversations.cadence import calendar_of
from conversations.flow import Flow, Turn
from conversations.matching import Proposal as Matched
from conversations.matching.from_store import is_away, is_ready
from conversations.open_place_cards import left_open_card, open_place_card, place_settled_card
from conversations.parting_days import is_late
from conversations.proposal_made import draft_of, pairs_of
from conversations.proposal_shown import shown_of
from conversations.replies import Consult, Notice, Planned, Replace, Reply, Tell
from storage.open_places import OPEN_PLACE
from storage.store import Store
from storage.tables import Enrollment, Person, Program

FLOW = Flow("open_place")
# A card that was not seen for so long is in `program review`.
CARD_LASTS = timedelta(days=7)


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """Once for each set of people who are free, in the coordinator's next morning hours."""
    for program in store.programs.with_status("running"):
        reader = store.coordinators.of_program(program)
        if reader is None or not _may_offer(store, program, now):
            continue
        free = _free(store, program, now)
        if not free:
            continue
        calendar = calendar_of(reader)
        due_at = calendar.good_moment(calendar.today(now))
        due_at = due_at if due_at >= now else calendar.good_moment(calendar.today(now) + timedelta(days=1))
        if due_at <= now + horizon:
            who = sha256(" ".join(str(number) for number in free).encode()).hexdigest()[:16]
            yield Planned(f"open_place/{program.id}/{who}", reader.id, due_at, FLOW.to("look", program=program.id))


def _may_offer(store: Store, program: Program, now: datetime) -> bool:
    """Not on hold, not near the end, not beside another proposal; and only where somebody waits."""
    if program.held_since is not None or is_late(program.ends_on, now.date()):
        return False
    if not store.open_places.anybody_waits(program.id) or store.proposals.is_under_way(program.id):
        return False
    latest = store.proposals.latest(program.id)
    decided = latest is None or (latest.status == "approved" and latest.publish_at is None)
    return decided or store.open_places.is_for_an_open_place(latest)


def _free(store: Store, program: Program, now: datetime) -> list[int]:
    """Ids of everybody with a place, when there are some on both sides and one of them waits to be suggested."""
    busy = store.pairs.active_count(program.id)
    rows = [
        (each, person)
        for each, person in store.open_places.with_places(program.id)
        if is_ready(each, busy.get(person.id, 0)) and not is_away(person, now.date())
    ]
    if {each.role for each, _ in rows} != {"mentor", "mentee"} or not _seekers(store, program, rows):
        return []
    return [person.id for _, person in rows]


def _seekers(store: Store, program: Program, rows: Sequence[tuple[Enrollment, Person]]) -> frozenset[int]:
    """Whoever waits, but for those whom a coordinator left to the next matching."""
    waiting = frozenset(person.id for each, person in rows if each.status == "joined")
    return waiting - store.open_places.left_to_the_next_matching(program.id)


@FLOW.step("look", coordinators_only=True, clock_only=True)
def look(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    if found.status != "running" or not _may_offer(turn.store, found, turn.now):
        return []
    about = {"program": program, "today": turn.now.date().isoformat()}
    return [Consult("matching", FLOW.to("offer", program=program), about)]


@FLOW.step("offer", coordinators_only=True, clock_only=True)
def offer(turn: Turn, program: int) -> list[Reply]:
    """The best pairs among those who are free become a small proposal; nothing when nobody fits."""
    found, answer = turn.store.programs.required(program), turn.consulted.answer
    if not isinstance(answer, Matched) or found.status != "running" or not _may_offer(turn.store, found, turn.now):
        return []
    seekers = _seekers(turn.store, found, turn.store.open_places.with_places(program))
    no = turn.store.open_places.turned_down(program)
    new = [
        pair
        for pair in pairs_of(turn, found, answer, {})
        if pair.kept and {pair.mentor_id, pair.mentee_id} & seekers and (pair.mentor_id, pair.mentee_id) not in no
    ]
    if not new:
        return []
    _replace_earlier(turn, found)
    draft = draft_of(turn, found, answer)
    draft.total, draft.unmatched = sum(pair.score for pair in new), []
    draft.figures = {**(draft.figures or {}), OPEN_PLACE: 1}
    proposal = turn.store.proposals.add(draft, new)
    turn.store.audit.add(turn.now, turn.person, "open place suggested", program, {"pairs": len(new)})
    notice = Notice(
        key=f"open_place/{proposal.id}",
        kind="coordinator_open_place",
        delivery="nudge",
        expires_at=turn.now + CARD_LASTS,
        program=program,
    )
    return [Tell(turn.person.id, open_place_card(shown_of(turn, proposal)), notice)]


def _replace_earlier(turn: Turn, program: Program) -> None:
    """A suggestion on which nobody has decided goes; its pairs were not turned down by that."""
    earlier = turn.store.proposals.latest(program.id)
    if earlier is not None and earlier.status == "draft":
        earlier.status = "discarded"
        earlier.figures = {name: value for name, value in (earlier.figures or {}).items() if name != OPEN_PLACE}


@FLOW.step("not_now", coordinators_only=True)
def not_now(turn: Turn, proposal: int) -> list[Reply]:
    found = turn.store.proposals.held(proposal)
    if found.status != "draft" or not turn.store.open_places.is_for_an_open_place(found):
        return [Replace(place_settled_card())]
    found.status = "discarded"
    turn.store.audit.add(turn.now, turn.person, "open place left", found.program_id)
    return [Replace(left_open_card(sum(pair.kept for pair in turn.store.proposals.pairs_of(proposal))))]
