"""Answers of the same people twice: two votes in a room, and before and after the course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .change import Gain, gain, moves, normalised_gain
from .estimate import Estimate, mean, none
from .results import Results

COURSE, OTHER = "as the course", "otherwise"
LEAST_ITEMS = 5  # of a form's ten: with fewer a person's mean says too little


@dataclass(frozen=True, eq=False)
class Second:
    """One item's two votes, over the ``n`` who gave both. ``flow``: ``from``, ``to``, ``n``.

    ``first`` and ``second`` are mean shares; ``gain`` their difference person by person; ``normalised`` Hake's. All four say
    why where there is none. ``moved`` gave another answer the second time; ``toward`` of them came to a higher share.
    """

    item: str
    n: int
    flow: pd.DataFrame
    first: Estimate
    second: Estimate
    gain: Estimate
    normalised: Estimate
    moved: int
    toward: int


def seconds(results: Results, enough: int = 5) -> list[Second]:
    """What each item's second vote changed; under five people there are counts of who answered, and nothing else."""
    answers = results.answers[results.answers["source"] != "check"]
    second = answers[answers["vote"] == 2]
    found = []
    twice = set(second["item"].unique())
    for key in (key for key in results.asked if key in twice):
        own = answers[answers["item"] == key]
        both = [own[own["vote"] == vote].set_index("person") for vote in (1, 2)]
        people = both[0].index.astype(object).intersection(both[1].index.astype(object))
        if not len(people):
            continue
        one, two = (side.set_axis(side.index.astype(object)).loc[people] for side in both)
        found.append(_second(str(key), results.items[key], one, two, enough))
    return found


def _second(key: str, meta: dict[str, object], one: pd.DataFrame, two: pd.DataFrame, enough: int) -> Second:
    n = len(one)
    shares = one["share"].to_numpy(), two["share"].to_numpy()
    scored = not (np.isnan(shares[0]).any() or np.isnan(shares[1]).any())
    why = f"fewer than {enough} people" if n < enough else "" if scored else "not scored"
    changed = sum(a != b for a, b in zip(one["answer"].map(_plain), two["answer"].map(_plain), strict=True))
    nothing = none(why, n)
    figures = (
        (nothing,) * 4
        if why
        else (
            mean(shares[0], 0),
            mean(shares[1], 0),
            mean(shares[1] - shares[0]),
            normalised_gain(float(shares[0].mean()), float(shares[1].mean())),
        )
    )
    # A crisis scene's answers are drawn nowhere; five people or more, or the flow would show who moved.
    drawn = n >= enough and not meta.get("crisis")
    flow = moves(_states(meta, one), _states(meta, two)) if drawn else moves(*(pd.Series([], dtype=str),) * 2)
    toward = int((shares[1] > shares[0] + 1e-9).sum()) if scored else 0
    return Second(key, n, flow, *figures, changed, toward)


def _states(meta: dict[str, object], answers: pd.DataFrame) -> pd.Series:
    """What is told apart in the flow: the options of a ``best`` item, elsewhere as the course or otherwise."""
    if meta["format"] == "best":
        return answers["answer"].astype(str)
    return pd.Series(np.where(answers["verdict"] == "match", COURSE, OTHER), index=answers.index)


def _plain(answer: object) -> str:
    if isinstance(answer, dict):
        return repr(sorted(answer.items()))
    return repr(sorted(answer, key=repr) if isinstance(answer, list) else answer)


def check_gain(answers: pd.DataFrame, enough: int = 5) -> Gain | None:
    """Before and after, from each person's mean share of at least five items a side; None under five such people."""
    check = answers[(answers["source"] == "check") & answers["share"].notna()]
    sides = check.groupby(["person", "vote"], observed=True)["share"].agg(["mean", "size"])
    sides = sides[sides["size"] >= LEAST_ITEMS]["mean"].unstack("vote")
    if not {1, 2} <= set(sides.columns):
        return None
    sides = sides.dropna()
    if len(sides) < enough:
        return None
    before = check[check["vote"] == 1].drop_duplicates("person").set_index("person")["form"]
    first = [str(form) for form in before.astype(object).loc[list(sides.index)]]
    return gain(sides[1].to_numpy(), sides[2].to_numpy(), first)
