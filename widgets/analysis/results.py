"""A class's answers as tidy tables, from a room, from students' records and from the before-and-after check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..bank import Bank
from ..grading import grade
from .patterns import Pattern, hand_counts, pattern, read
from .tables import frame, save_table

UNKNOWN: dict[str, Any] = {
    "item": None,
    "chapter": "",
    "zone": "",
    "basis": "",
    "version": "",
    "crisis": False,
    "ask": "",
    "labels": {},
}
SOURCES = ("room", "record", "check")
LONGEST_NAME = 200  # characters of a person's number or an item's key
# What each table holds; a test keeps these words and the tables together.
ANSWERS = {
    "person": "an opaque number; never a name",
    "item": "the vignette's key, chapter/id",
    "vote": "1 or 2: first or second vote; in the check 1 is before and 2 is after",
    "source": "room, record or check",
    "form": "a or b for the check's items, else empty",
    "answer": "as it was given",
    "certainty": "1, 2 or 3, NaN where it was not asked",
    "time": "when, by UTC, empty where it is not known",
    "version": "the item's version that was answered, empty where it is not known",
    "older": "whether that is another version than the item has now",
    "marks": "by today's key; NaN for what is not scored",
    "out_of": "the most marks there are; NaN for what is not scored",
    "share": "0 to 1, above what the rule gives for nothing; NaN for what is not scored",
    "verdict": "match, close, apart or open",
    "lean": "-1 more distant than the course's answer to 1 closer; NaN where it has no direction",
    "ending": "where a path came to, else empty",
    "chapter": "the item's chapter",
    "zone": "A, B or C",
}
PARTS = {
    "person": "as in the answers",
    "item": "as in the answers",
    "vote": "as in the answers",
    "part": "the option, span or step; `answer` for best and estimate",
    "given": "what was given, as text: an option, a level, a rank, a group, marked or not marked; empty if nothing",
    "key": "the course's, in the same words, several joined by |; empty for what is not scored",
    "marks": "of this part; NaN for what is not scored",
    "out_of": "the most for this part; NaN for what is not scored",
}
HANDS = {
    "item": "as in the answers",
    "vote": "1 or 2",
    "part": "as in the parts",
    "given": "as in the parts",
    "n": "how many hands were counted",
}
SET_ASIDE = {"item": "what was answered", "why": "a sentence", "n": "how many answers"}
DISSENTS = {"item": "what is argued with", "text": "plain text by a student who ticked that it may be shared"}


@dataclass(frozen=True, eq=False)
class Results:
    """What a class answered. The columns of each table are described in ``ANSWERS``, ``PARTS``, ``HANDS``, ``SET_ASIDE``
    and ``DISSENTS`` of this module; ``items`` is what ``items_of`` gives.

    >>> results = records("exported/*.json").results()
    >>> results.answers.groupby("item").share.mean()
    """

    answers: pd.DataFrame
    parts: pd.DataFrame
    hands: pd.DataFrame
    items: dict[str, dict[str, Any]]
    set_aside: pd.DataFrame
    dissents: pd.DataFrame = field(default_factory=lambda: frame({}, DISSENTS))
    remarks: tuple[str, ...] = ()
    notice: str = ""

    @property
    def people(self) -> int:
        """How many people answered; hands that were counted are not people with a number."""
        return int(self.answers["person"].nunique())

    @property
    def asked(self) -> list[str]:
        """The items that were answered, in the order of ``items``: that of the bank, or of a room's snapshot."""
        answered = {*self.answers["item"].unique(), *self.hands["item"]}
        return [key for key in self.items if key in answered]

    def scores(self, items: Iterable[str] | None = None, vote: int = 1) -> pd.DataFrame:
        """Shares as a matrix of people by items, NaN where there is no answer or no score."""
        answers = self.answers[(self.answers["vote"] == vote) & self.answers["share"].notna()]
        scored = set(answers["item"].unique())
        wanted = [key for key in self.items if key in scored] if items is None else list(items)
        answers = answers[answers["item"].isin(wanted)]
        people = pd.Index(answers["person"].unique())
        matrix = np.full((len(people), len(wanted)), np.nan)
        columns = pd.Index(wanted)
        matrix[people.get_indexer(answers["person"]), columns.get_indexer(answers["item"])] = answers["share"]
        return pd.DataFrame(matrix, index=people, columns=columns)

    def save(self, folder: Path | str) -> list[Path]:
        """Write every table as CSV into a folder; a text that a spreadsheet would run as a formula is disarmed."""
        names = ("answers", "parts", "hands", "set_aside", "dissents")
        return [save_table(getattr(self, name), Path(folder) / f"{name}.csv") for name in names]

    def __repr__(self) -> str:
        aside = int(self.set_aside["n"].sum())
        return (
            f"Results: {self.people} people, {len(self.answers)} answers to {self.answers['item'].nunique()} items"
            + (f", {aside} set aside" if aside else "")
        )


