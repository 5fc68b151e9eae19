"""What a record says: which attempts count, means, leanings, SM-2, the check, and that the page's Python agrees."""

from __future__ import annotations

import copy
import datetime
import json
import math
from collections.abc import Iterator
from typing import Any

import events as make
import pytest
from events import ITEMS, attempt, dissent, draw, item, reset, reveal, say
from hypothesis import given, settings
from hypothesis import strategies as st
from items import best
from page_modules import PageModules

from widgets import grading, progress
from widgets.progress import AGREEMENT, spaced, summary, to_date, to_days
from widgets.record import canonical, merge

SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=150)
TODAY = "2026-12-01"
A, B = item("one/a"), item("one/b")


@pytest.fixture(scope="module")
def page() -> Iterator[PageModules]:
    """The page's interpreter."""
    with PageModules("progress.py") as modules:
        yield modules


def chapter(events: list[Any], items: list[Any] | None = None, name: str = "one") -> dict[str, Any]:
    """The row of one chapter."""
    rows = summary(events, items or [A, B], TODAY)["chapters"]
    return next(row for row in rows if row["chapter"] == name)


# First attempts.

FIRST: dict[str, tuple[list[Any], float | None, int]] = {
    "the earliest": ([attempt("one/a", "2026-11-02", 1), attempt("one/a", "2026-11-01", 0)], 0, 1),
    "of one second, the first by id": (
        [attempt("one/a", "2026-11-01", 1, id="event-bb"), attempt("one/a", "2026-11-01", 0, id="event-aa")],
        0,
        1,
    ),
    "not once the reasons were shown": ([reveal("one/a", "2026-11-01"), attempt("one/a", "2026-11-02", 1)], None, 1),
    "reasons shown later do no harm": ([attempt("one/a", "2026-11-01", 1), reveal("one/a", "2026-11-02")], 1, 0),
    "after everything was started over": (
        [attempt("one/a", "2026-11-01", 1), reset("2026-11-02"), attempt("one/a", "2026-11-03", 0.5)],
        0.5,
        0,
    ),
    "after the chapter was": (
        [attempt("one/a", "2026-11-01", 1), reset("2026-11-02", "chapter", "one"), attempt("one/a", "2026-11-03", 0)],
        0,
        0,
    ),
    "after the item was": (
        [attempt("one/a", "2026-11-01", 1), reset("2026-11-02", "item", "one/a"), attempt("one/a", "2026-11-03", 0)],
        0,
        0,
    ),
    "another item's reset changes nothing": (
        [attempt("one/a", "2026-11-01", 1), reset("2026-11-02", "item", "one/b"), attempt("one/a", "2026-11-03", 0)],
        1,
        1,
    ),
    "another chapter's neither": ([attempt("one/a", "2026-11-01", 1), reset("2026-11-02", "chapter", "two")], 1, 0),
    "the latest reset ends what came before it": (
        [
            *(reset("2026-11-05", "item", "one/a"), reset("2026-11-02")),
            *(attempt("one/a", "2026-11-04", 1), attempt("one/a", "2026-11-06", 0)),
        ],
        0,
        0,
    ),
    "two resets of one scope, the later first": (
        [
            *(reset("2026-11-05"), reset("2026-11-02")),
            *(attempt("one/a", "2026-11-04", 1), attempt("one/a", "2026-11-06", 0)),
        ],
        0,
        0,
    ),
    "the second of the reset goes with it": ([attempt("one/a", "2026-11-02", 1), reset("2026-11-02")], None, 0),
    "the second after it counts": ([reset("2026-11-02T12:00:00Z"), attempt("one/a", "2026-11-02T12:00:01Z", 1)], 1, 0),
    "a reset forgets that the reasons were shown": (
        [reveal("one/a", "2026-11-01"), reset("2026-11-02"), attempt("one/a", "2026-11-03", 1)],
        1,
        0,
    ),
    "all is all, whatever its target": (
        [attempt("one/a", "2026-11-01", 1), reset("2026-11-02", "all", "two")],
        None,
        0,
    ),
}


