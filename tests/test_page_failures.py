"""What a vignette does when something is left out or missing: it says so in words and keeps what was entered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from answering import check, control, place, with_mouse
from browser import Reader
from built_book import Book
from playwright.sync_api import Locator, Page, Route, expect

from widgets.bank import Vignette
from widgets.grading import course_answer, grade

PRACTICE = "chapters/practice.html"
VIAS = ("http", "file")


def practice(book: Book) -> dict[str, Vignette]:
    """The practice page's vignettes by their format."""
    return {v.entry.format: v for v in book.bank.values() if v.chapter == "practice"}


def vignette_of(page: Page, key: str) -> Locator:
    return page.locator(f'ethics-vignette[data-id="{key}"]')


# An answer that is not complete. Each function fills in a part; it returns the field that the message is about,
# and what it entered.

Partly = Callable[[Locator, dict[str, Any]], tuple[Locator, Locator | None]]


def _nothing_chosen(vignette: Locator, item: dict[str, Any]) -> tuple[Locator, Locator | None]:
    options = item["options"] if "options" in item else item["steps"][item["start"]]["options"]
    return control(vignette, options[0]["id"]), None


def _one_too_few(vignette: Locator, item: dict[str, Any]) -> tuple[Locator, Locator | None]:
    first, other, *_ = item["options"]
    control(vignette, other["id"]).check()
    return control(vignette, first["id"]), control(vignette, other["id"])


def _one_not_rated(vignette: Locator, item: dict[str, Any]) -> tuple[Locator, Locator | None]:
    *rated, left = item["options"]
    for option in rated:
        control(vignette, "2", option["id"]).check()
    return control(vignette, "1", left["id"]), control(vignette, "2", rated[0]["id"])


def _one_not_placed(vignette: Locator, item: dict[str, Any]) -> tuple[Locator, Locator | None]:
    left, *placed = item["options"]
    for rank, option in enumerate(placed, start=1):
        place(vignette, option["id"]).locator("select").select_option(
            index=min(rank, len(item.get("categories", placed)))
        )
    return place(vignette, left["id"]).locator("select"), place(vignette, placed[0]["id"]).locator("option:checked")


def _nothing_typed(vignette: Locator, _item: dict[str, Any]) -> tuple[Locator, Locator | None]:
    return vignette.locator("form [name=answer]"), None


INCOMPLETE: dict[str, tuple[Partly, str]] = {
    "best": (_nothing_chosen, "Choose one of these first."),
    "pick": (_one_too_few, "Choose 2; you have chosen 1."),
    "rate": (_one_not_rated, "Rate this one too."),
    "rank": (_one_not_placed, "Give this one a place."),
    "sort": (_one_not_placed, "Choose a group for this one."),
    "estimate": (_nothing_typed, "Enter a number."),
    "path": (_nothing_chosen, "Choose one of these first."),
    "say": (_nothing_typed, "Write a sentence first."),
}


@pytest.mark.parametrize("format", INCOMPLETE)
def test_an_incomplete_answer_is_told_at_its_field_and_nothing_is_lost(
    open_page: Reader, book: Book, format: str
) -> None:
    partly, message = INCOMPLETE[format]
    chosen = practice(book)[format]
    vignette = vignette_of(open_page(PRACTICE), chosen.key)
    field, entered = partly(vignette, chosen.item or {})
    before = entered.evaluate("e => [e.value, e.checked]") if entered else None
    vignette.locator("[type=submit]").click()
    expect(field).to_have_accessible_description(message)
    note = vignette.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(note).to_have_text(message)
    expect(note).to_be_visible()
    expect(vignette.locator(".vignette-outcome")).to_have_text(message)
    expect(field).to_be_focused()
    expect(vignette).to_have_attribute("data-state", "untouched")
    assert vignette.get_attribute("data-marks") is None
    expect(vignette.locator(".vignette-reasons")).to_be_hidden()
    if entered:
        assert entered.evaluate("e => [e.value, e.checked]") == before


