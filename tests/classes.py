"""Classes for tests of the analysis: answers written short, and matrices that hypothesis makes."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from items import best, estimate, mark, path, pick, rank, rate, sort, with_stances

from widgets.analysis import Results, gather

SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=60)

ITEMS: dict[str, Any] = {
    "one/best": with_stances(best(stay=4, ask=2, leave=0), stay=0, ask=1, leave=-2),
    "one/pick": pick("any", a=True, b=True, c=False),
    "one/rate": rate(a=4, b=[1, 2], c=2),
    "one/rank": rank(a=1, b=2, c=3),
    "two/sort": sort(["mine", "theirs"], a="mine", b=["mine", "theirs"], c="theirs"),
    "two/mark": mark(a=True, b=False, c=False, d=None),
    "two/estimate": estimate(25, 2, 10),
    "two/path": path(
        {"gate": {"wait": (4, "bench"), "go": (0, "end")}, "bench": {"sit": (2, "end"), "talk": (4, "end")}}, "end"
    ),
    "two/open": {**best(yes=4, no=0), "scored": False},
    "two/crisis": best(call=4, wait=0),
}


def described(items: dict[str, Any] = ITEMS, **changed: Any) -> dict[str, Any]:
    """Items as ``gather`` takes them: in zone B, keyed by judgement, with a version."""
    return {
        key: {
            "item": item,
            "chapter": key.partition("/")[0],
            "zone": "B",
            "basis": "judgement",
            "version": "00000001",
            "crisis": key.endswith("crisis"),
            "ask": f"What about {key}?",
            "labels": {},
            **changed,
        }
        for key, item in items.items()
    }


def row(person: object, item: str, answer: Any, vote: int = 1, **more: Any) -> dict[str, Any]:
    return {"person": f"p{person}", "item": item, "vote": vote, "answer": answer, **more}


def voted(item: str, *answers: Any, vote: int = 1, **more: Any) -> list[dict[str, Any]]:
    """An answer each, by persons 0, 1, 2 …; None for one who did not answer."""
    return [row(n, item, answer, vote, **more) for n, answer in enumerate(answers) if answer is not None]


def a_class(*groups: list[dict[str, Any]], items: dict[str, Any] | None = None, **more: Any) -> Results:
    return gather([line for group in groups for line in group], items or described(), **more)


def matrices(least: int = 1, most: int = 9, gaps: bool = True, values: Any = None) -> st.SearchStrategy[Any]:
    """People by items: shares, some of them missing."""
    cells = st.sampled_from((0.0, 0.25, 1 / 3, 0.5, 2 / 3, 1.0)) if values is None else values
    filled = cells | st.just(float("nan")) if gaps else cells
    sizes = st.tuples(st.integers(least, most), st.integers(1, 6))
    return sizes.flatmap(lambda size: arrays(np.float64, size, elements=filled))