@pytest.mark.parametrize(("events", "share", "practice"), FIRST.values(), ids=FIRST)
def test_the_first_attempt_counts_and_later_ones_are_practice(events: Any, share: float | None, practice: int) -> None:
    for ordered in (events, events[::-1]):
        row = chapter(ordered)
        assert (row["agreement"], row["practice"], row["answered"]) == (share, practice, 0 if share is None else 1)


# Chapters.


def test_chapters_come_in_the_courses_order_with_their_counts() -> None:
    items = [
        item("two/a", core=True),
        item("two/b", core=True),
        item("one/a"),
        item("two/c"),
        item("two/d", format="say"),
    ]
    events = [
        *(attempt("two/a", "2026-11-01", 0.5), attempt("two/a", "2026-11-02", 1)),
        *(reveal("two/b", "2026-11-01"), attempt("two/b", "2026-11-02", 1)),
        *(attempt("two/c", "2026-11-01", 1), say("two/d", "2026-11-01", "No."), reveal("two/d", "2026-11-01")),
    ]
    assert summary(events, items, TODAY)["chapters"] == [
        {
            **{"chapter": "two", "items": 3, "answered": 2, "core": 2, "core_answered": 1, "skipped": 1},
            **{"agreement": 0.75, "practice": 2},
        },
        {
            **{"chapter": "one", "items": 1, "answered": 0, "core": 0, "core_answered": 0, "skipped": 0},
            **{"agreement": None, "practice": 0},
        },
    ]


@pytest.mark.parametrize("fields", [{"scored": False}, {"crisis": True}, {"form": "a"}])
def test_open_items_crisis_scenes_and_the_check_are_answered_but_not_in_the_agreement(fields: Any) -> None:
    items = [A, item("one/z", **fields)]
    share = None if "scored" in fields else 0
    row = chapter([attempt("one/a", "2026-11-01", 1), attempt("one/z", "2026-11-01", share)], items)
    assert (row["items"], row["answered"], row["agreement"]) == (2, 2, 1)


def test_a_skipped_item_counts_against_nobody() -> None:
    row = chapter([attempt("one/a", "2026-11-01", 1), reveal("one/b", "2026-11-01")])
    assert (row["skipped"], row["agreement"], row["practice"]) == (1, 1, 0)
    assert chapter([attempt("one/a", "2026-11-01", 1), reveal("one/a", "2026-11-02")])["skipped"] == 0


def test_what_is_computed_says_that_it_is_no_measure_of_competence() -> None:
    assert AGREEMENT == "Agreement with the course, not competence or fitness to practise."


# Leanings.


def test_leanings_are_counted_by_zone_and_chapter_from_answers_that_differ() -> None:
    items = [
        *(item("one/a", zone="A"), item("one/b", zone="A", profession="trainee"), item("one/c", zone="C")),
        *(item("two/a", zone="C"), item("two/b", zone="B"), item("two/c", zone="B"), item("two/d", zone="B")),
    ]
    events = [
        *(attempt("one/a", "2026-11-01", 0.5, lean=0.5), attempt("one/b", "2026-11-01", 0, lean=-1)),
        *(attempt("one/c", "2026-11-01", 0, lean=0.25), attempt("two/a", "2026-11-01", 0, lean=1)),
        attempt("two/b", "2026-11-01", 1, lean=-0.5),  # as the course's answer
        *(attempt("two/c", "2026-11-01", 0, lean=0), attempt("two/d", "2026-11-01", 0)),
        attempt("two/d", "2026-11-02", 0, lean=1),  # practice
    ]
    lean = summary(events, items, TODAY)["lean"]
    assert [
        tuple(row[name] for name in ("zone", "chapter", "count", "closer", "distant", "mean")) for row in lean["rows"]
    ] == [
        ("A", None, 2, 1, 1, -0.25),
        ("B", None, 0, 0, 0, None),
        ("C", None, 2, 2, 0, 0.625),
        ("all", None, 4, 3, 1, 0.1875),
        (None, "one", 3, 2, 1, -0.25 / 3),
        (None, "two", 1, 1, 0, 1),
    ]
    assert [answer["item"] for answer in lean["answers"]] == ["one/a", "one/b", "one/c", "two/a"]
    assert lean["answers"][1] == {"item": "one/b", "chapter": "one", "zone": "A", "profession": "trainee", "lean": -1}


