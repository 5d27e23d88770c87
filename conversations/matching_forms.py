"""Forms around a proposal: which pairs to approve and when, a pair by hand with its note, and looking somebody up."""

from collections.abc import Sequence
from datetime import timedelta

from conversations.actions import Action
from conversations.fit_words import fit
from conversations.forms import Choice, Date, Form, Line, Option, Paragraph, PersonPick
from conversations.people_words import counted
from conversations.proposal_shown import Shown
from storage.tables import ProposedPair

MOST_NOTE = 500


def choose_form(shown: Shown, action: Action) -> Form:
    """Which pairs, and when. What is not chosen is taken out and waits for the next matching."""
    options = [Option("all", f"All {counted(len(shown.kept), 'pair', 'pairs')}")]
    for which, words in (("good", "good and strong fits"), ("locked", "locked pairs")):
        number = len(selected(shown, which))
        if 0 < number < len(shown.kept):
            options.append(Option(which, f"Only the {number} {words}"))
    tomorrow = shown.today + timedelta(days=1)
    return Form(
        title="Approve",
        action=action,
        fields=(
            Choice(
                key="which",
                label="Which pairs?",
                options=tuple(options),
                value="all",
                hint="The others are taken out. To pick pairs one by one, take them out under Review.",
            ),
            Date(
                key="day",
                label="Begin on a later day",
                required=False,
                earliest=tomorrow,
                latest=shown.program.ends_on,
                hint="Empty: on the next working morning. Until then you can stop it.",
            ),
        ),
        submit_label="Approve",
    )


def selected(shown: Shown, which: str) -> Sequence[ProposedPair]:
    """The kept pairs that a coordinator means."""
    match which:
        case "locked":
            return [pair for pair in shown.kept if pair.locked]
        case "good":
            return [pair for pair in shown.kept if pair.locked or fit(pair.score) in ("good fit", "strong fit")]
        case _:
            return shown.kept


def by_hand_form(action: Action) -> Form:
    """Two people of the program; the rules are looked at before anything is kept."""
    return Form(
        title="Add a pair by hand",
        action=action,
        fields=(
            PersonPick(key="mentor", label="Mentor", hint="The junior, who teaches. Signed up as a mentor."),
            PersonPick(key="mentee", label="Mentee", hint="The senior, who learns. Signed up as a mentee."),
        ),
        submit_label="Next",
        intro="If a rule speaks against the two, I say which one before anything is kept.",
    )


def note_form(action: Action, names: str, warning: str) -> Form:
    """The rule that is broken, and the reason why the coordinator wants the pair all the same."""
    return Form(
        title="A note, please",
        action=action,
        fields=(
            Paragraph(
                key="note",
                label="Why this pair all the same?",
                max_length=MOST_NOTE,
                hint="Kept with the pair, for coordinators only. Without a note I do not add it.",
            ),
        ),
        submit_label="Add it all the same",
        intro=f"{names}. {warning}",
    )


def find_form(action: Action) -> Form:
    return Form(
        title="Find somebody",
        action=action,
        fields=(Line(key="name", label="Name or e-mail", hint="The beginning of a name is enough."),),
        submit_label="Find",
    )
