"""Once a day, what is new for a coordinator; nothing on a day without news."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from conversations.cadence import Calendar, calendar_of, say_day
from conversations.digest_cards import digest_card, news
from conversations.flow import Flow, Turn
from conversations.replies import Notice, Planned, Reply, Tell
from storage.store import Store

FLOW = Flow("digest")

# The longest run of closed days to look back over; news of longer ago is in `program status`.
LOOK_BACK = timedelta(days=14)


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """For each coordinator, at the beginning of their next working day."""
    for person in store.people.coordinators():
        calendar = calendar_of(person)
        day = calendar.today(now)
        if now > _morning(calendar, day):
            day += timedelta(days=1)
        due_at = _morning(calendar, calendar.next_open_day(day))
        if due_at <= now + horizon:
            yield Planned(f"digest/{person.id}/{calendar.today(due_at)}", person.id, due_at, FLOW.to("send"))


def _morning(calendar: Calendar, day: date) -> datetime:
    return calendar.at(day, calendar.start)


@FLOW.step("send", coordinators_only=True, clock_only=True)
def send(turn: Turn) -> list[Reply]:
    calendar = calendar_of(turn.person)
    today = calendar.today(turn.now)
    before = list(calendar.open_days(today - LOOK_BACK, today - timedelta(days=1)))
    since = _morning(calendar, before[-1] if before else today - timedelta(days=1))
    programs = turn.store.programs.with_status("draft", "open", "running", "closed")
    found = [one for program in programs if (one := news(turn.store, program, turn.person, since, turn.now))]
    roster = [
        f"The roster was read again: {read.added} new, {read.changed} changed, {read.gone} gone."
        for read in turn.store.roster_reads.done_since(since)
        if read.added or read.changed or read.gone
    ]
    if not (found or roster):
        return []
    following = say_day(calendar.next_open_day(today + timedelta(days=1)), today)
    notice = Notice(
        key=f"digest/{turn.person.id}/{today}",
        kind="coordinator_digest",
        delivery="nudge",
        expires_at=calendar.at(today, time(17)),
    )
    return [Tell(turn.person.id, digest_card(found, roster, following), notice)]
