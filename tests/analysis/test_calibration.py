"""Calibration: the Brier score with its parts, and a curve that hides small bins."""

from __future__ import annotations

import numpy as np
import pytest
from classes import SEEDED
from hypothesis import given
from hypothesis import strategies as st
from published import cases

from widgets.analysis.calibration import CLAIMED, LEAST, WINDOWS, brier, curve

FORECASTS = st.lists(
    st.tuples(st.sampled_from((0.1, 1 / 3, 0.5, 0.9, 1.0)), st.sampled_from((0.0, 0.5, 1.0))), min_size=1
)


def test_the_score_of_the_published_case() -> None:
    (case,) = cases("brier")
    found = brier(np.array(case["input"]["p"]), np.array(case["input"]["y"]))
    assert found.score == pytest.approx(case["expected"], abs=case["tolerance"])


def test_murphys_parts() -> None:
    (case,) = cases("brier_murphy")
    found = brier(np.array(case["input"]["p"]), np.array(case["input"]["y"]))
    expected = [case["expected"][name] for name in ("brier", "rel", "res", "unc")]
    assert [found.score, found.reliability, found.resolution, found.uncertainty] == pytest.approx(expected)


def test_of_no_answers_there_is_no_score() -> None:
    assert brier(np.array([]), np.array([])).score is None


@SEEDED
@given(FORECASTS, st.randoms(use_true_random=False))
def test_the_parts_always_make_the_score_and_order_does_not_matter(pairs: list, random: object) -> None:
    claimed, came = np.array(pairs).T
    found = brier(claimed, came)
    if set(came) <= {0, 1}:
        assert found.uncertainty == pytest.approx(came.mean() * (1 - came.mean()))
    # Shares between 0 and 1 add what they vary by within a bin, which the variance of all of them has too.
    assert found.score == pytest.approx(found.reliability - found.resolution + found.uncertainty)
    assert 0 <= found.score <= 1
    random.shuffle(pairs)
    assert brier(*np.array(pairs).T).score == pytest.approx(found.score)


def test_a_levels_claim_is_the_middle_of_its_window() -> None:
    assert [WINDOWS[level] for level in (1, 2, 3)] == [(0, 2 / 3), (2 / 3, 0.8), (0.8, 1)]
    assert all(low < CLAIMED[level] < high for level, (low, high) in WINDOWS.items())


def test_the_curve_hides_a_level_with_fewer_than_five() -> None:
    levels = np.array([1] * LEAST + [2] * (LEAST - 1) + [3] * 10)
    came = np.array([0.2] * LEAST + [1.0] * (LEAST - 1) + [1.0] * 7 + [0.0] * 3)
    found = curve(levels, came)
    assert list(found["n"]) == [LEAST, LEAST - 1, 10]
    assert list(found["said"]) == ["as claimed", "fewer than 5 answers", "less than claimed"]
    assert found["share"].to_list() == pytest.approx([0.2, np.nan, 0.7], nan_ok=True)


def test_more_than_claimed_is_said_too() -> None:
    assert curve(np.array([1] * 5), np.ones(5))["said"][0] == "more than claimed"
    assert list(curve(np.array([]), np.array([]))["n"]) == [0, 0, 0]
