"""The benchmarks' command line: a time that misses its target is told, a count that is wrong fails the run."""

from __future__ import annotations

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.table import Row, Unmeasured, spread


def outcome(monkeypatch: pytest.MonkeyPatch, *rows: Row) -> int:
    monkeypatch.setattr(benchmarks, "machine", lambda setting: "This machine")
    monkeypatch.setitem(benchmarks.MEASUREMENTS, "classroom", lambda setting: list(rows))
    return benchmarks.main(["classroom"])


def test_a_missed_time_is_told_and_a_wrong_count_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(monkeypatch, Row("time", "2 s", "1 s", False), Row("count", "0", "0", True, must=True)) == 0
    assert "MISSES" in capsys.readouterr().out
    assert outcome(monkeypatch, Row("time", "1 s", "1 s", True), Row("count", "1", "0", False, must=True)) == 1
    assert "MISSES" in capsys.readouterr().out


def test_a_row_that_cannot_be_measured_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(setting: object) -> list[Row]:
        raise Unmeasured("Install gcc.")

    monkeypatch.setattr(benchmarks, "machine", lambda setting: "This machine")
    monkeypatch.setitem(benchmarks.MEASUREMENTS, "classroom", broken)
    assert benchmarks.main(["classroom"]) == 1
    assert "Install gcc." in capsys.readouterr().err


def test_a_number_says_of_how_many_rounds_it_is() -> None:
    assert spread([171, 182, 240], " ms") == "182 ms (171 to 240, of 3)"
    assert spread([1.05], " s", 2) == "1.05 s (once)"
