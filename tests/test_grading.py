"""The grader's rules and refusals, and that the page's Python and the notebook's agree on them."""

from __future__ import annotations

import ast
import copy
import itertools
import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from items import (
    FORMATS,
    LEVELS,
    answers,
    bad_answer,
    best,
    broken,
    estimate,
    good_answer,
    items,
    json_values,
    mark,
    path,
    pick,
    rank,
    rate,
    some_item,
    sort,
    with_stances,
)
from micropython import MicroPython
from vectors import VECTORS, as_call, expected

from widgets import grading
from widgets.grading import AnswerError, course_answer, grade

FIVE = rank(a=1, b=2, c=3, d=4, e=5)
SORT = sort(["mine", "theirs", "nobody's"], a="mine", b=["theirs", "nobody's"])
WALK = path({"door": {"in": (4, "talk"), "out": (1, "home")}, "talk": {"yes": (0, "home"), "no": (2, "home")}}, "home")
SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=150)
NO_JSON = "not JSON in UTF-8"


def places(order: str) -> dict[str, int]:
    """``"213"`` puts a second, b first and c third."""
    return {id: int(place) for id, place in zip("abcde", order, strict=False)}


@pytest.fixture(scope="module")
def page() -> Iterator[MicroPython]:
    """The page's interpreter."""
    with MicroPython() as runtime:
        yield runtime


# The rules: what is graded, the answer, marks, out_of, share.

