"""A beat a second from the browser to the kernel, for as long as a panel is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anywidget


class Pulse(anywidget.AnyWidget):
    """Calls ``then`` once a second while it is displayed; it shows nothing itself."""

    _esm = Path(__file__).parents[1] / "frontend" / "pulse.js"

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self.on_msg(lambda *_: then())
