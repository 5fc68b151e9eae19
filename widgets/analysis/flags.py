"""What in a class's answers is worth an instructor's look, in plain words, and what to do about each.

The limits are judgements, not tests of significance; each stands here once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .items import STEADY
from .lean import ENOUGH as ENOUGH_LEANS
from .patterns import MARKED
from .summary import ENOUGH, FORM_A, FORM_B, Summary

SAME_OTHER = 0.5  # of a class on one other option
DISCUSS = (0.35, 0.70)  # agreeing in the first vote: talk and vote again (Vickrey 2015); the common rule begins at .30
EASY, EASY_PEOPLE = 0.95, 10
BACKWARDS, BACKWARDS_PEOPLE = -0.1, 20
UNUSED, UNUSED_PEOPLE = 0.05, 20  # Tarrant 2009 calls a distractor under 5 % non-functioning
ONE_WAY = 2 / 3  # of the differing answers in one direction
ZONES = {"A": "a professional tie", "B": "a clinical pull", "C": "ordinary life"}


@dataclass(frozen=True)
class Flag:
    """``item`` is a key, or "" for the whole class; ``weight`` orders, the heaviest first."""

    item: str
    kind: str
    said: str
    do: str
    weight: float


def flags(summary: Summary) -> list[Flag]:
    """Every flag, the weightiest first; none rests on fewer than five answers."""
    found = [*_of_the_class(summary)]
    chosen = {str(key): rows for key, rows in summary.options.groupby("item", sort=False)}
    voted_twice = {second.item for second in summary.second}
    dissents = summary.results.dissents["item"].value_counts()
    sure = _sure(summary)
    for row in summary.items.itertuples(index=False):
        key = str(row.item)
        found += _older(key, row.n, row.older)
        if dissents.get(key, 0):
            n = int(dissents[key])
            who = "One student argues" if n == 1 else f"{n} students argue"
            found.append(
                Flag(key, "argued", f"{who} with it in writing.", "Read what they wrote, below the item.", 3.5)
            )
        if row.n + row.hands < ENOUGH or key not in chosen:
            continue
        if row.test in (FORM_A, FORM_B):  # the check measures; to talk it over would spoil it
            continue
        other = list(_same_other(summary, key, chosen[key]))
        found += other
        if row.n >= ENOUGH and not np.isnan(row.facility):
            found += _level(key, row, bool(other), key in voted_twice)
            found += _fit(key, row)
        found += _unused(summary, key, chosen[key])
        found += sure.get(key, [])
    return sorted(found, key=lambda flag: -flag.weight)


def label(summary: Summary, key: str, part: str, given: str) -> str:
    """The words of what was given, as the reader saw them."""
    labels = summary.results.items[key].get("labels") or {}
    return str(labels.get(f"{part}/{given}") or labels.get(given) or given)


def letter(place: int) -> str:
    """What an option is called in the report: A, B … Z, then A2, B2 …"""
    return chr(65 + place % 26) + (str(place // 26 + 1) if place >= 26 else "")


def quoted(words: str) -> str:
    """Words in quotation marks; a line of speech has its own."""
    return words if words.startswith("“") and words.endswith("”") else f"“{words}”"


def _same_other(summary: Summary, key: str, rows: pd.DataFrame) -> Iterator[Flag]:
    """The one other answer that most agree on; in a ``rate`` item it lies across the middle from the key."""
    format = summary.results.items[key]["format"]
    open_ = rows["right"].isna().all()
    if open_ or format in ("rank", "estimate"):
        return
    wrong = rows[~rows["right"].fillna(False).astype(bool) & (rows["of"] >= ENOUGH)]
    if format == "rate":
        sides = rows[rows["right"].fillna(False).astype(bool)].groupby("part")["given"].first().astype(int) <= 2
        wrong = wrong[
            [sides.get(part) != (int(given) <= 2) for part, given in wrong[["part", "given"]].itertuples(index=False)]
        ]
    if not len(wrong):
        return
    top = wrong.loc[wrong["share"].idxmax()]
    if top["share"] < SAME_OTHER:
        return
    how = _most(float(top["share"]))
    count = f"{int(top['n'] + top['hands'])} of {int(top['of'])}"
    words, part = label(summary, key, str(top["part"]), str(top["given"])), label(summary, key, "", str(top["part"]))
    if format == "rate":
        level = ("very inappropriate", "inappropriate", "appropriate", "very appropriate")[int(top["given"]) - 1]
        said = f"{how} ({count}) called {quoted(part)} {level}, across the middle from the course."
    elif format == "sort":
        said = f"{how} ({count}) put {quoted(part)} under {quoted(words)}, and the course does not."
    elif top["given"] == MARKED:
        said = f"{how} ({count}) marked {quoted(part)}, and the course does not."
    else:
        said = f"{how} ({count}) chose the same other option: {quoted(words)}"
        said += "" if words.rstrip("”").endswith((".", "?", "!", "…")) else "."
    do = "Talk about it, or argue with our key: have somebody make the best case for theirs before you open ours."
    yield Flag(key, "same other answer", said, do, 8 + float(top["share"]))


def _most(share: float) -> str:
    return "Nearly everybody" if share >= 0.9 else "Two thirds or more" if share >= 2 / 3 else "At least half"


def _level(key: str, row: Any, other: bool, twice: bool) -> Iterator[Flag]:
    n, match, facility = row.n, row.match, row.facility
    share = match / n
    if facility >= EASY and n >= EASY_PEOPLE:
        do = "Use it to warm up, or spend the time elsewhere."
        yield Flag(key, "nearly all agreed", f"Nearly everybody agreed with the course ({match} of {n} wholly).", do, 1)
    elif DISCUSS[0] <= share <= DISCUSS[1] and not twice:
        said = f"{match} of {n} agreed with the course, enough on both sides to talk."
        yield Flag(key, "worth a talk", said, "Let neighbours persuade one another, then vote again.", 4)
    elif facility < DISCUSS[0] and not other:
        said = f"Few came near the course's answer: {match} of {n} wholly, {row.close} nearly."
        do = "Read the scene again together. If its words misled, reword it: it then gets a new version."
        yield Flag(key, "far from the course", said, do, 6)


def _fit(key: str, row: Any) -> Iterator[Flag]:
    n, r = row.n, row.discrimination
    if n >= BACKWARDS_PEOPLE and r <= BACKWARDS:
        said = "Those who agree with the course elsewhere agreed less here."
        said += f" With {n} answers that may be chance." if n < STEADY else ""
        do = "Look for a second meaning in the scene, or for a key that the careful reader would not share."
        yield Flag(key, "runs against the rest", said, do, 7 if n >= STEADY else 2.5)


def _unused(summary: Summary, key: str, rows: pd.DataFrame) -> Iterator[Flag]:
    if summary.results.items[key]["format"] != "best":
        return
    idle = rows[(rows["share"] < UNUSED) & (rows["of"] >= UNUSED_PEOPLE) & ~rows["right"].fillna(False).astype(bool)]
    if len(idle):
        places = list(rows["given"])
        said = f"Hardly anybody chose {' or '.join(letter(places.index(given)) for given in idle['given'])}."
        yield Flag(key, "an idle option", said, "Keep it if its reasons teach; else write one that tempts.", 0.5)


def _older(key: str, n: int, older: int) -> Iterator[Flag]:
    if older:
        said = f"{older} of {n} answers were given to another version of this item."
        yield Flag(key, "another version", said, "Compare them with care: what was asked may not be the same.", 5)


def _sure(summary: Summary) -> dict[str, list[Flag]]:
    """Items where those who were surest were often apart: level 3 pays only above four in five."""
    found: dict[str, list[Flag]] = {}
    surest = summary.sure[summary.sure["certainty"] == 3]
    for key, own in surest.groupby("item", observed=True):
        if len(own) >= ENOUGH and own["share"].mean() < 0.5:
            apart = int((own["verdict"] == "apart").sum())
            said = f"{apart} of the {len(own)} who were surest were apart from the course."
            do = "Ask where the certainty comes from before you give the source: a rule half remembered sits firmly."
            found[str(key)] = [Flag(str(key), "sure, and apart", said, do, 7.5)]
    return found


def _of_the_class(summary: Summary) -> Iterator[Flag]:
    for row in summary.lean[summary.lean["by"] == "zone"].itertuples(index=False):
        most = max(row.distant, row.closer)
        if row.differed < ENOUGH_LEANS or most < ONE_WAY * row.differed or summary.people < ENOUGH:
            continue
        way = "more distant" if row.distant == most else "closer"
        said = f"In zone {row.name} ({ZONES.get(row.name, '')}), {most} of {row.differed} answers that differed were {way} than the course's."
        do = (
            "Ask what the distance protects, and whom; then read a pair of twins from this zone."
            if way == "more distant"
            else "Ask who would carry the cost if it went wrong; then read a pair of twins from this zone."
        )
        yield Flag("", "one-sided lean", said, do, 9)
    for row in summary.calibration.itertuples(index=False):
        if row.said == "less than claimed" and summary.people >= ENOUGH:
            said = (
                f"At certainty {row.level} the class agreed with the course in {row.share:.0%} of {row.n} answers; "
                f"that level pays only from {row.low:.0%}."
            )
            yield Flag(
                "", "surer than right", said, "Before the next item, ask for the reason against one's own answer.", 8.9
            )
