"""N13: one test over everything that can end a pair. The other side reads the same bytes on the same day and hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from conversations.actions import Action
from storage.store import Store
from tests.support import company
from tests.support.chat import Chat, ChatPerson

# Neither the first week nor a check-in falls into the days until the note.
FEBRUARY = date(2026, 2, 20)


@dataclass(frozen=True, slots=True)
class Duo:
    """A mentor whose pair ends, the mentee who hears of it, and their program."""

    chat: Chat
    amara: ChatPerson
    name: str
    program: int
    mentor: ChatPerson
    mentee: ChatPerson
    pair: int

    def set_mentor(self, column: str, value: object) -> None:
        self.chat.look(lambda store: setattr(store.people.get(self.mentor.id), column, value))


def stops(duo: Duo) -> None:
    duo.chat.press_action(duo.mentor, "parting", "stop", pair=duo.pair)
    duo.mentor.press("Stop")


def wishes_somebody_new(duo: Duo) -> None:
    duo.chat.press_action(duo.mentor, "parting", "new_partner", pair=duo.pair)
    duo.mentor.press("Find me a new partner")


def leaves(duo: Duo) -> None:
    duo.mentor.command("leave")
    duo.chat.press_action(duo.mentor, "leaving", "leave", program=duo.program)


def is_gone_from_the_roster(duo: Duo) -> None:
    duo.set_mentor("gone_since", duo.chat.now)


def is_erased(duo: Duo) -> None:
    duo.mentor.command("privacy")
    duo.mentor.press("Erase everything")
    duo.mentor.press("Erase it for good")


def is_re_matched_by_the_coordinator(duo: Duo) -> None:
    duo.chat.press_action(duo.amara, "parting", "yes_rematch", pair=duo.pair)


def is_frozen_and_re_matched(duo: Duo) -> None:
    _freeze(duo)
    duo.chat.press_action(duo.amara, "frozen", "rematch", pair=duo.pair)


def is_frozen_and_ended(duo: Duo) -> None:
    _freeze(duo)
    duo.chat.press_action(duo.amara, "frozen", "end", pair=duo.pair)


def _freeze(duo: Duo) -> None:
    duo.set_mentor("manager_email", duo.mentee.email)
    duo.chat.due(duo.amara, Action("frozen", "check"))


def gives_way_in_a_re_match_of_everybody(duo: Duo) -> None:
    """The pair does not fit any more, so a look at everybody breaks it."""

    def forbid(store: Store) -> None:
        amara = store.people.get(duo.amara.id)
        store.forbidden_pairs.add(duo.program, duo.mentor.id, duo.mentee.id, amara, duo.chat.now)

    duo.chat.look(forbid)
    for step in ("everybody", "save"):
        duo.chat.press_action(duo.amara, "rematch", step, program=duo.program)
    duo.amara.press("Approve the re-match")


CAUSES: tuple[Callable[[Duo], None], ...] = (
    stops,
    wishes_somebody_new,
    leaves,
    is_gone_from_the_roster,
    is_erased,
    is_re_matched_by_the_coordinator,
    is_frozen_and_re_matched,
    is_frozen_and_ended,
    gives_way_in_a_re_match_of_everybody,
)


@pytest.mark.slow
def test_n13_whatever_ends_a_pair_the_partner_reads_the_same_bytes_on_the_same_weekday_and_hour(chat: Chat) -> None:
    company.with_matching(chat)
    amara = chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")
    duos = [_duo(chat, amara, number) for number, _ in enumerate(CAUSES)]
    for duo, cause in zip(duos, CAUSES, strict=True):
        cause(duo)
    chat.advance(days=4)
    seen = {cause.__name__: _read(duo) for duo, cause in zip(duos, CAUSES, strict=True)}
    first = seen["stops"]
    assert [kind for kind, _, _ in first] == ["rotation"]
    assert first[0][1] == datetime(2026, 3, 5, 10, tzinfo=chat.now.tzinfo)
    assert {name: read for name, read in seen.items() if read != first} == {}


def _duo(chat: Chat, amara: ChatPerson, number: int) -> Duo:
    name = f"Program {number}"
    program = company.program(chat, amara, name, status="running", starts_on=FEBRUARY, matching_on=FEBRUARY)
    mentor = company.mentor(chat, f"noor{number}", program, status="matched", row={"name": f"Noor{number} Haddad"})
    mentee = company.mentee(chat, f"rosalind{number}", program, status="matched", row={"name": "Rosalind Meyer"})
    pair = company.pair(chat, program, mentor, mentee, started_on=FEBRUARY)
    return Duo(chat, amara, name, program, mentor, mentee, pair)


def _read(duo: Duo) -> list[tuple[str, datetime | None, str]]:
    """Kind, moment and text of all that came to the partner; the program's name aside."""
    told = [one for one in duo.mentee.messages if one.notice]
    moments: list[datetime | None] = duo.chat.look(lambda store: [store.outbox.sent_at(one.key) for one in told])
    return [
        (one.notice.kind, moment, one.text.replace(duo.name, "the program"))
        for one, moment in zip(told, moments, strict=True)
        if one.notice
    ]
