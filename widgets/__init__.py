"""Where the Line Is: what a chapter of the course may use.

``vignette("boundaries/barbecue-intake")`` shows one vignette and has its answer graded; ``explore("ladder-of-help")``
shows one figure, with sliders where it has any. In front of a class, ``present("boundaries")`` walks through a plan and
``classroom("boundaries", lan=True)`` lets phones vote. After class, ``report(records("exported/*.json").results())`` says
what the answers say; ``panel`` makes a key of experienced practitioners' ratings.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .analysis import Records, Report, Results
    from .analysis.panel import Panel
    from .classroom.room import Room
    from .explorer import Explorer
    from .present import PresentWidget
    from .vignette import VignetteWidget

__all__ = ["classroom", "explore", "panel", "present", "records", "report", "vignette"]


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


def present(what: str | list[str], *, minutes: int = 50, seconds: Mapping[str, int] | None = None) -> PresentWidget:
    """A vignette, or a chapter's plan of 50 or 90 ``minutes``, large and one step at a time. It needs no network.

    ``seconds`` is how long the timer of a step runs: ``{"think": 90, "talk": 180}``; 0 for none.
    """
    from .present import present as show
    from .said import SECONDS

    return show(what, minutes=minutes, seconds=SECONDS if seconds is None else seconds)


def classroom(
    what: str | list[str],
    *,
    lan: bool = False,
    server: str | None = None,
    public_url: str | None = None,
    trusted_proxies: Sequence[str] = (),
    minutes: int = 50,
    new: bool = False,
    again: str | None = None,
    data: Path | None = None,
) -> Room:
    """Open a room that phones can join, and show how; ``room.present()`` is for the wall, ``room.panel()`` for you.

    On this computer alone, unless ``lan=True`` lets in phones of the same network, ``public_url`` names a tunnel or proxy
    that leads here (``trusted_proxies`` is whose word is taken for where a phone is), or ``server`` a server elsewhere.
    Called again after a restart it takes the same room; ``new=True`` opens another, and ``again`` takes an older one by
    its code.
    """
    from .classroom import classroom as open_room

    return open_room(
        what,
        lan=lan,
        server=server,
        public_url=public_url,
        trusted_proxies=trusted_proxies,
        minutes=minutes,
        new=new,
        again=again,
        data=data,
    )


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