@pytest.mark.parametrize("format", [format for format in INCOMPLETE if format != "say"])
def test_the_message_goes_when_the_answer_is_completed(open_page: Reader, book: Book, format: str) -> None:
    chosen = practice(book)[format]
    assert chosen.item
    vignette = vignette_of(open_page(PRACTICE), chosen.key)
    field, _ = INCOMPLETE[format][0](vignette, chosen.item)
    check(vignette)
    expect(field).to_have_accessible_description(INCOMPLETE[format][1])
    with_mouse(vignette, chosen.item, course_answer(chosen.item))
    expect(vignette).to_have_attribute("data-state", "answered")
    expect(vignette.locator(".vignette-error")).to_have_count(0)
    assert vignette.locator("[aria-describedby^=error], [aria-invalid]").count() == 0, "no field points at a message"


def test_nothing_marked_is_an_answer(open_page: Reader, book: Book) -> None:
    chosen = practice(book)["mark"]
    assert chosen.item
    vignette = vignette_of(open_page(PRACTICE), chosen.key)
    check(vignette)
    expect(vignette).to_have_attribute("data-state", "answered")
    expect(vignette).to_have_attribute("data-marks", f"{grade(chosen.item, [])['marks']:g}")


# Without JavaScript.


@pytest.mark.parametrize("via", VIAS)
def test_without_javascript_everything_can_be_read(open_page: Reader, book: Book, via: str) -> None:
    page = open_page(PRACTICE, via, java_script_enabled=False)
    for key, entry in ((v.key, v.entry) for v in practice(book).values()):
        vignette = vignette_of(page, key)
        expect(vignette.locator(".vignette-scene")).to_be_visible()
        for words in vignette.locator("form").locator("label, legend").all():
            expect(words).to_be_visible()
        # Buttons that would do nothing are not shown; the reasons are folded, and open without a script.
        expect(vignette.locator("button").locator("visible=true")).to_have_count(0)
        reasons = vignette.locator("details.vignette-reasons")
        hidden = reasons.locator(".vignette-why, .vignette-debrief, [data-ending], q")
        assert not hidden.locator("visible=true").count()
        reasons.locator("> summary").click()
        expect(hidden.locator("visible=true")).to_have_count(hidden.count())
        assert reasons.locator(".vignette-why").count() == number_of_reasons(entry)
        expect(vignette).to_have_attribute("data-state", "untouched")


def number_of_reasons(entry: Any) -> int:
    match entry.format:
        case "say":
            return 0
        case "estimate":
            return 1
        case "mark":
            return len(entry.spans)
        case "path":
            return sum(len(step.options) for step in entry.steps.values())
        case _:
            return len(entry.options)


def test_without_javascript_enter_does_not_lose_the_answer(open_page: Reader, book: Book) -> None:
    chosen = practice(book)["estimate"]
    page = open_page(PRACTICE, java_script_enabled=False)
    here = page.url
    box = vignette_of(page, chosen.key).locator("input[type=number]")
    box.fill("17")
    box.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(box).to_have_value("17")
    assert page.url == here


def test_without_javascript_a_content_note_still_folds_and_opens(open_page: Reader, book: Book) -> None:
    noted = next(v for v in book.bank.values() if v.entry.note)
    page = open_page(f"chapters/{noted.chapter}.html", java_script_enabled=False)
    vignette = vignette_of(page, noted.key)
    expect(vignette.locator(".vignette-scene")).to_be_hidden()
    vignette.locator(".vignette-note > summary").click()
    expect(vignette.locator(".vignette-scene")).to_be_visible()


# Without what grades. A reader has answered when it turns out.


