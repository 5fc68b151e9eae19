"""The model's arithmetic against the numbers that the chapter prints, and a frame for every place of the sliders."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.figure import Figure as Canvas

from widgets.figures import HEIGHT, WIDTH
from widgets.figures import two_ways_to_be_wrong as figure

PLACES = list(itertools.product(*(slider.values for slider in figure.SLIDERS.values())))


@pytest.mark.parametrize(
    ("evidence", "shift", "missed", "alarmed"),
    [(1.5, 1, 0.60, 0.04), (1.5, 0, 0.23, 0.23), (1.5, -1, 0.04, 0.60), (2, 0, 0.16, 0.16), (0.5, 0, 0.40, 0.40)],
)
def test_errors_are_those_the_chapter_prints(evidence: float, shift: float, missed: float, alarmed: float) -> None:
    assert figure.errors(evidence, shift) == pytest.approx((missed, alarmed), abs=0.005)


def test_normal_is_the_area_to_the_left() -> None:
    assert [figure.normal(z) for z in (-10, 0, 1.959964)] == pytest.approx([0, 0.5, 0.975], abs=1e-6)


def test_people_are_counted_in_a_hundred() -> None:
    assert figure.per_hundred(1.5, 1, 0.2) == pytest.approx((12.0, 3.2), abs=0.05)


@pytest.mark.parametrize("evidence", figure.SLIDERS["evidence"].values)
def test_a_shift_trades_one_error_for_the_other(evidence: float) -> None:
    shares = [figure.errors(evidence, shift) for shift in figure.SLIDERS["shift"].values]
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in itertools.pairwise(shares))


@pytest.mark.parametrize("shift", figure.SLIDERS["shift"].values)
def test_better_evidence_never_adds_errors(shift: float) -> None:
    shares = [figure.errors(evidence, shift) for evidence in figure.SLIDERS["evidence"].values]
    assert all(a[0] > b[0] and a[1] > b[1] for a, b in itertools.pairwise(shares))


def test_the_explorer_has_no_more_than_sixty_frames() -> None:
    assert len(PLACES) <= 60


@pytest.mark.parametrize("place", PLACES)
def test_every_frame_is_drawn_and_described(place: tuple[float, float, float]) -> None:
    values = dict(zip(figure.SLIDERS, place, strict=True))
    canvas = Canvas(figsize=(WIDTH, HEIGHT))
    figure.draw(canvas, **values)
    missed, alarmed = figure.per_hundred(**values)
    words = figure.describe(**values)
    assert f"{missed:.1f} missed" in words
    assert f"{alarmed:.1f} alarmed" in words
    assert all(text.get_fontsize() >= 10 for axes in canvas.axes for text in axes.texts)


def test_the_model_says_so_and_names_its_false_assumption() -> None:
    assert figure.MODEL.startswith("MODEL.")
    assert "false" in figure.MODEL
