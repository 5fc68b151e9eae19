"""A version says whether two answers were given to the same item."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from widgets.bank import load_bank
from widgets.bank.version import version

ENTRY: dict[str, Any] = {
    "id": "party",
    "format": "best",
    "scene": "A party.",
    "debrief": "Think.",
    "options": [
        {"id": "stay", "text": "Stay.", "marks": 4, "stance": 0, "why": "It is kind."},
        {"id": "leave", "text": "Leave.", "marks": 0, "stance": -2, "why": "It is not."},
    ],
}


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e.update(scene="Another party."),
        lambda e: e["options"][0].update(text="Stay!"),
        lambda e: e["options"][0].update(marks=3),
        lambda e: e["options"][1].update(stance=-1),
        lambda e: e["options"].reverse(),
    ],
)
def test_what_a_reader_sees_or_is_graded_by_makes_another_version(change: Callable[[Any], Any]) -> None:
    changed = copy.deepcopy(ENTRY)
    change(changed)
    assert version(changed) != version(ENTRY)


def test_reasons_may_be_reworded_without_one() -> None:
    changed = copy.deepcopy(ENTRY)
    changed["debrief"] = "Think again."
    changed["options"][0]["why"] = "It is kinder."
    changed["core"] = True
    changed["panel_from"] = {"who": "nurses", "people": 12}
    assert version(changed) == version(ENTRY)


def test_every_item_of_the_course_has_one_of_its_own() -> None:
    bank = load_bank()
    versions = {vignette.version for vignette in bank.values()}
    assert len(versions) == len(bank)
    assert all(len(v) == 8 and not v.strip("0123456789abcdef") for v in versions)
