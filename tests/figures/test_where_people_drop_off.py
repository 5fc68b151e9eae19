"""The arithmetic of "Where people drop off" against the numbers that the chapter quotes."""

from __future__ import annotations

import itertools
import random

import pytest
from matplotlib.figure import Figure as Canvas

from widgets.figures import HEIGHT, WIDTH
from widgets.figures import where_people_drop_off as figure

EVERY = list(itertools.product(*(slider.values for slider in figure.SLIDERS.values())))


@pytest.mark.parametrize(("steps", "eased", "percent"), [(5, 0, 33), (5, 2, 46), (3, 0, 51)])
def test_the_chances_that_the_chapter_quotes(steps: int, eased: int, percent: int) -> None:
    assert figure.chance_of_arriving(steps, 0.8, eased) * 100 == pytest.approx(percent, abs=0.5)


def test_it_has_sixty_frames_and_none_eases_more_steps_than_there_are() -> None:
    assert len(EVERY) == 60
    assert all(eased <= steps for steps, _, eased in EVERY)


def test_more_steps_are_worse_and_easier_steps_are_better() -> None:
    assert all(
        figure.chance_of_arriving(steps + 1, chance, eased) < figure.chance_of_arriving(steps, chance, eased)
        for steps, chance, eased in EVERY
    )
    assert all(
        figure.chance_of_arriving(steps, chance, eased) > figure.chance_of_arriving(steps, chance, eased - 1)
        for steps, chance, eased in EVERY
        if eased > 0
    )


@pytest.mark.parametrize(
    ("steps", "chance", "eased", "arrive"), [(0, 0.5, 0, 1), (1, 0, 0, 0), (2, 0.5, 0, 0.25), (2, 0.5, 2, 0.95 * 0.95)]
)
def test_the_ends_of_the_range(steps: int, chance: float, eased: int, arrive: float) -> None:
    assert figure.chance_of_arriving(steps, chance, eased) == pytest.approx(arrive)


def test_the_chance_agrees_with_a_simulation() -> None:
    draws = random.Random(6)
    chances = [0.95, 0.95, 0.8, 0.8, 0.8]
    arrived = sum(all(draws.random() < chance for chance in chances) for _ in range(5_000))
    assert figure.chance_of_arriving(5, 0.8, 2) == pytest.approx(arrived / 5_000, abs=0.03)


def test_the_way_starts_with_all_and_ends_with_those_who_arrive() -> None:
    for steps, chance, eased in EVERY:
        way = figure.still_on_the_way(steps, chance, eased)
        assert len(way) == steps + 1
        assert way[0] == 1
        assert way[-1] == pytest.approx(chance ** (steps - eased) * 0.95**eased)


@pytest.mark.parametrize(
    ("steps", "chance", "eased"), [(1, 0.8, 2), (5, 0.8, -1), (2.5, 0.8, 0), (5, 0.8, 0.5), (5, 0.99, 0), (5, -0.1, 0)]
)
def test_an_impossible_way_is_refused(steps: float, chance: float, eased: float) -> None:
    with pytest.raises(ValueError, match=r"(steps|chance) "):
        figure.chance_of_arriving(steps, chance, eased)


def test_the_model_names_itself_and_its_false_assumption() -> None:
    assert figure.MODEL.startswith("MODEL.")
    assert "false assumption" in figure.MODEL


@pytest.mark.parametrize(("steps", "chance", "eased"), EVERY)
def test_every_frame_is_drawn_in_words_that_match(steps: float, chance: float, eased: float) -> None:
    canvas = Canvas(figsize=(WIDTH, HEIGHT))
    figure.draw(canvas, steps=steps, chance=chance, eased=eased)
    arrive = f"{figure.chance_of_arriving(steps, chance, eased) * 100:.0f}"
    words = [text.get_text() for text in (*canvas.axes[0].texts, *canvas.texts)]
    assert any(word.startswith(f"{arrive} arrive") for word in words)
    assert sum(word.endswith(", eased") for word in words) == eased
    assert any("MODEL" in word for word in words)
    text = figure.describe(steps=steps, chance=chance, eased=eased)
    assert "Model, not data" in text
    assert f"{arrive}% arrive" in text
    for label in (*canvas.axes[0].texts, *canvas.texts):
        assert label.get_fontsize() >= 10
        assert label.get_window_extent().x0 >= 0, label.get_text()
        assert label.get_window_extent().x1 <= canvas.bbox.x1, label.get_text()
