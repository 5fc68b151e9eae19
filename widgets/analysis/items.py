"""Item and test analysis by classical test theory.

``scores`` is a matrix of people by items: shares from 0 (nothing) to 1 (the course's answer), NaN where a person has
not answered. An array that comes back has one entry an item, NaN where there is no figure; a reader never sees that
NaN (``summary.py`` puts words in its place).

With unanswered items a person's total is the mean over the items answered; for complete data every correlation here
is the same as with sums.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from .estimate import NOTHING, Estimate, Numbers, none

UPPER_LOWER = 0.27  # of the people at each end
TYPICAL_ALPHA = (0.46, 0.68)  # means over situational-judgement tests (Campion 2014; Catano 2012; Kasten & Freund 2015)
STEADY = 50  # answers, below which discrimination and alpha swing from class to class: a judgement


def facility(scores: Numbers) -> Numbers:
    """The mean share of each item, 0 to 1: the item's mean score out of its maximum (what Moodle calls facility)."""
    there = ~np.isnan(scores)
    return _over(np.where(there, scores, 0).sum(axis=0), there.sum(axis=0))


def rest(scores: Numbers) -> Numbers:
    """For each person and item, the person's mean over the *other* items answered; NaN where there are none."""
    there = ~np.isnan(scores)
    filled = np.where(there, scores, 0)
    sums = filled.sum(axis=1, keepdims=True) - filled
    return _over(sums, there.sum(axis=1, keepdims=True) - there)


def discrimination(scores: Numbers) -> Numbers:
    """Corrected item-total correlation, -1 to 1: Pearson's r between each item and the rest of the test.

    For 0/1 items this is the point-biserial correlation. Corrected means that the item is not in its own total, where
    it would inflate r. NaN under three people, or where the item or the rest has no spread.
    """
    return correlations(scores, rest(scores))


def correlations(one: Numbers, other: Numbers) -> Numbers:
    """Pearson's r of each pair of columns, over the rows where both are there; NaN under three rows or without spread."""
    both = ~np.isnan(one) & ~np.isnan(other)
    n = both.sum(axis=0)
    x = np.where(both, one - _over(np.where(both, one, 0).sum(axis=0), n), 0)
    y = np.where(both, other - _over(np.where(both, other, 0).sum(axis=0), n), 0)
    xx, yy, xy = (x * x).sum(axis=0), (y * y).sum(axis=0), (x * y).sum(axis=0)
    spread = (n >= 3) & (xx > NOTHING * np.maximum(n, 1)) & (yy > NOTHING * np.maximum(n, 1))
    r: Numbers = np.full(len(n), np.nan)
    np.divide(xy, np.sqrt(xx * yy), out=r, where=spread)
    clipped: Numbers = np.clip(r, -1, 1)
    return clipped


def upper_lower(scores: Numbers, fraction: float = UPPER_LOWER) -> Numbers:
    """D, -1 to 1: each item's mean in the upper 27 % of people by total, minus its mean in the lower 27 %.

    A group has round(fraction x people), at least one. *Ties*: people whose totals tie across a group's border share
    its last places equally, each with the same fraction of a place; so no order of people decides, and nothing is
    drawn by lot. NaN for one person, where all totals are the same, or where a group has not answered the item.

    D = p(upper 27 %) - p(lower 27 %) is the definition of the R package mctestanalysis (addDiscriminationIndex).
    """
    there = ~np.isnan(scores)
    answered = there.any(axis=1)
    nothing = np.full(scores.shape[1], np.nan)
    totals = _over(np.where(there, scores, 0).sum(axis=1), there.sum(axis=1))[answered]
    if len(totals) < 2 or np.ptp(totals) < 1e-9:
        return nothing
    size = max(1, int(fraction * len(totals) + 0.5))
    filled, counted = np.where(there, scores, 0)[answered], there[answered]
    upper, lower = _places(totals, size), _places(-totals, size)
    return _over(upper @ filled, upper @ counted) - _over(lower @ filled, lower @ counted)


def _places(totals: Numbers, size: int) -> Numbers:
    """How much of a place in the top ``size`` each person has."""
    rounded = np.round(totals, 9)  # sums of thirds must tie whatever order they were added in
    border = np.sort(rounded)[-size]
    above, level = rounded > border, rounded == border
    places: Numbers = above + level * (size - above.sum()) / level.sum()
    return places


def alpha(scores: Numbers) -> Estimate:
    """Cronbach's alpha over the people who answered every item, with Feldt's 95 % interval; KR-20 for 0/1 items.

    k/(k - 1) x (1 - sum of item variances / variance of totals), both variances by the same convention. At most 1;
    below 0 when items pull against one another.
    """
    whole = complete(scores)
    n, k = whole.shape
    if k < 2:
        return none("one item has no inner consistency", n)
    if n < 2:
        return none(f"{'nobody' if not n else 'only one person'} answered every item", n)
    total = float(whole.sum(axis=1).var(ddof=1))
    if total < NOTHING:
        return none("everybody has the same total", n)
    value = k / (k - 1) * (1 - float(whole.var(axis=0, ddof=1).sum()) / total)
    return Estimate(min(value, 1.0), n, *alpha_interval(min(value, 1.0), n, k))


def alpha_interval(value: float, n: int, k: int) -> tuple[float, float]:
    """Feldt's 95 % interval for the alpha of ``n`` people and ``k`` items, both from 2.

    1 - (1 - alpha) F with n - 1 and (n - 1)(k - 1) degrees of freedom, as the R package cocron has it
    (cronbach.alpha.CI, after Feldt, Woodruff & Salih 1987).
    """
    free = n - 1, (n - 1) * (k - 1)
    low, high = (1 - (1 - value) * float(stats.f.isf(p, *free)) for p in (0.025, 0.975))
    return low, high


def standard_error(scores: Numbers) -> Estimate:
    """The standard error of measurement, in items: SD of the totals x sqrt(1 - alpha), classical test theory's formula."""
    reliability = alpha(scores)
    if reliability.value is None:
        return reliability
    deviation = float(complete(scores).sum(axis=1).std(ddof=1))
    return Estimate(deviation * max(0.0, 1 - reliability.value) ** 0.5, reliability.n)


def ferguson_delta(right: Numbers) -> Estimate:
    """Ferguson's delta, 0 to 1: how many of the pairs of people a 0/1 test tells apart, of those it could.

    (N^2 - sum f^2) / (N^2 - N^2/(k + 1)), f the number of people at each total of k items; .90 is asked of concept
    tests (Engelhardt & Harper). People who did not answer every item are left out. ValueError for other than 0, 1, NaN.
    """
    whole = complete(right)
    if not np.isin(whole, (0, 1)).all():
        raise ValueError("Ferguson's delta counts items that are right or wrong: 0 or 1.")
    n, k = whole.shape
    if n < 2 or k < 1:
        return none("it takes two people who answered every item", n)
    at = np.bincount(whole.sum(axis=1).astype(int), minlength=k + 1)
    return Estimate(float((n * n - (at * at).sum()) / (n * n - n * n / (k + 1))), n)


def complete(scores: Numbers) -> Numbers:
    """The rows without a gap."""
    return scores[~np.isnan(scores).any(axis=1)]


def _over(above: Numbers, below: Numbers) -> Numbers:
    """Division, NaN where there is nothing to divide by."""
    above, below = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    divided: Numbers = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return divided
