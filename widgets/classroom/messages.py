"""What the classroom's server is sent and what it replies: one pydantic model each, and the OpenAPI comes from them.

A request is strict and closed: an unknown field is a fault, a number is never read out of text. What a person wrote
loses what could hide or turn the words around it.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from .steps import Step

LONGEST_REASON = 1000  # characters; the phone's box says the same
MOST_ITEMS = 200  # in one room
MOST_PEOPLE = 10_000  # counted in a show of hands
LAST_NUMBER = 2**53 - 1  # the highest that a browser counts to exactly

# Marks that turn the direction of the text around them (Unicode, UAX 9); joiners stay: names and emoji need them.
TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


class Refused(Exception):
    """What is asked cannot be done: an HTTP status, and a sentence that says what to do instead."""

    def __init__(self, status: int, sentence: str, **more: Any) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.more = status, sentence, more


def plain(text: str) -> str:
    """The text without control characters and direction marks; line breaks stay, tabs become spaces."""
    kept = (
        " " if c == "\t" else c
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t" or (unicodedata.category(c) != "Cc" and c not in TURNS)
    )
    return "".join(kept).strip()


Key = Annotated[str, Field(min_length=1, max_length=130)]
Vote = Annotated[int, Field(ge=1, le=2)]  # a Literal would take true for 1
Reason = Annotated[str, Field(max_length=LONGEST_REASON), AfterValidator(plain)]
Days = Annotated[int, Field(ge=1, le=365)]
Version = Annotated[int, Field(ge=1, le=LAST_NUMBER)]


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Failure(Reply):
    """What a refusal says; after a conflict ``room`` is how the room stands now."""

    error: str
    room: RoomState | None = None


# The instructor.


class ItemSnapshot(Request):
    """One item as it was when the room was made: what phones are shown, and what their answers are graded by."""

    format: Literal["best", "pick", "rate", "rank", "sort", "mark", "estimate", "path", "say"]
    html: str
    reasons: str
    item: dict[str, Any] | None
    zone: str
    chapter: str
    basis: str | None
    crisis: bool
    scored: bool
    version: str
    title: str
    ask: str
    labels: dict[str, str]
    categories: dict[str, str] = {}
    endings: dict[str, str] = {}
    unit: str | None = None


class NewRoom(Request):
    items: Annotated[list[Key], Field(min_length=1, max_length=MOST_ITEMS)]
    snapshot: Annotated[dict[Key, ItemSnapshot], Field(min_length=1, max_length=MOST_ITEMS)]
    reasons_days: Days = 7
    rest_days: Days = 30


class Expiry(Reply):
    """When reasons, and when all the rest of a room is deleted: UTC, ISO 8601."""

    reasons: str
    rest: str


class RoomMade(Reply):
    """``secret`` is told this once."""

    room: str
    code: str
    secret: str
    url: str
    expires: Expiry


class RoomState(Reply):
    """A room as its instructor may see it at any time: no answer, only how many."""

    version: int
    step: Literal["lobby", "closed"] | Step
    item: str | None
    seconds_left: float | None
    phones: int
    here: int
    votes: dict[str, int]
    hands: dict[str, int]
    asks_reason: bool
    opened_at: str
    expires: Expiry


class StepTo(Request):
    """``version`` is the room's as this tab knows it: another tab may have gone on."""

    step: Literal["lobby"] | Step
    item: Key | None = None
    seconds: Annotated[int, Field(ge=1, le=3600)] | None = None
    asks_reason: bool | None = None
    version: Version


class Hands(Request):
    """A show of hands: how many people, and what they said, in the shape that the tally of the format has."""

    item: Key
    vote: Vote
    n: Annotated[int, Field(ge=0, le=MOST_PEOPLE)] | None = None
    counts: Annotated[dict[str, JsonValue], Field(max_length=200)]


class Tally(Reply):
    """What answers add up to; which of the last fields there is depends on the format (see ``tally.py``)."""

    item: str
    vote: Vote
    n: int
    format: str | None = None
    phones: int | None = None
    hands: int | None = None
    too_few: bool | None = None
    open: bool | None = None
    held_back: int | None = None
    counts: dict[str, int] | None = None
    levels: dict[str, list[int]] | None = None
    places: dict[str, list[int]] | None = None
    groups: dict[str, dict[str, int]] | None = None
    values: list[float] | None = None
    first: dict[str, int] | None = None
    endings: dict[str, int] | None = None


class ReasonGiven(Reply):
    """Not the answer that it was given with: one person's answer is never told."""

    id: int
    vote: Vote
    text: str
    shown: bool


class Reasons(Reply):
    reasons: list[ReasonGiven]


class Show(Request):
    shown: bool


class Seat(Request):
    item: Key
    size: Annotated[int, Field(ge=2, le=20)] = 4


class Table(Reply):
    table: int
    n: int


class Tables(Reply):
    tables: list[Table]


class Answer(Reply):
    """One answer of one phone; ``person`` is a number at random, the same in all rows of one reply."""

    person: str
    item: str
    vote: Vote
    answer: JsonValue
    reason: None
    time: str


class HandsCounted(Reply):
    item: str
    vote: Vote
    n: int
    counts: dict[str, JsonValue]


class Withheld(Reply):
    """A vote that fewer than five phones answered: how many, and not what."""

    item: str
    vote: Vote
    n: int


class Answers(Reply):
    items: dict[str, dict[str, Any]]
    answers: list[Answer]
    hands: list[HandsCounted]
    withheld: list[Withheld]


class Due(Reply):
    """What has passed its time by the date alone: it is deleted when somebody says that the date is right."""

    code: str
    what: Literal["reasons", "rest"]
    expired: str


class DueList(Reply):
    due: list[Due]


class Delete(Request):
    delete: Literal[True]


class Health(Reply):
    ok: Literal[True]


class Done(Reply):
    done: Literal[True]


# The phone.


class Nothing(Request):
    pass


class Joined(Reply):
    alias: str


class CastVote(Request):
    """``n`` rises with each change of mind, so that a late retry never overwrites a newer answer."""

    item: Key
    vote: Vote
    n: Annotated[int, Field(ge=1, le=LAST_NUMBER)]
    answer: JsonValue
    reason: Reason | None = None


class Kept(Reply):
    """The answer that the room has from this phone now; with its reason, if any, where it is another than the one sent."""

    n: int
    answer: JsonValue
    reason: str | None = None


class Yours(Reply):
    n: int
    answer: JsonValue
    reason: str | None


class Feedback(Reply):
    """``result`` is the grader's; None for who gave no answer."""

    result: dict[str, Any] | None
    reasons: str


class PhoneState(Reply):
    """All that a phone may know; ``opened`` is the highest vote on this item that was ever open, 0 for none."""

    version: int
    step: Literal["lobby", "closed"] | Step
    alias: str
    item: str | None
    html: str | None
    vote: Vote | None
    open: bool
    opened: Annotated[int, Field(ge=0, le=2)]
    seconds_left: float | None
    asks_reason: bool
    yours: dict[str, Yours | None]
    table: int | None
    feedback: Feedback | None
    shown: list[str]
    notice: str | None
