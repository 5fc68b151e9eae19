"""Grades a second in CPython, over the practice chapter's items with the course's answers to them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from widgets.grading import course_answer, grade

from .setting import Setting
from .table import Row, Unmeasured, spread

A_SECOND = 50_000
CALLS = 100_000  # a round; about a second


def nothing(item: object, answer: object) -> None:
    """What a call costs by itself."""


def calls_a_second(
    call: Callable[[dict[str, object], object], object], mix: list[tuple[dict[str, object], object]]
) -> float:
    """How often ``call`` runs in a second, over the mix again and again."""
    rounds = CALLS // len(mix)
    start = time.perf_counter()
    for _ in range(rounds):
        for item, answer in mix:
            call(item, answer)
    return rounds * len(mix) / (time.perf_counter() - start)


def measure(setting: Setting) -> list[Row]:
    items = [v.item for v in setting.bank.values() if v.chapter == "practice" and v.item is not None]
    mix = [(item, answer) for item in items if (answer := course_answer(item)) is not None]
    if not mix:
        raise Unmeasured("chapters/practice.yml has no item that is graded.")
    for item, answer in mix:
        if grade(item, answer)["share"] != 1:
            raise Unmeasured(f"The course's answer to {item} is not graded as a match.")
    grades = [calls_a_second(grade, mix) for _ in range(setting.runs)]
    empty = [calls_a_second(nothing, mix) for _ in range(setting.runs)]
    return [
        Row(
            f"grades a second in CPython, {len({i['format'] for i, _ in mix})} formats in turn",
            spread(grades),
            f"at least {A_SECOND:,}",
            statistics.median(grades) >= A_SECOND,
        ),
        Row("calls a second of a function that does nothing", spread(empty)),
    ]
