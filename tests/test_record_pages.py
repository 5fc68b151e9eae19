"""The reader's record, in a browser: kept, shown, taken along, and gone when it is told to go."""

from __future__ import annotations

import json
from pathlib import Path

import events as make
import pytest
from answering import answer, first, goto, vignette
from browser import Reader
from built_book import Book
from playwright.sync_api import expect

from widgets.__main__ import main
from widgets.record import export

PRACTICE, POWER, RECORD, CHECK = (f"chapters/{name}.html" for name in ("practice", "power", "record", "check"))
HOSTILE = '<img src=x onerror="document.title=1"><b>bold</b>'


@pytest.mark.parametrize("via", ["http", "file"])
@pytest.mark.parametrize("format", ["best", "rate", "rank", "path", "mark"])
def test_a_page_comes_back_as_it_was_left(open_page: Reader, book: Book, via: str, format: str) -> None:
    key = first(book, "practice", format)
    page = open_page(PRACTICE, via)
    answer(book, page, key, right=False)
    said = vignette(page, key).locator(".vignette-outcome").inner_text()
    page.reload()

    expect(vignette(page, key)).to_have_attribute("data-state", "answered")
    expect(vignette(page, key).locator(".vignette-outcome")).to_have_text(said)
    expect(vignette(page, key).locator(".vignette-reasons")).to_be_visible()


@pytest.mark.parametrize("format", ["best", "rank", "path", "estimate"])
def test_start_over_clears_one_scene_and_leaves_the_others(open_page: Reader, book: Book, format: str) -> None:
    one, other = first(book, "practice", format), first(book, "practice", "rate")
    page = open_page(PRACTICE)
    fresh = vignette(page, one).aria_snapshot()
    answer(book, page, one, right=False)
    answer(book, page, other)
    vignette(page, one).get_by_role("button", name="Start this one over").click()

    expect(vignette(page, one)).to_have_attribute("data-state", "untouched")
    expect(vignette(page, one).locator(".vignette-outcome")).to_have_text("Started over.")
    assert vignette(page, one).aria_snapshot().replace("status: Started over.", "status") == fresh
    assert page.evaluate("document.activeElement.closest('ethics-vignette')?.dataset.id") == one
    vignette(page, one).get_by_role("button", name="Show the reasons").click()
    expect(vignette(page, one).locator(".vignette-yours:visible")).to_have_count(0)
    page.reload()
    expect(vignette(page, other)).to_have_attribute("data-state", "answered")
    expect(vignette(page, one)).to_have_attribute("data-state", "revealed")


def test_an_attempt_says_which_version_of_the_scene_it_answered(open_page: Reader, book: Book) -> None:
    key = first(book, "practice", "best")
    page = open_page(PRACTICE)
    answer(book, page, key)
    events = page.evaluate("courseRecord.all()")

    assert [event["version"] for event in events] == [book.bank[key].version]
    page.evaluate(
        "event => courseRecord.merge([event])",
        {**events[0], "id": "of-another-wording", "version": "00000000", "time": "2099-01-01T00:00:00Z"},
    )
    page.reload()
    expect(vignette(page, key).locator(".vignette-outcome")).to_contain_text("has changed since you answered it")


def test_the_record_counts_first_attempts_and_calls_later_ones_practice(open_page: Reader, book: Book) -> None:
    key = first(book, "power", "best")
    page = open_page(POWER)
    answer(book, page, key, right=False)
    answer(book, page, key, right=True)
    goto(page, RECORD)

    row = page.locator('[data-slot="chapters"] tr', has_text="Power")
    expect(row.locator("td").nth(0)).to_contain_text("1 of")
    expect(row.locator("td").nth(3)).to_have_text("1")
    expect(page.locator(".report-agreement").first).to_contain_text("not competence or fitness to practise")
    expect(page.locator('[data-slot="lean"]')).to_contain_text("too few to say")


