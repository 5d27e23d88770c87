"""Names and e-mails as whole words: what is part of a longer one tells of somebody else."""

import re
import unicodedata
from collections.abc import Collection

# Scripts that put nothing between a name and the next word: Thai and Lao, Burmese, Khmer, Japanese, Chinese; and
# Korean, where endings follow a name at once. There a name is whole wherever it stands.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
    "|[\U00020000-\U0003ffff]"
)
# What holds a longer word together: "Anne-Marie", "O'Neil". After a name an apostrophe is a genitive: "Ana's".
BEFORE_NAME, AFTER_NAME = "-'\u2019", "-"
BEFORE_EMAIL, AFTER_EMAIL = "-.+", "-."


def holds_email(text: str, email: str) -> bool:
    """Whether it stands there, in capitals or not: ann@larkspur.example is not in joann@larkspur.example."""
    found = re.finditer(re.escape(email), text, re.IGNORECASE)
    return any(_is_whole(each, BEFORE_EMAIL, AFTER_EMAIL) for each in found)


def replace_name(text: str, name: str, instead: str, others: Collection[str] = ()) -> str:
    """The text with `instead` where the name stands. `others`: names of others, who keep theirs: "Will Ferrant"."""
    longest_first = sorted({name, *others}, key=len, reverse=True)

    def put(found: re.Match[str]) -> str:
        theirs = found[0] in others
        return found[0] if theirs or not _is_whole(found, BEFORE_NAME, AFTER_NAME) else instead

    return re.sub("|".join(map(re.escape, longest_first)), put, text)


def _is_whole(found: re.Match[str], joints_before: str, joints_after: str) -> bool:
    text, (start, end) = found.string, found.span()
    before, after = text[max(start - 2, 0) : start][::-1], text[end : end + 2]
    return not (_goes_on(text[start], before, joints_before) or _goes_on(text[end - 1], after, joints_after))


def _goes_on(edge: str, beyond: str, joints: str) -> bool:
    """Whether the next letter belongs to the same word, at once or behind a joint."""
    beyond = beyond[1:] if beyond[:1] and beyond[0] in joints else beyond
    return _is_letter(edge) and _is_letter(beyond[:1])


def _is_letter(one: str) -> bool:
    """Also a digit and an accent, of a script that puts spaces between words."""
    return (
        one != "" and (one.isalnum() or one == "_" or unicodedata.category(one)[0] == "M") and not UNSPACED.match(one)
    )
