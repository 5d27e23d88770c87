"""Once a day, what is new for a coordinator."""

from conversations.flow import Flow

FLOW = Flow("digest")
