"""What a coordinator sees of quiet pairs, and the kind text that goes to both when the coordinator says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.actions import Action
from conversations.cards import Block, Button, Card, ChatButton, Text, buttons, card, quiet, text
from conversations.contacts import Contact
from conversations.people_words import counted, first_name
from storage.tables import Pair, Person, Program

# A card should fit one screen; Slack takes 50 blocks.
PAIRS_A_PAGE = 10
ON_STATUS = "The two are told nothing of this card. What they answer me stays with them."


@dataclass(frozen=True, slots=True)
class Quiet:
    """A pair without a session or a date, by names, and for how many weeks."""

    pair: Pair
    mentor: Person
    mentee: Person
    weeks: int
    program: Program


def quiet_card(program: Program, quiet_pair: Quiet, day: str) -> Card:
    """After four weeks, once: a choice for the coordinator. `day`: today, as a person says it."""
    return card(
        "A quiet pair",
        _who(quiet_pair),
        text(
            "As far as I know, the two have not met in **{program}** for {weeks}, and no session is booked. A friendly "
            "word may help, or new partners.",
            program=program.name,
            weeks=counted(quiet_pair.weeks, "week", "weeks"),
        ),
        _choices(quiet_pair),
        quiet("As of {day}. " + ON_STATUS, day=day),
    )


def quiet_pairs_card(pairs: Sequence[Quiet]) -> Card:
    """The same for several on one morning, over all programs; those that fit no card are in the list."""
    blocks: list[Block] = []
    for one in pairs[:PAIRS_A_PAGE]:
        blocks += [
            text(
                "**{mentor}** and **{mentee}** in **{program}**: quiet for {weeks}",
                mentor=one.mentor.name,
                mentee=one.mentee.name,
                program=one.program.name,
                weeks=counted(one.weeks, "week", "weeks"),
            ),
            _choices(one, several=True),
        ]
    if (more := len(pairs) - PAIRS_A_PAGE) > 0:
        blocks.append(text("And {pairs}: type **program quiet**.", pairs=counted(more, "more pair", "more pairs")))
    head = text(
        "As far as I know, these pairs have not met for a while, and no session is booked. A friendly word may help."
    )
    return card(counted(len(pairs), "quiet pair", "quiet pairs"), head, *blocks, quiet(ON_STATUS))


def _who(quiet_pair: Quiet) -> Text:
    return text(
        "**{mentor}** (mentor) and **{mentee}** (mentee)",
        mentor=quiet_pair.mentor.name,
        mentee=quiet_pair.mentee.name,
    )


def _choices(quiet_pair: Quiet, *, several: bool = False) -> Block:
    """`several`: the card is about more than this pair, so an answer must not take its place."""
    here: dict[str, str | int] = {"pair": quiet_pair.pair.id}
    return buttons(
        Button("Write to both", Action("quiet_pair", "write", here | ({"several": 1} if several else {})), "primary"),
        Button("Re-match", Action("parting", "rematch", here)),
    )


def list_card(program: Program, pairs: Sequence[Quiet], page: int) -> Card:
    """Those without a sign of life for three weeks, the longest silence first, ten a page."""
    if program.held_since is not None:
        return card(
            "No quiet pairs",
            text(
                "While **{program}** is on hold, no day counts as silence. The count begins anew when it goes on.",
                program=program.name,
            ),
            quiet("Next from me: nothing, until it goes on."),
        )
    if not pairs:
        return card(
            "No quiet pairs",
            text("In **{program}**, every pair met in its own rhythm, or has a session booked.", program=program.name),
            quiet("Next from me: a card, if a pair goes quiet for four weeks."),
        )
    pages = -(-len(pairs) // PAIRS_A_PAGE)
    page = min(max(page, 1), pages)
    blocks: list[Block] = []
    for one in pairs[(page - 1) * PAIRS_A_PAGE : page * PAIRS_A_PAGE]:
        line = "**{mentor}** and **{mentee}**: quiet for {weeks}"
        weeks = counted(one.weeks, "week", "weeks")
        blocks += [text(line, mentor=one.mentor.name, mentee=one.mentee.name, weeks=weeks), _choices(one, several=True)]
    return card(f"Quiet pairs: {program.name}", *blocks, _pages(program, page, pages), quiet(ON_STATUS))


def _pages(program: Program, page: int, pages: int) -> Block | None:
    if pages == 1:
        return None
    earlier = Button("Earlier pairs", Action("quiet_pair", "show", {"program": program.id, "page": page - 1}))
    more = f"More pairs ({page} of {pages})"
    later = Button(more, Action("quiet_pair", "show", {"program": program.id, "page": page + 1}))
    return buttons(*((later,) if page < pages else ()), *((earlier,) if page > 1 else ()))


def written_card(program: Program, quiet_pair: Quiet) -> Card:
    return card(
        "",
        text(
            "I write to {mentor} and {mentee} in your name, in their working hours.",
            mentor=quiet_pair.mentor.name,
            mentee=quiet_pair.mentee.name,
        ),
        buttons(Button("Quiet pairs", Action("quiet_pair", "show", {"program": program.id}))),
    )


def not_quiet_card(program: Program) -> Card:
    return card(
        "",
        text("That is settled: this pair is not quiet any more, or has ended."),
        buttons(Button("Quiet pairs", Action("quiet_pair", "show", {"program": program.id}))),
    )


def kind_word_card(program: Program, pair: Pair, coordinator: Contact, partner: Person, contact: Contact) -> Card:
    """From the coordinator, to each of the two."""
    here: dict[str, str | int] = {"pair": pair.id}
    return card(
        "A word from your coordinator",
        text(
            "{coordinator} runs **{program}** and asks how your sessions with {partner} are going. Weeks fill up, and "
            "everybody here knows that. If you would like to meet, half an hour is plenty; if something else suits "
            "you better, that is fine, too.",
            coordinator=coordinator,
            program=program.name,
            partner=contact,
        ),
        buttons(
            Button("Book a time", Action("booking", "start", here), "primary"),
            ChatButton(f"Write to {first_name(partner)}"[:30], contact),
            Button("Another rhythm", Action("rhythm", "start", here)),
            Button("Something else", Action("need", "start", here)),
        ),
    )
