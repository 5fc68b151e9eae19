"""One module a figure. What each must offer is written down in ``Figure``; ``load`` finds one by its name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


WIDTH, HEIGHT = 6.4, 4.0  # inches; at 320 pixels wide, 11-point text is still 8 pixels high


@dataclass(frozen=True)
class Slider:
    """One thing a reader may vary: the values it takes, in order, and the one it starts at.

    ``unit`` follows the value where it is shown; ``percent`` shows 0.231 as 23.1%.
    """

    label: str
    values: Sequence[float]
    start: float
    unit: str = ""
    percent: bool = False

    def show(self, value: float) -> str:
        """The value as a reader sees it."""
        number = f"{value * 100:g}%" if self.percent else f"{value:,g}"
        return f"{number} {self.unit}".strip()


class Figure(Protocol):
    """What a module in this package has.

    ``TITLE`` names it; ``SOURCES`` are keys of references.bib; ``CAVEAT`` is printed beside it, always. ``MODEL``
    is the formula and the assumption that is false, for arithmetic that is no data, or "". ``SLIDERS`` is empty
    for a figure that stands still. ``draw`` draws on an empty canvas; ``describe`` says the same in words, with
    its numbers: it is the alt text.
    """

    TITLE: str
    SOURCES: tuple[str, ...]
    CAVEAT: str
    MODEL: str
    SLIDERS: dict[str, Slider]

    def draw(self, canvas: Canvas, **values: Any) -> None: ...

    def describe(self, **values: Any) -> str: ...


def names() -> list[str]:
    """The figures there are."""
    return sorted(
        info.name.replace("_", "-") for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_")
    )


def load(name: str) -> Figure:
    """The figure called ``name`` (``"nobody-with-a-diagnosis"``); KeyError names those there are."""
    if name not in names():
        raise KeyError(f"There is no figure {name!r}. There are: {', '.join(names())}.")
    return cast(Figure, importlib.import_module(f"{__name__}.{name.replace('-', '_')}"))
