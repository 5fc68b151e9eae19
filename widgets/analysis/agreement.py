"""How far people agree with one another, whatever the course thinks."""

from __future__ import annotations

from typing import Literal

import numpy as np

from .estimate import NOTHING, Estimate, Numbers, none

Scale = Literal["nominal", "ordinal", "interval"]


def fleiss_kappa(table: Numbers) -> Estimate:
    """Fleiss' kappa of a table of subjects by categories, each row counting the same number of raters; at most 1.

    By statsmodels' ``inter_rater.fleiss_kappa``. No figure for one rater, rows of different sums, or a table with a
    single category in use: then chance alone agrees wholly, and there is nothing to measure against it.
    """
    table = np.asarray(table, dtype=float)
    raters = table.sum(axis=1)
    n = len(table)
    if not n or raters[0] < 2:
        return none("it takes two people who answered", n)
    if np.ptp(raters) > 1e-9:
        return none("not everybody rated everything", n)
    if (table.sum(axis=0) > 1e-9).sum() < 2:
        return none("everybody chose the same throughout", n)
    from statsmodels.stats.inter_rater import fleiss_kappa as kappa  # half a second to import

    return Estimate(float(kappa(table)), n)


def krippendorff_alpha(ratings: Numbers, scale: Scale = "nominal") -> Estimate:
    """Krippendorff's alpha of raters by units, NaN where one has not rated; 1 is perfect, 0 is chance.

    1 - observed / expected disagreement from the coincidence matrix (Krippendorff's computation). The difference of
    two values is 0 or 1 (nominal); the squared number of ratings from one to the other, half of each end's own
    (ordinal); the squared distance (interval). A unit that one person rated is left out. No figure where all ratings
    are the same.
    """
    ratings = np.asarray(ratings, dtype=float)
    values = np.unique(ratings[~np.isnan(ratings)])
    counts = (ratings[:, :, None] == values).sum(axis=0).astype(float)
    counts = counts[counts.sum(axis=1) >= 2]
    if not len(counts):
        return none("nothing was rated by two people")
    coincide = np.einsum("uc,uk->ck", counts / (counts.sum(axis=1, keepdims=True) - 1), counts)
    coincide -= np.diag((counts / (counts.sum(axis=1, keepdims=True) - 1)).sum(axis=0))
    each = coincide.sum(axis=1)
    if scale == "nominal":
        apart = 1 - np.eye(len(values))
    elif scale == "interval":
        apart = (values[:, None] - values) ** 2
    else:
        middle = np.cumsum(each) - each / 2
        apart = (middle[:, None] - middle) ** 2
    expected = float(each @ apart @ each) / (each.sum() - 1)
    if expected < NOTHING:
        return none("all ratings are the same", len(counts))
    return Estimate(1 - float((coincide * apart).sum()) / expected, len(counts))


def icc(ratings: Numbers) -> tuple[Estimate, Estimate]:
    """ICC(A,1) and ICC(A,k): absolute agreement of one rater, and of the mean of all k, from targets by raters.

    Shrout & Fleiss' (2,1) and (2,k): (MSB - MSE) / (MSB + (k - 1) MSE + k (MSJ - MSE) / n) and, for the mean,
    (MSB - MSE) / (MSB + (MSJ - MSE) / n), from a two-way analysis of variance. At most 1; below 0 where raters differ
    more on one target than targets do. Only complete rows count. For a panel ICC(A,k) is the reliability of its mean.
    """
    whole = np.asarray(ratings, dtype=float)
    whole = whole[~np.isnan(whole).any(axis=1)]
    n, k = whole.shape
    if n < 2 or k < 2:
        nothing = none("it takes two people and two things rated by all", n)
        return nothing, nothing
    rows, columns, middle = whole.mean(axis=1), whole.mean(axis=0), whole.mean()
    targets = k * float(((rows - middle) ** 2).sum()) / (n - 1)
    judges = n * float(((columns - middle) ** 2).sum()) / (k - 1)
    error = float(((whole - rows[:, None] - columns + middle) ** 2).sum()) / ((n - 1) * (k - 1))
    single = targets + (k - 1) * error + k * (judges - error) / n
    average = targets + (judges - error) / n
    if single < NOTHING:
        nothing = none("all ratings are the same", n)
        return nothing, nothing
    of_mean = (
        Estimate((targets - error) / average, n) if average > NOTHING else none("what is rated does not differ", n)
    )
    return Estimate((targets - error) / single, n), of_mean


def r_wg(ratings: Numbers, levels: int = 4) -> Estimate:
    """Agreement on one thing rated on a scale of ``levels``, 0 to 1: 1 - s^2 / ((A^2 - 1) / 12), truncated at 0.

    Against raters who choose every level equally often; s^2 with n - 1, as in the R package multilevel (rwg).
    """
    there = np.asarray(ratings, dtype=float)
    there = there[~np.isnan(there)]
    if len(there) < 2:
        return none("it takes two people", len(there))
    return Estimate(max(0.0, 1 - float(there.var(ddof=1)) / ((levels**2 - 1) / 12)), len(there))
