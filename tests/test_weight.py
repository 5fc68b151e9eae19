"""What a page weighs and how often it asks, before its Python comes and with it."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import Reader
from built_book import Book, toc_pages
from playwright.sync_api import Page

KB = 1000
PAGES = toc_pages()
IMAGES = (".svg", ".png")


def weight(files: list[Path]) -> int:
    """The bytes of the files as a server sends them, compressed."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def asked_for(open_page: Reader, book: Book, page: Page) -> list[Path]:
    """The files of the book that the page has asked for, in order and without Blobs."""
    urls = [url for url in open_page.requests(page) if url.startswith("http")]
    return [book.html / unquote(urlsplit(url).path).lstrip("/") for url in urls]


def settled(open_page: Reader, path: str) -> Page:
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_before_its_python_and_with_it(open_page: Reader, book: Book, path: str) -> None:
    page = settled(open_page, path)
    files = asked_for(open_page, book, page)
    runtime = book.html / "_static" / "runtime.js"
    before = [file for file in files if file != runtime]
    assert len(files) == len(set(files)), "nothing is asked for twice"
    assert weight(before) <= 150 * KB
    assert weight([*before, runtime]) <= 450 * KB
    assert len([file for file in before if file.suffix not in IMAGES]) <= 6
    # Images below the screen wait until they are scrolled to, and so do the runtime and a figure's frames.
    page.evaluate("for (const e of document.querySelectorAll('ethics-vignette, .explorer')) e.scrollIntoView()")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[...document.images].every(image => image.loading === 'lazy' || image.complete)")


@pytest.mark.parametrize("path", PAGES)
def test_only_the_style_sheet_holds_a_page_up(open_page: Reader, path: str) -> None:
    page = settled(open_page, path)
    blocking = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)"
    )
    assert len(blocking) == 1
    assert "/course.css?" in blocking[0]


def test_a_figures_frames_are_light(book: Book) -> None:
    frames = sorted((book.html / "_static" / "figures").glob("*.js"))
    assert frames
    for file in frames:
        assert weight([file]) <= 60 * KB, file.name
