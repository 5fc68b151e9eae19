"""The reader's record, in a browser: kept, shown, taken along, and gone when it is told to go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from answering import other_answer, with_mouse
from browser import Reader
from built_book import Book
from playwright.sync_api import Locator, Page, expect

from widgets.__main__ import main
from widgets.grading import course_answer

PRACTICE, POWER, RECORD, CHECK = (f"chapters/{name}.html" for name in ("practice", "power", "record", "check"))
HOSTILE = '<img src=x onerror="document.title=1"><b>bold</b>'


def vignette(page: Page, key: str) -> Locator:
    return page.locator(f'ethics-vignette[data-id="{key}"]')


def first(book: Book, chapter: str, format: str) -> str:
    return next(k for k, v in book.bank.items() if v.chapter == chapter and v.entry.format == format and v.item)


def answer(book: Book, page: Page, key: str, right: bool = True) -> None:
    item = book.bank[key].item
    assert item is not None
    with_mouse(vignette(page, key), item, course_answer(item) if right else other_answer(item))
    expect(vignette(page, key)).to_have_attribute("data-state", "answered")


def goto(page: Page, path: str) -> None:
    page.goto(page.url.rpartition("/chapters/")[0] + "/" + path)


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


def test_start_over_clears_one_scene_and_leaves_the_others(open_page: Reader, book: Book) -> None:
    one, other = first(book, "practice", "best"), first(book, "practice", "rate")
    page = open_page(PRACTICE)
    answer(book, page, one)
    answer(book, page, other)
    with page.expect_navigation():
        vignette(page, one).get_by_role("button", name="Start this one over").click()

    expect(vignette(page, other)).to_have_attribute("data-state", "answered")
    expect(vignette(page, one)).to_have_attribute("data-state", "untouched")


def test_two_tabs_see_each_other(open_page: Reader, book: Book) -> None:
    key = first(book, "practice", "best")
    page = open_page(PRACTICE)
    other = page.context.new_page()
    other.goto(page.url)
    answer(book, page, key)

    expect(vignette(other, key)).to_have_attribute("data-state", "answered")


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


def test_forget_this_device_erases_everything_and_says_so(open_page: Reader, book: Book) -> None:
    key = first(book, "practice", "best")
    page = open_page(PRACTICE)
    answer(book, page, key)
    goto(page, RECORD)
    button = page.locator('[data-do="forget"]')
    button.click()
    expect(button).to_contain_text("press again")
    button.click()
    expect(page.locator(".report-forget [role=status]")).to_contain_text("keeps nothing")
    goto(page, PRACTICE)
    page.wait_for_function("courseRecord.ready")

    expect(vignette(page, key)).to_have_attribute("data-state", "untouched")
    assert page.evaluate("courseRecord.all().length + localStorage.length") == 0


def test_without_storage_the_course_works_and_says_that_it_will_not_remember(open_page: Reader, book: Book) -> None:
    blocked = (
        "Object.defineProperty(self, 'indexedDB', {get() { throw new DOMException('blocked', 'SecurityError'); }})"
    )
    page = open_page(PRACTICE, before=blocked)
    answer(book, page, first(book, "practice", "best"))

    expect(page.locator(".record-notice")).to_contain_text("keeps nothing")
    expect(page.locator(".record-notice a")).to_have_attribute("href", "record.html")


def test_a_theme_button_works_where_local_storage_throws(open_page: Reader) -> None:
    blocked = "Object.defineProperty(self, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    page = open_page(PRACTICE, before=blocked)
    page.locator('[data-do="theme"]').click()

    expect(page.locator("html")).to_have_attribute("data-theme", "light")


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
