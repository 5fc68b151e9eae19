"""The page's Python from its first request to its first grade, beside Pyodide's on the same server and browser."""

from __future__ import annotations

import json
import statistics

from .page import first_asked, visit
from .setting import COURSE, Asked, Setting, js
from .table import Row, Unmeasured, spread
from .tools import HERE, package

TIMES_FASTER = 15


def pyodide(setting: Setting, asked: Asked) -> tuple[float, float]:
    """Milliseconds from Pyodide's first request until its core has loaded, and until it has graded."""
    request = json.dumps([asked.item, asked.answer])
    with setting.fresh_page() as tab:
        tab.goto(setting.server.url("against.html"))
        times = tab.evaluate(f"async () => (await window.benchmark)({js(request)})")
    if times["share"] != 1:
        raise Unmeasured(f"{asked.id}: Pyodide does not grade the course's answer as a match.")
    return times["loaded"], times["graded"]


def measure(setting: Setting) -> list[Row]:
    page = setting.pages[0]
    asked = first_asked(setting, page)
    setting.server.mounts |= {
        "against.html": HERE / "against.html",
        "pyodide": package("pyodide"),
        "grading.py": COURSE / "widgets" / "grading.py",
    }
    visit(setting, page, "load")  # the machine reads its files from disk, the server compresses
    pyodide(setting, asked)
    # In turn, so that a busy minute of the machine falls on both.
    pairs = [(visit(setting, page, "load"), pyodide(setting, asked)) for _ in range(setting.runs)]
    ours = [v.graded - v.runtime for v, _ in pairs]
    core = [loaded for _, (loaded, _) in pairs]
    ratio = statistics.median(core) / statistics.median(ours)
    return [
        Row("runtime: its first request to the first grade", spread(ours, " ms")),
        Row("of which: until runtime.js has arrived", spread([v.arrived - v.runtime for v, _ in pairs], " ms")),
        Row("Pyodide: its first request until its core has loaded", spread(core, " ms")),
        Row("Pyodide: its first request to the first grade", spread([graded for _, (_, graded) in pairs], " ms")),
        Row(
            "Pyodide's core to the course's first grade",
            f"{ratio:.1f} times ({min(c / o for c, o in zip(core, ours, strict=True)):.1f} at worst)",
            f"at least {TIMES_FASTER} times",
            ratio >= TIMES_FASTER,
        ),
    ]
