"""Which way a class leans."""

from __future__ import annotations

import pytest
from classes import a_class, described, voted

from widgets.analysis.lean import ENOUGH, leanings
from widgets.progress import ENOUGH as ON_A_RECORD


def test_differing_answers_are_counted_by_direction_zone_and_chapter() -> None:
    found = leanings(a_class(voted("one/best", "stay", "ask", "leave", "leave")).answers).set_index(["by", "name"])
    for place in (("all", "all"), ("zone", "B"), ("chapter", "one")):
        row = found.loc[place]
        assert (row["answers"], row["differed"], row["closer"], row["distant"]) == (4, 3, 1, 2)
        assert row["mean"] == pytest.approx((0.5 - 1 - 1) / 3)
        assert not row["enough"]


def test_enough_is_what_a_readers_own_record_calls_enough() -> None:
    assert ENOUGH == ON_A_RECORD
    found = leanings(a_class(voted("one/best", *["leave"] * ENOUGH)).answers)
    assert found["enough"].all()


def test_second_votes_the_check_crisis_scenes_and_open_items_do_not_count() -> None:
    results = a_class(
        voted("one/best", "leave", vote=2),
        voted("two/crisis", "wait"),
        voted("two/open", "no"),
        voted("one/best", "leave", source="check", form="a"),
    )
    assert leanings(results.answers)["answers"].to_list() == [0]


def test_zones_come_in_order() -> None:
    items = described() | {"one/rate": described(zone="A")["one/rate"]}
    results = a_class(voted("one/best", "ask"), voted("one/rate", {"a": 1}), items=items)
    assert leanings(results.answers).query("by == 'zone'")["name"].to_list() == ["A", "B"]
