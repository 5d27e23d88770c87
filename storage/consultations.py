"""Slow questions under way."""

from storage.subject import Subject


class Consultations(Subject):
    """Slow questions under way."""
