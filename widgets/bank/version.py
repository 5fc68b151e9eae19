"""The version of an item: it changes with what a reader sees or is graded by."""

from __future__ import annotations

import hashlib
import json
from typing import Any

# What comes after the answer, or says where the item stands in the course.
LEFT_OUT = frozenset(
    {"why", "debrief", "standards", "sources", "twin", "core", "note", "models", "ticks", "panel_from"}
)


def version(entry: dict[str, Any]) -> str:
    """Eight hexadecimal digits for an entry's data: words, order, keys, marks and stances count, reasons do not."""
    return hashlib.sha256(json.dumps(_without(entry)).encode()).hexdigest()[:8]


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner) for key, inner in value.items() if key not in LEFT_OUT}
    return [_without(inner) for inner in value] if isinstance(value, list) else value
