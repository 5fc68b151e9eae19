"""What the page's reports know of the items: enough to count, nothing that gives an answer away."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from widgets.bank import COURSE, load_bank
from widgets.report import REPORTS, chapter_title, describe, items_script, report_html


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_its_place(name: str) -> None:
    html = report_html(name)
    HTMLParser().feed(html)

    assert f'data-report="{name}"' in html


def test_an_unknown_report_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="record, forget, lean, check, plan"):
        report_html("marks")


def test_the_items_come_without_keys_marks_or_reasons() -> None:
    bank = load_bank()
    script = items_script(bank, COURSE, "{}.html")
    data = json.loads(re.sub(r"^<script[^>]*>|</script>$", "", script))

    assert {item["id"] for item in data} == {key for key in bank if not key.startswith("practice/")}
    for item in data:
        assert not {"options", "marks", "key", "why", "debrief"} & set(item)
        assert item["href"] == f"{item['chapter']}.html#{item['id'].replace('/', '--')}"


def test_a_twin_is_named_with_its_chapter() -> None:
    bank = load_bank()
    twins = [describe(v, "", "")["twin"] for v in bank.values()]

    assert any(twins)
    assert all(twin is None or twin in bank for twin in twins)


def test_a_chapter_is_called_by_its_heading_up_to_the_colon() -> None:
    assert chapter_title(COURSE, "power") == "Power"
    assert chapter_title(COURSE, "none-yet") == "none-yet"
