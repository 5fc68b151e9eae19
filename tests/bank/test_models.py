"""What each field may be, format by format."""

from __future__ import annotations

import re

import pytest
from sample_course import Course

from widgets.bank import load_bank
from widgets.bank.models import FORMATS

# What is replaced, by what (the § is where the fault must stand), vignette, field, message.
FAULTS: dict[str, tuple[str, str, str, str, str]] = {
    "an unknown key": (
        "  setting: club\n",
        "  setting: club\n  §colour: red\n",
        "any-of-these",
        "colour",
        "no such field",
    ),
    "an unknown key of an option": (
        "      stance: 0",
        "      stance: 0\n      §mark: 4",
        "party",
        "options.0.mark",
        "no such field",
    ),
    "a missing field": ("  debrief: Listening is not treatment.\n", "", "party", "debrief", "missing"),
    "a missing field of an option": (
        "- id: name-the-role\n      text: I can be your neighbour.",
        "- §id: name-the-role",
        "party",
        "options.0.text",
        "missing",
    ),
    "a number as text": ("marks: 4", '§marks: "4"', "party", "options.0.marks", "integer"),
    "text as a number": ("setting: neighbourhood", "§setting: 12", "party", "setting", "put a number in quotes"),
    "a number as yes": ("marks: 4", "§marks: true", "party", "options.0.marks", "integer"),
    "marks of a half": ("marks: 4", "§marks: 2.5", "party", "options.0.marks", "integer"),
    "marks beyond 4": ("marks: 4", "§marks: 5", "party", "options.0.marks", "less than or equal to 4"),
    "a stance beyond 2": ("stance: 2", "§stance: 3", "party", "options.1.stance", "less than or equal to 2"),
    "a level beyond 4": (
        "It is polite., key: 4",
        "It is polite., §key: 5",
        "rating",
        "options.0.key",
        "less than or equal to 4",
    ),
    "a second level of 0": ("key: [3, 4]", "§key: [3, 0]", "rating", "options.1.key.1", "greater than or equal to 1"),
    "no level at all": ("key: [3, 4]", "§key: []", "rating", "options.1.key", "at least 1"),
    "a panel of three": ("panel: [9, 1, 0, 0]", "§panel: [9, 1, 0]", "rating", "options.2.panel", "at least 4"),
    "a panel of too few people": (
        "people: 11",
        "§people: 9",
        "rating",
        "panel_from.people",
        "greater than or equal to 10",
    ),
    "a panel asked at no date": ("when: 2026-03-01", "§when: spring", "rating", "panel_from.when", "date"),
    "a panel without qualification": (
        "people: 11, when: 2026-03-01, qualification: five years in the work",
        "§people: 11, when: 2026-03-01",
        "rating",
        "panel_from.qualification",
        "missing",
    ),
    "a choice of none": ("choose: 2", "§choose: 0", "two-steps", "choose", "a number from 1, or any"),
    "a choice of some": ("choose: any", "§choose: some", "any-of-these", "choose", "a number from 1, or any"),
    "a choice as text": ("choose: 2", '§choose: "2"', "two-steps", "choose", "a number from 1, or any"),
    "an infinite key": ("key: 25\n", "§key: 1.0e16\n  most: 1.0e17\n", "estimating", "key", "less than or equal to"),
    "a tolerance below 0": ("full: 2", "§full: -1", "estimating", "full", "greater than or equal to 0"),
    "an unknown zone": ("zone: B", "§zone: D", "party", "zone", "'A', 'B' or 'C'"),
    "an unknown profession": ("profession: trainee", "§profession: plumber", "two-steps", "profession", "'trainee'"),
    "an unknown relation": ("relation: by analogy", "§relation: like", "party", "standards.1.relation", "'by analogy'"),
    "an unknown kind of ending": ("kind: bad", "§kind: ugly", "walking", "endings.alone.kind", "'bad'"),
    "an id in capitals": ("- id: assess", "- §id: Assess", "party", "options.1.id", "lower-case"),
    "a citation without number": ("cite: code-s:7", "§cite: code-s", "party", "standards.1.cite", "not allowed"),
    "a blank scene": ("scene: What people told you.", '§scene: " "', "sorting", "scene", "not blank"),
    "an empty scene": ("scene: What people told you.", "§scene:", "sorting", "scene", "must be text"),
    "one option alone": (
        "    - {id: leave, text: Leave., why: No reason to., keyed: false}\n",
        "",
        "any-of-these",
        "options",
        "at least 2",
    ),
    "an option that is a word": (
        "- {id: leave, text: Leave., why: No reason to., keyed: false}",
        "- §leave",
        "any-of-these",
        "options.1",
        "a group of fields",
    ),
    "a step named in capitals": ("    door:\n", "    §Door:\n", "walking", "steps.Door", "lower-case"),
    "an ending without words": (
        "    alone:\n      kind: bad\n      text: You are alone.\n",
        "    §alone:\n",
        "walking",
        "endings.alone",
        "a group of fields",
    ),
    "two model lines": ("    - {tone: warm, text: I am glad you told me.}\n", "", "saying", "models", "at least 3"),
    "marks in a prompt": (
        "  debrief: Many sentences do.",
        "  debrief: Many sentences do.\n  §basis: rule",
        "saying",
        "basis",
        "no such field",
    ),
    "an unknown format": (
        "format: rank",
        "§format: order",
        "ranking",
        "format",
        "best, pick, rate, rank, sort, mark, estimate, path, say",
    ),
}


