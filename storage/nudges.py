"""The steps that the clock will run."""

from storage.subject import Subject


class Nudges(Subject):
    """The steps that the clock will run."""
