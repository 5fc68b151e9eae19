"""The table that a run prints: one row a measurement."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

HEADER = ("what", "measured", "target", "")


class Unmeasured(RuntimeError):
    """A row could not be measured; the message says why, and what to do about it where something can be done."""


@dataclass(frozen=True)
class Row:
    """One line: what was measured, what came out, and whether it met its target (None where there is none). A missed
    target is told; one that ``must`` be met fails the run."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None
    must: bool = False

    @property
    def fails(self) -> bool:
        return self.must and self.met is False

    @property
    def outcome(self) -> str:
        return {None: "", True: "ok", False: "MISSES"}[self.met]


def spread(values: Sequence[float], unit: str = "", digits: int = 0) -> str:
    """The median, the range that it comes from, and of how many rounds: ``182 ms (171 to 240, of 5)``."""
    middle, low, high = (f"{n:,.{digits}f}" for n in (statistics.median(values), min(values), max(values)))
    return f"{middle}{unit} (once)" if len(values) == 1 else f"{middle}{unit} ({low} to {high}, of {len(values)})"


def render(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table that also reads well in a terminal."""
    cells = [HEADER, *((row.what, row.measured, row.target, row.outcome) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADER))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
