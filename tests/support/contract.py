"""What the contract tests put on every platform: every block, every field, and words that try to be more than words."""

from datetime import date

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
from conversations.contacts import Contact
from conversations.forms import Choice, Choices, Date, Form, Line, Option, Paragraph, PersonPick, Scale, Time, Typed
from tests.support.web_gallery import chart

MET = Action("check_in", "met", {"pair": 3, "note": "a&b=c ü/?"})
LEARNED = Action("check_in", "learned", {"pair": 3})
NEXT = Action("check_in", "next", {"pair": 3})

BEN = Contact("Ben Okafor", "ben@larkspur.example")

QUESTION = card("Did you two meet?", buttons(Button("We met", MET, "primary"), Button("Not yet", NEXT)))
THANKS = card("Good to hear", text("Next from me: 28 May."))

EVERYTHING: Card = card(
    "Meet your partner",
    text("You and {partner} both chose **AI at work**, and _here is why_.", partner=BEN),
    text("Before you meet:\n- Say what you hope for\n- Read [the guide](https://larkspur.example/guide)"),
    Facts((("Why you two", "Both chose AI at work"), ("Hours you share", "14:00 to 17:00"))),
    Picture(chart(), "Three of six sessions held"),
    Progress("Sessions held", 3, 6),
    Divider(),
    buttons(
        Button("Find a date", NEXT, "primary"),
        LinkButton("Open the guide", "https://larkspur.example/guide"),
        ChatButton("Write to Ben", BEN),
        Button("Change partner", NEXT, "danger"),
    ),
    quiet("Next from me: {day}", day="17 March"),
)

EVERYTHING_VISIBLE = (
    "Meet your partner",
    "You and ",
    "Ben Okafor",
    "AI at work",
    "here is why",
    "Before you meet:",
    "Say what you hope for",
    "the guide",
    "Why you two",
    "Both chose AI at work",
    "Hours you share",
    "14:00 to 17:00",
    "Three of six sessions held",
    "Sessions held",
    "3 of 6",
    "Find a date",
    "Open the guide",
    "Write to Ben",
    "Change partner",
    "Next from me: 17 March",
)


def _options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(f"id_{number}", label) for number, label in enumerate(labels))


FORM = Form(
    "What did you learn?",
    LEARNED,
    (
        Line(key="line", label="In one line", hint="Only you see it"),
        Paragraph(key="paragraph", label="In more lines", required=False),
        Choice(key="choice", label="Pick one", options=_options("Alpha", "Beta"), required=False),
        Choice(key="office", label="Pick an office", options=_options(*(f"Office {n}" for n in range(1, 13)))),
        Choices(key="many", label="Pick any", options=_options("Red", "Green", "Blue"), required=False),
        Choices(key="two", label="Pick two", options=_options("North", "South", "East"), most=2),
        Scale(key="scale", label="How close?", low_label="Far", high_label="There"),
        Date(key="day", label="Which day?", earliest=date(2026, 3, 1), latest=date(2026, 12, 31)),
        Time(key="time", label="When?"),
        PersonPick(key="person", label="With whom?"),
    ),
    submit_label="Send it",
    intro="Two minutes, and you can change it later.",
)

FORM_VISIBLE = (
    "What did you learn?",
    "Two minutes, and you can change it later.",
    *("In one line", "Only you see it", "In more lines", "Pick one", "Alpha", "Beta", "Pick an office", "Office 12"),
    *("Pick any", "Red", "Green", "Blue", "Pick two", "North", "South", "East", "How close?", "Far", "There"),
    *("Which day?", "When?", "With whom?", "Send it"),
)

TYPED: dict[str, Typed] = {
    "line": "Ask, then listen",
    "paragraph": "First.\nSecond, with a comma.",
    "choice": "id_1",
    "office": "id_11",
    "many": ("id_0", "id_2"),
    "two": ("id_1", "id_2"),
    "scale": "4",
    "day": "2026-05-28",
    "time": "09:30",
    "person": "ben@larkspur.example",
}

SECOND = Form("One more question", NEXT, (Line(key="change", label="What would you change?"),))

HOSTILE = (
    "<!channel> <@U00000001> <#C1|x>",
    "<https://evil.example|click> [click](https://evil.example)",
    "*bold* _italic_ ~struck~ `code` :tada:",
    '<b>big</b> <img src=x onerror=alert(1)> "quoted" &amp; &lt;',
    "# heading - list 1. one > quote | pipe \\ back",
    "<at>Flipside</at> ana@evil.example https://evil.example/x www.evil.example",
)
