"""What a reader meets before answering can be read tired."""

from __future__ import annotations

from statistics import median

import pytest

from widgets import readability
from widgets.bank import load_bank


def test_longer_words_and_sentences_are_harder() -> None:
    easy = readability.reading_grade("She is at the bus stop. It is wet.")
    hard = readability.reading_grade(
        "Notwithstanding considerable institutional ambivalence, supervision proved indispensable."
    )

    assert easy < 3 < 13 < hard


@pytest.mark.parametrize("text", ["No", "“No.”", "*Wait* until Monday"])
def test_a_phrase_has_a_grade_too(text: str) -> None:
    assert readability.reading_grade(text) >= 0


def test_every_scene_step_and_option_is_read() -> None:
    bank = load_bank()
    places = set(readability.reading_grades(bank))

    for key, vignette in bank.items():
        assert f"{key}: scene" in places
        for name, step in getattr(vignette.entry, "steps", {}).items():
            assert {f"{key}: steps.{name}.options.{option.id}" for option in step.options} <= places


def test_the_course_reads_easily() -> None:
    grades = readability.reading_grades(load_bank())

    assert median(grades.values()) <= readability.MEDIAN
    assert not {place: grade for place, grade in grades.items() if grade > readability.HIGHEST}