RULES: dict[str, tuple[dict[str, Any], Any, float, float, float]] = {
    "best: the best option has full marks": (best(a=4, b=2, c=0), "a", 4, 4, 1),
    "best: a lesser option has its own marks": (best(a=4, b=2, c=0), "b", 2, 4, 0.5),
    "best: the worst option has none": (best(a=4, b=2, c=0), "c", 0, 4, 0),
    "best: marks are out of the highest, which need not be 4": (best(a=1, b=3), "a", 1, 3, 1 / 3),
    "best: two may be best": (best(a=3, b=3, c=0), "b", 3, 3, 1),
    "pick 2: each keyed pick has 4 marks": (pick(2, a=True, b=True, c=False), ["b", "a"], 8, 8, 1),
    "pick 2: a pick that is not keyed costs nothing": (pick(2, a=True, b=True, c=False), ["a", "c"], 4, 8, 0.5),
    "pick 2: too few picks score as they are": (pick(2, a=True, b=True, c=False), ["a"], 4, 8, 0.5),
    "pick 2: no pick is an answer": (pick(2, a=True, b=True, c=False), [], 0, 8, 0),
    "pick 2: three picks have 0 for the item": (pick(2, a=True, b=True, c=False), ["a", "b", "c"], 0, 8, 0),
    "pick 1: of two keyed ones either will do": (pick(1, a=True, b=True, c=False), ["b"], 4, 4, 1),
    "pick any: all the keyed ones and no other": (pick("any", a=True, b=True, c=False), ["a", "b"], 2, 2, 1),
    "pick any: a wrong pick takes a right one away": (pick("any", a=True, b=True, c=False), ["a", "b", "c"], 1, 2, 0.5),
    "pick any: no item is below 0": (pick("any", a=True, b=False, c=False), ["b", "c"], 0, 1, 0),
    "pick any: nothing keyed and nothing picked": (pick("any", a=False, b=False), [], 1, 1, 1),
    "pick any: nothing keyed and one picked": (pick("any", a=False, b=False), ["a"], 0, 1, 0),
    "rate: on the key": (rate(a=2, b=4), {"a": 2, "b": 4}, 2, 2, 1),
    "rate: one step off on the same side has a half": (rate(a=2, b=4), {"a": 1, "b": 3}, 1, 2, 0.5),
    "rate: across the middle has nothing": (rate(a=2, b=3), {"a": 3, "b": 2}, 0, 2, 0),
    "rate: an option left out has nothing": (rate(a=2, b=4), {"a": 2}, 1, 2, 0.5),
    "rate: of several defensible levels the best counts": (rate(a=[1, 2], b=[3, 4]), {"a": 2, "b": 3}, 2, 2, 1),
    "rate: a list of one is that one": (rate(a=[1]), {"a": 2}, 0.5, 1, 0.5),
    "rate: the panel's mode has full marks": (rate(a=(2, 3, 7, 3)), {"a": 3}, 1, 1, 1),
    "rate: a panel's minority has its part of the mode": (rate(a=(2, 3, 7, 3)), {"a": 1}, 2 / 7, 1, 2 / 7),
    "rate: a level that nobody on the panel chose": (rate(a=(0, 3, 7, 3)), {"a": 1}, 0, 1, 0),
    "rank: in order": (FIVE, places("12345"), 20, 20, 1),
    "rank: back to front is the floor": (FIVE, places("54321"), 8, 20, 0),
    "rank: two neighbours swapped": (FIVE, places("21345"), 18, 20, 10 / 12),
    "rank: those that share a rank have 0 each": (FIVE, places("12344"), 12, 20, 4 / 12),
    "rank: all at one rank": (FIVE, places("33333"), 0, 20, 0),
    "rank: one left out has 0 and the rest stand": (FIVE, places("1234"), 16, 20, 8 / 12),
    "rank: below the floor is share 0": (FIVE, places("1"), 4, 20, 0),
    "rank: two, in order": (rank(a=1, b=2), {"a": 1, "b": 2}, 2, 2, 1),
    "rank: two, swapped": (rank(a=1, b=2), {"a": 2, "b": 1}, 0, 2, 0),
    "sort: each in its group": (SORT, {"a": "mine", "b": "theirs"}, 2, 2, 1),
    "sort: either of two defensible groups": (SORT, {"a": "mine", "b": "nobody's"}, 2, 2, 1),
    "sort: the wrong group": (SORT, {"a": "theirs", "b": "mine"}, 0, 2, 0),
    "sort: one left out": (SORT, {"b": "theirs"}, 1, 2, 0.5),
    "mark: every keyed span and no other": (mark(a=True, b=False, c=True), ["a", "c"], 2, 2, 1),
    "mark: a false alarm takes a hit away": (mark(a=True, b=False, c=True), ["a", "b", "c"], 1, 2, 0.5),
    "mark: nothing marked": (mark(a=True, b=False, c=True), [], 0, 2, 0),
    "mark: no item is below 0": (mark(a=True, b=False, c=False), ["b", "c"], 0, 1, 0),
    "mark: null counts neither way": (mark(a=True, b=None, c=None), ["a", "b"], 1, 1, 1),
    "mark: nothing keyed and nothing marked": (mark(a=False, b=None), [], 1, 1, 1),
    "mark: nothing keyed and a null span marked": (mark(a=False, b=None), ["b"], 1, 1, 1),
    "mark: nothing keyed and one marked": (mark(a=False, b=None), ["a"], 0, 1, 0),
    "estimate: within full, the bound included": (estimate(25, 2, 10), 27, 1, 1, 1),
    "estimate: just beyond full": (estimate(25, 2, 10), 27.001, 0.5, 1, 0.5),
    "estimate: within half, the bound included": (estimate(25, 2, 10), 15, 0.5, 1, 0.5),
    "estimate: beyond half": (estimate(25, 2, 10), 14.9, 0, 1, 0),
    "estimate: binary fractions do not move a bound": (estimate(0.1, 0.2), 0.1 + 0.2, 1, 1, 1),
    "estimate: the slack grows with the key": (estimate(1e9, 0), 1e9 + 0.5, 1, 1, 1),
    "estimate: the slack is never a tolerance": (estimate(1e9, 0), 1e9 + 2, 0, 1, 0),
    "path: the best at each step": (WALK, ["in", "no"], 6, 6, 1),
    "path: each decision against the best open to it": (WALK, ["in", "yes"], 4, 6, 4 / 6),
    "path: a short way ends without the steps that it skips": (WALK, ["out"], 1, 4, 0.25),
    "path: a prefix counts the steps reached": (WALK, ["in"], 4, 4, 1),
}


@pytest.mark.parametrize(("item", "answer", "marks", "out_of", "share"), RULES.values(), ids=RULES)
def test_an_answer_has_the_marks_that_its_rule_gives(
    item: Any, answer: Any, marks: float, out_of: float, share: float
) -> None:
    result = grade(item, answer)
    assert (result["format"], result["marks"], result["out_of"]) == (item["format"], marks, out_of)
    assert result["share"] == pytest.approx(share, abs=1e-12)
    assert result["verdict"] == ("match" if share == 1 else "close" if share >= 0.5 else "apart")


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_worked_case_comes_out_as_its_source_has_it_on_both_interpreters(vector: Any, page: MicroPython) -> None:
    call, read = as_call(vector)
    for result in (grade(*call), page.grade([call])[0]["result"]):
        assert read(result) == pytest.approx(expected(vector), abs=vector["tolerance"])


