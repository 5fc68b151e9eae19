"""The places where a page shows a reader's own record, and what the script there must know of the items."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .bank import Bank, Vignette
from .markup import certainty_fits, inline, render

REPORTS = ("record", "forget", "lean", "check", "plan")


def report_html(name: str) -> str:
    """The empty places that report.js fills; raises ValueError for a report that there is not."""
    if name not in REPORTS:
        raise ValueError(f"There is no report {name!r}. There are: {', '.join(REPORTS)}.")
    return render(f"report/{name}.html")


def items_script(bank: Bank, course: Path, page: str) -> str:
    """Every item in the book's order, without keys or reasons, as a ``<script>`` of data; ``page`` is a chapter's URL,
    ``{}`` for its name.
    """
    # The practice page is about ferns and teapots; it says nothing of anybody's lean.
    shown = [v for v in bank.values() if v.chapter != "practice"]
    places = {chapter: place for place, chapter in enumerate(chapters_in_order(course))}
    shown.sort(key=lambda vignette: places.get(vignette.chapter, len(places)))
    data = [describe(v, chapter_title(course, v.chapter), page.format(v.chapter)) for v in shown]
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="course-items">{text}</script>'


def chapters_in_order(course: Path) -> list[str]:
    """The names of the pages in the table of contents; none where there is no such file."""
    path = course / "_toc.yml"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return re.findall(r"file: chapters/([\w-]+)\s*$", text, re.MULTILINE)


def describe(vignette: Vignette, title: str, href: str) -> dict[str, Any]:
    """What progress.summary and report.js need to know of one vignette."""
    entry: Any = vignette.entry
    say = entry.format == "say"
    twin = None if say or not entry.twin else entry.twin if "/" in entry.twin else f"{vignette.chapter}/{entry.twin}"
    return {
        "id": vignette.key,
        "chapter": vignette.chapter,
        "chapter_title": title,
        "href": f"{href}#{vignette.key.replace('/', '--')}",
        "label": f"{entry.profession.capitalize()}, {entry.setting}: {inline(entry.ask).striptags()}",
        "ask": inline(entry.ask).striptags(),
        "zone": entry.zone,
        "profession": entry.profession,
        "core": entry.core,
        "format": entry.format,
        "scored": not say and entry.basis != "open",
        "twin": twin,
        "crisis": not say and entry.crisis,
        "certain": certainty_fits(vignette),
        "form": entry.id[0] if vignette.chapter == "check" else None,
    }


def chapter_title(course: Path, chapter: str) -> str:
    """A chapter's heading up to its colon; its name where there is no notebook yet."""
    path = course / "chapters" / f"{chapter}.ipynb"
    if path.exists():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for line in "".join(cell["source"]).splitlines():
                if cell["cell_type"] == "markdown" and line.startswith("# "):
                    return line[2:].partition(":")[0].strip()
    return chapter
