"""From graded answers to tables. A pattern is one answer to one item, graded once for all who gave it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

MARKED, UNMARKED = "marked", "not marked"
FLAGS = {True: MARKED, False: UNMARKED, None: ""}


class Pattern(NamedTuple):
    """What the grader says of one answer; ``parts``: id, given, key, marks, out_of, with given and key as text."""

    marks: float
    out_of: float
    share: float
    verdict: str
    lean: float
    ending: str
    parts: list[tuple[str, str, str, float, float]]


def pattern(meta: Mapping[str, Any], answer: Any, grade: Callable[..., dict[str, Any]]) -> Pattern | str:
    """An answer graded, or the sentence that says why it cannot be. A crisis scene has no score and no parts."""
    try:
        result = grade(meta["item"], answer)
    except ValueError as error:
        return f"The answer no longer fits the item. {error}"
    except RecursionError:
        return "The answer no longer fits the item. It has lists within lists."
    nan = float("nan")
    if meta.get("crisis"):
        return Pattern(nan, nan, nan, "open", nan, "", [])
    scored = result["share"] is not None
    parts = [
        (
            str(part["id"]),
            as_text(part["given"]),
            _keys(part["key"]) if scored else "",
            part["marks"] if scored else nan,
            part["out_of"] if scored else nan,
        )
        for part in result["parts"]
    ]
    return Pattern(
        result["marks"] if scored else nan,
        result["out_of"] if scored else nan,
        result["share"] if scored else nan,
        result["verdict"],
        nan if (lean := result.get("lean")) is None else lean,
        result.get("ending") or "",
        parts,
    )


def as_text(value: Any) -> str:
    """What was given for a part, in one word: an id as it is, a number in its shortest form, marked or not marked."""
    if value is None or value is True or value is False:
        return FLAGS[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def _keys(key: Any) -> str:
    return "|".join(map(as_text, key)) if isinstance(key, list) else as_text(key)


def read(
    rows: list[tuple[Any, ...]],
    patterns: list[Pattern],
    items: Mapping[str, Mapping[str, Any]],
    answer_columns: list[str],
    part_columns: list[str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers and their parts as tables. A row: person, item, vote, source, answer, certainty, form, time, version,
    and the number of its pattern."""
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(10)]
    person, item, vote, source, answer, certainty, form, time, version, number = columns
    at = np.array(number, dtype=np.int64)
    asked = {key: index for index, key in enumerate(items)}
    items_at = np.fromiter((asked[key] for key in item), dtype=np.int64, count=len(item))
    people, people_at = np.unique(np.array(person, dtype=object), return_inverse=True)

    def of_item(name: str) -> pd.Categorical:
        values = [str(meta.get(name, "")) for meta in items.values()]
        return pd.Categorical([values[place] for place in items_at], categories=list(dict.fromkeys(values)))

    def numbers(name: str) -> np.ndarray[Any, Any]:
        return np.array([getattr(one, name) for one in patterns], dtype=float)[at]

    def words(name: str) -> pd.Categorical:
        values = [getattr(one, name) for one in patterns]
        distinct = list(dict.fromkeys(values))
        codes = np.array([distinct.index(value) for value in values], dtype=np.int64)
        return pd.Categorical.from_codes(codes[at], categories=distinct)

    current = np.array([str(meta.get("version") or "") for meta in items.values()], dtype=object)
    given = np.array(version, dtype=object)
    answered = pd.Series(given, dtype=object)
    older = (answered != "") & (answered.to_numpy() != current[items_at] if len(items_at) else False)
    whole = {
        "person": pd.Categorical.from_codes(people_at, categories=list(people)),
        "item": pd.Categorical.from_codes(items_at, categories=list(items)),
        "vote": np.array(vote, dtype=np.int8),
        "source": pd.Categorical(source),
        "form": pd.Categorical(form),
        "answer": pd.Series(answer, dtype=object),
        "certainty": np.array([np.nan if c is None else c for c in certainty], dtype=float),
        "time": pd.Categorical(time),
        "version": pd.Categorical(version),
        "older": older.to_numpy(dtype=bool),
        **{name: numbers(name) for name in ("marks", "out_of", "share", "lean")},
        **{name: words(name) for name in ("verdict", "ending")},
        "chapter": of_item("chapter"),
        "zone": of_item("zone"),
    }
    answers = pd.DataFrame(whole)[answer_columns]
    return answers, _parts(answers, patterns, at)[part_columns]


def _parts(answers: pd.DataFrame, patterns: list[Pattern], at: np.ndarray[Any, Any]) -> pd.DataFrame:
    """One row a part, every pattern's parts repeated for each who gave it."""
    flat = [part for one in patterns for part in one.parts]
    sizes = np.array([len(one.parts) for one in patterns], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes)))[:-1].astype(np.int64)
    each = sizes[at]
    row = np.repeat(np.arange(len(at)), each)
    within = np.arange(len(row)) - np.repeat(np.cumsum(each) - each, each)
    taken = starts[at][row] + within if len(row) else np.array([], dtype=np.int64)
    table = {name: answers[name].take(row).reset_index(drop=True) for name in ("person", "item", "vote")}
    for place, name in enumerate(("part", "given", "key")):
        distinct = list(dict.fromkeys(part[place] for part in flat))
        numbered = {word: code for code, word in enumerate(distinct)}
        codes = np.array([numbered[str(part[place])] for part in flat], dtype=np.int64)
        table[name] = pd.Series(pd.Categorical.from_codes(codes[taken], categories=distinct))
    for place, name in ((3, "marks"), (4, "out_of")):
        table[name] = pd.Series(np.array([part[place] for part in flat], dtype=float)[taken])
    return pd.DataFrame(table)


def hand_counts(
    hand: Mapping[str, Any], items: Mapping[str, Mapping[str, Any]], aside: Counter[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    """Counted hands, one line for each thing that hands were raised for; what is no count is set aside."""
    key, vote, counts = hand.get("item"), hand.get("vote"), hand.get("counts")
    meta = items.get(key) if isinstance(key, str) else None
    if meta is None or not meta["item"] or vote not in (1, 2) or not isinstance(counts, Mapping):
        aside[str(key) if meta else "?", "These hands were counted for no item, or for no vote."] += 1
        return
    format, start = meta["format"], meta["item"].get("start", "")
    for option, count in counts.items():
        if isinstance(count, Mapping):
            lines = [(str(option), str(given), n) for given, n in count.items()]
        elif isinstance(count, (list, tuple)):
            lines = [(str(option), str(place), n) for place, n in enumerate(count, 1)]
        elif format in ("pick", "mark"):
            lines = [(str(option), MARKED, count)]
        else:
            lines = [(start if format == "path" else "answer", str(option), count)]
        for part, given, n in lines:
            if type(n) is int and 0 <= n <= 1_000_000:
                yield {"item": key, "vote": vote, "part": part, "given": given, "n": n}
            else:
                aside[str(key), "A count of hands is a whole number from 0."] += 1
