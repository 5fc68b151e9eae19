"""How likely a professional is to meet a client outside work, by the size of the community. Arithmetic, no data."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from ..palette import LIGHT
from . import Slider

TITLE = "How big is your town?"
SOURCES = ("schank1997dual",)
CAVEAT = (
    "Every number here is worked out, none was observed. The small towns of real life overlap more than this: people "
    "share a school, a shop, a faith or a club. A large city can hold a very small community. And to meet is not to "
    "harm: the figure counts overlaps, not problems."
)
MODEL = (
    "MODEL. Chance of at least one overlap = 1 - (1 - C/A) to the power of m, and expected overlaps = m x C / A, for "
    "A adults in the community, C of them your clients, and m people whom you keep meeting. The false assumption: "
    "that you meet people at random. Nobody does; shared schools, shops and clubs make overlap likelier."
)
ADULTS = (1_000, 5_000, 20_000, 100_000)
SLIDERS = {
    "adults": Slider("Adults in your community", ADULTS, 5_000),
    "clients": Slider("Your clients among them", (20, 60, 120), 20),
    "met": Slider("People you keep meeting", (20, 50, 100, 200, 400), 100),
}


def chance_of_overlap(adults: float, clients: float, met: float) -> float:
    """The chance (0 to 1) that at least one of ``met`` people is a client: 1 - (1 - clients/adults) ** met.

    ``adults`` > 0, 0 <= ``clients`` <= ``adults``, ``met`` >= 0. The formula is the course's own and assumes random
    mixing; it comes from no study. Raises ValueError outside these ranges.
    """
    _check(adults, clients, met)
    return float(1 - (1 - clients / adults) ** met)


def expected_overlaps(adults: float, clients: float, met: float) -> float:
    """How many of ``met`` people are clients on average: met * clients / adults. Ranges as in ``chance_of_overlap``."""
    _check(adults, clients, met)
    return met * clients / adults


def _check(adults: float, clients: float, met: float) -> None:
    if adults <= 0 or not 0 <= clients <= adults or met < 0:
        raise ValueError("adults must be above 0, clients from 0 to adults, and met 0 or more")


def percent(share: float) -> str:
    """A share in whole percent that never claims certainty: 'under 1%' and 'over 99%' at the ends."""
    if share < 0.005:
        return "under 1%"
    return "over 99%" if share >= 0.995 else f"{share * 100:.0f}%"


def draw(canvas: Canvas, adults: float, clients: float, met: float) -> None:
    """One bar a community size, the chosen one in the course's colour, in bold and with a pointer."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.2, 0.12, 0.74, 0.62))
    axes.set_facecolor(LIGHT["paper"])
    for row, size in enumerate(ADULTS):
        chosen, share = size == adults, chance_of_overlap(size, clients, met)
        axes.barh(
            row,
            share,
            height=0.6,
            color=LIGHT["course"] if chosen else LIGHT["course-soft"],
            edgecolor=LIGHT["course"],
            linewidth=1,
        )
        weight = "bold" if chosen else "normal"
        axes.text(share + 0.015, row, percent(share), va="center", fontsize=12, weight=weight, color=LIGHT["ink"])
        axes.text(
            -0.02,
            row,
            f"{'▸ ' if chosen else ''}{size:,}",
            va="center",
            ha="right",
            fontsize=12,
            weight=weight,
            color=LIGHT["ink"],
        )
    axes.set_xlim(0, 1.17)
    axes.set_ylim(len(ADULTS) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(LIGHT["line"])
    canvas.text(0.03, 0.92, "Chance of meeting at least one client", fontsize=13, weight="bold", color=LIGHT["ink"])
    canvas.text(0.03, 0.85, f"{clients:g} clients, {met:g} people you keep meeting", fontsize=11, color=LIGHT["quiet"])
    canvas.text(0.03, 0.77, "Adults", fontsize=11, color=LIGHT["quiet"])
    overlaps = f"{expected_overlaps(adults, clients, met):.2g}"
    note = f"MODEL, not data. Expected overlaps at {adults:,.0f} adults: {overlaps}"
    canvas.text(0.03, 0.04, note, fontsize=11, color=LIGHT["ink"])


def describe(adults: float, clients: float, met: float) -> str:
    """The chosen setting and the same for the other community sizes."""
    chance = percent(chance_of_overlap(adults, clients, met))
    others = [f"{percent(chance_of_overlap(size, clients, met))} among {size:,}" for size in ADULTS if size != adults]
    return (
        f"Model, not data: with {clients:g} clients among {adults:,.0f} adults and {met:g} people you keep meeting, "
        f"the chance of at least one overlap is {chance}; expected overlaps: "
        f"{expected_overlaps(adults, clients, met):.2g}. For other community sizes the chance is {', '.join(others)}."
    )
