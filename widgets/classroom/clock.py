"""Three clocks: the wall's, which people set; one that only goes forward; and one that counts a machine's sleep too."""

from __future__ import annotations

import time
from collections.abc import Callable


def _uptime() -> float:
    """Seconds since this machine started, its sleep included: what has surely passed, whatever the date says."""
    # Linux leaves sleep out of CLOCK_MONOTONIC and has another clock for it; macOS and Windows count it.
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


class Clock:
    """``wall`` is the time of day, for dates. ``steady`` starts from it and then runs on by itself, for timers: a
    clock that is set while a class runs moves no timer. ``uptime`` is seconds since the machine started."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        uptime: Callable[[], float] = _uptime,
    ) -> None:
        self.wall, self._ticks, self.uptime = wall, ticks, uptime
        self._start = wall() - ticks()

    def steady(self) -> float:
        """Seconds since 1970 as they were when this clock was made, plus what has passed since."""
        return self._start + self._ticks()