@pytest.mark.parametrize(("count", "enough"), [(7, False), (8, True)])
def test_under_eight_is_too_few_to_say(count: int, enough: bool) -> None:
    items = [item(f"one/{n}") for n in range(count)]
    events = [attempt(f"one/{n}", "2026-11-01", 0, lean=0.5) for n in range(count)]
    rows = summary(events, items, TODAY)["lean"]["rows"]
    assert [row["enough"] for row in rows] == [False, enough, False, enough, enough]


@pytest.mark.parametrize("fields", [{"crisis": True}, {"form": "b"}, {"scored": False}])
def test_crisis_scenes_the_check_and_open_items_say_nothing_of_a_leaning(fields: Any) -> None:
    events = [attempt("one/z", "2026-11-01", None if "scored" in fields else 0, lean=1)]
    assert summary(events, [item("one/z", **fields)], TODAY)["lean"]["answers"] == []


# Certainty.


def test_calibration_is_drawn_from_first_attempts_where_certainty_may_be_asked() -> None:
    items = [*(item(f"one/{n}", certain=True) for n in range(6)), item("one/z")]
    events = [
        *(attempt("one/0", "2026-11-01", 1, certainty=3), attempt("one/0", "2026-11-02", 0, certainty=3)),
        *(attempt("one/1", "2026-11-01", 0.25, certainty=3), attempt("one/2", "2026-11-01", 0.5, certainty=3)),
        *(attempt("one/3", "2026-11-01", 0, certainty=2), attempt("one/4", "2026-11-01", 0.5)),
        *(attempt("one/5", "2026-11-01", None, certainty=1), attempt("one/z", "2026-11-01", 0, certainty=3)),
    ]
    found = summary(events, items, TODAY)
    assert found["certain"] == [
        {"level": 1, "n": 0, "mean_share": None, "marks": 0},
        {"level": 2, "n": 1, "mean_share": 0, "marks": -2},
        {"level": 3, "n": 3, "mean_share": 1.75 / 3, "marks": 3 - 3.75 - 1.5},
    ]
    assert found["certain_and_wrong"] == [{"item": "one/1", "certainty": 3, "share": 0.25}]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_certainty_has_the_graders_marks(level: int) -> None:
    for marks in range(5):
        result = grading.grade(best(a=4, b=marks), "b", level)
        event = attempt("one/a", "2026-11-01", result["share"], certainty=level)
        found = summary([event], [item("one/a", certain=True)], TODAY)["certain"][level - 1]
        assert found["marks"] == result["certainty"]["marks"]


# SM-2.


def test_intervals_are_the_published_ones() -> None:
    # I(1) = 1, I(2) = 6, I(n) = I(n - 1) x 2.5, rounded up, as long as every answer has quality 4.
    assert [spaced([4] * n) for n in range(7)] == [(days, 250) for days in (0, 1, 6, 15, 38, 95, 238)]


@pytest.mark.parametrize(("quality", "change"), [(5, 10), (4, 0), (3, -14), (2, 0), (1, 0), (0, 0)])
def test_easiness_changes_by_the_published_formula_and_not_below_3(quality: int, change: int) -> None:
    published = 0.1 - (5 - quality) * (0.08 + (5 - quality) * 0.02)
    assert spaced([quality])[1] == 250 + change
    if quality >= 3:
        assert change == pytest.approx(100 * published)


def test_easiness_does_not_fall_below_1_3() -> None:
    assert [spaced([3] * n)[1] for n in (8, 9, 10, 30)] == [138, 130, 130, 130]
    assert spaced([5] * 3) == (17, 280)  # 6 x 2.8 = 16.8


@pytest.mark.parametrize(
    ("qualities", "interval"),
    [([1], 1), ([4, 4, 4, 2], 1), ([4, 4, 2, 4], 1), ([4, 4, 2, 4, 4], 6), ([4, 3, 1, 4, 4, 4], 15)],
)
def test_what_was_not_remembered_starts_again(qualities: list[int], interval: int) -> None:
    assert spaced(qualities)[0] == interval  # the last: 6 x 2.36 = 14.16, so EF stayed where the 3 had brought it


