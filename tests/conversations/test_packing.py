"""An outbox row holds a card; the card that is sent is the card that was written."""

from hypothesis import given
from hypothesis import strategies as st

from conversations.actions import Action
from conversations.cards import (
    Button,
    ChatButton,
    Divider,
    Facts,
    LinkButton,
    Picture,
    Progress,
    buttons,
    card,
    plain_text,
    quiet,
    text,
)
from conversations.contacts import Address, Contact
from conversations.packing import pack_card, unpack_card

ANA = Contact("Ana", "ana@larkspur.example", "ana@larkspur.example", Address("slack", "T1", "U1", "D1"))


@given(st.text(), st.text())
def test_every_block_survives_the_outbox(typed: str, label: str) -> None:
    shown = card(
        typed,
        text("Hello {who}: {words}", who=ANA, words=typed),
        Facts(((label, typed),)),
        Divider(),
        buttons(
            Button(label, Action("check_in", "met", {"pair": 1}), "primary"),
            LinkButton(label, "https://larkspur.example"),
            ChatButton(label, ANA),
            ChatButton(label, Contact("Bo")),
        ),
        Picture(b"\x89PNG", typed),
        Progress(label, 1, 3),
        quiet("small"),
    )
    assert unpack_card(pack_card(shown)) == shown
    assert plain_text(unpack_card(pack_card(shown))) == plain_text(shown)
