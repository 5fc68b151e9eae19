"""Vignettes with some of their fields rewritten: above all, what nobody may see before an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from widgets.bank import Bank, Vignette, to_item

Rewrite = Callable[[Any], Any]


def rewritten(entry: Any, fields: Mapping[str, Rewrite] | None = None) -> Any:
    """The model with each of the named fields replaced, at any depth.

    Without ``fields``: the key, the marks, the reasons and all that follows an answer, made the same for every item.
    """
    return type(entry).model_validate(_walk(entry.model_dump(), fields or _bland(entry)))


def _walk(value: Any, fields: Mapping[str, Rewrite]) -> Any:
    if isinstance(value, dict):
        return {name: fields[name](inner) if name in fields else _walk(inner, fields) for name, inner in value.items()}
    return [_walk(inner, fields) for inner in value] if isinstance(value, list) else value


def _bland(entry: BaseModel) -> dict[str, Rewrite]:
    format = getattr(entry, "format", "")
    categories = getattr(entry, "categories", None)
    key = {"rate": [1], "rank": 1, "estimate": 0.25, "sort": categories and [categories[-1].id]}.get(format)
    models = [{"tone": "bland", "text": f"Bland line {n}."} for n in range(3)]
    values: dict[str, Any] = {"key": key, "marks": 1, "keyed": False, "panel": None, "full": 0.5, "half": 0.75}
    values |= {"stance": 0, "why": "Bland.", "debrief": "Bland.", "basis": "judgement", "zone": "B", "kind": "good"}
    values |= {"sources": [], "twin": None, "core": False, "models": models, "ticks": ["Bland?"]}
    fields: dict[str, Rewrite] = {name: lambda _, value=value: value for name, value in values.items()}  # type: ignore[misc]
    fields["standards"] = lambda standards: standards[:1]
    fields["endings"] = lambda endings: {id: {"kind": "good", "text": "Bland."} for id in endings}
    return fields


def with_entry(bank: Bank, key: str, entry: Any) -> Bank:
    """A bank of one vignette."""
    return Bank({key: Vignette(key, entry, to_item(entry))}, bank.bodies, bank.sources)
