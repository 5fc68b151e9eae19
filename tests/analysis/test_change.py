"""Change from vote to vote and from before to after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from classes import SEEDED
from hypothesis import given
from hypothesis import strategies as st
from published import cases
from scipy import stats

from widgets.analysis.change import gain, halved, moves, normalised_gain
from widgets.analysis.estimate import none

SHARES = st.sampled_from((0.0, 0.2, 0.45, 0.5, 0.8, 1.0))


@pytest.mark.parametrize("case", cases("hake"), ids=lambda case: case["id"])
def test_the_normalised_gain(case: dict) -> None:
    found = normalised_gain(case["input"]["pre"] / 100, case["input"]["post"] / 100)
    assert found.value == pytest.approx(case["expected"], abs=case["tolerance"])


def test_after_a_perfect_first_there_is_no_gain_to_speak_of() -> None:
    assert normalised_gain(1, 0.5).value is None
    assert "nothing was left to gain" in normalised_gain(1, 1).said()


@pytest.mark.parametrize("shares", [(-0.1, 0.5), (0.5, 1.1), (70, 80)])
def test_shares_run_from_0_to_1(shares: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        normalised_gain(*shares)


@SEEDED
@given(SHARES, SHARES)
def test_the_normalised_gain_is_at_most_1_and_has_the_sign_of_the_change(first: float, second: float) -> None:
    found = normalised_gain(first, second)
    if first < 1:
        assert found.value <= 1
        assert np.sign(found.value) == np.sign(second - first)


def test_who_moved_whereto() -> None:
    first = pd.Series({"p1": "a", "p2": "a", "p3": "b", "gone": "a"})
    second = pd.Series({"p1": "b", "p2": "a", "p3": "b", "late": "b"})
    assert moves(first, second).to_numpy().tolist() == [["a", "a", 1], ["a", "b", 1], ["b", "b", 1]]


@SEEDED
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=12))
def test_everybody_who_voted_twice_is_in_the_flow_once(pairs: list[tuple[str, str]]) -> None:
    first, second = (pd.Series([pair[side] for pair in pairs], dtype=object) for side in (0, 1))
    found = moves(first, second)
    assert found["n"].sum() == len(pairs)
    assert found.groupby("from")["n"].sum().to_dict() == first.value_counts().to_dict()


def test_the_gain_is_students_and_a_difference_between_forms_cancels() -> None:
    # Learning .2, and form b easier by .1, as far as rounding goes.
    noise = np.array([0.01, -0.01, 0.02, -0.02])
    before, after = np.full(8, 0.4), np.concatenate([0.7 + noise, 0.5 + noise])
    found = gain(before, after, ["a"] * 4 + ["b"] * 4)
    assert (found.a_first.value, found.b_first.value) == pytest.approx((0.3, 0.1))
    assert found.adjusted.value == pytest.approx(0.2)
    assert found.forms.value == pytest.approx(0.1)
    paired = stats.ttest_rel(after, before).confidence_interval()
    assert (found.plain.low, found.plain.high) == pytest.approx(tuple(paired))
    welch = stats.ttest_ind(0.3 + noise, -(0.1 + noise), equal_var=False).confidence_interval()
    assert (found.adjusted.low, found.adjusted.high) == pytest.approx((welch.low / 2, welch.high / 2))


def test_one_order_alone_cannot_tell_the_forms_from_the_learning() -> None:
    found = gain(np.array([0.4, 0.5]), np.array([0.6, 0.9]), ["a", "a"])
    assert found.adjusted.value is None
    assert "both orders" in found.adjusted.said()
    assert found.plain.value == pytest.approx(0.3)


def test_who_lacks_a_side_is_left_out() -> None:
    found = gain(np.array([0.4, np.nan, 0.5]), np.array([0.6, 0.9, np.nan]), ["a", "b", "b"])
    assert (found.plain.n, found.plain.value) == (1, pytest.approx(0.2))
    assert "one person" in found.plain.said()


@pytest.mark.parametrize("people", [0, 1, 2])
def test_small_and_even_classes_have_words_and_no_nan(people: int) -> None:
    found = gain(np.full(people, 0.5), np.full(people, 0.5), ["a", "b"][:people])
    for figure in vars(found).values():
        assert "nan" not in figure.said()
        assert figure.low is None


@SEEDED
@given(st.lists(st.tuples(SHARES, SHARES, st.sampled_from("ab")), max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter_and_swapping_the_sides_turns_the_gain(rows: list, random: object) -> None:
    def of(rows: list) -> object:
        before, after = (np.array([row[side] for row in rows], dtype=float) for side in (0, 1))
        return gain(before, after, [row[2] for row in rows])

    one = of(rows)
    turned = of([(after, before, form) for before, after, form in rows])
    random.shuffle(rows)
    other = of(rows)
    for name, figure in vars(one).items():
        assert figure.value == pytest.approx(getattr(other, name).value)
        assert figure.low is None or figure.low <= figure.value <= figure.high
    if one.plain.value is not None:
        assert turned.plain.value == pytest.approx(-one.plain.value)


def test_half_of_nothing_is_nothing() -> None:
    assert halved(none("", 3)).value is None
