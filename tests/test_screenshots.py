"""Every kind of page looks as it did when it was last looked at, at both widths and in both themes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from browser import Reader
from built_book import Book
from PIL import Image
from screenshots import DOCS, FOLDER, KINDS, PINNED, THEMES, WIDTHS, Shot, differences, shots

MOST_BYTES = 1_500_000


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_page_looks_as_it_did(open_page: Reader, book: Book, tmp_path: Path, name: str) -> None:
    told = []
    for shot in shots(open_page, book, name):
        apart = differences(shot)
        if apart:
            shot.image.save(tmp_path / f"{shot.name}.png")
            told.append(f"{shot.name}: {'; '.join(apart)}. It is in {tmp_path}")
    assert not told, "\n".join([*told, "If it should look so: make screenshots, look, commit."])


# What the comparison is good for: each of these has happened to somebody's page.
BROKEN: dict[str, tuple[str, str | None]] = {
    "the style sheet is lost": ("cover", None),
    "vignettes lose their border": ("questions", "ethics-vignette { border-left-color: transparent !important; }"),
    "the chosen option is not marked": ("answered", ".vignette-option:has(:checked) { all: unset; }"),
    "the contents cover the text": ("chapter", ".frame { display: block !important; }"),
    "the text is larger": ("help", "html { font-size: 120% !important; }"),
    "dark is not dark": ("chapter", "@media (prefers-color-scheme: dark) { :root { --paper: #fff !important; } }"),
    "dark cards are light": (
        "answered",
        "@media (prefers-color-scheme: dark) { :root { --card: #f6f4ef !important; } }",
    ),
    "the picture is lost": ("cover", ".art { visibility: hidden; }"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_page_that_is_broken_does_not_pass(open_page: Reader, book: Book, fault: str) -> None:
    name, style = BROKEN[fault]
    taken = shots(open_page, book, name, style and PINNED + style, widths=(1280,))
    told = {shot.name: differences(shot) for shot in taken}
    for shot, apart in told.items():
        assert bool(apart) == (shot.endswith("dark") or "dark" not in fault), shot


def enlarged(name: str) -> Shot:
    """A kept picture as if it had just been taken."""
    kept = Image.open(FOLDER / f"{name}.png")
    size = (kept.width * 4, kept.height * 4)
    return Shot(name, kept.convert("RGB").resize(size, Image.Resampling.BOX), int(kept.info["height"]))


def test_what_two_machines_draw_differently_passes() -> None:
    taken = enlarged("answered-360-light")
    assert not differences(taken)
    # Everything below some control is a few pixels lower, letters are drawn a little darker, the page is a line longer.
    pixels = np.asarray(taken.image).astype(int)
    lower = np.vstack([pixels[:400], pixels[400:406], pixels[400:-6]])
    noise = np.random.default_rng(1).integers(-6, 7, lower.shape)
    darker = np.clip(lower + noise - 2, 0, 255).astype(np.uint8)
    assert not differences(Shot(taken.name, Image.fromarray(darker), taken.height + 30))


def test_a_page_that_is_much_longer_or_of_another_width_does_not_pass() -> None:
    taken = enlarged("cover-1280-dark")
    assert "tall" in differences(Shot(taken.name, taken.image, taken.height * 2))[0]
    assert "shape" in differences(Shot(taken.name, taken.image.crop((0, 0, 1200, 1600)), taken.height))[0]


def test_the_pictures_are_those_that_are_compared_and_small() -> None:
    names = {f"{kind}-{width}-{theme}.png" for kind in KINDS for width in WIDTHS for theme in THEMES}
    assert {file.name for file in FOLDER.iterdir()} == names
    assert sum(file.stat().st_size for folder in (FOLDER, DOCS) for file in folder.iterdir()) < MOST_BYTES


def test_the_readme_shows_every_picture_in_docs() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    for file in DOCS.glob("*.png"):
        assert f"docs/{file.name}" in readme
