"""The stories. A new one is a file here and a line in FLOWS."""

from conversations.flow import Flow
from conversations.flows import (
    check_in,
    help,
    home,
    introduction,
    invitation,
    matching,
    met,
    opening,
    pairing,
    program,
    roster,
    sign_up,
    status,
    waiting,
    who,
)

FLOWS: tuple[Flow, ...] = (
    sign_up.FLOW,
    home.FLOW,
    program.FLOW,
    opening.FLOW,
    roster.FLOW,
    who.FLOW,
    invitation.FLOW,
    waiting.FLOW,
    matching.FLOW,
    pairing.FLOW,
    introduction.FLOW,
    check_in.FLOW,
    met.FLOW,
    status.FLOW,
    help.FLOW,
)
