"""Texts by language: ours, and above them what a company says in its own words. English is below everything."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from conversations.content.files import ContentFault, texts

ENGLISH = "en"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What a text may hold at most: it is a paragraph of a chat message.
MOST_CHARACTERS = 2000
# `enrollments.agreement_version` holds 20 characters. The agreement is a hint of the form, with a sentence of ours
# behind it, and Slack cuts a hint at 2,000.
SHORTER = {"agreement.version": 20, "agreement.text": 1900}

Texts = Mapping[str, str]


def languages(ours: Path, company: Path | None = None) -> Mapping[str, Texts]:
    """Complete texts by language, small letters: "en", "de", "de-at". Raises ContentFault.

    What is missing in "de-at" is taken from "de", then from English; in each language the company's words come first.
    """
    known = texts(ours / f"{ENGLISH}.yaml")
    written: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for folder in (ours, company):
        for path in sorted(folder.glob("*.yaml")) if folder else ():
            written[_language(path)] |= _checked(path, texts(path), known)
    return {name: _complete(written, name) for name in written}


def spoken(locale: str, among: Mapping[str, Texts]) -> str:
    """The language for somebody whose platform says "de_AT": de-at, de or English."""
    return next((name for name in _from_the_closest(locale) if name in among), ENGLISH)


def _complete(written: Mapping[str, Texts], name: str) -> Texts:
    whole: dict[str, str] = {}
    for each in reversed([*_from_the_closest(name), ENGLISH]):
        whole |= written.get(each, {})
    return whole


def _from_the_closest(locale: str) -> Sequence[str]:
    """ "de-AT" is de-at, else de."""
    parts = locale.replace("_", "-").lower().split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _language(path: Path) -> str:
    name = path.stem.replace("_", "-").lower()
    if not LANGUAGE.fullmatch(name):
        raise ContentFault(f"{path.name}: name the file after a language, such as de.yaml or de-AT.yaml")
    return name


def _checked(path: Path, said: Texts, known: Texts) -> Texts:
    for key, text in said.items():
        if fault := next(_faults(key, text, known), ""):
            raise ContentFault(f"{path.name}: {key} {fault}")
    return said


def _faults(key: str, text: str, known: Texts) -> Iterator[str]:
    if key not in known:
        near = get_close_matches(key, known, 1)
        yield f"is not a text of Flipside{f'; did you mean {near[0]}?' if near else ''}"
        return
    allowed = set(PLACEHOLDER.findall(known[key]))
    for name in PLACEHOLDER.findall(text):
        if name not in allowed:
            may = f"it may use {', '.join(f'{{{each}}}' for each in sorted(allowed))}" if allowed else "it may use none"
            yield f"fills in {{{name}}}, which is not known there; {may}"
    if len(text) > (most := SHORTER.get(key, MOST_CHARACTERS)):
        yield f"is longer than {most} characters"
