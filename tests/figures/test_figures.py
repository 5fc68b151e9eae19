"""What every figure has in common; what is drawn in one of them stands in a file of its own."""

import functools
import gzip
import hashlib
import os
import re
import subprocess
import sys

import pytest

from widgets import book, figures
from widgets.bank import load_bank
from widgets.explorer import FRAME_LIMIT, Frame, draw, frames

COMPRESSED = 60_000  # bytes that a figure may cost a phone
EVERY_FIGURE = pytest.mark.parametrize("name", figures.names())


@functools.cache
def drawn(name: str) -> tuple[Frame, ...]:
    return tuple(frames(name))


def test_there_are_figures_and_an_unknown_one_names_them():
    with pytest.raises(KeyError, match=", ".join(figures.names())):
        figures.load("no-such-figure")
    assert len(figures.names()) > 1


@EVERY_FIGURE
def test_a_figure_offers_all_that_the_protocol_asks_for(name):
    figure = figures.load(name)
    assert figure.TITLE.strip()
    assert figure.CAVEAT.strip()
    assert isinstance(figure.SOURCES, tuple)
    assert all(isinstance(slider, figures.Slider) for slider in figure.SLIDERS.values())
    assert callable(figure.draw)
    assert callable(figure.describe)


@EVERY_FIGURE
def test_a_figures_sources_are_in_the_bibliography(name):
    assert set(figures.load(name).SOURCES) <= set(load_bank().sources)


@EVERY_FIGURE
def test_arithmetic_that_is_no_data_says_so_and_says_what_is_false(name):
    model = figures.load(name).MODEL
    if model:
        assert model.startswith("MODEL. ")
        assert re.search("false", model, re.IGNORECASE)
    else:
        # Without a formula there is nothing to vary.
        assert not figures.load(name).SLIDERS


@EVERY_FIGURE
def test_a_slider_starts_at_one_of_its_values_and_shows_each_differently(name):
    for slider in figures.load(name).SLIDERS.values():
        assert slider.label.strip()
        assert slider.start in slider.values
        assert len({slider.show(value) for value in slider.values}) == len(slider.values) > 1


@EVERY_FIGURE
def test_alt_text_gives_numbers_and_is_each_frames_own(name):
    alts = [frame.alt for frame in drawn(name)]
    assert all(re.search(r"\d", alt) for alt in alts)
    assert all(alt == alt.strip() and alt.endswith(".") for alt in alts)
    assert len(set(alts)) == len(alts)


@EVERY_FIGURE
def test_frames_are_few_light_and_drawn_as_text_and_lines(name):
    assert len(drawn(name)) <= FRAME_LIMIT
    assert len(gzip.compress(book.frames_script(name, drawn(name)).encode())) <= COMPRESSED
    for frame in drawn(name):
        assert "<text" in frame.svg
        assert "<image" not in frame.svg
        assert "base64" not in frame.svg


@EVERY_FIGURE
def test_no_two_frames_are_the_same_picture(name):
    assert len({frame.svg for frame in drawn(name)}) == len(drawn(name))


@EVERY_FIGURE
def test_a_frame_is_the_same_bytes_every_time(name):
    for frame in (drawn(name)[0], drawn(name)[-1]):
        assert draw(figures.load(name), frame.values) == frame.svg


def test_frames_are_the_same_bytes_in_another_process():
    code = (
        "import hashlib; from widgets import figures; from widgets.explorer import draw\n"
        "for name in figures.names():\n"
        "    figure = figures.load(name)\n"
        "    svg = draw(figure, {key: slider.start for key, slider in figure.SLIDERS.items()})\n"
        "    print(name, hashlib.sha256(svg.encode()).hexdigest())"
    )
    # Another seed than this one's: what a set is iterated in must not show.
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    there = dict(line.split() for line in done.stdout.splitlines())
    here = {}
    for name in figures.names():
        start = {key: slider.start for key, slider in figures.load(name).SLIDERS.items()}
        svg = next(frame.svg for frame in drawn(name) if frame.values == start)
        here[name] = hashlib.sha256(svg.encode()).hexdigest()
    assert there == here


@EVERY_FIGURE
def test_a_figure_is_shown_somewhere_in_the_course(name):
    chapters = "".join(p.read_text(encoding="utf-8") for p in (book.HERE.parent / "chapters").glob("*.ipynb"))
    assert f'explore(\\"{name}\\"' in chapters
