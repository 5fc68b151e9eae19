"""A beat a second from the browser to the kernel, for as long as a panel is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget

LOST = 5.0  # seconds after which no answer is waited for any more: nobody may be looking


class Pulse(anywidget.AnyWidget):
    """Calls ``then`` once a second while it is displayed; it shows nothing itself."""

    _esm = Path(__file__).parents[1] / "frontend" / "pulse.js"

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then
        self._asked = self._answered = 0
        self._since = 0.0
        super().__init__()
        self.on_msg(self._heard)

    def call(self) -> None:
        """Ask the browser to answer. What it sent before it knew what the kernel has done comes before the answer."""
        self._asked += 1
        self._since = time.monotonic()
        self.send({"call": self._asked})

    @property
    def waits(self) -> bool:
        """Whether the last call has not been answered yet."""
        return self._answered < self._asked and time.monotonic() - self._since < LOST

    def _heard(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and isinstance(content.get("answers"), int):
            self._answered = max(self._answered, content["answers"])
        else:
            self._then()
