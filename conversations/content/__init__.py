"""Texts that an L&D person may edit, as YAML: themes and program templates, topics, and the texts that matter most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from conversations.content.files import ContentFault, rows, several, words
from conversations.content.languages import ENGLISH, Texts, languages, spoken

__all__ = ["FOLDER", "Content", "ContentFault", "Template", "Theme", "Topic", "load"]

FOLDER = Path(__file__).parent
PROGRAMS, TOPICS, TEXTS = "programs.yaml", "topics.yaml", "texts"


@dataclass(frozen=True, slots=True)
class Theme:
    """Something to learn about. `id` is short and fixed; people see `title`."""

    id: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Template:
    """A ready-made program: why, about what, what to ask first, and how one knows that it worked."""

    id: str
    title: str
    objective: str
    themes: tuple[str, ...]
    questions: tuple[str, ...]
    success: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A discussion topic of a theme, with an opening question and a follow-up."""

    theme: str
    title: str
    opening: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the flows say from files. `texts` are those of one language; `others` has every language."""

    themes: Mapping[str, Theme]
    templates: Mapping[str, Template]
    topics: Sequence[Topic]
    texts: Texts
    others: Mapping[str, Texts] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A text by its dotted key, such as `introduction.mentor`. Missing is a mistake of ours: KeyError."""
        return self.texts[key]

    def theme_title(self, theme: str) -> str:
        """A theme's title; somebody's own words are their own title."""
        known = self.themes.get(theme)
        return known.title if known else theme

    def speaking(self, locale: str) -> "Content":
        """The same in somebody's language, as their platform names it ("de-DE"); English where we do not speak it."""
        texts = self.others.get(spoken(locale, self.others), self.texts)
        return self if texts is self.texts else replace(self, texts=texts)


def load(company: Path | None = None) -> Content:
    """Reads and checks every content file. Raises ContentFault.

    `company`: a folder with files of the same names. Its programs.yaml replaces ours, its topics.yaml replaces our
    topics on the themes it names, and its texts need only hold what they change.
    """
    if company is not None:
        _look_over(company)
    path = _chosen(PROGRAMS, company)
    themes = {row["id"]: _theme(path, row) for row in rows(path, "themes") if words(path, row, "id", 40)}
    templates = {row["id"]: _template(path, row, themes) for row in rows(path, "templates") if words(path, row, "id")}
    said = languages(FOLDER / TEXTS, company / TEXTS if company else None)
    return Content(themes, templates, _topics(company, themes), said[ENGLISH], said)


def _look_over(company: Path) -> None:
    """A file with a slip in its name would be left out without a word."""
    if not company.is_dir():
        raise ContentFault("FLIPSIDE_CONTENT_DIR names no folder that is there")
    for path in sorted(company.glob("*.y*ml")):
        if path.name not in (PROGRAMS, TOPICS):
            raise ContentFault(f"{path.name} is no content file; there are {PROGRAMS}, {TOPICS} and {TEXTS}/de.yaml")
    for path in sorted((company / TEXTS).glob("*.yml")):
        raise ContentFault(f"{path.name}: its name should end in .yaml")


def _chosen(name: str, company: Path | None) -> Path:
    return company / name if company and (company / name).exists() else FOLDER / name


def _theme(path: Path, row: Mapping[str, Any]) -> Theme:
    # Slack shows an option's label up to 75 characters.
    return Theme(row["id"], words(path, row, "title", 75), words(path, row, "about"))


def _template(path: Path, row: Mapping[str, Any], themes: Mapping[str, Theme]) -> Template:
    about = several(path, row, "themes")
    if strange := [theme for theme in about if theme not in themes]:
        raise ContentFault(f"{path.name}: the template “{row['id']}” names a theme that is not there: {strange[0]}")
    title, objective, success = (words(path, row, part) for part in ("title", "objective", "success"))
    return Template(row["id"], title, objective, about, several(path, row, "questions"), success)


def _topics(company: Path | None, themes: Mapping[str, Theme]) -> Sequence[Topic]:
    """The company's, and ours on the themes of which it says nothing."""
    own = _chosen(TOPICS, company)
    theirs = [_topic(own, row) for row in rows(own, "topics")] if own.parent != FOLDER else []
    if strange := {topic.theme for topic in theirs} - set(themes):
        raise ContentFault(f"{TOPICS}: no theme is called {', '.join(sorted(strange))}")
    covered = {topic.theme for topic in theirs}
    ours = [_topic(FOLDER / TOPICS, row) for row in rows(FOLDER / TOPICS, "topics")]
    return (*theirs, *(topic for topic in ours if topic.theme in set(themes) - covered))


def _topic(path: Path, row: Mapping[str, Any]) -> Topic:
    title = words(path, row, "title", 120)
    return Topic(words(path, row, "theme"), title, words(path, row, "opening"), words(path, row, "follow_up"))
