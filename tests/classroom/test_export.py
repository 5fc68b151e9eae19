import csv
import io

import pytest

from widgets.classroom.export import harmless, reasons_csv

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_as_a_formula(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["He said = and +.", "", "'quoted", "1+1"])
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("text", ['a, "b"\nand = c', "hello;=1+1", "hello\n=1+1;x", "a\t=1+1", '";=1+1', "plain"])
def test_a_reason_with_everything_in_it_is_one_cell_wherever_a_spreadsheet_splits(text, delimiter):
    file = reasons_csv([{"vote": 1, "text": text, "shown": False}, {"vote": 2, "text": "=x", "shown": True}])
    rows = list(csv.reader(io.StringIO(file, newline=""), delimiter=delimiter))
    assert len(rows) == 3
    assert (rows[1][0] if delimiter == "," else rows[1][0][: len(text)]) == text
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip(' "').startswith(("=", "+", "-", "@"))]
    if delimiter == ",":
        assert rows == [["text", "vote", "shown"], [text, "1", "no"], ["'=x", "2", "yes"]]
