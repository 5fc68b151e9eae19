"""What a class answered, drawn: the first vote and the second side by side, each format in its own way.

``best``, ``pick``, ``mark``: the share for each option. ``rate``: stacked levels. ``rank``: mean place with its spread.
``sort``: a table. ``estimate``: dots. ``path``: the first decision, and the endings. Bars and words say everything
that a colour says. An item that is not scored is drawn without the course's answer. For tallies see ``votes.py``.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from .bank import Vignette
from .explorer import svg_of
from .palette import LIGHT
from .votes import NAMES, Row, Tally, describe, every_row, note, place_of, rows, share_of

WIDTH = 9.6  # inches; on a wall 1024 pixels wide, 12-point text is then 17 pixels high
LABELS = 0.40  # of the width, for the options' words
ABOVE = 0.5  # inches, for the titles
MANY = 6  # options; from here on each has one line of words
BINS = 60  # of an estimate's scale
# Light to dark, so that the order shows without hue; the number of the level stands in each.
SHADES = ("#f0e2d3", "#d9b48f", "#a9c9c9", "#3f8187")


def drawing(vignette: Vignette, tallies: Sequence[Tally]) -> dict[str, str]:
    """``{"src": data URL, "alt": the same in words}`` of one or two votes, or ``{"words": why nothing is drawn}``."""
    if not tallies:
        return {}
    counted = "; ".join(f"{NAMES[t.get('vote', 1)].lower()}: {t['n']}" for t in tallies)
    if getattr(vignette.entry, "crisis", False):
        return {"words": f"Answered, {counted}."}
    drawn = [tally for tally in tallies if not tally.get("too_few")]
    if not drawn:
        return {"words": f"Answered, {counted}. With fewer than five nothing is drawn."}
    svg = svg_of(lambda canvas: draw(canvas, vignette, drawn), (WIDTH, height(vignette)))
    src = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    return {"src": src, "alt": describe(vignette, drawn)}


def height(vignette: Vignette) -> float:
    """Inches that a drawing of this item takes."""
    if vignette.entry.format == "estimate":
        return 3.6
    count = len(every_row(vignette))
    return ABOVE + _below(vignette) + (0.76 if count < MANY else 0.56) * max(3, count)


def _below(vignette: Vignette) -> float:
    """Inches below the bars: the scale, and the note's lines."""
    words = note(vignette)
    return 0.4 + (0.26 * (1 + words.count("\n")) if words else 0)


def draw(canvas: Canvas, vignette: Vignette, tallies: Sequence[Tally]) -> None:
    """The votes side by side on an empty canvas."""
    canvas.set_facecolor(LIGHT["paper"])
    format = vignette.entry.format
    lines = every_row(vignette)
    left = 0.02 if format == "estimate" else LABELS
    width = (0.99 - left) / len(tallies)
    inches, below = canvas.get_figheight(), 0.7 if format == "estimate" else _below(vignette)
    for index, tally in enumerate(tallies):
        place = (left + index * width + 0.012, below / inches, width - 0.03, 1 - (ABOVE + below) / inches)
        axes = canvas.add_axes(place, facecolor=LIGHT["paper"])
        axes.set_title(
            f"{NAMES[tally.get('vote', 1)]}: {tally['n']}",
            loc="left",
            fontsize=16,
            weight="bold",
            color=LIGHT["ink"],
        )
        axes.tick_params(length=0, labelsize=12, labelcolor=LIGHT["quiet"])
        axes.spines[:].set_visible(False)
        if format == "estimate":
            _dots(axes, vignette, tally)
            continue
        axes.set_ylim(len(lines) - 0.45, -0.55)
        axes.set_yticks([])
        _DRAW[format](axes, vignette, tally, lines)
        if index == 0:
            for y, row in enumerate(lines):
                height = axes.transData.transform((0, y))[1] / canvas.bbox.height
                label = row.label(2 if len(lines) < MANY else 1)
                weight = "bold" if row.keyed else None
                canvas.text(0.006, height, label, va="center", fontsize=12, weight=weight, color=LIGHT["ink"])

    canvas.text(0.006, 0.012, note(vignette), va="bottom", fontsize=12, color=LIGHT["quiet"], linespacing=1.3)


def _shares(axes: Axes, vignette: Vignette, tally: Tally, lines: Sequence[Row]) -> None:
    for y, (share, row) in enumerate(zip(share_of(tally, lines), lines, strict=True)):
        color, weight = (LIGHT["course"], "bold") if row.keyed else (LIGHT["line"], None)
        hatch = None if row.keyed else "//"
        axes.barh(y, share, height=0.58, color=color, hatch=hatch, edgecolor=LIGHT["paper"], linewidth=0)
        axes.text(share + 0.02, y, f"{share:.0%}", va="center", fontsize=16, weight=weight, color=LIGHT["ink"])
    axes.set_xlim(0, 1.25)
    axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
    axes.axvline(0, color=LIGHT["ink"], linewidth=1)
    if "first" in tally:
        axes.axhline(len(rows(vignette)) - 0.5, color=LIGHT["line"], linewidth=1, linestyle=":")


