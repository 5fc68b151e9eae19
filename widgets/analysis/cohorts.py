"""Two classes side by side: this year and last, or before and after an item was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..markup import render
from ..progress import AGREEMENT
from .estimate import Estimate, difference, mean, none
from .report import Report
from .results import Results
from .summary import ENOUGH

COLUMNS = ("item", "n_one", "n_other", "one", "other", "difference", "low", "high", "version", "why")


@dataclass(frozen=True)
class Line:
    """One item in both classes: mean shares with intervals, the first less the second, and what to beware of."""

    item: str
    n: tuple[int, int]
    one: Estimate
    other: Estimate
    difference: Estimate
    warning: str


@dataclass(frozen=True)
class Comparison:
    """``lines`` for the items of either class; ``table`` is the same as a DataFrame; the last expression of a cell shows it."""

    names: tuple[str, str]
    lines: list[Line]
    people: tuple[int, int]
    shared: int

    @property
    def table(self) -> pd.DataFrame:
        """``item``, ``n_one``, ``n_other``, ``one``, ``other`` (mean shares), ``difference`` with ``low`` and ``high`` of its 95 %
        interval (NaN where there is none), ``version`` (a warning, or "") and ``why`` there is no figure."""
        rows = []
        for line in self.lines:
            values = (
                line.one.value,
                line.other.value,
                line.difference.value,
                line.difference.low,
                line.difference.high,
            )
            figures = [np.nan if value is None else value for value in values]
            rows.append((line.item, *line.n, *figures, line.warning, line.difference.why))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def report(self, title: str = "Two classes side by side") -> Report:
        """The comparison as a page to keep."""
        apart = sum(
            line.difference.low is not None and line.difference.low * (line.difference.high or 0) > 0
            for line in self.lines
        )
        body = render("report/cohorts.html", title=title, compared=self, apart=apart, agreement=AGREEMENT)
        return Report(title, body)

    def _repr_html_(self) -> str:
        return self.report()._repr_html_()

    def __repr__(self) -> str:
        return f"Comparison of {self.names[0]} ({self.people[0]} people) and {self.names[1]} ({self.people[1]} people)"


def compare(one: Results, other: Results, names: tuple[str, str] = ("this year", "last year")) -> Comparison:
    """Agreement with the course by item in two classes of different people, with Welch's interval for the difference.

    The first vote counts. Under five answers on a side there is no figure. A warning stands where the two classes
    answered different versions of an item, or where it is not known which: then a difference may be the item's.
    """
    keys = list(dict.fromkeys([*_asked(one), *_asked(other)]))
    sides = [_shares(results) for results in (one, other)]
    versions = [_versions(results) for results in (one, other)]
    lines = []
    for key in keys:
        shares = [side.get(key, np.array([])) for side in sides]
        n = len(shares[0]), len(shares[1])
        figures = [mean(s, 0) if len(s) >= ENOUGH else none(f"fewer than {ENOUGH} answers", len(s)) for s in shares]
        apart = difference(*shares) if min(n) >= ENOUGH else none(f"fewer than {ENOUGH} answers on a side", sum(n))
        warning = _warning(versions[0].get(key, set()), versions[1].get(key, set()))
        lines.append(Line(key, n, figures[0], figures[1], apart, warning))
    shared = len(_numbered(one) & _numbered(other))
    return Comparison(names, lines, (one.people, other.people), shared)


def _first(results: Results) -> pd.DataFrame:
    return results.answers[results.answers["vote"] == 1]


def _numbered(results: Results) -> set[str]:
    """The people of exported records, whose numbers are the same each time; a room gives out new ones."""
    return set(map(str, results.answers.loc[results.answers["source"] != "room", "person"].unique()))


def _asked(results: Results) -> list[str]:
    first = _first(results)
    scored = set(first.loc[first["share"].notna(), "item"].unique())
    return [key for key in results.asked if key in scored]


def _shares(results: Results) -> dict[str, Any]:
    groups = _first(results).dropna(subset=["share"]).groupby("item", observed=True)["share"]
    return {str(key): own.to_numpy() for key, own in groups}


def _versions(results: Results) -> dict[str, set[str]]:
    groups = _first(results).groupby("item", observed=True)["version"]
    return {str(key): set(map(str, own.unique())) for key, own in groups}


def _warning(one: set[str], other: set[str]) -> str:
    if not one or not other:
        return ""
    if "" in one | other:
        return "It is not known which version of the item was answered."
    if one != other:
        return "The two classes answered different versions of this item."
    return "" if len(one) == 1 else "Both classes answered several versions of this item."
