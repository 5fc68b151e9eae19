"""What each kind of page looks like, small: taken by the tests, compared with tests/screenshots/, renewed by hand.

``python tests/screenshots.py`` (``make screenshots``) renews the pictures from the built book, and those in docs/.

Machines have different fonts and draw the same ones differently. So pages are set in matplotlib's DejaVu, which comes
with the course, and compared at a quarter of their size, in tiles, each of which may have moved up or down a little.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import events as make
import matplotlib
import numpy as np
from answering import answer, first, vignette
from browser import ARGUMENTS, Reader, find_chromium, serve
from built_book import REPOSITORY, Book
from numpy.typing import NDArray
from PIL import Image, ImageFilter, PngImagePlugin
from playwright.sync_api import Page, Route, expect, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
DOCS = REPOSITORY / "docs"
WIDTHS, HEIGHT = (1280, 360), 1600
THEMES = ("light", "dark")
SMALLER = 4  # times, in each direction
TILE = 8  # pixels of the small picture
MOVED = 3  # pixels of the small picture by which a tile may have moved up or down
# What two machines may differ by; the tests of these show what they let pass and what they do not.
MOST_TALLER = 0.03  # of the page's height
MOST_MEAN = 4.0  # of 255
MOST_IN_A_TILE = 10.0  # of 255
MOST_TILES = 0.01

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
PINNED = """
@font-face { font-family: pinned-serif; src: url("/pinned/DejaVuSerif.ttf"); }
@font-face { font-family: pinned-serif; font-weight: 600 700; src: url("/pinned/DejaVuSerif-Bold.ttf"); }
@font-face { font-family: pinned-sans; src: url("/pinned/DejaVuSans.ttf"); }
@font-face { font-family: pinned-sans; font-weight: 600 700; src: url("/pinned/DejaVuSans-Bold.ttf"); }
:root { --text: pinned-serif; --plain: pinned-sans; --code: pinned-sans; }
ethics-vignette { --v-plain: pinned-sans; }
button, input, select, textarea { font-family: pinned-sans; }
"""
# The same day, and the same draw of the check's first form, on every run.
STILL = "Date.now = () => Date.parse('2026-11-23T20:15:00Z'); crypto.getRandomValues = (array) => array.fill(7);"


@dataclass(frozen=True)
class Kind:
    """A kind of page: one that stands for it, and what a reader has done there."""

    path: str
    done: Callable[[Page, Book], None] = lambda page, book: None


def _answered(page: Page, book: Book) -> None:
    """The first question answered as the course does not, the next left out."""
    answer(book, page, first(book, "practice", "best"), right=False)
    rate = vignette(page, first(book, "practice", "rate"))
    rate.get_by_role("button", name="Check", exact=True).click()
    expect(rate.locator(".vignette-error")).to_be_visible()
    page.locator("ethics-vignette").first.evaluate("e => e.scrollIntoView({block: 'start'})")


def _recorded(page: Page, book: Book) -> None:
    """A reader who has been through two chapters."""
    keys = [k for k, v in book.bank.items() if v.chapter in ("boundaries", "power") and v.item]
    events = [
        make.attempt(key, "2026-11-20", (1, 0.5, 0.25)[n % 3], lean=(None, -0.5, 0.5)[n % 3])
        for n, key in enumerate(keys)
    ]
    page.evaluate("events => courseRecord.merge(events)", events)
    expect(page.locator(".report-state")).to_contain_text(f"{len(events)} attempts")


KINDS = {
    "cover": Kind("chapters/welcome.html"),
    "chapter": Kind("chapters/boundaries.html"),
    "questions": Kind("chapters/practice.html"),
    "answered": Kind("chapters/practice.html", _answered),
    "check": Kind("chapters/check.html"),
    "record": Kind("chapters/record.html", _recorded),
    "teaching": Kind("chapters/teaching/power.html"),
    "help": Kind("chapters/help.html"),
    "glossary": Kind("chapters/glossary.html"),
    "references": Kind("chapters/references.html"),
    "search": Kind("search.html"),
}


@dataclass(frozen=True)
class Shot:
    """A picture of the top of a page, in its full size, and how tall the whole page is."""

    name: str
    image: Image.Image
    height: int


def shots(
    open_page: Reader, book: Book, name: str, style: str | None = PINNED, widths: tuple[int, ...] = WIDTHS
) -> Iterator[Shot]:
    """The kind of page at the widths, in both themes; ``style`` comes after the book's own, None instead of it."""
    for width in widths:
        page = open_kind(open_page, book, name, style, width, HEIGHT)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            yield Shot(f"{name}-{width}-{theme}", image, page.evaluate("document.documentElement.scrollHeight"))


