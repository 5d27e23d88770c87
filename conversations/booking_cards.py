"""What the two read about a booked session: the date with its calendar links, a change, a reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.actions import Action
from conversations.booking_days import say_moment
from conversations.cadence import calendar_of
from conversations.calendar_entry import Entry
from conversations.calendar_links import google, outlook
from conversations.cards import Button, Buttons, Card, ChatButton, LinkButton, Text, buttons, card, text
from conversations.contacts import Contact
from conversations.people_words import first_name
from conversations.which_partner import partner_buttons
from storage.tables import Pair, Person, Program, Session


@dataclass(frozen=True, slots=True)
class Booked:
    """A booked session as one of the two sees it; `reader` is who sees it."""

    session: Session
    pair: Pair
    program: Program
    reader: Person
    partner: Person
    contact: Contact
    now: datetime

    @property
    def begins(self) -> datetime:
        """When it was called off there is none: asked only for one that stands."""
        if self.session.planned_at is None:
            raise ValueError("no session is booked")
        return self.session.planned_at

    @property
    def when(self) -> str:
        return say_moment(self.begins, calendar_of(self.reader), self.now)

    @property
    def mine(self) -> bool:
        return self.session.booked_by == self.reader.id

    def entry(self) -> Entry:
        """One title for both, mentor first. The moment it was first booked keeps apart databases that began anew."""
        mentor, mentee = self.reader, self.partner
        if self.reader.id != self.pair.mentor_id:
            mentor, mentee = mentee, mentor
        uid = f"{self.session.id}-{self.session.recorded_at:%Y%m%dT%H%M%S}@flipside"
        title = f"{mentor.name} and {mentee.name}"
        return Entry(uid, title, self.begins, self.program.session_minutes, self.session.revision)

    def action(self, step: str) -> Action:
        return Action("booking", step, {"session": self.session.id})


def booked_card(booked: Booked, ahead: Text) -> Card:
    """The date as it stands: links for calendars, and what can be done with it. The .ics file comes after it."""
    moved = booked.session.revision > 0
    title = "Your session has a new time" if moved else "Your session is booked"
    said = text(_said(booked), partner=booked.contact)
    return card(title, _when(booked), said, _calendars(booked), _choices(booked), ahead)


def calendar_file_card(booked: Booked) -> Card:
    """Goes with the .ics file; the date itself is on the card above."""
    return card("", text("For your calendar: {when}, with {partner}.", when=booked.when, partner=booked.contact))


def old_file_card(ahead: Text) -> Card:
    """What the file's line turns into when its date was moved or called off."""
    return card("", text("This file is out of date: the session was moved or called off."), ahead)


def _when(booked: Booked) -> Text:
    return text(
        "**{when}**, {minutes} minutes with {partner}.",
        when=booked.when,
        minutes=str(booked.program.session_minutes),
        partner=booked.contact,
    )


def _said(booked: Booked) -> str:
    if booked.session.confirmed_at:
        return "{partner} said that it works." if booked.mine else "You said that it works."
    if booked.mine:
        return "{partner} hears of it, in the right time zone. For your calendar: one of these, or the file below."
    return "{partner} chose the time. If it does not suit you, just move it."


def _calendars(booked: Booked) -> Buttons:
    entry = booked.entry()
    return buttons(LinkButton("Google Calendar", google(entry)), LinkButton("Outlook", outlook(entry)))


def _choices(booked: Booked) -> Buttons:
    ask = [] if booked.mine or booked.session.confirmed_at else [Button("Works for me", booked.action("confirm"))]
    return buttons(*ask, Button("Move it", booked.action("move")), Button("Call it off", booked.action("call_off")))


def standing_card(booked: Booked) -> Card:
    """To somebody who wants to book and has a date already."""
    pair = {"pair": booked.pair.id}
    return card(
        "You have a session booked",
        _when(booked),
        _calendars(booked),
        Buttons((*_choices(booked).buttons, Button("Book another", Action("booking", "another", pair)))),
    )


def sure_card(booked: Booked) -> Card:
    """Before it is called off, since another time is often the better answer."""
    return card(
        "Call it off?",
        text(
            "**{when}** with {partner}. Another day may be easier than none.",
            when=booked.when,
            partner=booked.contact,
        ),
        buttons(
            Button("Move it", booked.action("move"), "primary"),
            Button("Call it off", booked.action("called_off")),
            Button("Keep it", booked.action("show")),
        ),
    )


def off_card(partner: Contact, pair: Pair, when: str) -> Card:
    """The same for both: that it is off, not who said so or why. Calendars do not follow by themselves."""
    return card(
        "Your session is off",
        text("The one with {partner} on **{when}** will not happen.", partner=partner, when=when),
        text("Please take it out of your calendar. Either of you can book a new time."),
        buttons(
            Button("Book a new time", Action("booking", "start", {"pair": pair.id}), "primary"),
            ChatButton(f"Write to {partner.name.split()[0] if partner.name.strip() else 'them'}"[:30], partner),
        ),
    )


def changed_card(ahead: Text) -> Card:
    """What an earlier message turns into when its date was moved or called off."""
    return card("", text("This session has changed; a newer message has the latest."), ahead)


def over_card(pair: Pair, ahead: Text) -> Card:
    """A button of a date that has passed, or that is not booked any more."""
    return card(
        "",
        text("This session has passed, or is not booked any more. If you met, record it; if not, book a new time."),
        buttons(
            Button("Record a session", Action("met", "start", {"pair": pair.id})),
            Button("Book a new time", Action("booking", "start", {"pair": pair.id})),
        ),
        ahead,
    )


def reminder_card(booked: Booked, ahead: Text) -> Card:
    """The working morning before, to whoever booked it or said that it works."""
    return card(
        f"Soon: you and {first_name(booked.partner)}",
        _when(booked),
        buttons(
            ChatButton(f"Write to {first_name(booked.partner)}"[:30], booked.contact),
            Button("Move it", booked.action("move")),
            Button("Call it off", booked.action("call_off")),
        ),
        ahead,
    )


def choose_card(rows: Sequence[tuple[Pair, Person]]) -> Card:
    return card("Who would you like to meet?", *partner_buttons(rows, Action("booking", "start")))


def no_pair_card(ahead: Text) -> Card:
    words = "Right now there is nobody to book a time with. Once I have introduced you to a partner, you can."
    return card("", text(words), ahead)


def not_now_card(ahead: Text) -> Card:
    """A pair that is over or about to be, a program that is closed: the reason is not for this card to tell."""
    return card("", text("There is nothing to book with this partner at the moment."), ahead)
