"""Three clocks: the wall's, which people set; one that only goes forward; and one that counts a machine's sleep too."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Moment(NamedTuple):
    """The date in seconds since 1970; seconds since the machine started, and a number for that start (0: unknown)."""

    wall: float
    uptime: float
    start: float


def _start() -> float:
    """A number that this start of this machine has, and no other; Linux alone gives one."""
    try:
        name = Path("/proc/sys/kernel/random/boot_id").read_bytes()
    except OSError:
        return 0.0
    return float(int(hashlib.sha256(name).hexdigest()[:12], 16))  # exact: a float holds 53 bits


def _uptime() -> float:
    """Seconds since this machine started, its sleep included: what has surely passed, whatever the date says."""
    # Linux leaves sleep out of CLOCK_MONOTONIC and has another clock for it; macOS and Windows count it.
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


class Clock:
    """``wall`` is the time of day, for dates. ``steady`` starts from it and then runs on by itself, for timers: a
    clock that is set while a class runs moves no timer. ``moment`` is for what takes days."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        uptime: Callable[[], float] = _uptime,
        start: Callable[[], float] = _start,
    ) -> None:
        self.wall, self._ticks, self._uptime, self._machine = wall, ticks, uptime, start
        self._start = wall() - ticks()

    def moment(self) -> Moment:
        return Moment(self.wall(), self._uptime(), self._machine())

    def steady(self) -> float:
        """Seconds since 1970 as they were when this clock was made, plus what has passed since."""
        return self._start + self._ticks()