def open_kind(open_page: Reader, book: Book, name: str, style: str | None, width: int, height: int) -> Page:
    """The kind of page, ready to be looked at."""

    def css(route: Route) -> None:
        text = "" if style is None else route.fetch().text() + style
        route.fulfill(body=text, content_type="text/css")

    def font(route: Route) -> None:
        route.fulfill(path=FONTS / route.request.url.rpartition("/")[2])

    page = open_page(
        KINDS[name].path,
        before=STILL,
        routes={"**/course.css*": css, "**/pinned/*": font},
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    if page.locator("ethics-vignette").count():
        expect(page.locator("ethics-vignette [type=submit]").last).to_have_js_property("hidden", False)
    expect(page.locator("[data-slot]:empty")).to_have_count(0)
    KINDS[name].done(page, book)
    page.evaluate("document.activeElement?.blur(); document.fonts.ready.then(() => 0)")
    return page


# Comparing.


def small(image: Image.Image) -> Image.Image:
    """As it is kept: a quarter of the size, in few colours."""
    size = (image.width // SMALLER, image.height // SMALLER)
    return image.resize(size, Image.Resampling.BOX).quantize(64, dither=Image.Dither.NONE)


def _numbers(image: Image.Image) -> NDArray[np.float64]:
    return np.asarray(image.convert("RGB").filter(ImageFilter.GaussianBlur(1)), dtype=float)


def _tiles(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean colour of each whole tile."""
    rows, columns = (n // TILE for n in numbers.shape[:2])
    return numbers[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE, 3).mean(axis=(1, 3))


def differences(shot: Shot, folder: Path = FOLDER) -> list[str]:
    """In what a shot differs from the kept picture by more than machines do; empty if in nothing."""
    kept = Image.open(folder / f"{shot.name}.png")
    told = []
    height = int(kept.info["height"])
    if abs(shot.height - height) > MOST_TALLER * height:
        told.append(f"the page is {shot.height} pixels tall, not {height}")
    ours, theirs = _numbers(small(shot.image)), _numbers(kept)
    if ours.shape != theirs.shape:
        return [*told, f"the picture has the shape {ours.shape}, not {theirs.shape}"]
    mean = np.abs(ours.mean(axis=(0, 1)) - theirs.mean(axis=(0, 1))).max()
    if mean > MOST_MEAN:
        told.append(f"its colour is another, by {mean:.1f} of 255 on average")
    inside = slice(MOVED, -MOVED)
    apart = [
        np.abs(_tiles(np.roll(ours, moved, axis=0)[inside]) - _tiles(theirs[inside])).max(axis=2)
        for moved in range(-MOVED, MOVED + 1)
    ]
    share = (np.min(apart, axis=0) > MOST_IN_A_TILE).mean()
    if share > MOST_TILES:
        told.append(f"{share:.1%} of its tiles look otherwise")
    return told


# Renewing.


def keep(shot: Shot, folder: Path = FOLDER) -> None:
    """Write a shot to where ``differences`` finds it."""
    info = PngImagePlugin.PngInfo()
    info.add_text("height", str(shot.height))
    small(shot.image).save(folder / f"{shot.name}.png", optimize=True, pnginfo=info)


def for_the_readme(open_page: Reader, book: Book) -> None:
    """A few in their full size, in the fonts of a reader's machine."""
    for name, kind, theme, size in (
        ("cover", "cover", "light", (1280, 860)),
        ("answered-dark", "answered", "dark", (1280, 900)),
        ("answered", "answered", "light", (1280, 900)),
        ("record", "record", "light", (1280, 900)),
        ("phone", "chapter", "light", (360, 860)),
        ("phone-dark", "chapter", "dark", (360, 860)),
    ):
        page = open_kind(open_page, book, kind, "", *size)
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        image.quantize(48, dither=Image.Dither.NONE).save(DOCS / f"{name}.png", optimize=True)


def main() -> int:
    book = Book(REPOSITORY)
    if not (book.html / "index.html").exists():
        print("There is no built book. Run: make book", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with serve(book.html) as site, sync_playwright() as playwright:
        expect.set_options(timeout=30_000)
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        reader = Reader(chromium, site, book.html)
        for name in KINDS:
            for shot in shots(reader, book, name):
                keep(shot)
            reader.close()
        for_the_readme(reader, book)
        reader.close()
        chromium.close()
    sizes = [file.stat().st_size for file in FOLDER.glob("*.png")]
    print(f"{len(sizes)} pictures in {FOLDER}, {sum(sizes) / 1000:.0f} KB. Look at them before you commit them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
