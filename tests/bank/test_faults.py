"""What fields mean to one another."""

from __future__ import annotations

from typing import Any

import pytest
from sample_course import Course

from widgets.bank import faults as checks

# What is replaced, by what (the § is where the fault must stand), vignette, field, message.
FAULTS: dict[str, tuple[str, str, str, str, str]] = {
    "a vignette id used twice": ("- id: rating", "- §id: party", "party", "id", "used twice"),
    "an option id used twice": ("- id: assess", "- §id: name-the-role", "party", "options.1.id", "used twice"),
    "a span id used twice": (
        "- {id: weather, text: it rained,",
        "- {id: weather, text: x, why: y, keyed: true}\n    - {§id: weather, text: it rained,",
        "marking",
        "spans.3.id",
        "used twice",
    ),
    "a category id used twice": (
        "- {id: theirs, text: Theirs}",
        "- {id: theirs, text: Theirs}\n    - {§id: mine, text: Ours}",
        "sorting",
        "categories.2.id",
        "used twice",
    ),
    "an option id used twice in a step": (
        "- {id: wait, text",
        "- {§id: open, text",
        "walking",
        "steps.door.options.1.id",
        "used twice",
    ),
    "an option without marks": ("      marks: 4\n", "", "party", "options.0.marks", "`marks` is missing"),
    "all-zero marks": (
        "options:\n    - id: name-the-role\n      text: I can be your neighbour.\n      marks: 4",
        "§options:\n    - id: name-the-role\n      text: I can be your neighbour.\n      marks: 0",
        "party",
        "options",
        "0 marks",
    ),
    "all-zero marks in a step": (
        "options:\n        - {id: listen, text: Listen., why: It helps., marks: 3",
        "§options:\n        - {id: listen, text: Listen., why: It helps., marks: 0",
        "walking",
        "steps.hall.options",
        "0 marks",
    ),
    "a choose larger than what is keyed": (
        "choose: 2",
        "§choose: 3",
        "two-steps",
        "choose",
        "only 2 of the options are keyed",
    ),
    "an option that is keyed neither way": (
        "why: You cannot., keyed: false",
        "why: You cannot.",
        "two-steps",
        "options.2.keyed",
        "missing",
    ),
    "levels across the middle": ("key: [3, 4]", "§key: [2, 3]", "rating", "options.1.key", "both sides of the middle"),
    "a level named twice": ("key: [3, 4]", "§key: [3, 3]", "rating", "options.1.key", "twice"),
    "a key and a panel": ("key: [3, 4]", "§key: [3, 4], panel: [0, 0, 1, 1]", "rating", "options.1.key", "either"),
    "neither key nor panel": ("key: [3, 4], ", "", "rating", "options.1.key", "either"),
    "a panel without votes": ("panel: [9, 1, 0, 0]", "§panel: [0, 0, 0, 0]", "rating", "options.2.panel", "no votes"),
    "a panel of nine": ("panel: [9, 1, 0, 0]", "§panel: [9, 0, 0, 0]", "rating", "options.2.panel", "9 votes"),
    "more votes than people": (
        "panel: [9, 1, 0, 0]",
        "§panel: [9, 3, 0, 0]",
        "rating",
        "options.2.panel",
        "12 votes of 11",
    ),
    "keys that tie in a rank": ("a start., key: 2", "a start., §key: 1", "ranking", "options.1.key", "given twice"),
    "a place beyond the last": (
        "Two roles., key: 3",
        "Two roles., §key: 4",
        "ranking",
        "options.2.key",
        "place 4 of 3",
    ),
    "an option without place": ("Two roles., key: 3", "Two roles.", "ranking", "options.2.key", "missing"),
    "an unknown category": ("key: mine", "§key: ours", "sorting", "options.0.key", "no category 'ours'"),
    "an unknown category among two": (
        "key: [mine, theirs]",
        "§key: [mine, ours]",
        "sorting",
        "options.1.key",
        "no category 'ours'",
    ),
    "a span that is keyed no way": (
        "one mayor., keyed: null",
        "one mayor.",
        "marking",
        "spans.1.keyed",
        "true, false, or null",
    ),
    "a passage without its span": ("and {weather}", "and rain", "marking", "spans.2.id", "must hold {weather} once"),
    "a passage with its span twice": (
        "and {weather}",
        "and {weather} and {weather}",
        "marking",
        "spans.2.id",
        "must hold {weather} once",
    ),
    "a passage with a span that is not there": (
        "passage: |\n    Today",
        "§passage: |\n    {day}",
        "marking",
        "passage",
        "no span 'day'",
    ),
    "a full tolerance wider than the half one": ("full: 2", "§full: 11", "estimating", "full", "wider"),
    "a key outside the likely numbers": ("key: 25", "§key: 125", "estimating", "key", "outside least..most (0 to 100)"),
    "a start that is no step": ("start: door", "§start: window", "walking", "start", "no step 'window'"),
    "a dangling next": (
        "next: hall",
        "§next: attic",
        "walking",
        "steps.door.options.0.next",
        "no step or ending 'attic'",
    ),
    "an unreachable step": ("next: hall", "next: friends", "walking", "steps.hall", "no choice leads to this step"),
    "an unreachable ending": (
        "next: friends",
        "next: alone",
        "walking",
        "endings.friends",
        "no choice leads to this ending",
    ),
    "an endless path": ("stance: 2, next: alone", "stance: 2, next: hall", "walking", "steps.hall", "never end"),
    "a step that is an ending too": (
        "    friends:\n",
        "    §door:\n      kind: bad\n      text: It is shut.\n    friends:\n",
        "walking",
        "endings.door",
        "rename one",
    ),
    "an unknown body": ('cite: "code-p:1.1"', '§cite: "code-x:1.1"', "party", "standards.0.cite", "no body 'code-x'"),
    "an unknown standard": (
        'cite: "code-p:1.1"',
        '§cite: "code-p:9.9"',
        "party",
        "standards.0.cite",
        "lists no 9.9 under code-p",
    ),
    "a first standard of another profession": (
        'cite: "code-p:1.1"',
        '§cite: "code-s:7"',
        "party",
        "standards.0.cite",
        "covers a psychologist",
    ),
    "an unknown source": (
        "[smith2001friends]",
        "\n    - smith2001friends\n    - §lee1999",
        "party",
        "sources.1",
        "no entry 'lee1999'",
    ),
    "an unknown twin": ("twin: ranking", "§twin: nobody", "party", "twin", "no vignette 'sample/nobody'"),
    "an unknown twin elsewhere": (
        "twin: other/far-twin",
        "§twin: else/far-twin",
        "two-steps",
        "twin",
        "no vignette 'else/far-twin'",
    ),
    "a vignette that is its own twin": ("twin: ranking", "§twin: party", "party", "twin", "its own twin"),
    "a crisis without a note": (
        "crisis: true\n  note: Somebody may be in danger.",
        "§crisis: true",
        "two-steps",
        "crisis",
        "content note",
    ),
    "a crisis to be guessed at": (
        "unit: percent",
        "unit: percent\n  note: Hard.\n  §crisis: true",
        "estimating",
        "crisis",
        "no matter for an estimate",
    ),
}


