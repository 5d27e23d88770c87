"""The few pieces of Adaptive Card JSON that cards, buttons and forms are made of."""

from collections.abc import Sequence

from adapters.teams.inert import clean

Json = dict[str, object]


def envelope(body: list[Json], summary: str) -> Json:
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        # Teams: bot cards render up to 1.5; 1.6 was reported not to (AdaptiveCards issue 9378).
        "version": "1.5",
        "fallbackText": summary,
        "body": body,
    }


def run(text: str, **looks: object) -> Json:
    """A piece of literal text. TextRun knows no Markdown, so nothing in it can become a link or a mention."""
    return {"type": "TextRun", "text": clean(text), **looks}


def rich(runs: Sequence[Json], **looks: object) -> Json:
    return {"type": "RichTextBlock", "inlines": list(runs), **looks}


def heading(title: str) -> Json:
    return rich([run(title, weight="Bolder", size="Large")])