@pytest.mark.parametrize(("old", "new", "id", "field", "message"), FAULTS.values(), ids=FAULTS)
def test_a_field_that_is_not_what_it_may_be_is_one_fault_at_its_line(
    course: Course, old: str, new: str, id: str, field: str, message: str
) -> None:
    line = course.change(old, new)
    found = [fault for fault in course.faults() if "no step" not in fault]  # a renamed step is missed elsewhere
    assert len(found) == 1
    where, _, what = found[0].partition(f": sample/{id}: {field}: ")
    assert where == f"chapters/sample.yml:{line or line_of(course, id, field)}"
    assert message in what


def line_of(course: Course, id: str, field: str) -> int:
    """The line of a field, or of its vignette if it is gone."""
    lines = course.read().split("\n")
    start = lines.index(f"- id: {id}")
    length = next((n for n, line in enumerate(lines[start:]) if not line), len(lines))
    return next((n for n in range(start, start + length) if lines[n].startswith(f"  {field}:")), start) + 1


def test_an_entry_without_an_id_is_called_by_its_place(course: Course) -> None:
    line = course.change("- id: rating", "- §id: 7")
    assert course.faults() == [f"chapters/sample.yml:{line}: entry 4: id: must be text; put a number in quotes"]


def test_an_entry_that_is_no_group_of_fields_is_a_fault(course: Course) -> None:
    line = course.change("- id: saying", "- §hello\n- id: saying")
    assert course.faults() == [
        f"chapters/sample.yml:{line}: entry 10: an entry is a group of fields that begins with `- id:`"
    ]


@pytest.mark.parametrize(
    ("old", "new", "body", "field", "message"),
    [
        ("binds: [social worker]", "§binds: [plumber]", "code-s", "binds.0", "'social worker'"),
        ("checked: 2026-11-01", "§checked: lately", "code-p", "checked", "valid date"),
        ('number: "1.2"', "§number: 1.2", "code-p", "standards.1.number", "put a number in quotes"),
        ('- number: "1.2"', '- §number: "1.1"', "code-p", "standards.1.number", "listed twice"),
        ("verified: title only", "verified: official text", "code-p", "standards.1.paraphrase", "title only"),
        ("- id: code-s", "- §id: code-p", "code-p", "id", "used twice"),
    ],
)
def test_a_code_of_ethics_is_checked_too(
    course: Course, old: str, new: str, body: str, field: str, message: str
) -> None:
    line = course.change(old, new, "chapters/standards.yml") or 15
    first = next(fault for fault in course.faults() if "standards.yml:" in fault)
    assert first.startswith(f"chapters/standards.yml:{line}: standards/{body}: {field}: ")
    assert message in first


def test_a_code_that_could_not_be_read_is_not_held_against_those_who_cite_it(course: Course) -> None:
    course.change("checked: 2026-11-01", "checked: lately", "chapters/standards.yml")
    assert len(course.faults()) == 1
    course.change("binds: [psychologist, trainee]", "binds: [psychologist", "chapters/standards.yml")
    assert len(course.faults()) == 1


def test_an_open_item_goes_without_keys(course: Course) -> None:
    text = re.sub(r"basis: \w+", "basis: open", course.read())
    text = re.sub(r"^      marks: \d\n|(?<=\.), (marks|key|keyed|panel): (\[.*?\]|\w+)", "", text, flags=re.MULTILINE)
    assert text.count("marks:") + text.count("keyed:") + text.count("panel:") == 0
    course.write(text)
    assert course.faults() == []
    assert not any(vignette.item["scored"] for vignette in load_bank(course.root).values() if vignette.item)


def test_the_sample_has_every_format(course: Course) -> None:
    assert {vignette.entry.format for vignette in load_bank(course.root).values()} == set(FORMATS)
