import itertools

import pytest
from matplotlib.figure import Figure as Canvas

from widgets.figures import HEIGHT, WIDTH, how_many_people_fit
from widgets.figures.how_many_people_fit import SLIDERS, chance_of_nobody_else, describe, draw, others_who_fit

FRAMES = list(itertools.product(*(slider.values for slider in SLIDERS.values())))


@pytest.mark.parametrize(
    ("people", "share", "details", "others", "nobody"),
    [
        (900, 0.1, 2, 9.0, 0.0001),  # a village: two details leave nine others
        (900, 0.1, 3, 0.9, 0.41),  # ... and three leave 0.9, and one person only in 41 of 100
        (30, 0.1, 2, 0.3, 0.75),  # a group chat
        (900, 0.02, 2, 0.4, 0.70),  # the florist with twins
    ],
)
def test_numbers_quoted_in_the_chapter(people, share, details, others, nobody):
    assert others_who_fit(people, share, details) == pytest.approx(others, abs=0.05)
    assert chance_of_nobody_else(people, share, details) == pytest.approx(nobody, abs=0.005)


def test_without_details_everybody_fits():
    assert others_who_fit(900, 0.1, 0) == 899
    assert chance_of_nobody_else(900, 0.1, 0) == 0


def test_a_person_alone_is_always_the_only_one():
    assert others_who_fit(1, 0.1, 2) == 0
    assert chance_of_nobody_else(1, 0.1, 2) == 1


@pytest.mark.parametrize("people", SLIDERS["people"].values)
@pytest.mark.parametrize("share", SLIDERS["share"].values)
def test_each_detail_leaves_fewer_others(people, share):
    left = [others_who_fit(people, share, details) for details in SLIDERS["details"].values]
    alone = [chance_of_nobody_else(people, share, details) for details in SLIDERS["details"].values]
    assert left == sorted(left, reverse=True)
    assert alone == sorted(alone)


def test_at_most_sixty_frames_and_starts_that_exist():
    assert len(FRAMES) == 60
    assert all(slider.start in slider.values for slider in SLIDERS.values())


@pytest.mark.parametrize(("people", "share", "details"), FRAMES)
def test_every_frame_draws_and_says_its_numbers(people, share, details):
    canvas = Canvas(figsize=(WIDTH, HEIGHT))
    draw(canvas, people=people, share=share, details=details)
    (axes,) = canvas.axes
    low, high = axes.get_ylim()
    markers = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(markers) == 5
    assert all(low < line.get_ydata()[0] < high for line in markers)
    text = describe(people=people, share=share, details=details)
    assert f"{people:,}" in text
    assert canvas.texts[0].get_text().lower() in text.lower()
    assert canvas.texts[1].get_text() in text


def test_alt_text_is_a_sentence_with_numbers():
    assert describe(people=900, share=0.1, details=3) == (
        "Of 900 people, each detail fits 10%. After 3 of 4 details: others who fit: 0.9. "
        "Chance that nobody else fits: 41%."
    )


def test_it_is_labelled_a_model_with_its_false_assumption():
    assert how_many_people_fit.MODEL.startswith("MODEL.")
    assert "False assumption" in how_many_people_fit.MODEL
