"""Actions travel on buttons for weeks: what is packed comes back, and nothing else does."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.actions import MOST_CHARACTERS, Action, NotAnAction

NAMES = st.from_regex(r"[a-z][a-z_]{0,15}", fullmatch=True)


@given(NAMES, NAMES, st.dictionaries(NAMES, st.one_of(st.integers(0, 10**9), st.text(max_size=4)), max_size=2))
def test_an_action_comes_back_as_it_was_packed(flow: str, step: str, args: dict[str, int | str]) -> None:
    action = Action(flow, step, args)
    assert Action.unpack(action.pack()) == action
    assert pickle.loads(pickle.dumps(action)) == action


def test_an_action_reads_like_a_url() -> None:
    assert Action("check_in", "met", {"pair": 3, "round": 7}).pack() == "check_in.met?pair=3&round=7"


def test_an_action_that_would_not_fit_a_button_fails_where_it_is_built() -> None:
    with pytest.raises(ValueError, match="at most"):
        Action("check_in", "met", {"words": "x" * MOST_CHARACTERS})


@given(st.text())
def test_foreign_text_is_refused_and_never_crashes(text: str) -> None:
    try:
        action = Action.unpack(text)
    except NotAnAction:
        return
    assert action.flow.isidentifier() and action.step.isidentifier()


@pytest.mark.parametrize("text", ["", "met", ".met", "check_in.", "a.b.c", "x" * 300 + ".y", "check in.met"])
def test_text_that_is_no_action_is_refused(text: str) -> None:
    with pytest.raises(NotAnAction):
        Action.unpack(text)