def test_a_product_of_whole_days_is_not_rounded_up_for_a_binary_fraction() -> None:
    # 17 x 2.9 = 49.3 and 50 x 3 = 150; with EF as a sum of floats the latter comes out a little above.
    assert spaced([5, 5, 5, 5, 5]) == (150, 300)
    assert math.ceil(50 * (2.5 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1)) == 151


def test_no_interval_is_longer_than_a_year() -> None:
    assert spaced([5] * 1000)[0] == spaced([4] * 7)[0] == 365


def again(*events: Any, items: list[Any] | None = None, today: str = TODAY) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = summary(list(events), items or [A, B], today)["again"]
    return rows


@pytest.mark.parametrize(
    ("share", "quality"), [(1, 5), (0.99, 4), (0.75, 4), (0.74, 3), (0.5, 3), (0.49, 2), (0.25, 2), (0, 1)]
)
def test_a_share_has_its_quality(share: float, quality: int) -> None:
    # The third interval tells qualities from 3 apart; to fall below 3 is to be asked tomorrow.
    rows = again(*(attempt("one/a", f"2026-11-0{day}", share) for day in (1, 2, 3)))
    assert rows[0]["interval"] == spaced([quality] * 3)[0]
    assert len({spaced([quality] * 3)[0] for quality in (3, 4, 5)} | {1}) == 4


def test_the_last_attempt_of_a_day_counts_for_that_day() -> None:
    events = [
        *(attempt("one/a", "2026-11-01T08:00:00Z", 0), attempt("one/a", "2026-11-01T23:59:59Z", 0.75)),
        *(attempt("one/a", "2026-11-02T00:00:00Z", 0.75), attempt("one/a", "2026-11-02T00:00:01Z", 0.75)),
    ]
    row = {"item": "one/a", "serve": "one/a", "due": "2026-11-08", "late": 23, "interval": 6}
    assert again(*events) == again(*events[::-1]) == [row]


def test_what_is_due_first_comes_first_and_late_is_below_0_before_its_day() -> None:
    items = [A, B, item("two/a")]
    events = [
        attempt(id, day, 0) for id, day in (("two/a", "2026-11-01"), ("one/b", "2026-12-01"), ("one/a", "2026-11-30"))
    ]
    assert [(row["item"], row["due"], row["late"]) for row in again(*events, items=items)] == [
        ("two/a", "2026-11-02", 29),
        ("one/a", "2026-12-01", 0),
        ("one/b", "2026-12-02", -1),
    ]


def test_practice_and_answers_after_the_reasons_are_repetitions_too() -> None:
    assert again(reveal("one/a", "2026-11-01"), attempt("one/a", "2026-11-02", 1))[0]["due"] == "2026-11-03"
    assert again(reveal("one/a", "2026-11-01")) == []


def test_what_was_started_over_is_due_no_longer() -> None:
    assert again(attempt("one/a", "2026-11-01"), reset("2026-11-02", "chapter", "one")) == []


@pytest.mark.parametrize("fields", [{"scored": False}, {"crisis": True}, {"form": "a"}])
def test_open_items_crisis_scenes_and_the_check_do_not_come_again(fields: Any) -> None:
    assert (
        again(attempt("one/z", "2026-11-01", None if "scored" in fields else 0), items=[item("one/z", **fields)]) == []
    )


TWINS = [item("one/a", twin="one/b"), item("one/b", twin="one/a")]


def test_a_twin_is_served_and_answering_it_is_a_repetition() -> None:
    first, second = attempt("one/a", "2026-11-01", 0.75), attempt("one/b", "2026-11-02", 0.75)
    assert [(row["item"], row["serve"], row["due"]) for row in again(first, items=TWINS)] == [
        ("one/a", "one/b", "2026-11-02")
    ]
    assert [(row["item"], row["serve"], row["due"]) for row in again(first, second, items=TWINS)] == [
        ("one/b", "one/a", "2026-11-08")
    ]


def test_a_twin_that_one_side_alone_names_still_ends_what_was_due() -> None:
    items = [item("one/a", twin="one/b"), item("one/b")]
    rows = again(attempt("one/a", "2026-11-01", 0.75), attempt("one/b", "2026-11-02", 0.75), items=items)
    assert [(row["item"], row["serve"]) for row in rows] == [("one/b", "one/b")]


