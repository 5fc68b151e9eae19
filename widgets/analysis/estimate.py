"""A figure with its interval, or the words for why there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]
NOTHING = 1e-12  # a variance below this is rounding, not spread


@dataclass(frozen=True)
class Estimate:
    """``value`` from ``n`` people or answers, with ``low`` and ``high`` of its 95 % interval where there is one.

    ``why`` says in words why there is no value, or no interval; it is empty if both are there or none was meant to be.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    why: str = ""

    def said(self, digits: int = 2, percent: bool = False) -> str:
        """The figure as a reader sees it: ``"0.62 (0.41 to 0.78)"``, or why there is none."""
        if self.value is None:
            return self.why
        said = shown(self.value, digits, percent)
        if self.low is not None and self.high is not None:
            said += f" ({shown(self.low, digits, percent)} to {shown(self.high, digits, percent)})"
        return f"{said}; {self.why}" if self.why else said


def shown(value: float, digits: int = 2, percent: bool = False) -> str:
    """A number with a real minus sign, as a percentage where asked; no minus before a zero."""
    text = f"{100 * value:.0f}%" if percent else f"{value:.{digits}f}"
    if text.startswith("-"):
        text = text[1:] if not text.strip("-0.%") else "\u2212" + text[1:]
    return text


def none(why: str, n: int = 0) -> Estimate:
    """No figure, and why."""
    return Estimate(None, n, why=why)


def mean(values: Numbers, least: float = -1, most: float = 1) -> Estimate:
    """The mean with Student's t interval; NaN is left out. No interval for one value or for values without spread.

    What the values cannot go beyond (``least`` and ``most``), the interval does not either.
    """
    there = values[~np.isnan(values)]
    n = len(there)
    if not n:
        return none("nobody answered")
    middle = float(there.mean())
    if n == 1:
        return Estimate(middle, 1, why="no interval from one person")
    variance = float(there.var(ddof=1))
    if variance < NOTHING:
        return Estimate(middle, n, why="no interval, since all are the same")
    half = float(stats.t.ppf(0.975, n - 1)) * (variance / n) ** 0.5
    return Estimate(middle, n, max(least, middle - half), min(most, middle + half))


def difference(one: Numbers, other: Numbers, most: float = 1) -> Estimate:
    """The mean of ``one`` minus that of ``other``, two groups of different people, with Welch's t interval within ± ``most``."""
    one, other = one[~np.isnan(one)], other[~np.isnan(other)]
    n = len(one) + len(other)
    if not len(one) or not len(other):
        return none("one side has no answers", n)
    value = float(one.mean() - other.mean())
    if len(one) < 2 or len(other) < 2:
        return Estimate(value, n, why="no interval, since one side has one person")
    errors = [float(side.var(ddof=1)) / len(side) for side in (one, other)]
    if sum(errors) < NOTHING:
        return Estimate(value, n, why="no interval, since on each side all are the same")
    # Welch and Satterthwaite's degrees of freedom
    below = errors[0] ** 2 / (len(one) - 1) + errors[1] ** 2 / (len(other) - 1)
    half = float(stats.t.ppf(0.975, sum(errors) ** 2 / below)) * sum(errors) ** 0.5
    return Estimate(value, n, max(-most, value - half), min(most, value + half))