def items_of(bank: Bank, keys: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """What ``gather`` must know of the bank's items (default: all that are graded), by key.

    ``item`` (the grader's), ``format``, ``chapter``, ``zone``, ``basis``, ``version``, ``crisis``, ``ask``, and
    ``labels``: the words of each option, span, category and step's option (``"step/option"``).
    """
    from ..markup import inline  # jinja and the Markdown reader, which rows from a server do without

    found: dict[str, dict[str, Any]] = {}
    for key in bank if keys is None else keys:
        vignette = bank[key]
        entry: Any = vignette.entry
        if vignette.item is None:
            continue
        worded = [*getattr(entry, "options", []), *getattr(entry, "spans", []), *getattr(entry, "categories", [])]
        labels = {part.id: inline(part.text).striptags() for part in worded}
        for step, decision in getattr(entry, "steps", {}).items():
            labels |= {f"{step}/{option.id}": inline(option.text).striptags() for option in decision.options}
        found[key] = {
            "item": vignette.item,
            "format": entry.format,
            "chapter": vignette.chapter,
            "zone": entry.zone,
            "basis": entry.basis,
            "version": vignette.version,
            "crisis": entry.crisis,
            "ask": inline(entry.ask).striptags(),
            "labels": labels,
        }
    return found


def gather(
    rows: Iterable[Mapping[str, Any]],
    items: Mapping[str, Mapping[str, Any]],
    hands: Iterable[Mapping[str, Any]] = (),
    dissents: Iterable[Mapping[str, Any]] = (),
    remarks: Sequence[str] = (),
    notice: str = "",
) -> Results:
    """Answers from anywhere, graded again by today's key, as tables.

    A row has ``person``, ``item``, ``vote`` (1 or 2), ``answer``; and may have ``certainty``, ``time``, ``source``
    (``"room"`` unless said), ``form`` and ``version``. Hands have ``item``, ``vote`` and ``counts`` as the room's tally
    has them. What does not fit (an option that is gone, no such item, a second answer to one vote) is in
    ``set_aside`` with the reason, and the rest is kept. Crisis scenes and open items get no score. A report prints
    ``remarks`` at its end and ``notice`` at its head.
    """
    known = {key: {**UNKNOWN, "format": _format(meta), **meta} for key, meta in items.items()}
    reader = _Reader(known)
    for row in rows:
        reader.take(row)
    counted = [line for hand in hands for line in hand_counts(hand, known, reader.aside)]
    aside = [{"item": item, "why": why, "n": n} for (item, why), n in sorted(reader.aside.items())]
    said = [{"item": str(entry["item"]), "text": str(entry["text"])} for entry in dissents]
    answers, parts = reader.tables()
    return Results(
        answers,
        parts,
        frame(counted, HANDS),
        known,
        frame(aside, SET_ASIDE),
        frame(said, DISSENTS),
        tuple(remarks),
        notice,
    )


def _format(meta: Mapping[str, Any]) -> str:
    return str((meta.get("item") or {}).get("format", ""))


class _Reader:
    """Takes rows one by one. The same answer to the same item is graded once, however many gave it."""

    def __init__(self, items: dict[str, dict[str, Any]]) -> None:
        self.aside: Counter[tuple[str, str]] = Counter()
        self._items = items
        self._seen: set[tuple[str, str, int]] = set()
        self._numbers: dict[tuple[str, str], int] = {}
        self._patterns: list[Pattern] = []
        self._rows: list[tuple[Any, ...]] = []

    def take(self, row: Mapping[str, Any]) -> None:
        get = row.get
        person, item, vote, source, form = get("person"), get("item"), get("vote"), get("source", "room"), get("form")
        answer, certainty = get("answer"), get("certainty")
        meta = self._items.get(item) if isinstance(item, str) else None
        if meta is None or not meta["item"]:
            why, item = "There is no such item, or it is one that is not graded.", item if meta else "?"
        elif not isinstance(person, str) or not 0 < len(person) <= LONGEST_NAME:
            why = "The answer does not say whose it is."
        elif type(vote) is not int or vote not in (1, 2):
            why = "A vote is the first or the second."
        elif source not in SOURCES or form not in (None, "", "a", "b"):
            why = "The answer comes from no source that is known."
        elif certainty is not None and (type(certainty) is not int or not 1 <= certainty <= 3):
            why = "A certainty is 1, 2 or 3."
        elif (person, item, vote) in self._seen:
            why = "The same person has answered it in this vote already; the first answer counts."
        else:
            number = self._pattern(str(item), answer)
            if number >= 0:
                self._seen.add((person, str(item), vote))
                # A room's items are a snapshot of what it was shown.
                time, version = get("time"), get("version") or (meta["version"] if source == "room" else "")
                time = time if isinstance(time, str) else ""
                version = version if isinstance(version, str) else ""
                self._rows.append((person, item, vote, source, answer, certainty, form or "", time, version, number))
            return
        self.aside[str(item), why] += 1

    def _pattern(self, item: str, answer: Any) -> int:
        """The number of an answer among those that were graded; -1, and a reason noted, if it does not fit."""
        key = (item, answer) if type(answer) is str else (item, "\0" + _text(answer))
        number = self._numbers.get(key)
        if number is None:
            graded = pattern(self._items[item], answer, grade)
            if isinstance(graded, Pattern):
                number = len(self._patterns)
                self._patterns.append(graded)
            else:
                self.aside[item, graded] += 1
                return -1
            self._numbers[key] = number
        return number

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return read(self._rows, self._patterns, self._items, list(ANSWERS), list(PARTS))


def _text(answer: Any) -> str:
    """Another text for every other answer: True is not 1, 2.0 is not 2."""
    try:
        return repr(answer)
    except RecursionError:
        return "…"
