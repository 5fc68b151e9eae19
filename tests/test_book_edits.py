"""An edit reaches the built page by a plain rebuild, and a faulty one stops it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from built_book import REPOSITORY, Book, BuildError, build, copy_course

SMALL_TOC = """\
format: jb-book
root: chapters/practice
chapters:
  - file: chapters/one-figure
  - file: chapters/references
"""
ONE_FIGURE = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# One figure"},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": 'explore("family-requests")',
        },
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


class SmallCourse:
    """A course of three pages with its own copy of the widgets, so that any file may be edited."""

    def __init__(self, root: Path) -> None:
        self.root = copy_course(root)
        (root / "_toc.yml").write_text(SMALL_TOC, encoding="utf-8")
        (root / "chapters" / "one-figure.ipynb").write_text(json.dumps(ONE_FIGURE), encoding="utf-8")
        left_out = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(REPOSITORY / "widgets", root / "widgets", ignore=left_out)
        modules = Path("widgets", "frontend", "node_modules")
        (root / modules).symlink_to(REPOSITORY / modules)
        self.book = self.build()

    def build(self) -> Book:
        return build(self.root, PYTHONPATH=str(self.root))

    def edit(self, file: str, old: str, new: str) -> None:
        text = (self.root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {old!r} once"
        (self.root / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> SmallCourse:
    return SmallCourse(tmp_path_factory.mktemp("small"))


def _first_reason(book: Book) -> str:
    """A reason of the practice page, as it stands in its file."""
    text = (book.course / "chapters" / "practice.yml").read_text(encoding="utf-8")
    entry: Any = next(v.entry for v in book.bank.values() if v.chapter == "practice" and v.entry.format == "best")
    return next(option.why for option in entry.options if option.why in text)


def _cited_paraphrase(book: Book) -> str:
    """The paraphrase of a standard that the practice page cites."""
    cites = [c.cite for v in book.bank.values() if v.chapter == "practice" for c in getattr(v.entry, "standards", ())]
    return next(paraphrase for cite in cites if (paraphrase := book.bank.standard(cite)[1].paraphrase))


EDITS: dict[str, tuple[str, Callable[[Book], str], str]] = {
    "a reason": ("chapters/practice.yml", _first_reason, "chapters/practice.html"),
    "a paraphrase": ("chapters/standards.yml", _cited_paraphrase, "chapters/practice.html"),
    "a figure": ("widgets/figures/family_requests.py", lambda _: "Five dots on a scale", "chapters/one-figure.html"),
    "a template": ("widgets/templates/reasons.html", lambda _: "Agreement with the course", "chapters/practice.html"),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_shows_after_a_plain_rebuild(small_course: SmallCourse, what: str) -> None:
    file, old, page = EDITS[what]
    words = old(small_course.book)
    reworded = f"Reworded for {what}. {words}"
    assert words in small_course.book.read(page)
    assert reworded not in small_course.book.read(page)
    small_course.edit(file, words, reworded)
    assert reworded in small_course.build().read(page)


def test_a_changed_style_sheet_is_not_taken_from_a_browsers_cache(small_course: SmallCourse) -> None:
    def sheet() -> str:
        tags = small_course.book.tags("chapters/practice.html")
        return next(tag["href"] for tag in tags if "stylesheet" in tag["rel"])

    before = sheet()
    small_course.edit("widgets/frontend/vignette.css", "ethics-vignette [hidden]", "/* new */ ethics-vignette [hidden]")
    small_course.build()
    assert sheet() != before
    assert "/* new */" in (small_course.book.html / "_static" / "course.css").read_text(encoding="utf-8")


def test_a_faulty_bank_stops_the_build_and_names_the_line(tmp_path: Path) -> None:
    course = copy_course(tmp_path / "course")
    bank = course / "chapters" / "practice.yml"
    before, found, after = bank.read_text(encoding="utf-8").partition("marks: 4")
    assert found
    bank.write_text(f"{before}marks: 9{after}", encoding="utf-8")
    line = before.count("\n") + 1
    with pytest.raises(BuildError, match=rf"chapters/practice\.yml:{line}: practice/[a-z-]+: options\.\d+\.marks: "):
        build(course)
    assert not (course / "_build" / "html" / "chapters").exists()
