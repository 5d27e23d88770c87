"""Messages that must reach somebody."""

from storage.subject import Subject


class Outbox(Subject):
    """Messages that must reach somebody."""
