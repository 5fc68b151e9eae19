"""Everything a report says in numbers, from a class's results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from . import agreement, items, votes
from .calibration import CLAIMED, Brier, brier, curve
from .change import Gain
from .detection import Detection, detect
from .estimate import Estimate, Numbers, none
from .lean import leanings
from .options import options
from .patterns import MARKED, UNMARKED
from .results import Results

ENOUGH = 5  # answers, below which only counts are shown
COURSE, FORM_A, FORM_B = "the course’s items", "check, form a", "check, form b"


@dataclass(frozen=True)
class Test:
    """The items of one test as a whole; ``people`` answered every one of the ``items`` that half of the class answered."""

    name: str
    items: int
    people: int
    alpha: Estimate
    error: Estimate
    delta: Estimate


@dataclass(frozen=True, eq=False)
class Summary:
    """The numbers, each worked out when it is first asked for; ``all_numbers`` asks for every one.

    ``items``, one row an item in the class's order: ``item``, ``test``, ``n`` (people in the first vote), ``hands``,
    ``facility``, ``discrimination``, ``upper_lower`` (NaN where there is no figure), ``match``, ``close``, ``apart``
    (counts), ``older`` (answers to an older version) and ``why`` there is no figure, "" where there is one.
    """

    results: Results

    @cached_property
    def first(self) -> pd.DataFrame:
        return self.results.answers[self.results.answers["vote"] == 1]

    @cached_property
    def people(self) -> int:
        return self.results.people

    @cached_property
    def tests(self) -> dict[str, list[str]]:
        """The scored items of the course, and of each form of the check: a total is taken within these."""
        named: dict[str, list[str]] = {COURSE: [], FORM_A: [], FORM_B: []}
        scored = self.first[self.first["share"].notna()]
        form = scored.drop_duplicates("item").set_index("item")["form"].astype(object).to_dict()
        for key in (key for key in self.results.asked if key in form):
            named[{"a": FORM_A, "b": FORM_B}.get(form[key], COURSE)].append(key)
        return {name: keys for name, keys in named.items() if keys}

    @cached_property
    def _scores(self) -> dict[str, pd.DataFrame]:
        return {name: self.results.scores(keys) for name, keys in self.tests.items()}

    @cached_property
    def items(self) -> pd.DataFrame:
        answered = self.first["item"].value_counts()
        verdicts = self.first.groupby(["item", "verdict"], observed=True).size()
        older = self.first[self.first["older"]]["item"].value_counts()
        raised = self.options.groupby(["item", "part"], sort=False)["hands"].sum().groupby("item").max()
        figures: dict[str, tuple[str, float, float, float]] = {}
        for name, scores in self._scores.items():
            matrix = scores.to_numpy()
            columns = items.facility(matrix), items.discrimination(matrix), items.upper_lower(matrix)
            for place, key in enumerate(scores.columns):
                facility, r, upper = (float(column[place]) for column in columns)
                figures[str(key)] = (name, facility, r, upper)
        rows = []
        for key in self.results.asked:
            n = int(answered.get(key, 0))
            name, facility, r, upper = figures.get(key, ("", np.nan, np.nan, np.nan))
            if n < ENOUGH:
                facility = r = upper = np.nan
            counts = {verdict: int(verdicts.get((key, verdict), 0)) for verdict in ("match", "close", "apart")}
            row = {"item": key, "test": name, "n": n, "hands": int(raised.get(key, 0)), "facility": facility}
            row |= {"discrimination": r, "upper_lower": upper, **counts, "older": int(older.get(key, 0))}
            rows.append(row | {"why": self._why(key, n, facility, r)})
        columns_ = ["item", "test", "n", "hands", "facility", "discrimination", "upper_lower"]
        return pd.DataFrame(rows, columns=[*columns_, "match", "close", "apart", "older", "why"])

    def _why(self, key: str, n: int, facility: float, r: float) -> str:
        meta = self.results.items[key]
        if meta.get("crisis"):
            return "a crisis scene is not scored"
        if meta["item"].get("scored", True) is False:
            return "open: not scored"
        if n < ENOUGH:
            return f"fewer than {ENOUGH} answers"
        if np.isnan(r):
            scores = self.first.loc[self.first["item"] == key, "share"].dropna()
            return "everybody scored the same" if np.ptp(scores) < 1e-9 else "too little else was answered"
        return ""

    @cached_property
    def rest(self) -> Numbers:
        """Each person's mean on the other items of the same test, people by items in the categories' order."""
        person, item = (self.results.answers[name].cat.categories for name in ("person", "item"))
        whole = np.full((len(person), len(item)), np.nan)
        for scores in self._scores.values():
            rows, columns = person.get_indexer(scores.index), item.get_indexer(scores.columns)
            whole[np.ix_(rows, columns)] = items.rest(scores.to_numpy())
        return whole

    @cached_property
    def options(self) -> pd.DataFrame:
        """See ``options.options``."""
        return options(self.results, self.rest)

    @cached_property
    def wholes(self) -> list[Test]:
        """Each test as a whole, over the items that at least half of its people answered."""
        found = []
        for name, scores in self._scores.items():
            matrix = scores.to_numpy()
            wide = matrix[:, (~np.isnan(matrix)).sum(axis=0) * 2 >= len(matrix)]
            people = len(items.complete(wide)) if wide.shape[1] else 0
            few = none(f"fewer than {ENOUGH} people answered all of these items", people)
            if people < ENOUGH:
                found.append(Test(name, wide.shape[1], people, few, few, few))
                continue
            right = np.where(np.isnan(wide), np.nan, wide > 1 - 1e-9)
            figures = items.alpha(wide), items.standard_error(wide), items.ferguson_delta(right)
            found.append(Test(name, wide.shape[1], people, *figures))
        return found

    @cached_property
    def agreement(self) -> list[tuple[str, int, str, Estimate]]:
        """Item, people, measure and figure: how far the class agrees with itself where one item holds many judgements."""
        found = []
        counts = self.items.set_index("item")["n"]
        parts = self.results.parts[self.results.parts["vote"] == 1]
        wanted = [key for key in counts.index if counts[key] >= ENOUGH and self._rated(key)]
        for key, own in parts[parts["item"].isin(wanted)].groupby("item", observed=True, sort=False):
            found += [(str(key), int(counts[key]), *figure) for figure in _agreement(own, self.results.items[str(key)])]
        return found

    def _rated(self, key: str) -> bool:
        meta = self.results.items[key]
        return not meta.get("crisis") and meta["format"] in ("rate", "sort", "pick", "mark")

    @cached_property
    def second(self) -> list[votes.Second]:
        """From the first to the second vote, for each item that was voted on twice."""
        return votes.seconds(self.results)

    @cached_property
    def check(self) -> Gain | None:
        """The before-and-after check, None if fewer than five people have both sides."""
        return votes.check_gain(self.results.answers, ENOUGH)

    @cached_property
    def marking(self) -> list[tuple[str, int, Detection]]:
        """Item, people, and what signal detection says, for ``mark`` items with five answers or more."""
        found = []
        counts = self.items.set_index("item")["n"]
        parts = self.results.parts[self.results.parts["vote"] == 1]
        keys = [key for key in counts.index if counts[key] >= ENOUGH and self.results.items[key]["format"] == "mark"]
        tally = parts[parts["item"].isin(keys)].groupby(["item", "key", "given"], observed=True).size()
        for key in (key for key in keys if not self._why(key, ENOUGH, 0, 0)):
            hits, misses = (int(tally.get((key, MARKED, given), 0)) for given in (MARKED, UNMARKED))
            alarms, quiet = (int(tally.get((key, UNMARKED, given), 0)) for given in (MARKED, UNMARKED))
            found.append((key, int(counts[key]), detect(hits, hits + misses, alarms, alarms + quiet)))
        return found

    @cached_property
    def sure(self) -> pd.DataFrame:
        """First answers for which a certainty was given and a share is known."""
        return self.first[self.first["certainty"].notna() & self.first["share"].notna()]

    @cached_property
    def calibration(self) -> pd.DataFrame:
        """See ``calibration.curve``."""
        return curve(self.sure["certainty"].to_numpy(), self.sure["share"].to_numpy())

    @cached_property
    def brier(self) -> Brier:
        return brier(self.sure["certainty"].map(CLAIMED).to_numpy(dtype=float), self.sure["share"].to_numpy())

    @cached_property
    def lean(self) -> pd.DataFrame:
        """See ``lean.leanings``."""
        return leanings(self.results.answers)

    def all_numbers(self) -> dict[str, Any]:
        """Every figure of the report, by name."""
        names = (
            "items",
            "options",
            "wholes",
            "agreement",
            "second",
            "check",
            "marking",
            "calibration",
            "brier",
            "lean",
        )
        return {name: getattr(self, name) for name in names}


def _agreement(parts: pd.DataFrame, meta: dict[str, Any]) -> list[tuple[str, Estimate]]:
    people, person = np.unique(parts["person"].cat.codes, return_inverse=True)
    names, part = np.unique(parts["part"].cat.codes, return_inverse=True)
    given = np.full((len(people), len(names)), "", dtype=object)
    given[person, part] = parts["given"].astype(object)
    if meta["format"] == "rate":
        ratings = np.where(given == "", np.nan, np.where(given == "", "0", given).astype(float))
        single, average = agreement.icc(ratings.T[:, ~np.isnan(ratings).any(axis=1)])
        within = [agreement.r_wg(column).value or 0.0 for column in ratings.T]
        return [
            ("Krippendorff's alpha, ordinal", agreement.krippendorff_alpha(ratings, "ordinal")),
            ("ICC(A,1), one person", single),
            ("ICC(A,k), their mean", average),
            ("r_wg, mean over the options", Estimate(float(np.mean(within)), len(ratings))),
        ]
    whole = given[(given != "").all(axis=1)]
    words = sorted(set(whole.ravel()))
    table = np.array([(whole == word).sum(axis=0) for word in words], dtype=float).T
    kappa = agreement.fleiss_kappa(table) if len(whole) else none("nobody answered every part")
    return [("Fleiss' kappa", kappa)]
