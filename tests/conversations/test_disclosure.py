"""Which figures may be shown: checked by an arithmetic of its own, in fractions."""

from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from conversations.disclosure import FEWEST, figures

VALUES = st.lists(st.integers(1, 5), max_size=60)


@given(VALUES)
def test_a_figure_is_the_rounded_mean_of_five_answers_or_more_and_nothing_below(values: list[int]) -> None:
    (figure,) = figures({"often": values}, ["often"])
    if len(values) < 5:
        assert (figure.mean, figure.answers) == (None, 0)
        return
    rounded = floor(Fraction(sum(values), len(values)) * 10 + Fraction(1, 2))
    assert figure.mean == min(max(rounded, 11), 49)
    assert figure.answers == len(values)


@given(VALUES)
def test_the_order_of_answers_changes_nothing(values: list[int]) -> None:
    assert figures({"often": values}, ["often"]) == figures({"often": values[::-1]}, ["often"])


def test_no_figure_says_that_everybody_answered_the_same() -> None:
    everybody, all_but_one = figures({"a": [5] * 12, "b": [5] * 11 + [4]}, ["a", "b"])
    assert everybody.mean == all_but_one.mean == 49


def test_a_question_without_an_answer_is_among_them() -> None:
    assert [(one.question, one.mean) for one in figures({}, ["often", "useful"])] == [("often", None), ("useful", None)]


def test_how_many_answered_reads_the_same_for_every_number_below_five() -> None:
    shown = {figures({"often": [3] * number}, ["often"])[0] for number in range(FEWEST)}
    assert len(shown) == 1
