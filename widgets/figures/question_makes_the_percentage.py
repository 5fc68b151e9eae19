"""Three surveys on friendship with a former client, kept apart so that nobody reads a trend into them."""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from ..palette import LIGHT
from . import Slider

TITLE = "The question makes the percentage"
SOURCES = ("kramer2016friends", "borys1989dual", "salisbury1996posttermination", "nigro2004dual")
CAVEAT = (
    "All three percentages as reported by Kramer (2016), not read in the three papers. They are beliefs, not conduct, "
    "and about former clients only; they say nothing of friends who never were clients. Other people, other countries, "
    "other words: not a trend. The five steps are ours, to show where a cut may lie; the report does not give the "
    'scales, nor whether an answer like "rarely" was counted.'
)
MODEL = ""
SLIDERS: dict[str, Slider] = {}


class Survey(NamedTuple):
    """One survey: who was asked, what was counted (in Kramer's words), and how many answered, where we know it."""

    name: str
    people: str
    who: tuple[str, str]
    counted: tuple[str, str]
    percent: int
    returned: int | None


SURVEYS = (
    Survey(
        name="Borys & Pope 1989",
        people="US psychologists, psychiatrists and social workers",
        who=("US clinicians of", "three professions"),
        counted=("“under some", "conditions”"),
        percent=46,
        returned=49,
    ),
    Survey(
        name="Salisbury & Kinnier 1996",
        people="US counselors",
        who=("US counselors", ""),
        counted=("“held this belief”", "(some conditions)"),
        percent=70,
        returned=None,
    ),
    Survey(
        name="Nigro & Uhlemann 2004",
        people="counsellors in British Columbia, Canada",
        who=("Counsellors in British", "Columbia, Canada"),
        counted=("“at least some", "of the time”"),
        percent=83,
        returned=39,
    ),
)
STEPS = ("never", "rarely", "some", "most", "always")


def returned(survey: Survey) -> str:
    """How many of those asked answered, in words."""
    return "return rate not known to us" if survey.returned is None else f"{survey.returned}% answered"


def draw(canvas: Canvas) -> None:
    """Three separate cards: the question's words, who was asked, the number, and a scale with its cut."""
    canvas.set_facecolor(LIGHT["paper"])
    for column, survey in enumerate(SURVEYS):
        axes = canvas.add_axes((0.012 + column * 0.33, 0.03, 0.316, 0.94))
        axes.set_facecolor(LIGHT["card"])
        axes.set_xlim(0, 10)
        axes.set_ylim(0, 20)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_color(LIGHT["line"])
        _card(axes, survey)


def _card(axes: Axes, survey: Survey) -> None:
    def line(height: float, text: str, size: float = 10, weight: str = "normal", colour: str = "ink") -> None:
        axes.text(5, height, text, ha="center", va="center", fontsize=size, weight=weight, color=LIGHT[colour])

    line(19.0, survey.name, weight="bold")
    line(17.7, survey.who[0], colour="quiet")
    line(16.6, survey.who[1], colour="quiet")
    line(14.7, "Friends with a former")
    line(13.6, "client: ethical")
    line(12.5, survey.counted[0], weight="bold")
    line(11.4, survey.counted[1], weight="bold")
    line(8.9, f"{survey.percent}%", size=26, weight="bold", colour="course")
    line(6.7, returned(survey), colour="quiet")
    for step, word in enumerate(STEPS):
        height = 5.0 - step * 1.05
        fate, colour = (
            ("not counted", "paper") if step == 0 else ("counted?", "card") if step == 1 else ("counted", "course")
        )
        axes.add_patch(Rectangle((1.2, height - 0.42), 1.5, 0.84, facecolor=LIGHT[colour], edgecolor=LIGHT["line"]))
        axes.text(3.2, height, f"{word}: {fate}", va="center", fontsize=10, color=LIGHT["ink"])
        if step == 1:
            axes.text(1.95, height, "?", ha="center", va="center", fontsize=10, weight="bold", color=LIGHT["ink"])


def describe() -> str:
    """Each survey with its people, its words, its number and its return rate."""
    parts = [f"{s.name}, {s.people}: {s.percent}% ({' '.join(s.counted)}; {returned(s)})" for s in SURVEYS]
    return (
        "Three separate panels on whether friendship with a former client can be ethical. "
        f'{"; ".join(parts)}. Beneath each number a scale from never to always: "some" and above were counted, and '
        'nobody can tell from the report whether "rarely" was.'
    )