def test_a_file_takes_the_record_to_another_device_and_twice_is_once(
    open_page: Reader, book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_page(POWER)
    answer(book, page, first(book, "power", "best"))
    goto(page, RECORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    file = tmp_path / "record.json"
    download.value.save_as(file)

    other = open_page(RECORD)
    for _ in range(2):
        other.locator("input[type=file]").set_input_files(file)
        expect(other.locator(".report-done")).to_contain_text("record.json")
    expect(other.locator(".report-done")).to_contain_text("0 new entries")
    expect(other.locator('[data-slot="chapters"] tr', has_text="Power").locator("td").nth(0)).to_contain_text("1 of")
    assert main(["verify", str(file)]) == 0
    assert "no proof of" in capsys.readouterr().out.replace("\n", " ")


@pytest.mark.parametrize("text", ["{", '{"course": "another", "schema": 1, "events": []}', "[]", '"x"'])
def test_a_file_that_is_no_record_is_refused_in_words(open_page: Reader, tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(text, encoding="utf-8")
    page = open_page(RECORD)
    page.locator("input[type=file]").set_input_files(file)

    expect(page.locator(".report-done")).to_contain_text("other.json was not read")
    expect(page.locator(".report-done")).to_contain_text("Nothing here has changed")


def test_a_file_that_is_cut_off_is_read_as_far_as_it_is_whole_and_the_rest_is_handed_back(
    open_page: Reader, book: Book, tmp_path: Path
) -> None:
    events = [make.attempt(key, "2026-11-20") for key in book.bank if key.startswith("power/")][:3]
    file = tmp_path / "record.json"
    text = json.dumps(export(events, "2026-11-23T20:15:00Z"), indent=1)
    file.write_text(text[: text.index(events[2]["item"])], encoding="utf-8")
    page = open_page(RECORD)
    expect(page.locator(".report-state")).to_contain_text("0 attempts")
    with page.expect_download() as download:
        page.locator("input[type=file]").set_input_files(file)
    download.value.save_as(tmp_path / "aside.json")

    expect(page.locator(".report-done")).to_contain_text("2 new entries")
    expect(page.locator(".report-done")).to_contain_text("1 could not be read (The file is cut off or damaged here)")
    expect(page.locator(".report-state")).to_contain_text("2 attempts")
    (aside,) = json.loads((tmp_path / "aside.json").read_text(encoding="utf-8"))
    assert events[2]["id"] in aside["event"]


def test_what_a_reader_writes_is_text_everywhere(open_page: Reader, book: Book, tmp_path: Path) -> None:
    key = first(book, "power", "best")
    page = open_page(POWER)
    answer(book, page, key)
    after = vignette(page, key).locator(".vignette-after")
    after.locator("summary").click()
    expect(after).to_contain_text("Do not write about a real person")
    after.locator("textarea").fill(HOSTILE)
    after.get_by_role("button", name="Keep it").click()
    expect(after.locator('[role="status"]')).to_contain_text("Kept")
    goto(page, RECORD)

    expect(page.locator('[data-slot="dissents"]')).to_contain_text(HOSTILE)
    assert page.locator('[data-slot="dissents"] img, [data-slot="dissents"] b').count() == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    download.value.save_as(tmp_path / "record.json")
    kinds = {event["kind"] for event in json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))["events"]}
    assert kinds == {"attempt"}, "a dissent goes into a file only if it is ticked"


def test_certainty_is_asked_only_when_switched_on_and_only_where_it_fits(open_page: Reader, book: Book) -> None:
    fits = [
        k for k, v in book.bank.items() if v.entry.format in ("best", "estimate") and v.item and v.chapter == "power"
    ]
    page = open_page(POWER)
    expect(page.locator(".vignette-certainty:visible")).to_have_count(0)
    goto(page, RECORD)
    page.locator('[data-do="certainty"]').check()
    goto(page, POWER)

    asked = page.locator("ethics-vignette:has(.vignette-certainty)")
    expect(asked.first.locator(".vignette-certainty")).to_be_visible()
    for key in asked.evaluate_all("all => all.map(e => e.dataset.id)"):
        entry = book.bank[key].entry
        assert key in fits
        assert entry.format != "say"
        assert entry.basis in ("rule", "law", "evidence")
    one = next(k for k in fits if book.bank[k].entry.basis in ("rule", "law", "evidence"))  # type: ignore[union-attr]
    vignette(page, one).locator('input[name="certainty"][value="3"]').check()
    answer(book, page, one)
    expect(vignette(page, one).locator(".vignette-outcome")).to_contain_text("With certainty 3: 3 won")


def test_the_check_draws_one_form_first_and_remembers_which(open_page: Reader, book: Book) -> None:
    page = open_page(CHECK)
    expect(page.locator(".report-state")).to_contain_text("0 of 10 answered")
    shown = page.locator("ethics-vignette:visible").evaluate_all("all => all.map(e => e.dataset.id.slice(0, 7))")
    assert len(shown) == 10
    assert len(set(shown)) == 1
    page.reload()
    expect(page.locator(".report-state")).to_contain_text("0 of 10 answered")

    again = page.locator("ethics-vignette:visible").evaluate_all("all => all.map(e => e.dataset.id.slice(0, 7))")
    assert again == shown


def test_a_reader_practises_under_a_code_and_its_standards_come_first(open_page: Reader, book: Book) -> None:
    page = open_page(POWER)
    page.locator('[data-do="body"]').select_option("nasw")
    goto(page, POWER)

    expect(page.locator('[data-do="body"]')).to_have_value("nasw")
    lists = page.locator(".vignette-standards:has([data-body=nasw])")
    assert lists.count() > 0
    for one in lists.all():
        expect(one.locator("li").first).to_have_attribute("data-body", "nasw")
    rows = page.locator("main tbody tr[data-first]")
    expect(rows.first).to_contain_text("National Association of Social Workers")
