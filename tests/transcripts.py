"""What a screen reader has of a vignette: its accessibility tree, untouched, with an error, and answered.

The expected ones are in tests/transcripts/, one file a format. ``python tests/transcripts.py`` (``make screenshots``)
renews them from the built book.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from answering import other_answer, vignette, with_mouse
from browser import ARGUMENTS, Reader, find_chromium, serve
from built_book import REPOSITORY, Book
from playwright.sync_api import Locator, expect, sync_playwright

from widgets.bank.models import FORMATS

FOLDER = Path(__file__).parent / "transcripts"
PRACTICE = "chapters/practice.html"


def states(open_page: Reader, book: Book, format: str) -> Iterator[tuple[str, Locator]]:
    """The practice page's vignette of the format, in each state that a reader meets."""
    key = next(k for k, v in book.bank.items() if v.chapter == "practice" and v.entry.format == format)
    element = vignette(open_page(PRACTICE), key)
    submit = element.locator("[type=submit]")
    expect(submit).to_be_visible()
    yield "untouched", element
    if format != "mark":  # to mark nothing is an answer
        submit.click()
        expect(element.locator(".vignette-error")).to_be_visible()
        yield "with an error", element
    item = book.bank[key].item
    if item is None:
        element.locator("textarea").fill("I am away then, sorry.")
        submit.click()
        expect(element).to_have_attribute("data-state", "revealed")
    else:
        with_mouse(element, item, other_answer(item))
        expect(element).to_have_attribute("data-state", "answered")
    yield "answered", element


def written(state: str, element: Locator) -> str:
    """A state as the file has it."""
    return f"{state}\n\n{element.aria_snapshot()}\n\n"


def main() -> int:
    book = Book(REPOSITORY)
    FOLDER.mkdir(exist_ok=True)
    with serve(book.html) as site, sync_playwright() as playwright:
        expect.set_options(timeout=30_000)
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        reader = Reader(chromium, site, book.html)
        for format in FORMATS:
            (FOLDER / f"{format}.txt").write_text(
                "".join(written(*state) for state in states(reader, book, format)), encoding="utf-8"
            )
        reader.close()
        chromium.close()
    print(f"{len(FORMATS)} transcripts in {FOLDER}. Read them before you commit them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
