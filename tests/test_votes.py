from __future__ import annotations

import re
from typing import Any

import pytest
from answering import some_answer

from widgets import votes
from widgets.bank import load_bank
from widgets.classroom import tally

BANK = load_bank()
DRAWN = [key for key, v in BANK.items() if v.item and not getattr(v.entry, "crisis", False)]


def tallied(key: str, n: int, vote: int) -> dict[str, Any]:
    item = BANK[key].item
    return {"vote": vote, **tally.of(item, [some_answer(item)] * n)}  # type: ignore[arg-type]


@pytest.mark.parametrize("key", DRAWN)
def test_every_item_says_its_votes_in_words_with_how_many_gave_them(key):
    said = votes.describe(BANK[key], [tallied(key, 6, 1), tallied(key, 8, 2)])
    assert re.search(r"First vote, 6 people\. .* Second vote, 8 people\. ", said)
    assert "*" not in said


@pytest.mark.parametrize("key", DRAWN)
def test_options_are_lettered_in_their_order(key):
    rows = votes.rows(BANK[key])
    assert "".join(row.letter for row in rows) == votes.LETTERS[: len(rows)]
    entry: Any = BANK[key].entry
    options = getattr(entry, "options", None) or getattr(entry, "spans", None)
    if options:
        assert [row.id for row in rows] == [option.id for option in options]


def test_a_label_keeps_its_letter_and_ends_in_words_and_not_in_half_of_one():
    row = votes.Row("a", "A", "Say kindly that this is not a thing which a neighbour can do for anybody", "")
    assert row.label(1) == "A  Say kindly that this is not a thing …"
    assert len(row.label(2).splitlines()) == 2
    assert votes.Row("a", "A", "Short", "the course’s answer").label(1) == "A  Short\nthe course’s answer"


def test_a_mean_place_and_its_standard_deviation():
    assert votes.place_of([3, 0, 0, 0, 3]) == (3, 2)
    assert votes.place_of([0, 4]) == (2, 0)
    assert votes.place_of([0, 0, 0]) == (None, 0)


def test_markdown_is_not_read_out():
    assert votes.plain("A *whole* **year**, [and](x) `you`") == "A whole year, and you"
