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


def test_a_reason_with_everything_in_it_is_one_cell():
    text = 'a, "b"\nand = c'
    file = reasons_csv([{"vote": 1, "text": text, "shown": False}, {"vote": 2, "text": "=x", "shown": True}])
    rows = list(csv.reader(io.StringIO(file)))
    assert rows == [["vote", "text", "shown"], ["1", text, "no"], ["2", "'=x", "yes"]]
