"""What a step returned becomes answers for the screen and rows for the outbox, the calendar and the consultations."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.crash_points import crash_here
from conversations.apologies import press_to_open
from conversations.cards import Card
from conversations.events import Consulted, Due
from conversations.flow import Turn
from conversations.packing import pack_card
from conversations.replies import (
    Announce,
    Ask,
    AtOnce,
    Consult,
    Correct,
    Hand,
    Home,
    Introduce,
    Notice,
    Planned,
    Replace,
    Reply,
    Say,
    Tell,
    Update,
)
from storage.nudges import Slot
from storage.outbox import UNCERTAIN
from storage.tables import OutboxMessage


@dataclass(slots=True)
class Posted:
    """Answers to perform now, and what was written down to be picked up after the commit; `nudges`: due ones."""

    answers: list[AtOnce] = field(default_factory=list)
    messages: bool = False
    nudges: bool = False
    consultations: bool = False


def post(turn: Turn, replies: Sequence[Reply], inbound_id: str) -> Posted:
    """Writes down what must not be lost. A reply without a key of its own is keyed by the inbound and its position."""
    posted, messages = Posted(), _Messages(turn)
    for position, reply in enumerate(replies):
        _Post(turn, posted, messages, f"{inbound_id}/{position}").reply(reply)
    messages.write()
    posted.messages = messages.new
    return posted


@dataclass(slots=True)
class _Messages:
    """What one turn says to people, written in as few statements as possible: an announcement is one to everybody."""

    turn: Turn
    waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    new: bool = False

    def add(self, key: str, values: dict[str, Any]) -> None:
        self.waiting.append((key, values))

    def write(self) -> None:
        if self.waiting:
            self.new = self.turn.store.outbox.add_all(self.waiting, self.turn.now) > 0 or self.new
            self.waiting.clear()


@dataclass(frozen=True, slots=True)
class _Post:
    """One reply of one turn."""

    turn: Turn
    posted: Posted
    messages: _Messages
    default_key: str

    def reply(self, reply: Reply) -> None:
        match reply:
            case Say() | Replace() | Ask() | Correct() | Home():
                self._answer(reply)
            case Tell():
                self._message(reply.notice, reply.card, person_id=reply.person)
            case Hand():
                self._message(reply.notice, reply.card, person_id=reply.person, file=asdict(reply.file))
            case Introduce():
                self._introduce(reply)
                crash_here("announced")
            case Announce():
                self._message(reply.notice, reply.card, place=reply.place.pack())
                crash_here("announced")
            case Update():
                self._update(reply)
            case Consult():
                self._consult(reply)
            case Planned():
                self._plan(reply)

    def _answer(self, answer: AtOnce) -> None:
        """At once on a screen; from the clock or a consultation there is none, so it becomes a message."""
        match self.turn.event:
            case Due() | Consulted():
                self._say_later(answer)
            case _:
                self.posted.answers.append(answer)

    def _say_later(self, answer: AtOnce) -> None:
        # Whoever asked for a consultation is waiting for its answer; the clock's words can wait for working hours.
        notice = Notice(prompted=isinstance(self.turn.event, Consulted))
        match answer:
            case Say():
                self._message(answer.notice or notice, answer.card, person_id=self.turn.person.id)
            case Replace():
                self._message(notice, answer.card, person_id=self.turn.person.id)
            case Ask(form):
                shown = press_to_open(form.title, "Open", self.turn.action)
                self._message(notice, shown, person_id=self.turn.person.id)
            case Correct() | Home():
                raise TypeError(f"{self.turn.action.name}: {type(answer).__name__} needs somebody at the screen")

    def _message(self, notice: Notice, card: Card | None, *, key: str = "", kind: str = "", **target: Any) -> None:
        values = {
            "kind": kind or notice.kind,
            "delivery": notice.delivery,
            "prompted": notice.prompted,
            "pair_id": notice.pair,
            "program_id": notice.program,
            "card": pack_card(card) if card else None,
            "author_id": self.turn.person.id,
            "failed_action": notice.failed.pack() if notice.failed else None,
            "not_before": max(notice.not_before or self.turn.now, self.turn.now),
            "expires_at": notice.expires_at,
            "late": isinstance(self.turn.event, Due) and self.turn.event.late,
            **target,
        }
        self.messages.add(key or notice.key or self.default_key, values)

    def _introduce(self, reply: Introduce) -> None:
        """A private card each, then the group chat: delivery sends the second only after the first."""
        base, kind = reply.notice.key or self.default_key, "introduction"
        for person in reply.people:
            self._message(reply.notice, reply.own[person], key=f"{base}/{person}", kind=kind, person_id=person)
        people = list(reply.people)
        self._message(reply.notice, reply.shared, key=f"{base}/group", kind=kind, group_ids=people)

    def _update(self, reply: Update) -> None:
        """Changes what was sent. What was never sent is not needed any more, and is dropped."""
        # It may be one of this turn's.
        self.messages.write()
        outbox, now = self.turn.store.outbox, self.turn.now
        message = outbox.with_key(reply.key)
        if message is None or message.state in {"dropped", "failed"}:
            return
        if message.state == "waiting" and message.attempts == 0:
            outbox.drop([reply.key], "superseded", now)
        elif message.state == "waiting":
            # It may be on their screen already, so the next attempt shows the new card.
            message.card = pack_card(reply.card)
            if message.reason == UNCERTAIN:
                # And when a look into their chat finds it there, it is the old one.
                self._change(message, reply.card)
        else:
            self._change(message, reply.card)

    def _change(self, message: OutboxMessage, card: Card) -> None:
        """A message that may be on a screen gets another card."""
        self._message(
            Notice(kind="update", prompted=True),
            card,
            changes_key=message.key,
            person_id=message.person_id,
            group_ids=message.group_ids,
            place=message.place,
        )

    def _plan(self, reply: Planned) -> None:
        slot = Slot(reply.person, reply.due_at, reply.action.pack())
        self.turn.store.nudges.put(reply.key, reply.action.flow, slot)
        self.posted.nudges = self.posted.nudges or reply.due_at <= self.turn.now

    def _consult(self, reply: Consult) -> None:
        row = self.turn.store.consultations.add(
            reply.what, reply.about, reply.then.pack(), self.turn.person.id, self.turn.now
        )
        self.posted.consultations = True
        if reply.meanwhile is None:
            return
        if reply.live:
            # A message of its own, since only what was sent under a key can be changed from here.
            shown, person = Notice(prompted=True), self.turn.person.id
            self._message(shown, reply.meanwhile, key=meanwhile_key(row.id), person_id=person)
        else:
            self._answer(Say(reply.meanwhile))


def meanwhile_key(consultation_id: int) -> str:
    """The key of the card that is shown while a live consultation is worked out."""
    return f"consultation/{consultation_id}/meanwhile"
