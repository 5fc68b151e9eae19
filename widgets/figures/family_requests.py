"""What doctors of one hospital said about requests from their own families, as dots on one scale."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from widgets.palette import LIGHT

from . import Slider

TITLE = "Could you just look at this?"
SOURCES: tuple[str, ...] = ("lapuma1991physicians",)
CAVEAT = (
    "One US hospital, about 1990: 691 doctors of all specialties were asked and 465 answered. It is about family and "
    "not friends, and it says what they reported, not whether it was wise or did harm."
)
MODEL = ""
SLIDERS: dict[str, Slider] = {}

ANSWERED = 465
FINDINGS: tuple[tuple[str, int], ...] = (
    ("had been asked by family", 99),
    ("had prescribed for family", 83),
    ("had made a diagnosis", 80),
    ("had examined", 72),
    ("had gone along, against their own comfort", 22),
)
"""What doctors reported, and the percentage of those who answered."""


def draw(canvas: Canvas) -> None:
    """Five dots, each with its words above and its number beside it."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.04, 0.16, 0.92, 0.82), facecolor=LIGHT["paper"])
    for row, (what, share) in enumerate(reversed(FINDINGS)):
        last = row == 0
        color = LIGHT["reader"] if last else LIGHT["course"]
        axes.plot([0, 100], [row, row], color=LIGHT["line"], linewidth=0.8)
        axes.plot([share], [row], marker="D" if last else "o", markersize=11, color=color)
        axes.text(0, row + 0.3, what, ha="left", va="center", fontsize=12, color=LIGHT["ink"])
        axes.text(share, row + 0.33, f"{share}%", ha="center", va="center", fontsize=12, weight="bold", color=color)
    # The last label is long: its number stands below the line instead of above it.
    axes.texts[1].set_position((28.5, -0.22))
    axes.set_xlim(-2, 104)
    axes.set_ylim(-0.5, len(FINDINGS) - 0.4)
    axes.set_yticks([])
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"], fontsize=10, color=LIGHT["quiet"])
    axes.set_xlabel(f"percent of the {ANSWERED} doctors who answered", fontsize=11, color=LIGHT["ink"])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def describe() -> str:
    """The five findings in words."""
    asked, prescribed, diagnosed, examined, went_along = (share for _, share in FINDINGS)
    return (
        f"Five dots on a scale from 0 to 100 percent. Of {ANSWERED} doctors of one US hospital who answered in about "
        f"1990, {asked}% had been asked by family for help, {prescribed}% had prescribed for a relative, {diagnosed}% "
        f"had made a diagnosis and {examined}% had examined one. {went_along}% had gone along with a request that made "
        f"them uncomfortable."
    )
