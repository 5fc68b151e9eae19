"""A figure with its interval, or the words for why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from classes import SEEDED
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from widgets.analysis.estimate import Estimate, difference, mean, none, shown

NUMBERS = st.lists(st.sampled_from((0.0, 0.25, 0.5, 1.0, float("nan"))), max_size=12)


def test_a_figure_is_said_with_its_interval_or_why_it_has_none() -> None:
    assert Estimate(0.625, 9, 0.4, 0.8).said() == "0.62 (0.40 to 0.80)"
    assert Estimate(0.625, 9, -0.1, 0.8).said(percent=True) == "62% (\u221210% to 80%)"
    assert Estimate(0.5, 1, why="no interval from one person").said() == "0.50; no interval from one person"
    assert none("nobody answered").said() == "nobody answered"


@pytest.mark.parametrize(("value", "text"), [(-0.001, "0.00"), (-0.5, "\u22120.50"), (0, "0.00"), (12.345, "12.35")])
def test_a_number_has_a_real_minus_and_none_before_zero(value: float, text: str) -> None:
    assert shown(value) == text


def test_the_interval_of_a_mean_is_students() -> None:
    values = np.array([0.2, 0.4, 0.4, 0.7])
    expected = stats.ttest_1samp(values, 0).confidence_interval()
    found = mean(values)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_the_interval_of_a_difference_is_welchs() -> None:
    one, other = np.array([0.2, 0.4, 0.4, 0.7]), np.array([0.5, 0.9, 0.8])
    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    found = difference(one, other)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_an_interval_of_shares_stays_among_shares() -> None:
    found = mean(np.array([1.0] * 9 + [0]), 0)
    assert found.high == 1
    assert mean(np.array([0.0, 1]), 0).low == 0


@SEEDED
@given(NUMBERS, NUMBERS)
def test_there_is_a_figure_or_there_are_words(one: list[float], other: list[float]) -> None:
    for found in (mean(np.array(one)), difference(np.array(one), np.array(other))):
        assert found.why or found.low is not None
        assert found.low is None or found.low <= found.value <= found.high
        assert "nan" not in found.said()
