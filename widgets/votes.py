"""A class's votes in words: the options by letter, shares, places, and what to know about a drawing of them.

A tally has ``n`` and, by format, ``counts`` (option: people), ``levels`` (option: four counts), ``places`` (option: a
count for each place), ``groups`` (option: category: people), ``values`` (numbers), or ``first`` and ``endings``.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev
from typing import Any

from .bank import Vignette
from .markup import LEVELS

Tally = Mapping[str, Any]
NAMES = {1: "First vote", 2: "Second vote"}
ENDING = "→"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Row:
    """One option: its letter, its words, and what the course says of it ("" where nothing is scored)."""

    id: str
    letter: str
    text: str
    course: str

    @property
    def keyed(self) -> bool:
        """Whether this is what the course chooses."""
        return self.course.startswith(("the course’s", "the course chooses", "the course marks"))

    def label(self, lines: int) -> str:
        """The letter and the beginning of the words, in so many lines, and the course's word on a line of its own."""
        width = 37 if self.keyed else 42  # characters: bold is wider
        text = f"{self.letter}  {self.text}"
        kept = textwrap.wrap(text, width, max_lines=lines, placeholder=" …", drop_whitespace=True)
        return "\n".join([*kept, *([self.course] if self.course else [])])


def rows(vignette: Vignette) -> list[Row]:
    """The options of an item, lettered as on the screen."""
    entry: Any = vignette.entry
    if entry.format == "path":
        options = entry.steps[entry.start].options
    else:
        options = entry.spans if entry.format == "mark" else getattr(entry, "options", [])
    best = max((o.marks or 0 for o in options if hasattr(o, "marks")), default=0)
    return [
        Row(o.id, letter, plain(o.text), _course(entry, o, best)) for letter, o in zip(LETTERS, options, strict=False)
    ]


def _course(entry: Any, option: Any, best: int) -> str:
    if entry.basis == "open":
        return ""
    if entry.format in ("best", "path"):
        return "the course’s answer" if option.marks == best else ""
    if entry.format in ("pick", "mark"):
        verb = "chooses it" if entry.format == "pick" else "marks it"
        return f"the course {verb}" if option.keyed else "counts neither way" if option.keyed is None else ""
    if entry.format == "rate":
        if option.panel:
            return "a panel: " + ", ".join(map(str, option.panel))
        return "the course: " + " or ".join(map(str, option.key))
    if entry.format == "rank":
        return f"the course: place {option.key}"
    return ""  # a table boxes it instead


def endings(vignette: Vignette) -> list[Row]:
    """A path's endings, by what kind each is; no words about which was luck where nothing is scored."""
    entry: Any = vignette.entry
    return [
        Row(id, ENDING, (f"({e.kind}) " if entry.basis != "open" else "") + plain(e.text), "")
        for id, e in entry.endings.items()
    ]


def every_row(vignette: Vignette) -> list[Row]:
    """The options, and for a path the endings after them."""
    return [*rows(vignette), *(endings(vignette) if vignette.entry.format == "path" else [])]


def plain(text: str) -> str:
    """Words without their Markdown."""
    return " ".join(re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", text).split())


def share_of(tally: Tally, lines: Sequence[Row]) -> list[float]:
    """Each option's share, 0 to 1, of the people who answered."""
    if "first" not in tally:
        return [tally["counts"][row.id] / tally["n"] for row in lines]
    first, ended = tally["first"], tally["endings"]
    whole = sum(ended.values()) or 1  # a show of hands is about the first decision alone
    return [ended[row.id] / whole if row.letter == ENDING else first[row.id] / tally["n"] for row in lines]


def place_of(places: Sequence[int]) -> tuple[float | None, float]:
    """Mean place and standard deviation of counts by place, from place 1; (None, 0) for no counts."""
    given = [place for place, count in enumerate(places, 1) for _ in range(count)]
    return (fmean(given), pstdev(given)) if given else (None, 0.0)


def note(vignette: Vignette) -> str:
    """What a reader of the drawing has to know."""
    entry: Any = vignette.entry
    if entry.format == "rate":
        return ", ".join(f"{n} {name.lower()}" for n, name in enumerate(LEVELS, 1)) + "."
    if entry.format == "rank":
        return "Dot: the mean place. Band: one standard deviation each way."
    if entry.format == "sort":
        names = ". ".join(f"{n} {plain(category.text)}" for n, category in enumerate(entry.categories, 1))
        return textwrap.fill(names + ("." if entry.basis == "open" else ". A box: the course."), 88)
    return "Below the dotted line: how the stories ended." if entry.format == "path" else ""


def describe(vignette: Vignette, tallies: Sequence[Tally]) -> str:
    """All the numbers of the drawing, in words."""
    return " ".join(_describe(vignette, tally) for tally in tallies)


def _describe(vignette: Vignette, tally: Tally) -> str:
    entry: Any = vignette.entry
    head = f"{NAMES[tally.get('vote', 1)]}, {tally['n']} people."
    if entry.format == "estimate":
        values = tally["values"]
        key = "" if entry.basis == "open" else f" The figure is {entry.key:,g}."
        return f"{head} From {min(values):,g} to {max(values):,g}, median {median(values):,g} {entry.unit}.{key}"
    lines = every_row(vignette)
    if entry.format == "rate":
        said = [
            ", ".join(f"{c} {name.lower()}" for c, name in zip(tally["levels"][r.id], LEVELS, strict=True))
            for r in lines
        ]
    elif entry.format == "rank":
        said = [
            "no answer" if mean is None else f"mean place {mean:.1f}, standard deviation {spread:.1f}"
            for mean, spread in (place_of(tally["places"][r.id]) for r in lines)
        ]
    elif entry.format == "sort":
        said = [", ".join(f"{tally['groups'][r.id][c.id]} {c.text}" for c in entry.categories) for r in lines]
    else:
        said = [f"{share:.0%}" for share in share_of(tally, lines)]
    told = "; ".join(
        f"{row.letter} {textwrap.shorten(row.text, 60, placeholder=' …')} {what}"
        + (f" ({row.course})" if row.course else "")
        for row, what in zip(lines, said, strict=True)
    )
    return f"{head} {told}."
