"""Signal detection: published cases, the log-linear correction, laws."""

from __future__ import annotations

import pytest
from classes import SEEDED
from hypothesis import given
from hypothesis import strategies as st
from published import cases

from widgets.analysis.detection import detect, z

COUNTS = st.integers(0, 9)


@pytest.mark.parametrize("case", cases("dprime"), ids=lambda case: case["id"])
def test_d_prime_is_the_distance_of_the_two_quantiles(case: dict) -> None:
    found = z(case["input"]["H"]) - z(case["input"]["F"])
    assert found == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("log_linear"), ids=lambda case: case["id"])
def test_the_log_linear_correction_keeps_a_perfect_class_finite(case: dict) -> None:
    assert detect(**case["input"]).d_prime == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("counts", [(4, 3, 0, 1), (-1, 3, 0, 1), (0, 3, 2, 1), (0, 3, -1, 1)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="at most"):
        detect(*counts)


def test_with_nothing_to_find_or_to_leave_there_are_words() -> None:
    assert (detect(0, 0, 1, 5).d_prime, detect(0, 0, 1, 5).why) == (None, "nothing to find")
    assert (detect(1, 3, 0, 0).d_prime, detect(1, 3, 0, 0).why) == (None, "nothing to leave unmarked")


@SEEDED
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_more_hits_and_fewer_alarms_are_better(hits: int, misses: int, alarms: int, quiet: int) -> None:
    found = detect(hits, hits + misses + 1, alarms, alarms + quiet + 1)
    assert detect(hits + 1, hits + misses + 1, alarms, alarms + quiet + 1).d_prime > found.d_prime
    assert detect(hits, hits + misses + 1, alarms + 1, alarms + quiet + 1).d_prime < found.d_prime
    assert 0 < found.hit_rate < 1
    assert 0 < found.alarm_rate < 1


@SEEDED
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_marking_the_others_instead_turns_both_figures(hits: int, misses: int, alarms: int, quiet: int) -> None:
    signals, noise = hits + misses + 1, alarms + quiet + 1
    one, other = detect(hits, signals, alarms, noise), detect(signals - hits, signals, noise - alarms, noise)
    assert (other.d_prime, other.criterion) == pytest.approx((-one.d_prime, -one.criterion), abs=1e-9)
