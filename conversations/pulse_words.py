"""How the figures of a pulse are said, wherever they are shown."""

from conversations.disclosure import HIGHEST_MEAN, LOWEST_MEAN
from storage.pulses import Figure

ROUNDS = {"early": "After five weeks", "late": "After four months", "closing": "At the end"}
FULL = 5


def figure_words(figure: Figure) -> str:
    """●●●●○ 4.2 of 5, 23 answers."""
    if figure.mean is None:
        return "fewer than 5 answers, so no figure"
    dots = (figure.mean + 5) // 10
    return f"{'●' * dots}{'○' * (FULL - dots)} {mean_words(figure.mean)} of {FULL}, {figure.answers} answers"


def mean_words(mean: int) -> str:
    """A mean in tenths; what lies at the ends is not told apart."""
    ends = {LOWEST_MEAN: " or less", HIGHEST_MEAN: " or more"}
    return f"{mean / 10:.1f}{ends.get(mean, '')}"
