"""The steps of a round: their order, which vote is open in which, and what may follow what.

Think, commit, see no results, talk, commit again, then explain: the order that peer instruction is taught in.
"""

from __future__ import annotations

from typing import Literal

STEPS = ("scene", "think", "vote1", "talk", "vote2", "reasons")
Step = Literal["scene", "think", "vote1", "talk", "vote2", "reasons"]
VOTES = {"vote1": 1, "vote2": 2}


def open_vote(step: str) -> int | None:
    """The vote that is open in a step: 1, 2 or None."""
    return VOTES.get(step)


def is_open(step: str, here: str | None, item: str, vote: int) -> bool:
    """Whether a vote on ``item`` is open in a room that is in ``step`` of a round on ``here``."""
    return here == item and open_vote(step) == vote


def obstacle(step: str, *, opened: int, revealed: bool) -> str | None:
    """Why a round may not go to ``step``, as a sentence, or None.

    ``opened`` is the highest vote of this item that was ever open in the room (0, 1 or 2), ``revealed`` whether its
    reasons were shown. A first vote that is taken up again after a second, or any vote after the reasons, would
    count answers that know too much.
    """
    vote = open_vote(step)
    if vote and revealed:
        return "The reasons of this scene have been shown here, so a vote would count for nothing. Go on to another."
    if vote == 1 and opened == 2:
        return "The second vote on this scene has begun, so the first stays as it was. Go on from the second."
    return None


def may_grade(step: str) -> bool:
    """Whether phones may see the course's answer, its reasons, and what the instructor let through of others'."""
    return step == "reasons"


def seconds_left(ends: float | None, seconds: int | None, now: float) -> float | None:
    """How long the timer has to run, from 0 to ``seconds`` whatever the clock did; None without a timer."""
    if ends is None or seconds is None:
        return None
    return round(min(max(0.0, ends - now), float(seconds)), 1)
