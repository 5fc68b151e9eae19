"""How many people fit a description: what each harmless detail does to a circle of listeners. A model."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from ..palette import LIGHT
from . import Slider

TITLE = "How many people fit?"
SOURCES: tuple[str, ...] = ()
CAVEAT = (
    "The circle that counts is that of the people who listen, not the country. The numbers are supposed, "
    "not measured: they say nothing about any real town or person."
)
MODEL = (
    "MODEL. The others who fit = (people whom the listeners know of, less one) times the share that one detail fits, "
    "once for each detail. The chance that nobody else fits = (1 less the share for all details together), raised to "
    "the number of other people. False assumption: that details have nothing to do with one another, and that the "
    "listeners know everyone."
)
SLIDERS = {
    "people": Slider("People whom the listeners know of", (30, 900, 10_000, 250_000), 900),
    "share": Slider("Share of them that each detail fits", (0.5, 0.1, 0.02), 0.1, percent=True),
    "details": Slider("Details you let fall", (0, 1, 2, 3, 4), 2),
}
MOST_DETAILS = 4
_FLOOR = 0.01  # below this many others the drawing says only "under 0.01"


def others_who_fit(people: float, share: float, details: float) -> float:
    """How many other people are expected to fit, from 0 to ``people`` - 1.

    ``people`` (1 or more) are all those the listeners could have in mind, the person told of among them; each of
    ``details`` (0 or more) fits a ``share`` (0 to 1) of them: (N - 1) q^k. The course's own arithmetic, no data.
    """
    return float((people - 1) * share**details)


def chance_of_nobody_else(people: float, share: float, details: float) -> float:
    """The chance, 0 to 1, that not one other person fits: (1 - q^k)^(N - 1). Arguments as in ``others_who_fit``."""
    return float((1 - share**details) ** (people - 1))


def draw(canvas: Canvas, *, people: float, share: float, details: float) -> None:
    """The others who still fit after 0 to 4 details, on a log scale; the reader's own number is filled in."""
    canvas.set_facecolor(LIGHT["paper"])
    canvas.text(0.04, 0.93, _others(people, share, details), fontsize=13, fontweight="bold", color=LIGHT["course"])
    canvas.text(0.04, 0.86, _nobody(people, share, details), fontsize=12, color=LIGHT["ink"])
    axes = canvas.add_axes((0.13, 0.14, 0.83, 0.6))
    axes.set_facecolor(LIGHT["paper"])
    steps = range(MOST_DETAILS + 1)
    heights = [max(others_who_fit(people, share, step), _FLOOR) for step in steps]
    axes.axhline(1, color=LIGHT["notice"], linewidth=1.2, linestyle=(0, (5, 3)))
    axes.text(-0.25, 0.75, "one other person", va="top", fontsize=10, color=LIGHT["notice"])
    axes.plot(steps, heights, color=LIGHT["line"], linewidth=1)
    for step, height in zip(steps, heights, strict=True):
        mine = step == details
        axes.plot(
            step,
            height,
            marker="o",
            markersize=13 if mine else 8,
            color=LIGHT["course"],
            markerfacecolor=LIGHT["course"] if mine else LIGHT["paper"],
        )
    axes.set_yscale("log")
    axes.set_ylim(_FLOOR / 2, 600_000)
    axes.set_yticks([0.01, 1, 100, 10_000], labels=["< 0.01", "1", "100", "10,000"])
    axes.minorticks_off()
    axes.set_xlim(-0.3, MOST_DETAILS + 0.3)
    axes.set_xticks(list(steps))
    axes.set_xlabel("details", fontsize=10, color=LIGHT["quiet"])
    axes.set_title("Others who fit", loc="left", fontsize=10, color=LIGHT["quiet"])
    axes.tick_params(colors=LIGHT["quiet"], labelsize=10)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(LIGHT["line"])


def describe(*, people: float, share: float, details: float) -> str:
    """The alt text: what was chosen, how many others fit, and the chance that nobody does."""
    return (
        f"Of {people:,g} people, each detail fits {share * 100:g}%. After {details:g} of 4 details: "
        f"{_others(people, share, details).lower()}. {_nobody(people, share, details)}."
    )


def _others(people: float, share: float, details: float) -> str:
    return f"Others who fit: {_number(others_who_fit(people, share, details))}"


def _nobody(people: float, share: float, details: float) -> str:
    return f"Chance that nobody else fits: {_percent(chance_of_nobody_else(people, share, details))}"


def _number(others: float) -> str:
    if others < _FLOOR:
        return "under 0.01"
    return f"{others:,.0f}" if others >= 10 else f"{others:.1f}" if others >= 0.1 else f"{others:.2f}"


def _percent(chance: float) -> str:
    """Whole percents, but never "0%" or "100%" for what is only nearly so."""
    if chance < 0.01:
        return "under 1%"
    return "over 99%" if chance > 0.99 else f"{chance * 100:.0f}%"