def test_three_versions_of_a_scene_are_repetitions_of_one_another() -> None:
    items = [item(f"one/{id}", twin=f"one/{twin}") for id, twin in ("ab", "bc", "ca")]
    rows = again(*(attempt(f"one/{id}", f"2026-11-0{day}", 0.75) for day, id in enumerate("abc", 1)), items=items)
    assert [(row["item"], row["serve"], row["interval"]) for row in rows] == [("one/c", "one/a", 15)]


@pytest.mark.parametrize(
    "other", [[], [item("one/b", crisis=True)], [item("one/b", form="a")], [item("one/b", scored=False)]]
)
def test_a_twin_that_cannot_be_served_is_not(other: list[Any]) -> None:
    rows = again(attempt("one/a", "2026-11-01"), items=[item("one/a", twin="one/b"), *other])
    assert [row["serve"] for row in rows] == ["one/a"]


# Dates.


@SEEDED
@given(st.dates(), st.integers(0, 400))
def test_days_and_dates_are_the_calendars(date: datetime.date, more: int) -> None:
    days = (date - datetime.date(1970, 1, 1)).days
    assert to_days(date.isoformat()) == to_days(f"{date.isoformat()}T23:59:59Z") == days
    if date.year < 9998:
        assert to_date(days + more) == (date + datetime.timedelta(more)).isoformat()


@pytest.mark.parametrize("date", ["2000-02-29", "1900-03-01", "2100-02-28", "2026-12-31", "0001-01-01", "9999-12-31"])
def test_the_page_has_the_same_calendar(date: str, page: PageModules) -> None:
    days = page.call("progress", "to_days", date)
    assert days == to_days(date)
    assert page.call("progress", "to_date", days) == to_date(days) == date


@pytest.mark.parametrize(
    "today", ["", "today", "2026-11", "2026/11/23", "23-11-2026", "2026-13-01", "2026-11-00", "२०२६-11-23"]
)
def test_a_today_that_is_no_date_is_refused_in_the_same_words(today: str, page: PageModules) -> None:
    with pytest.raises(ValueError, match=r"^A date looks like 2026-11-23\.$"):
        summary([], ITEMS, today)
    assert page.call("progress", "summary", [], ITEMS, today) == ("ValueError", "A date looks like 2026-11-23.")


# The before-and-after check.

FORMS = [item(f"check/{form}{n}", form=form) for form in "ab" for n in range(3)]


def sat(form: str, day: str, *shares: float, **fields: Any) -> list[Any]:
    return [attempt(f"check/{form}{n}", day, share, **fields) for n, share in enumerate(shares)]


def check(*events: Any) -> dict[str, Any]:
    found: dict[str, Any] = summary(list(events), FORMS, TODAY)["check"]
    return found


def test_the_form_drawn_is_before_and_the_other_after() -> None:
    for first, other in ("ab", "ba"):
        found = check(draw("2026-11-01", first), *sat(first, "2026-11-01", 0, 0.5, 1), *sat(other, "2026-11-20", 1, 1))
        assert (found["first"], found["before"]["form"], found["after"]["form"]) == (first, first, other)
        assert [found["before"][name] for name in ("answered", "of", "agreement")] == [3, 3, 0.5]
        assert [found["after"][name] for name in ("answered", "of", "agreement")] == [2, 3, 1]
        assert found["gain"]["gain"] == 0.5


def test_an_interval_is_students_t_over_the_items() -> None:
    found = check(draw("2026-11-01", "a"), *sat("a", "2026-11-01", 0, 0.5, 1))
    assert found["before"]["half_width"] == pytest.approx(4.303 * 0.5 / math.sqrt(3))
    assert check(draw("2026-11-01", "a"), *sat("a", "2026-11-01", 0.5))["before"]["half_width"] is None


