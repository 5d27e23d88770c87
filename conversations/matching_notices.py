"""Short answers around a matching: it is being worked out, there is nobody, it is settled; and "no partner yet"."""

from conversations.actions import Action
from conversations.cards import Button, Card, Progress, Text, buttons, card, quiet, text
from conversations.content import Content
from conversations.events import Progress as WorkedOn
from conversations.people_words import counted, listed
from conversations.proposal_shown import Readiness
from storage.rematches import is_rematch
from storage.tables import Program, Proposal

MOST_NAMES = 6


def matching(step: str, **args: int) -> Action:
    return Action("matching", step, args)


def working_card(program: Program, ready: Readiness, so_far: WorkedOn | None = None) -> Card:
    """`so_far`: what the matching is at; the card changes while it works."""
    return card(
        "I am working it out…",
        text(
            "Comparing {mentors} with {mentees} for **{program}**. "
            "This takes a few seconds, a minute for a large group.",
            mentors=counted(ready.mentors, "mentor", "mentors"),
            mentees=counted(ready.mentees, "mentee", "mentees"),
            program=program.name,
        ),
        Progress(so_far.words, round(so_far.share * 100), 100) if so_far else None,
    )


def worked_out_card(program: Program, pairs: int) -> Card:
    """What becomes of the card above."""
    return card(
        "",
        text(
            "Worked out: {pairs} for **{program}**, below.",
            pairs=counted(pairs, "pair", "pairs"),
            program=program.name,
        ),
    )


def nobody_card(program: Program, ready: Readiness) -> Card:
    """Nobody to match, or only one side: because nobody joined yet, or because all who did have a partner."""
    if _others_are_full(ready):
        title, words = "Nobody to match now", _everybody_is_paired(program, ready)
    else:
        title, words = "Nobody to match yet", _nobody_joined(program, ready)
    hint = text(
        "Type **program open** in a channel to invite people, or **program who** to see who has signed up. "
        "People are ready once they have joined and signed the agreement."
    )
    return card(title, words, not_ready_text(ready), hint, quiet("Next from me: when you propose again."))


def _others_are_full(ready: Readiness) -> bool:
    if ready.mentors:
        return ready.full_mentees > 0
    return ready.full_mentors > 0 or (not ready.mentees and ready.full_mentees > 0)


def _nobody_joined(program: Program, ready: Readiness) -> Text:
    if not ready.mentors and not ready.mentees:
        return text("Nobody in **{program}** is ready to be paired yet.", program=program.name)
    there, missing = ("mentors", "mentees") if ready.mentors else ("mentees", "mentors")
    return text(
        "**{program}** has {count} ready, but no {missing} yet, so there is nobody to pair them with.",
        program=program.name,
        count=counted(ready.mentors or ready.mentees, there.removesuffix("s"), there),
        missing=missing,
    )


def _everybody_is_paired(program: Program, ready: Readiness) -> Text:
    if ready.mentors:
        words = (
            "**{program}** has {count} ready, and every mentee who takes part has a partner. So {who} for new mentees."
        )
    elif ready.mentees:
        words = (
            "**{program}** has {count} ready, and every mentor who takes part has as many mentees as they offered to "
            "take. So {who} for new mentors."
        )
    else:
        words = "Everybody who takes part in **{program}** has a partner."
    waiting, role = ready.mentors or ready.mentees, "mentor" if ready.mentors else "mentee"
    return text(
        words,
        program=program.name,
        count=counted(waiting, role, f"{role}s"),
        who=f"the {role} waits" if waiting == 1 else f"the {role}s wait",
    )


def not_ready_text(ready: Readiness) -> Text | None:
    parts = []
    if ready.unconfirmed:
        parts.append("{names} {wait} for you to confirm their manager and level (**program who**).")
    if ready.invited:
        parts.append("{invited} not answered the invitation.")
    if not parts:
        return None
    names = [*ready.unconfirmed[:MOST_NAMES]]
    if len(ready.unconfirmed) > len(names):
        names.append(f"{len(ready.unconfirmed) - len(names)} more")
    return text(
        "Not taking part yet: " + " ".join(parts),
        names=listed(names),
        wait="waits" if len(ready.unconfirmed) == 1 else "wait",
        invited=counted(ready.invited, "person has", "people have"),
    )


