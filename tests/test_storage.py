"""Where the record is kept, and where it cannot be: two tabs, blocked storage, storage that fills up, a device that forgets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from answering import answer, first, goto, vignette
from browser import Reader
from built_book import Book
from playwright.sync_api import Page, expect

PRACTICE, POWER, RECORD, WELCOME = (f"chapters/{name}.html" for name in ("practice", "power", "record", "welcome"))
BLOCKED = "Object.defineProperty(self, 'indexedDB', {get() { throw new DOMException('blocked', 'SecurityError'); }})"
NO_LOCAL = "Object.defineProperty(self, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
# What a browser does when there is no room left, from the moment that a test says so.
FULL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...all) {
  if (self.storageIsFull) throw new DOMException('no room', 'QuotaExceededError');
  return put.apply(this, all);
};
"""


def save(page: Page, to: Path) -> set[str]:
    """Press the button under the notice; the items of the attempts in the file."""
    with page.expect_download() as download:
        page.locator(".record-notice").get_by_role("button", name="Save them to a file").click()
    download.value.save_as(to)
    return {e["item"] for e in json.loads(to.read_text(encoding="utf-8"))["events"] if e["kind"] == "attempt"}


@pytest.mark.parametrize("via", ["http", "file"])
def test_two_tabs_see_each_other(open_page: Reader, book: Book, via: str) -> None:
    one, two = first(book, "practice", "best"), first(book, "practice", "estimate")
    page = open_page(PRACTICE, via)
    other = page.context.new_page()
    other.goto(page.url)
    answer(book, page, one)
    answer(book, other, two)

    expect(vignette(other, one)).to_have_attribute("data-state", "answered")
    expect(vignette(page, two)).to_have_attribute("data-state", "answered")


@pytest.mark.parametrize("where", [RECORD, WELCOME])
def test_forget_this_device_erases_everything_and_says_so(open_page: Reader, book: Book, where: str) -> None:
    key = first(book, "practice", "best")
    page = open_page(PRACTICE)
    answer(book, page, key)
    page.locator('[data-do="body"]').select_option("nasw")
    goto(page, where)
    button = page.locator('[data-do="forget"]')
    button.click()
    expect(button).to_contain_text("press again")
    button.click()
    expect(page.locator(".report-forget [role=status]")).to_contain_text("keeps nothing")
    goto(page, PRACTICE)
    page.wait_for_function("courseRecord.ready")

    expect(vignette(page, key)).to_have_attribute("data-state", "untouched")
    assert page.evaluate("courseRecord.all().length + localStorage.length") == 0


@pytest.mark.parametrize("blocked", [BLOCKED, BLOCKED + ";" + NO_LOCAL], ids=["IndexedDB", "all of it"])
def test_without_storage_the_course_works_says_that_it_will_not_remember_and_hands_over_a_file(
    open_page: Reader, book: Book, tmp_path: Path, blocked: str
) -> None:
    one, two = first(book, "practice", "best"), first(book, "practice", "estimate")
    page = open_page(PRACTICE, before=blocked)
    expect(page.locator(".record-notice")).to_contain_text("keeps nothing")
    expect(page.locator(".record-notice button")).to_be_hidden()
    answer(book, page, one)
    answer(book, page, two)

    assert page.locator(".record-notice").evaluate("e => e.previousElementSibling.dataset.id") == two
    assert save(page, tmp_path / "record.json") == {one, two}
    # Starting over takes nothing else away, as a new load of the page would.
    vignette(page, one).get_by_role("button", name="Start this one over").click()
    expect(vignette(page, one)).to_have_attribute("data-state", "untouched")
    expect(vignette(page, two)).to_have_attribute("data-state", "answered")


def test_leaving_a_page_that_cannot_keep_its_answers_asks_first(open_page: Reader, book: Book, tmp_path: Path) -> None:
    page = open_page(PRACTICE, before=BLOCKED)
    answer(book, page, first(book, "practice", "best"))
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    save(page, tmp_path / "record.json")
    with page.expect_event("close"):
        page.close(run_before_unload=True)


def test_storage_that_fills_up_keeps_what_it_has_and_loses_nothing_of_the_rest(
    open_page: Reader, book: Book, tmp_path: Path
) -> None:
    one, two, three = (first(book, "practice", format) for format in ("best", "estimate", "rate"))
    page = open_page(PRACTICE, before=FULL)
    answer(book, page, one)
    expect(page.locator(".record-notice")).to_have_text("Save them to a file")  # hidden, and no words beside it
    page.evaluate("self.storageIsFull = true")
    answer(book, page, two)

    notice = page.locator(".record-notice")
    expect(notice).to_contain_text("storage is full")
    assert save(page, tmp_path / "record.json") == {one, two}
    page.reload()
    expect(vignette(page, one)).to_have_attribute("data-state", "answered")
    expect(vignette(page, two)).to_have_attribute("data-state", "untouched")
    goto(page, RECORD)
    page.locator("input[type=file]").set_input_files(tmp_path / "record.json")
    expect(page.locator(".report-done")).to_contain_text("1 new entries")
    goto(page, PRACTICE)
    expect(vignette(page, two)).to_have_attribute("data-state", "answered")
    # And where there is room again, what had no place is kept with the next answer.
    page.evaluate("self.storageIsFull = true")
    answer(book, page, three)
    expect(notice).to_contain_text("storage is full")
    page.evaluate("self.storageIsFull = false")
    answer(book, page, one, right=False)
    expect(notice.get_by_role("status")).to_be_empty()
    page.reload()
    expect(vignette(page, three)).to_have_attribute("data-state", "answered")


def test_storage_that_is_full_can_be_told_to_forget(open_page: Reader, book: Book) -> None:
    page = open_page(PRACTICE, before=FULL)
    answer(book, page, first(book, "practice", "best"))
    page.evaluate("self.storageIsFull = true")
    answer(book, page, first(book, "practice", "estimate"))
    expect(page.locator(".record-notice")).to_contain_text("storage is full")
    page.evaluate("courseRecord.forget()")
    page.reload()
    page.wait_for_function("courseRecord.ready")

    assert page.evaluate("courseRecord.all().length") == 0


def test_five_answers_that_no_file_holds_are_told_of_and_saved_from_where_they_are(
    open_page: Reader, book: Book, tmp_path: Path
) -> None:
    page = open_page(PRACTICE)
    keys = [first(book, "practice", format) for format in ("best", "estimate", "rate", "pick", "sort")]
    for key in keys[:4]:
        answer(book, page, key)
    expect(page.locator(".record-notice").get_by_role("status")).to_be_empty()
    answer(book, page, keys[4])

    expect(page.locator(".record-notice")).to_contain_text("Five answers or more are in no file yet")
    expect(page.locator(".record-notice")).to_contain_text("seven days")
    assert page.locator(".record-notice").evaluate("e => e.previousElementSibling.dataset.id") == keys[4]
    assert save(page, tmp_path / "record.json") == set(keys)
    expect(page.locator(".record-notice")).to_contain_text("Saved: 5 entries")


def test_a_theme_button_works_where_local_storage_throws(open_page: Reader) -> None:
    page = open_page(PRACTICE, before=NO_LOCAL)
    page.locator('[data-do="theme"]').click()

    expect(page.locator("html")).to_have_attribute("data-theme", "light")