def test_every_order_of_five_has_its_published_total() -> None:
    totals = Counter(grade(FIVE, dict(zip("abcde", order, strict=True)))["marks"] for order in _orders(5))
    assert totals == {8: 20, 10: 24, 12: 35, 14: 24, 16: 12, 18: 4, 20: 1}


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_the_lowest_order_of_any_length_has_share_0(n: int) -> None:
    item = rank(**{f"o{place}": place for place in range(1, n + 1)})
    results = [grade(item, {f"o{i}": place for i, place in enumerate(order, 1)}) for order in _orders(n)]
    assert min(result["marks"] for result in results) == n * (n - 1) - n * n // 2
    assert min(results, key=lambda result: result["marks"])["share"] == 0
    assert sorted(result["share"] for result in results if result["share"] > 0)[0] > 0


def _orders(n: int) -> Iterator[tuple[int, ...]]:
    return itertools.permutations(range(1, n + 1))


# The result.

PARTS = {
    "best": (best(a=4, b=2), "b", [("answer", "b", "a", 2, 4)]),
    "best, two best": (best(a=4, b=4, c=0), "c", [("answer", "c", ["a", "b"], 0, 4)]),
    "pick 1": (pick(1, a=True, b=False), ["a"], [("a", True, True, 4, 4), ("b", False, False, 0, 0)]),
    "pick any": (pick("any", a=True, b=False), ["b"], [("a", False, True, 0, 1), ("b", True, False, -1, 0)]),
    "rate": (rate(a=1, b=[3, 4]), {"a": 2}, [("a", 2, 1, 0.5, 1), ("b", None, [3, 4], 0, 1)]),
    "rate, panel": (rate(a=(0, 4, 1, 4)), {"a": 3}, [("a", 3, [2, 4], 0.25, 1)]),
    "rank": (rank(a=2, b=1), {"b": 1}, [("a", None, 2, 0, 1), ("b", 1, 1, 1, 1)]),
    "sort": (SORT, {"a": "theirs"}, [("a", "theirs", "mine", 0, 1), ("b", None, ["theirs", "nobody's"], 0, 1)]),
    "mark": (
        mark(a=True, b=False, c=None),
        ["b", "c"],
        [("a", False, True, 0, 1), ("b", True, False, -1, 0), ("c", True, None, 0, 0)],
    ),
    "estimate": (estimate(25, 1, 5), 28.5, [("answer", 28.5, 25, 0.5, 1)]),
    "path": (WALK, ["in", "yes"], [("door", "in", "in", 4, 4), ("talk", "yes", "no", 0, 2)]),
}


@pytest.mark.parametrize(("item", "answer", "parts"), PARTS.values(), ids=PARTS)
def test_parts_say_for_each_option_what_was_given_and_what_it_earned(item: Any, answer: Any, parts: Any) -> None:
    names = ("id", "given", "key", "marks", "out_of")
    assert grade(item, answer)["parts"] == [dict(zip(names, part, strict=True)) for part in parts]


@pytest.mark.parametrize("format", FORMATS)
def test_a_result_has_these_fields_and_no_others(format: str) -> None:
    item = some_item(format, Random(format), scored=True)
    fields = {"format", "marks", "out_of", "share", "verdict", "parts"} | ({"ending"} if format == "path" else set())
    result = grade(item, course_answer(item))
    assert result.keys() - {"lean"} == fields
    assert grade(item, course_answer(item), 1).keys() - {"lean"} == fields | {"certainty"}
    assert all(part.keys() == {"id", "given", "key", "marks", "out_of"} for part in result["parts"])


def test_an_ending_is_reported_once_the_path_has_one() -> None:
    assert grade(WALK, ["in"])["ending"] is None
    assert grade(WALK, ["in", "no"])["ending"] == "home"
    assert grade(WALK, ["out"])["ending"] == "home"


