"""A company's own words above ours: by key, by language, and every slip in them named before anybody reads it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.doctor import content as examined
from conversations.content import ContentFault, load
from storage.database import Database
from tests.support.chat import Chat

GERMAN = "help:\n  welcome: Hier lernen Erfahrene von Neuen.\n"
ONE_TOPIC = """
topics:
  - theme: cybersecurity
    title: The badge at the door
    opening: Who held a door open for a stranger this month?
    follow_up: What would have been a friendly question?
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    return tmp_path


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# What a company may change ---------------------------------------------------------------------------------------


def test_a_company_changes_one_text_and_keeps_all_the_others(folder: Path) -> None:
    ours, own = load(), load(write(folder, {"texts/en.yaml": "help:\n  welcome: Welcome to Larkspur.\n"}))
    assert own.text("help.welcome") == "Welcome to Larkspur."
    assert {key for key in ours.texts if own.text(key) != ours.text(key)} == {"help.welcome"}


@pytest.mark.parametrize("locale", ["de-DE", "de_AT", "DE", "de"])
def test_somebody_reads_their_language_and_english_where_it_is_not_translated(folder: Path, locale: str) -> None:
    own = load(write(folder, {"texts/de.yaml": GERMAN})).speaking(locale)
    assert own.text("help.welcome") == "Hier lernen Erfahrene von Neuen."
    assert own.text("help.roles") == load().text("help.roles")


@pytest.mark.parametrize("locale", ["", "fr-FR", "d", "english", "-", "xx-DE", "dé"])
def test_somebody_whose_language_nobody_wrote_reads_english(folder: Path, locale: str) -> None:
    own = load(write(folder, {"texts/de.yaml": GERMAN}))
    assert own.speaking(locale).text("help.welcome") == load().text("help.welcome")


def test_austria_falls_back_to_german_and_the_companys_english_reaches_every_language(folder: Path) -> None:
    files = {
        "texts/de.yaml": GERMAN,
        "texts/de-AT.yaml": "check_in:\n  several: Servus. Eine Zeile für jede und jeden.\n",
        "texts/en.yaml": "announcement:\n  closed: Larkspur thanks you.\n",
    }
    austrian = load(write(folder, files)).speaking("de-AT")
    assert austrian.text("check_in.several").startswith("Servus")
    assert austrian.text("help.welcome").startswith("Hier lernen")
    assert austrian.text("announcement.closed") == "Larkspur thanks you."
    assert austrian.speaking("en-GB").text("help.welcome") == load().text("help.welcome")


def test_own_topics_replace_ours_on_their_theme_alone(folder: Path) -> None:
    own = load(write(folder, {"topics.yaml": ONE_TOPIC}))
    assert [topic.title for topic in own.topics if topic.theme == "cybersecurity"] == ["The badge at the door"]
    assert {topic.theme for topic in own.topics} == set(own.themes)


def test_own_programs_bring_their_own_themes(folder: Path) -> None:
    programs = """
themes:
  - {id: cybersecurity, title: Staying safe, about: Doors and passwords.}
  - {id: falconry, title: Falconry, about: Birds.}
templates:
  - id: safety
    title: Safety
    objective: Everybody is safe.
    themes: [cybersecurity, falconry]
    questions: ["What worries you?"]
    success: Nobody clicks.
"""
    own = load(write(folder, {"programs.yaml": programs}))
    assert list(own.templates) == ["safety"]
    assert own.theme_title("cybersecurity") == "Staying safe"
    assert {topic.theme for topic in own.topics} == {"cybersecurity"}


def test_whoever_writes_from_a_german_workplace_is_answered_in_german(sqlite_database: Database, folder: Path) -> None:
    chat = Chat(sqlite_database, content=load(write(folder, {"texts/de.yaml": GERMAN})))
    ana = chat.person("ana@larkspur.example", locale="de-DE")
    ben = chat.person("ben@larkspur.example", locale="en-US")
    ana.arrive()
    ana.sees("Hier lernen Erfahrene von Neuen.")
    ben.arrive()
    ben.sees("reverse mentoring")


# Slips -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("texts/de.yaml", "help:\n  welcom: Hallo\n", "de.yaml: help.welcom is not a text of Flipside; did you mean"),
        ("texts/de.yaml", "falconry: Hallo\n", "de.yaml: falconry is not a text"),
        ("texts/de.yaml", "check_in:\n  usual: Mit {parnter}?\n", "check_in.usual fills in {parnter}"),
        ("texts/de.yaml", "check_in:\n  usual: Mit {parnter}?\n", "it may use {partner}"),
        ("texts/de.yaml", "help:\n  welcome: Hallo {name}\n", "it may use none"),
        ("texts/de.yaml", "help:\n  welcome: [a, b]\n", "help.welcome should be a text"),
        ("texts/de.yaml", "agreement:\n  version: 2\n", "agreement.version should be a text; put it in quotes"),
        ("texts/de.yaml", 'agreement:\n  version: "two thousand and twenty-six"\n', "longer than 20 characters"),
        ("texts/de.yaml", f"agreement:\n  text: {'A' * 1901}\n", "agreement.text is longer than 1900 characters"),
        ("texts/de.yaml", "help:\n  welcome:\n", "help.welcome should be a text"),
        ("texts/de.yaml", "help: [\n", "de.yaml is not valid YAML: line"),
        ("texts/de.yaml", "- help\n", "de.yaml should hold named entries"),
        ("texts/de.yaml", "", "de.yaml should hold named entries"),
        ("texts/deutsch.yaml", GERMAN, "deutsch.yaml: name the file after a language"),
        ("texts/de.yml", GERMAN, "de.yml: its name should end in .yaml"),
        ("topic.yaml", ONE_TOPIC, "topic.yaml is no content file"),
        ("topics.yaml", ONE_TOPIC.replace("cybersecurity", "birds"), "topics.yaml: no theme is called birds"),
        ("topics.yaml", ONE_TOPIC.replace("opening", "open"), "“The badge at the door” has no text for “opening”"),
        ("topics.yaml", "topics: none\n", "topics.yaml: “topics” should be a list"),
        ("programs.yaml", "themes: []\n", "programs.yaml: “templates” should be a list"),
    ],
)
def test_a_slip_is_named_with_its_file_and_its_key(folder: Path, name: str, text: str, said: str) -> None:
    write(folder, {name: text})
    with pytest.raises(ContentFault) as raised:
        load(folder)
    assert said in str(raised.value)
    finding = examined(folder)
    assert finding.level == "fault"
    assert said in finding.message
    assert "FLIPSIDE_CONTENT_DIR" in finding.fix


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ContentFault, match="FLIPSIDE_CONTENT_DIR names no folder"):
        load(tmp_path / "nowhere")


def test_a_file_that_is_not_text_is_a_fault(folder: Path) -> None:
    (folder / "texts" / "de.yaml").write_bytes(b"\xff\xfe\x00help")
    with pytest.raises(ContentFault, match=r"de\.yaml cannot be read"):
        load(folder)
