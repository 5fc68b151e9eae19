"""How long an author waits for the book: from nothing, with nothing changed, and with one item edited."""

from __future__ import annotations

import re
import shutil
import statistics
from pathlib import Path

from .setting import Setting, Took, build, copy_course
from .table import Row, Unmeasured, spread

ROUNDS = 3  # a cold build is long, and varies little
TARGETS = {"with nothing built": 40, "with nothing changed": 6, "with one item edited": 12}  # seconds


def edit(course: Path, page: str, words: str) -> None:
    """Put ``words`` at the head of the first reason in a page's bank."""
    bank = course / f"{page}.yml"
    text = bank.read_text(encoding="utf-8") if bank.exists() else ""
    edited, count = re.subn(r'^(\s+why: "?)(?=[A-Z])', rf"\g<1>{words} ", text, count=1, flags=re.MULTILINE)
    if not count:
        raise Unmeasured(f"{page}.yml has no reason on a line of its own to edit.")
    bank.write_text(edited, encoding="utf-8")


def measure(setting: Setting) -> list[Row]:
    page = setting.pages[0]
    course = copy_course(setting.folder / "timed")
    took: dict[str, list[Took]] = {name: [] for name in TARGETS}
    for turn in range(1, ROUNDS + 1):
        shutil.rmtree(course / "_build", ignore_errors=True)
        took["with nothing built"].append(build(course))
        took["with nothing changed"].append(build(course))
        words = f"Edited in round {turn}."
        edit(course, page, words)
        took["with one item edited"].append(build(course))
        if words not in (course / "_build" / "html" / f"{page}.html").read_text(encoding="utf-8"):
            raise Unmeasured(f"The edited reason does not show in {page}: a build of a stale page is not timed.")
    return [
        Row(
            f"build {name}",
            f"{spread([t.clock for t in builds], ' s', 1)}; processor time {spread([t.work for t in builds], ' s', 1)}",
            f"under {target} s",
            statistics.median([t.clock for t in builds]) < target,
        )
        for (name, target), builds in zip(TARGETS.items(), took.values(), strict=True)
    ]
