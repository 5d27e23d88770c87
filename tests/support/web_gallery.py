"""A small scripted bot that answers with every kind of card and form: for the tests of the playground, and to look at.

`python -m tests.support.web_gallery` serves it at http://127.0.0.1:8018.
"""

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from aiohttp import web

from adapters.web import Hint, Persona, WebPlatform
from conversations.actions import Action
from conversations.cards import (
    Button,
    Card,
    ChatButton,
    Divider,
    Facts,
    LinkButton,
    Picture,
    Progress,
    buttons,
    card,
    quiet,
    text,
)
from conversations.contacts import Contact, Group, Place
from conversations.events import Arrived, Commanded, Event, Inbound, OpenedHome, Pressed, Said, Submitted
from conversations.forms import (
    Choice,
    Choices,
    Date,
    Form,
    Line,
    Option,
    Paragraph,
    PersonPick,
    Scale,
    Time,
    read,
)
from conversations.replies import Ask, AtOnce, Correct, Home, Replace, Say

PEOPLE = (
    Persona(
        user="ines",
        name="Ines Duarte",
        email="ines.duarte@larkspur.example",
        title="Head of Learning",
        department="People",
        location="Lisbon",
        timezone="Europe/Lisbon",
        note="coordinator",
    ),
    Persona(
        user="tom",
        name="Tom Okafor",
        email="tom.okafor@larkspur.example",
        title="Data analyst",
        department="Insights",
        location="London",
        timezone="Europe/London",
        note="mentor",
    ),
    Persona(
        user="marta",
        name="Marta Lindqvist",
        email="marta.lindqvist@larkspur.example",
        title="VP Sales",
        department="Sales",
        location="New York",
        timezone="America/New_York",
        note="mentee",
    ),
    Persona(
        user="jun",
        name="Jun Watanabe",
        email="jun.watanabe@larkspur.example",
        title="Product designer",
        department="Product",
        location="Tokyo",
        timezone="Asia/Tokyo",
    ),
    Persona(
        user="priya",
        name="Priya Raman",
        email="priya.raman@larkspur.example",
        title="Chief Operating Officer",
        department="Operations",
        location="Bengaluru",
        timezone="Asia/Kolkata",
    ),
)

THEMES = tuple(
    Option(key, label)
    for key, label in (
        ("ai", "AI at work"),
        ("social", "Social media and short video"),
        ("inclusion", "Inclusion and belonging"),
        ("customers", "How younger customers decide"),
        ("sustainability", "Sustainability"),
    )
)

FORM = Form(
    "Share what you know",
    Action("gallery", "sent"),
    (
        Choices(
            key="themes", label="What could you show somebody?", options=THEMES, most=3, hint="Your partner sees it."
        ),
        Line(key="words", label="In your own words", required=False, hint="The coordinator and your partner see it."),
        Choice(
            key="capacity",
            label="How many people at a time?",
            options=(Option("1", "One person"), Option("2", "Two people")),
            value="1",
        ),
        Choice(
            key="zone",
            label="Where do you work?",
            options=tuple(Option(str(number), f"Office {number}") for number in range(1, 10)),
            required=False,
        ),
        Scale(key="ease", label="How easy is it for you to say no to a senior?", low_label="Hard", high_label="Easy"),
        Scale(key="goal", label="How close to your goal?", low_label="Far", high_label="There", required=False),
        Paragraph(key="goals", label="What would you like in return?", required=False),
        Date(key="start", label="From which day?", earliest=date(2026, 3, 1), latest=date(2026, 12, 31)),
        Time(key="from", label="Your day begins at", value="09:00"),
        PersonPick(key="avoid", label="Somebody you would rather not be paired with", required=False),
    ),
    submit_label="Sign me up",
    intro="Six short questions, about two minutes. You can change every answer later.",
)