@pytest.mark.parametrize(("old", "new", "id", "field", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_between_fields_is_one_line_with_file_line_vignette_and_field(
    course: Course, old: str, new: str, id: str, field: str, message: str
) -> None:
    line = course.change(old, new) or line_at(course, new or old.strip(), field)
    found = course.faults()
    assert len(found) == 1
    where, _, what = found[0].partition(f": sample/{id}: {field}: ")
    assert where == f"chapters/sample.yml:{line}"
    assert message in what


# Where the fault is not on the line that was changed: the option, span or step that it names.
ELSEWHERE = {
    "options.0.marks": "- id: name-the-role",
    "options.2.keyed": "- {id: promise",
    "options.1.key": "- {id: keep",
    "options.2.key": "- {id: treat, text: Treat her.",
    "spans.1.keyed": "- {id: client-job",
    "spans.2.id": "- {id: weather",
    "steps.hall": "    hall:",
    "endings.friends": "    friends:",
}


def line_at(course: Course, new: str, field: str) -> int:
    return course.read().partition(ELSEWHERE[field])[0].count("\n") + 1


def test_a_longer_circle_is_named_at_each_of_its_steps(course: Course) -> None:
    course.change("stance: 2, next: alone", "stance: 2, next: door")
    found = course.faults()
    assert [fault.split(": ")[2] for fault in found] == ["steps.door", "steps.hall"]
    assert all("never end" in fault for fault in found)


def test_the_twin_in_a_chapter_that_could_not_be_read_is_not_missed(course: Course) -> None:
    course.write("- id: [", "chapters/other.yml")
    found = course.faults()
    assert len(found) == 1
    assert found[0].startswith("chapters/other.yml:1: not valid YAML")


WRONG: list[Any] = [
    None,
    True,
    7,
    2.5,
    "text",
    [],
    [None],
    ["a"],
    {},
    {"a": None},
    [[1]],
    [{"id": []}],
    {"id": {}},
    {1: 2},
]
FIELDS = ("options", "spans", "categories", "steps", "endings", "start", "standards", "sources", "choose", "passage")
FIELDS += ("key", "full", "half", "least", "most", "twin", "crisis", "note", "basis", "profession", "id")


@pytest.mark.parametrize(
    "format", ["best", "pick", "rate", "rank", "sort", "mark", "estimate", "path", "say", None, []]
)
def test_the_checks_look_before_they_leap(format: Any) -> None:
    within = ("id", "marks", "keyed", "key", "panel", "next", "options", "cite")
    for field in FIELDS:
        for wrong in (*WRONG, *([{inner: value}] for inner in within for value in WRONG)):
            for value in (wrong, {"a": wrong}):
                entry = {"format": format, "start": "a", "spans": [{"id": "s"}], "passage": "{s}", field: value}
                found = [
                    *checks.entry_faults(entry),
                    *checks.citation_faults(entry, {"a": None}, {"b"}),
                    *checks.twin_faults(entry, "chapter", {"chapter": {"x"}}),
                    *checks.repeated_ids([entry, entry], (), "vignette"),
                ]
                assert all(isinstance(loc, tuple) and isinstance(message, str) for loc, message in found)


def test_a_panels_counts_and_their_source_go_together(course: Course) -> None:
    source = "  panel_from: {who: nurses of two towns, people: 11, when: 2026-03-01, qualification: five years in the work}\n"
    line = course.read().partition(source)[0].count("\n") + 1
    course.change("panel: [9, 1, 0, 0]", "key: 1")
    assert course.faults() == [f"chapters/sample.yml:{line}: sample/rating: panel_from: no option has a `panel`"]
    course.change(source, "")
    assert course.faults() == []
    course.change("why: It was for you., key: 1", "why: It was for you., panel: [9, 1, 0, 0]")
    (found,) = course.faults()
    assert "sample/rating: panel_from: is missing: who was the panel?" in found
