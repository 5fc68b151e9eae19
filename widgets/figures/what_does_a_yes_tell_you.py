"""How much a yes says about a wish, when saying no costs something: arithmetic, not data."""

from __future__ import annotations

import math

from matplotlib.figure import Figure as Canvas

from widgets.palette import LIGHT

from . import Slider

TITLE = "What does a yes tell you?"
SOURCES: tuple[str, ...] = ()
CAVEAT = (
    "Nobody has measured these costs for you, and no number here describes a real person. The picture is for one "
    "thought: when a no is dear, people who do not want to will say yes as well."
)
MODEL = (
    "MODEL. The chance of a yes follows the logistic curve L(x) = 1/(1 + e^-x). For somebody who wants it, it is "
    "L(wish + cost of a no); for somebody who does not, L(cost of a no - wish). Bayes' rule then gives the share of "
    "yeses that are meant. What is false: that wish and cost are two numbers on one scale, the same for everybody, and "
    "that people weigh them so."
)
COSTS = (0, 1, 2, 3, 4)
SLIDERS: dict[str, Slider] = {
    "cost": Slider("What a no would cost", COSTS, 2),
    "wish": Slider("How strongly people wish, for or against", (1, 2, 3), 2),
    "wanting": Slider("Share who truly want it", (0.2, 0.5, 0.8), 0.5, percent=True),
}


def logistic(x: float) -> float:
    """L(x) = 1/(1 + e^-x), between 0 and 1."""
    return 1 / (1 + math.exp(-x))


def yes_if_wanted(wish: float, cost: float) -> float:
    """The chance of a yes from somebody who wants it: L(wish + cost)."""
    return logistic(wish + cost)


def yes_if_unwanted(wish: float, cost: float) -> float:
    """The chance of a yes from somebody who does not want it: L(cost - wish)."""
    return logistic(cost - wish)


def wanted_given_yes(wanting: float, wish: float, cost: float) -> float:
    """The share of yeses that are meant, 0 to 1, by Bayes' rule.

    ``wanting`` is the share who truly want it (0 to 1), ``wish`` the strength of a wish for or against (above 0) and
    ``cost`` what a no would cost (0 or more), both in the logistic curve's units:
    p L(w + c) / (p L(w + c) + (1 - p) L(c - w)). The course's own model; no source.
    """
    meant = wanting * yes_if_wanted(wish, cost)
    return meant / (meant + (1 - wanting) * yes_if_unwanted(wish, cost))


def draw(canvas: Canvas, *, cost: float, wish: float, wanting: float) -> None:
    """The share of yeses that are meant, for each cost of a no; the chosen cost stands out."""
    shares = [100 * wanted_given_yes(wanting, wish, c) for c in COSTS]
    share, guess = 100 * wanted_given_yes(wanting, wish, cost), 100 * wanting
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.13, 0.16, 0.84, 0.8), facecolor=LIGHT["paper"])
    axes.plot(COSTS, shares, color=LIGHT["course"], linewidth=2, marker="o", markersize=5)
    axes.plot([-0.6, 4.6], [guess, guess], color=LIGHT["line"], linewidth=1.2, linestyle="--")
    axes.text(-0.55, guess - 2, f"before you asked: {guess:.0f}%", va="top", fontsize=10, color=LIGHT["quiet"])
    axes.plot([cost], [share], marker="o", markersize=15, color=LIGHT["reader"])
    axes.annotate(
        f"a yes: {share:.0f}%",
        (cost, share),
        xytext=(0, 13),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=13,
        weight="bold",
        color=LIGHT["reader"],
    )
    axes.set_xlim(-0.6, 4.6)
    axes.set_ylim(0, 118)
    axes.set_xticks(COSTS, ["0\nfree", "1", "2", "3", "4\nvery dear"], fontsize=10, color=LIGHT["quiet"])
    axes.set_yticks([0, 50, 100], ["0", "50", "100%"], fontsize=10, color=LIGHT["quiet"])
    axes.set_xlabel("what a no would cost", fontsize=11, color=LIGHT["ink"])
    axes.set_ylabel("yeses that are meant", fontsize=11, color=LIGHT["ink"])
    axes.tick_params(length=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LIGHT["line"])


def describe(*, cost: float, wish: float, wanting: float) -> str:
    """What a yes says at these three values, and what it would say if a no were free."""
    share, free = wanted_given_yes(wanting, wish, cost), wanted_given_yes(wanting, wish, 0)
    start = (
        f"A falling curve: the dearer a no, the less a yes tells you. Where {wanting:.0%} truly want it, the wish has "
        f"strength {wish:g} and a no costs {cost:g}, {share:.0%} of yeses are meant."
    )
    return start if cost == 0 else f"{start} With a free no it would be {free:.0%}."
