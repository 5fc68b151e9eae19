"""What a phone may know, as a value: the same for everyone until the reasons are shown, but for its own answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..grading import grade
from .messages import ItemSnapshot
from .steps import may_grade, open_vote, seconds_left


def state(
    phone: Any, item: ItemSnapshot | None, yours: Mapping[int, Any], shown: Sequence[str], steady: float
) -> dict[str, Any]:
    """The state of one phone; ``phone`` is its row with its room's and its round's, ``yours`` its rows by vote.

    Nothing here depends on the item's key, its marks or its reasons, or on any other phone, before the step in which
    reasons are shown. ``steady`` is the time by which timers run, in seconds.
    """
    graded = item is not None and may_grade(phone.step)
    say = item is not None and item.format == "say"
    vote = None if say else open_vote(phone.step)
    return {
        "version": phone.version,
        "step": phone.step,
        "alias": phone.alias,
        "item": phone.item,
        "html": item.html if item else None,
        "vote": vote,
        "open": vote is not None,
        "opened": 0 if say else phone.opened,
        "seconds_left": seconds_left(phone.ends, phone.seconds, steady),
        "asks_reason": phone.asks_reason,
        "yours": {str(vote): _yours(yours.get(vote)) for vote in (1, 2)},
        "table": phone.seat,
        "feedback": _feedback(item, yours) if graded and item else None,
        "shown": list(shown) if graded else [],
        "notice": "Write your sentence on paper. Nothing is sent." if say else None,
    }


def _yours(row: Any) -> dict[str, Any] | None:
    return None if row is None else {"n": row.n, "answer": json.loads(row.answer), "reason": row.text}


def _feedback(item: ItemSnapshot, yours: Mapping[int, Any]) -> dict[str, Any]:
    """The grader's result on the phone's last answer, and the course's reasons."""
    last = yours.get(2) or yours.get(1)
    result = grade(item.item, json.loads(last.answer)) if last is not None and item.item is not None else None
    return {"result": result, "reasons": item.reasons}