def settled_card(proposal: Proposal, moment: str = "") -> Card:
    """A button of a proposal on which somebody has decided. `moment`: when its pairs are published, while they wait."""
    if moment:
        return card(
            "",
            text(
                "This proposal was approved already, so nothing happens twice. I begin on **{moment}**; until then you "
                "can stop it.",
                moment=moment,
            ),
            buttons(stop_button(proposal)),
        )
    if proposal.status == "approved":
        return card(
            "",
            text("This proposal was approved already, so nothing happens twice. **program status** shows the pairs."),
        )
    return card("", text("This proposal was discarded. **program propose** makes a new one."))


def stop_button(proposal: Proposal) -> Button:
    """A re-match is stopped by its own flow: pairs of today end for it, and no draft is left of it."""
    here = {"proposal": proposal.id}
    return Button("Stop", Action("rematch" if is_rematch(proposal) else "matching", "stop", here), "danger")


def waiting_to_publish_card(program: Program, proposal: Proposal, moment: str) -> Card:
    """Somebody proposes again before the approved pairs are out."""
    return card(
        "",
        text(
            "The pairs of **{program}** are approved, and I begin on **{moment}**. Stop it first if you would like "
            "other pairs.",
            program=program.name,
            moment=moment,
        ),
        buttons(stop_button(proposal)),
    )


def too_late_to_stop_card(program: Program) -> Card:
    return card(
        "It is too late to stop this",
        text(
            "The pairs of **{program}** are published, and people read of them in their working hours. "
            "**program hold** keeps back what has not gone out yet.",
            program=program.name,
        ),
        buttons(
            Button("Put it on hold", Action("hold", "start", {"program": program.id})),
            Button("Status", Action("status", "show", {"program": program.id})),
        ),
    )


def published_without_card(program: Program, names: str, *, left: int) -> Card:
    """To the coordinator, in the morning: pairs that stopped fitting overnight were not introduced."""
    others = "The other pair is on its way." if left == 1 else "The other {left} pairs are on their way."
    return card(
        "Not every pair was introduced",
        text(
            "Something changed since you approved **{program}**. I did not introduce what no longer fits: {names}.",
            program=program.name,
            names=names,
        ),
        text(others, left=str(left)) if left else None,
        buttons(Button("Propose pairs", matching("propose", program=program.id))),
        quiet("Next from me: when something needs you."),
    )


def no_draft_card(program: Program) -> Card:
    return card(
        "",
        text("**{program}** has no proposal that waits for a decision.", program=program.name),
        buttons(Button("Propose pairs", matching("propose", program=program.id), "primary")),
    )


def under_way_card(program: Program) -> Card:
    return card(
        "",
        text("I am still setting up the pairs of **{program}**. Please try again in a minute.", program=program.name),
    )


def closed_card(program: Program) -> Card:
    return card("", text("**{program}** is closed, so nobody is matched in it any more.", program=program.name))


def discarded_card(program: Program) -> Card:
    return card(
        "Draft discarded",
        text("Nobody was told anything. Everybody in **{program}** stays signed up.", program=program.name),
        buttons(Button("Propose again", matching("propose", program=program.id))),
        quiet("Next from me: when you propose again."),
    )


def failed_card(program: Program) -> Card:
    return card(
        "I could not work it out",
        text("The matching for **{program}** did not finish. Nothing was changed.", program=program.name),
        buttons(Button("Try again", matching("propose", program=program.id), "primary")),
    )


def unmatched_card(content: Content, program: Program, role: str, *, again: bool = False) -> Card:
    """Told once a matching, without a reason that points at anybody. `again`: after another one, in other words."""
    return card(
        "New pairs, and still none for you" if again else "No partner yet",
        text(content.text("matching.unmatched_again" if again else f"matching.unmatched_{role}"), program=program.name),
        buttons(
            Button("Edit my answers", Action("sign_up", "edit", {"program": program.id})),
            Button("My program", Action("home", "show")),
        ),
        quiet("Next from me: as soon as there is somebody for you."),
    )


def not_possible_card(proposal: Proposal, why: str) -> Card:
    """A decision about single pairs that cannot be carried out."""
    return card(
        "That does not work",
        text("{why}", why=why),
        buttons(Button("All pairs", matching("review", proposal=proposal.id))),
    )
