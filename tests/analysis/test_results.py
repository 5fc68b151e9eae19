"""Rows from anywhere as tidy tables: graded again, with what does not fit set aside."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from classes import ITEMS, SEEDED, a_class, described, row, voted
from hypothesis import given
from hypothesis import strategies as st
from items import good_answer, json_values

from widgets.analysis import gather, items_of, results
from widgets.bank import load_bank
from widgets.grading import course_answer, grade


def why(found: Any) -> list[str]:
    return list(found.set_aside["why"])


def test_each_table_has_the_columns_that_are_described() -> None:
    empty = gather([], described())
    full = a_class(voted("one/best", "stay", "x"), hands=[{"item": "one/best", "vote": 1, "counts": {"stay": 3}}])
    for found in (empty, full):
        assert list(found.answers) == list(results.ANSWERS)
        assert list(found.parts) == list(results.PARTS)
        assert list(found.hands) == list(results.HANDS)
        assert list(found.set_aside) == list(results.SET_ASIDE)
        assert list(found.dissents) == list(results.DISSENTS)
        assert found.answers["vote"].dtype == "int8"


@SEEDED
@given(st.randoms(use_true_random=False))
def test_answers_are_graded_as_the_grader_does(random: Any) -> None:
    key = random.choice([key for key in ITEMS if key != "two/crisis"])
    answers = [good_answer(ITEMS[key], random) for _ in range(4)]
    found = a_class(voted(key, *answers))
    for line, answer in zip(found.answers.itertuples(index=False), answers, strict=True):
        result = grade(ITEMS[key], answer)
        assert line.verdict == result["verdict"]
        if result["share"] is None:
            assert math.isnan(line.share)
            assert math.isnan(line.marks)
        else:
            assert (line.share, line.marks, line.out_of) == (result["share"], result["marks"], result["out_of"])
        own = found.parts[found.parts["person"] == line.person]
        assert list(own["part"]) == [part["id"] for part in result["parts"]]


def test_parts_say_what_was_given_and_what_the_course_gives() -> None:
    found = a_class(
        voted("two/mark", ["a", "b"]), voted("two/sort", {"a": "mine", "b": "theirs"}), voted("one/rate", {"b": 1})
    )
    said = {(p.item, p.part): (p.given, p.key) for p in found.parts.itertuples()}
    assert said["two/mark", "a"] == ("marked", "marked")
    assert said["two/mark", "b"] == ("marked", "not marked")
    assert said["two/mark", "d"] == ("not marked", "")
    assert said["two/sort", "b"] == ("theirs", "mine|theirs")
    assert said["two/sort", "c"] == ("", "theirs")
    assert said["one/rate", "b"] == ("1", "1|2")


def test_crisis_scenes_and_open_items_have_no_score() -> None:
    found = a_class(voted("two/crisis", "call"), voted("two/open", "yes"))
    assert found.answers[["share", "marks", "out_of", "lean"]].isna().all().all()
    assert list(found.answers["verdict"]) == ["open", "open"]
    assert "two/crisis" not in set(found.parts["item"])
    assert found.scores().empty


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no such item": (row(9, "one/gone", "a"), "no such item"),
    "an item that is no text": (row(9, ["one/best"], "stay"), "no such item"),
    "an option that is gone": (row(9, "one/best", "run"), "no longer fits"),
    "an answer of another shape": (row(9, "one/best", {"stay": 1}), "no longer fits"),
    "true for a level": (row(9, "one/rate", {"a": True}), "no longer fits"),
    "a float for a level": (row(9, "one/rate", {"a": 4.0}), "no longer fits"),
    "not a number": (row(9, "two/estimate", math.nan), "no longer fits"),
    "a third vote": (row(9, "one/best", "stay", 3), "first or the second"),
    "a vote of true": (row(9, "one/best", "stay", True), "first or the second"),
    "nobody": ({**row(9, "one/best", "stay"), "person": ""}, "whose it is"),
    "a person that is a number": ({**row(9, "one/best", "stay"), "person": 7}, "whose it is"),
    "a long name": ({**row(9, "one/best", "stay"), "person": "x" * 201}, "whose it is"),
    "another source": (row(9, "one/best", "stay", source="hearsay"), "no source"),
    "a third form": (row(9, "one/best", "stay", form="c"), "no source"),
    "a certainty of 4": (row(9, "one/best", "stay", certainty=4), "1, 2 or 3"),
    "a certainty of true": (row(9, "one/best", "stay", certainty=True), "1, 2 or 3"),
}


@pytest.mark.parametrize(("bad", "words"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_set_aside_with_the_reason_and_the_rest_is_kept(bad: Any, words: str) -> None:
    found = a_class(voted("one/rate", {"a": 1}, {"a": 4}), [bad], voted("one/best", "stay"))
    assert len(found.answers) == 3
    assert len(found.set_aside) == 1
    assert words in why(found)[0]
    assert why(found)[0].endswith(".")


def test_an_answer_that_is_true_is_not_taken_for_one_that_is_1() -> None:
    # 1 == True, so the first must not stand in for the second when it is graded.
    found = a_class([row(1, "one/rate", {"a": 1}), row(2, "one/rate", {"a": True}), row(3, "one/rate", {"a": 1.0})])
    assert found.people == 1
    assert found.set_aside["n"].sum() == 2


def test_the_first_answer_to_a_vote_counts() -> None:
    found = a_class([row(1, "one/best", "stay"), row(1, "one/best", "leave"), row(1, "one/best", "ask", 2)])
    assert list(found.answers["answer"]) == ["stay", "ask"]
    assert "already" in why(found)[0]


def test_the_same_fault_is_one_line_with_a_count() -> None:
    found = a_class(voted("one/best", *["run"] * 7))
    assert found.set_aside["n"].to_list() == [7]
    assert repr(found) == "Results: 0 people, 0 answers to 0 items, 7 set aside"


@SEEDED
@given(st.lists(st.dictionaries(st.sampled_from(("person", "item", "vote", "answer", "certainty", "source", "form", "time", "version")),
                                json_values | st.sampled_from((*ITEMS, 1, 2, "p1")), max_size=9), max_size=6))  # fmt: skip
def test_whatever_comes_nothing_breaks(rows: list[Any]) -> None:
    found = gather([*rows, row("last", "one/best", "stay")], described())
    assert len(found.answers) + found.set_aside["n"].sum() == len(rows) + 1
    assert found.answers["person"].iloc[-1] == "plast"


def test_lists_within_lists_without_end_are_set_aside() -> None:
    endless: list[Any] = []
    for _ in range(100_000):
        endless = [endless]
    assert len(a_class(voted("one/pick", endless, ["a"])).answers) == 1


@SEEDED
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random: Any) -> None:
    rows = [row(n, key, good_answer(ITEMS[key], random)) for n in range(3) for key in ITEMS]
    tables = []
    for _ in range(2):
        found = gather(rows, described()).answers.astype({"person": str, "item": str})
        tables.append(found.sort_values(["person", "item"], ignore_index=True)[["person", "item", "share", "lean"]])
        random.shuffle(rows)
    pd.testing.assert_frame_equal(*tables)


def test_scores_are_a_matrix_with_gaps() -> None:
    found = a_class(voted("one/best", "stay", None, "leave"), voted("one/pick", ["a", "b"], ["a"]))
    scores = found.scores()
    assert list(scores.columns) == ["one/best", "one/pick"]
    assert scores.loc["p0"].to_list() == [1, 1]
    assert np.isnan(scores.loc["p1", "one/best"])
    assert found.scores(vote=2).empty


def test_an_answer_to_another_version_is_marked() -> None:
    rows = [
        row(1, "one/best", "stay", version="00000000"),
        row(2, "one/best", "stay"),
        row(3, "one/best", "stay", source="record"),
    ]
    found = a_class(rows).answers
    assert list(found["version"]) == ["00000000", "00000001", ""]  # a room's items are what it was shown
    assert list(found["older"]) == [True, False, False]


HANDS: dict[str, tuple[Any, list[Any]]] = {
    "one/best": ({"stay": 4, "ask": 2}, [("answer", "stay", 4), ("answer", "ask", 2)]),
    "one/pick": ({"a": 5}, [("a", "marked", 5)]),
    "one/rate": ({"a": [0, 1, 2, 3]}, [("a", "1", 0), ("a", "2", 1), ("a", "3", 2), ("a", "4", 3)]),
    "two/sort": ({"a": {"mine": 2, "theirs": 1}}, [("a", "mine", 2), ("a", "theirs", 1)]),
    "two/estimate": ({"12.5": 3}, [("answer", "12.5", 3)]),
    "two/path": ({"wait": 3}, [("gate", "wait", 3)]),
}


@pytest.mark.parametrize("key", HANDS)
def test_hands_are_counts_by_what_they_were_raised_for(key: str) -> None:
    counts, lines = HANDS[key]
    found = a_class(hands=[{"item": key, "vote": 1, "n": 6, "counts": counts}])
    assert [(h.part, h.given, h.n) for h in found.hands.itertuples()] == lines


@pytest.mark.parametrize("bad", [{}, {"item": "one/gone", "vote": 1, "counts": {}}, {"item": "one/best", "vote": 3, "counts": {}},
                                 {"item": "one/best", "vote": 1, "counts": {"stay": -1}}, {"item": "one/best", "vote": 1, "counts": {"stay": True}}])  # fmt: skip
def test_hands_that_are_no_counts_are_set_aside(bad: Any) -> None:
    found = a_class(hands=[bad])
    assert len(found.hands) == 0
    assert len(found.set_aside) == 1


def test_a_formula_in_a_cell_is_disarmed_and_a_number_is_not(tmp_path: Any) -> None:
    evil = '=HYPERLINK("http://example.org","x")'
    dissents = [{"item": "one/best", "text": text} for text in (evil, "+1", "@x", " -2", "\t=1", "plain", "\uff1d1")]
    items = described({"one/best": ITEMS["one/best"]})
    found = gather([{**row(1, "one/best", "leave"), "person": "=1+1"}], items, dissents=dissents)
    paths = found.save(tmp_path / "tables")
    assert {path.name for path in paths} == {"answers.csv", "parts.csv", "hands.csv", "set_aside.csv", "dissents.csv"}
    texts = [path.read_text(encoding="utf-8-sig") for path in paths]
    cells = [cell for text in texts for line in csv.reader(io.StringIO(text, newline="")) for cell in line]
    risky = [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))]
    assert all(cell.replace("-", "", 1).replace(".", "", 1).isdigit() for cell in risky)
    assert "'" + evil in cells
    assert "-1.0" in cells  # a lean


# The bank's items.


def test_every_graded_item_of_the_course_is_described_and_takes_its_own_answer() -> None:
    bank = load_bank()
    items = items_of(bank)
    assert set(items) == {key for key in bank if bank[key].item is not None}
    rows = [row(1, key, answer) for key, meta in items.items() if (answer := course_answer(meta["item"])) is not None]
    found = gather(rows, items)
    assert len(found.answers) == len(rows)
    assert (found.answers["share"].dropna() == 1).all()
    assert not found.answers["older"].any()


def test_labels_have_no_markup() -> None:
    for meta in items_of(load_bank()).values():
        assert meta["labels"] or meta["format"] == "estimate"
        assert not any("<" in words or "**" in words for words in meta["labels"].values())


def test_hands_for_what_is_not_graded_are_set_aside() -> None:
    found = gather([], {"one/say": {"item": None}}, hands=[{"item": "one/say", "vote": 1, "counts": {"a": 1}}])
    assert len(found.hands) == 0
    assert len(found.set_aside) == 1


def test_items_come_in_the_order_of_the_bank_whoever_answered_first() -> None:
    found = a_class(voted("two/mark", ["a"], ["a"]), voted("one/best", None, "stay"))
    assert found.asked == list(found.scores()) == ["one/best", "two/mark"]
