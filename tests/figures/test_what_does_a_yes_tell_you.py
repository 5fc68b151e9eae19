import itertools

import pytest
from matplotlib.figure import Figure

from widgets.figures import what_does_a_yes_tell_you as figure

FRAMES = list(itertools.product(figure.COSTS, (1, 2, 3), (0.2, 0.5, 0.8)))


@pytest.mark.parametrize(("cost", "share"), [(0, 0.88), (2, 0.66), (4, 0.53)])
def test_the_text_s_three_numbers(cost: float, share: float) -> None:
    assert figure.wanted_given_yes(0.5, 2, cost) == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(("wish", "wanting"), list(itertools.product((1, 2, 3), (0.2, 0.5, 0.8))))
def test_a_dearer_no_makes_a_yes_say_less_but_never_less_than_no_answer(wish: float, wanting: float) -> None:
    shares = [figure.wanted_given_yes(wanting, wish, cost) for cost in figure.COSTS]
    assert shares == sorted(shares, reverse=True)
    assert all(wanting < share < 1 for share in shares)


def test_without_cost_a_yes_and_a_no_mirror_each_other() -> None:
    assert figure.yes_if_wanted(2, 0) == pytest.approx(1 - figure.yes_if_unwanted(2, 0))


def test_the_sliders_make_45_frames() -> None:
    frames = list(itertools.product(*(slider.values for slider in figure.SLIDERS.values())))
    assert len(frames) == 45
    assert set(frames) == set(FRAMES)
    assert all(slider.start in slider.values for slider in figure.SLIDERS.values())
    assert figure.MODEL.startswith("MODEL.")


@pytest.mark.parametrize(("cost", "wish", "wanting"), FRAMES)
def test_every_frame_draws_and_its_words_hold_its_number(cost: float, wish: float, wanting: float) -> None:
    canvas = Figure(figsize=(6.4, 4.0))
    figure.draw(canvas, cost=cost, wish=wish, wanting=wanting)
    share = f"{figure.wanted_given_yes(wanting, wish, cost):.0%}"
    assert share in figure.describe(cost=cost, wish=wish, wanting=wanting)
    assert f"a yes: {share}" in [text.get_text() for text in canvas.axes[0].texts]
