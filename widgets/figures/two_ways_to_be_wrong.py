"""Two ways to be wrong: what a shift toward reassurance or alarm costs, and what better evidence gives back."""

from __future__ import annotations

import math

from matplotlib.figure import Figure as Canvas

from widgets.figures import Slider
from widgets.palette import LIGHT

TITLE = "Two ways to be wrong"
SOURCES: tuple[str, ...] = ()
CAVEAT = (
    "These are not data. Nobody's shift has been measured, yours included; the sliders show what would follow if it "
    "were known."
)
MODEL = (
    "MODEL. Signs of trouble vary from person to person on a bell curve, around 0 for someone who is fine and around d "
    "for someone who is seriously unwell. You worry when the signs pass d/2 plus your shift b. Missed, per 100 people: "
    "100 × p × Φ(b − d/2). Alarmed for nothing: 100 × (1 − p) × (1 − Φ(d/2 + b)). Φ is the normal curve's area to the "
    "left. The assumption that is false: people fall into two groups with one neat sum of signs, and your shift stays "
    "the same all day."
)
SLIDERS = {
    "evidence": Slider("Quality of the evidence (d)", (0.5, 1, 1.5, 2), 1.5),
    "shift": Slider("Closeness shift (b): below 0 toward alarm, above 0 toward reassurance", (-1, -0.5, 0, 0.5, 1), 0),
    "common": Slider("How common serious trouble is (p)", (0.05, 0.2, 0.5), 0.2, percent=True),
}


def normal(z: float) -> float:
    """The standard normal curve's area to the left of ``z`` (0 to 1)."""
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def errors(evidence: float, shift: float) -> tuple[float, float]:
    """The share missed among those seriously unwell and the share alarmed for nothing among those who are fine.

    Signal detection with two normal curves of spread 1, ``evidence`` (d, above 0) apart, and a line for worry at
    d/2 + ``shift`` (b, any number; above 0 is toward reassurance). Missed: Φ(b − d/2); alarmed: 1 − Φ(d/2 + b);
    each 0 to 1. The course's own choice of model; no source gives its values.
    """
    return normal(shift - evidence / 2), 1 - normal(evidence / 2 + shift)


def per_hundred(evidence: float, shift: float, common: float) -> tuple[float, float]:
    """How many of 100 people are missed and how many alarmed for nothing; ``common`` (p, 0 to 1) are unwell."""
    missed, alarmed = errors(evidence, shift)
    return 100 * common * missed, 100 * (1 - common) * alarmed


def _direction(shift: float) -> str:
    if shift == 0:
        return "no shift"
    return f"a shift of {abs(shift):g} toward {'reassurance' if shift > 0 else 'alarm'}"


def draw(canvas: Canvas, *, evidence: float, shift: float, common: float) -> None:
    """The share of each group that is judged wrongly, as two bars; the tick on each is where no shift would put it."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.05, 0.17, 0.9, 0.67))
    axes.set_facecolor(LIGHT["paper"])
    people = per_hundred(evidence, shift, common)
    rows = (
        (1, f"Missed, of the {100 * common:g} seriously unwell", "notice"),
        (0, f"Alarmed for nothing, of the {100 * (1 - common):g} who are fine", "reader"),
    )
    for (y, label, colour), share, start, count in zip(
        rows, errors(evidence, shift), errors(evidence, 0), people, strict=True
    ):
        axes.barh(y, 100, height=0.3, color=LIGHT["card"], edgecolor=LIGHT["line"], linewidth=0.8)
        axes.barh(y, 100 * share, height=0.3, color=LIGHT[colour])
        for colour_of_tick, width in (("paper", 4.5), ("ink", 1.6)):  # a light rim keeps it visible on the bar
            axes.plot([100 * start] * 2, [y - 0.24, y + 0.24], color=LIGHT[colour_of_tick], linewidth=width)
        axes.text(0, y + 0.31, f"{label}: {share:.0%}, about {count:.1f} people", fontsize=11, color=LIGHT["ink"])
        axes.text(
            100 * start, y - 0.27, f"no shift {start:.0%}", ha="center", va="top", fontsize=10, color=LIGHT["quiet"]
        )
    axes.set_xlim(0, 100)
    axes.set_ylim(-0.55, 1.5)
    axes.set_yticks([])
    axes.set_xticks([0, 50, 100], ["0%", "50%", "100%"])
    axes.tick_params(colors=LIGHT["quiet"], labelsize=10, length=3)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LIGHT["line"])
    title = _direction(shift)
    canvas.text(0.05, 0.92, f"MODEL: {title}", fontsize=12, color=LIGHT["ink"], weight="bold")
    canvas.text(0.95, 0.02, "share of each group", fontsize=10, color=LIGHT["quiet"], ha="right")


def describe(*, evidence: float, shift: float, common: float) -> str:
    """Both shares, with and without the shift, and how many of 100 people they are."""
    (missed, alarmed), (few, fuss) = errors(evidence, shift), per_hundred(evidence, shift, common)
    missed_start, alarmed_start = errors(evidence, 0)
    return (
        f"Model: with evidence of quality {evidence:g} and {_direction(shift)}, {missed:.0%} of people who are "
        f"seriously unwell are missed and {alarmed:.0%} of people who are fine cause alarm (with no shift "
        f"{missed_start:.0%} and {alarmed_start:.0%}). Of 100 people, {100 * common:g} of them seriously "
        f"unwell, that is {few:.1f} missed and {fuss:.1f} alarmed for nothing."
    )
