"""Classical test theory: published cases, corners, and the laws that hold for any class."""

from __future__ import annotations

import numpy as np
import pytest
from classes import SEEDED, matrices
from hypothesis import given
from hypothesis import strategies as st
from published import cases
from scipy import stats

from widgets.analysis import items

NAN = float("nan")


def binary(rows: list[str]) -> np.ndarray:
    return np.array([[float(digit) for digit in row] for row in rows])


WORKED = binary(cases("ctt")[0]["input"]["rows"])


def test_alpha_of_the_published_case() -> None:
    published = next(case for case in cases("ctt") if case["provenance"] == "published")
    assert items.alpha(WORKED).value == pytest.approx(published["expected"]["alpha"], abs=published["tolerance"])


@pytest.mark.parametrize("case", cases("alpha_interval"), ids=lambda case: case["id"])
def test_alphas_interval_of_the_published_cases(case: dict) -> None:
    found = items.alpha_interval(case["input"]["alpha"], case["input"]["n"], case["input"]["k"])
    assert found == pytest.approx(case["expected"], abs=case["tolerance"])


def test_the_other_figures_of_the_worked_case() -> None:
    case = next(case for case in cases("ctt") if case["provenance"] == "computed")
    assert items.discrimination(WORKED) == pytest.approx(case["expected"]["corrected_r"], abs=case["tolerance"])
    assert items.standard_error(WORKED).value == pytest.approx(case["expected"]["sem"], abs=case["tolerance"])
    assert items.ferguson_delta(WORKED).value == pytest.approx(case["expected"]["ferguson"], abs=case["tolerance"])


def test_facility_of_the_worked_case() -> None:
    expected = [0.889, 0.889, 0.778, 0.778, 0.667, 0.333, 0.333, 0.333, 0.333, 0.333, 0.111]
    assert items.facility(WORKED) == pytest.approx(expected, abs=0.001)


def test_kr20_is_alpha_of_right_and_wrong() -> None:
    p, k = WORKED.mean(axis=0), WORKED.shape[1]
    kr20 = k / (k - 1) * (1 - (p * (1 - p)).sum() / WORKED.sum(axis=1).var())
    assert items.alpha(WORKED).value == pytest.approx(kr20)


@pytest.mark.parametrize("case", cases("point_biserial"), ids=lambda case: case["id"])
def test_point_biserial_is_pearsons_r(case: dict) -> None:
    a, b = (np.array(case["input"][name], dtype=float)[:, None] for name in "ab")
    assert items.correlations(a, b)[0] == pytest.approx(case["expected"], abs=case["tolerance"])


def test_discrimination_leaves_the_item_out_of_its_own_total() -> None:
    for place in range(WORKED.shape[1]):
        others = np.delete(WORKED, place, axis=1).sum(axis=1)
        assert items.discrimination(WORKED)[place] == pytest.approx(stats.pointbiserialr(WORKED[:, place], others)[0])


def test_upper_less_lower_of_groups_without_ties() -> None:
    # Eleven people with totals 0 to 10: three at each end.
    scores = np.tril(np.ones((11, 10)), -1)
    found = items.upper_lower(scores)
    assert found[0] == pytest.approx(1 - 2 / 3)  # all of the upper three have it, the lower three but one
    assert found[5] == 1
    assert found[9] == pytest.approx(1 / 3)


def test_people_who_tie_across_the_border_share_its_places() -> None:
    # Four people, one place at each end; the three at the top tie for theirs, two of three had the first item right.
    scores = np.array([[1, 1, 0.0], [1, 0, 1], [0, 1, 1], [0, 0, 0]])
    assert items.upper_lower(scores) == pytest.approx([2 / 3] * 3)


def test_who_is_above_the_border_has_a_whole_place() -> None:
    # Eight people, two places: one is above, three tie for the other. Only the one above has the first item right.
    scores = np.array([[1, 1, 1.0], [0, 1, 1], [0, 1, 1], [0, 1, 1], *[[0, 0, 0]] * 4])
    assert items.upper_lower(scores)[0] == pytest.approx(1 / 2)


