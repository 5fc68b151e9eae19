"""The items of a room as they stand when it is made, so that a server elsewhere, or a later edit, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..bank import Bank, Vignette
from ..grading import grade
from ..markup import reasons_html, vignette_html
from .messages import ItemSnapshot


def make(bank: Bank, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By key, what ``POST /api/rooms`` takes for each item; KeyError names the nearest ids for an unknown one.

    ``html`` has no key, marks or reasons. ``labels`` has the words of each option or span; ``categories`` those of a
    sort's groups; ``endings`` the kind of each ending of a path.
    """
    return {key: _item(bank, bank[key]) for key in keys}


def _item(bank: Bank, vignette: Vignette) -> dict[str, Any]:
    entry: Any = vignette.entry
    return {
        "format": entry.format,
        "html": vignette_html(bank, vignette.key, keyed=False),
        "reasons": reasons_html(bank, vignette.key),
        "item": vignette.item,
        "zone": entry.zone,
        "chapter": vignette.chapter,
        "basis": getattr(entry, "basis", None),
        "crisis": getattr(entry, "crisis", False),
        "scored": vignette.item is not None and vignette.item.get("scored", True),
        "version": vignette.version,
        "title": f"{entry.profession.capitalize()}, {entry.setting}",
        "ask": entry.ask,
        "labels": _labels(entry),
        "categories": {c.id: c.text for c in getattr(entry, "categories", [])},
        "endings": {id: ending.kind for id, ending in getattr(entry, "endings", {}).items()},
        "unit": getattr(entry, "unit", None),
    }


def _labels(entry: Any) -> dict[str, str]:
    """By id; of a path the first decision's, since ids may return at a later one and only the first is drawn."""
    if entry.format == "path":
        return {option.id: option.text for option in entry.steps[entry.start].options}
    return {option.id: option.text for option in getattr(entry, "options", None) or getattr(entry, "spans", [])}


def sound(shown: ItemSnapshot) -> bool:
    """Whether answers to it can be graded: a snapshot comes over the network, and not always from a checked bank."""
    item = shown.item
    if item is None or shown.format == "say":
        return item is None and shown.format == "say"
    try:
        return bool(item["format"] == shown.format == grade(item, _any_answer(item))["format"])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return False


def _any_answer(item: dict[str, Any]) -> Any:
    """A whole answer, right or wrong."""
    ids = [option["id"] for option in item.get("options") or item.get("spans") or []]
    match item["format"]:
        case "best":
            return ids[0]
        case "pick" | "mark":
            return ids[:1]
        case "rate":
            return dict.fromkeys(ids, 1)
        case "rank":
            return {id: place for place, id in enumerate(ids, start=1)}
        case "sort":
            return dict.fromkeys(ids, item["categories"][0])
        case "estimate":
            return 0
        case _:
            return [item["steps"][item["start"]]["options"][0]["id"]]
