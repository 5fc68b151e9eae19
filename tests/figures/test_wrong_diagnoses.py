"""The intervals against the numbers that the chapter prints, and what the figure says and leaves open."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure as Canvas

from widgets.figures import HEIGHT, WIDTH
from widgets.figures import wrong_diagnoses as figure


@pytest.mark.parametrize(("wrong", "size", "low", "high"), [(7, 10, 0.40, 0.89), (12, 19, 0.41, 0.81)])
def test_intervals_are_those_the_chapter_prints(wrong: int, size: int, low: float, high: float) -> None:
    assert figure.interval(wrong, size) == pytest.approx((low, high), abs=0.005)


def test_an_interval_narrows_as_people_are_added() -> None:
    few, many = figure.interval(7, 10), figure.interval(70, 100)
    assert few[0] < many[0] < many[1] < few[1]


def test_counts_agree_with_the_percentages_of_the_abstract() -> None:
    known = [g for g in figure.GROUPS if g.wrong is not None and g.size is not None]
    assert [round(100 * g.wrong / g.size) for g in known if g.wrong and g.size] == [g.percent for g in known]
    assert [g.size for g in known] == [round(0.13 * 75), round(0.25 * 75)]


def test_description_holds_every_number_and_every_gap() -> None:
    words = figure.describe()
    assert all(f"{group.percent}%" in words for group in figure.GROUPS)
    assert "40 to 89%" in words
    assert "41 to 81%" in words
    assert words.count("size not in the abstract") == 4


def test_it_is_drawn_with_a_label_for_every_group() -> None:
    canvas = Canvas(figsize=(WIDTH, HEIGHT))
    figure.draw(canvas)
    shown = [text.get_text() for text in canvas.axes[0].texts]
    assert shown.count("size not in the abstract") == 4
    assert all(f"{group.percent}%" in shown for group in figure.GROUPS)
    assert all(text.get_fontsize() >= 10 for text in canvas.axes[0].texts)
