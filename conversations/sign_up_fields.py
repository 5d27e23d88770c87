"""The questions of sign-up. Each says who sees the answer."""

from conversations.content import Content
from conversations.flow import Turn
from conversations.forms import Choice, Choices, Field, Line, Option, Paragraph, PersonPick, Time
from conversations.people_words import minutes_a_month
from storage.tables import Person, Program

ROLE_OPTIONS = (
    Option("mentor", "Share what I know (you are the mentor)"),
    Option("mentee", "Learn from a junior colleague (you are the mentee)"),
)
LEVELS = (
    Option("1", "Starting out: trainee, graduate, first job"),
    Option("2", "Experienced: I do my work on my own"),
    Option("3", "Senior or team lead"),
    Option("4", "Manager of a team"),
    Option("5", "Director, or manager of managers"),
    Option("6", "Executive"),
)
# The first ones are offered to everybody, the others to people whose roster row names them.
LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "zh": "Chinese",
    "hi": "Hindi",
    "af": "Afrikaans",
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "el": "Greek",
    "fi": "Finnish",
    "he": "Hebrew",
    "hu": "Hungarian",
    "id": "Indonesian",
    "ja": "Japanese",
    "ko": "Korean",
    "nb": "Norwegian",
    "no": "Norwegian",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}
# Slack: at most 10 boxes to tick.
MOST_OPTIONS = 10


def role_field() -> Field:
    return Choice(
        key="role",
        label="What would you like to do?",
        options=ROLE_OPTIONS,
        hint="Your match and the coordinators see this.",
    )


def theme_fields(content: Content, program: Program) -> tuple[Field, ...]:
    known = tuple(Option(theme, content.theme_title(theme)[:75]) for theme in program.themes[:MOST_OPTIONS])
    themes = Choices(
        key="themes",
        label="Which themes?",
        options=known,
        required=False,
        hint="What you could show somebody, or would like to learn. Pick all that fit; at least one, here or below. "
        "Your match and the coordinators see this.",
    )
    own = Line(
        key="own_words",
        label="Or in your own words",
        required=False,
        max_length=200,
        hint="For example: short videos, prompt writing. Commas between several. "
        "Your match and the coordinators see this.",
    )
    return (themes, own) if known else (own,)


def about_you_fields() -> tuple[Field, ...]:
    seen = "Only the coordinators see this."
    return (
        Line(key="department", label="Your department", required=False, hint="Your match and the coordinators see it."),
        Line(key="team", label="Your team", required=False, hint=f"So that you are not paired within it. {seen}"),
        PersonPick(
            key="manager_email",
            label="Your manager",
            required=False,
            hint=f"So that you are never paired with anybody above or below you. A coordinator checks it. {seen}",
        ),
        Choice(
            key="level",
            label="Where you are in your career",
            options=LEVELS,
            required=False,
            hint=f"The mentor is always the more junior of the two. A coordinator checks it. {seen}",
        ),
    )


def hours_fields(person: Person) -> tuple[Field, ...]:
    zone = f" Time zone: {person.timezone}." if person.timezone else ""
    return (
        Time(
            key="work_start",
            label="Your working day starts",
            hint=f"Your match only sees the hours that suit you both.{zone}",
        ),
        Time(
            key="work_end",
            label="and ends",
            hint="Nobody else sees your hours. They tell me who works when you do, and when to write to you.",
        ),
    )


def time_given_field(role: str, program: Program) -> Field:
    minutes = minutes_a_month(program.session_minutes, program.cadence_days)
    if role == "mentor":
        return Choice(
            key="capacity",
            label="How many colleagues could you teach?",
            options=(Option("1", "One"), Option("2", "Up to two"), Option("3", "Up to three")),
            hint=f"Each takes about {minutes} minutes a month. The coordinators see this.",
        )
    hours = [Option(str(number), f"{number} hour{'s' if number > 1 else ''}") for number in (1, 2, 3)]
    return Choice(
        key="hours_a_month",
        label="Time you can give in a month",
        options=(*hours, Option("4", "4 hours or more")),
        hint=f"This program plans about {minutes} minutes a month. The coordinators see this.",
    )


def agreement_field(content: Content) -> Field:
    return Choices(
        key="agreement",
        label=f"Confidentiality agreement (version {content.text('agreement.version')})",
        options=(Option("agreed", "I have read it and I agree"),),
        hint=f"{content.text('agreement.text')} Your match and the coordinators see that you agreed.",
    )


def optional_fields(turn: Turn, role: str) -> tuple[Field, ...]:
    goals = Paragraph(
        key="goals",
        label="What would make this worth your time?",
        required=False,
        max_length=500,
        hint="One or two sentences. Used to find your match; nobody reads it.",
    )
    back = Paragraph(
        key="want_back",
        label="What would you like back?",
        required=False,
        max_length=300,
        hint="Career advice, an introduction, a look at how decisions are made. Your match sees this.",
    )
    pick = "Your secret: nobody sees it, not even the coordinators."
    return (
        goals,
        interests_field(),
        languages_field(turn.person),
        *((back,) if role == "mentor" else ()),
        PersonPick(key="avoid", label="Somebody not to pair you with", required=False, hint=pick),
        PersonPick(key="avoid_too", label="Somebody else not to pair you with", required=False, hint=pick),
    )


def interests_field() -> Field:
    return Line(
        key="interests",
        label="What do you enjoy outside work?",
        required=False,
        max_length=200,
        hint="Commas between several. Used to find your match; nobody reads it.",
    )


def language_codes(person: Person) -> list[str]:
    return list(dict.fromkeys([*person.languages, *LANGUAGES]))[:MOST_OPTIONS]


def languages_field(person: Person) -> Field:
    return Choices(
        key="languages",
        label="Languages you are happy to meet in",
        options=tuple(Option(code, LANGUAGES.get(code, code)) for code in language_codes(person)),
        required=False,
        hint="You are paired with somebody who shares one. Coordinators only see where one is missing.",
    )
