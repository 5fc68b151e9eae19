"""Lighthouse's scores of every chapter, mobile preset; one beside the same prose as Jupyter Book builds it unasked."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import Any

from .setting import Setting, build, copy_course
from .table import Row, Unmeasured, spread
from .tools import HERE, chromium, environment, node, package

TARGETS = {"performance": 0.97, "accessibility": 1.0, "best-practices": 1.0, "seo": 1.0}
PAINT = 0.5  # of stock's first contentful paint
RESULTS = HERE / "results"  # the reports are kept there: they say where the time went

STOCK = """\
title: Where the Line Is
author: the Where the Line Is contributors
only_build_toc_files: true
execute:
  execute_notebooks: "off"
bibtex_bibfiles:
  - references.bib
sphinx:
  config:
    html_theme: sphinx_book_theme
"""


def stock_book(folder: Path) -> Path:
    """The course's prose built by Jupyter Book as it comes: no extension of ours, and so no vignettes either."""
    course = copy_course(folder)
    (course / "_config.yml").write_text(STOCK, encoding="utf-8")
    build(course)
    return course / "_build" / "html"


def report(setting: Setting, url: str, name: str) -> dict[str, Any]:
    """One run of Lighthouse on an address."""
    browser = chromium() or setting.playwright_chromium
    file = RESULTS / f"{name}.json"
    done = subprocess.run(
        [
            node(),
            str(package("lighthouse") / "cli" / "index.js"),
            url,
            "--output=json",
            f"--output-path={file}",
            f"--only-categories={','.join(TARGETS)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            "--no-enable-error-reporting",
            "--quiet",
        ],
        env={**environment(), "CHROME_PATH": browser},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Unmeasured(f"Lighthouse failed on {url}: {done.stderr.strip()[-500:]}")
    result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return result


def paint(result: dict[str, Any]) -> float:
    """First contentful paint, in seconds."""
    return float(result["audits"]["first-contentful-paint"]["numericValue"]) / 1000


def scores(results: list[dict[str, Any]], category: str) -> list[float]:
    return [float(result["categories"][category]["score"]) for result in results]


def measure(setting: Setting) -> list[Row]:
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    compared = setting.pages[0]
    rows = beside_stock(setting, compared)
    for page in setting.chapters:
        if page != compared:
            runs = range(1, setting.runs + 1)
            rows += score_rows(page, [report(setting, setting.address(page), file_name(page, run)) for run in runs])
    return rows


def file_name(page: str, run: int) -> str:
    return f"{page.replace('/', '-')}-{run}"


def beside_stock(setting: Setting, page: str) -> list[Row]:
    """A page and its stock twin, in turn, so that both have the same company on the machine."""
    setting.server.mounts["stock"] = stock_book(setting.folder / "stock")
    ours, stock = [], []
    for run in range(1, setting.runs + 1):
        ours.append(report(setting, setting.address(page), file_name(page, run)))
        stock.append(report(setting, setting.server.url(f"stock/{page}.html"), file_name(f"stock/{page}", run)))
    first, theirs = [paint(r) for r in ours], [paint(r) for r in stock]
    return [
        *score_rows(page, ours, stock),
        Row(
            f"Lighthouse first contentful paint, {page}",
            f"{spread(first, ' s', 2)}, stock {spread(theirs, ' s', 2)}",
            "at most half of stock",
            statistics.median(first) <= PAINT * statistics.median(theirs),
        ),
    ]


def score_rows(page: str, ours: list[dict[str, Any]], stock: list[dict[str, Any]] | None = None) -> list[Row]:
    rows = []
    for category, target in TARGETS.items():
        reached = scores(ours, category)
        beside = f", stock {spread(scores(stock, category), digits=2)}" if stock else ""
        rows.append(
            Row(
                f"Lighthouse {category}, {page}",
                f"{spread(reached, digits=2)}{beside}",
                f"at least {target:.2f}",
                statistics.median(reached) >= target,
            )
        )
    return rows
