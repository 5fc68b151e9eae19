"""A picture for every chapter, in the palette's colours, the same each time."""

from __future__ import annotations

import re

import pytest
from built_book import toc_pages

from widgets import assets, palette
from widgets.art import PICTURES, picture

GIVEN = {"none", "#000000", "#ffffff"}  # what an SVG of matplotlib's may name besides


@pytest.mark.parametrize("chapter", PICTURES)
@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_has_no_colour_but_the_palette_s(chapter: str, dark: bool) -> None:
    colours = set((palette.DARK if dark else palette.LIGHT).values())
    svg = picture(chapter, dark)

    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) <= colours | GIVEN
    assert len(svg.encode()) < 8_000
    assert svg == picture(chapter, dark)


def test_light_and_dark_are_two_pictures() -> None:
    assert picture("power") != picture("power", dark=True)


def test_the_pages_know_of_every_picture() -> None:
    assert set(assets.PICTURES) == set(PICTURES)


def test_every_picture_stands_on_a_page() -> None:
    assert {f"chapters/{chapter}.html" for chapter in PICTURES} <= set(toc_pages())
