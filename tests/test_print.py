"""On paper a chapter reads through, with its reasons at the end; the record takes two pages."""

from __future__ import annotations

import re
from typing import Any

import events as make
import pytest
from answering import answer, vignette
from browser import Reader
from built_book import Book
from playwright.sync_api import Page, expect

from widgets.markup import certainty_fits

CHAPTER, CHECK, RECORD = (f"chapters/{name}.html" for name in ("confidentiality", "check", "record"))
READY = "ethics-vignette [type=submit]"
A4: dict[str, Any] = {"format": "A4", "margin": dict.fromkeys(("top", "bottom", "left", "right"), "15mm")}


def ready(page: Page) -> Page:
    expect(page.locator(READY).last).to_have_js_property("hidden", False)
    return page


def to_paper(page: Page) -> None:
    """As when the browser lays the page out for a printer."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


def sheets(page: Page) -> int:
    """How many pages the PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(**A4)))


def test_on_paper_the_reasons_come_at_the_end_and_not_in_between(open_page: Reader, book: Book) -> None:
    vignettes = [v for v in book.bank.values() if v.chapter == "confidentiality"]
    assert any(v.entry.note for v in vignettes), "one of them is folded on the screen"
    page = ready(open_page(CHAPTER))
    chosen = next(v for v in vignettes if v.entry.format == "best" and not v.entry.note)
    answer(book, page, chosen.key, right=False)
    to_paper(page)

    for one in vignettes:
        shown = vignette(page, one.key)
        expect(shown.locator(".vignette-scene")).to_be_visible()
        for part in shown.locator("button, .vignette-reasons, .vignette-outcome, .vignette-after").all():
            expect(part).to_be_hidden()
    end = page.locator("main > .printed")
    assert page.locator("main > :last-child").get_attribute("class") == "printed"
    numbers = [f"To scene {n}" for n in range(1, len(vignettes) + 1)]
    assert end.locator(".vignette-reasons > summary").all_inner_texts() == numbers
    why = end.locator(".vignette-why, .vignette-debrief, .vignette-standards li")
    expect(why.locator("visible=true")).to_have_count(why.count())
    assert why.count() > 3 * len(vignettes)
    expect(end.locator(".vignette-yours:not([hidden])").first).to_have_text("Your answer.")
    labels = page.evaluate(
        "[...document.querySelectorAll('[data-printed]')].map(e => getComputedStyle(e, '::before').content)"
    )
    assert labels[0] == '"Scene " attr(data-printed)' or labels[0] == '"Scene 1"'

    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator(".printed")).to_have_count(0)
    expect(page.locator("details.vignette-note[open]")).to_have_count(0)


def test_a_chapter_prints_on_as_many_sheets_as_it_needs(open_page: Reader) -> None:
    page = ready(open_page(CHAPTER))
    assert 15 < sheets(page) < 50


def test_of_the_check_only_the_form_that_is_shown_is_printed(open_page: Reader) -> None:
    page = ready(open_page(CHECK))
    expect(page.locator("ethics-vignette:visible")).to_have_count(10)
    to_paper(page)
    expect(page.locator(".printed > .vignette-reasons")).to_have_count(10)


def test_without_a_script_the_reasons_are_printed_where_they_stand(open_page: Reader) -> None:
    page = open_page(CHAPTER, java_script_enabled=False)
    why = page.locator(".vignette-why, .vignette-scene")
    assert why.locator("visible=true").count() < why.count()
    page.emulate_media(media="print")
    expect(why.locator("visible=true")).to_have_count(why.count())


@pytest.mark.parametrize("answered", ["nothing", "everything"])
def test_the_record_prints_on_two_pages_with_name_dates_and_digest(
    open_page: Reader, book: Book, answered: str
) -> None:
    page = open_page(RECORD)
    expect(page.locator(".report-state")).to_contain_text("0 attempts")
    events = [] if answered == "nothing" else whole_record(book)
    page.evaluate("events => courseRecord.merge(events)", events)
    expect(page.locator(".report-state")).to_contain_text(f"{sum(e['kind'] == 'attempt' for e in events)} attempts")
    page.locator('[data-do="name"]').fill("Ngozi Ø. <b>")

    assert sheets(page) <= 2
    page.emulate_media(media="print")
    head = page.locator(".report-digest:visible")
    expect(head).to_have_count(1)
    expect(head).to_contain_text("Name: Ngozi Ø. <b>.")
    expect(head).to_contain_text(re.compile("Digest sha256:[0-9a-f]{64}"))
    expect(head).to_contain_text("no proof of who answered")
    if events:
        expect(head).to_contain_text("Answered from 2026-11-20 to 2026-11-22.")
        expect(page.locator('[data-slot="dissents"] blockquote:visible')).to_have_count(1)
    expect(page.locator("main button:visible, main select:visible, main input:visible")).to_have_count(0)


def whole_record(book: Book) -> list[Any]:
    """Every scene answered, every sentence written, one dissent that may be printed and one that may not."""
    vignettes = [v for v in book.bank.values() if v.chapter != "practice"]
    events = [make.draw("2026-11-19", "a")]
    for n, v in enumerate(vignettes):
        if v.item is None:
            events.append(make.say(v.key, "2026-11-21", "I can be your neighbour, and I would like that."))
        else:
            share, lean = ((1, None), (0.5, -0.5), (0.25, 0.5))[n % 3]
            level = 1 + n % 3 if certainty_fits(v) else None
            day = "2026-11-20" if n % 2 else "2026-11-22"
            events.append(make.attempt(v.key, day, share, lean=lean, certainty=level))
    graded = [v.key for v in vignettes if v.item]
    events.append(make.dissent(graded[0], "2026-11-22", "It depends on who else is there."))
    events.append(make.dissent(graded[1], "2026-11-22", "This one is mine alone.", share_it=False))
    return events
