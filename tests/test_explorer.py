import base64
import re
from xml.etree.ElementTree import Element

import pytest
from tree import tree, words

from widgets import explore, explorer, figures
from widgets.explorer import FRAME_LIMIT, Explorer, choose, first, frames

NAME = "nobody-with-a-diagnosis"  # three sliders
FIGURE = figures.load(NAME)
STILL = next(name for name in figures.names() if not figures.load(name).SLIDERS)
FEW = {"friends": (5, 20), "share": (0.231,), "clustering": (0, 0.1, 0.3)}


# Which frames there are.


def test_a_figure_has_a_frame_for_each_combination_the_last_slider_turning_fastest():
    drawn = frames(NAME, **FEW)
    assert [frame.values for frame in drawn] == [
        {"friends": friends, "share": 0.231, "clustering": clustering}
        for friends in (5, 20)
        for clustering in (0, 0.1, 0.3)
    ]


def test_the_first_frame_shown_is_the_one_that_the_sliders_start_at():
    sliders = choose(FIGURE, NAME, FEW)
    assert frames(NAME, **FEW)[first(NAME, sliders)].values == {key: slider.start for key, slider in sliders.items()}
    assert sliders["friends"].start == FIGURE.SLIDERS["friends"].start


def test_a_slider_whose_start_is_cut_off_starts_at_its_first_value():
    assert FIGURE.SLIDERS["friends"].start not in (3, 5)
    assert choose(FIGURE, NAME, {"friends": [3, 5]})["friends"].start == 3


def test_narrowing_one_slider_leaves_the_others_and_the_figure_alone():
    chosen = choose(FIGURE, NAME, {"friends": [5]})
    assert chosen["share"] == FIGURE.SLIDERS["share"]
    assert chosen["friends"].label == FIGURE.SLIDERS["friends"].label
    assert len(FIGURE.SLIDERS["friends"].values) > 1


def test_a_figure_without_sliders_has_one_frame():
    (frame,) = frames(STILL)
    assert frame.values == {}


@pytest.mark.parametrize(
    ("sliders", "said"),
    [
        ({"enemies": [1]}, "has no slider 'enemies'.*friends, share, clustering"),
        ({"friends": []}, "'friends' of .* at least one value"),
        ({"friends": range(FRAME_LIMIT)}, f"{FRAME_LIMIT} is the most"),
    ],
    ids=["unknown", "empty", "too many frames"],
)
def test_sliders_that_do_not_fit_are_refused_in_words(sliders, said):
    with pytest.raises(ValueError, match=said):
        choose(FIGURE, NAME, sliders)


def test_a_figure_that_stands_still_says_that_it_has_no_slider():
    with pytest.raises(ValueError, match="It has: none"):
        explore(STILL, friends=[1])


# What a frame is.


def test_a_frame_keeps_its_text_as_text_and_no_trace_of_when_it_was_drawn():
    (frame,) = frames(NAME, friends=[5], share=[0.231], clustering=[0])
    assert frame.svg.startswith("<svg")
    assert "<text" in frame.svg
    assert "<metadata" not in frame.svg
    assert "<!--" not in frame.svg
    assert frame.alt == FIGURE.describe(friends=5, share=0.231, clustering=0)


def test_the_frames_of_a_page_are_drawn_once():
    sliders = (("friends", (5,)), ("share", (0.231,)), ("clustering", (0,)))
    assert explorer.page_frames(NAME, sliders) is explorer.page_frames(NAME, sliders)


def test_the_caption_has_the_title_the_models_false_assumption_and_the_caveat():
    said = words(tree(explorer.caption(FIGURE)))
    assert said == " ".join([FIGURE.TITLE, FIGURE.MODEL, FIGURE.CAVEAT])


def test_a_slider_shows_percent_thousands_and_units():
    assert figures.Slider("", (0.231,), 0.231, percent=True).show(0.231) == "23.1%"
    assert figures.Slider("", (5000,), 5000, unit="people").show(5000) == "5,000 people"


# The live figure of a notebook.


def shown(live: Explorer) -> Element:
    (image,) = tree(live.children[0].value)
    return image


def svg(live: Explorer) -> str:
    return base64.b64decode(shown(live).get("src", "").removeprefix("data:image/svg+xml;base64,")).decode()


def test_moving_a_slider_redraws_the_figure_and_its_alt_text():
    live = explore(NAME)
    before = svg(live), shown(live).get("alt")
    live.sliders["friends"].value = 5
    assert live.frame.values["friends"] == 5
    assert svg(live) == live.frame.svg != before[0]
    assert shown(live).get("alt") == live.frame.alt != before[1]


def test_live_and_page_show_the_same_picture():
    live = explore(NAME, **FEW)
    (frame,) = [f for f in frames(NAME, **FEW) if f.values == live.frame.values]
    assert svg(live) == frame.svg


def test_a_live_figure_has_its_sliders_and_its_caption_below_it():
    live = explore(NAME, **FEW)
    assert list(live.sliders) == list(FIGURE.SLIDERS)
    assert [s.description for s in live.children[1:-1]] == [s.label for s in FIGURE.SLIDERS.values()]
    assert [label for label, _ in live.sliders["friends"].options] == ["5", "20"]
    assert FIGURE.CAVEAT in words(tree(live.children[-1].value))


def test_a_live_figure_that_stands_still_has_no_slider():
    live = explore(STILL)
    assert live.sliders == {}
    assert shown(live).get("alt") == figures.load(STILL).describe()


def test_a_cell_names_its_figure_the_same_in_every_run():
    # nbval compares it.
    data = explore(STILL)._repr_mimebundle_()
    assert data["text/plain"] == f"explore('{STILL}')"
    assert re.match("application/vnd.jupyter.widget-view", list(data)[-1])
