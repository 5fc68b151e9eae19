"""A key from a panel: counts of how experienced practitioners rated each option, with who they were.

A majority is not a key. A class that shares a prejudice would vote it in as right, and the next class would be marked
by it. So a panel is people with experience of the work, named as such, who answered alone.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..bank import COURSE, read_bank
from ..bank.lines import read_yaml
from ..bank.models import LEAST_PANEL
from . import agreement
from .estimate import Estimate
from .results import Results

LEVELS = (1, 2, 3, 4)
MODAL, WITHIN = 0.5, 0.5  # share of the commonest level, and r_wg, below which an option is contested: judgements
NO_CLASS = (
    "This is no panel, so it makes no key. A class that shares a prejudice would vote it in as right, and the next class "
    "would be marked by it: a majority's prejudice is not a key. report(results) shows the class its own spread, unscored."
)


STUDENTS = re.compile(r"\b(students?|trainees?|undergraduates?|learners?|my class|the class)\b", re.IGNORECASE)


class PanelError(ValueError):
    """These answers make no key; the message says why."""


@dataclass(frozen=True)
class Panel:
    """``counts`` for each option, how many chose levels 1 to 4; ``source`` is who, how many, when and their qualification.

    ``single`` and ``average`` are ICC(A,1) and ICC(A,k): the second is the reliability of the panel's mean. ``contested``
    says of an option why it should rather be talked about than scored.
    """

    item: str
    counts: dict[str, list[int]]
    source: dict[str, Any]
    single: Estimate
    average: Estimate
    contested: dict[str, str]

    @property
    def yaml(self) -> str:
        """The lines for the item's entry, to look at or to paste."""
        lines = ["  panel_from:", *(f"    {name}: {_scalar(value)}" for name, value in self.source.items())]
        return "\n".join([*lines, *(f"  # {id}: panel: {counts}" for id, counts in self.counts.items())])

    def write(self, course: Path | str | None = None) -> Path:
        """Put the counts in place of the item's keys in ``chapters/*.yml``, and say where they come from.

        The rest of the file stays as it is. PanelError, and the file as before, if the bank would then have faults.
        """
        root = Path(course or COURSE)
        chapter, _, id = self.item.partition("/")
        path = root / "chapters" / f"{chapter}.yml"
        before = path.read_text(encoding="utf-8")
        path.write_text(_rewritten(path, id, self), encoding="utf-8")
        faults = [fault for fault in read_bank(root)[1] if fault.item == self.item]
        if faults:
            path.write_text(before, encoding="utf-8")
            raise PanelError("The bank would not take it: " + "; ".join(map(str, faults)))
        return path

    def __repr__(self) -> str:
        return f"Panel of {self.source['people']} for {self.item}\n{self.yaml}"


def panel(
    results: Results,
    item: str,
    *,
    who: str,
    qualification: str,
    when: datetime.date,
    experienced: bool,
    alone: bool,
) -> Panel:
    """A panel's key for a ``rate`` item from its first answers.

    You declare with ``experienced`` that these are experienced practitioners, and with ``alone`` that each answered alone;
    ``who`` describes them without names ("community nurses of two trusts"), ``qualification`` says what they hold, and
    ``when`` they answered. Ten or more must have rated every option.

    Raises PanelError for a class, for people who talked first, for fewer than ten, and for an item of another format.
    """
    if not experienced:
        raise PanelError(NO_CLASS)
    if named := STUDENTS.search(f"{who}; {qualification}"):
        raise PanelError(f"{NO_CLASS} If these are no students, say who they are without the word {named.group()!r}.")
    if not alone:
        raise PanelError("A panel answers alone: people who talk first give one opinion several times.")
    if not who.strip() or not qualification.strip():
        raise PanelError("Say who they are, without names, and what they hold: a key without a source is no key.")
    meta = results.items.get(item)
    if meta is None or meta["format"] != "rate" or meta["item"].get("scored", True) is False or meta.get("crisis"):
        raise PanelError(
            "A panel rates: choose an item whose format is rate, that is scored, and that is no crisis scene."
        )
    answers = results.answers[(results.answers["item"] == item) & (results.answers["vote"] == 1)]
    if answers["older"].any():
        raise PanelError("Some answered another version of this item. Only answers to what it now says can key it.")
    ids = [option["id"] for option in meta["item"]["options"]]
    rated = [answer for answer in answers["answer"] if set(answer) == set(ids)]
    if len(rated) < LEAST_PANEL:
        raise PanelError(f"{len(rated)} rated every option; a panel has {LEAST_PANEL} people or more.")
    ratings = np.array([[answer[id] for answer in rated] for id in ids], dtype=float)
    counts = {id: [int((row == level).sum()) for level in LEVELS] for id, row in zip(ids, ratings, strict=True)}
    contested = {id: why for id, row in zip(ids, ratings, strict=True) if (why := _contested(counts[id], row))}
    source = {"who": who.strip(), "people": len(rated), "when": when, "qualification": qualification.strip()}
    return Panel(item, counts, source, *agreement.icc(ratings), contested)


def _contested(counts: list[int], ratings: Any) -> str:
    """Why an option is better talked about than scored; "" if it is not."""
    low, high = max(counts[:2]), max(counts[2:])
    if max(counts) < MODAL * sum(counts):
        return "no level was chosen by half of them"
    if min(low, high) >= 0.75 * max(counts):
        return "they have two answers, one on each side of the middle"
    within = agreement.r_wg(ratings).value
    return "they agree little (r_wg under .50)" if within is not None and within < WITHIN else ""


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
    return str(value)


def _rewritten(path: Path, id: str, made: Panel) -> str:
    """The file's text with an item's ``key`` and ``panel`` fields replaced, everything else untouched."""
    lines = read_yaml(path)
    text = path.read_text(encoding="utf-8").split("\n")
    index = next((i for i, entry in enumerate(lines.data) if entry.get("id") == id), None)
    if index is None:
        raise PanelError(f"There is no vignette {id!r} in {path.name}.")
    for place, option in enumerate(lines.data[index]["options"]):
        field = "key" if "key" in option else "panel"
        at = lines.at((index, "options", place, field)) - 1
        if not re.search(rf"\b{field}: *(\[[^\]]*\]|[^,}}\n]+)", text[at]):
            raise PanelError(f"Write the {field} of {option['id']!r} on one line first, as {field}: [3, 4].")
        text[at] = re.sub(
            rf"\b{field}: *(\[[^\]]*\]|[^,}}\n]+)", f"panel: {made.counts[option['id']]}", text[at], count=1
        )
    old = lines.data[index].get("panel_from")
    start = lines.at((index, "options")) - 1
    if old is not None:
        first = lines.at((index, "panel_from")) - 1
        last = max(lines.at((index, "panel_from", name)) for name in old)
        del text[first:last]
        start -= last - first if first < start else 0
    block = made.yaml.split("\n")[: 1 + len(made.source)]
    return "\n".join([*text[:start], *block, *text[start:]])
