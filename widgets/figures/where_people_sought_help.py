"""Where 386 people with a common mental disorder had looked for help: one bar in four parts."""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from ..palette import LIGHT
from . import Slider

TITLE = "A third had only people like you"
SOURCES = ("brown2014informal",)
CAVEAT = (
    "One survey in one urban area, South London; 386 people with a common mental disorder. Informal help means family, "
    "friends and religious leaders. The report gives 29% for both kinds and 40.1% for formal help in all; 11.1% for "
    "formal help alone is our subtraction. It says where people looked, not whether it helped."
)
MODEL = ""
SLIDERS: dict[str, Slider] = {}
PEOPLE = 386


class Part(NamedTuple):
    """One part of the bar: its name in two lines, its percentage, and whether it is the one to look at."""

    name: str
    more: str
    percent: float
    ours: bool = False


FORMAL_IN_ALL, BOTH = 40.1, 29.0


def formal_only(formal: float = FORMAL_IN_ALL, both: float = BOTH) -> float:
    """The percentage with formal help and no informal help: ``formal`` (all who had formal help) less ``both``.

    Percentages, 0 <= ``both`` <= ``formal`` <= 100. The subtraction is the course's; the two numbers are from Brown et
    al. 2014. Raises ValueError outside these ranges.
    """
    if not 0 <= both <= formal <= 100:
        raise ValueError("both kinds of help cannot be more than formal help in all, nor either be outside 0 to 100")
    return round(formal - both, 1)


PARTS = (
    Part("informal", "help only", 33.6, ours=True),
    Part("both formal", "and informal", BOTH),
    Part("formal", "only", formal_only()),
    Part("no help", "at all", 26.3),
)


def draw(canvas: Canvas) -> None:
    """The bar, its parts named and numbered where they stand; the part that matters is filled and set in bold."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.03, 0.05, 0.94, 0.9))
    axes.set_axis_off()
    axes.set_xlim(-0.3, 100.3)
    axes.set_ylim(0, 10)
    left = 0.0
    for part in PARTS:
        axes.add_patch(
            Rectangle(
                (left, 3.6),
                part.percent,
                2.6,
                facecolor=LIGHT["course"] if part.ours else LIGHT["card"],
                edgecolor=LIGHT["line"],
                linewidth=1,
            )
        )
        middle, weight = left + part.percent / 2, "bold" if part.ours else "normal"
        axes.text(
            middle,
            4.9,
            f"{part.percent:g}%",
            ha="center",
            va="center",
            fontsize=16 if part.ours else 13,
            weight=weight,
            color=LIGHT["paper"] if part.ours else LIGHT["ink"],
        )
        for row, words in enumerate((part.name, part.more)):
            axes.text(
                middle, 3.0 - row * 0.8, words, ha="center", va="center", fontsize=11, weight=weight, color=LIGHT["ink"]
            )
        left += part.percent
    axes.text(0, 9.0, "A third had only people like you", fontsize=15, weight="bold", color=LIGHT["course"])
    axes.text(0, 8.0, "Where people with a common mental disorder sought help", fontsize=11, color=LIGHT["ink"])
    axes.text(0, 0.4, f"South London, {PEOPLE} people. 11.1% is our subtraction.", fontsize=11, color=LIGHT["quiet"])


def describe() -> str:
    """The four parts with their numbers."""
    informal, both, formal, none = PARTS
    return (
        f"One bar in four parts. Of {PEOPLE} people with a common mental disorder in South London, "
        f"{informal.percent:g}% had looked for help only from family, friends or religious leaders, {both.percent:g}% "
        f"there and from professionals, {formal.percent:g}% from professionals only, and {none.percent:g}% nowhere."
    )
