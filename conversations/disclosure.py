"""Which survey numbers may be shown. Pure; the only place that decides it.

Why whole-program figures are safe: a closed round publishes, for each question, one mean over everybody who answered
it, and nothing by role, pair, team or department. Every published row is then a sum over all respondents of a round,
so a group of fewer than five could only be worked out where it is the whole round, and such a round shows no mean.
Rounds do not help each other: each has answers of its own, so the difference of two rounds is nobody's answer. Who
answered is shown to nobody, and nothing is shown before the close, so there is no "before and after" of one answer.

The moment any smaller group is shown (by role, say), differences of published sums can single people out: a minimum
of five alone leaked in 81 to 87 % of random cohorts (guarantees, section 1). The audit of the set of everything ever
published about a round belongs here, before that.
"""

from collections.abc import Mapping, Sequence

from storage.pulses import Figure

# Guarantees, R-A1: configurable upwards only.
FEWEST = 5
# A mean of 1.0 or 5.0 would say what every single person answered; in tenths, the ends read 1.1 and 4.9.
LOWEST_MEAN, HIGHEST_MEAN = 11, 49


def figures(answers: Mapping[str, Sequence[int]], questions: Sequence[str]) -> Sequence[Figure]:
    """What of each question may be shown, in the order of `questions`; one without answers is among them."""
    return [_figure(question, answers.get(question, ())) for question in questions]


def _figure(question: str, values: Sequence[int]) -> Figure:
    if len(values) < FEWEST:
        # Not how many either: a count that grows from three to four tells of one person.
        return Figure(question, None, 0)
    return Figure(question, min(max(_tenths(values), LOWEST_MEAN), HIGHEST_MEAN), len(values))


def _tenths(values: Sequence[int]) -> int:
    """The mean in tenths, halves rounded up; whole numbers all the way, so that no float decides."""
    return (20 * sum(values) + len(values)) // (2 * len(values))