def test_a_gain_has_welchs_interval() -> None:
    found = check(draw("2026-11-01", "a"), *sat("a", "2026-11-01", 0, 0.5, 1), *sat("b", "2026-11-20", 0.75, 1, 1))
    one, other = 0.25 / 3, (1 / 48) / 3
    freedom = (one + other) ** 2 / (one**2 / 2 + other**2 / 2)
    assert int(freedom) == 2
    assert found["gain"] == {
        "gain": pytest.approx(2.75 / 3 - 0.5),
        "half_width": pytest.approx(4.303 * math.sqrt(one + other)),
    }


def test_there_is_no_gain_before_both_forms_and_no_width_from_one_item() -> None:
    drawn, before = draw("2026-11-01", "a"), sat("a", "2026-11-01", 0, 1)
    assert check(drawn, *before)["gain"] is None
    assert check(drawn, *before, *sat("b", "2026-11-20", 1))["gain"] == {"gain": 0.5, "half_width": None}
    assert check(drawn, *sat("a", "2026-11-01", 1, 1), *sat("b", "2026-11-20", 1, 1))["gain"] == {
        "gain": 0,
        "half_width": 0,
    }


def test_before_a_draw_both_sides_are_empty() -> None:
    found = check(*sat("a", "2026-11-01", 1, 1))
    empty = {"form": None, "answered": 0, "of": 0, "agreement": None, "half_width": None}
    lean = {"count": 0, "closer": 0, "distant": 0, "mean": None, "enough": False}
    assert found == {"first": None, "before": {**empty, "lean": lean}, "after": {**empty, "lean": lean}, "gain": None}


def test_of_two_devices_draws_the_earlier_counts_until_it_is_started_over() -> None:
    draws = [draw("2026-11-02", "b"), draw("2026-11-01", "a")]
    assert check(*draws)["first"] == "a"
    assert check(*draws, reset("2026-11-01"))["first"] == "b"
    assert check(*draws, reset("2026-11-02", "chapter", "check"))["first"] is None
    assert check(*draws, reset("2026-11-02", "chapter", "one"))["first"] == "a"


def test_each_side_has_its_leaning() -> None:
    found = check(
        draw("2026-11-01", "a"), *sat("a", "2026-11-01", 0, 0.5, lean=-0.5), *sat("b", "2026-11-20", 0, 1, lean=1)
    )
    assert found["before"]["lean"] == {"count": 2, "closer": 0, "distant": 2, "mean": -0.5, "enough": False}
    assert found["after"]["lean"]["closer"] == 1


def test_only_the_first_attempt_at_an_item_of_the_check_counts() -> None:
    found = check(draw("2026-11-01", "a"), *sat("a", "2026-11-01", 0, 0), *sat("a", "2026-11-02", 1, 1, 1))
    assert found["before"]["agreement"] == pytest.approx(1 / 3)


def test_the_t_table_has_the_quantiles() -> None:
    for freedom, quantile in enumerate(progress.T_QUANTILES, 1):
        assert _within(quantile, freedom) == pytest.approx(
            0.95, abs=6e-5
        )  # three decimals, and the density there is 0.055 at most
    assert len(progress.T_QUANTILES) == 30


def _within(quantile: float, freedom: int) -> float:
    """Student's probability of -quantile to quantile, by Simpson's rule over the angle whose tangent it is."""
    scale = math.gamma((freedom + 1) / 2) / math.sqrt(math.pi) / math.gamma(freedom / 2)
    end, steps = math.atan(quantile / math.sqrt(freedom)), 2000
    heights = [math.cos(end * n / steps) ** (freedom - 1) for n in range(steps + 1)]
    whole = heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
    return 2 * scale * whole * end / steps / 3


# The reader's own words.


def test_the_latest_sentence_and_dissent_of_each_item_stand_in_the_courses_order() -> None:
    events = [
        *(
            say("one/b", "2026-11-01", "Later, please."),
            say("one/a", "2026-11-01", "Yes."),
            say("one/a", "2026-11-02", "No."),
        ),
        *(dissent("one/b", "2026-11-02", "Still not."), dissent("one/b", "2026-11-01", "Not so.")),
        dissent("one/a", "2026-11-02", "<b>Hm</b>", share_it=False),
    ]
    for ordered in (events, events[::-1]):
        found = summary(ordered, [A, B], TODAY)
        assert [(words["item"], words["text"]) for words in found["sentences"]] == [
            ("one/a", "No."),
            ("one/b", "Later, please."),
        ]
        assert found["dissents"] == [
            {"item": "one/a", "text": "<b>Hm</b>", "time": "2026-11-02T12:00:00Z", "share_it": False},
            {"item": "one/b", "text": "Still not.", "time": "2026-11-02T12:00:00Z", "share_it": True},
        ]


