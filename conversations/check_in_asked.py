"""What a check-in shows: the question as it stands on somebody's screen, with a row for each of their pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conversations.actions import Action
from conversations.cards import Text
from conversations.contacts import Contact
from conversations.cut import cut
from conversations.people_words import first_name
from storage.tables import CheckIn, CheckInAnswer, Pair, Person

STATES = {"met": "Met", "date_set": "Date set", "not_yet": "Not yet", "skip": "Skip"}
# A label holds 30 characters: "Share with " and a first name of this length.
LONGEST_NAME = 16


@dataclass(frozen=True, slots=True)
class Row:
    """One pair of a check-in, and what its author has said of it so far.

    `quiet`: neither a session nor a date for three weeks. `half_time`: the middle of its run. `goals`: what the two
    wanted, each as "whose: what".
    """

    pair: Pair
    partner: Person
    contact: Contact
    answer: CheckInAnswer | None = None
    quiet: bool = False
    half_time: bool = False
    carries_on: bool = False
    goals: Sequence[str] = ()
    # The day of the reminder that its author asked for, as a person says it.
    remind_on: str = ""
    # The day of a booked session of which nobody has told yet, as a person says it.
    booked: str = ""

    @property
    def short_name(self) -> str:
        """For a button; whoever erased themselves is "your mentor" until the other side hears that the pair ends."""
        return short_name(self.partner) if self.contact.name == self.partner.name else self.contact.name


@dataclass(frozen=True, slots=True)
class Asked:
    """A check-in on somebody's screen. `reminder`: the card is the reminder, not the question itself."""

    check_in: CheckIn
    rows: Sequence[Row]
    # Only for a card that asks for nothing more.
    ahead: Text | None = None
    first: bool = False
    reminder: bool = False
    late_for: str = ""

    def action(self, step: str, row: Row) -> Action:
        return Action("check_in", step, self._about(row))

    def booking(self, row: Row) -> Action:
        return Action("booking", "start", {"pair": row.pair.id, "check_in": self.check_in.id})

    def half_time(self, row: Row) -> Action:
        return Action("half_time", "carry_on", self._about(row))

    def _about(self, row: Row) -> dict[str, str | int]:
        return {"check_in": self.check_in.id, "pair": row.pair.id, "reminder": int(self.reminder)}


def short_name(person: Person) -> str:
    """A first name that fits a button."""
    return cut(first_name(person), LONGEST_NAME)


def key(person: int, period: date) -> str:
    return f"check_in/{person}/{period.isoformat()}"


def reminder_key(person: int, period: date) -> str:
    return f"check_in_reminder/{person}/{period.isoformat()}"
