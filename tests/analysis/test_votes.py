"""The same people twice: two votes, and before and after."""

from __future__ import annotations

from typing import Any

import pytest
from classes import ITEMS, a_class, described, row, voted

from widgets.analysis.votes import COURSE, OTHER, check_gain, seconds


def twice(item: str, first: list[Any], second: list[Any]) -> Any:
    (found,) = seconds(a_class(voted(item, *first), voted(item, *second, vote=2)))
    return found


def test_who_moved_whereto_and_what_it_gained() -> None:
    found = twice("one/best", ["stay", "ask", "leave", "leave", "ask"], ["stay", "stay", "stay", "leave", "leave"])
    assert found.flow.to_numpy().tolist() == [
        ["ask", "leave", 1],
        ["ask", "stay", 1],
        ["leave", "leave", 1],
        ["leave", "stay", 1],
        ["stay", "stay", 1],
    ]
    assert (found.n, found.moved, found.toward) == (5, 3, 2)
    assert (found.first.value, found.second.value) == pytest.approx((0.4, 0.6))
    assert found.gain.value == pytest.approx(0.2)
    assert found.normalised.value == pytest.approx(1 / 3)


def test_other_formats_are_told_apart_by_the_course() -> None:
    found = twice("one/pick", [["a"]] * 5, [["b", "a"], ["a"], ["a"], ["a"], ["a", "c"]])
    assert set(found.flow["from"]) | set(found.flow["to"]) == {COURSE, OTHER}
    assert found.moved == 2


def test_the_same_picks_in_another_order_are_no_move() -> None:
    assert twice("one/pick", [["a", "b"]] * 5, [["b", "a"]] * 5).moved == 0
    assert twice("one/rate", [{"a": 1, "b": 2}] * 5, [{"b": 2, "a": 1}] * 5).moved == 0


def test_people_with_one_vote_are_left_out() -> None:
    found = twice(
        "one/best", ["stay", "ask", None, "leave", "ask", "ask"], ["stay", None, "stay", "leave", "ask", "ask"]
    )
    assert found.n == 4
    assert len(found.flow) == 0
    assert "fewer than 5" in found.gain.said()


def test_open_items_and_crisis_scenes_have_no_gain() -> None:
    assert twice("two/open", ["yes"] * 5, ["no"] * 5).gain.said() == "not scored"
    crisis = twice("two/crisis", ["call"] * 5, ["wait"] * 5)
    assert (crisis.gain.said(), len(crisis.flow)) == ("not scored", 0)


def test_a_second_vote_without_a_first_is_no_change() -> None:
    assert seconds(a_class(voted("one/best", "stay", vote=2))) == []
    assert seconds(a_class()) == []


CHECK = {f"check/{form}-{n}": ITEMS["one/best"] for form in "ab" for n in range(5)}


def checked(people: int, sides: str = "ab", items: int = 5) -> Any:
    """Each gets ask (a half) before and stay (whole) after."""
    lines = []
    for person in range(people):
        first = "ab"[person % 2]
        for form in sides:
            lines += [
                row(
                    person,
                    f"check/{form}-{n}",
                    "ask" if form == first else "stay",
                    1 if form == first else 2,
                    source="check",
                    form=form,
                )
                for n in range(items)
            ]
    return check_gain(a_class(lines, items=described(CHECK)).answers)


def test_before_and_after_by_person_and_form_order() -> None:
    found = checked(6)
    assert (found.before.value, found.after.value, found.plain.value) == pytest.approx((0.5, 1, 0.5))
    assert (found.a_first.n, found.b_first.n) == (3, 3)
    assert found.adjusted.value == pytest.approx(0.5)
    assert found.forms.value == pytest.approx(0)


@pytest.mark.parametrize("found", [checked(4), checked(6, "a"), checked(6, items=4), checked(0)])
def test_too_few_people_sides_or_items_say_nothing(found: Any) -> None:
    assert found is None
