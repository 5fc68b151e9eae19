"""The command line: ``python -m benchmarks`` measures everything, ``python -m benchmarks page weight`` only those."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from . import analysis, build, classroom, door, grading, lighthouse, page, runtime, weight
from .setting import Setting
from .table import Row, Unmeasured, render

MEASUREMENTS: dict[str, Callable[[Setting], list[Row]]] = {
    "page": page.measure,
    "runtime": runtime.measure,
    "grading": grading.measure,
    "analysis": analysis.measure,
    "weight": weight.measure,
    "lighthouse": lighthouse.measure,
    "build": build.measure,
    "door": door.measure,
    "classroom": classroom.measure,
}


def machine(setting: Setting) -> str:
    """When and where: a number means little without it."""
    try:
        about = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        processor = next(line.split(":", 1)[1].strip() for line in about.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    load = f"load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    parts = [f"{date.today():%Y-%m-%d}", f"{os.cpu_count()} cores of {processor}", platform.system(), load]
    return ", ".join([part for part in parts if part] + [f"Python {platform.python_version()}", setting.browser_name])


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 if a row could not be measured or a count is wrong, 0 otherwise: a time that misses its
    target is told, not punished."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures the course; prints one table.")
    parser.add_argument(
        "rows", nargs="*", metavar="row", help=f"what to measure: {', '.join(MEASUREMENTS)} (default: all)"
    )
    parser.add_argument(
        "--page", action="append", help="a page to measure, such as chapters/power; Lighthouse takes several"
    )
    parser.add_argument("--runs", type=int, default=5, help="how often; the table has the median (default: 5)")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.rows if name not in MEASUREMENTS]:
        parser.error(f"there is no row {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    rows, failed = [], False
    with Setting(options.page, options.runs) as setting:
        where = machine(setting)
        for name in options.rows or MEASUREMENTS:
            print(f"measuring {name} …", file=sys.stderr)
            try:
                rows += MEASUREMENTS[name](setting)
            except (Unmeasured, BrowserError) as reason:
                rows.append(Row(name, "not measured"))
                print(f"{name}: {reason}", file=sys.stderr)
                failed = True
    print(render(rows))
    print(f"\nMedian (range, and of how many rounds). {where}.")
    return int(failed or any(row.fails for row in rows))


if __name__ == "__main__":
    sys.exit(main())
