"""How few facts single a person out: five published shares on one axis, two methods marked apart."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure as Canvas

from ..palette import LIGHT

TITLE = "How few facts single a person out"
SOURCES = ("sweeney2000simple", "golle2006revisiting")
CAVEAT = (
    "United States only. 87 and 63 come from two authors with two methods, on the censuses of 1990 and 2000: "
    "they do not show a fall in ten years. “Likely the only one who fits” is not the same as “found”."
)
MODEL = ""
SLIDERS: dict[str, Any] = {}

# What is known; the share of people in the US, in percent, who are likely the only one that fits; whose method.
SHARES: tuple[tuple[str, float, str], ...] = (
    ("ZIP code, sex, date of birth", 87, "Sweeney 2000"),
    ("ZIP code, sex, date of birth", 63, "Golle 2006"),
    ("Town or city, sex, date of birth", 53, "Sweeney 2000"),
    ("County, sex, date of birth", 18, "Sweeney 2000"),
    ("ZIP code, sex, year of birth", 0.04, "Sweeney 2000"),
)
_METHODS = {"Sweeney 2000": "Sweeney, census of 1990", "Golle 2006": "Golle, his own method, census of 2000"}


def draw(canvas: Canvas, **values: Any) -> None:
    """A dot for each of Sweeney's shares and a hollow square for Golle's, each with its number."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.06, 0.15, 0.88, 0.81))
    axes.set_facecolor(LIGHT["paper"])
    for row, (known, share, author) in enumerate(SHARES):
        own = author == "Golle 2006"
        color = LIGHT["reader"] if own else LIGHT["course"]
        axes.plot([0, share], [row, row], color=LIGHT["line"], linewidth=1)
        axes.plot(
            share,
            row,
            marker="s" if own else "o",
            markersize=9,
            color=color,
            markerfacecolor=LIGHT["paper"] if own else color,
            markeredgewidth=2,
            clip_on=False,
        )
        axes.text(0, row - 0.24, f"{known} ({_METHODS[author]})", va="bottom", fontsize=10, color=LIGHT["ink"])
        axes.text(share + 2.5, row, f"{share:g}%", va="center", fontsize=11, fontweight="bold", color=color)
    axes.set_xlim(-1, 100)
    axes.set_ylim(len(SHARES) - 0.6, -0.75)
    axes.set_yticks([])
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xlabel("people likely to be the only one who fits, in 100", fontsize=10, color=LIGHT["quiet"])
    axes.tick_params(colors=LIGHT["quiet"], labelsize=10)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LIGHT["line"])


def describe(**values: Any) -> str:
    """The alt text."""
    return (
        "Five shares of the people in the United States who are likely the only one that fits. By Sweeney's method, "
        "on the census of 1990: 87% for ZIP code, sex and date of birth, 53% for town or city, sex and date of birth, "
        "18% for county, sex and date of birth, and 0.04% for ZIP code, sex and year of birth. "
        "By Golle's own method, on the census of 2000: 63% for ZIP code, sex and date of birth."
    )
