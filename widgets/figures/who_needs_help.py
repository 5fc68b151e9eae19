"""Three survey findings about helpers' own difficulties, as dots on one scale."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from widgets.palette import LIGHT

from . import Slider

TITLE = "Who needs help?"
SOURCES: tuple[str, ...] = ("pope1994therapists", "tay2018mental")
CAVEAT = (
    "Self-report by those who chose to answer. US psychologists, about 1994: 800 were asked and 59.5% replied; it is "
    "unclear out of whom the 61% is counted. UK clinical psychologists, 2018: 678 people. The questions, countries and "
    "years differ, so the dots say nothing about a trend and nothing about how helpers compare with other people."
)
MODEL = ""
SLIDERS: dict[str, Slider] = {}

FINDINGS: tuple[tuple[str, str, float, str], ...] = (
    ("had been in therapy", "US psychologists, about 1994", 84.0, "84%"),
    ("had had a mental health problem", "UK clinical psychologists, 2018", 200 / 3, "two-thirds"),
    ("reported a clinical depression", "US psychologists, about 1994", 61.0, "61%"),
)
"""What was reported, by whom, the percentage, and that percentage in the source's words."""


def draw(canvas: Canvas) -> None:
    """Three dots, each with its own label, country and year; no line joins them."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.04, 0.16, 0.92, 0.8), facecolor=LIGHT["paper"])
    for row, (what, who, percent, words) in enumerate(reversed(FINDINGS)):
        axes.plot([0, 100], [row, row], color=LIGHT["line"], linewidth=0.8)
        axes.plot([percent], [row], marker="o", markersize=13, color=LIGHT["course"])
        axes.text(percent, row - 0.2, words, ha="center", va="top", fontsize=12, weight="bold", color=LIGHT["course"])
        axes.text(0, row + 0.32, what, ha="left", va="center", fontsize=12, color=LIGHT["ink"])
        axes.text(0, row + 0.13, who, ha="left", va="center", fontsize=10, color=LIGHT["quiet"])
    axes.set_xlim(-2, 102)
    axes.set_ylim(-0.55, len(FINDINGS) - 0.45)
    axes.set_yticks([])
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"], fontsize=10, color=LIGHT["quiet"])
    axes.set_xlabel("percent, as each survey reports it", fontsize=11, color=LIGHT["ink"])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def describe() -> str:
    """The three findings in words."""
    return (
        "Three dots on a scale from 0 to 100 percent. Of US psychologists who answered a survey in about 1994, 84% had "
        "been in therapy and 61% reported a clinical depression. Of 678 UK clinical psychologists in 2018, two-thirds "
        "had had a mental health problem themselves."
    )
