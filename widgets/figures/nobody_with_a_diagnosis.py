"""The chance that nobody among some friends has a mental health condition this year: arithmetic, not data."""

from __future__ import annotations

import math

from matplotlib.figure import Figure as Canvas

from widgets.palette import LIGHT

from . import Slider

TITLE = "Nobody with a diagnosis"
SOURCES: tuple[str, ...] = ("nimh2022mental",)
CAVEAT = (
    "Only 23.1% is data: the share of US adults with any mental illness in the past year, from a household survey of "
    "2022, all severities counted, drug and alcohol problems and developmental conditions left out. The other shares "
    "are there to compare with. To count someone is not to say that they are unwell today, or that you would know it."
)
MODEL = (
    "MODEL. With no clustering, the chance that none of n friends has a condition is (1 - p) to the power n. With "
    "clustering r it is the product, for i from 0 to n - 1, of (b + i)/(a + b + i), where a = p(1 - r)/r and "
    "b = (1 - p)(1 - r)/r. What is false: that friends are drawn at random from all adults, or that one number says "
    "how much they resemble one another."
)
SHARES = (0.05, 0.15, 0.231, 0.3)
SLIDERS: dict[str, Slider] = {
    "friends": Slider("Friends", (3, 5, 10, 20, 30), 20),
    "share": Slider("Share of adults with a condition this year", SHARES, 0.231, percent=True),
    "clustering": Slider("How much friends cluster", (0, 0.1, 0.3), 0),
}


def chance_of_none(friends: int, share: float, clustering: float) -> float:
    """The chance, 0 to 1, that none of ``friends`` (1 or more) has a condition.

    ``share`` is how common it is (between 0 and 1), ``clustering`` how alike friends are (0 to below 1). At 0 it is
    (1 - share)^friends; above, the beta-binomial's chance of none, whose two parameters are share (1 - r)/r and
    (1 - share)(1 - r)/r, so that the mean stays ``share`` and two friends correlate by r. The course's own model.
    """
    if clustering == 0:
        return (1 - share) ** friends
    scale = (1 - clustering) / clustering
    a, b = share * scale, (1 - share) * scale
    return math.prod((b + i) / (a + b + i) for i in range(friends))


def percent(chance: float) -> str:
    """A chance as a reader sees it: whole percent, and near 0 and 100 as many digits as keep it from being either."""
    number = 100 * chance
    edge = min(number, 100 - number)
    return f"{number:.0f}%" if edge >= 9.95 else f"{number:.1f}%" if edge >= 0.095 else f"{number:.2f}%"


def draw(canvas: Canvas, *, friends: float, share: float, clustering: float) -> None:
    """The friends as dots, as many filled as are to be expected; below, the chance of none and of at least one."""
    count, expected = int(friends), friends * share
    none = chance_of_none(count, share, clustering)
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.03, 0.03, 0.94, 0.94), facecolor=LIGHT["paper"])
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    axes.axis("off")
    axes.text(2, 95, f"{count} friends: about {expected:.1f} with a condition", fontsize=13, color=LIGHT["ink"])
    places = [(5 + 6.4 * (i % 15), 82 - 15 * (i // 15)) for i in range(count)]
    filled = round(expected)
    axes.plot(*zip(*places, strict=True), "o", markersize=15, color=LIGHT["paper"], markeredgecolor=LIGHT["line"])
    if filled:
        axes.plot(*zip(*places[:filled], strict=True), "o", markersize=15, color=LIGHT["course"])
    axes.text(2, 46, "chance that none of them has one", fontsize=12, color=LIGHT["ink"])
    axes.text(2, 34, percent(none), fontsize=20, weight="bold", color=LIGHT["reader"], va="center")
    axes.text(98, 34, f"at least one: {percent(1 - none)}", fontsize=12, color=LIGHT["course"], ha="right", va="center")
    axes.barh([20], [96], left=[2], height=11, color=LIGHT["course-soft"], edgecolor=LIGHT["course"])
    axes.barh([20], [96 * none], left=[2], height=11, color=LIGHT["reader"])
    axes.text(2, 8, "0%", fontsize=10, color=LIGHT["quiet"], va="center")
    axes.text(50, 8, "50%", fontsize=10, color=LIGHT["quiet"], ha="center", va="center")
    axes.text(98, 8, "100%", fontsize=10, color=LIGHT["quiet"], ha="right", va="center")


def describe(*, friends: float, share: float, clustering: float) -> str:
    """The chance of none at these three values, and how many are to be expected."""
    none = chance_of_none(int(friends), share, clustering)
    how = "at random" if clustering == 0 else f"with clustering {clustering:g}"
    return (
        f"Of {friends:g} friends drawn {how}, where {100 * share:g}% of adults have a condition this year, about "
        f"{friends * share:.1f} are to be expected to have one. The chance that none has is {percent(none)}; that at "
        f"least one has, {percent(1 - none)}."
    )
