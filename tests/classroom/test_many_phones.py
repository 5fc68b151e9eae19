"""Five hundred phones over real HTTP: no vote lost, none double, none after closing; and nothing three times too slow."""

from __future__ import annotations

import pytest

from benchmarks.classroom import BOUNDS, Round, judged, one_round, rows_of, too_slow
from benchmarks.cores import SLOW_DISK

IN_TIME = dict.fromkeys(BOUNDS, 100.0)
QUIET, STALLED, SHARED = ({"stall": stall, "others' work": work} for stall, work in ((5, 2), (60, 2), (5, 40)))


@pytest.mark.parametrize("commits", [0.0, SLOW_DISK], ids=["disk", "slow disk"])
def test_five_hundred_phones_lose_and_double_nothing_and_are_not_kept_waiting(commits: float) -> None:
    def hold() -> Round:
        found = one_round(commits=commits)
        assert (found.lost, found.double, found.late) == (0, 0, 0)
        assert found.votes == (500, 200)
        return found

    assert not judged(hold)


def test_a_class_that_is_too_slow_is_told() -> None:
    assert not too_slow(Round({**IN_TIME, **QUIET, "reveal, last phone": 899}))
    assert len(too_slow(Round({**IN_TIME, **QUIET, "open, last phone": 901, "reveal, last phone": 901}))) == 2


@pytest.mark.parametrize("machine", [STALLED, SHARED])
def test_on_a_machine_that_is_not_quiet_the_stall_is_allowed_for_and_no_more(machine: dict[str, float]) -> None:
    allowed = 900 + machine["stall"]
    assert not too_slow(Round({**IN_TIME, **machine, "close, last phone": allowed}))
    assert len(too_slow(Round({**IN_TIME, **machine, "close, last phone": allowed + 1}))) == 1


@pytest.mark.parametrize(
    ("rounds", "held", "told"),
    [
        ([QUIET], 1, 0),
        ([QUIET | {"vote p95": 500}, QUIET], 1, 1),  # a quiet round decides
        ([STALLED], 1, 0),
        ([STALLED | {"vote p95": 600}, QUIET], 2, 0),
        ([SHARED | {"vote p95": 600}, QUIET | {"vote p95": 500}], 2, 1),
        ([STALLED | {"vote p95": 600}] * 5, 3, 1),  # and not quiet in the end is no excuse
    ],
)
def test_a_slow_round_is_held_again_only_until_there_is_a_quiet_one(
    rounds: list[dict[str, float]], held: int, told: int
) -> None:
    left = [Round(IN_TIME | took) for took in rounds]
    assert len(judged(lambda: left.pop(0))) == told
    assert len(rounds) - len(left) == held


def test_a_count_that_is_not_zero_and_a_round_that_is_missed_fail_the_benchmark() -> None:
    good = Round(IN_TIME, votes=(2000, 200), cast=(2000, 200))
    lost = Round(IN_TIME, lost=1, votes=(2000, 200), cast=(2000, 200))
    short = Round(IN_TIME, votes=(1999, 200), cast=(2000, 200))
    assert not any(row.fails for row in rows_of("2,000 phones", [good, good], 2, {}))
    assert any(row.fails for row in rows_of("2,000 phones", [good, lost], 2, {}))
    assert any(row.fails for row in rows_of("2,000 phones", [good, short], 2, {}))
    assert any(row.fails for row in rows_of("2,000 phones", [good], 2, {}))
    assert any(row.fails for row in rows_of("2,000 phones", [], 2, {}))


def test_a_time_that_misses_its_target_is_told_and_fails_nothing() -> None:
    slow = Round(IN_TIME | {"vote p95": 151}, votes=(500, 200), cast=(500, 200))
    rows = rows_of("500 phones", [slow], 1, BOUNDS)
    assert [row.what for row in rows if row.outcome == "MISSES"] == ["500 phones: vote p95"]
    assert not any(row.fails for row in rows)
