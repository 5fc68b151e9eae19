"""How hard the bank's words are to read, by the Flesch-Kincaid grade (Kincaid et al. 1975, as textstat computes it)."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

from .bank import Bank

with warnings.catch_warnings():
    # textstat finds its word list through pkg_resources, which warns that it is old.
    warnings.simplefilter("ignore")
    import textstat

MEDIAN, HIGHEST = 9.0, 13.0  # school grades; a scene is read tired, and often in a second language


def passages(bank: Bank) -> Iterator[tuple[str, str]]:
    """What a reader reads before answering: each scene, step and option, with its place in the bank."""
    for key, vignette in bank.items():
        entry: Any = vignette.entry
        yield f"{key}: scene", entry.scene
        steps = getattr(entry, "steps", {})
        for name, step in steps.items():
            yield f"{key}: steps.{name}.text", step.text
        groups = [("options", getattr(entry, "options", [])), ("spans", getattr(entry, "spans", []))]
        groups += [(f"steps.{name}.options", step.options) for name, step in steps.items()]
        for field, options in groups:
            for option in options:
                yield f"{key}: {field}.{option.id}", option.text


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text, its Markdown taken off; never below 0."""
    plain = re.sub(r"[*_`“”\"]", "", text).strip()
    if not re.search(r"[.!?…]$", plain):
        plain += "."  # an option may be a phrase
    return max(0.0, float(textstat.flesch_kincaid_grade(plain)))


def reading_grades(bank: Bank) -> dict[str, float]:
    """The reading grade of every passage, by its place in the bank."""
    return {place: reading_grade(text) for place, text in passages(bank)}
