"""What a first vote says about the next step: go on, talk, or teach again. For the instructor alone.

The window is 35 to 70 percent: Vickrey and others (2015), as summed up at berkeleyx.berkeley.edu/wiki/peer_instruction.
Sources disagree, and the common rule is 30 to 70, so both ends are parameters. They are meant for questions
with one right answer; for the other formats the share of single judgements that are the course's stands in for
*percent correct*, which is this course's own judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..bank import Vignette

TALK_FROM, GO_ON_ABOVE = 0.35, 0.70
SOURCE = (
    "By default 35 to 70%, after Vickrey and others (2015) as summed up at berkeleyx.berkeley.edu/wiki/peer_instruction; "
    "sources disagree, and the common rule is 30 to 70%."
)
Tally = Mapping[str, Any]


@dataclass(frozen=True)
class Advice:
    """``share`` is 0 to 1, or None where there is none; ``do`` is ``teach``, ``talk``, ``go on`` or "" without a share."""

    n: int
    share: float | None
    do: str
    says: str

    def __str__(self) -> str:
        return self.says

    def _repr_html_(self) -> str:
        return f"<p><b>For you, not for the wall.</b> {self.says}</p>"


def advise(vignette: Vignette, tally: Tally, talk_from: float = TALK_FROM, go_on_above: float = GO_ON_ABOVE) -> Advice:
    """What to do after a first vote that added up to ``tally``; ValueError for a window that is none."""
    if not 0 <= talk_from <= go_on_above <= 1:
        raise ValueError("The window is two shares between 0 and 1, the lower one first: look(0.35, 0.70).")
    n = int(tally.get("n", 0))
    if vignette.item is None:
        return Advice(n, None, "", "Sentences are written on paper; there is nothing to count.")
    if getattr(vignette.entry, "crisis", False):
        return Advice(n, None, "", f"{n} have answered. A crisis scene is not scored: go through the reasons together.")
    if tally.get("too_few"):
        return Advice(n, None, "", f"{n} have answered. With fewer than five nothing is shown; let them talk.")
    if tally.get("open"):
        return Advice(n, None, "", f"{n} have voted, and the vote is still open. Go on to Talk first: that closes it.")
    if not n:
        return Advice(n, None, "", "Nobody has voted yet.")
    if vignette.item.get("scored") is False:
        return Advice(
            n, None, "talk", f"{n} have answered. Nothing is scored here: let them talk, whatever the spread."
        )
    share = agreement(vignette.item, tally)
    if share is None:
        return Advice(n, None, "", f"{n} took part, and no hand was counted for any answer. Count again, or ask again.")
    if vignette.item["format"] in ("best", "path"):
        what = f"{share:.0%} of {n} chose the course’s answer" + ("" if vignette.item["format"] == "best" else " first")
    else:
        what = f"{share:.0%} of single judgements are the course’s ({n} people)"
    held = tally.get("held_back", 0)
    left_out = f" {held} phones are left out, too few to be told beside the hands." if held else ""
    window = f"The window for talking is {talk_from:.0%} to {go_on_above:.0%}. {SOURCE}"
    if share < talk_from:
        do, advice = "teach", "Give a hint or explain again, then ask again: talk alone tends not to help yet."
    elif share <= go_on_above:
        do, advice = "talk", "Let them talk in pairs, then vote again."
    else:
        do, advice = "go on", "Most agree already. Go on to the reasons, after a short word on the others."
    return Advice(n, share, do, f"{what}.{left_out} {advice} {window}")


def agreement(item: Mapping[str, Any], tally: Tally) -> float | None:
    """The share, 0 to 1, of judgements that are the course's; None where nothing is scored or nothing was counted.

    ``best`` and ``path`` (its first decision): people who chose a course's answer, of all who took part, as it is
    drawn. The others: the mean, over options, of the people whose judgement of that option is the course's.
    """
    if item.get("scored") is False or not tally.get("n"):
        return None
    format = item["format"]
    if format in ("best", "path"):
        options = item["options"] if format == "best" else item["steps"][item["start"]]["options"]
        top = max(option["marks"] for option in options)
        counts = tally["counts" if format == "best" else "first"]
        return _share(
            sum(counts[o["id"]] for o in options if o["marks"] == top), tally["n"] if any(counts.values()) else 0
        )
    if format == "estimate":
        values = tally["values"]
        return _share(
            sum(abs(v - item["key"]) <= item["full"] + 1e-9 * max(1, abs(item["key"])) for v in values), len(values)
        )
    shares = [_agreed(format, option, tally) for option in item["spans" if format == "mark" else "options"]]
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def _agreed(format: str, option: Mapping[str, Any], tally: Tally) -> float | None:
    """The share of people whose judgement of one option is the course's."""
    id, n = option["id"], tally["n"]
    if format in ("pick", "mark"):
        if option["keyed"] is None:
            return None
        chosen = tally["counts"][id]
        return _share(chosen if option["keyed"] else n - chosen, n)
    if format == "rate":
        levels = tally["levels"][id]
        keyed = _list(option["key"]) if "key" in option else [1 + option["panel"].index(max(option["panel"]))]
        return _share(sum(levels[level - 1] for level in keyed), sum(levels))
    if format == "rank":
        places = tally["places"][id]
        return _share(places[option["key"] - 1], sum(places))
    groups = tally["groups"][id]
    return _share(sum(groups[category] for category in _list(option["key"])), sum(groups.values()))


def _list(key: Any) -> list[Any]:
    return key if isinstance(key, list) else [key]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
