"""The bibliography's labels, and what is no bibliography."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_course import Course

from widgets.bank.sources import BibFault, read_sources

LABELS = {
    "{Smith, Ana}": "Smith (2001)",
    "{Smith, Ana and van der Berg, Bo}": "Smith and van der Berg (2001)",
    "{Smith, Ana and Jones, Bo and Lee, Cy}": "Smith et al. (2001)",
    "{{Association of Psychologists}}": "Association of Psychologists (2001)",
}


@pytest.mark.parametrize(("authors", "label"), LABELS.items())
def test_a_source_is_known_by_its_authors_and_year(course: Course, authors: str, label: str) -> None:
    course.change("{Smith, Ana and Jones, Bo and Lee, Cy}", authors, "references.bib")
    assert read_sources(course.root / "references.bib") == {"smith2001friends": label}


def test_a_source_without_author_or_year_is_known_by_its_title(tmp_path: Path) -> None:
    path = tmp_path / "references.bib"
    path.write_text(
        "% none\n@misc{a, title = {The {NHS} at 70}}\n@book{b, title = {B}, editor = {Lee, Cy}, year = 1999}\n"
    )
    assert read_sources(path) == {"a": "The NHS at 70", "b": "Lee (1999)"}


BAD = {
    "an entry left open": ("year = {2001},\n}\n", "year = {2001},\n", 5, "premature end of file"),
    "a word without braces": ("{2001}", "soon", 4, "undefined string: soon"),
    "a name with too many commas": ("Smith, Ana", "Smith, A, B, C, D", 1, "Too many commas"),
    "an entry given twice": (
        "@article",
        "@misc{smith2001friends, year = 1}\n@article",
        1,
        "repeated bibliography entry",
    ),
}


@pytest.mark.parametrize(("old", "new", "line", "message"), BAD.values(), ids=BAD)
def test_what_is_no_bibliography_is_a_fault(course: Course, old: str, new: str, line: int, message: str) -> None:
    course.change(old, new, "references.bib")
    with pytest.raises(BibFault, match=message) as caught:
        read_sources(course.root / "references.bib")
    assert caught.value.line == line


@pytest.mark.parametrize("content", [None, b"\xe9"])
def test_a_missing_bibliography_is_one_fault_and_no_source_is_looked_up(course: Course, content: bytes | None) -> None:
    path = course.root / "references.bib"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert course.faults() == ["references.bib:1: the bibliography is missing or not UTF-8"]
