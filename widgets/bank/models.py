"""What a chapter's YAML may hold: one pydantic model a format, and one for the codes of ethics.

A model says which fields an entry has and what each may be. What fields mean to one another (a rank that ties,
a path that never ends) is checked in ``faults.py``, so that both kinds of fault are found in one run.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Level = Annotated[int, Field(ge=1, le=4)]
Stance = Annotated[int, Field(ge=-2, le=2)]
Marks = Annotated[int, Field(ge=0, le=4)]
PROFESSIONS = ("psychiatrist", "psychologist", "psychotherapist", "counselor", "social worker", "trainee")
Profession = Literal["psychiatrist", "psychologist", "psychotherapist", "counselor", "social worker", "trainee"]
Relation = Literal["binds", "permits", "by analogy", "not engaged"]
Basis = Literal["rule", "law", "evidence", "judgement", "open"]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _count_or_any(value: Any) -> Any:
    if value == "any" or (type(value) is int and value >= 1):
        return value
    raise PydanticCustomError("count_or_any", "must be a number from 1, or any")


class Strict(BaseModel):
    """Unknown keys are faults: a misspelt field must not vanish. Numbers and text are not converted."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Citation(Strict):
    """A standard as ``body:number`` and how it stands to the scene."""

    cite: Annotated[str, Field(pattern=r"^[a-z-]+:\S+$")]
    relation: Relation


class Reasoned(Strict):
    """Something a reader may choose: its words, and the reasons for it and against it."""

    id: Slug
    text: Text
    why: Text
    stance: Stance | None = None


class BestOption(Reasoned):
    marks: Marks | None = None


class KeyedOption(Reasoned):
    keyed: bool | None = None


class RateOption(Reasoned):
    key: Annotated[list[Level], Field(min_length=1), BeforeValidator(_as_list)] | None = None
    panel: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=4, max_length=4)] | None = None


class RankOption(Reasoned):
    key: Annotated[int, Field(ge=1)] | None = None


class SortOption(Reasoned):
    key: Annotated[list[Slug], Field(min_length=1), BeforeValidator(_as_list)] | None = None


class Category(Strict):
    id: Slug
    text: Text


class PathOption(BestOption):
    next: Slug


class Step(Strict):
    """One decision of a path: what has happened, what is asked, what can be done."""

    text: Text
    ask: Text | None = None
    options: Annotated[list[PathOption], Field(min_length=2)]


class Ending(Strict):
    """Where a path can end. ``kind`` tells the soundness of the choices from the luck of the outcome."""

    kind: Literal["good", "sound but hard", "poor but lucky", "bad"]
    text: Text


class Entry(Strict):
    """What a vignette of every format has."""

    id: Slug
    zone: Literal["A", "B", "C"]
    basis: Basis
    profession: Profession
    setting: Text
    twin: Annotated[str, Field(pattern=r"^([a-z0-9-]+/)?[a-z0-9-]+$")] | None = None
    core: bool = False
    crisis: bool = False
    note: Text | None = None
    scene: Text
    ask: Text
    debrief: Text
    standards: Annotated[list[Citation], Field(min_length=1)]
    sources: list[str] = []


class Best(Entry):
    format: Literal["best"]
    options: Annotated[list[BestOption], Field(min_length=2)]


class Pick(Entry):
    format: Literal["pick"]
    choose: Annotated[int | Literal["any"], PlainValidator(_count_or_any)]
    options: Annotated[list[KeyedOption], Field(min_length=2)]


LEAST_PANEL = 10  # people; script concordance asks for 10 to 20 who answer alone


class PanelFrom(Strict):
    """Whose counts an item's ``panel`` are: experienced practitioners who answered alone, described without names."""

    who: Text
    people: Annotated[int, Field(ge=LEAST_PANEL)]
    when: datetime.date
    qualification: Text


class Rate(Entry):
    """Options may be keyed by a panel's counts; then ``panel_from`` says who it was."""

    format: Literal["rate"]
    panel_from: PanelFrom | None = None
    options: Annotated[list[RateOption], Field(min_length=1)]


class Rank(Entry):
    format: Literal["rank"]
    options: Annotated[list[RankOption], Field(min_length=2)]


class Sort(Entry):
    format: Literal["sort"]
    categories: Annotated[list[Category], Field(min_length=2)]
    options: Annotated[list[SortOption], Field(min_length=1)]


class Mark(Entry):
    """``passage`` places each span with ``{id}``; without it the spans follow one another as sentences."""

    format: Literal["mark"]
    passage: Text | None = None
    spans: Annotated[list[KeyedOption], Field(min_length=2)]


class Estimate(Entry):
    """``unit`` stands after the number box; ``least`` and ``most`` only help the reader to type a likely number."""

    format: Literal["estimate"]
    key: Annotated[float, Field(ge=-1e15, le=1e15)]  # what the grader takes for a number
    full: Annotated[float, Field(ge=0)]
    half: Annotated[float, Field(ge=0)]
    unit: Text
    least: float = 0
    most: float = 100
    why: Text


class Path(Entry):
    format: Literal["path"]
    start: Slug
    steps: Annotated[dict[Slug, Step], Field(min_length=1)]
    endings: Annotated[dict[Slug, Ending], Field(min_length=1)]


class ModelLine(Strict):
    tone: Text
    text: Text


class Say(Strict):
    """A prompt to write one's own sentence, then to hold it against model lines and ticks. Never graded."""

    format: Literal["say"]
    id: Slug
    zone: Literal["A", "B", "C"]
    profession: Profession
    setting: Text
    core: bool = False
    note: Text | None = None
    scene: Text
    ask: Text
    models: Annotated[list[ModelLine], Field(min_length=3)]
    ticks: Annotated[list[Text], Field(min_length=1)] = [
        "Is it kind?",
        "Is it clear about my role?",
        "Does it offer something?",
        "Is it true?",
    ]
    debrief: Text


FORMATS: dict[str, type[Best | Pick | Rate | Rank | Sort | Mark | Estimate | Path | Say]] = {
    "best": Best,
    "pick": Pick,
    "rate": Rate,
    "rank": Rank,
    "sort": Sort,
    "mark": Mark,
    "estimate": Estimate,
    "path": Path,
    "say": Say,
}


class Standard(Strict):
    """One numbered standard. Known by title only, it has no paraphrase and a reader is sent to the code itself."""

    number: Text
    title: Text
    paraphrase: Text | None = None
    verified: Literal["official text", "copy of the text", "title only"]


class Body(Strict):
    """A professional body's code: whom it binds, which edition, and when it was last looked at.

    A reader may *practise under* it, by the name in ``practise``; bodies with the same name there go together. A law
    has none: one does not choose it.
    """

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    body: Text
    short: Text
    country: Text
    code: Text
    edition: Text
    checked: datetime.date
    source: Text
    practise: Text | None = None
    binds: list[Profession]
    standards: Annotated[list[Standard], Field(min_length=1)]
