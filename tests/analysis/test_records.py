"""Students' records from files that anybody may have written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import events as make
import pytest

from widgets import record
from widgets.analysis import records
from widgets.analysis.records import LARGEST
from widgets.bank import load_bank
from widgets.grading import course_answer

NOW = "2026-11-23T20:15:00Z"
BANK = load_bank()
ITEM, OTHER = "boundaries/barbecue-intake", "boundaries/barbecue-client"
CHECK = [key for key in BANK if key.startswith("check/")]


def right(item: str) -> Any:
    return course_answer(BANK[item].item or {})


def other(item: str) -> str:
    return str(min((BANK[item].item or {})["options"], key=lambda option: option["marks"])["id"])


def attempt(item: str, time: str, answer: Any = None, **more: Any) -> dict[str, Any]:
    return make.attempt(item, time, answer=right(item) if answer is None else answer, **more)


def write(path: Path, *events: dict[str, Any], **changed: Any) -> Path:
    path.write_text(json.dumps({**record.export(list(events), NOW, dissents="all"), **changed}), encoding="utf-8")
    return path


def read(folder: Path) -> Any:
    return records(str(folder / "*.json"))


def test_first_answers_count_and_later_ones_are_practice(tmp_path: Path) -> None:
    write(
        tmp_path / "a.json",
        attempt(ITEM, "2026-11-20", other(ITEM)),
        attempt(ITEM, "2026-11-21"),
        attempt(OTHER, "2026-11-20"),
    )
    write(tmp_path / "b.json", attempt(ITEM, "2026-11-22"))
    results = read(tmp_path).results()
    assert results.people == 2
    assert sorted(results.answers.loc[results.answers["item"] == ITEM, "verdict"]) == ["apart", "match"]
    assert results.remarks == ("1 later answer was practice and not counted.",)
    assert set(results.answers["source"]) == {"record"}


def test_an_answer_after_its_reasons_were_shown_is_not_a_first_answer(tmp_path: Path) -> None:
    write(
        tmp_path / "a.json", make.reveal(ITEM, "2026-11-19"), attempt(ITEM, "2026-11-20"), attempt(OTHER, "2026-11-20")
    )
    assert list(read(tmp_path).results().answers["item"]) == [OTHER]


def test_what_the_record_says_of_the_marks_is_not_believed(tmp_path: Path) -> None:
    write(tmp_path / "a.json", attempt(ITEM, "2026-11-20", other(ITEM), share=1, marks=4, verdict="match"))
    assert set(read(tmp_path).results().answers["verdict"]) == {"apart"}


def test_a_version_in_the_record_is_kept(tmp_path: Path) -> None:
    write(
        tmp_path / "a.json",
        attempt(ITEM, "2026-11-20", version="00000000"),
        attempt(OTHER, "2026-11-20", version=BANK[OTHER].version),
    )
    assert read(tmp_path).results().answers.set_index("item")["older"].astype(bool).to_dict() == {
        ITEM: True,
        OTHER: False,
    }


def test_the_check_is_before_and_after_by_the_form_that_was_drawn(tmp_path: Path) -> None:
    write(
        tmp_path / "a.json",
        make.draw("2026-11-01", "b"),
        *(attempt(key, "2026-11-20") for key in CHECK if right(key) is not None),
    )
    answers = read(tmp_path).results().answers
    assert set(answers["source"]) == {"check"}
    assert set(answers.loc[answers["form"] == "b", "vote"]) == {1}
    assert set(answers.loc[answers["form"] == "a", "vote"]) == {2}


def test_without_a_draw_the_check_says_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.json", attempt(CHECK[0], "2026-11-20"), attempt(ITEM, "2026-11-20"))
    assert list(read(tmp_path).results().answers["item"]) == [ITEM]


def test_two_files_of_one_person_are_one_person_and_a_copy_counts_once(tmp_path: Path) -> None:
    shared = attempt(ITEM, "2026-11-20")
    write(tmp_path / "phone.json", shared, attempt(OTHER, "2026-11-21"))
    write(tmp_path / "laptop.json", shared)
    write(tmp_path / "laptop (1).json", shared)
    found = read(tmp_path)
    assert (found.files, len(found.people), found.results().people) == (3, 1, 1)
    assert len(found.results().answers) == 2
    assert repr(found) == "Records: 1 people from 3 files"


def test_a_person_has_a_number_that_stays_and_names_nobody(tmp_path: Path) -> None:
    write(tmp_path / "Ngozi.json", attempt(ITEM, "2026-11-20"), name="Ngozi")
    one, other = (read(tmp_path).results() for _ in range(2))
    assert list(one.answers["person"]) == list(other.answers["person"])
    assert "ngozi" not in " ".join(map(str, one.answers.to_numpy().ravel())).lower()


def test_practice_with_ferns_and_items_that_are_gone(tmp_path: Path) -> None:
    write(
        tmp_path / "a.json",
        attempt("practice/neighbours-plants", "2026-11-20"),
        make.attempt("gone/for-good", "2026-11-20"),
    )
    found = read(tmp_path).results()
    assert len(found.answers) == 0
    assert found.set_aside["n"].to_list() == [1]


def test_the_latest_dissent_is_read_if_it_was_ticked_and_stands(tmp_path: Path) -> None:
    html = "<img src=x onerror=alert(1)> =1+1"
    write(
        tmp_path / "a.json",
        make.dissent(ITEM, "2026-11-20", "first"),
        make.dissent(ITEM, "2026-11-21", html),
        make.dissent(OTHER, "2026-11-20", "kept to myself", share_it=False),
        make.dissent("boundaries/gym-count", "2026-11-20", "said"),
        make.dissent("boundaries/gym-count", "2026-11-21", ""),
    )
    assert read(tmp_path).results().dissents.to_dict("records") == [{"item": ITEM, "text": html}]


# Files from strangers.


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_000)  # sparse: 50 MB that take no room


def _flood(path: Path) -> None:
    path.write_text('{"course":"where-the-line-is","schema":1,"events":[' + "{}," * 999_999 + "{}]}", encoding="utf-8")


def _fifo(path: Path) -> None:
    os.mkfifo(path)


STRANGERS: dict[str, tuple[Any, str]] = {
    "50 MB": (_large, "50 MB"),
    "a million attempts": (_flood, "100,000 events"),
    "a pipe that never ends": (_fifo, "no file"),
    "a folder": (lambda path: path.mkdir(), "no file"),
    "a link to nothing": (lambda path: path.symlink_to(path.with_name("nothing")), "no file"),
    "an empty file": (lambda path: path.write_text(""), "not JSON"),
    "half a file": (lambda path: path.write_text('{"course": "where-the-line-is", "ev'), "not JSON"),
    "another coding": (lambda path: path.write_bytes(b"\xff\xfe{\x00}\x00"), "not JSON"),
    "lists without end": (lambda path: path.write_text("[" * 200_000), "not JSON"),
    "a number without end": (lambda path: path.write_text("1" * 10_000), "not JSON"),
    "a spreadsheet's text": (lambda path: path.write_text("=1+1,2"), "not JSON"),
    "a list": (lambda path: path.write_text("[]"), "not a record"),
    "another course": (lambda path: write(path, course="where-the-time-goes"), "another course"),
    "a newer schema": (lambda path: write(path, schema=2), "newer version"),
    "events that are no list": (lambda path: write(path, events={}), "not a list"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_strangers_file_is_set_aside_by_name_with_the_reason_and_the_others_are_read(
    name: str, tmp_path: Path
) -> None:
    make_it, why = STRANGERS[name]
    write(tmp_path / "a.json", attempt(ITEM, "2026-11-20"))
    make_it(tmp_path / "b.json")
    write(tmp_path / "c.json", attempt(ITEM, "2026-11-21"))
    found = read(tmp_path)
    ((file, sentence),) = found.set_aside
    assert file == "b.json"
    assert why in sentence
    assert sentence.endswith(".")
    results = found.results()
    assert results.people == 2
    assert results.remarks == (f"b.json: {sentence}",)


def test_the_largest_file_is_far_more_than_a_record() -> None:
    events = [
        attempt(key, f"2026-11-{day:02}")
        for key in BANK
        if BANK[key].item and right(key) is not None
        for day in range(1, 20)
    ]
    assert len(json.dumps(record.export(events, NOW))) * 10 < LARGEST


def test_events_that_do_not_fit_are_left_out_and_said(tmp_path: Path) -> None:
    whole = record.export([attempt(ITEM, "2026-11-20")], NOW)
    whole["events"] += [{"kind": "attempt"}, None]
    (tmp_path / "a.json").write_text(json.dumps(whole), encoding="utf-8")
    found = read(tmp_path)
    assert found.set_aside == []
    assert [name for name, _ in found.remarks] == ["a.json", "a.json"]
    assert "Event 2" in found.remarks[0][1]
    assert "1 more" in found.remarks[0][1]
    assert "digest" in found.remarks[1][1]
    assert found.results().people == 1


def test_no_file_at_all_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="exported records"):
        read(tmp_path)