@pytest.mark.parametrize("format", FORMATS)
def test_an_open_item_says_what_was_chosen_and_scores_nothing(format: str) -> None:
    random = Random(format)
    item = some_item(format, random, scored=False)
    answer = good_answer(item, random)
    result = grade(item, answer, 3)
    assert (result["marks"], result["out_of"], result["share"], result["verdict"]) == (0, 0, None, "open")
    assert result["certainty"] == {"level": 3, "marks": 0}
    assert "lean" not in result
    chosen = [part["given"] for part in grade({**item, "scored": True}, answer)["parts"]]
    assert [part["given"] for part in result["parts"]] == chosen
    assert all((part["key"], part["marks"], part["out_of"]) == (None, 0, 0) for part in result["parts"])
    assert course_answer(item) is None


def test_an_open_item_needs_no_keys() -> None:
    options = [{"id": "a"}, {"id": "b"}]
    graph = {"start": "s", "steps": {"s": {"options": [{"id": "a", "next": "e"}]}}, "endings": {"e": "It ends."}}
    for item, answer in [
        ({"format": "best", "options": options}, "a"),
        ({"format": "pick", "choose": "any", "options": options}, ["a"]),
        ({"format": "pick", "choose": 1, "options": options}, ["a"]),
        ({"format": "rate", "options": options}, {"a": 1}),
        ({"format": "rank", "options": options}, {"a": 1}),
        ({"format": "sort", "options": options, "categories": ["x"]}, {"a": "x"}),
        ({"format": "mark", "spans": options}, ["b"]),
        ({"format": "estimate"}, 3),
        ({"format": "path", **graph}, ["a"]),
    ]:
        assert grade({**item, "scored": False}, answer)["verdict"] == "open"


# Certainty and lean.


@pytest.mark.parametrize(("level", "right", "wrong"), [(1, 1, 0), (2, 2, -2), (3, 3, -6)])
def test_certainty_follows_gardner_medwins_table(level: int, right: int, wrong: int) -> None:
    item = best(a=1, b=0)
    assert grade(item, "a", level)["certainty"] == {"level": level, "marks": right}
    assert grade(item, "b", level)["certainty"] == {"level": level, "marks": wrong}


@pytest.mark.parametrize(("lower", "upper", "break_even"), [(1, 2, 2 / 3), (2, 3, 0.8)])
def test_the_next_level_of_certainty_pays_from_its_break_even(lower: int, upper: int, break_even: float) -> None:
    item = best(a=1, b=0)

    def mean(level: int, chance: float) -> float:
        right, wrong = (grade(item, id, level)["certainty"]["marks"] for id in "ab")
        return float(chance * right + (1 - chance) * wrong)

    assert mean(lower, break_even) == pytest.approx(mean(upper, break_even))
    assert mean(lower, break_even - 0.01) > mean(upper, break_even - 0.01)
    assert mean(lower, break_even + 0.01) < mean(upper, break_even + 0.01)


@pytest.mark.parametrize(("level", "marks"), [(1, 0.5), (2, 0), (3, -1.5)])
def test_a_share_of_one_half_is_halfway_between_right_and_wrong(level: int, marks: float) -> None:
    assert grade(best(a=4, b=2), "b", level)["certainty"]["marks"] == marks


LEANS = {
    "best: closer": (with_stances(best(a=4, b=0), a=0, b=2), "b", 1),
    "best: a little more distant": (with_stances(best(a=4, b=0), a=0, b=-1), "b", -0.5),
    "best: as the course": (with_stances(best(a=4, b=0), a=0, b=-1), "a", 0),
    "best: no stance": (with_stances(best(a=4, b=0), a=0), "b", None),
    "path: the mean of the choices": (with_stances(copy.deepcopy(WALK), **{"in": 2, "yes": 1}), ["in", "yes"], 0.75),
    "path: a choice without stance is left out": (with_stances(copy.deepcopy(WALK), yes=-2), ["in", "yes"], -1),
    "rate: a close act rated too high": (with_stances(rate(a=1), a=2), {"a": 3}, 1),
    "rate: a distant act rated too high": (with_stances(rate(a=1), a=-1), {"a": 2}, -0.5),
    "rate: a distant act rated too low": (with_stances(rate(a=4), a=-2), {"a": 1}, 1),
    "rate: on the key": (with_stances(rate(a=2), a=2), {"a": 2}, 0),
    "rate: measured from the nearest level": (with_stances(rate(a=[1, 2]), a=2), {"a": 3}, 1),
    "rate: the mean over those with a stance": (with_stances(rate(a=1, b=1), a=2), {"a": 2, "b": 4}, 1),
    "rate: one on the key halves it": (with_stances(rate(a=1, b=1), a=2, b=1), {"a": 2, "b": 1}, 0.5),
    "rate: an option left out has no lean": (with_stances(rate(a=1, b=1), a=2, b=2), {"b": 1}, 0),
    "rate: from the panel's mode": (with_stances(rate(a=(0, 5, 1, 0)), a=1), {"a": 3}, 0.5),
    "pick: has none": (with_stances(pick(1, a=True, b=False), a=2), ["a"], None),
}


