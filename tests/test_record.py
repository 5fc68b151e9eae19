"""Records: what is read and what is set aside, merging, the digest, and that the page's Python agrees."""

from __future__ import annotations

import copy
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import events as make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from page_modules import PageModules

from widgets import record
from widgets.record import RecordError, canonical, digest, export, merge, read, verify

SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=150)
NOW = "2026-11-23T20:15:00Z"
SCHEMA = Draft202012Validator(json.loads(Path(record.__file__).with_suffix(".schema.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def page() -> Iterator[PageModules]:
    """The page's interpreter."""
    with PageModules("record.py") as modules:
        yield modules


def file(*events: Any, **fields: Any) -> dict[str, Any]:
    """A file around events, whether they are any good or not; its digest is of no events."""
    whole = {"course": "where-the-line-is", "schema": 1, "exported": NOW, "name": "", "events": list(events)}
    return {**whole, "digest": digest([]), **fields}


def one_of_each() -> list[dict[str, Any]]:
    return [
        make.attempt("one/a", "2026-11-20", 0.5, answer={"a": 4, "b": [1, 2]}, certainty=2, lean=-0.25, ending="home"),
        make.reveal("one/b", "2026-11-20"),
        make.say("one/d", "2026-11-21", "I would rather not say, “here”."),
        make.dissent("one/a", "2026-11-21", "It depends."),
        make.reset("2026-11-22", "chapter", "two"),
        make.draw("2026-11-22", "b"),
    ]


# Merging.


@SEEDED
@given(make.records, make.records, make.records)
def test_the_order_of_merging_does_not_matter_and_twice_is_once(one: Any, two: Any, three: Any) -> None:
    # As canonical text, since in Python True == 1 and a record knows the difference.
    whole = canonical(merge(one, two, three))
    assert canonical(merge(three, one, two)) == whole
    assert canonical(merge(merge(one, two), three)) == canonical(merge(one, merge(two, three))) == whole
    assert canonical(merge(merge(one, two, three), two)) == whole
    assert canonical(merge(one, one)) == canonical(merge(one))


@SEEDED
@given(make.records, make.records)
def test_nothing_is_lost_and_nothing_made_up(one: Any, two: Any) -> None:
    merged = merge(one, two)
    assert sorted(event["id"] for event in merged) == sorted({event["id"] for event in one + two})
    assert all(event in one + two for event in merged)
    assert [(e["time"], e["id"]) for e in merged] == sorted((e["time"], e["id"]) for e in merged)


def test_of_two_events_with_one_id_every_device_keeps_the_same() -> None:
    early = make.attempt("one/a", "2026-11-20")
    late = {**early, "time": NOW}
    assert merge([early], [late]) == merge([late], [early]) == [early]


def test_merging_leaves_its_lists_alone() -> None:
    events = one_of_each()[::-1]
    before = copy.deepcopy(events)
    merge(events, events[:2])
    assert events == before


@pytest.mark.parametrize("order", ["sorted", "backwards", "halves", "mixed"])
def test_many_events_are_merged_in_order_whatever_order_they_come_in(order: str, page: PageModules) -> None:
    # On a sorted list MicroPython's own sort takes quadratic time.
    events = [make.reveal("one/a", f"2026-11-{1 + n // 800:02}") for n in range(8000)]
    ways = {"sorted": events, "backwards": events[::-1], "halves": events[4000:] + events[:4000]}
    mixed = sorted(events, key=lambda event: event["id"][::-1])
    shuffled = ways.get(order, mixed)
    assert merge(shuffled) == page.call("record", "merge", shuffled) == events


# Canonical text and digest.

CANONICAL = {
    "keys by code point": ({"b": 1, "a": 2, "Z": 3, "é": 4}, '{"Z":3,"a":2,"b":1,"é":4}'),
    "nothing spaced": ([1, {"a": [None, True, False]}], '[1,{"a":[null,true,false]}]'),
    "characters as they are": ("naïve 日本 😀 \u2028 \x7f /", '"naïve 日本 😀 \u2028 \x7f /"'),
    "controls, quotes and backslashes escaped": ('\x00\n\x1f"\\', '"\\u0000\\u000a\\u001f\\"\\\\"'),
    "a whole fraction is an integer": ([2.0, -0.0, 1e15, -3.0], "[2,0,1000000000000000,-3]"),
    "six decimals": ([1 / 3, 2 / 3, -0.25, 0.1 + 0.2], "[0.333333,0.666667,-0.25,0.3]"),
    "no exponent": ([1e-5, 1e-6, 4e-7, -4e-7, 5e-324], "[0.00001,0.000001,0,0,0]"),
    "what rounds up to a whole": ([0.9999996, 1.9999999, 99.9999999], "[1,2,100]"),
    "a fraction beside many digits": ([123456789012.125, -8e9 - 0.5], "[123456789012.125,-8000000000.5]"),
    "empty": ([[], {}, ""], '[[],{},""]'),
}


@pytest.mark.parametrize(("value", "text"), CANONICAL.values(), ids=CANONICAL)
def test_a_value_has_one_canonical_text_on_both_interpreters(value: Any, text: str, page: PageModules) -> None:
    assert canonical(value) == page.call("record", "canonical", value) == text
    assert canonical(json.loads(text)) == text


def _nested(levels: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.1e15, 10**400, {1: 2}, {"a": {1, 2}}, "\ud800", _nested(500)])
def test_what_a_record_cannot_hold_has_no_canonical_text(value: Any) -> None:
    with pytest.raises(RecordError, match=r"^[A-Z].+\.$"):
        canonical(value)


def test_the_digest_is_sha_256_of_the_canonical_events_by_id(page: PageModules) -> None:
    # printf '[{"id":"aaaaaaaa"},{"id":"bbbbbbbb"}]' | sha256sum
    known = "sha256:e9b4a945f27ec0f26f06f64961304b949ce1fe93144a3bd82c8ecfb0bd71e355"
    events = [{"id": "bbbbbbbb"}, {"id": "aaaaaaaa"}]
    assert digest(events) == digest(events[::-1]) == page.call("record", "digest", events) == known


@SEEDED
@given(make.records)
def test_both_interpreters_merge_digest_export_and_read_alike(page: PageModules, events: Any) -> None:
    merged = merge(events)
    assert (
        canonical(page.call("record", "merge", events)) == page.call("record", "canonical", merged) == canonical(merged)
    )
    assert page.call("record", "digest", events) == digest(events)
    exported = export(events, NOW)
    assert canonical(page.call("record", "export", events, NOW)) == canonical(exported)
    assert page.call("record", "read", exported) == [exported["events"], []]
    assert page.call("record", "verify", exported) == list(verify(exported))


# Export.


@SEEDED
@given(make.records)
def test_an_export_is_read_back_whole_fits_its_schema_and_its_digest(events: Any) -> None:
    exported = export(events, NOW, dissents="all")
    back = json.loads(json.dumps(exported))
    SCHEMA.validate(back)
    kept, set_aside = read(back)
    assert (canonical(kept), set_aside) == (canonical(merge(events)), [])
    assert verify(back)[0]
    assert canonical(export(kept, NOW, dissents="all")) == canonical(exported)


def test_an_export_says_whose_it_is_and_when_it_was_made() -> None:
    exported = export([], NOW, "Ngozi Ø.")
    assert exported == {**file(), "name": "Ngozi Ø.", "digest": digest([])}
    assert export([], NOW)["name"] == ""


def _texts(exported: dict[str, Any]) -> list[str]:
    return [event["text"] for event in exported["events"] if event["kind"] == "dissent"]


DISSENTS = {
    "ticked": ([("first", True)], ["first"]),
    "never ticked": ([("first", False)], []),
    "ticked, then no longer": ([("first", True), ("second", False)], []),
    "ticked only when rewritten": ([("first", False), ("second", True)], ["second"]),
    "ticked twice": ([("first", True), ("second", True)], ["first", "second"]),
    "withdrawn": ([("first", True), ("", True)], [""]),
    "withdrawn and unticked": ([("first", True), ("", False)], []),
    "written again after that": ([("first", True), ("", True), ("third", True)], ["first", "", "third"]),
}


@pytest.mark.parametrize(("versions", "texts"), DISSENTS.values(), ids=DISSENTS)
def test_a_dissent_goes_into_an_export_only_if_it_is_ticked(versions: Any, texts: list[str]) -> None:
    written = [
        make.dissent("one/a", f"2026-11-{day:02}", text, share_it=ticked)
        for day, (text, ticked) in enumerate(versions, 1)
    ]
    other = make.dissent("one/b", "2026-11-30", "Of another item.")
    assert _texts(export([*written[::-1], other], NOW)) == [*texts, "Of another item."]
    assert _texts(export([*written, other], NOW, dissents="all")) == [
        *(text for text, _ in versions),
        "Of another item.",
    ]


def test_sentences_are_exported_and_settings_are_not() -> None:
    spoken = make.say("one/d", "2026-11-20", "No, thank you.")
    assert export([spoken, make.event("setting", "2026-11-20", name="certainty")], NOW)["events"] == [spoken]


@pytest.mark.parametrize(
    "arguments", [("yesterday",), ("2026-11-23",), (NOW, 3), (NOW, "n" * 10_001), (NOW, "\ud800"), (NOW, "", "some")]
)
def test_an_export_is_refused_a_time_a_name_or_a_word_that_is_none(arguments: Any) -> None:
    with pytest.raises(RecordError, match=r"^[A-Z].+\.$"):
        export([], *arguments)


# Reading what others wrote.

NO_RECORDS: dict[str, tuple[Any, str]] = {
    "nothing": (None, "not a record"),
    "a list": ([], "not a record"),
    "a text": ("where-the-line-is", "not a record"),
    "no course": ({"events": []}, "not a record"),
    "no events": ({"course": "where-the-line-is", "schema": 1}, "not a record"),
    "another course": (file(course="where-the-time-goes"), "another course"),
    "a course that is no text": (file(course=["where-the-line-is"]), "another course"),
    "a newer schema": (file(schema=2), "newer version"),
    "a schema in words": (file(schema="1"), "which version"),
    "a schema of true": (file(schema=True), "which version"),
    "a schema before the first": (file(schema=0), "which version"),
    "events in a map": (file(events={"0": {}}), "not a list"),
    "no list of events": (file(events=None), "not a list"),
}


@pytest.mark.parametrize(("data", "why"), NO_RECORDS.values(), ids=NO_RECORDS)
def test_what_is_no_record_of_this_course_is_refused_in_the_same_words(data: Any, why: str, page: PageModules) -> None:
    with pytest.raises(RecordError, match=rf"^[A-Z].*{why}.*\.$") as caught:
        read(data)
    assert page.call("record", "read", data) == ("RecordError", str(caught.value))
    assert verify(data) == (False, str(caught.value))


def test_a_million_events_are_refused_before_any_is_looked_at() -> None:
    class Unread(dict):  # type: ignore[type-arg]
        def get(self, *_: Any) -> Any:
            raise AssertionError("an event was looked at")

    flood = file(events=[Unread()] * 1_000_000)
    with pytest.raises(RecordError, match="100,000"):
        read(flood)
    assert verify(flood)[0] is False


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in one_of_each()[0].items() if key != name}


def _with(**fields: Any) -> dict[str, Any]:
    return {**one_of_each()[0], **fields}


BAD_EVENTS: dict[str, tuple[Any, str]] = {
    "no event": ("attempt", "not an event"),
    "nothing": (None, "not an event"),
    "half written: no kind": (_without("kind"), "kind"),
    "a kind of later": (_with(kind="vote"), "kind"),
    "a kind that is no text": (_with(kind=["attempt"]), "kind"),
    "a setting": (make.event("setting", "2026-11-20"), "kind"),
    **{f"half written: no {name}": (_without(name), f"no {name}") for name in one_of_each()[0] if name != "kind"},
    **{
        f"{name} {value!r}"[:40]: (_with(**{name: value}), name)
        for name, values in {
            "id": ("short", "n" * 65, 12345678, "event 0001", "evènement", "event-0001\n", ""),
            "time": ("2026-11-23", "2026-11-23T20:15:00", "2026-11-23T20:15:00+", "2026-13-01T00:00:00Z", 0),
            "item": ("barbecue", "one/a/b", "/a", "one/", "One/A", "one/<b>", "one/" + "a" * 197, None, "/" * 5),
            "certainty": (0, 4, "2", True, 1.5, [1]),
            "marks": (-1, "4", None, True),
            "out_of": (-0.5, None),
            "verdict": ("right", None, ["match"]),
            "share": (-0.1, 1.1, "1", True),
            "lean": (-2, 2, "closer"),
            "ending": (3, ["home"]),
            "version": (1, None, "", "0a1b2c3", "0a1b2c3d4", "0A1B2C3D", "0a1b2c3g"),
        }.items()
        for value in values
    },
    "February the 45th": (_with(time="2026-02-45T00:00:00Z"), "time"),
    "the 25th hour": (_with(time="2026-02-05T24:00:00Z"), "time"),
    "a time in other digits": (_with(time="२०२६-11-23T20:15:00Z"), "time"),
    "a sentence without text": (make.event("say", NOW, item="one/a"), "text"),
    "a sentence that is a list": (make.event("say", NOW, item="one/a", text=["no"]), "text"),
    "a dissent ticked with a word": (make.event("dissent", NOW, item="one/a", text="", share_it="yes"), "share_it"),
    "a dissent ticked with 1": (make.event("dissent", NOW, item="one/a", text="", share_it=1), "share_it"),
    "a reset of nothing": (make.event("reset", NOW, scope="some", target=""), "scope"),
    "a reset without target": (make.event("reset", NOW, scope="all"), "target"),
    "a third form": (make.draw(NOW, "c"), "first"),
    "a text too long": (make.say("one/a", NOW, "n" * 10_001), "10,000"),
    "a text too long in an answer": (_with(answer=["n" * 10_001]), "10,000"),
    "a name too long": (_with(**{"n" * 10_001: 1}), "10,000"),
    "a number too large": (_with(answer=1.1e15), "1e15"),
    "a number far too large": (_with(answer={"a": [-(10**400)]}), "1e15"),
    "lists in lists in lists in lists": (_with(answer=[[[[1]]]]), "lists"),
    "lists without end": (_with(more=_nested(300)), "lists"),
}


@pytest.mark.parametrize(("bad", "why"), BAD_EVENTS.values(), ids=BAD_EVENTS)
def test_an_event_that_does_not_fit_is_set_aside_and_the_rest_is_kept(bad: Any, why: str, page: PageModules) -> None:
    good = one_of_each()
    kept, set_aside = read(file(*good[:3], bad, *good[3:]))
    assert kept == good
    assert [entry["event"] for entry in set_aside] == [bad]
    sentence = set_aside[0]["why"]
    assert sentence.startswith("Event 4 ")
    assert sentence.endswith(".")
    assert why in sentence
    there = page.call("record", "read", file(*good[:3], bad, *good[3:]))
    assert (there[0], [entry["why"] for entry in there[1]]) == (good, [sentence])
    if "\\n" not in str(bad):  # Python's $ also stands before a line's end, the schema's does not
        assert not SCHEMA.is_valid(file(bad))


def test_what_json_has_not_is_set_aside() -> None:
    for answer in (math.nan, math.inf, {1: 2}, {"a": {1, 2}}):
        assert len(read(file(_with(answer=answer)))[1]) == 1


def test_half_a_character_is_set_aside_on_both_interpreters(page: PageModules) -> None:
    torn = make.say("one/a", "2026-11-20", "\ud83d")
    whole = make.say("one/a", "2026-11-20", "😀 \ud7ff ퟿")
    kept, set_aside = read(file(torn, whole))
    assert (kept, len(set_aside)) == ([whole], 1)
    there = page.call("record", "read", file(torn, whole))
    assert (there[0], there[1][0]["why"]) == (kept, set_aside[0]["why"])
    assert verify(file(torn))[0] is False


def test_what_is_just_within_the_limits_is_kept() -> None:
    full = [
        _with(answer={"a": [[1e15, -1e15]]}, time="2028-02-29T23:59:59Z", id="n" * 64, item="o/" + "a" * 198),
        make.say("one/a", NOW, "n" * 10_000),
        make.event("reveal", NOW, item="1/-", id="A-b-0-12"),
    ]
    assert read(file(*full)) == (full, [])
    SCHEMA.validate(file(*full))


def test_markup_stays_the_text_that_it_is(page: PageModules) -> None:
    script = '</p><script>alert("1")</script><img src=x onerror=alert(1)>&amp;'
    events = [make.say("one/d", NOW, script), make.dissent("one/a", NOW, script)]
    exported = export(events, NOW, script)
    assert [event["text"] for event in read(exported)[0]] == [script, script]
    assert page.call("record", "read", exported)[0] == exported["events"]
    assert exported["name"] == script


def test_fields_of_a_later_version_are_kept() -> None:
    event = _with(mood={"then": "calm"})
    assert read(file(event)) == ([event], [])
    assert export([event], NOW)["events"] == [event]


def test_an_attempt_may_say_which_version_of_the_item_it_answered(page: PageModules) -> None:
    events = [_with(version="0a1b2c3d"), one_of_each()[0]]
    assert read(file(*events)) == (events, [])
    assert page.call("record", "read", file(*events)) == [events, []]
    SCHEMA.validate(file(*events))


def test_reading_leaves_the_file_alone() -> None:
    data = file(*one_of_each(), {"id": "half"})
    before = copy.deepcopy(data)
    read(data)
    verify(data)
    assert data == before


PIECES = st.sampled_from(("", "a", 0, 1, 2, 1.5, -1, None, True, [], {}, [1], "one/a", NOW, "chapter", "match", 1e16))


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """An event with a field missing, added or replaced, as often as not one that still fits."""
    event = dict(draw(make.events()))
    name = draw(st.sampled_from((*event, "kind", "extra")))
    if draw(st.booleans()):
        event.pop(name, None)
    else:
        event[name] = draw(PIECES | st.lists(PIECES, max_size=2) | st.dictionaries(make.texts, PIECES, max_size=2))
    return event


@settings(SEEDED, max_examples=600)
@given(spoilt())
def test_the_schema_and_both_interpreters_take_and_refuse_the_same_events(page: PageModules, event: Any) -> None:
    kept, set_aside = read(file(event))
    assert SCHEMA.is_valid(file(event)) == (kept == [event]) == (set_aside == [])
    assert page.call("record", "read", file(event)) == [kept, set_aside]


@pytest.mark.parametrize("fields", [{"course": "x"}, {"schema": 2}, {"schema": "1"}, {"events": None}, {"events": [3]}])
def test_a_file_that_read_refuses_does_not_fit_the_schema(fields: Any) -> None:
    SCHEMA.validate(file())
    assert not SCHEMA.is_valid(file(**fields))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA.schema)


