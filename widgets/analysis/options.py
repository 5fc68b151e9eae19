"""What was chosen how often, and by whom: each option's share, and its correlation with the rest of the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .estimate import NOTHING, Numbers
from .patterns import MARKED
from .results import Results

LEVELS = ("1", "2", "3", "4")
BUCKETS = ("too low", "near, below", "as the course", "near, above", "too high")  # of an estimate
COLUMNS = ("item", "part", "given", "right", "n", "hands", "of", "share", "r")


def options(results: Results, rest: Numbers) -> pd.DataFrame:
    """One row for everything that could be given in the first vote, also if nobody gave it.

    ``item``, ``part``, ``given`` as in the parts; ``right`` (the course's own; None where nothing is scored), ``n``
    people and ``hands``, ``of`` how many (people and hands) gave anything for the part, ``share`` = (n + hands) / of, and ``r``,
    the correlation of giving it with a person's mean on all other items (people only; NaN where it has no spread).
    ``rest`` is that mean, people by items in the order of the categories of ``results.answers``. Crisis scenes have no rows.
    """
    parts = results.parts[(results.parts["vote"] == 1)]
    codes = [parts[name].cat.codes.to_numpy().astype(np.int64) for name in ("person", "item", "part", "given")]
    person, item, part, given = codes
    names = [list(parts[name].cat.categories) for name in ("item", "part", "given")]
    total = rest[person, item] if len(person) else np.array([])
    place = (item * max(1, len(names[1])) + part) * max(1, len(names[2])) + given
    distinct, at = np.unique(place, return_inverse=True)
    known = ~np.isnan(total)
    score = np.where(known, total, 0)
    sums: Numbers = np.stack(
        [np.bincount(at, weights=w, minlength=len(distinct)) for w in (known * 1.0, score, score * score)]
    )
    counts = np.bincount(at, minlength=len(distinct))
    found: dict[tuple[str, str], list[tuple[str, int, Numbers]]] = {}
    for index, code in enumerate(distinct):
        above, given_code = divmod(int(code), max(1, len(names[2])))
        item_code, part_code = divmod(above, max(1, len(names[1])))
        if text := names[2][given_code]:
            entry = (text, int(counts[index]), sums[:, index])
            found.setdefault((names[0][item_code], names[1][part_code]), []).append(entry)
    raised = _hands(results.hands)
    rows: list[tuple[Any, ...]] = []
    for key in results.asked:
        rows += _rows(key, results.items[key], found, raised)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def slots(meta: Mapping[str, Any]) -> Iterator[tuple[str, str, bool | None]]:
    """Part, what may be given for it, and whether that is the course's answer (None where nothing is scored)."""
    item = meta["item"]
    format, scored = item["format"], item.get("scored", True) is not False

    def right(holds: Any) -> bool | None:
        return bool(holds) if scored else None

    if format == "estimate":
        yield from (("answer", bucket, right(bucket == BUCKETS[2])) for bucket in BUCKETS)
    elif format in ("pick", "mark"):
        for option in item["options" if format == "pick" else "spans"]:
            yield option["id"], MARKED, right(option.get("keyed"))
    elif format in ("best", "path"):
        steps = {"answer": item} if format == "best" else item["steps"]
        for name, step in steps.items():
            most = max((option.get("marks") or 0) for option in step["options"])
            yield from ((name, o["id"], right((o.get("marks") or 0) == most)) for o in step["options"])
    else:
        places = LEVELS if format == "rate" else [str(n + 1) for n in range(len(item["options"]))]
        for option in item["options"]:
            for given in item["categories"] if format == "sort" else places:
                yield option["id"], given, right(given in _right(option))


def _right(option: Mapping[str, Any]) -> list[str]:
    if option.get("panel"):
        most = max(option["panel"])
        return [str(level) for level, n in enumerate(option["panel"], 1) if n == most]
    key = option.get("key")
    return [str(one) for one in (key if isinstance(key, list) else [key])]


def bucket(item: Mapping[str, Any], given: str) -> str:
    """Where a number lies beside the key of an estimate."""
    number, key = float(given), item["key"]
    off, slack = abs(number - key), 1e-9 * max(1, abs(key))
    if off <= item["full"] + slack:
        return BUCKETS[2]
    near = off <= item["half"] + slack
    return BUCKETS[(1 if near else 0) if number < key else (3 if near else 4)]


def _hands(hands: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    raised: dict[tuple[str, str, str], int] = {}
    for key, vote, part, given, n in hands.itertuples(index=False):
        if vote == 1:
            raised[key, part, given] = raised.get((key, part, given), 0) + n
    return raised


def _rows(
    key: str,
    meta: Mapping[str, Any],
    found: Mapping[tuple[str, str], list[tuple[str, int, Numbers]]],
    raised: Mapping[tuple[str, str, str], int],
) -> Iterator[tuple[Any, ...]]:
    if meta.get("crisis") or not meta.get("item"):
        return
    estimate = meta["format"] == "estimate"
    for part in dict.fromkeys(part for part, _, _ in slots(meta)):
        counted: dict[str, tuple[int, Numbers]] = {}
        for given, n, sums in found.get((key, part), []):
            name = bucket(meta["item"], given) if estimate else given
            before = counted.get(name, (0, np.zeros(3)))
            counted[name] = before[0] + n, before[1] + sums
        whole = np.sum([sums for _, sums in counted.values()], axis=0) if counted else np.zeros(3)
        shown = [(given, right) for p, given, right in slots(meta) if p == part]
        hands = {given: _raised(raised, meta, key, part, given) for given, _ in shown}
        of = sum(n for n, _ in counted.values()) + (_voters(meta, hands) if any(hands.values()) else 0)
        for given, right in shown:
            n, sums = counted.get(given, (0, np.zeros(3)))
            share = (n + hands[given]) / of if of else float("nan")
            yield key, part, given, right, n, hands[given], of, share, _r(sums, whole)


def _raised(
    raised: Mapping[tuple[str, str, str], int], meta: Mapping[str, Any], key: str, part: str, given: str
) -> int:
    if meta["format"] != "estimate":
        return raised.get((key, part, given), 0)
    values = [(value, n) for (item, _, value), n in raised.items() if item == key and _is_number(value)]
    return sum(n for value, n in values if bucket(meta["item"], value) == given)


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _voters(meta: Mapping[str, Any], hands: Mapping[str, int]) -> int:
    """How many raised a hand for this part. Where one may choose several, nobody counted those who chose nothing."""
    return sum(hands.values()) if meta["format"] not in ("pick", "mark") else max(hands.values())


def _r(one: Numbers, whole: Numbers) -> float:
    """The point-biserial correlation from sums over who gave it and over all: n, sum and sum of squares."""
    n, some = whole[0], one[0]
    if n < 3 or some < 1 or some > n - 1:
        return float("nan")
    variance = whole[2] / n - (whole[1] / n) ** 2
    if variance < NOTHING:
        return float("nan")
    share = some / n
    r = (one[1] / some - whole[1] / n) * (share / (1 - share)) ** 0.5 / variance**0.5
    return float(np.clip(r, -1, 1))