def policy(text: str) -> dict[str, Callable[[Route], None]]:
    """A server that sends a stricter policy than the page's own."""

    def send(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": text})

    return {"**/*.html": send}


MISSING: dict[str, dict[str, Callable[[Route], None]]] = {"**/runtime.js*": lambda route: route.abort()}
# What a browser logs of a policy, and the runtime of what it then meets.
REFUSED = "Content Security Policy|violates|Refused|wasm|ArrayBuffer|Aborted"
# What is missing, how it comes about, and a word that the page uses for it.
NO_GRADER: dict[str, tuple[str, dict[str, Any], str]] = {
    "no WebAssembly": ("http", {"before": "delete globalThis.WebAssembly"}, "WebAssembly"),
    "no WebAssembly, from disk": ("file", {"before": "delete globalThis.WebAssembly"}, "WebAssembly"),
    "no runtime file": ("http", {"routes": MISSING, "expects": "ERR_FAILED"}, "missing"),
    "no runtime file, from disk": ("file", {"routes": MISSING, "expects": "ERR_FAILED"}, "missing"),
    "no workers": ("http", {"routes": policy("worker-src 'none'"), "expects": REFUSED}, "may not start"),
    "no compiling": (
        "http",
        {"routes": policy("script-src 'self' 'unsafe-inline' blob:"), "expects": REFUSED},
        "may not start",
    ),
}


@pytest.mark.parametrize("case", NO_GRADER)
def test_without_a_grader_the_page_says_so_shows_the_reasons_and_keeps_the_answer(
    open_page: Reader, book: Book, case: str
) -> None:
    via, how, word = NO_GRADER[case]
    chosen = practice(book)["best"]
    assert chosen.item
    vignette = vignette_of(open_page(PRACTICE, via, **how), chosen.key)
    answer = course_answer(chosen.item)
    with_mouse(vignette, chosen.item, answer)
    told = vignette.locator(".vignette-outcome")
    expect(told).to_contain_text(word)
    expect(told).to_contain_text("cannot be checked")
    expect(told).to_contain_text("unscored")
    for reason in vignette.locator(".vignette-why").all():
        expect(reason).to_be_visible()
    expect(control(vignette, answer)).to_be_checked()
    expect(vignette).to_have_attribute("data-state", "revealed")
    assert vignette.get_attribute("data-marks") is None


def test_without_a_grader_every_format_keeps_its_answer(open_page: Reader, book: Book) -> None:
    page = open_page(PRACTICE, before="delete globalThis.WebAssembly")
    for format, chosen in practice(book).items():
        if format == "say" or chosen.item is None:
            continue
        vignette = vignette_of(page, chosen.key)
        answer = course_answer(chosen.item)
        with_mouse(vignette, chosen.item, answer[:1] if format == "path" else answer)
        expect(vignette.locator(".vignette-outcome")).to_contain_text("Your answer stays as it is")
        entered = vignette.locator("form").evaluate("f => [...new FormData(f).values()]")
        given = list(answer.values()) if isinstance(answer, dict) else answer if isinstance(answer, list) else [answer]
        assert sorted(entered) == sorted(map(str, given[:1] if format == "path" else given))


def test_a_policy_that_forbids_fetching_stops_no_grade(open_page: Reader, book: Book) -> None:
    chosen = practice(book)["best"]
    assert chosen.item
    vignette = vignette_of(open_page(PRACTICE, routes=policy("connect-src 'none'"), expects=REFUSED), chosen.key)
    with_mouse(vignette, chosen.item, course_answer(chosen.item))
    expect(vignette).to_have_attribute("data-state", "answered")


# Without Blobs nothing of the page's own script runs: the reasons are opened at once.
NO_BLOBS: dict[str, tuple[str, dict[str, Any]]] = {
    "no object URLs": ("http", {"before": "URL.createObjectURL = () => { throw new Error('blocked'); }"}),
    "no object URLs, from disk": ("file", {"before": "URL.createObjectURL = () => { throw new Error('blocked'); }"}),
    "a strict policy": ("http", {"routes": policy("script-src 'self' 'unsafe-inline'"), "expects": REFUSED}),
}


@pytest.mark.parametrize("case", NO_BLOBS)
def test_without_blobs_the_page_says_so_and_opens_the_reasons(open_page: Reader, book: Book, case: str) -> None:
    via, how = NO_BLOBS[case]
    page = open_page(PRACTICE, via, **how)
    for chosen in practice(book).values():
        vignette = vignette_of(page, chosen.key)
        expect(vignette.locator(".vignette-outcome")).to_contain_text("cannot be checked")
        expect(vignette.locator("details.vignette-reasons")).to_have_attribute("open", "")
        expect(vignette.locator(".vignette-debrief")).to_be_visible()
        expect(vignette.locator("[type=submit]")).to_be_hidden()
        assert vignette.get_attribute("data-marks") is None
    answered = practice(book)["best"]
    assert answered.item
    option = control(vignette_of(page, answered.key), answered.item["options"][0]["id"])
    option.check()
    option.press("Enter")
    expect(option).to_be_checked()
