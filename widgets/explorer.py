"""Sliders over a figure: redrawn by the kernel in a live notebook, ready-made frames in the built page."""

from __future__ import annotations

import base64
import functools
import html
import io
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets
import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from . import figures
from .figures import Figure, Slider

FRAME_LIMIT = 60  # more would weigh too much for a phone; see benchmarks/
# One source for the look of every figure. Text stays text: a tenth of the weight, and sharp at any size.
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "where-the-line-is",
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "path.simplify": True,
}


@dataclass(frozen=True)
class Frame:
    """One picture of a figure: its sliders' values, the SVG and the alt text."""

    values: dict[str, float]
    svg: str
    alt: str


def choose(figure: Figure, name: str, sliders: dict[str, Any]) -> dict[str, Slider]:
    """The figure's sliders, with the values that a chapter narrows them to; raises ValueError for what does not fit."""
    chosen = dict(figure.SLIDERS)
    for slider, values in sliders.items():
        if slider not in chosen:
            has = ", ".join(chosen) or "none"
            raise ValueError(f"The figure {name!r} has no slider {slider!r}. It has: {has}.")
        values = tuple(values)
        if not values:
            raise ValueError(f"Give the slider {slider!r} of {name!r} at least one value.")
        start = chosen[slider].start if chosen[slider].start in values else values[0]
        old = chosen[slider]
        chosen[slider] = Slider(old.label, values, start, old.unit, old.percent)
    count = 1
    for one in chosen.values():
        count *= len(one.values)
    if count > FRAME_LIMIT:
        raise ValueError(f"The figure {name!r} would need {count} frames; {FRAME_LIMIT} is the most a page carries.")
    return chosen


def draw(figure: Figure, values: dict[str, float]) -> str:
    """One frame as SVG, the same bytes every time."""
    return svg_of(lambda canvas: figure.draw(canvas, **values), (figures.WIDTH, figures.HEIGHT))


def svg_of(draw: Callable[[Canvas], None], size: tuple[float, float]) -> str:
    """What ``draw`` puts on an empty canvas of that size in inches, as SVG, the same bytes every time."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=size)
        draw(canvas)
        file = io.StringIO()
        canvas.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"(\d+\.\d{2})\d+", r"\1", svg)  # a hundredth of a point is below what a screen can show
    return re.sub(r">\s+<", "><", svg)


def frames(name: str, **sliders: Any) -> list[Frame]:
    """Every frame of an explorer, the last slider turning fastest; a figure without sliders has one."""
    figure = figures.load(name)
    chosen = choose(figure, name, sliders)
    every = [
        dict(zip(chosen, values, strict=True)) for values in itertools.product(*(s.values for s in chosen.values()))
    ]
    return [Frame(values, draw(figure, values), figure.describe(**values)) for values in every]


def first(name: str, sliders: dict[str, Slider]) -> int:
    """The place, among all frames, of the one that the sliders start at."""
    index = 0
    for slider in sliders.values():
        index = index * len(slider.values) + list(slider.values).index(slider.start)
    return index


def caption(figure: Figure) -> str:
    """The title, and beside it the caveat or the model's false assumption, as HTML."""
    notes = [f"<span>{html.escape(note)}</span>" for note in (figure.MODEL, figure.CAVEAT) if note]
    return f"<b>{html.escape(figure.TITLE)}</b> {' '.join(notes)}"


def image(frame: Frame) -> str:
    """A frame as an ``<img>`` that needs no file."""
    data = base64.b64encode(frame.svg.encode()).decode()
    return f'<img alt="{html.escape(frame.alt)}" style="max-width: 100%" src="data:image/svg+xml;base64,{data}">'


def still(name: str) -> tuple[Figure, str]:
    """A figure as its sliders start, and that picture as an ``<img>``."""
    figure = figures.load(name)
    values = {key: slider.start for key, slider in figure.SLIDERS.items()}
    return figure, image(Frame(values, draw(figure, values), figure.describe(**values)))


class Explorer(ipywidgets.VBox):  # type: ignore[misc]
    """The live figure of a notebook: move a slider and the kernel draws it anew."""

    def __init__(self, name: str, **sliders: Any) -> None:
        self._name, self._figure = name, figures.load(name)
        self._chosen = choose(self._figure, name, sliders)
        self._picture = ipywidgets.HTML()
        self.sliders = {
            key: ipywidgets.SelectionSlider(
                options=[(slider.show(value), value) for value in slider.values],
                value=slider.start,
                description=slider.label,
                style={"description_width": "initial"},
                layout={"width": "26em"},
            )
            for key, slider in self._chosen.items()
        }
        for slider in self.sliders.values():
            slider.observe(lambda _: self._redraw(), "value")
        self._redraw()
        note = ipywidgets.HTML(f"<p>{caption(self._figure)}</p>")
        super().__init__([self._picture, *self.sliders.values(), note])

    @property
    def frame(self) -> Frame:
        """What is shown now."""
        values = {key: slider.value for key, slider in self.sliders.items()}
        return Frame(values, draw(self._figure, values), self._figure.describe(**values))

    def _redraw(self) -> None:
        self._picture.value = image(self.frame)

    def __repr__(self) -> str:
        return f"explore({self._name!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/plain"] = repr(self)
        return bundle


@functools.cache
def page_frames(name: str, sliders: tuple[tuple[str, tuple[Any, ...]], ...]) -> tuple[Frame, ...]:
    """The frames for a page, drawn once a build."""
    return tuple(frames(name, **dict(sliders)))
