"""The plots: valid pictures, whose alt text has their numbers."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from widgets.analysis import plots
from widgets.analysis.plots import Bar
from widgets.palette import LIGHT

BARS = [Bar("A", 14, 20, True), Bar("B", 6, 20, False), Bar("<&>", 0, 20, None)]
DRAWN = {
    "shares": (plots.shares(BARS), ["A 70% (14 of 20, the course’s)", "B 30% (6 of 20)"]),
    "stacks": (plots.stacks([("A", BARS), ("B", BARS[::-1])], "Level"), ["A: A (the course’s) 70%, B 30%"]),
    "item map": (plots.item_map([(1, 0.5, 0.3), (2, 1.0, -0.4)]), ["2 items", "50% to 100%", "below 0 are items 2"]),
    "flow": (plots.flow(["A", "otherwise"], [(0, 0, 3), (0, 1, 1), (1, 0, 2)], [True, False]), ["6 people: 3 stayed", "1 from A to otherwise"]),
    "lean": (plots.lean([("B: a clinical pull", 3, 1), ("one", 0, 0)]), ["B: a clinical pull 3 more distant, 1 closer"]),
    "calibration": (plots.calibration([(1, 9, 0, 0.6, 0.5), (3, 4, 0.8, 1, None)]), ["50% came over 9 answers", "hidden with 4 answers"]),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_is_a_picture_with_its_numbers_in_words(name: str) -> None:
    plot, said = DRAWN[name]
    root = fromstring(plot.svg)
    assert root.get("viewBox") == f"0 0 {plot.width} {plot.height}"
    assert all(words in plot.alt for words in said)
    assert "nan" not in plot.svg + plot.alt
    assert plot.src.startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_is_drawn_outside_the_picture_and_every_colour_is_the_palettes(name: str) -> None:
    plot, _ = DRAWN[name]
    for element in fromstring(plot.svg).iter():
        for field in ("fill", "stroke"):
            assert element.get(field, LIGHT["ink"]) in (*LIGHT.values(), "none")
        x = float(element.get("x", 0))
        assert 0 <= x <= plot.width
        assert x + float(element.get("width", "0").rstrip("%")) <= plot.width + 1e-9 or element.tag.endswith("svg")


def test_bars_are_as_long_as_their_shares() -> None:
    widths = [float(r.get("width", 0)) for r in fromstring(plots.shares(BARS).svg).iter() if r.tag.endswith("rect")]
    assert widths[1::2] == pytest.approx([190 * 0.7, 190 * 0.3, 0])


def test_a_bar_of_nobody_has_no_length() -> None:
    assert Bar("A", 0, 0, None).share == 0


def test_on_a_tie_with_the_course_the_word_stands_beside_the_bar() -> None:
    assert "70% course" in plots.shares(BARS).svg  # not by colour alone
