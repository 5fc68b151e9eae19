"""The picture above each chapter: two people and the line between them, drawn in the course's own palette.

It decorates and says nothing that the text does not, so its alt text is empty.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Arc, Circle, Ellipse, FancyArrowPatch

from . import palette

WIDTH, HEIGHT = 8.0, 1.7  # inches; the axes run from 0 to 80 and from 0 to 17
Colours = dict[str, str]


def _person(axes: Axes, x: float, y: float, r: float, colour: str, hollow: bool = False) -> None:
    axes.add_patch(Circle((x, y), r, facecolor="none" if hollow else colour, edgecolor=colour, linewidth=2.5))


def _line(axes: Axes, x: list[float], y: list[float], colour: str, dashed: bool = False) -> None:
    axes.plot(x, y, color=colour, linewidth=2.5, solid_capstyle="round", linestyle=(0, (2, 2.5)) if dashed else "-")


def _welcome(axes: Axes, c: Colours) -> None:
    for i, x in enumerate(range(8, 76, 8)):
        _person(axes, x, 6 + 3 * (i % 3 == 1), 2.2, c["course"] if i % 2 else c["reader"], hollow=i % 3 == 0)
    _line(axes, [2, 78], [2, 2], c["line"], dashed=True)


def _boundaries(axes: Axes, c: Colours) -> None:
    _person(axes, 28, 8, 5, c["course"])
    _person(axes, 52, 8, 5, c["reader"])
    _line(axes, [40, 40], [1, 16], c["line"], dashed=True)


def _objectivity(axes: Axes, c: Colours) -> None:
    _person(axes, 30, 8, 5, c["course"])
    for shift in (0, 3, 6):
        _person(axes, 48 + shift, 8, 5, c["reader"], hollow=True)


def _confidentiality(axes: Axes, c: Colours) -> None:
    _person(axes, 40, 8.5, 2.6, c["course"])
    for r, gap in ((8, 40), (11.5, 20), (15, 60)):
        axes.add_patch(Arc((40, 8.5), r, r, theta1=gap, theta2=gap + 310, edgecolor=c["reader"], linewidth=2.5))


def _power(axes: Axes, c: Colours) -> None:
    _line(axes, [18, 62], [4, 10], c["line"])
    axes.plot([40], [5], marker="^", markersize=18, color=c["line"])
    _person(axes, 21, 9, 4.4, c["course"])
    _person(axes, 59, 12.6, 2.4, c["reader"])


def _dual(axes: Axes, c: Colours) -> None:
    for x, colour in ((36, c["course"]), (44, c["reader"])):
        axes.add_patch(Ellipse((x, 8), 16, 14, facecolor="none", edgecolor=colour, linewidth=2.5))
    _person(axes, 40, 8, 2, c["ink"])


def _support(axes: Axes, c: Colours) -> None:
    _person(axes, 22, 5, 4, c["reader"])
    _person(axes, 58, 5, 4, c["course"])
    axes.add_patch(Arc((40, 5), 28, 18, theta1=15, theta2=165, edgecolor=c["line"], linewidth=2.5))
    for x in (32, 40, 48):
        _line(axes, [x, x], [5, 12.5 if x != 40 else 14], c["line"])


def _capstone(axes: Axes, c: Colours) -> None:
    for to in (13, 8, 3):
        arrow = FancyArrowPatch((22, 8), (60, to), connectionstyle="arc3,rad=0.12", arrowstyle="-", linewidth=2.5)
        arrow.set_edgecolor(c["line"])
        axes.add_patch(arrow)
        _person(axes, 61, to, 1.8, c["course"] if to == 8 else c["reader"], hollow=to == 3)
    _person(axes, 20, 8, 4, c["course"])


PICTURES: dict[str, Callable[[Axes, Colours], None]] = {
    "welcome": _welcome,
    "boundaries": _boundaries,
    "objectivity": _objectivity,
    "confidentiality": _confidentiality,
    "power": _power,
    "dual-relationships": _dual,
    "support": _support,
    "capstone": _capstone,
}


def picture(chapter: str, dark: bool = False) -> str:
    """The SVG of a chapter's picture on no ground of its own; KeyError for a chapter that has none."""
    draw, colours = PICTURES[chapter], palette.DARK if dark else palette.LIGHT
    with mpl.rc_context({"svg.hashsalt": "where-the-line-is"}):
        canvas = Canvas(figsize=(WIDTH, HEIGHT))
        axes = canvas.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 80), ylim=(0, 17))
        axes.axis("off")
        draw(axes, colours)
        file = io.StringIO()
        canvas.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>\s*|<!--.*?-->\s*", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return re.sub(r">\s+<", "><", re.sub(r"(\d+\.\d{2})\d+", r"\1", svg))
