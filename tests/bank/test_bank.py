"""The bank as a whole: what it holds, what it says when something is wrong, and that no file can break it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random

import pytest
from sample_course import Course

from widgets.bank import COURSE, BankError, Fault, find_faults, load_bank, read_bank, to_item
from widgets.bank.models import FORMATS
from widgets.grading import course_answer, grade

# A valid course.


def test_a_bank_maps_chapter_and_id_to_vignettes_in_the_files_order(course: Course) -> None:
    bank = load_bank(course.root)
    assert list(bank)[:3] == ["other/far-twin", "sample/party", "sample/two-steps"]
    assert len(bank) == 11
    assert "sample/party" in bank
    assert "sample/nobody" not in bank
    assert bank["sample/party"].chapter == "sample"
    assert bank["sample/party"].entry.ask == "What do you say?"


def test_a_bank_finds_the_standard_that_a_vignette_cites(course: Course) -> None:
    body, standard = load_bank(course.root).standard("code-p:1.2")
    assert (body.short, standard.title, standard.paraphrase) == ("Psychologists", "Gifts", None)


def test_an_unknown_key_names_the_nearest_ids(course: Course) -> None:
    bank = load_bank(course.root)
    with pytest.raises(KeyError, match=r"no vignette 'sample/partie'.*nearest are: sample/party"):
        bank["sample/partie"]
    with pytest.raises(KeyError, match="There are 11 in chapters"):
        bank["?"]
    assert bank.get("sample/partie") is None


ITEMS = {
    "sample/party": {
        "format": "best",
        "options": [{"id": "name-the-role", "marks": 4, "stance": 0}, {"id": "assess", "marks": 0, "stance": 2}],
    },
    "sample/any-of-these": {
        "format": "pick",
        "choose": "any",
        "options": [{"id": "stay", "keyed": True}, {"id": "leave", "keyed": False}],
    },
    "sample/rating": {
        "format": "rate",
        "options": [
            {"id": "thank", "key": 4},
            {"id": "keep", "key": [3, 4], "stance": 1},
            {"id": "sell", "panel": [9, 1, 0, 0]},
        ],
    },
    "sample/ranking": {
        "format": "rank",
        "options": [{"id": "refer", "key": 1}, {"id": "talk", "key": 2}, {"id": "treat", "key": 3}],
    },
    "sample/sorting": {
        "format": "sort",
        "categories": ["mine", "theirs"],
        "options": [{"id": "own-news", "key": "mine"}, {"id": "shared", "key": ["mine", "theirs"]}],
    },
    "sample/marking": {
        "format": "mark",
        "spans": [
            {"id": "client-town", "keyed": True},
            {"id": "client-job", "keyed": None},
            {"id": "weather", "keyed": False},
        ],
    },
    "sample/estimating": {"format": "estimate", "key": 25, "full": 2, "half": 10.5},
    "sample/saying": None,
    "other/far-twin": {
        "format": "best",
        "scored": False,
        "options": [{"id": "wave", "stance": 0}, {"id": "hide", "stance": -2}],
    },
}


@pytest.mark.parametrize(("key", "item"), ITEMS.items())
def test_an_item_is_ids_and_keys_without_words(course: Course, key: str, item: object) -> None:
    vignette = load_bank(course.root)[key]
    assert vignette.item == to_item(vignette.entry) == item


def test_a_path_is_its_steps_and_endings(course: Course) -> None:
    item = load_bank(course.root)["sample/walking"].item
    assert item is not None
    assert (item["start"], list(item["steps"])) == ("door", ["door", "hall"])
    assert item["steps"]["hall"]["options"][1] == {"id": "treat", "marks": 0, "stance": 2, "next": "alone"}
    assert item["endings"] == {"friends": "You are still friends.", "alone": "You are alone."}


def test_the_grader_takes_an_item_of_every_format(course: Course) -> None:
    graded = set()
    for vignette in load_bank(course.root).values():
        if vignette.item and vignette.entry.format != "say":
            answer = course_answer(vignette.item) or vignette.item["options"][0]["id"]
            result = grade(vignette.item, answer)
            assert (result["share"], result["verdict"]) in ((1, "match"), (None, "open"))
            graded.add(vignette.entry.format)
    assert graded == FORMATS.keys() - {"say"}


def test_a_bank_is_read_again_when_a_file_has_changed(course: Course) -> None:
    first = load_bank(course.root)
    assert load_bank(str(course.root)) is first
    course.change("ask: What do you say?", "ask: And now?")
    path = course.root / "chapters/sample.yml"
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000))
    assert load_bank(course.root)["sample/party"].entry.ask == "And now?"
    (course.root / "chapters/other.yml").unlink()
    with pytest.raises(BankError, match="no vignette 'other/far-twin'"):
        load_bank(course.root)


def test_the_environment_may_name_the_course(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(course.root))
    assert "sample/party" in load_bank()


# Faults.


def test_a_valid_course_has_no_faults(course: Course) -> None:
    assert course.faults() == []


def test_faults_in_one_file_all_come_out_in_one_run_in_its_order(course: Course) -> None:
    lines = [
        course.change("zone: B", "§zone: D"),
        course.change("- id: assess", "- §id: name-the-role"),
        course.change("[smith2001friends]", "§[lee1999]"),
        course.change("choose: 2", "§choose: 3"),
        course.change("key: [3, 4]", "§key: [2, 3]"),
        course.change("key: mine", "§key: ours"),
        course.change("next: hall", "§next: attic"),
    ]
    course.change("country: Nowhere", "nation: Nowhere", "chapters/standards.yml")
    course.change("ask: What do you do?", "§ask: 7", "chapters/other.yml")
    found = find_faults(course.root)
    assert [(fault.file, fault.line) for fault in found] == [
        ("chapters/other.yml", 9),
        *(("chapters/sample.yml", line) for line in lines),
        ("chapters/standards.yml", 1),
        ("chapters/standards.yml", 4),
    ]


def test_load_bank_raises_one_error_that_lists_every_fault(course: Course) -> None:
    course.change("zone: B", "zone: D")
    course.change("choose: 2", "choose: 3")
    with pytest.raises(BankError) as caught:
        load_bank(course.root)
    assert caught.value.faults == find_faults(course.root)
    assert str(caught.value).splitlines() == course.faults()
    assert len(caught.value.faults) == 2


def test_what_is_sound_can_be_read_beside_what_is_not(course: Course) -> None:
    course.change("zone: B", "zone: D")
    bank, found = read_bank(course.root)
    assert len(found) == 1
    assert "sample/party" not in bank
    assert "sample/ranking" in bank


def test_a_fault_reads_as_file_line_vignette_field_and_message() -> None:
    whole = Fault("chapters/power.yml", 41, "power/gift", "options.2.why", "this field is missing")
    assert str(whole) == "chapters/power.yml:41: power/gift: options.2.why: this field is missing"
    assert str(Fault("chapters/power.yml", 1, "", "", "the file is empty")) == "chapters/power.yml:1: the file is empty"


FILES = {
    "an empty file": ("", 1, "the file is empty"),
    "a file of comments": ("# nothing yet\n", 1, "the file is empty"),
    "an empty list": ("[]\n", 1, "the file is empty"),
    "a file that is not a list": ("id: party\nformat: best\n", 1, "the file is no list"),
    "a file that is a sentence": ("A neighbour asks.\n", 1, "the file is no list"),
    "not UTF-8": (b"- id: party\n  setting: caf\xe9\n", 2, "not UTF-8"),
    "bad YAML": ("- id: party\n  zone: B: C\n", 2, "not valid YAML"),
    "a tab": ("- id: party\n\tzone: B\n", 2, "indented with a tab"),
    "a duplicate mapping key": ("- id: party\n  zone: B\n  zone: C\n", 3, 'found duplicate key "zone"'),
}


@pytest.mark.parametrize(("content", "line", "message"), FILES.values(), ids=FILES)
@pytest.mark.parametrize("file", ["chapters/extra.yml", "chapters/standards.yml"])
def test_a_file_that_cannot_be_used_is_one_fault(
    course: Course, file: str, content: str | bytes, line: int, message: str
) -> None:
    (course.root / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    found = course.faults()
    assert len(found) == 1
    assert found[0].startswith(f"{file}:{line}: ")
    assert message in found[0]


def test_a_course_without_a_bank_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "references.bib").touch()
    assert [fault.file for fault in find_faults(tmp_path)] == ["chapters", "chapters/standards.yml"]


# The course itself, as it is and broken at random.

BOOKS = sorted((COURSE / "chapters").glob("*.yml"))
NOISE = (
    *"\t \n:-[]{}#&*!|>'\"%@`,?09~é\x00\x07",
    "- ",
    ": ",
    "{a",
    "<<: ",
    "&a ",
    "*a",
    "!!bool ",
    "2026-13-01",
    ".nan",
    "1e999",
    "---\n",
)


def entries(path: Path) -> list[str]:
    return [
        entry for entry in re.split(r"^(?=- )", path.read_text(encoding="utf-8"), flags=re.MULTILINE) if entry.strip()
    ]


def broken(text: str, random: Random) -> str:
    """A copy with one to three lines deleted, doubled, swapped, moved in or out, or with other characters in them."""
    lines = text.split("\n")
    for _ in range(random.randint(1, 3)):
        here, there = random.randrange(len(lines)), random.randrange(len(lines))
        line = lines[here]
        place = random.randint(0, len(line))
        what = random.randrange(6)
        if what == 0 and len(lines) > 1:
            del lines[here]
        elif what == 1:
            lines.insert(there, line)
        elif what == 2:
            lines[here], lines[there] = lines[there], line
        elif what == 3:
            lines[here] = random.choice(("  ", "\t", "- ")) + line
        elif what == 4:
            lines[here] = line[:place] + random.choice(NOISE) + line[place + random.randint(0, 2) :]
        else:
            head, colon, _ = line.partition(": ")
            lines[here] = (
                head + colon + random.choice(("", "7", "text", "[]", "{}", "[a, 1]", "true", "null", "-1", "{a: [b]}"))
            )
    return "\n".join(lines)


def test_the_courses_own_bank_has_no_faults() -> None:
    assert [str(fault) for fault in find_faults(COURSE)] == []


def test_the_grader_takes_every_item_of_the_courses_own_bank() -> None:
    for key, vignette in load_bank(COURSE).items():
        if vignette.item and vignette.item.get("scored", True):
            assert grade(vignette.item, course_answer(vignette.item))["share"] == 1, key


def test_there_is_a_bank_to_break() -> None:
    assert any(path.name != "standards.yml" for path in BOOKS)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_no_broken_copy_of_a_file_is_more_than_a_list_of_faults(course: Course, path: Path) -> None:
    """300 copies over all files, each of an entry or two, so that one takes a moment to read."""
    random = Random(path.stem)
    whole = entries(path)
    faulty = 0
    for _ in range(300 // len(BOOKS) + 1):
        text = broken("".join(random.sample(whole, random.randint(1, min(2, len(whole))))), random)
        course.write(text, f"chapters/{path.name}")
        bank, found = read_bank(course.root)
        faulty += bool(found)
        assert found or len(bank)
        for fault in found:
            assert fault.message.strip(), text
            assert fault.line >= 1, text
            if fault.file == f"chapters/{path.name}":
                assert fault.line <= max(1, len(text.split("\n"))), text
            else:
                assert (course.root / fault.file).exists(), text
    assert faulty > 10
