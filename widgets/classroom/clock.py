"""Two clocks: the wall's, which people set, and one that only goes forward."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """``wall`` is the time of day, for dates. ``steady`` starts from it and then runs on by itself, for timers: a
    clock that is set while a class runs moves no timer."""

    def __init__(self, wall: Callable[[], float] = time.time, ticks: Callable[[], float] = time.monotonic) -> None:
        self.wall, self._ticks = wall, ticks
        self._start = wall() - ticks()

    def steady(self) -> float:
        """Seconds since 1970 as they were when this clock was made, plus what has passed since."""
        return self._start + self._ticks()
