"""A record file that is cut off or damaged: what is whole in it is kept, the rest is set aside, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import events as make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_modules import PageModules

from widgets import record
from widgets.__main__ import main
from widgets.record import RecordError, canonical, export, read, verify

SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=150)
NOW = "2026-11-23T20:15:00Z"
EVENTS = [
    make.attempt("one/a", "2026-11-20", 0.5, answer={"a": 4, "b": [1, 2]}, certainty=2, lean=-0.25, ending="home"),
    make.say("one/d", "2026-11-21", "I would rather not say, “here”."),
    make.dissent("one/a", "2026-11-21", "It depends."),
    make.reset("2026-11-22", "chapter", "two"),
]
few = st.lists(make.events(), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def page() -> Iterator[PageModules]:
    """The page's interpreter."""
    with PageModules("record.py") as modules:
        yield modules


WRITERS: dict[str, Callable[[Any], str]] = {
    "as the page": lambda data: json.dumps(data, ensure_ascii=False, indent=1),
    "as Python": json.dumps,
    "on one line": lambda data: json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    "events first": lambda data: json.dumps(dict(sorted(data.items(), reverse=True)), ensure_ascii=False),
}


def salvage(text: str) -> tuple[list[Any], list[Any]]:
    """What is read of a text; nothing of one that is refused."""
    try:
        return read(text)
    except RecordError:
        return [], []


@SEEDED
@given(few, st.sampled_from(sorted(WRITERS)), st.data())
def test_a_file_that_is_cut_off_anywhere_keeps_every_event_before_the_cut(events: Any, writer: str, data: Any) -> None:
    exported = export(events, NOW, "Ngozi Ø.", dissents="all")
    text = WRITERS[writer](exported)
    ends, at = [], text.index("[")
    for _ in exported["events"]:
        at = text.index("{", at)
        _, at = json.JSONDecoder().raw_decode(text, at)
        ends.append(at)
    cut = data.draw(st.integers(0, len(text)))
    whole = [event for event, end in zip(exported["events"], ends, strict=True) if end <= cut]
    kept, set_aside = salvage(text[:cut])
    assert canonical(kept) == canonical(whole)
    # And the piece of the next one is there as it stood.
    pieces = "".join(entry["event"] for entry in set_aside)
    assert pieces == (text[max(ends[len(whole) - 1], 0) : cut].strip(" \n,") if whole and cut < ends[-1] else "")


@SEEDED
@given(few, st.sampled_from(sorted(WRITERS)), st.data())
def test_a_letter_lost_anywhere_costs_at_most_the_event_it_was_in(events: Any, writer: str, data: Any) -> None:
    exported = export(events, NOW, dissents="all")
    text = WRITERS[writer](exported)
    place = data.draw(st.integers(text.index("["), text.rindex("]")))
    damaged = text[:place] + text[place + 1 :]
    try:
        json.loads(damaged)
        return  # still a file; the digest tells
    except ValueError:
        kept, set_aside = salvage(damaged)
    before = {canonical(event) for event in exported["events"]}
    lost = before - {canonical(event) for event in kept}
    assert len(lost) <= 1
    if kept and lost:
        assert set_aside, "what could not be read is set aside"


@pytest.mark.parametrize("writer", WRITERS)
def test_the_pages_python_reads_the_same_of_a_file_that_is_cut_off(writer: str, page: PageModules) -> None:
    text = WRITERS[writer](export([*EVENTS, make.say("one/d", NOW, 'a "q" \\ {"id"} é')], NOW))
    for cut in range(0, len(text), 23):
        there = page.call("record", "read", text[:cut])
        assert there in (list(salvage(text[:cut])), ("RecordError", record.NO_RECORD))


def test_a_damaged_file_of_another_course_or_of_a_newer_one_is_refused_as_a_whole_one_is() -> None:
    for fields, why in (({"course": "where-the-time-goes"}, "another course"), ({"schema": 2}, "newer version")):
        text = json.dumps({**export(EVENTS, NOW), **fields})
        with pytest.raises(RecordError, match=why):
            read(text[:-100])


@pytest.mark.parametrize(
    "text", ["{" * 20_000, '{"a":' * 20_000, "[{" + "{}," * 20_000, '{"a":"' * 20_000, '"' * 20_001]
)
def test_a_text_of_brackets_and_quotes_alone_is_no_record(text: str) -> None:
    with pytest.raises(RecordError):
        read(text)


# The command line.


def test_the_command_writes_what_is_whole_and_what_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged, rescued = tmp_path / "record.json", tmp_path / "rescued.json"
    text = json.dumps(export(EVENTS, NOW, dissents="all"))
    damaged.write_text(text[: text.index('"reset"')], encoding="utf-8")

    assert main(["verify", str(damaged)]) == 1
    assert "3 entries in it are whole" in capsys.readouterr().out
    assert main(["verify", str(damaged), "--rescue", str(rescued)]) == 1
    assert "nothing is lost" in capsys.readouterr().out
    whole = json.loads(rescued.read_text(encoding="utf-8"))
    assert read(whole) == (EVENTS[:3], [])
    assert verify(whole)[0]
    (aside,) = json.loads((tmp_path / "rescued.set-aside.json").read_text(encoding="utf-8"))
    assert EVENTS[3]["id"] in aside["event"]


def test_the_command_rescues_what_fits_of_a_file_that_is_json(tmp_path: Path) -> None:
    odd, rescued = tmp_path / "record.json", tmp_path / "rescued.json"
    odd.write_text(json.dumps({**export(EVENTS, NOW), "events": [*EVENTS, {"id": "half"}]}), encoding="utf-8")

    assert main(["verify", str(odd), "--rescue", str(rescued)]) == 1
    assert json.loads(rescued.read_text(encoding="utf-8"))["events"] == EVENTS
    assert json.loads((tmp_path / "rescued.set-aside.json").read_text(encoding="utf-8"))[0]["event"] == {"id": "half"}


@pytest.mark.parametrize("there", ["rescued.json", "rescued.set-aside.json"])
def test_the_command_writes_over_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], there: str) -> None:
    damaged = tmp_path / "record.json"
    damaged.write_text(json.dumps(export(EVENTS, NOW))[:-100], encoding="utf-8")
    (tmp_path / there).write_text("mine", encoding="utf-8")

    assert main(["verify", str(damaged), "--rescue", str(tmp_path / "rescued.json")]) == 1
    assert "is there already" in capsys.readouterr().out
    assert {file.name for file in tmp_path.iterdir()} == {"record.json", there}
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


def test_the_command_says_that_nothing_can_be_rescued(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "record.json").write_bytes(b"\xff\xd8\xff")

    assert main(["verify", str(tmp_path / "record.json"), "--rescue", str(tmp_path / "rescued.json")]) == 1
    assert "not a record" in capsys.readouterr().out
    assert not (tmp_path / "rescued.json").exists()
