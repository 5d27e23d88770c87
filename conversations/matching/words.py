"""Whole words of a text, reduced to their stems: "AI" is a word of "AI in sales" and none of "retail"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters and digits of any script; "C++", "C#" and "R&D" stay whole.
WORD = re.compile(r"\w+(?:[&'’]\w+)*[+#]*")
FILLER = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "how", "in", "into", "my", "of", "on", "or"}
    | {"our", "the", "to", "with"}
)
SHORTEST_WITH_ENDING = 4  # "sales" loses its s, "gas" and "AIs" do not
SHORTEST_BEFORE_ING = 4  # "coaching" becomes "coach"; "string" stays


def words(text: str) -> list[str]:
    """The words of a text as they were written, without fillers (unless there is nothing else)."""
    found = WORD.findall(unicodedata.normalize("NFKC", text))
    return [word for word in found if word.casefold() not in FILLER] or found


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word in small letters without plural ending (Harman's rules) and without -ing."""
    low = word.casefold().replace("’", "'").removesuffix("'s")
    if len(low) < SHORTEST_WITH_ENDING:
        return low
    if low.endswith("ies") and not low.endswith(("eies", "aies")):
        low = low[:-3] + "y"
    elif low.endswith("s") and not low.endswith(("us", "ss", "is")):
        low = low[:-1]
    if low.endswith("ing") and len(low) - 3 >= SHORTEST_BEFORE_ING:
        low = low[:-3]
    return low


@lru_cache(maxsize=100_000)
def terms(text: str) -> tuple[str, ...]:
    """The distinct stems of a text, in the order of their first appearance."""
    return tuple(dict.fromkeys(stem(word) for word in words(text)))
