"""A panel's key, and who is refused one."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from classes import a_class, described, voted
from sample_course import Course

import widgets
from widgets.analysis import PanelError, gather, items_of, panel
from widgets.bank import load_bank
from widgets.grading import grade

DECLARED: dict[str, Any] = {
    "who": "community nurses of two towns",
    "qualification": "registered, five years in the work",
    "when": datetime.date(2026, 3, 1),
    "experienced": True,
    "alone": True,
}
TWELVE = [{"a": 4, "b": 1, "c": 2}] * 9 + [{"a": 3, "b": 2, "c": 3}] * 3


def asked(*answers: Any, **changed: Any) -> Any:
    return panel(a_class(voted("one/rate", *answers)), "one/rate", **{**DECLARED, **changed})


def test_counts_by_level_and_who_gave_them() -> None:
    found = asked(*TWELVE)
    assert found.counts == {"a": [0, 0, 3, 9], "b": [9, 3, 0, 0], "c": [0, 9, 3, 0]}
    assert found.source == {
        "who": "community nurses of two towns",
        "people": 12,
        "when": datetime.date(2026, 3, 1),
        "qualification": "registered, five years in the work",
    }
    assert found.average.value > found.single.value > 0
    assert found.contested == {}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a class": ({"experienced": False}, "a majority's prejudice is not a key"),
    "students by another name": ({"who": "my third-year students"}, "a majority's prejudice is not a key"),
    "trainees by their papers": ({"qualification": "trainee"}, "a majority's prejudice is not a key"),
    "people who talked first": ({"alone": False}, "answers alone"),
    "nobody knows whom": ({"who": " "}, "without a source"),
}


@pytest.mark.parametrize(("changed", "why"), REFUSED.values(), ids=REFUSED)
def test_a_class_makes_no_key_and_is_told_why(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(PanelError, match=why):
        asked(*TWELVE, **changed)


def test_who_they_are_must_be_declared() -> None:
    with pytest.raises(TypeError, match="experienced"):
        panel(a_class(), "one/rate", **{k: v for k, v in DECLARED.items() if k != "experienced"})


def test_ten_must_have_rated_every_option() -> None:
    with pytest.raises(PanelError, match="9 rated every option; a panel has 10"):
        asked(*TWELVE[:9], {"a": 4})


@pytest.mark.parametrize("key", ["one/best", "two/crisis", "two/open", "gone/gone"])
def test_only_a_rate_item_that_is_scored_is_keyed(key: str) -> None:
    with pytest.raises(PanelError, match="format is rate"):
        panel(a_class(), key, **DECLARED)


def test_second_votes_do_not_count() -> None:
    results = a_class(voted("one/rate", *TWELVE[:9]), voted("one/rate", *TWELVE, vote=2))
    with pytest.raises(PanelError, match="9 rated"):
        panel(results, "one/rate", **DECLARED)


def test_answers_to_another_version_make_no_key() -> None:
    results = a_class(voted("one/rate", *TWELVE, version="00000000"))
    with pytest.raises(PanelError, match="another version"):
        panel(results, "one/rate", **DECLARED)


CONTESTED = {
    "no half": ([1, 2, 3, 4] * 3, "no level"),
    "two answers": ([1] * 6 + [4] * 6, "one on each side"),
    "two answers, nearly": ([1] * 7 + [4] * 6, "one on each side"),
    "little agreement": ([4] * 7 + [2, 2, 2, 1, 1], "agree little"),
    "agreement": ([4] * 10 + [3] * 2, ""),
}


@pytest.mark.parametrize(("levels", "why"), CONTESTED.values(), ids=CONTESTED)
def test_an_option_on_which_a_panel_is_divided_is_called_contested(levels: list[int], why: str) -> None:
    found = asked(*({"a": level, "b": 1, "c": 1} for level in levels))
    assert why in found.contested.get("a", "")
    assert bool(why) == ("a" in found.contested)
    assert "b" not in found.contested


def written(course: Course) -> Any:
    items = items_of(load_bank(course.root))
    answers = [{"thank": 4, "keep": 3, "sell": 1}] * 8 + [{"thank": 3, "keep": 4, "sell": 2}] * 4
    results = gather(voted("sample/rating", *answers), items)
    return panel(results, "sample/rating", **{**DECLARED, "who": 'nurses of "Old Town": two'})


def test_a_panel_is_written_into_the_items_entry_and_the_grader_takes_it(tmp_path: Any) -> None:
    course = Course(tmp_path)
    before = course.read().split("\n")
    assert written(course).write(course.root) == course.root / "chapters" / "sample.yml"
    assert course.faults() == []
    vignette = load_bank(course.root)["sample/rating"]
    assert [option["panel"] for option in vignette.item["options"]] == [[0, 0, 4, 8], [0, 0, 8, 4], [8, 4, 0, 0]]
    assert vignette.entry.panel_from.who == 'nurses of "Old Town": two'
    assert vignette.entry.panel_from.people == 12
    assert grade(vignette.item, {"thank": 3})["parts"][0]["marks"] == 0.5
    kept = [line for line in before if line not in course.read().split("\n")]
    assert all("panel" in line or "key:" in line for line in kept)


def test_writing_it_again_changes_nothing_more(tmp_path: Any) -> None:
    course = Course(tmp_path)
    written(course).write(course.root)
    once = course.read()
    written(course).write(course.root)
    assert course.read() == once


def test_what_the_bank_would_refuse_leaves_the_file_as_it_was(tmp_path: Any) -> None:
    course = Course(tmp_path)
    made = written(course)
    before = course.read()
    made.source["people"] = 3
    with pytest.raises(PanelError, match="bank would not take it"):
        made.write(course.root)
    assert course.read() == before


def test_a_chapter_may_ask_for_one() -> None:
    results = a_class(voted("one/rate", *TWELVE), items=described())
    assert widgets.panel(results, "one/rate", **DECLARED).counts == asked(*TWELVE).counts
    assert "panel_from:" in repr(asked(*TWELVE))


def test_who_teaches_students_is_told_how_to_say_so() -> None:
    with pytest.raises(PanelError, match="without the word 'students'"):
        asked(*TWELVE, who="supervisors of students")