# Verifying.


def test_the_sentence_counts_the_events_and_says_what_it_does_not_show() -> None:
    for events, counted in (
        (one_of_each(), "the 6 events were"),
        (one_of_each()[:1], "the one event was"),
        ([], "0 events"),
    ):
        fits, sentence = verify(export(events, NOW))
        assert fits
        assert counted in sentence
        assert "not altered by accident" in sentence
        assert "no proof of who answered" in sentence


@SEEDED
@given(st.data())
def test_one_changed_letter_or_digit_of_an_event_does_not_pass(data: Any) -> None:
    exported = export(one_of_each(), NOW)
    text = json.dumps(exported["events"])
    place = data.draw(st.integers(0, len(text) - 1).filter(lambda i: text[i].isalnum() and text[i - 1] != "\\"))
    other = data.draw(st.sampled_from("abcXYZ0123456789").filter(lambda letter: letter != text[place]))
    try:
        changed = json.loads(text[:place] + other + text[place + 1 :])
    except ValueError:
        return  # no longer JSON: the command says so
    if changed != exported["events"]:
        assert not verify({**exported, "events": changed})[0]


@pytest.mark.parametrize("change", ["dropped", "doubled", "added", "another digest", "no text", "without"])
def test_a_file_with_other_events_than_its_digest_does_not_pass(change: str) -> None:
    exported = export(one_of_each(), NOW)
    events = exported["events"]
    changed = {
        "dropped": {**exported, "events": events[1:]},
        "doubled": {**exported, "events": [*events, events[0]]},
        "added": {**exported, "events": [*events, make.reveal("two/a", NOW)]},
        "another digest": {**exported, "digest": digest([])},
        "no text": {**exported, "digest": None},
        "without": {key: value for key, value in exported.items() if key != "digest"},
    }[change]
    fits, sentence = verify(changed)
    assert not fits
    assert sentence.endswith(".")
    assert verify(exported)[0]


