import itertools

import pytest
from matplotlib.figure import Figure

from widgets.figures import nobody_with_a_diagnosis as figure

FRAMES = list(itertools.product((3, 5, 10, 20, 30), figure.SHARES, (0, 0.1, 0.3)))


@pytest.mark.parametrize(("clustering", "chance"), [(0, 0.0052), (0.1, 0.07), (0.3, 0.24)])
def test_the_text_s_three_numbers_for_twenty_friends(clustering: float, chance: float) -> None:
    assert figure.chance_of_none(20, 0.231, clustering) == pytest.approx(chance, abs=0.005 if clustering else 0.00005)


@pytest.mark.parametrize(("friends", "chance"), [(5, 0.269), (10, 0.072), (20, 0.0052), (30, 0.0004)])
def test_without_clustering_it_is_a_power(friends: int, chance: float) -> None:
    assert figure.chance_of_none(friends, 0.231, 0) == pytest.approx(chance, abs=0.0005)


@pytest.mark.parametrize(("friends", "share"), list(itertools.product((3, 5, 10, 20, 30), figure.SHARES)))
def test_clustering_makes_none_more_likely_and_never_more_so_than_for_one_friend(friends: int, share: float) -> None:
    chances = [figure.chance_of_none(friends, share, r) for r in (0, 1e-9, 0.1, 0.3, 0.999)]
    assert chances[0] == pytest.approx(chances[1], rel=1e-4)
    assert chances[1:] == sorted(chances[1:])
    assert all(chance <= 1 - share for chance in chances)


def test_for_one_friend_clustering_changes_nothing() -> None:
    assert figure.chance_of_none(1, 0.231, 0.3) == pytest.approx(0.769)


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0.5, "50%"), (0.0996, "10%"), (0.072, "7.2%"), (0.0004, "0.04%"), (0.9948, "99.5%"), (0.9996, "99.96%")],
)
def test_a_chance_near_the_edges_keeps_a_digit(chance: float, words: str) -> None:
    assert figure.percent(chance) == words


def test_the_sliders_make_60_frames() -> None:
    frames = list(itertools.product(*(slider.values for slider in figure.SLIDERS.values())))
    assert len(frames) == 60
    assert set(frames) == set(FRAMES)
    assert all(slider.start in slider.values for slider in figure.SLIDERS.values())
    assert figure.MODEL.startswith("MODEL.")


@pytest.mark.parametrize(("friends", "share", "clustering"), FRAMES)
def test_every_frame_draws_and_its_words_hold_its_numbers(friends: int, share: float, clustering: float) -> None:
    canvas = Figure(figsize=(6.4, 4.0))
    figure.draw(canvas, friends=friends, share=share, clustering=clustering)
    none = figure.percent(figure.chance_of_none(friends, share, clustering))
    words = figure.describe(friends=friends, share=share, clustering=clustering)
    assert f"The chance that none has is {none}" in words
    assert f"about {friends * share:.1f}" in words
    assert none in [text.get_text() for text in canvas.axes[0].texts]
