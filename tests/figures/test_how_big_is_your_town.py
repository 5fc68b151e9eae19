"""The arithmetic of "How big is your town?" against the numbers that the chapter quotes."""

from __future__ import annotations

import itertools
import random

import pytest
from matplotlib.figure import Figure as Canvas

from widgets.figures import HEIGHT, WIDTH
from widgets.figures import how_big_is_your_town as figure


@pytest.mark.parametrize(("adults", "percent"), [(1_000, 87), (5_000, 33), (20_000, 10), (100_000, 2)])
def test_the_chances_that_the_chapter_quotes(adults: int, percent: int) -> None:
    assert figure.chance_of_overlap(adults, 20, 100) * 100 == pytest.approx(percent, abs=0.5)


def test_a_bigger_town_means_a_smaller_chance_and_more_acquaintances_a_larger_one() -> None:
    by_size = [figure.chance_of_overlap(adults, 20, 100) for adults in figure.ADULTS]
    by_met = [figure.chance_of_overlap(5_000, 20, met) for met in figure.SLIDERS["met"].values]
    assert by_size == sorted(by_size, reverse=True)
    assert by_met == sorted(by_met)


@pytest.mark.parametrize(
    ("adults", "clients", "met", "chance"), [(100, 0, 50, 0), (100, 100, 1, 1), (100, 50, 0, 0), (4, 1, 1, 0.25)]
)
def test_the_ends_of_the_range(adults: int, clients: int, met: int, chance: float) -> None:
    assert figure.chance_of_overlap(adults, clients, met) == pytest.approx(chance)


def test_the_chance_and_the_mean_agree_with_a_simulation() -> None:
    draws = random.Random(5)
    counts = [sum(draws.random() < 20 / 1_000 for _ in range(50)) for _ in range(4_000)]
    assert figure.chance_of_overlap(1_000, 20, 50) == pytest.approx(sum(n > 0 for n in counts) / len(counts), abs=0.03)
    assert figure.expected_overlaps(1_000, 20, 50) == pytest.approx(sum(counts) / len(counts), abs=0.06)


@pytest.mark.parametrize(("adults", "clients", "met"), [(0, 0, 1), (100, 101, 1), (100, -1, 1), (100, 1, -1)])
def test_an_impossible_town_is_refused(adults: int, clients: int, met: int) -> None:
    with pytest.raises(ValueError, match="adults"):
        figure.chance_of_overlap(adults, clients, met)


@pytest.mark.parametrize(
    ("share", "words"), [(0, "under 1%"), (0.004, "under 1%"), (0.33, "33%"), (0.994, "99%"), (0.9999, "over 99%")]
)
def test_percent_never_claims_certainty(share: float, words: str) -> None:
    assert figure.percent(share) == words


def test_describe_holds_the_numbers() -> None:
    text = figure.describe(adults=5_000, clients=20, met=100)
    assert all(
        part in text
        for part in ("Model, not data", "5,000", "33%", "overlaps: 0.4", "87% among 1,000", "2% among 100,000")
    )


def test_the_model_names_its_false_assumption() -> None:
    assert figure.MODEL.startswith("MODEL.")
    assert "random" in figure.MODEL


def test_it_draws_at_every_setting() -> None:
    values = [slider.values for slider in figure.SLIDERS.values()]
    settings = [dict(zip(figure.SLIDERS, combination, strict=True)) for combination in itertools.product(*values)]
    assert len(settings) == 60
    for setting in settings:
        canvas = Canvas(figsize=(WIDTH, HEIGHT))
        figure.draw(canvas, **setting)
        assert canvas.axes
        assert figure.percent(figure.chance_of_overlap(**setting)) in figure.describe(**setting)
