from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from items import best, estimate, good_answer, items, mark, path, pick, rank, rate, sort

from widgets.classroom import tally
from widgets.classroom.messages import Refused

A_PATH = path({"one": {"a": (4, "two"), "b": (0, "end")}, "two": {"c": (4, "end"), "d": (0, "other")}}, "end", "other")
ONE_OF_EACH = [
    (best(a=4, b=0), ["a"] * 4 + ["b"], {"counts": {"a": 4, "b": 1}}),
    (pick(1, a=True, b=False), [["a"], ["a", "b"], [], ["b"], ["a"]], {"counts": {"a": 3, "b": 2}}),
    (mark(a=True, b=None), [["a"], [], [], [], ["a", "b"]], {"counts": {"a": 2, "b": 1}}),
    (rate(a=1, b=4), [{"a": 1, "b": 4}] * 4 + [{"a": 2}], {"levels": {"a": [4, 1, 0, 0], "b": [0, 0, 0, 4]}}),
    (rank(a=1, b=2), [{"a": 1, "b": 2}] * 4 + [{"a": 2, "b": 1}], {"places": {"a": [4, 1], "b": [1, 4]}}),
    (
        sort(["x", "y"], a="x", b="y"),
        [{"a": "x", "b": "y"}] * 4 + [{"a": "y"}],
        {"groups": {"a": {"x": 4, "y": 1}, "b": {"x": 0, "y": 4}}},
    ),
    (estimate(25), [30, 2.5, 25, 25, 1], {"values": [1, 2.5, 25, 25, 30]}),
    (
        A_PATH,
        [["b"], ["a", "c"], ["a", "d"], ["b"], ["b"]],
        {"first": {"a": 2, "b": 3}, "endings": {"end": 4, "other": 1}},
    ),
]
EVERY_FORMAT = pytest.mark.parametrize(("item", "answers", "body"), ONE_OF_EACH, ids=lambda x: "")


@EVERY_FORMAT
def test_answers_add_up_by_format(item, answers, body):
    assert tally.of(item, answers) == {"format": item["format"], "n": 5, "phones": 5, "hands": 0, **body}


@EVERY_FORMAT
@pytest.mark.parametrize("n", range(5))
def test_under_five_answers_there_is_no_distribution(item, answers, body, n):
    assert tally.of(item, answers[:n]) == {"n": n, "too_few": True}


@EVERY_FORMAT
def test_a_crisis_scene_only_says_how_many(item, answers, body):
    assert tally.of(item, answers, crisis=True) == {"n": 5}


def test_a_say_prompt_only_says_how_many():
    assert tally.of(None, []) == {"n": 0}


HANDS = [
    (best(a=4, b=0), {"a": 3, "b": 4}, 7, {"counts": {"a": 7, "b": 5}}),
    (pick(1, a=True, b=False), {"a": 3, "b": 4}, 4, {"counts": {"a": 6, "b": 6}}),
    (rate(a=1, b=4), {"a": [1, 2, 0, 3]}, 6, {"levels": {"a": [5, 3, 0, 3], "b": [0, 0, 0, 4]}}),
    (rank(a=1, b=2), {"b": [1, 1]}, 2, {"places": {"a": [4, 1], "b": [2, 5]}}),
    (
        sort(["x", "y"], a="x", b="y"),
        {"a": {"x": 2}},
        2,
        {"groups": {"a": {"x": 6, "y": 1}, "b": {"x": 0, "y": 4}}},
    ),
    (estimate(25), {"12.5": 2, "3": 1}, 3, {"values": [1, 2.5, 3, 12.5, 12.5, 25, 25, 30]}),
    (A_PATH, {"a": 6}, 6, {"first": {"a": 8, "b": 3}, "endings": {"end": 4, "other": 1}}),
]


@pytest.mark.parametrize(("item", "counts", "people", "body"), HANDS, ids=lambda x: "")
def test_hands_mix_with_phones(item, counts, people, body):
    answers = next(answers for other, answers, _ in ONE_OF_EACH if other == item)
    # Where one person may raise several hands, how many people there were is not to be seen from the counts.
    raised = tally.hands(item, counts, people if item["format"] == "pick" else None)
    assert raised["n"] == people
    mixed = tally.of(item, answers, raised)
    assert mixed == {"format": item["format"], "n": 5 + people, "phones": 5, "hands": people, **body}


@pytest.mark.parametrize("phones", [1, 2, 3, 4])
def test_hands_that_everyone_saw_do_not_tell_what_a_few_phones_said(phones):
    item = best(a=4, b=0)
    raised = tally.hands(item, {"a": 6, "b": 0})
    outcomes = [tally.of(item, [answer] * phones, raised) for answer in ("a", "b")]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0]["held_back"] == phones
    assert outcomes[0]["counts"] == {"a": 6, "b": 0}


def test_a_few_phones_and_a_few_hands_are_too_few():
    item = best(a=4, b=0)
    assert tally.of(item, ["a"] * 4, tally.hands(item, {"a": 4})) == {"n": 8, "too_few": True}


@pytest.mark.parametrize(
    ("item", "counts", "n"),
    [
        (best(a=4, b=0), {"c": 1}, None),
        (best(a=4, b=0), {"a": -1}, None),
        (best(a=4, b=0), {"a": 1.5}, None),
        (best(a=4, b=0), {"a": True}, None),
        (best(a=4, b=0), {"a": 10_001}, None),
        (best(a=4, b=0), {"a": [1]}, None),
        (best(a=4, b=0), {"a": 3, "b": 3}, 5),
        (pick(1, a=True, b=False), {"a": 3, "b": 5}, 4),
        (pick(1, a=True, b=False), {"a": 3, "b": 5}, None),
        (mark(a=True, b=None), {"a": 3}, None),
        (rate(a=1), {"a": [1, 2, 3]}, None),
        (rate(a=1), {"a": 3}, None),
        (rank(a=1, b=2), {"a": [1, 2, 3]}, None),
        (sort(["x", "y"], a="x"), {"a": {"z": 1}}, None),
        (sort(["x", "y"], a="x"), {"a": [1, 2]}, None),
        (estimate(25), {"many": 1}, None),
        (estimate(25), {"nan": 1}, None),
        (estimate(25), {"inf": 1}, None),
        (estimate(25), {}, 30),
        (estimate(25), {"25": 0}, 30),
        (A_PATH, {"c": 1}, None),
    ],
)
def test_hands_that_cannot_be_counted_are_refused_with_what_to_change(item, counts, n):
    with pytest.raises(Refused, match=r"\w+\.$") as refused:
        tally.hands(item, counts, n)
    assert refused.value.status == 422


@given(items(), st.randoms(use_true_random=False), st.integers(5, 12))
def test_whatever_the_grader_takes_can_be_added_up(item, random: Random, n):
    answers = [good_answer(item, random) for _ in range(n)]
    total = tally.of(item, answers)
    assert total["n"] == n
    if item["format"] == "best":
        assert sum(total["counts"].values()) == n
    if item["format"] == "estimate":
        assert len(total["values"]) == n
