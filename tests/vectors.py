"""The worked cases of ``vectors.json``, as calls to the grader."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from items import best, mark, pick, rank, rate

VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))["vectors"]

Call = tuple[Any, Any, Any]
Read = Callable[[dict[str, Any]], float]


def as_call(vector: dict[str, Any]) -> tuple[Call, Read]:
    """The case as item, answer and certainty, and what reads its number off the result."""
    return _FAMILIES[vector["family"]](vector["input"])


def expected(vector: dict[str, Any]) -> float:
    number = vector["expected"]
    if isinstance(number, dict):
        number = number["AGG" if vector["family"] == "sct" else "score"]
    return float(number)


def _marks(result: dict[str, Any]) -> float:
    return float(result["marks"])


def _ukfpo_rank(given: dict[str, Any]) -> tuple[Call, Read]:
    return (rank(**given["key"]), {id: place for id, place in given["response"].items() if place}, None), _marks


def _ukfpo_cell(given: dict[str, Any]) -> tuple[Call, Read]:
    item = rank(**{f"o{place}": place for place in range(1, 6)})
    return (item, {f"o{given['key_rank']}": given["given_rank"]}, None), _marks


def _ukfpo_choose(given: dict[str, Any]) -> tuple[Call, Read]:
    item = pick(3, **{id: id in given["key"] for id in "ABCDEFGH"[: given["options"]]})
    return (item, given["selected"], None), _marks


def _order(given: dict[str, Any]) -> Call:
    places = ({id: place for place, id in enumerate(given[name], 1)} for name in ("key", "response"))
    return rank(**next(places)), next(places), None


def _preview(given: dict[str, Any]) -> tuple[Call, Read]:
    scale = ["VI", "I", "E", "VE"]
    return (rate(o=scale.index(given["key"]) + 1), {"o": scale.index(given["rating"]) + 1}, None), _marks


def _concordance(given: dict[str, Any]) -> tuple[Call, Read]:
    # Five points there, four here: leave out one that is neither the answer nor the mode.
    left_out = "-1" if given["response"] == "-2" else "-2"
    points = [point for point in given["panel"] if point != left_out]
    item = rate(o=tuple(given["panel"][point] for point in points))
    return (item, {"o": points.index(given["response"]) + 1}, None), _marks


def _certainty(given: dict[str, Any]) -> tuple[Call, Read]:
    answer = "right" if given["fraction"] else "wrong"
    return (best(right=1, wrong=0), answer, given["certainty"]), lambda result: float(result["certainty"]["marks"])


def _mark_words(given: dict[str, Any]) -> tuple[Call, Read]:
    words = given["text"].replace(",", "").replace(".", "").split()
    return (mark(**{word.strip("*"): word.startswith("*") for word in words}), given["selected"], None), _marks


def _plus_minus(given: dict[str, Any]) -> Call:
    keyed, wrong = [f"r{n}" for n in range(given["keys"])], [f"w{n}" for n in range(given["wrong"])]
    return pick("any", **{id: id in keyed for id in keyed + wrong}), keyed[: given["right"]] + wrong, None


_FAMILIES: dict[str, Callable[[dict[str, Any]], tuple[Call, Read]]] = {
    "ukfpo_rank5": _ukfpo_rank,
    "ukfpo_cell": _ukfpo_cell,
    "ukfpo_choose3": _ukfpo_choose,
    # The same distances: GPST counts them down from 12, Moodle takes the marks as a fraction.
    "gpst_rank12": lambda given: (_order(given), lambda result: 12 * result["share"]),
    "moodle_ordering": lambda given: (_order(given), lambda result: result["marks"] / result["out_of"]),
    "aamc_preview": _preview,
    "sct": _concordance,
    "cbm": _certainty,
    "h5p_mark_words": _mark_words,
    "multi_plusminus": lambda given: (_plus_minus(given), _marks),
    # Canvas spreads an item's points over the keyed options.
    "multi_canvas": lambda given: (_plus_minus(given), lambda result: result["share"] * given["points"]),
}
