"""How sure people were, and how often they and the course then agreed.

A certainty is a level, no probability. Gardner-Medwin's table pays best for level 1 below 2/3, for 2 up to 0.8, for 3
above: those windows are what an honest answer claims, and the plot shows them. Where a sum needs one number a level,
it is the middle of the window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .estimate import Numbers

WINDOWS = {1: (0.0, 2 / 3), 2: (2 / 3, 0.8), 3: (0.8, 1.0)}
CLAIMED = {level: (low + high) / 2 for level, (low, high) in WINDOWS.items()}
LEAST = 5  # answers in a bin, below which the curve hides it: a judgement


@dataclass(frozen=True)
class Brier:
    """``score`` = ``reliability`` - ``resolution`` + ``uncertainty``; 0 is best. None without an answer."""

    score: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None
    n: int


def brier(claimed: Numbers, came: Numbers) -> Brier:
    """The Brier score, mean of (claimed - came)^2, and Murphy's three parts with each distinct claim as a bin.

    ``claimed``: probabilities 0 to 1; ``came``: 0 or 1, or a share between. Reliability is the mean squared distance of
    claims from what came of them (0 is best), resolution how far the bins differ from the whole (more is better),
    uncertainty the variance of what came, for 0/1 the base rate times its rest.
    """
    claimed, came = np.asarray(claimed, dtype=float), np.asarray(came, dtype=float)
    n = len(claimed)
    if not n:
        return Brier(None, None, None, None, 0)
    bins, at = np.unique(claimed, return_inverse=True)
    counts = np.bincount(at)
    means = np.bincount(at, weights=came) / counts
    return Brier(
        float(((claimed - came) ** 2).mean()),
        float((counts * (bins - means) ** 2).sum() / n),
        float((counts * (means - came.mean()) ** 2).sum() / n),
        float(came.var()),
        n,
    )


def curve(levels: Numbers, came: Numbers, least: int = LEAST) -> pd.DataFrame:
    """One row a certainty level: ``level``, ``n``, ``low`` and ``high`` of its window, ``share`` that came, ``said``.

    A level with fewer than ``least`` answers has no share (NaN), and ``said`` says so; ``said`` is else ``"more than
    claimed"``, ``"as claimed"`` or ``"less than claimed"``.
    """
    rows = []
    for level, (low, high) in WINDOWS.items():
        here = np.asarray(came, dtype=float)[np.asarray(levels) == level]
        share = float(here.mean()) if len(here) >= least else float("nan")
        if len(here) < least:
            said = f"fewer than {least} answers"
        elif share < low - 1e-9:
            said = "less than claimed"
        else:
            said = "more than claimed" if share > high + 1e-9 else "as claimed"
        rows.append({"level": level, "n": len(here), "low": low, "high": high, "share": share, "said": said})
    return pd.DataFrame(rows)