@pytest.mark.parametrize(("item", "answer", "lean"), LEANS.values(), ids=LEANS)
def test_lean_is_the_direction_of_what_was_chosen(item: Any, answer: Any, lean: float | None) -> None:
    assert grade(item, answer).get("lean") == lean


# Refusals.

REFUSED: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "best: an id of another item, a list, nothing": (best(a=1, b=0), ["c", "", "A", ["a"], {"a": 1}, None, 0, True]),
    "pick: an unknown id": (pick("any", a=True, b=False), [["c"], ["a", "c"], [None], [["a"]], [1]]),
    "pick: an id twice": (pick(1, a=True, b=False), [["a", "a"]]),
    "pick: no list": (pick(1, a=True, b=False), ["a", {"a": True}, None, 1, True]),
    "mark: an unknown span": (mark(a=True, b=False), [["c"], [True]]),
    "mark: a span twice": (mark(a=True, b=False), [["b", "a", "b"]]),
    "mark: no list": (mark(a=True, b=False), ["ab", {}, None, 3]),
    "rate: an unknown id": (rate(a=1, b=2), [{"c": 1}, {"a": 1, "": 2}]),
    "rate: what is no level": (
        rate(a=1, b=2),
        [{"a": level} for level in (0, 5, True, 2.0, "2", None, [2], 10**30)],
    ),
    "rate: no map, an empty one": (rate(a=1, b=2), [{}, [], [["a", 1]], 1, "a", None]),
    "rank: an unknown id": (FIVE, [{"z": 1}]),
    "rank: what is no rank": (FIVE, [{"a": place} for place in (0, 6, -1, True, 2.0, "2", None, math.nan, 10**30)]),
    "rank: no map, an empty one": (FIVE, [{}, ["a", "b"], None]),
    "sort: an unknown id": (SORT, [{"c": "mine"}]),
    "sort: an unknown category": (SORT, [{"a": name} for name in ("ours", "", "Mine", None, 0, True, ["mine"])]),
    "sort: no map, an empty one": (SORT, [{}, ["mine"], "mine"]),
    "estimate: no number": (estimate(25, 1, 5), ["25", "", None, True, False, [25], {"answer": 25}]),
    "estimate: not finite": (estimate(25, 1, 5), [math.nan, math.inf, -math.inf]),
    "estimate: beyond 1e15": (estimate(25, 1, 5), [10**15 + 1, -1.1e15, 10**400, -(10**400)]),
    "path: an option after an ending": (WALK, [["out", "in"], ["in", "no", "no"]]),
    "path: an option of another step": (WALK, [["yes"], ["in", "out"]]),
    "path: no list, an empty one": (WALK, [[], "in", {"door": "in"}, None, [None], [["in"]]]),
}


