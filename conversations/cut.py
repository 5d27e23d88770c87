"""How a text is cut to what fits."""

ELLIPSIS = "…"


def cut(text: str, most: int) -> str:
    """At most `most` characters, the last of them … when something was left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS
