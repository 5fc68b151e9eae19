"""A class's answers as one page: shown in a notebook, or kept as one HTML file that asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import numpy as np

from .. import palette
from ..markup import BASES, ZONES, render
from ..progress import AGREEMENT
from . import plots
from .estimate import Estimate, shown
from .flags import Flag, flags
from .items import STEADY, TYPICAL_ALPHA
from .results import Results
from .summary import ENOUGH, Summary
from .views import anchor, item_views

STYLE = Path(__file__).parents[1] / "frontend" / "analysis.css"
MOST_ALIKE = 4  # items of one kind at the top; every item shows all of its own
SOURCE_WORDS = {"room": "votes in class", "record": "exported records", "check": "the before-and-after check"}


class Report:
    """A page: the last expression of a cell shows it, ``save`` keeps it. ``body`` is its HTML without the frame."""

    def __init__(self, title: str, body: str) -> None:
        self.title, self.body = title, body

    @property
    def html(self) -> str:
        """The whole page: one file, its style and pictures in it, with a policy that allows those and nothing else."""
        style = stylesheet()
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
        return render("report/page.html", title=self.title, policy=policy, style=style, body=self.body)

    def save(self, path: Path | str = "class-report.html") -> Path:
        """Write the page and return where it is."""
        path = Path(path)
        path.write_text(self.html, encoding="utf-8")
        return path

    def _repr_html_(self) -> str:
        return f"<style>{stylesheet()}</style>{self.body}"

    def __repr__(self) -> str:
        return f"{self.title}: show it as the last expression of a cell, or keep it with .save('class-report.html')"


def stylesheet() -> str:
    """The report's one style sheet; all of it is under ``.class-report``, so that a notebook keeps its own looks."""
    colours = "\n".join(f"  --{name}: {value};" for name, value in palette.LIGHT.items())
    return f".class-report {{\n  color-scheme: light;\n{colours}\n}}\n" + STYLE.read_text(encoding="utf-8")


def report(results: Results, title: str = "What the answers say") -> Report:
    """A class's answers: what to look at and what to do about it, every item, and how each figure is reached.

    ``results`` from ``records(…).results()``, ``room.results()`` or ``gather``. No person is named or ranked; under five
    answers there are counts and no statistics.
    """
    summary = Summary(results)
    found = flags(summary)
    views = item_views(summary, found)
    points = [
        (view["number"], float(row.facility), float(row.discrimination))
        for view, row in zip(views, summary.items.itertuples(index=False), strict=True)
        if not (np.isnan(row.facility) or np.isnan(row.discrimination))
    ]
    enough = summary.people >= ENOUGH
    body = render(
        "report/analysis.html",
        title=title,
        agreement=AGREEMENT,
        people=summary.people,
        hands=int(summary.items["hands"].max()) if len(summary.items) else 0,
        answers=len(results.answers),
        sources=_sources(results),
        notice=results.notice,
        enough=enough,
        least=ENOUGH,
        flags=_by_kind(found),
        most=MOST_ALIKE,
        views=views,
        by_key={view["key"]: view for view in views},
        map=plots.item_map(points) if points else None,
        unsteady=summary.people < STEADY,
        steady=STEADY,
        wholes=[_whole(test) for test in summary.wholes] if enough else [],
        typical=TYPICAL_ALPHA,
        check=_check(summary),
        lean=_lean(summary) if enough else None,
        sure=_sure(summary) if enough else None,
        aside=list(results.set_aside.itertuples(index=False)),
        remarks=results.remarks,
        anchor=anchor,
        zones=ZONES,
        bases=BASES,
    )
    return Report(title, re.sub(r"\n\s*\n+", "\n", body))


def _by_kind(found: list[Flag]) -> list[tuple[str, list[Flag]]]:
    """Flags of one kind together, in the order of the weightiest of each."""
    kinds: dict[str, list[Flag]] = {}
    for flag in found:
        kinds.setdefault(flag.kind, []).append(flag)
    return list(kinds.items())


def _sources(results: Results) -> str:
    found = [SOURCE_WORDS[name] for name in SOURCE_WORDS if (results.answers["source"] == name).any()]
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 2 else found) or "no answers"


def _whole(test: Any) -> dict[str, str]:
    return {
        "name": test.name,
        "items": str(test.items),
        "people": str(test.people),
        "alpha": test.alpha.said(),
        "error": test.error.said(1) + (f" of {test.items} items" if test.error.value is not None else ""),
        "delta": test.delta.said(),
    }


def _check(summary: Summary) -> dict[str, Any] | None:
    """The before-and-after check in sentences; None if nobody took it."""
    check = summary.results.answers[summary.results.answers["source"] == "check"]
    if not len(check):
        return None
    people = int(check["person"].nunique())
    found = summary.check
    if found is None:
        return {
            "people": people,
            "rows": [],
            "said": f"{people} took part; under {ENOUGH} have both sides, so there is no figure.",
        }
    rows = [
        ("Before", found.before.said(percent=True)),
        ("After", found.after.said(percent=True)),
        ("Gain, person by person", found.plain.said(percent=True)),
        (f"… who had form a first ({found.a_first.n})", _of_some(found.a_first)),
        (f"… who had form b first ({found.b_first.n})", _of_some(found.b_first)),
        ("Gain with the forms’ difference taken out", found.adjusted.said(percent=True)),
        ("How much easier form b came out", found.forms.said(percent=True)),
    ]
    best = found.adjusted if found.adjusted.low is not None else found.plain
    if best.low is None or best.high is None:
        said = "There is no interval, so nothing can be said of a change."
    elif best.low > 0:
        said = "The class came nearer to the course, by more than chance makes likely. Whether it came to judge better is another question."
    elif best.high < 0:
        said = "The class moved away from the course, by more than chance makes likely. Ask it why."
    else:
        said = "The interval holds both a gain and a loss: from this class alone there is no telling."
    return {"people": people, "rows": rows, "said": said}


def _of_some(estimate: Estimate) -> str:
    """A figure of a part of the class, if that part is not so small that it tells of a person."""
    return estimate.said(percent=True) if estimate.n >= ENOUGH else f"fewer than {ENOUGH} people"


def _lean(summary: Summary) -> dict[str, Any] | None:
    table = summary.lean
    whole = table[table["by"] == "all"].iloc[0]
    if not whole["differed"]:
        return None
    rows = []
    for row in table[table["by"] != "all"].itertuples(index=False):
        name = f"{row.name}: {ZONES[row.name]}" if row.by == "zone" and row.name in ZONES else str(row.name)
        rows.append((name, int(row.distant), int(row.closer), int(row.answers), shown(row.mean) if row.enough else ""))
    picture = plots.lean([(name if len(name) <= 24 else name[:22] + "…", d, c) for name, d, c, *_ in rows])
    return {"plot": picture, "rows": rows, "n": int(whole["differed"]), "of": int(whole["answers"])}


def _sure(summary: Summary) -> dict[str, Any] | None:
    if not len(summary.sure):
        return None
    rows = [
        (int(row.level), int(row.n), float(row.low), float(row.high), None if np.isnan(row.share) else float(row.share))
        for row in summary.calibration.itertuples(index=False)
    ]
    score = summary.brier
    parts = [
        shown(part, 3)
        for part in (score.score, score.reliability, score.resolution, score.uncertainty)
        if part is not None
    ]
    said = list(summary.calibration["said"])
    return {"plot": plots.calibration(rows), "rows": list(zip(rows, said, strict=True)), "brier": parts, "n": score.n}
