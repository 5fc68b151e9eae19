"""Wrong diagnoses by the way people searched, with what the abstract lets one say about each number's size."""

from __future__ import annotations

import math
from typing import NamedTuple

from matplotlib.figure import Figure as Canvas

from widgets.figures import Slider
from widgets.palette import LIGHT

TITLE = "Wrong diagnoses, by how people searched"
SOURCES = ("mendel2011confirmation",)
CAVEAT = (
    "One task on paper, 75 psychiatrists and 75 medical students. Only the sizes of the one-sided groups can be worked "
    "out from the abstract (13% and 25% of 75); they are small, and nobody was told at random how to search. "
    "What may you conclude?"
)
MODEL = ""
SLIDERS: dict[str, Slider] = {}


class Group(NamedTuple):
    """Percent with a wrong diagnosis; ``wrong`` of ``size`` people where the abstract lets one work that out."""

    who: str
    search: str
    percent: int
    wrong: int | None = None
    size: int | None = None


# Mendel et al. 2011, abstract. The one-sided groups: 13% and 25% of 75 are about 10 and 19 people.
GROUPS = (
    Group("Psychiatrists", "for support only", 70, 7, 10),
    Group("Psychiatrists", "balanced", 47),
    Group("Psychiatrists", "against own idea", 27),
    Group("Students", "for support only", 63, 12, 19),
    Group("Students", "balanced", 27),
    Group("Students", "against own idea", 26),
)


def interval(wrong: int, size: int) -> tuple[float, float]:
    """The 95% interval for a share of ``wrong`` out of ``size`` people (0 to 1), by Wilson's score method."""
    z = 1.959964
    share = wrong / size
    middle = share + z * z / (2 * size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return (middle - half) / (1 + z * z / size), (middle + half) / (1 + z * z / size)


def draw(canvas: Canvas) -> None:
    """One dot a group; a filled dot with its interval where the size is known, a hollow one where it is not."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.23, 0.14, 0.4, 0.84))
    axes.set_facecolor(LIGHT["paper"])
    heights = (6.3, 5.3, 4.3, 2.3, 1.3, 0.3)
    for y, group in zip(heights, GROUPS, strict=True):
        axes.plot([0, 100], [y, y], color=LIGHT["card"], linewidth=1.2, zorder=1)
        known = group.wrong is not None and group.size is not None
        if group.wrong is not None and group.size is not None:
            low, high = interval(group.wrong, group.size)
            axes.plot([100 * low, 100 * high], [y, y], color=LIGHT["course"], linewidth=2, zorder=2)
            note = f"about {group.wrong} of {group.size}: {100 * low:.0f} to {100 * high:.0f}%"
        else:
            note = "size not in the abstract"
        face = LIGHT["course"] if known else LIGHT["paper"]
        axes.plot(group.percent, y, "o", markersize=8, markerfacecolor=face, markeredgecolor=LIGHT["course"], zorder=3)
        axes.text(group.percent, y + 0.24, f"{group.percent}%", ha="center", fontsize=11, color=LIGHT["ink"])
        axes.text(-4, y, group.search, ha="right", va="center", fontsize=10, color=LIGHT["ink"])
        axes.text(104, y, note, va="center", fontsize=10, color=LIGHT["ink"] if known else LIGHT["quiet"])
    for y, who in ((7.15, "Psychiatrists"), (3.15, "Students")):
        axes.text(-53, y, f"75 {who.lower()}", fontsize=11, weight="bold", color=LIGHT["ink"])
    axes.set_xlim(0, 100)
    axes.set_ylim(-0.2, 7.6)
    axes.set_yticks([])
    axes.set_xticks([0, 50, 100], ["0%", "50%", "100%"])
    axes.tick_params(colors=LIGHT["quiet"], labelsize=10, length=3)
    axes.set_xlabel("wrong diagnosis", fontsize=10, color=LIGHT["quiet"])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LIGHT["line"])


def describe() -> str:
    """Every percentage, with its interval or the word that its size is not known."""
    parts = []
    for who in ("Psychiatrists", "Students"):
        said = []
        for group in (g for g in GROUPS if g.who == who):
            text = f"searching {group.search}" if group.search != "balanced" else "searching in a balanced way"
            if group.wrong is not None and group.size is not None:
                low, high = interval(group.wrong, group.size)
                said.append(
                    f"{text} {group.percent}% (about {group.wrong} of {group.size} people, "
                    f"95% interval {100 * low:.0f} to {100 * high:.0f}%)"
                )
            else:
                said.append(f"{text} {group.percent}% (size not in the abstract)")
        parts.append(f"{who} with a wrong diagnosis: {', '.join(said)}.")
    return " ".join(parts)
