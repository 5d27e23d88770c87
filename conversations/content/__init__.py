"""Texts that an L&D person may edit, as YAML: themes and program templates, topics, and the texts that matter most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


class ContentFault(Exception):
    """A content file that cannot be used; says which file, where and why."""


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
    """Everything the flows say from files."""

    themes: Mapping[str, Theme]
    templates: Mapping[str, Template]
    topics: Sequence[Topic]
    texts: Mapping[str, str]

    def text(self, key: str) -> str:
        """A text by its dotted key, such as `introduction.mentor`. Missing is a mistake of ours: KeyError."""
        return self.texts[key]

    def theme_title(self, theme: str) -> str:
        """A theme's title; somebody's own words are their own title."""
        known = self.themes.get(theme)
        return known.title if known else theme


def load(folder: Path = FOLDER, locale: str = "en") -> Content:
    """Reads and checks every content file. Raises ContentFault."""
    programs = _read(folder / "programs.yaml")
    try:
        themes = {row["id"]: Theme(row["id"], row["title"], row["about"]) for row in programs["themes"]}
        templates = {row["id"]: _template(row, themes) for row in programs["templates"]}
        topics = tuple(Topic(**row) for row in _read(folder / "topics.yaml")["topics"])
    except (KeyError, TypeError) as fault:
        raise ContentFault(f"programs.yaml or topics.yaml: {fault} is missing or not known") from None
    if strange := {topic.theme for topic in topics} - set(themes):
        raise ContentFault(f"topics.yaml: no theme is called {', '.join(sorted(strange))}")
    return Content(themes, templates, topics, dict(_flat("", _read(folder / "texts" / f"{locale}.yaml"))))


def _template(row: Mapping[str, Any], themes: Mapping[str, Theme]) -> Template:
    for theme in row["themes"]:
        if theme not in themes:
            raise KeyError(theme)
    return Template(
        row["id"], row["title"], row["objective"], tuple(row["themes"]), tuple(row["questions"]), row["success"]
    )


def _flat(prefix: str, tree: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            rows.extend(_flat(f"{prefix}{key}.", value))
        else:
            rows.append((f"{prefix}{key}", str(value).strip()))
    return rows


def _read(path: Path) -> dict[str, Any]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise ContentFault(f"{path.name} cannot be read") from None
    except yaml.YAMLError as fault:
        raise ContentFault(f"{path.name} is not valid YAML: {fault}") from None
    if not isinstance(read, dict):
        raise ContentFault(f"{path.name} should hold named entries")
    return read
