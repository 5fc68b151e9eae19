"""Answers that nobody gave say so, and are the same for the same seed."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from classes import ITEMS

from widgets.analysis import generated
from widgets.analysis.generated import NOTICE, some_answer
from widgets.grading import grade


def test_a_generated_class_is_called_so_and_is_the_same_again() -> None:
    one, other = (generated("power", 5, seed=4) for _ in range(2))
    assert one.notice == NOTICE
    assert one.people == 5
    assert len(one.set_aside) == 0
    assert all(str(person).startswith("generated") for person in one.answers["person"])
    pd.testing.assert_frame_equal(one.answers, other.answers)
    assert not one.answers["answer"].equals(generated("power", 5, seed=5).answers["answer"])


def test_both_votes_and_both_forms_of_the_check_are_there() -> None:
    answers = generated("power", 9).answers
    assert set(answers.loc[answers["source"] == "room", "vote"]) == {1, 2}
    check = answers[answers["source"] == "check"]
    assert {(form, vote) for form, vote in zip(check["form"], check["vote"], strict=True)} == {
        ("a", 1),
        ("a", 2),
        ("b", 1),
        ("b", 2),
    }


@pytest.mark.parametrize("key", ITEMS)
def test_any_answer_is_one_that_the_grader_takes(key: str) -> None:
    random = Random(6)
    for _ in range(40):
        assert grade(ITEMS[key], some_answer(ITEMS[key], random))
