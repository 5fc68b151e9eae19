"""What a page weighs and how often it asks, before its Python comes and with it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import Reader
from built_book import Book, toc_pages
from playwright.sync_api import Page

KB = 1000
BEFORE_PYTHON, WITH_PYTHON, FRAMES = 150 * KB, 450 * KB, 60 * KB
ASKED = 6  # files that are no images
IMAGES = (".svg", ".png")
BLOCKING = (
    "performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)"
)


def weight(files: Iterable[Path]) -> int:
    """The bytes of the files as a server sends them, compressed."""
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def asked_for(open_page: Reader, book: Book, page: Page) -> list[Path]:
    """The files of the book that the page has asked for, in order and without Blobs."""
    urls = [url for url in open_page.requests(page) if url.startswith("http")]
    return [book.html / unquote(urlsplit(url).path).lstrip("/") for url in urls]


@pytest.mark.parametrize("path", toc_pages())
def test_a_page_is_light_before_its_python_and_with_it(open_page: Reader, book: Book, path: str) -> None:
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    files = asked_for(open_page, book, page)
    assert len(files) == len(set(files)), "nothing is asked for twice"
    runtime = book.html / "_static" / "runtime.js"
    before = [file for file in files if file != runtime]
    assert weight(before) <= BEFORE_PYTHON
    assert weight([*before, runtime]) <= WITH_PYTHON
    assert len([file for file in before if file.suffix not in IMAGES]) <= ASKED
    (blocking,) = page.evaluate(BLOCKING)
    assert "/course.css?" in blocking, "nothing but the style sheet holds the page up"


def test_a_figures_frames_are_light(book: Book) -> None:
    frames = sorted((book.html / "_static" / "figures").glob("*.js"))
    assert frames
    for file in frames:
        assert weight([file]) <= FRAMES, file.name
