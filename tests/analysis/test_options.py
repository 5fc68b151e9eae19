"""Each option's share and its correlation with the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from classes import ITEMS, a_class, described, row, voted
from items import good_answer
from scipy import stats

from widgets.analysis.options import BUCKETS, bucket, slots
from widgets.analysis.summary import Summary


def found(*groups: Any, **more: Any) -> dict[tuple[str, str, str], Any]:
    table = Summary(a_class(*groups, **more)).options
    return {(line.item, line.part, line.given): line for line in table.itertuples(index=False)}


def test_every_option_has_a_row_also_if_nobody_chose_it() -> None:
    lines = found(voted("one/best", "stay", "stay", "ask"))
    assert [(given, line.n, line.of, line.right) for (_, _, given), line in lines.items()] == [
        ("stay", 2, 3, True),
        ("ask", 1, 3, False),
        ("leave", 0, 3, False),
    ]
    assert lines["one/best", "answer", "stay"].share == pytest.approx(2 / 3)


def test_spans_and_picks_are_counted_when_marked() -> None:
    lines = found(voted("two/mark", ["a"], ["a", "b"], []))
    assert [(part, line.n, line.of, line.right) for (_, part, _), line in lines.items()] == [
        ("a", 2, 3, True),
        ("b", 1, 3, False),
        ("c", 0, 3, False),
        ("d", 0, 3, False),
    ]


def test_what_was_left_empty_does_not_count_for_that_part() -> None:
    lines = found(voted("one/rate", {"a": 4}, {"a": 3, "b": 1}))
    assert (lines["one/rate", "a", "4"].n, lines["one/rate", "a", "4"].of) == (1, 2)
    assert (lines["one/rate", "b", "1"].n, lines["one/rate", "b", "1"].of) == (1, 1)
    assert lines["one/rate", "c", "2"].of == 0


def test_steps_of_a_path_are_counted_over_those_who_came_there() -> None:
    lines = found(voted("two/path", ["wait", "talk"], ["wait", "sit"], ["go"]))
    assert lines["two/path", "gate", "wait"].of == 3
    assert lines["two/path", "bench", "talk"].of == 2


@pytest.mark.parametrize(
    ("given", "where"), [("25", 2), ("27", 2), ("23", 2), ("30", 3), ("15", 1), ("36", 4), ("-5", 0)]
)
def test_a_number_lies_in_one_of_five_places(given: str, where: int) -> None:
    assert bucket(ITEMS["two/estimate"], given) == BUCKETS[where]


def test_open_items_have_no_right_option_and_crisis_scenes_no_rows() -> None:
    lines = found(voted("two/open", "yes"), voted("two/crisis", "call"))
    assert {line.right for line in lines.values()} == {None}
    assert {key for key, _, _ in lines} == {"two/open"}


def test_hands_add_to_the_share() -> None:
    hands = [{"item": "one/best", "vote": 1, "n": 6, "counts": {"ask": 4, "leave": 2}}]
    lines = found(voted("one/best", "stay", "ask"), hands=hands)
    line = lines["one/best", "answer", "ask"]
    assert (line.n, line.hands, line.of, line.share) == (1, 4, 8, 5 / 8)


@pytest.mark.parametrize("key", [key for key in ITEMS if not key.endswith(("open", "crisis"))])
def test_the_correlation_is_scipys_with_the_mean_of_the_other_items(key: str) -> None:
    random = np.random.default_rng(5)
    from random import Random

    chance = Random(5)
    rows = [
        row(n, item, good_answer(ITEMS[item], chance)) for n in range(40) for item in ITEMS if random.random() < 0.9
    ]
    summary = Summary(a_class(rows))
    parts = summary.results.parts
    scores = summary.results.scores()
    rest = scores.drop(columns=key).mean(axis=1)
    checked = 0
    for line in summary.options[summary.options["item"] == key].itertuples(index=False):
        own = parts[(parts["item"] == key) & (parts["part"] == line.part) & (parts["given"] != "")]
        given = own["given"].astype(str)
        chose = (
            given.map(lambda text: bucket(ITEMS[key], text)) == line.given
            if key == "two/estimate"
            else given == line.given
        )
        others = rest.loc[list(own["person"])].to_numpy()
        if 0 < chose.sum() < len(chose):
            assert line.r == pytest.approx(stats.pointbiserialr(chose.to_numpy(), others)[0], abs=1e-9)
            checked += 1
        else:
            assert np.isnan(line.r)
    assert checked


@pytest.mark.parametrize("key", ITEMS)
def test_every_slot_is_one_that_an_answer_can_fill(key: str) -> None:
    from random import Random

    random = Random(3)
    summary = Summary(a_class(voted(key, *(good_answer(ITEMS[key], random) for _ in range(60)))))
    if key != "two/crisis":
        per_part = summary.options.groupby("part")[["n", "of"]].agg({"n": "sum", "of": "max"})
        if ITEMS[key]["format"] not in ("pick", "mark"):
            assert (per_part["n"] == per_part["of"]).all()
    assert len(list(slots(described()[key]))) == len(set(slots(described()[key])))
