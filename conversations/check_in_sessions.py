"""What "we met" in a check-in means for the sessions of a pair: one a fortnight, whoever says it."""

from datetime import date

from conversations.cadence import calendar_of
from conversations.check_in_days import Meeting
from conversations.check_ins_ahead import meeting
from conversations.flow import Turn
from storage.tables import CheckIn


def record_session(turn: Turn, check_in: CheckIn, pair: int) -> None:
    """The day is not known: the session stands at the end of the fortnight asked about, not in the future."""
    window = _window(turn, check_in, pair)
    on = min(window[1], calendar_of(turn.person).today(turn.now))
    turn.store.sessions.record_met(pair, on, window, turn.now)


def forget_session(turn: Turn, check_in: CheckIn, pair: int) -> None:
    """Unless the other side says that they met, too."""
    seen = _meeting(turn, pair)
    partner = turn.store.pairs.partner_of(turn.person, pair)
    window = _window(turn, check_in, pair)
    theirs = turn.store.check_ins.met_periods(pair, partner.id)
    if window not in [seen.window(_slot(seen, period)) for period in theirs]:
        turn.store.sessions.forget_met(pair, window)


def slot_of(turn: Turn, check_in: CheckIn, pair: int) -> int:
    """Which stretch between two check-ins of a pair this check-in closes; 1 is the first."""
    return _slot(_meeting(turn, pair), check_in.period)


def _window(turn: Turn, check_in: CheckIn, pair: int) -> tuple[date, date]:
    seen = _meeting(turn, pair)
    return seen.window(_slot(seen, check_in.period))


def _slot(seen: Meeting, period: date) -> int:
    """The same for both sides, also when they are asked some days apart."""
    return max(1, seen.slot(period, seen.cadence // 2))


def _meeting(turn: Turn, pair: int) -> Meeting:
    row = turn.store.pairs.required(turn.person, pair)
    return meeting(row, turn.store.programs.get(row.program_id))
