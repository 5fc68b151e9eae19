"""The cases of ``published.json``, by family; each keeps where it was read and whether its number was published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))["vectors"]


def cases(family: str) -> list[dict[str, Any]]:
    found = [vector for vector in VECTORS if vector["family"] == family]
    assert found, family
    return found
