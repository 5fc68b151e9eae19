"""A class's numbers, and the words where there is none."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
import pytest
from classes import ITEMS, SEEDED, a_class, described, row, voted
from hypothesis import given
from hypothesis import strategies as st
from items import good_answer

from widgets.analysis.estimate import Estimate
from widgets.analysis.summary import COURSE, ENOUGH, FORM_A, FORM_B, Summary


def some_class(people: int, seed: int = 1, share: float = 0.85) -> Summary:
    random = Random(seed)
    lines = [
        row(n, key, good_answer(ITEMS[key], random), vote, certainty=random.choice((None, 1, 2, 3)))
        for n in range(people)
        for key in ITEMS
        for vote in (1, 2)
        if random.random() < share
    ]
    return Summary(a_class(lines))


@pytest.mark.parametrize("people", [0, 1, 4, 5, 30])
def test_every_number_is_there_for_a_class_of_any_size(people: int) -> None:
    # Warnings are errors, so no division by nothing passes unseen.
    numbers = some_class(people).all_numbers()
    assert set(numbers) >= {"items", "options", "wholes", "agreement", "second", "check", "marking", "lean", "brier"}


def test_under_five_answers_there_is_no_statistic() -> None:
    summary = some_class(ENOUGH - 1, share=1)
    assert summary.items[["facility", "discrimination", "upper_lower"]].isna().all().all()
    assert all(why for why in summary.items["why"])
    assert summary.agreement == summary.marking == []
    assert summary.check is None
    assert {whole.alpha.value for whole in summary.wholes} == {None}


def test_each_item_says_why_it_has_no_figure() -> None:
    summary = Summary(
        a_class(
            voted("one/best", *["stay"] * 6),
            voted("one/pick", ["a", "b"], ["a"], [], ["a"], ["b"], ["c"]),
            voted("one/rank", {"a": 1, "b": 2, "c": 3}),
            voted("two/open", *["yes"] * 6),
            voted("two/crisis", *["call"] * 6),
        )
    )
    why = summary.items.set_index("item")["why"].to_dict()
    assert why == {
        "one/best": "everybody scored the same",
        "one/pick": "too little else was answered",
        "one/rank": "fewer than 5 answers",
        "two/open": "open: not scored",
        "two/crisis": "a crisis scene is not scored",
    }


def test_facility_is_the_mean_share_and_verdicts_are_counted() -> None:
    summary = Summary(a_class(voted("one/best", "stay", "stay", "ask", "leave", "leave")))
    (line,) = summary.items.itertuples(index=False)
    assert line.facility == pytest.approx((1 + 1 + 0.5) / 5)
    assert (line.n, line.match, line.close, line.apart) == (5, 2, 1, 2)


def test_the_checks_forms_are_tests_of_their_own() -> None:
    items = described({"one/best": ITEMS["one/best"], "check/a-1": ITEMS["one/best"], "check/b-1": ITEMS["one/best"]})
    summary = Summary(
        a_class(
            voted("one/best", "stay", "ask"),
            voted("check/a-1", "stay", source="check", form="a"),
            voted("check/b-1", None, "stay", source="check", form="b"),
            items=items,
        )
    )
    assert summary.tests == {COURSE: ["one/best"], FORM_A: ["check/a-1"], FORM_B: ["check/b-1"]}
    assert np.isnan(summary.rest).all()  # nobody has another item of the same test


def test_a_class_that_agrees_with_itself() -> None:
    summary = Summary(
        a_class(
            voted("one/rate", *[{"a": 4, "b": 1, "c": 2}] * 5),
            voted("two/sort", *[{"a": "mine", "b": "theirs", "c": "theirs"}] * 5),
        )
    )
    values = {(key, measure): figure.value for key, _, measure, figure in summary.agreement}
    assert len(values) == 5
    assert list(values.values()) == pytest.approx([1] * 5)


def test_marking_counts_every_span_of_every_person() -> None:
    summary = Summary(a_class(voted("two/mark", *[["a"]] * 4, ["b"])))
    ((key, n, found),) = summary.marking
    assert (key, n) == ("two/mark", 5)
    assert found.hit_rate == pytest.approx(4.5 / 6)  # one signal a person; d counts neither way
    assert found.alarm_rate == pytest.approx(1.5 / 11)


def test_only_first_votes_with_a_certainty_are_calibrated() -> None:
    summary = Summary(
        a_class(
            voted("one/best", *["stay"] * 6, certainty=3),
            voted("one/best", *["stay"] * 6, vote=2, certainty=3),
            voted("one/pick", ["a"]),
            voted("two/open", *["yes"] * 6, certainty=1),
        )
    )
    assert summary.calibration["n"].to_list() == [0, 0, 6]
    assert summary.brier.score == pytest.approx(0.01)


def _numbers(value: Any) -> Any:
    if isinstance(value, Estimate):
        return value.value
    return value


@SEEDED
@given(st.integers(0, 10**6))
def test_the_order_of_people_and_of_items_changes_no_number(seed: int) -> None:
    random = Random(seed)
    keys = random.sample(list(ITEMS), 4)
    lines = [row(n, key, good_answer(ITEMS[key], random)) for n in range(8) for key in keys]
    one = Summary(a_class(lines))
    random.shuffle(lines)
    other = Summary(a_class(lines, items=dict(reversed(described().items()))))
    for name in ("facility", "discrimination", "upper_lower"):
        mine, theirs = (summary.items.set_index("item")[name] for summary in (one, other))
        assert mine.to_dict() == pytest.approx(theirs.loc[mine.index].to_dict(), nan_ok=True)
    assert {w.name: _numbers(w.alpha) for w in one.wholes} == pytest.approx(
        {w.name: _numbers(w.alpha) for w in other.wholes}
    ) or not all(_numbers(w.alpha) is not None for w in one.wholes)
    first, second = (s.options.set_index(["item", "part", "given"])[["n", "of", "r"]] for s in (one, other))
    assert (first["n"] == second.loc[first.index, "n"]).all()
    assert first["r"].to_list() == pytest.approx(second.loc[first.index, "r"].to_list(), nan_ok=True, abs=1e-9)


def test_no_figure_is_not_a_number_of_its_own() -> None:
    assert not any(
        isinstance(whole.alpha.value, float) and math.isnan(whole.alpha.value) for whole in some_class(9).wholes
    )