def _levels(axes: Axes, _: Vignette, tally: Tally, lines: Sequence[Row]) -> None:
    for y, row in enumerate(lines):
        levels = tally["levels"][row.id]
        start, whole = 0.0, sum(levels) or 1
        for level, count in enumerate(levels):
            share = count / whole
            axes.barh(y, share, left=start, height=0.62, color=SHADES[level], edgecolor=LIGHT["ink"], linewidth=0.8)
            if share >= 0.07:
                ink = LIGHT["paper"] if level == 3 else LIGHT["ink"]
                axes.text(start + share / 2, y, str(level + 1), ha="center", va="center", fontsize=15, color=ink)
            start += share
    axes.set_xlim(0, 1.02)
    axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])


def _places(axes: Axes, _: Vignette, tally: Tally, lines: Sequence[Row]) -> None:
    for y, row in enumerate(lines):
        mean, spread = place_of(tally["places"][row.id])
        if mean is None:
            continue
        axes.plot([mean - spread, mean + spread], [y, y], color=LIGHT["line"], linewidth=5, solid_capstyle="butt")
        axes.plot([mean], [y], marker="o", markersize=13, color=LIGHT["course"])
        axes.text(mean, y - 0.27, f"{mean:.1f}", ha="center", va="center", fontsize=15, color=LIGHT["ink"])
    axes.set_xlim(0.5, len(lines) + 0.5)
    axes.set_xticks(range(1, len(lines) + 1))
    axes.grid(axis="x", color=LIGHT["line"], linewidth=0.4)


def _table(axes: Axes, vignette: Vignette, tally: Tally, lines: Sequence[Row]) -> None:
    entry: Any = vignette.entry
    keys = {option.id: option.key or [] for option in entry.options} if entry.basis != "open" else {}
    for y, row in enumerate(lines):
        groups = tally["groups"][row.id]
        whole = sum(groups.values()) or 1
        for x, category in enumerate(entry.categories):
            key, share = category.id in keys.get(row.id, []), groups[category.id] / whole
            if key:
                axes.add_patch(_box(x, y))
            axes.text(
                x,
                y,
                f"{share:.0%}",
                ha="center",
                va="center",
                fontsize=15,
                weight="bold" if key else None,
                color=LIGHT["ink"],
            )
    axes.set_xlim(-0.5, len(entry.categories) - 0.5)
    axes.set_xticks(range(len(entry.categories)), [str(n) for n, _ in enumerate(entry.categories, 1)], fontsize=14)
    for y in range(len(lines) + 1):
        axes.axhline(y - 0.5, color=LIGHT["line"], linewidth=0.5)


def _box(x: float, y: float) -> Rectangle:
    return Rectangle(
        (x - 0.4, y - 0.34), 0.8, 0.68, facecolor=LIGHT["course-soft"], edgecolor=LIGHT["course"], linewidth=2
    )


def _dots(axes: Axes, vignette: Vignette, tally: Tally) -> None:
    """A dot a person, on the item's own scale: one who types a million does not push all others into a corner."""
    entry: Any = vignette.entry
    low, high = min(entry.least, entry.key), max(entry.most, entry.key)
    bins = [round((min(max(value, low), high) - low) / ((high - low) or 1) * BINS) for value in tally["values"]]
    heights = [bins[:index].count(bin) for index, bin in enumerate(bins)]
    at = [low + bin * (high - low) / BINS for bin in bins]
    axes.scatter(at, [0.5 + h for h in heights], s=70, color=LIGHT["reader"], edgecolor=LIGHT["paper"])
    axes.set_ylim(0, max(6, max(heights) + 3))
    axes.set_yticks([])
    axes.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    axes.spines["bottom"].set_visible(True)
    beyond = sum(not low <= value <= high for value in tally["values"])
    label = f"{entry.unit} ({beyond} beyond the scale, at its ends)" if beyond else entry.unit
    axes.set_xlabel(label, fontsize=12, color=LIGHT["ink"])
    if entry.basis != "open":
        axes.axvline(entry.key, color=LIGHT["course"], linewidth=2.5, linestyle="--")
        words: dict[str, Any] = {"fontsize": 15, "weight": "bold", "color": LIGHT["course"], "va": "top"}
        side = "right" if entry.key > (low + high) / 2 else "left"
        axes.text(entry.key, axes.get_ylim()[1], f" the figure: {entry.key:,g} ", ha=side, **words)


_DRAW = {
    "best": _shares,
    "pick": _shares,
    "mark": _shares,
    "path": _shares,
    "rate": _levels,
    "rank": _places,
    "sort": _table,
}
