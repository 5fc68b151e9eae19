"""The report as a reader and a browser see it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from classes import ITEMS, a_class, described, row, voted
from items import good_answer
from playwright.sync_api import Browser, Page

from widgets.analysis import compare, generated, report
from widgets.analysis.generated import NOTICE
from widgets.progress import AGREEMENT

HOSTILE = '</style><script>alert(1)</script><img src=x onerror="alert(1)"> {{ 7 * 7 }} =1+1'


def some_class(people: int, **more: Any) -> Any:
    random = Random(2)
    lines = [
        row(n, key, good_answer(ITEMS[key], random), vote, certainty=random.choice((1, 2, 3)))
        for n in range(people)
        for key in ITEMS
        for vote in (1, 2)
    ]
    return a_class(lines, **more)


class Tags(HTMLParser):
    """The page's elements, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._in_style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        self.words += "" if self._in_style else data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


CLASSES = {
    "nobody": lambda: a_class(),
    "one person": lambda: some_class(1),
    "four people": lambda: some_class(4),
    "five people": lambda: some_class(5),
    "all alike": lambda: a_class(*(voted(key, *[good_answer(ITEMS[key], Random(1))] * 8) for key in ITEMS)),
    "one item": lambda: a_class(voted("one/best", *["stay"] * 6)),
    "hands alone": lambda: a_class(hands=[{"item": "one/best", "vote": 1, "n": 9, "counts": {"stay": 9}}]),
    "thirty people": lambda: some_class(30),
    "generated": lambda: generated("support", 12),
}


@pytest.mark.parametrize("name", CLASSES)
def test_no_reader_meets_a_number_that_is_none(name: str) -> None:
    page = Tags(report(CLASSES[name]()).html)
    for bad in (r"\bnan\b", r"\bNone\b", r"\binf\b", r"\bTrue\b", r"<built-in", r"Undefined"):
        assert not re.search(bad, page.words, re.IGNORECASE if bad == r"\bnan\b" else 0), bad
    assert AGREEMENT in page.words
    assert all(image.get("alt") for image in page.all("img"))


def test_under_five_answers_there_are_counts_and_no_statistics() -> None:
    page = Tags(report(some_class(4)).html)
    assert "There are fewer than 5 people" in page.words
    assert page.all("img") == []
    methods = page.words.index("How these figures are reached")
    assert "%" not in page.words[:methods]


def test_the_page_is_one_file_that_asks_for_nothing() -> None:
    page = Tags(report(some_class(9)).html)
    (policy,) = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv")]
    assert str(policy).startswith("default-src 'none'; style-src 'sha256-")
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    for tag, attrs in page.tags:
        assert not any(name.startswith("on") or name == "style" for name in attrs), tag
        assert attrs.get("src", "data:").startswith("data:image/svg+xml;base64,") or tag != "img"
        assert attrs.get("href", "#").startswith("#")


def test_what_a_stranger_wrote_is_text() -> None:
    items = described()
    items["one/best"] |= {"ask": HOSTILE, "labels": {"stay": HOSTILE}}
    results = some_class(
        6, dissents=[{"item": "one/best", "text": HOSTILE}], remarks=[HOSTILE], notice=HOSTILE, items=items
    )
    page = Tags(report(results, HOSTILE).html)
    assert page.all("script") == []
    assert all(image["src"].startswith("data:") for image in page.all("img"))  # type: ignore[union-attr]
    assert page.words.count(HOSTILE) >= 5


def test_nobody_is_named_and_nobody_ranked() -> None:
    lines = [
        {**row(0, key, good_answer(ITEMS[key], Random(n))), "person": f"Ngozi-{n}"} for n in range(9) for key in ITEMS
    ]
    assert "Ngozi" not in report(a_class(lines)).html


def test_generated_answers_are_called_so_at_the_head() -> None:
    page = Tags(report(generated("power", 6)).html)
    assert page.words.index(NOTICE) < page.words.index("Look at these first")


def test_every_flagged_item_is_a_link_to_its_place() -> None:
    page = Tags(report(some_class(20)).html)
    targets = {str(attrs["id"]) for _, attrs in page.tags if attrs.get("id")}
    links = {str(link["href"])[1:] for link in page.all("a")}
    assert links
    assert links <= targets


def test_a_notebook_shows_the_same_page_and_keeps_its_own_looks(tmp_path: Path) -> None:
    found = report(some_class(6), "Spring")
    shown = found._repr_html_()
    assert found.body in shown
    assert found.body in found.html
    style = shown.partition("<style>")[2].partition("</style>")[0]
    rules = re.sub(r"/\*.*?\*/|@page[^}]*}", "", style, flags=re.DOTALL)
    selectors = [s.strip() for s in re.findall(r"([^{}]+){", rules) if not s.strip().startswith("@")]
    assert all(".class-report" in selector for selector in selectors)
    assert repr(found).startswith("Spring: ")
    assert found.save(tmp_path / "page.html").read_text(encoding="utf-8") == found.html


def test_records_that_were_set_aside_are_named_at_the_end() -> None:
    page = Tags(report(some_class(5, remarks=["b.json: This file is not JSON."])).html)
    assert "b.json: This file is not JSON." in page.words


def test_the_gain_of_a_form_order_that_few_had_is_not_shown() -> None:
    words = Tags(report(generated("power", 7, seed=3)).html).words
    orders = re.findall(r"first \((\d+)\)(fewer than 5 people)?", words)
    assert sum(int(n) for n, _ in orders) == 7
    assert [bool(hidden) for _, hidden in orders] == [int(n) < 5 for n, _ in orders]
    assert any(hidden for _, hidden in orders)


# In a browser.


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Any:
    """A function that opens a saved page at a width; a request or a word on the console fails the test."""
    pages: list[Page] = []
    faults: list[str] = []

    def opening(made: Any, width: int) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("console", lambda message: faults.append(message.text))
        page.on(
            "request",
            lambda request: None if request.url.startswith(("file:", "data:")) else faults.append(request.url),
        )
        page.goto(made.save(tmp_path / "page.html").as_uri())
        pages.append(page)
        return page

    yield opening
    for page in pages:
        page.close()
    assert not faults


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("kind", ["report", "comparison"])
def test_axe_finds_nothing_and_nothing_sticks_out(opened: Any, kind: str, width: int) -> None:
    results = generated("boundaries", 12)
    made = report(results) if kind == "report" else compare(results, some_class(12)).report()
    page = opened(made, width)
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}})
    assert [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in found.response["violations"]] == []
    assert page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.evaluate("getComputedStyle(document.querySelector('h2')).borderTopColor") == "rgb(11, 92, 99)"
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")


def test_a_table_can_be_scrolled_with_the_keyboard(opened: Any) -> None:
    page = opened(report(generated("boundaries", 8)), 360)
    table = page.get_by_role("region", name="Table of items")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scroll').scrollLeft > 0")


def test_in_print_everything_is_there(opened: Any) -> None:
    page = opened(report(generated("boundaries", 8)), 1280)
    page.emulate_media(media="print")
    assert page.evaluate(
        "[...document.querySelectorAll('.scroll')].every(e => getComputedStyle(e).overflowX === 'visible')"
    )
    assert page.evaluate(
        "[...document.querySelectorAll('article, figure, table')].every(e => e.getBoundingClientRect().height > 0)"
    )
