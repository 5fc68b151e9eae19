"""YAML with its lines, and what is no YAML."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from widgets.bank.lines import Lines, YamlFault, read_yaml


def read(tmp_path: Path, text: str | bytes) -> Lines:
    path = tmp_path / "x.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path)


def test_every_key_and_entry_knows_its_line(tmp_path: Path) -> None:
    lines = read(
        tmp_path,
        "# a comment\n- id: a\n  scene: |\n    one\n\n    two\n  options:\n    - {id: x,\n       key: 1}\n\n- b\n",
    )
    assert lines.data == [{"id": "a", "scene": "one\n\ntwo\n", "options": [{"id": "x", "key": 1}]}, "b"]
    places = [(0,), (0, "scene"), (0, "options"), (0, "options", 0), (0, "options", 0, "key"), (1,)]
    assert [lines.at(loc) for loc in places] == [2, 3, 7, 8, 9, 11]


def test_what_the_file_lacks_has_the_line_of_what_holds_it(tmp_path: Path) -> None:
    lines = read(tmp_path, "\n- id: a\n  options:\n    - id: x\n")
    assert lines.at((0, "options", 0, "why")) == 4
    assert lines.at((0, "options", 7, "why")) == 3
    assert lines.at((0, "debrief")) == 2
    assert lines.at(()) == lines.at((9,)) == 1


def test_data_is_plain(tmp_path: Path) -> None:
    lines = read(
        tmp_path, "- [1, 0x10, 2.5, true, null, text, 'q', 2026-11-01, !ours x]\n- &a {b: *a}\n- {<<: {c: 1}, d: 2}\n"
    )
    day = datetime.date(2026, 11, 1)
    assert lines.data == [[1, 16, 2.5, True, None, "text", "q", day, "x"], {"b": None}, {"c": 1, "d": 2}]
    assert [type(value) for value in lines.data[0]][:8] == [int, int, float, bool, type(None), str, str, datetime.date]


def test_windows_files_are_read_too(tmp_path: Path) -> None:
    lines = read(tmp_path, b"\xef\xbb\xbf- id: a\r\n  scene: |\r\n    one\r\n    two\r\n")
    assert lines.data == [{"id": "a", "scene": "one\ntwo\n"}]
    assert lines.at((0, "scene")) == 2


NOT_YAML = {
    "a colon too many": ("- a: 1\n  b: c: 2\n", 2, "mapping values"),
    "a bracket left open": ("- a: [1, 2\n  b: 3\n", 2, "expected"),
    "a quotation mark left open, up to the end": ('- a: 1\n- b: "c\n\n\n', 2, "end of stream"),
    "a tab": ("- a: 1\n\tb: 2\n", 2, "indented with a tab; use spaces"),
    "a tab behind spaces": ("- a: 1\n  \tb: 2\n", 2, "indented with a tab; use spaces"),
    "a key given twice": ("- a: 1\n  b:\n    c: 3\n  b: 4\n", 4, 'found duplicate key "b"'),
    "an alias of nothing": ("- a: 1\n- b: *c\n", 2, "undefined alias"),
    "a second document": ("- a: 1\n---\n- b: 2\n", 2, "another document"),
    "a control character": ("- a: 1\n- b: \x07\n", 2, "unacceptable character"),
    "a 13th month": ("- a: 1\n- b: 2026-13-01\n", 2, "month must be in 1..12"),
    "a number of 5,000 digits": (f"- a: 1\n- b: {'9' * 5000}\n", 2, "cannot be read"),
    "a list of groups as a key": ("?\n- a: 1\n", 1, "unhashable"),
    "no truth value": ("- a: 1\n- b: !!bool maybe\n", 2, "cannot be read"),
    "a byte that is not UTF-8": (b"- a: 1\n- b: caf\xe9\n", 2, "not UTF-8"),
    "UTF-16": ("- a: 1\n".encode("utf-16"), 1, "not UTF-8"),
    "brackets within brackets without end": ("[" * 1_000, 1, "recursion"),
}


@pytest.mark.parametrize(("text", "line", "message"), NOT_YAML.values(), ids=NOT_YAML)
def test_what_is_no_yaml_is_one_short_fault_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, message: str
) -> None:
    with pytest.raises(YamlFault) as caught:
        read(tmp_path, text)
    assert caught.value.line == line
    assert message in caught.value.message
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 240


def test_a_duplicate_key_does_not_quote_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(YamlFault) as caught:
        read(tmp_path, "- a: {long: text}\n  a:\n    - |\n      one\n      two\n")
    assert caught.value.message == 'not valid YAML: found duplicate key "a"'


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(YamlFault, match="cannot be read"):
        read_yaml(tmp_path / "none.yml")
