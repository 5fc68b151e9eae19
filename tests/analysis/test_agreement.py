"""Agreement among people: published cases, corners, laws."""

from __future__ import annotations

import numpy as np
import pytest
from classes import SEEDED, matrices
from hypothesis import given
from hypothesis import strategies as st
from published import cases

from widgets.analysis.agreement import fleiss_kappa, icc, krippendorff_alpha, r_wg

LEVELS = st.sampled_from((1.0, 2.0, 3.0, 4.0))


@pytest.mark.parametrize("case", cases("fleiss"), ids=lambda case: case["id"])
def test_fleiss_kappa(case: dict) -> None:
    expected = case["expected"]["fleiss"] if isinstance(case["expected"], dict) else case["expected"]
    assert fleiss_kappa(np.array(case["input"]["table"])).value == pytest.approx(expected, abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("krippendorff"), ids=lambda case: case["id"])
def test_krippendorffs_alpha(case: dict) -> None:
    ratings = np.array(case["input"]["rows"], dtype=float)
    checked = [scale for scale in ("nominal", "ordinal", "interval") if scale in case["expected"]]
    assert checked
    for scale in checked:
        found = krippendorff_alpha(ratings, scale).value
        assert found == pytest.approx(case["expected"][scale], abs=case["tolerance"])


@pytest.mark.parametrize("case", [*cases("icc"), *cases("icc_two_way")], ids=lambda case: case["id"])
def test_icc_for_absolute_agreement(case: dict) -> None:
    single, average = icc(np.array(case["input"]["rows"]))
    assert single.value == pytest.approx(case["expected"]["icc21"], abs=case["tolerance"])
    assert average.value == pytest.approx(case["expected"]["icc2k"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("rwg"), ids=lambda case: case["id"])
def test_r_wg(case: dict) -> None:
    assert r_wg(np.array(case["input"]["ratings"]), 5).value == pytest.approx(case["expected"], abs=case["tolerance"])


CORNERS = {
    "one rater": lambda: fleiss_kappa(np.array([[1, 0], [0, 1]])),
    "nothing rated": lambda: fleiss_kappa(np.empty((0, 3))),
    "rows of different sums": lambda: fleiss_kappa(np.array([[2, 1], [1, 1]])),
    "one category": lambda: fleiss_kappa(np.array([[5, 0], [5, 0]])),
    "no two ratings": lambda: krippendorff_alpha(np.array([[1, np.nan], [np.nan, 2]])),
    "no ratings": lambda: krippendorff_alpha(np.full((3, 2), np.nan), "interval"),
    "the same ratings": lambda: krippendorff_alpha(np.full((3, 4), 2.0), "ordinal"),
    "one thing": lambda: icc(np.array([[1.0, 2, 3]]))[0],
    "one person": lambda: icc(np.array([[1.0], [2], [3]]))[1],
    "all ratings the same": lambda: icc(np.full((4, 3), 2.0))[0],
    "things that do not differ": lambda: icc(np.array([[1.0, 2], [2, 1], [1, 2]]))[1],
    "one rating": lambda: r_wg(np.array([3.0, np.nan])),
    "none": lambda: r_wg(np.array([])),
}


@pytest.mark.parametrize("figure", CORNERS.values(), ids=CORNERS)
def test_where_there_is_no_figure_there_are_words(figure: object) -> None:
    found = figure()
    if found.value is None:
        assert found.why
    assert "nan" not in found.said()


def test_perfect_agreement_is_1() -> None:
    same = np.array([[1.0, 2, 3, 4]] * 5)
    assert [krippendorff_alpha(same, scale).value for scale in ("nominal", "ordinal", "interval")] == pytest.approx(
        [1] * 3
    )
    assert [figure.value for figure in icc(same.T)] == pytest.approx([1, 1])
    assert fleiss_kappa(np.diag([5, 5, 5])).value == pytest.approx(1)
    assert r_wg(np.array([2.0, 2, 2])).value == 1


@SEEDED
@given(matrices(least=2, values=LEVELS), st.randoms(use_true_random=False))
def test_who_rates_first_does_not_matter_and_nothing_is_above_1(ratings: np.ndarray, random: object) -> None:
    people, things = list(range(ratings.shape[0])), list(range(ratings.shape[1]))
    random.shuffle(people)
    random.shuffle(things)
    shuffled = ratings[people][:, things]
    pairs = [
        (krippendorff_alpha(ratings, s), krippendorff_alpha(shuffled, s)) for s in ("nominal", "ordinal", "interval")
    ]
    pairs += [*zip(icc(ratings), icc(shuffled), strict=True), (r_wg(ratings[:, 0]), r_wg(shuffled[:, things.index(0)]))]
    whole = ratings[~np.isnan(ratings).any(axis=1)]
    table = np.array([(whole == level).sum(axis=0) for level in (1, 2, 3, 4)]).T
    pairs.append((fleiss_kappa(table), fleiss_kappa(table[things])))
    for one, other in pairs:
        assert (one.value is None) == (other.value is None) == bool(one.why)
        if one.value is not None:
            assert one.value == pytest.approx(other.value, abs=1e-9)
            assert one.value <= 1 + 1e-9


@SEEDED
@given(matrices(least=2, values=LEVELS))
def test_for_two_levels_a_scale_makes_no_difference(ratings: np.ndarray) -> None:
    two = np.where(np.isnan(ratings), np.nan, np.where(ratings > 2, 1.0, 0.0))
    values = [krippendorff_alpha(two, scale).value for scale in ("nominal", "ordinal", "interval")]
    assert values[0] is None or values == pytest.approx([values[0]] * 3)