def test_order_and_spacing_of_the_file_are_no_change() -> None:
    exported = export(one_of_each(), NOW)
    shuffled = {**exported, "events": [dict(sorted(event.items(), reverse=True)) for event in exported["events"][::-1]]}
    assert verify(json.loads(json.dumps(shuffled, indent=4)))[0]


@pytest.mark.parametrize("event", [None, 3, "x", {"id": 3}, [[]], {"a": math.nan}, _nested(400), {"id": "\ud800"}])
def test_verifying_a_file_of_anything_raises_nothing(event: Any) -> None:
    assert verify(file(event))[0] is False
    assert verify(event)[0] is False


def command(path: Path) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "widgets", "verify", str(path)]
    return subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_command_says_that_a_record_is_as_it_was_exported(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(export(one_of_each(), NOW), ensure_ascii=False), encoding=encoding)
    done = command(path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The digest fits: the 6 events were")
    assert done.stdout.count("\n") == 1


FILES = {
    "altered": (lambda text: text.replace('"share": 0.5', '"share": 1'), "does not fit"),
    "half written": (lambda text: text[:-100], "only a part"),
    "empty": (lambda text: "", "not JSON"),
    "nested beyond reason": (lambda text: "[" * 100_000 + "]" * 100_000, "JSON"),
    "a number of 10,000 digits": (lambda text: "9" * 10_000, "JSON"),
    "of something else": (lambda text: "[]", "not a record"),
    "of another course": (lambda text: text.replace("the-line", "the-lime"), "another course"),
}


@pytest.mark.parametrize(("alter", "words"), FILES.values(), ids=FILES)
def test_the_command_says_in_one_sentence_what_is_wrong_with_a_file(tmp_path: Path, alter: Any, words: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(alter(json.dumps(export(one_of_each(), NOW))), encoding="utf-8")
    done = command(path)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (1, "", 1)
    assert words in done.stdout


def test_the_command_says_that_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "picture.json").write_bytes(b"\xff\xd8\xff")
    for path, words in (
        (tmp_path / "none.json", "cannot be read"),
        (tmp_path, "cannot be read"),
        (tmp_path / "picture.json", "not JSON"),
    ):
        done = command(path)
        assert (done.returncode, done.stderr, done.stdout.count("\n")) == (1, "", 1)
        assert words in done.stdout
