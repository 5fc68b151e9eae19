"""The three survey panels: their numbers, and that nothing joins them."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.figure import Figure as Canvas

from widgets.figures import HEIGHT, WIDTH
from widgets.figures import question_makes_the_percentage as figure


@pytest.fixture
def canvas() -> Canvas:
    drawn = Canvas(figsize=(WIDTH, HEIGHT))
    figure.draw(drawn)
    return drawn


def test_the_numbers_are_those_of_the_source() -> None:
    assert [(s.percent, s.returned) for s in figure.SURVEYS] == [(46, 49), (70, None), (83, 39)]


def test_the_panels_are_apart_and_no_line_joins_them(canvas: Canvas) -> None:
    assert len(canvas.axes) == 3
    edges = [axes.get_position() for axes in canvas.axes]
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(edges))
    assert not any(axes.lines for axes in canvas.axes)
    assert not canvas.lines


def test_each_panel_says_what_was_asked_of_whom(canvas: Canvas) -> None:
    for axes, survey in zip(canvas.axes, figure.SURVEYS, strict=True):
        words = [text.get_text() for text in axes.texts]
        assert {
            survey.name,
            f"{survey.percent}%",
            figure.returned(survey),
            *filter(None, survey.who),
            *survey.counted,
        } <= set(words)
        assert "rarely: counted?" in words


def test_describe_holds_the_numbers() -> None:
    text = figure.describe()
    assert all(survey.people in text for survey in figure.SURVEYS)
    assert all(
        part in text for part in ("46%", "70%", "83%", "49% answered", "39% answered", "not known to us", "rarely")
    )


def test_the_caveat_says_what_the_numbers_are_not() -> None:
    assert all(
        part in figure.CAVEAT for part in ("as reported by Kramer", "not conduct", "former clients only", "not a trend")
    )
