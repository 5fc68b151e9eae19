"""What a screen reader has of each format, word for word; and that it is told of an outcome, once."""

from __future__ import annotations

import pytest
from browser import Reader
from built_book import Book
from transcripts import FOLDER, states, written

from widgets.bank.models import FORMATS

# A live region is read out if it was there before its words came; it keeps what it was told, in order.
LISTEN = """element => {
  const status = element.querySelector(":scope > [role=status]");
  status.told = [];
  new MutationObserver(() => status.told.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
}"""
TOLD = "element => element.querySelector(':scope > [role=status]').told"


@pytest.mark.parametrize("format", FORMATS)
def test_a_screen_reader_has_the_vignette_in_each_state(open_page: Reader, book: Book, format: str) -> None:
    text = ""
    for state, element in states(open_page, book, format):
        text += written(state, element)
        if state == "untouched":
            element.evaluate(LISTEN)
    # If it should read so: make screenshots, read it, commit.
    assert text == (FOLDER / f"{format}.txt").read_text(encoding="utf-8")
    told = element.evaluate(TOLD)
    outcome = element.locator("> [role=status]").inner_text()
    assert told[-1] == outcome != ""
    assert told.count(outcome) == 1, "announced once"


def test_every_format_has_its_transcript() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(FORMATS)
