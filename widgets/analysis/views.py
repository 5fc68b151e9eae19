"""The report's items as a template shows them: every number already a text, every missing one already words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from . import plots
from .estimate import shown
from .flags import Flag, label, letter
from .patterns import MARKED
from .summary import ENOUGH, Summary
from .votes import COURSE, OTHER, Second

STACKED = {"rate": "Level", "rank": "Place", "sort": "Group"}
RATES = ("very inappropriate", "inappropriate", "appropriate", "very appropriate")


def anchor(key: str) -> str:
    return "item-" + key.replace("/", "--")


def item_views(summary: Summary, found: list[Flag]) -> list[dict[str, Any]]:
    """One for each item, in the class's order, numbered from 1."""
    rows = {str(key): own for key, own in summary.options.groupby("item", sort=False)}
    second = {one.item: one for one in summary.second}
    agreed: dict[str, list[tuple[str, str]]] = {}
    for key, _, measure, figure in summary.agreement:
        agreed.setdefault(key, []).append((measure, figure.said()))
    marked = {key: (n, detection) for key, n, detection in summary.marking}
    said = summary.results.dissents
    views = []
    for number, row in enumerate(summary.items.itertuples(index=False), 1):
        key, meta = str(row.item), summary.results.items[str(row.item)]
        enough = row.n + row.hands >= ENOUGH
        options = rows.get(key, pd.DataFrame(columns=summary.options.columns))
        view = {
            "number": number,
            "key": key,
            "anchor": anchor(key),
            "ask": meta.get("ask") or key,
            "meta": meta,
            "n": int(row.n),
            "hands": int(row.hands),
            "few": not enough and not meta.get("crisis"),
            "why": row.why,
            "flags": [flag for flag in found if flag.item == key],
            "agreed": agreed.get(key, []),
            "dissents": list(said.loc[said["item"] == key, "text"]),
            "match": int(row.match),
            **{name: _figure(getattr(row, name)) for name in ("facility", "discrimination", "upper_lower")},
            **_chosen(summary, key, meta, options if enough else options[:0]),
            **_moved(summary, meta, second.get(key)),
            "marking": _marking(*marked[key]) if key in marked else "",
        }
        view["facility"] = "" if np.isnan(row.facility) else shown(row.facility, percent=True)
        views.append(view)
    return views


def _figure(value: float) -> str:
    return "" if np.isnan(value) else shown(value)


def _bar(row: Any, name: str) -> plots.Bar:
    return plots.Bar(name, int(row.n + row.hands), int(row.of), None if row.right is None else bool(row.right))


def _chosen(summary: Summary, key: str, meta: Mapping[str, Any], rows: pd.DataFrame) -> dict[str, Any]:
    """The pictures of what was chosen, each with its lines: letter, words, count, share, correlation, the course's."""
    if not len(rows):
        return {"chosen": []}
    format = meta["format"]
    if format in STACKED:
        return {"chosen": [_stacked(summary, key, meta, rows)]}
    groups = [rows] if format != "path" else [own for _, own in rows.groupby("part", sort=False)]
    pictures = []
    for own in groups:
        lines, bars = [], []
        for place, row in enumerate(own.itertuples(index=False)):
            if row.of < ENOUGH:
                continue
            bars.append(_bar(row, letter(place)))
            words = row.given if format == "estimate" else label(summary, key, row.part, row.given)
            words = label(summary, key, "", row.part) if row.given == MARKED else words
            line = {
                "letter": letter(place),
                "words": words,
                "n": bars[-1].n,
                "of": bars[-1].of,
                "right": bars[-1].right,
            }
            lines.append(line | {"share": shown(bars[-1].share, percent=True), "r": _figure(row.r)})
        name = str(own["part"].iloc[0]) if format == "path" else ""
        if bars:
            pictures.append({"name": name, "plot": plots.shares(bars), "lines": lines, "cuts": []})
        else:
            pictures.append({"name": name, "plot": None, "lines": [], "cuts": []})
    return {"chosen": pictures}


def _stacked(summary: Summary, key: str, meta: Mapping[str, Any], rows: pd.DataFrame) -> dict[str, Any]:
    stacks, lines = [], []
    cuts = list(dict.fromkeys(rows["given"]))
    for place, (part, own) in enumerate(rows.groupby("part", sort=False)):
        names = [given if meta["format"] != "sort" else str(cuts.index(given) + 1) for given in own["given"]]
        bars = [_bar(row, name) for row, name in zip(own.itertuples(index=False), names, strict=True)]
        stacks.append((letter(place), bars))
        right = ", ".join(
            _cut(summary, key, meta, given) for given, bar in zip(own["given"], bars, strict=True) if bar.right
        )
        counts = " / ".join(str(bar.n) for bar in bars)
        words = label(summary, key, "", str(part))
        lines.append({"letter": letter(place), "words": words, "counts": counts, "course": right})
    named = [(str(place), _cut(summary, key, meta, cut)) for place, cut in enumerate(cuts, 1)]
    return {
        "name": "",
        "plot": plots.stacks(stacks, STACKED[meta["format"]]),
        "lines": lines,
        "cuts": named if meta["format"] != "rank" else [],
    }


def _cut(summary: Summary, key: str, meta: Mapping[str, Any], given: str) -> str:
    if meta["format"] == "rate":
        return RATES[int(given) - 1]
    return label(summary, key, "", given) if meta["format"] == "sort" else f"place {given}"


def _moved(summary: Summary, meta: Mapping[str, Any], second: Second | None) -> dict[str, Any]:
    """The flow from first to second vote, and one sentence about it."""
    if second is None:
        return {"second": None}
    view: dict[str, Any] = {"n": second.n, "moved": second.moved, "plot": None, "said": ""}
    if second.n < ENOUGH or meta.get("crisis"):
        view["said"] = f"{second.n} people voted twice."
        return {"second": view}
    names = [COURSE, OTHER]
    if meta["format"] == "best":
        names = [option["id"] for option in meta["item"]["options"]]
    slots = summary.options[summary.options["item"] == second.item]
    right = [name == COURSE for name in names]
    if meta["format"] == "best":
        right = [bool(slots.loc[slots["given"] == name, "right"].fillna(False).any()) for name in names]
    letters = [letter(place) if meta["format"] == "best" else name for place, name in enumerate(names)]
    counts = [(names.index(str(a)), names.index(str(b)), int(n)) for a, b, n in second.flow.itertuples(index=False)]
    open_ = meta["item"].get("scored", True) is False
    if not open_ or meta["format"] == "best":
        view["plot"] = plots.flow(letters, counts, right)
    view["said"] = f"{second.moved} of {second.n} changed their answer"
    if second.first.value is None or second.second.value is None:
        view["said"] += "."
    else:
        gained = second.normalised.said()
        view["said"] += (
            f", {second.toward} of them towards the course’s. Agreement: first {shown(second.first.value, percent=True)}, "
            f"second {shown(second.second.value, percent=True)}; gain {second.gain.said(percent=True)}; normalised gain {gained}."
        )
    return {"second": view}


def _marking(n: int, detection: Any) -> str:
    if detection.d_prime is None:
        return f"No d′: {detection.why}."
    way = (
        "marks freely"
        if detection.criterion < -0.2
        else "marks sparingly"
        if detection.criterion > 0.2
        else "even-handed"
    )
    return (
        f"d′ {shown(detection.d_prime)} (0 is chance; hit rate {shown(detection.hit_rate, percent=True)}, false alarms "
        f"{shown(detection.alarm_rate, percent=True)}, both log-linear); criterion {shown(detection.criterion)}: {way}."
    )
