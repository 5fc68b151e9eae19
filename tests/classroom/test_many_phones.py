"""Five hundred phones over real HTTP: no vote lost, none double, none after closing; and nothing three times too slow."""

from __future__ import annotations

from benchmarks.classroom import Round, one_round, too_slow


def test_five_hundred_phones_lose_and_double_nothing_and_are_not_kept_waiting() -> None:
    """The counts are exact. A machine that does other work stalls, and by how much is measured: only what it cannot be
    blamed for fails, twice in a row."""
    first = one_round()
    assert (first.lost, first.double, first.late) == (0, 0, 0)
    if too_slow(first):
        second = one_round()
        assert (second.lost, second.double, second.late) == (0, 0, 0)
        assert not too_slow(second)


def test_a_class_that_is_too_slow_would_be_told() -> None:
    quiet = {"stall": 5, "nothing p95": 20, "vote p95": 20, "vote p99": 40, "burst p95": 80}
    assert not too_slow(Round({**quiet, "open": 250, "close": 250, "reveal": 900}))
    assert len(too_slow(Round({**quiet, "open": 1100, "close": 250, "reveal": 1100}))) == 2
