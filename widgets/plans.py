"""The plans of a class: what stands on the screen, stop by stop, for 50 or for 90 minutes.

``chapters/teaching/boundaries.yml`` is the plan as data; ``boundaries.md`` beside it tells the same to whoever reads.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from .bank import COURSE, Bank, Vignette
from .bank.lines import read_yaml
from .bank.models import Slug, Strict, Text
from .classroom.steps import STEPS, Step


class Taken(Strict):
    """An item of which a line takes only some steps."""

    item: Slug
    steps: Annotated[list[Step], Field(min_length=1)]


class Shown(Strict):
    figure: Slug


class Said(Strict):
    words: Text


class Line(Strict):
    """One line of a plan. ``instead`` names items that the page offers in place of those shown."""

    minutes: Annotated[int, Field(ge=1)]
    what: Text = ""
    show: Annotated[list[Slug | Taken | Shown | Said], Field(min_length=1)]
    instead: list[Slug] = Field(default_factory=list)


class Plan(Strict):
    """``plan`` is its length in minutes; ``first`` how many lines of the one before it that it begins with."""

    plan: Annotated[int, Field(ge=1)]
    first: Annotated[int, Field(ge=0)] = 0
    lines: Annotated[list[Line], Field(min_length=1)]


@dataclass(frozen=True)
class Stop:
    """One thing on the screen, or the room's door (``lobby``). ``name`` is an item's key or a figure's name; words and figures have one step, "".

    ``line`` and ``lines`` say where in the plan it stands, ``minutes`` how long its line takes; 0 without a plan.
    """

    kind: Literal["item", "figure", "words", "lobby"]
    name: str = ""
    title: str = ""
    words: str = ""
    steps: tuple[str, ...] = ("",)
    line: int = 0
    lines: int = 0
    minutes: int = 0


def read_plans(chapter: str, course: Path | None = None) -> dict[int, list[Line]]:
    """A chapter's plans by their minutes; {} where none is written. ValueError names file and field of a fault.

    ``course`` is the folder that ``load_bank`` takes.
    """
    path = Path(course or os.environ.get("COURSE_ROOT") or COURSE) / "chapters" / "teaching" / f"{chapter}.yml"
    if not path.exists():
        return {}
    found: dict[int, list[Line]] = {}
    lines: list[Line] = []
    for data in read_yaml(path).data:
        try:
            plan = Plan.model_validate(data)
        except ValidationError as error:
            raise ValueError(f"{path.name}: {error}") from None
        lines = [*lines[: plan.first], *plan.lines]
        found[plan.plan] = lines
    return found


def stops(what: str | list[str], bank: Bank, *, minutes: int = 50, course: Path | None = None) -> list[Stop]:
    """What ``present`` walks through: one item, several, or a chapter's plan.

    A chapter without a plan gives its core items in their order, or all where none is core. KeyError names what there
    is when ``what`` is unknown, ValueError the plans there are when none takes ``minutes``.
    """
    if isinstance(what, list):
        return [_item(bank[key]) for key in what]
    if "/" in what:
        return [_item(bank[what])]
    of_chapter = [v for v in bank.values() if v.chapter == what]
    if not of_chapter:
        chapters = ", ".join(dict.fromkeys(v.chapter for v in bank.values()))
        raise KeyError(f"There is no chapter {what!r}. There are: {chapters}. One item is called chapter/id.")
    plans = read_plans(what, course)
    if plans and minutes not in plans:
        raise ValueError(
            f"The plans of {what!r} take {' or '.join(map(str, plans))} minutes; there is none of {minutes}."
        )
    if not plans:
        graded = [v for v in of_chapter if v.item is not None]
        return [_item(v) for v in [v for v in graded if v.entry.core] or graded]
    lines = plans[minutes]
    return [_stop(show, line, n, len(lines), what, bank) for n, line in enumerate(lines, 1) for show in line.show]


def keys(walk: list[Stop]) -> list[str]:
    """The items of a walk, each once."""
    return list(dict.fromkeys(stop.name for stop in walk if stop.kind == "item"))


def _item(vignette: Vignette, steps: tuple[str, ...] = STEPS, **place: Any) -> Stop:
    return Stop("item", vignette.key, title_of(vignette), steps=steps, **place)


def title_of(vignette: Vignette) -> str:
    """An item's id as words: *Barbecue intake*."""
    return vignette.entry.id.replace("-", " ").capitalize()


def _stop(show: Any, line: Line, number: int, lines: int, chapter: str, bank: Bank) -> Stop:
    place: dict[str, Any] = {"line": number, "lines": lines, "minutes": line.minutes}
    if isinstance(show, Said):
        return Stop("words", title=line.what, words=show.words, **place)
    if isinstance(show, Shown):
        return Stop("figure", show.figure, line.what, **place)
    if isinstance(show, Taken):
        return _item(bank[f"{chapter}/{show.item}"], tuple(show.steps), **place)
    return _item(bank[f"{chapter}/{show}"], **place)
