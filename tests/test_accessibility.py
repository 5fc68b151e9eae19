"""What axe, a small screen and the keyboard find in the built book."""

from __future__ import annotations

from typing import Any

import events as make
import pytest
from answering import answer, first, some_answer, with_mouse
from axe_playwright_python.sync_playwright import Axe
from browser import Reader
from built_book import Book, toc_pages
from playwright.sync_api import Page, expect

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
LIGHT_AND_WIDE = {"color_scheme": "light", "viewport": WIDE}
DARK_AND_NARROW = {"color_scheme": "dark", "viewport": NARROW}
LOOKS: dict[str, dict[str, Any]] = {
    "light, wide": LIGHT_AND_WIDE,
    "dark, narrow": DARK_AND_NARROW,
    "light, narrow": LIGHT_AND_WIDE | {"viewport": NARROW},
    "dark, wide": DARK_AND_NARROW | {"viewport": WIDE},
}
PAGES = [*toc_pages(), "search.html"]
RECORD, CHECK = "chapters/record.html", "chapters/check.html"
# Everything that axe knows, its best practices too, and WCAG 2.2's size of targets, which it leaves off by default.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it now is: the rule, where, and what is wrong there."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['target']}: {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth"))


def opened(open_page: Reader, path: str, look: str, via: str = "http") -> Page:
    """A page whose vignettes are ready to be answered, with the notes of hard scenes open."""
    page = open_page(path, via, reduced_motion="reduce", **LOOKS[look])
    page.evaluate("document.querySelectorAll('details.vignette-note').forEach(note => note.open = true)")
    if page.locator("ethics-vignette").count():
        # Not "visible": the before-and-after check draws only one of its two sets.
        expect(page.locator("ethics-vignette [type=submit]").last).to_have_js_property("hidden", False)
    # What is drawn from the reader's record comes once the page's Python has counted.
    expect(page.locator("[data-slot]:empty")).to_have_count(0)
    return page


