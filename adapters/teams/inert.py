"""Text that somebody typed, made harmless for the places where Teams might read Markdown.

Most of a card is RichTextBlock, which has no Markdown on any client, so words appear there exactly as typed. Labels,
option titles, button titles and paragraphs with a link of ours have no such element: there the characters that Markdown
reads are replaced by ones that look the same and mean nothing. Backslashes would not do: some clients show them.
"""

import re

_LOOK_ALIKE = str.maketrans({"*": "∗", "`": "ˋ", "~": "∼", "<": "‹", ">": "›", "\\": "∖", "|": "∣", "\t": " "})
# Between word characters an underscore is never emphasis (CommonMark 6.2), and e-mails and file names keep theirs.
_LOOSE_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)")
_STARTS_A_BLOCK = re.compile(r"^(\s*)([#+\-=]|\d{1,9}[.)])", re.MULTILINE)
# A bracket alone is only a bracket: a link needs what follows it to follow at once.
_LINKED = re.compile(r"\](?=[(\[:])")
_AUTOLINKED = re.compile(r"(?i)(\w:)(?=//)|(www)(?=\.)|(mailto)(?=:)|(\S)(?=@\S)")
# Embeddings, overrides and isolates can make text read backwards; the others are invisible and break words unseen.
# The joiners U+200C and U+200D stay: Persian and family emoji need them.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_BREAK = "\u200b"


def clean(text: str) -> str:
    """The same words without control characters; for text runs, which have no markup."""
    return _HIDDEN.sub("", text)


def defused(text: str) -> str:
    """The same words without anything that Markdown or an automatic linker would act on."""
    safe = _LOOSE_UNDERSCORE.sub("ˍ", clean(text).translate(_LOOK_ALIKE))
    safe = _STARTS_A_BLOCK.sub(rf"\1{_BREAK}\2", safe)
    safe = _LINKED.sub(f"]{_BREAK}", safe)
    return _AUTOLINKED.sub(lambda found: f"{found[0]}{_BREAK}", safe)
