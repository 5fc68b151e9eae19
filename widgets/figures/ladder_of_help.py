"""The seven rungs of help, with the band in which a friend begins to rely on a professional's judgement."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from widgets.palette import LIGHT

from . import Slider

TITLE = "The ladder of help"
SOURCES: tuple[str, ...] = ()
CAVEAT = (
    "This is the course's own picture, not a measurement. None of the standards we could read draws these rungs. The "
    "band is a band because nobody can say where on it you stand: it depends on what the other person will do with "
    "your words."
)
MODEL = ""
SLIDERS: dict[str, Slider] = {}

RUNGS: tuple[tuple[str, str], ...] = (
    ("Company", "soup, a walk, a film"),
    ("Listening", "“tell me, or don't”"),
    ("General information", "“these services are free”"),
    ("What I would ask", "“ask how long the wait is”"),
    ("An opinion on you", "“that sounds like a depression”"),
    ("A plan for you", "“bed at one, text me daily”"),
    ("Treatment", "a weekly hour, whatever it is called"),
)
"""The rungs from the lowest, each with something one might do or say on it."""
BAND = (4, 5)
"""Reliance begins somewhere between these two rungs, counted from 1."""


def draw(canvas: Canvas) -> None:
    """A ladder of seven rungs; a soft band lies between the fourth and the fifth."""
    canvas.set_facecolor(LIGHT["paper"])
    axes = canvas.add_axes((0.01, 0.01, 0.98, 0.98), facecolor=LIGHT["paper"])
    axes.set_xlim(0, 100)
    axes.set_ylim(0.3, 7.75)
    axes.axis("off")
    low, high = BAND
    for reach, alpha in ((0.5, 0.45), (0.25, 0.8)):
        axes.axhspan(low - reach + 0.2, high + reach - 0.2, color=LIGHT["reader-soft"], alpha=alpha, linewidth=0)
    for rail in (4, 16):
        axes.plot([rail, rail], [0.45, 7.55], color=LIGHT["course"], linewidth=4, solid_capstyle="round")
    for height, (name, example) in enumerate(RUNGS, start=1):
        axes.plot([4, 16], [height, height], color=LIGHT["course"], linewidth=4, solid_capstyle="butt")
        axes.text(20, height, name, fontsize=12, weight="bold", color=LIGHT["ink"], va="center")
        axes.text(55, height, example, fontsize=10.5, color=LIGHT["quiet"], va="center")
    axes.text(
        20, sum(BAND) / 2, "they begin to rely on your judgement of their own case",
        fontsize=11, style="italic", color=LIGHT["reader"], va="center",
    )  # fmt: skip


def describe() -> str:
    """The rungs in order, and where the band lies."""
    rungs = "; ".join(f"{number} {name.lower()}" for number, (name, _) in enumerate(RUNGS, start=1))
    return (
        f"A ladder with seven rungs, from the lowest: {rungs}. A soft band, not a line, lies between rungs {BAND[0]} "
        f"and {BAND[1]}: there the other person begins to rely on your judgement of their own case."
    )
