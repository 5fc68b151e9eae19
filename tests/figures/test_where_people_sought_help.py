"""The four parts of "A third had only people like you" against the survey's numbers."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure as Canvas

from widgets.figures import HEIGHT, WIDTH
from widgets.figures import where_people_sought_help as figure


def test_the_parts_are_those_of_the_survey_and_fill_the_bar() -> None:
    assert [part.percent for part in figure.PARTS] == [33.6, 29.0, 11.1, 26.3]
    assert sum(part.percent for part in figure.PARTS) == pytest.approx(100)


def test_formal_help_alone_is_formal_help_less_both() -> None:
    assert figure.formal_only(40.1, 29.0) == pytest.approx(11.1)
    assert figure.formal_only(29.0, 29.0) == 0


@pytest.mark.parametrize(("formal", "both"), [(20, 30), (101, 29), (40, -1)])
def test_impossible_shares_are_refused(formal: float, both: float) -> None:
    with pytest.raises(ValueError, match="formal help"):
        figure.formal_only(formal, both)


def test_only_one_part_is_set_apart() -> None:
    assert [part.percent for part in figure.PARTS if part.ours] == [33.6]


def test_describe_holds_the_numbers() -> None:
    text = figure.describe()
    assert all(number in text for number in ("386", "33.6%", "29%", "11.1%", "26.3%"))


def test_it_draws_every_number_once_and_stays_on_the_canvas() -> None:
    canvas = Canvas(figsize=(WIDTH, HEIGHT))
    figure.draw(canvas)
    words = [text.get_text() for text in canvas.axes[0].texts]
    assert [words.count(f"{part.percent:g}%") for part in figure.PARTS] == [1, 1, 1, 1]
    for text in canvas.axes[0].texts:
        box = text.get_window_extent()
        assert text.get_fontsize() >= 10
        assert box.x0 >= 0, text.get_text()
        assert box.x1 <= canvas.bbox.x1, text.get_text()
