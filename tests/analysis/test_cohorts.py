"""Two classes side by side."""

from __future__ import annotations

import re

import pytest
from classes import a_class, described, voted
from scipy import stats

from widgets.analysis import compare


def test_each_item_has_both_means_and_the_difference_with_welchs_interval() -> None:
    one = a_class(voted("one/best", "stay", "stay", "ask", "stay", "leave"))
    other = a_class(voted("one/best", "ask", "leave", "leave", "ask", "stay", "leave"))
    (line,) = compare(one, other).lines
    expected = stats.ttest_ind([1, 1, 0.5, 1, 0], [0.5, 0, 0, 0.5, 1, 0], equal_var=False).confidence_interval()
    assert (line.n, line.one.value) == ((5, 6), pytest.approx(0.7))
    assert (line.difference.low, line.difference.high) == pytest.approx((expected.low, expected.high))
    assert line.warning == ""
    table = compare(one, other).table
    assert table.loc[0, "difference"] == pytest.approx(0.7 - 1 / 3)


def test_the_other_way_round_the_difference_turns() -> None:
    one, other = (
        a_class(voted("one/best", *["stay", "ask"] * 4)),
        a_class(voted("one/best", *["ask", "leave", "ask"] * 3)),
    )
    there, back = compare(one, other).lines[0].difference, compare(other, one).lines[0].difference
    assert (there.value, there.low) == pytest.approx((-back.value, -back.high))


def test_under_five_answers_on_a_side_there_is_no_figure() -> None:
    (line,) = compare(a_class(voted("one/best", *["stay"] * 9)), a_class(voted("one/best", *["stay"] * 4))).lines
    assert line.other.value is line.difference.value is None
    assert "fewer than 5" in line.difference.said()


VERSIONS = {
    "the same": ({}, {}, ""),
    "another": ({}, {"version": "00000002"}, "different versions"),
    "unknown": ({}, {"version": None, "source": "record"}, "not known which version"),
}


@pytest.mark.parametrize(("mine", "theirs", "warning"), VERSIONS.values(), ids=VERSIONS)
def test_an_items_other_version_is_warned_of(mine: dict, theirs: dict, warning: str) -> None:
    one, other = (a_class(voted("one/best", *["stay", "ask"] * 3, **more)) for more in (mine, theirs))
    found = compare(one, other)
    assert warning in found.lines[0].warning
    assert bool(warning) == bool(found.lines[0].warning)
    assert found.lines[0].warning in found.report().body


def test_a_changed_item_is_known_by_the_rooms_own_snapshot() -> None:
    old, new = described(version="00000001"), described(version="00000002")
    one, other = (a_class(voted("one/best", *["stay"] * 5), items=items) for items in (new, old))
    assert "different versions" in compare(one, other).lines[0].warning


def test_people_of_both_classes_are_told_if_their_numbers_last() -> None:
    room = a_class(voted("one/best", *["stay"] * 5))
    kept = a_class(voted("one/best", *["stay"] * 5, source="record"))
    assert compare(room, room).shared == 0  # a room numbers its people anew
    assert compare(kept, kept).shared == 5
    assert "5 people are in both classes" in compare(kept, kept).report().body


def test_an_item_that_one_class_had_is_there_too_and_no_nan_is_shown() -> None:
    found = compare(
        a_class(voted("one/best", *["stay"] * 5)), a_class(voted("one/pick", *[["a"]] * 5)), ("spring", "autumn")
    )
    assert [line.item for line in found.lines] == ["one/best", "one/pick"]
    page = found._repr_html_()
    assert not re.search(r"\bnan\b|\bNone\b", page)
    assert "Spring: 5 people. Autumn: 5 people." in page
    assert repr(found) == "Comparison of spring (5 people) and autumn (5 people)"
