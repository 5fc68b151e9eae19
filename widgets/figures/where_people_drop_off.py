"""How few arrive when the way to help has many steps, and what easing two of them does. Arithmetic, no data."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from ..palette import LIGHT
from . import Slider

TITLE = "Where people drop off"
SOURCES: tuple[str, ...] = ()
CAVEAT = (
    "All numbers here are invented, to show how a chain works. They say nothing about any person or service. Real "
    "steps hang together: somebody who gets past the first may well get past the next. And people come back; to drop "
    "off once is not to be lost."
)
MODEL = (
    "MODEL. Chance of arriving = p to the power of (s - e), times 0.95 to the power of e, for s steps to help, the "
    "chance p of getting past each, and e steps that somebody makes easier, each raised to 0.95. The false assumption: "
    "that the steps are independent and each is tried only once."
)
EASED = 0.95
SLIDERS = {
    "steps": Slider("Steps to help", (2, 3, 4, 5, 6), 5),
    "chance": Slider("Chance of getting past a step", (0.6, 0.7, 0.8, 0.9), 0.8, percent=True),
    "eased": Slider("Steps that you make easier", (0, 1, 2), 0),
}


def chance_of_arriving(steps: float, chance: float, eased: float) -> float:
    """The chance (0 to 1) of getting past every step: chance ** (steps - eased) * 0.95 ** eased.

    ``steps`` and ``eased`` are whole numbers, 0 <= ``eased`` <= ``steps``; ``chance`` is from 0 to 0.95, so that
    easing a step never makes it harder. The formula is the course's own and comes from no study. Raises ValueError
    outside these ranges.
    """
    return still_on_the_way(steps, chance, eased)[-1]


def still_on_the_way(steps: float, chance: float, eased: float) -> list[float]:
    """The share (0 to 1) still on the way at the start and after each step, the eased steps first.

    ``steps`` + 1 numbers. Which steps are eased changes the middle of the list and not its end. Ranges as in
    ``chance_of_arriving``.
    """
    if steps != int(steps) or eased != int(eased) or not 0 <= eased <= steps:
        raise ValueError("steps and eased are whole numbers, and eased is from 0 to steps")
    if not 0 <= chance <= EASED:
        raise ValueError(f"chance is from 0 to {EASED}")
    shares = [1.0]
    for step in range(int(steps)):
        shares.append(shares[-1] * (EASED if step < eased else chance))
    return shares


def draw(canvas: Canvas, steps: float, chance: float, eased: float) -> None:
    """One bar a step: how many of 100 are still on the way. The last is filled; eased steps say so."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.31, 0.1, 0.66, 0.68))
    axes.set_axis_off()
    shares = still_on_the_way(steps, chance, eased)
    last = len(shares) - 1
    for row, share in enumerate(shares):
        axes.barh(
            row,
            share,
            height=0.66,
            color=LIGHT["course"] if row == last else LIGHT["course-soft"],
            edgecolor=LIGHT["course"],
            linewidth=1,
        )
        weight = "bold" if row == last else "normal"
        name = "at the start" if row == 0 else f"after step {row}"
        if 0 < row <= eased:
            name += ", eased"
        axes.text(-0.02, row, name, va="center", ha="right", fontsize=11, weight=weight, color=LIGHT["ink"])
        words = f"{share * 100:.0f}" + (" arrive" if row == last else "")
        axes.text(share + 0.015, row, words, va="center", fontsize=11, weight=weight, color=LIGHT["ink"])
    axes.set_xlim(0, 1.25)
    axes.set_ylim(6.6, -0.6)
    canvas.text(0.03, 0.92, "Of 100 people, still on the way", fontsize=13, weight="bold", color=LIGHT["ink"])
    canvas.text(0.03, 0.85, _setting(steps, chance, eased), fontsize=11, color=LIGHT["quiet"])
    canvas.text(0.03, 0.04, "MODEL, not data: every number is invented.", fontsize=11, color=LIGHT["ink"])


def _setting(steps: float, chance: float, eased: float) -> str:
    easier = "none made easier" if eased == 0 else f"{eased:g} made easier, to {EASED * 100:.0f}%"
    return f"{steps:g} steps, {chance * 100:.0f}% get past each; {easier}"


def describe(steps: float, chance: float, eased: float) -> str:
    """The setting, the share that arrives, and where that stands with no step eased."""
    plain = f"{chance_of_arriving(steps, chance, 0) * 100:.0f}%"
    arrive = f"{chance_of_arriving(steps, chance, eased) * 100:.0f}%"
    after = ", ".join(f"{share * 100:.0f}" for share in still_on_the_way(steps, chance, eased)[1:])
    compared = "" if eased == 0 else f" With no step made easier it would be {plain}."
    return (
        f"Model, not data: {_setting(steps, chance, eased)}. Of 100 people, {after} are left after each step in turn, "
        f"so {arrive} arrive.{compared}"
    )
