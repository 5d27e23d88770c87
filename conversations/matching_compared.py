"""Two proposals side by side: which pairs stayed, which are new, which are gone, and for whom it matters."""

from collections.abc import Collection

from conversations.cards import Block, Button, Card, Facts, buttons, card, text
from conversations.matching_notices import matching
from conversations.people_words import listed
from conversations.proposal_shown import Shown

# Names on a card; the rest is a number.
MOST_SHOWN = 8
Couple = tuple[int, int]


def compared_card(now: Shown, before: Shown | None) -> Card:
    back = buttons(Button("Back to the summary", matching("summary", proposal=now.proposal.id)))
    if before is None:
        return card(
            "Nothing to compare with yet",
            text("This is the first proposal of **{program}**.", program=now.program.name),
            back,
        )
    names = {**_names(before), **_names(now)}
    ours, theirs = _couples(now), _couples(before)
    return card(
        f"Compared with the last one: {now.program.name}",
        Facts(
            (
                ("Pairs", f"{len(ours)}, before {len(theirs)}"),
                ("The same", str(len(ours & theirs))),
                ("Points in all", f"{_total(now)}, before {_total(before)}"),
            )
        ),
        *_list("New pairs", ours - theirs, names),
        *_list("Gone", theirs - ours, names),
        *_people("Have a partner now", now, before, names),
        *_people("Have none any more", before, now, names),
        back,
    )


def _couples(shown: Shown) -> set[Couple]:
    return {(pair.mentor_id, pair.mentee_id) for pair in shown.kept}


def _names(shown: Shown) -> dict[int, str]:
    return {person: shown.name(person) for couple in _couples(shown) for person in couple}


def _total(shown: Shown) -> int:
    return sum(pair.score for pair in shown.kept)


def _list(title: str, couples: Collection[Couple], names: dict[int, str]) -> list[Block]:
    if not couples:
        return []
    said = sorted(f"{names[mentor]} with {names[mentee]}" for mentor, mentee in couples)
    lines = [text("- {couple}", couple=couple) for couple in said[:MOST_SHOWN]]
    more = len(said) - len(lines)
    return [
        text("**{title}** ({count})", title=title, count=str(len(said))),
        *lines,
        *([text("- and {more} more", more=str(more))] if more else []),
    ]


def _people(title: str, one: Shown, other: Shown, names: dict[int, str]) -> list[Block]:
    """Who has a partner in one and none in the other."""
    paired, not_paired = ({person for couple in _couples(each) for person in couple} for each in (one, other))
    who = sorted(names[person] for person in paired - not_paired)
    if not who:
        return []
    more = [f"{len(who) - MOST_SHOWN} more"] if len(who) > MOST_SHOWN else []
    return [text("**{title}:** {names}", title=title, names=listed([*who[:MOST_SHOWN], *more]))]