def chart() -> bytes:
    """A small PNG of one colour, made by hand."""
    width, height = 320, 90
    rows = b"".join(b"\x00" + b"\xe0\xec\xe9" * width for _ in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def contact(user: str) -> Contact:
    person = next(each for each in PEOPLE if each.user == user)
    return Contact(person.name, person.email, person.email, person.address)


def everything() -> Card:
    return card(
        "Meet your partner",
        text(
            "You and {partner} are a pair. You both want to work on **AI at work**, and _{quote}_ is what they wrote.",
            partner=contact("marta"),
            quote="<b>how my team could use it</b> [now](https://evil.example)",
        ),
        text(
            "Before you meet:\n- Say what you hope for\n- Agree on a rhythm\n- Read [the guide](https://larkspur.example/guide)"
        ),
        Facts((("Why you two", "Both chose AI at work"), ("Hours you share", "14:00 to 17:00 in London"))),
        Picture(chart(), "Three of six sessions held"),
        Progress("Sessions held", 3, 6),
        Divider(),
        buttons(
            Button("Find a date", Action("gallery", "ask"), "primary"),
            Button("We met", Action("gallery", "met", {"pair": 3})),
            LinkButton("Open the guide", "https://larkspur.example/guide"),
            ChatButton("Write to Marta", contact("marta")),
            Button("Change partner", Action("gallery", "leave"), "danger"),
        ),
        quiet("Next from me: {day}", day="17 March"),
    )


@dataclass
class Gallery:
    """Answers every event; remembers what came in, and drops a repeat as the real dispatcher does."""

    heard: list[Inbound] = field(default_factory=list)
    platform: WebPlatform | None = None

    async def dispatch(self, inbound: Inbound) -> Sequence[AtOnce]:
        if any(known.id == inbound.id for known in self.heard):
            return []
        self.heard.append(inbound)
        answers = self.answers(inbound, inbound.event)
        if isinstance(inbound.event, Commanded) and inbound.event.words == "open":
            await self.announce()
        if isinstance(inbound.event, Commanded) and inbound.event.words == "introduce":
            await self.introduce()
        return answers

    def answers(self, inbound: Inbound, event: Event) -> Sequence[AtOnce]:
        match event:
            case Arrived():
                return [Say(card("Hello, I am Flipside", text("I help juniors and seniors learn from each other.")))]
            case Commanded():
                return self.commanded(event)
            case Said():
                return [Say(card("", text("You said: {words}", words=event.text)))]
            case OpenedHome():
                return [Home(everything())]
            case Pressed():
                return self.pressed(inbound.action)
            case Submitted():
                return self.submitted(event)
            case _:
                return []

    def commanded(self, event: Commanded) -> Sequence[AtOnce]:
        match event.words:
            case "join":
                return [Ask(FORM)]
            case "show":
                return [Say(everything())]
            case "open":
                return [Say(card("", text("Done. The announcement is in this channel.")))]
            case "introduce":
                return []
            case _:
                where = event.place.channel if event.place else "nowhere"
                return [Say(card("", text("You asked for {words} in {where}.", words=event.words, where=where)))]

    def pressed(self, action: Action | None) -> Sequence[AtOnce]:
        if action and action.step == "ask":
            return [Ask(FORM)]
        if action and action.step == "met":
            return [Replace(card("Good to hear", text("I noted that you met.")))]
        return [Say(card("", text("Nothing changes until you say so.")))]

    def submitted(self, event: Submitted) -> Sequence[AtOnce]:
        answers = read(FORM, event.values)
        if answers.errors:
            return [Correct(FORM, answers.errors)]
        return [Replace(card("You are in", text("Thank you, {words}.", words=answers.text("words") or "friend")))]

    async def announce(self) -> None:
        assert self.platform
        join = Button("Join", Action("gallery", "ask"), "primary")
        shown = card("Learn from each other", text("The spring program is open until 20 March."), buttons(join))
        await self.platform.send(Place("web", "playground", "announcements"), shown, "announcement-1")

    async def introduce(self) -> None:
        assert self.platform
        pair = Group((PEOPLE[1].address, PEOPLE[2].address))
        shown = card("", text("{one}, {two}: hello! I can’t read this chat.", one=contact("tom"), two=contact("marta")))
        await self.platform.send(pair, shown, "introduction-1")
        for each in pair.members:
            await self.platform.send(each, everything(), f"introduction-{each.user}")


@dataclass
class Story:
    """A virtual clock that a test moves; on every full day it sends one message to everybody in `woken`."""

    at: datetime = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    planned: datetime | None = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
    woken: tuple[str, ...] = ("tom", "jun")
    platform: WebPlatform | None = None
    advancing: Callable[[datetime], Awaitable[None]] | None = None

    def now(self) -> datetime:
        return self.at

    async def advance(self, target: datetime) -> None:
        await (self.advancing or self.walk)(target)

    async def walk(self, target: datetime) -> None:
        while self.at < target:
            self.at = min(target, self.at + timedelta(hours=1))
            await asyncio.sleep(0)
            if self.at.hour == 9 and self.platform:
                await self.wake()

    async def wake(self) -> None:
        assert self.platform
        for user in self.woken:
            met = Button("We met", Action("gallery", "met", {"pair": 3}), "primary")
            shown = card("Did you two meet?", buttons(met, Button("Not yet", Action("gallery", "no"))))
            await self.platform.send(contact(user).address or PEOPLE[0].address, shown, f"{user}-{self.at:%m%d}")

    async def next_moment(self) -> datetime | None:
        return self.planned


def gallery(story: Story | None = None) -> tuple[WebPlatform, Gallery, Story]:
    """A playground whose bot is scripted; start it with `await platform.start(bot.dispatch)`."""
    story = story or Story()
    bot = Gallery()
    hints = (Hint("help", "What I can do"), Hint("join", "Sign up"), Hint("show", "Everything a card can hold"))
    platform = WebPlatform(
        people=PEOPLE,
        now=story.now,
        advance=story.advance,
        next_moment=story.next_moment,
        hints=(*hints, Hint("open", "Announce the program here"), Hint("introduce", "Introduce Tom and Marta")),
    )
    bot.platform = story.platform = platform
    return platform, bot, story


async def application() -> web.Application:
    platform, bot, _story = gallery()
    await platform.start(bot.dispatch)
    app = web.Application()
    app.add_routes(platform.routes())
    return app


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=8018)