@pytest.mark.parametrize(("item", "refused"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("scored", [True, False])
def test_an_answer_that_does_not_fit_is_refused_with_a_sentence(item: Any, refused: list[Any], scored: bool) -> None:
    for answer in refused:
        with pytest.raises(AnswerError, match=r"^[A-Z].+\.$"):
            grade({**item, "scored": scored}, answer)


def test_the_page_refuses_the_same_answers_in_the_same_words(page: MicroPython) -> None:
    calls = [(item, answer, None) for item, refused in REFUSED.values() for answer in refused]
    outcomes = page.grade(calls)
    for call, there in zip(calls, outcomes, strict=True):
        assert there in (here(*call), {"other": NO_JSON}), call
    assert outcomes.count({"other": NO_JSON}) == 4  # three of an estimate, one of a rank


@pytest.mark.parametrize("certainty", [0, 4, -1, True, False, 2.0, "2", "", [], [1], {}, math.nan, 10**30])
def test_a_certainty_that_is_not_1_2_or_3_is_refused(certainty: Any) -> None:
    with pytest.raises(AnswerError, match="1, 2 or 3"):
        grade(best(a=1, b=0), "a", certainty)


def test_an_answer_at_the_limit_of_numbers_is_taken() -> None:
    assert grade(estimate(25, 1, 5), 1e15)["marks"] == grade(estimate(25, 1, 5), -1e15)["marks"] == 0


def test_the_page_says_what_json_in_utf_8_cannot_carry(page: MicroPython) -> None:
    calls = [(best(a=1), "\ud800", None), (estimate(1), math.nan, None), (best(**{"\u2028é": 1}), "\u2028é", None)]
    first, second, third = page.grade(calls)
    assert first == second == {"other": NO_JSON}
    assert third["result"]["share"] == 1


BAD_ITEMS = {
    "nothing": (None, "a"),
    "a list": ([], "a"),
    "no format": ({}, "a"),
    "an unknown format": ({"format": "essay"}, "a"),
    "a format that is no text": ({"format": ["best"]}, "a"),
    "no options": ({"format": "best"}, "a"),
    "options that are no list": ({"format": "best", "options": 3}, "a"),
    "an option without id": ({"format": "best", "options": [{"marks": 1}]}, "a"),
    "all-zero marks": (best(a=0, b=0), "a"),
    "marks in words": (best(a="four", b=0), "a"),
    "a choice of none": (pick(0, a=True), []),
    "a choice of true": (pick(True, a=True), []),
    "a choice where nothing is keyed": (pick(1, a=False), []),
    "keyed with a word": (pick("any", a="yes"), []),
    "an empty list of levels": (rate(a=[]), {"a": 1}),
    "an all-zero panel": (rate(a=(0, 0, 0, 0)), {"a": 1}),
    "a rank of one": (rank(a=1), {"a": 1}),
    "a sort without categories": ({"format": "sort", "options": [{"id": "a", "key": "x"}]}, {"a": "x"}),
    "an estimate without key": ({"format": "estimate", "full": 1, "half": 2}, 3),
    "a path from nowhere": ({**WALK, "start": "nowhere"}, ["in"]),
    "a path to nowhere": (path({"door": {"in": (1, "nowhere")}}, "home"), ["in"]),
}


@pytest.mark.parametrize(("item", "answer"), BAD_ITEMS.values(), ids=BAD_ITEMS)
def test_a_bad_item_is_a_value_error_that_does_not_blame_the_reader(item: Any, answer: Any) -> None:
    with pytest.raises(ValueError, match=r"^This item cannot be graded") as caught:
        grade(item, answer)
    assert not isinstance(caught.value, AnswerError)


# What holds for every item and answer.


def test_the_grader_imports_nothing() -> None:
    tree = ast.parse(Path(grading.__file__).read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


@settings(SEEDED, max_examples=600)
@given(st.data())
def test_any_json_value_is_graded_or_refused(data: st.DataObject) -> None:
    item = data.draw(items())
    answer = data.draw(answers(item))
    certainty = data.draw(st.sampled_from((None, 1, 2, 3)) | json_values)
    before = copy.deepcopy((item, answer))
    try:
        result = grade(item, answer, certainty)
    except AnswerError:
        return
    finally:
        assert repr((item, answer)) == repr(before)
    assert 0 <= result["marks"] <= result["out_of"]
    if item.get("scored") is False:
        assert result["share"] is None
        return
    assert 0 <= result["share"] <= 1
    assert (result["verdict"] == "match") == (result["share"] == 1)
    assert -1 <= result.get("lean", 0) <= 1
    assert max(0, sum(part["marks"] for part in result["parts"])) == result["marks"] or _nothing_is_keyed(item)
    if not any("panel" in option for option in item.get("options", [])):
        assert (2 * result["marks"]) % 1 == 0
    if certainty is not None:
        assert (0, -2, -6)[certainty - 1] <= result["certainty"]["marks"] <= certainty
    assert json.loads(json.dumps(result)) == result


def _nothing_is_keyed(item: dict[str, Any]) -> bool:
    return not any(option["keyed"] for option in item.get("spans", item.get("options", [])))


@SEEDED
@given(items(scored=True))
def test_the_courses_answer_has_share_1(item: dict[str, Any]) -> None:
    result = grade(item, course_answer(item))
    assert (result["share"], result["verdict"]) == (1, "match")
    assert result["format"] != "path" or result["ending"] in item["endings"]


@SEEDED
@given(items("rank", "rate", "sort", scored=True), st.data())
def test_filling_in_what_was_left_out_never_lowers_the_share(item: dict[str, Any], data: st.DataObject) -> None:
    answer = good_answer(item, data.draw(st.randoms(use_true_random=False)))
    left_out = [option["id"] for option in item["options"] if option["id"] not in answer]
    ranks = [place for place in range(1, len(item["options"]) + 1) if place not in answer.values()]
    values = {"rank": ranks, "rate": LEVELS, "sort": item.get("categories")}[item["format"]]
    assume(left_out)
    fuller = {**answer, data.draw(st.sampled_from(left_out)): data.draw(st.sampled_from(values))}
    assert grade(item, fuller)["share"] >= grade(item, answer)["share"]


@SEEDED
@given(items("rank", scored=True), st.data())
def test_a_free_rank_nearer_the_key_never_scores_less(item: dict[str, Any], data: st.DataObject) -> None:
    n = len(item["options"])
    places = data.draw(st.permutations(range(1, n + 1)))
    moved = data.draw(st.sampled_from(item["options"]))
    others = [option["id"] for option in item["options"] if option is not moved]
    kept = dict(zip(data.draw(st.permutations(others)), places[2:], strict=False))
    near, far = sorted(places[:2], key=lambda place: abs(place - moved["key"]))
    assert grade(item, {**kept, moved["id"]: near})["share"] >= grade(item, {**kept, moved["id"]: far})["share"]


@pytest.mark.parametrize("key", [*LEVELS, [1, 2], [3, 4]])
def test_a_level_nearer_the_key_never_scores_less(key: int | list[int]) -> None:
    keys = key if isinstance(key, list) else [key]
    for near, far in itertools.product(LEVELS, LEVELS):
        if min(abs(near - k) for k in keys) < min(abs(far - k) for k in keys):
            assert grade(rate(o=key), {"o": near})["share"] >= grade(rate(o=key), {"o": far})["share"]


@SEEDED
@given(items("estimate", scored=True), st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from((1, -1)))
def test_a_number_nearer_the_key_never_scores_less(item: dict[str, Any], one: float, other: float, side: int) -> None:
    near, far = (grade(item, item["key"] + side * off)["share"] for off in sorted((one, other)))
    assert near >= far


# Two interpreters.


def here(item: Any, answer: Any, certainty: Any = None) -> dict[str, Any]:
    """What this interpreter makes of a call, in the terms of ``MicroPython.grade``."""
    try:
        return {"result": json.loads(json.dumps(grade(item, answer, certainty)))}
    except AnswerError as error:
        return {"answer_error": str(error)}
    except ValueError as error:
        return {"item_error": str(error)}


def same(one: Any, other: Any) -> bool:
    """Equal, numbers to 1e-12; a boolean is no number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


@pytest.mark.parametrize("format", FORMATS)
def test_both_interpreters_agree(format: str, page: MicroPython) -> None:
    random = Random(f"agree on {format}")
    calls = []
    for _ in range(1000):
        item = some_item(format, random)
        answer = random.choice((good_answer, bad_answer))(item, random)
        calls.append((item, answer, random.choice((None, None, None, 1, 2, 3, 1, 2, 3, "2"))))
    kinds: Counter[str] = Counter()
    for call, there in zip(calls, page.grade(calls), strict=True):
        assert same(here(*call), there), call
        kinds.update(list(there))
    assert kinds.keys() == {"result", "answer_error"}
    assert min(kinds.values()) > 200


@pytest.mark.parametrize("format", FORMATS)
def test_both_interpreters_agree_on_which_items_are_bad(format: str, page: MicroPython) -> None:
    random = Random(f"break {format}")
    calls = []
    for _ in range(300):
        item = some_item(format, random)
        calls.append((broken(item, random), good_answer(item, random), None))
    outcomes = page.grade(calls)
    for call, there in zip(calls, outcomes, strict=True):
        expected = here(*call)
        assert expected.keys() == there.keys(), call
        # An item error quotes the interpreter, and each has its own words.
        assert "item_error" in there or same(expected, there), call
    assert sum("item_error" in there for there in outcomes) > 100
