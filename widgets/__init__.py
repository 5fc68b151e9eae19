"""Where the Line Is: what a chapter of the course may use.

``vignette("boundaries/barbecue-intake")`` shows one vignette and has its answer graded; ``explore("ladder-of-help")``
shows one figure, with sliders where it has any. After class, ``report(records("exported/*.json").results())`` says what
the answers say; ``panel`` makes a key of experienced practitioners' ratings.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .analysis import Records, Report, Results
    from .analysis.panel import Panel
    from .explorer import Explorer
    from .vignette import VignetteWidget

__all__ = ["explore", "panel", "records", "report", "vignette"]


# Imported when called: `python -m widgets check` and the book need no widget machinery.


def vignette(key: str) -> VignetteWidget:
    """The vignette ``"chapter/id"``, ready to be answered.

    Its ``answer`` can be read and set, its ``result`` read. KeyError names the nearest ids for an unknown one.
    """
    from .vignette import vignette as show

    return show(key)


def explore(figure: str, **sliders: Any) -> Explorer:
    """The figure called ``figure``; ``explore("nobody-with-a-diagnosis", friends=[5, 20])`` narrows a slider.

    KeyError names the figures there are; ValueError says what is wrong with a slider.
    """
    from .explorer import Explorer

    return Explorer(figure, **sliders)


def records(pattern: str) -> Records:
    """Students' exported records, such as ``"exported/*.json"``; ``.results()`` has them as tables.

    A file that is no record is set aside with the reason; FileNotFoundError if the pattern finds none at all.
    """
    from .analysis import records as read

    return read(pattern)


def report(results: Results, title: str = "What the answers say") -> Report:
    """A page that says what a class's answers say, and what to do about it; ``.save()`` keeps it as one HTML file."""
    from .analysis import report as write

    return write(results, title)


def panel(results: Results, item: str, **about: Any) -> Panel:
    """A key for a ``rate`` item from ten or more experienced practitioners who answered alone; never from a class.

    ``who``, ``qualification``, ``when``, ``experienced`` and ``alone`` say so: see ``widgets.analysis.panel``, whose
    PanelError says why answers make no key.
    """
    from .analysis import panel as key

    return key(results, item, **about)


class _Chapter(ModuleType):
    """Keeps ``vignette`` the function: Python would put the module of that name in its place once it is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Chapter