CORNERS = {
    "nobody": np.empty((0, 3)),
    "one person": np.array([[1.0, 0, 0.5]]),
    "one item": np.array([[1.0], [0], [1], [0.5]]),
    "nobody answered": np.full((4, 3), NAN),
    "perfect scores": np.ones((6, 4)),
    "all the same total": np.array([[1.0, 0], [0, 1], [1, 0]]),
}


@pytest.mark.parametrize("scores", CORNERS.values(), ids=CORNERS)
def test_where_there_is_no_figure_there_are_words(scores: np.ndarray) -> None:
    for figure in (items.alpha(scores), items.standard_error(scores)):
        assert figure.value is None
        assert figure.why
        assert "nan" not in figure.said().lower()
    assert len(items.discrimination(scores)) == len(items.upper_lower(scores)) == scores.shape[1]
    assert np.isnan(items.upper_lower(scores)).all() or scores.shape[1] == 1


def test_without_spread_there_is_no_correlation() -> None:
    scores = np.array([[1, 1.0, 0], [1, 0, 1], [1, 1, 1], [1, 0, 0]])
    assert np.isnan(items.discrimination(scores)[0])
    assert not np.isnan(items.discrimination(scores)[1:]).any()


def test_an_item_that_runs_against_the_rest_is_below_0() -> None:
    scores = np.array([[1, 1, 1, 0.0], [1, 1, 1, 0], [0, 0, 0, 1], [0, 0, 1, 1]])
    assert items.discrimination(scores)[3] < 0 < items.discrimination(scores)[0]


def test_fergusons_delta_is_of_right_and_wrong() -> None:
    with pytest.raises(ValueError, match="right or wrong"):
        items.ferguson_delta(np.array([[0.5, 1], [1, 0]]))
    assert items.ferguson_delta(np.ones((5, 3))).value == 0
    assert items.ferguson_delta(np.array([[0.0], [1]])).value == 1
    assert items.ferguson_delta(np.empty((0, 2))).why


# Laws.


@SEEDED
@given(matrices())
def test_every_figure_is_within_its_bounds(scores: np.ndarray) -> None:
    for found, least in (
        (items.facility(scores), 0),
        (items.discrimination(scores), -1),
        (items.upper_lower(scores), -1),
    ):
        there = found[~np.isnan(found)]
        assert ((there >= least - 1e-9) & (there <= 1 + 1e-9)).all()
    alpha = items.alpha(scores)
    if alpha.value is not None:
        assert alpha.low <= alpha.value + 1e-9 <= alpha.high + 1e-6 <= 1 + 1e-5
        assert items.standard_error(scores).value >= 0


@SEEDED
@given(matrices(), st.randoms(use_true_random=False))
def test_the_order_of_people_and_of_items_does_not_matter(scores: np.ndarray, random: object) -> None:
    people, columns = list(range(scores.shape[0])), list(range(scores.shape[1]))
    random.shuffle(people)
    random.shuffle(columns)
    shuffled = scores[people][:, columns]
    for figure in (items.facility, items.discrimination, items.upper_lower):
        assert figure(shuffled) == pytest.approx(figure(scores)[columns], nan_ok=True, abs=1e-9)
    one, other = items.alpha(scores), items.alpha(shuffled)
    assert one.why == other.why
    assert one.value == pytest.approx(other.value) if one.value is not None else other.value is None


@SEEDED
@given(matrices(least=3, gaps=False))
def test_discrimination_agrees_with_scipy(scores: np.ndarray) -> None:
    for place, found in enumerate(items.discrimination(scores)):
        others = np.delete(scores, place, axis=1).sum(axis=1)
        if scores.shape[1] < 2 or np.ptp(scores[:, place]) < 1e-9 or np.ptp(others) < 1e-9:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(stats.pearsonr(scores[:, place], others)[0], abs=1e-6)


@SEEDED
@given(matrices(values=st.sampled_from((0.0, 1.0))))
def test_delta_is_from_0_to_1(right: np.ndarray) -> None:
    found = items.ferguson_delta(right)
    assert found.why if found.value is None else 0 <= found.value <= 1


@SEEDED
@given(matrices(least=3, gaps=False))
def test_a_test_of_every_item_twice_is_no_less_consistent(scores: np.ndarray) -> None:
    once, twice = items.alpha(scores), items.alpha(np.hstack([scores, scores]))
    if once.value is not None and once.value > 0:
        assert twice.value >= once.value - 1e-9
