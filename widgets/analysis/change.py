"""What changed: from the first vote to the second, and from before the course to after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .estimate import Estimate, Numbers, difference, mean, none


def moves(first: pd.Series, second: pd.Series) -> pd.DataFrame:
    """Who moved whereto: ``from``, ``to``, ``n``, over the people who answered both times.

    Each series has one answer a person (any label), its index the person. The order is that of the labels.
    """
    both = pd.concat([first.rename("from"), second.rename("to")], axis=1, join="inner").dropna()
    counted = both.groupby(["from", "to"], observed=True).size().reset_index(name="n")
    return counted.sort_values(["from", "to"], ignore_index=True)


def normalised_gain(first: float, second: float) -> Estimate:
    """Hake's normalised gain, at most 1: (second - first) / (1 - first), of mean shares 0 to 1.

    None where the first is perfect, since nothing was left to gain. It favours those who began high (Brogt 2007): show
    first and second beside it, always. Below .3 is called low, from .7 high.
    """
    if not 0 <= first <= 1 or not 0 <= second <= 1:
        raise ValueError("Shares run from 0 to 1.")
    if first > 1 - 1e-9:
        return none("the first was perfect, so nothing was left to gain", 1)
    return Estimate((second - first) / (1 - first), 1)


@dataclass(frozen=True)
class Gain:
    """Before and after, over the people with both: shares 0 to 1, each with its 95 % interval.

    ``plain``: the mean of after - before. ``a_first`` and ``b_first``: the same for those who had that form before.
    ``adjusted``: the mean of those two, in which a difference between the forms cancels. ``forms``: how much easier
    form b came out than form a, from half their difference.
    """

    before: Estimate
    after: Estimate
    plain: Estimate
    a_first: Estimate
    b_first: Estimate
    adjusted: Estimate
    forms: Estimate


def gain(before: Numbers, after: Numbers, first: list[str]) -> Gain:
    """The gain of people who had one form before and the other after; ``first`` is ``"a"`` or ``"b"`` for each.

    In a design with both orders, who had a first gains learning plus (b - a), who had b first gains learning minus
    it: the mean of the two orders' mean gains is learning alone, half their difference is the forms'. The intervals
    are Student's for one group, Welch's for two. People without both sides are left out.
    """
    both = ~np.isnan(before) & ~np.isnan(after)
    before, after = before[both], after[both]
    order = np.asarray(first, dtype=object)[both]
    moved = after - before
    a, b = moved[order == "a"], moved[order == "b"]
    return Gain(
        mean(before, 0),
        mean(after, 0),
        mean(moved),
        mean(a),
        mean(b),
        halved(difference(a, -b, most=2)),
        halved(difference(a, b, most=2)),
    )


def halved(estimate: Estimate) -> Estimate:
    """Half of a figure and of its interval."""
    if estimate.value is None:
        return none("both orders are needed for it", estimate.n)
    low, high = (None if end is None else end / 2 for end in (estimate.low, estimate.high))
    return Estimate(estimate.value / 2, estimate.n, low, high, estimate.why)
