"""Every sentence in the code of the conversations, so that none is left out of what somebody reads aloud."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import conversations

ROOM = Path(conversations.__path__[0])
# Of these people read nothing: the vocabulary, lists of words to look for, what goes to a language model, and what only
# whoever starts the server reads.
SILENT = {"actions", "cards", "events", "firewall", "flow", "help_words", "packing", "proposal_made", "topic_request"}
SILENT |= {"topics", "booking_days", "markdown", "replies"}
# The texts in YAML are on the cards. Of the matching a coordinator reads these in chat; the rest is for a command line.
SILENT_FOLDERS = {"content"}
MATCHING_IN_CHAT = {"advice_words", "explain", "unmatched", "what_if"}
# Fewer spaces: a label, which is on a card or a form, or a key.
FEWEST_SPACES = 2
SHORTEST = 6


@cache
def by_module() -> Mapping[str, tuple[str, ...]]:
    """Sentences and halves of sentences, by the module that says them; what is filled in stands in braces."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(ROOM.rglob("*.py")) if _speaks(path)}
    keys = {key for tree in trees.values() for key in _keys(tree)}
    found: dict[str, tuple[str, ...]] = {}
    for path, tree in trees.items():
        said = [one for one in _said(tree) if one not in keys]
        found[path.stem] = tuple(dict.fromkeys((*found.get(path.stem, ()), *said)))
    return found


def _speaks(path: Path) -> bool:
    folder = path.relative_to(ROOM).parts[0]
    if folder == "matching":
        return path.stem in MATCHING_IN_CHAT
    return folder not in SILENT_FOLDERS and path.stem not in SILENT


def stands_in(sentence: str, read: str) -> bool:
    """All parts of it that are our own words."""
    parts = [_plain(part) for part in re.split(r"\{[^}]*\}|\n", sentence)]
    return all(part in _whole(read) for part in parts if len(part) > SHORTEST)


@cache
def _whole(read: str) -> str:
    return _plain(re.sub(r"(?m)^> ?", "", read))


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[*_]", "", words).replace("• ", "").replace("- ", " ").split())


def _said(tree: ast.Module) -> Iterator[str]:
    left_out = {id(inner) for node in ast.walk(tree) for inner in _not_said(node)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
        if isinstance(node, ast.JoinedStr | ast.Constant):
            words = " ".join(_words(node).split())
            if words.count(" ") >= FEWEST_SPACES and re.search("[a-z]{2}", words):
                yield words


def _keys(tree: ast.Module) -> Iterator[str]:
    """What the history is kept under, such as "pair taken out": its own words stand beside it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))


def _words(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str() as value):
            return value
        case ast.JoinedStr(values=values):
            return "".join(_words(value) if isinstance(value, ast.Constant) else "{…}" for value in values)
        case _:
            return ""


def _not_said(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, what is raised, and other words for a command."""
    match node:
        case ast.Expr(value=ast.Constant()):
            yield node.value
        case ast.Raise(exc=ast.Call(func=ast.Name(id="Wrong"))):
            return  # A fault in a form, which stands beside its field.
        case ast.Raise() | ast.Assert():
            yield from ast.walk(node)
        case ast.keyword(arg="also"):
            yield from ast.walk(node)