@pytest.mark.parametrize("look", ["light, wide", "dark, narrow"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_a_page_that_is_untouched(open_page: Reader, path: str, look: str) -> None:
    page = opened(open_page, path, look)
    assert not violations(page)
    assert sideways(page) <= 0


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_among_the_practice_pages_answers(open_page: Reader, book: Book, look: str) -> None:
    assert not violations(answer_all(open_page, book, "practice", look))


def test_axe_finds_nothing_among_a_chapters_answers(open_page: Reader, book: Book) -> None:
    assert not violations(answer_all(open_page, book, "boundaries", "light, wide"))
    assert not violations(answer_all(open_page, book, "boundaries", "dark, narrow"))


def answer_all(open_page: Reader, book: Book, chapter: str, look: str) -> Page:
    """The chapter's page with every vignette answered as the course does; nothing scrolls sideways on it."""
    page = opened(open_page, f"chapters/{chapter}.html", look)
    for vignette in book.bank.values():
        if vignette.chapter != chapter:
            continue
        element = page.locator(f'ethics-vignette[data-id="{vignette.key}"]')
        if vignette.item is None:
            element.locator("textarea[name=answer]").fill("A sentence.")
            element.get_by_role("button", name="Compare", exact=True).click()
            expect(element).to_have_attribute("data-state", "revealed")
            continue
        with_mouse(element, vignette.item, some_answer(vignette.item))
        expect(element).to_have_attribute("data-state", "answered")
    assert sideways(page) <= 0
    return page


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_among_the_practice_pages_reasons(open_page: Reader, look: str) -> None:
    assert not violations(reveal_all(open_page, "practice", look))


# The chapters are built alike; the capstone is the longest.
REVEALED = [
    ("boundaries", "light, wide"),
    ("boundaries", "dark, narrow"),
    ("power", "light, wide"),
    ("capstone", "dark, narrow"),
]


@pytest.mark.parametrize(("chapter", "look"), REVEALED)
def test_axe_finds_nothing_among_a_chapters_reasons(open_page: Reader, chapter: str, look: str) -> None:
    assert not violations(reveal_all(open_page, chapter, look))


def reveal_all(open_page: Reader, chapter: str, look: str) -> Page:
    page = opened(open_page, f"chapters/{chapter}.html", look)
    for button in page.get_by_role("button", name="Show the reasons", exact=True).all()[::-1]:
        button.click()
    expect(page.locator('ethics-vignette[data-state="untouched"]:not([data-format="say"])')).to_have_count(0)
    assert sideways(page) <= 0
    return page


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_among_the_messages_of_incomplete_answers(open_page: Reader, look: str) -> None:
    page = opened(open_page, "chapters/practice.html", look)
    buttons = page.locator("ethics-vignette [type=submit]")
    for button in buttons.all():
        button.click()
    expect(page.locator(".vignette-error")).to_have_count(buttons.count() - 1)  # nothing marked is an answer
    assert not violations(page)
    assert sideways(page) <= 0


def filled_record(open_page: Reader, book: Book, **how: Any) -> Page:
    """The record page of a reader with enough answers for every table and figure."""
    page = open_page(RECORD, reduced_motion="reduce", **how)
    keys = [key for key, v in book.bank.items() if v.item and v.chapter != "practice"]
    events = [make.attempt(k, "2026-11-20", 0.5, lean=(0.5, -0.5)[n % 2], certainty=3) for n, k in enumerate(keys)]
    said = [make.say(k, "2026-11-21", "A sentence.") for k, v in book.bank.items() if v.item is None]
    page.evaluate("e => courseRecord.merge(e)", [*events, *said, make.dissent(keys[0], "2026-11-21", "It depends.")])
    expect(page.locator(".report-state")).to_contain_text(f"{len(events)} attempts")
    return page


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_a_record_with_much_in_it(open_page: Reader, book: Book, look: str) -> None:
    page = filled_record(open_page, book, **LOOKS[look])
    page.evaluate("document.querySelectorAll('.report details').forEach(d => d.open = true)")
    expect(page.locator(".report svg")).to_have_count(2)
    assert not violations(page)
    assert sideways(page) <= 0


# The reader's own colours, and none that move.

FORCED = {"forced_colors": "active", "color_scheme": "dark", "viewport": WIDE}
# What system colours look like once they are computed.
SYSTEM = """colour => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = colour;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}"""


def test_forced_colours_show_what_was_chosen_what_came_of_it_and_where_one_is(open_page: Reader, book: Book) -> None:
    page = open_page("chapters/practice.html", **FORCED)
    answer(book, page, first(book, "practice", "best"))
    highlight = page.evaluate(SYSTEM, "Highlight")
    style = (
        "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineColor, parseFloat(s.outlineWidth)]; }"
    )
    chosen = page.locator(".vignette-option:has(:checked)")
    assert chosen.evaluate(style) == ["solid", highlight, 2]
    assert page.locator(".vignette-option:not(:has(:checked))").first.evaluate(style)[0] == "none"
    border = "e => [getComputedStyle(e).borderLeftColor, parseFloat(getComputedStyle(e).borderLeftWidth)]"
    assert page.locator(".vignette-outcome").first.evaluate(border)[1] >= 1
    assert page.locator(".contents .current > a").first.evaluate(border)[0] == highlight
    assert page.locator(".contents li:not(.current) > a").first.evaluate(border)[0] == page.evaluate(SYSTEM, "Canvas")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_forced_colours_reach_the_records_figures_whatever_the_theme(open_page: Reader, book: Book, theme: str) -> None:
    page = filled_record(open_page, book, **FORCED)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    text, closer, distant = (page.locator(f".report svg.lean {name}").first for name in ("text", ".closer", ".distant"))
    fill = "e => getComputedStyle(e).fill"
    assert text.evaluate(fill) == page.evaluate(SYSTEM, "CanvasText")
    assert closer.evaluate(fill) == page.evaluate(SYSTEM, "Highlight")
    assert distant.evaluate(fill) == page.evaluate(SYSTEM, "Canvas")


MOVES = """() => [...document.querySelectorAll("*")].filter((e) => {
  const style = getComputedStyle(e);
  return style.transitionDuration !== "0s" || style.animationName !== "none" || style.scrollBehavior !== "auto";
}).map((e) => e.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("path", ["chapters/welcome.html", "chapters/boundaries.html", RECORD])
def test_nothing_moves_for_a_reader_who_asks_for_no_motion(open_page: Reader, path: str) -> None:
    page = open_page(path, reduced_motion="no-preference")
    assert len(page.evaluate(MOVES)) == 1, "the page scrolls smoothly"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVES) == []


def test_axe_finds_nothing_on_a_page_whose_scripts_have_not_come(open_page: Reader) -> None:
    # axe is itself a script: the page has none of its own, as where JavaScript is off.
    scripts = {"**/*.js*": lambda route: route.abort()}
    page = open_page("chapters/practice.html", routes=scripts, expects="ERR_FAILED", viewport=WIDE)
    for summary in page.locator("details.vignette-reasons > summary").all():
        summary.click()
    assert not violations(page)


def test_what_a_vignette_answers_is_a_status_before_there_is_an_answer(open_page: Reader) -> None:
    page = opened(open_page, "chapters/practice.html", "light, wide")
    for vignette in page.locator("ethics-vignette").all():
        assert "- status" in vignette.aria_snapshot().splitlines()


FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  return {
    what: e.outerHTML.slice(0, 120), body: e === document.body,
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}"""


@pytest.mark.parametrize("path", ["chapters/practice.html", "chapters/welcome.html", RECORD, CHECK, "search.html"])
def test_the_keyboards_focus_is_seen_at_every_stop(open_page: Reader, path: str) -> None:
    page = opened(open_page, path, "light, wide")
    stops = 0
    while True:
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["body"]:
            break
        stops += 1
        assert focused["outline"] >= 2, focused["what"]
        assert focused["seen"], focused["what"]
        assert stops < 500, "the focus never leaves the page"
    assert stops > 10


def test_the_first_stop_skips_to_the_text(open_page: Reader) -> None:
    page = opened(open_page, "chapters/welcome.html", "dark, narrow")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_contents_fold_on_a_small_screen_and_open_with_the_keyboard(open_page: Reader) -> None:
    page = opened(open_page, "chapters/welcome.html", "light, narrow")
    contents = page.get_by_role("navigation", name="Contents")
    link = contents.get_by_role("link", name="Boundaries").first
    expect(link).to_be_hidden()
    contents.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