def test_an_empty_text_withdraws_and_starting_over_does_not() -> None:
    events = [
        dissent("one/a", "2026-11-01", "No."),
        dissent("one/a", "2026-11-02", ""),
        dissent("one/b", "2026-11-01", "Hm."),
    ]
    found = summary([*events, say("one/a", "2026-11-01", "Yes."), reset("2026-11-05")], [A, B], TODAY)
    assert [words["text"] for words in found["dissents"]] == ["Hm."]
    assert [words["text"] for words in found["sentences"]] == ["Yes."]


def test_what_this_version_of_the_course_has_not_is_named_and_not_lost() -> None:
    events = [attempt("old/z", "2026-11-01"), attempt("old/b", "2026-11-01"), attempt("old/z", "2026-11-02")]
    found = summary([*events, say("old/z", "2026-11-01", "Yes."), say("one/b", "2026-11-01", "No.")], [A, B], TODAY)
    assert found["unknown"] == ["old/b", "old/z"]
    assert found["count"] == 3
    assert [words["item"] for words in found["sentences"]] == ["one/b", "old/z"]


def test_attempts_before_a_reset_are_still_in_the_record() -> None:
    assert summary([attempt("one/a", "2026-11-01"), reset("2026-11-02")], [A, B], TODAY)["count"] == 1


# What holds for every record.


@SEEDED
@given(make.records)
def test_both_interpreters_come_to_the_same_summary(page: PageModules, events: list[Any]) -> None:
    events = merge(events)
    assert canonical(page.call("progress", "summary", events, ITEMS, TODAY)) == canonical(summary(events, ITEMS, TODAY))


def test_means_agree_to_the_last_bit(page: PageModules) -> None:
    # CPython 3.12 and later sum ten tenths to 1, MicroPython to a little less.
    items = [item(f"one/{n}") for n in range(10)]
    events = [attempt(f"one/{n}", "2026-11-01", 0.1) for n in range(10)]
    there = page.call("progress", "summary", events, items, TODAY)["chapters"]
    assert there == summary(events, items, TODAY)["chapters"]


@SEEDED
@given(make.records, st.randoms(use_true_random=False))
def test_a_summary_does_not_depend_on_the_order_of_events_and_is_plain_data(events: list[Any], random: Any) -> None:
    events = merge(events)
    found = summary(events, ITEMS, TODAY)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    shuffled = random.sample(events, len(events))
    before = copy.deepcopy((shuffled, ITEMS))
    assert summary(shuffled, ITEMS, TODAY) == found
    assert (shuffled, ITEMS) == before


@SEEDED
@given(make.records)
def test_counts_and_means_stay_in_their_ranges(events: list[Any]) -> None:
    found = summary(merge(events), ITEMS, TODAY)
    for row in found["chapters"]:
        assert 0 <= row["core_answered"] <= row["core"] <= row["items"]
        assert row["answered"] + row["skipped"] <= row["items"]
        assert row["agreement"] is None or 0 <= row["agreement"] <= 1
    zones = found["lean"]["rows"][:3]
    assert sum(row["count"] for row in zones) == found["lean"]["rows"][3]["count"] == len(found["lean"]["answers"])
    assert all(row["closer"] + row["distant"] == row["count"] for row in found["lean"]["rows"])
    assert all(1 <= row["interval"] <= 365 for row in found["again"])


def test_a_long_record_is_summed_up_in_the_page_too(page: PageModules) -> None:
    # One item, thousands of times and in order: where MicroPython's sort takes quadratic time.
    events = [attempt("one/a", f"2026-{1 + n // 700:02}-{1 + n // 25 % 28:02}", 0.5) for n in range(5000)]
    for ordered in (events, sorted(events, key=lambda event: event["id"][::-1])):
        assert page.call("progress", "summary", ordered, ITEMS, TODAY)["count"] == 5000
