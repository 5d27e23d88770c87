"""What came in already."""

from storage.subject import Subject


class Inbox(Subject):
    """What came in already."""
