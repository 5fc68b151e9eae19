"""A class without a server: the same steps, and counts of raised hands."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

from ..bank import Bank
from . import steps, tally
from .messages import Refused


class Ballot(Protocol):
    """Where a presentation's votes are: here in memory, or in a room that phones have joined."""

    def state(self) -> dict[str, Any]:
        """``step, item, seconds_left, phones, here, votes`` as the server's room has them, and perhaps a ``notice``."""

    def move(self, step: str, item: str | None, seconds: int | None) -> str:
        """Go to a step; "" or, if that was refused, a sentence that says why."""

    def tally(self, item: str, vote: int) -> dict[str, Any]:
        """What a vote adds up to; only ``n`` while it is open, only ``n`` and ``too_few`` under five answers."""

    def hands(self, item: str, vote: int, counts: Mapping[str, Any], n: int | None) -> None:
        """Keep a show of hands in place of an earlier one; ValueError or RoomError says what does not fit."""

    def lobby(self, *, large: bool) -> dict[str, str]:
        """How to join: ``url``, ``code`` and, where there is room for it, ``qr`` as a data URL; {} if nobody can."""


class Hands:
    """Counts in memory, for as long as the presentation lives."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._step, self._item = "lobby", ""
        self._ends: float | None = None
        self._raised: dict[tuple[str, int], dict[str, Any]] = {}

    def state(self) -> dict[str, Any]:
        left = None if self._ends is None else max(0.0, self._ends - time.monotonic())
        return {
            "step": self._step,
            "item": self._item or None,
            "seconds_left": left,
            "phones": 0,
            "here": 0,
            "votes": {},
        }

    def move(self, step: str, item: str | None, seconds: int | None) -> str:
        self._step, self._item = step, item or ""
        self._ends = time.monotonic() + seconds if seconds else None
        return ""

    def tally(self, item: str, vote: int) -> dict[str, Any]:
        raised, vignette = self._raised.get((item, vote)), self._bank[item]
        head: dict[str, Any] = {"item": item, "vote": vote}
        if steps.is_open(self._step, self._item, item, vote):
            return {**head, "n": raised["n"] if raised else 0, "open": True}
        if raised is None:
            return {**head, "n": 0}
        return head | tally.of(vignette.item, [], raised, crisis=getattr(vignette.entry, "crisis", False))

    def hands(self, item: str, vote: int, counts: Mapping[str, Any], n: int | None) -> None:
        graded = self._bank[item].item
        if graded is None:
            raise ValueError("Nothing is counted here: everyone writes on paper.")
        try:
            self._raised[item, vote] = tally.hands(graded, counts, n)
        except Refused as refused:
            raise ValueError(refused.sentence) from None

    def lobby(self, *, large: bool) -> dict[str, str]:
        return {}
