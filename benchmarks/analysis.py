"""A class of 1,000 on 120 items: how long all of a report's numbers take, beside the same figures from library calls.

Measured in a process of its own, since the memory is the process's. ``python -m benchmarks.analysis`` is that process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
from scipy import stats
from statsmodels.stats.inter_rater import fleiss_kappa

from widgets.analysis import gather, items_of, report
from widgets.analysis.generated import rows_of
from widgets.analysis.results import Results
from widgets.analysis.summary import COURSE, Summary
from widgets.bank import load_bank

from .setting import COURSE as ROOT
from .setting import Setting
from .table import Row, Unmeasured, spread

PEOPLE, ITEMS = 1000, 120
SECONDS, MEGABYTES = 2, 500


def measure(setting: Setting) -> list[Row]:
    command = [sys.executable, "-m", "benchmarks.analysis", str(setting.runs)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Unmeasured(f"The analysis failed: {done.stderr.strip()[-400:]}")
    found = json.loads(done.stdout)
    numbers, memory = found["numbers"], found["megabytes"]
    size = f"{PEOPLE:,} people by {ITEMS} items"
    return [
        Row(f"{size}: answers graded again, as tables", spread(found["gather"], " s", 2)),
        Row(
            f"{size}: all the report's numbers",
            spread(numbers, " s", 2),
            f"at most {SECONDS} s",
            max(numbers) <= SECONDS,
        ),
        Row(f"{size}: the most memory until then", f"{memory:.0f} MB", f"at most {MEGABYTES} MB", memory <= MEGABYTES),
        Row(f"{size}: the page, its pictures drawn", spread(found["page"], " s", 2)),
        *(Row(f"{what}: ours, and by {library}", side_by_side(found, what)) for what, library in found["beside"]),
    ]


def side_by_side(found: dict[str, list[float]], what: str) -> str:
    """Both in milliseconds, ours first."""
    both = ([1000 * seconds for seconds in found[f"{what}, {whose}"]] for whose in ("ours", "library"))
    return ", ".join(spread(times, " ms", 2) for times in both)


def main(runs: int) -> dict[str, Any]:
    bank = load_bank(ROOT)
    items = dict(list(items_of(bank).items())[:ITEMS])
    rows = list(rows_of(items, PEOPLE, Random(1), votes=1))
    found: dict[str, Any] = {"gather": [], "numbers": [], "page": []}
    for _ in range(runs):
        start = time.perf_counter()
        results = gather(rows, items)
        found["gather"].append(time.perf_counter() - start)
        found["numbers"].append(timed(Summary(results).all_numbers)[0])
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    found["page"].append(timed(lambda: report(results).html)[0])
    found["beside"] = []
    for what, library, ours, theirs in beside(results):
        found["beside"].append((what, library))
        for name, call in ((f"{what}, ours", ours), (f"{what}, library", theirs)):
            found[name] = [timed(call)[0] for _ in range(runs)]
        if not np.allclose(ours(), theirs(), atol=1e-6, equal_nan=True):
            raise SystemExit(f"{what} is not what {library} gives.")
    return found


def beside(results: Results) -> list[tuple[str, str, Callable[[], Any], Callable[[], Any]]]:
    """Figures that a library has too: what, by which calls, ours and theirs."""
    from widgets.analysis import items
    from widgets.analysis.agreement import fleiss_kappa as ours

    keys = Summary(results).tests[COURSE]
    scores = results.scores(keys)
    matrix = scores.to_numpy()
    first = results.answers[results.answers["item"].isin(keys)]

    def correlations() -> Any:
        return [stats.pearsonr(matrix[:, i], np.delete(matrix, i, axis=1).sum(axis=1))[0] for i in range(len(keys))]

    def alpha() -> Any:
        k = scores.shape[1]
        return k / (k - 1) * (1 - scores.var().sum() / scores.sum(axis=1).var())

    table = np.array([(matrix >= 0.999).sum(axis=0), (matrix < 0.999).sum(axis=0)]).T
    return [
        (
            "facility of each item",
            "pandas groupby",
            lambda: items.facility(matrix),
            lambda: first.groupby("item", observed=True)["share"].mean().reindex(keys).to_numpy(),
        ),
        (
            "corrected item-total correlation",
            "scipy.stats.pearsonr",
            lambda: items.discrimination(matrix),
            correlations,
        ),
        ("Cronbach's alpha", "pandas var", lambda: items.alpha(matrix).value, alpha),
        ("Fleiss' kappa of all verdicts", "statsmodels", lambda: ours(table).value, lambda: fleiss_kappa(table)),
    ]


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds on the clock, and what came."""
    start = time.perf_counter()
    came = call()
    return time.perf_counter() - start, came


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
