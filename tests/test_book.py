"""The built book: what its pages hold, what they leave out, and what a reader finds on all of them."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import Reader
from built_book import Book, Tag, toc_pages
from playwright.sync_api import expect

VIAS = ("http", "file")
LOADS = {
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "video": "src",
    "audio": "src",
}
FROM_OUTSIDE = re.compile(
    r"thebe|unpkg|jsdelivr|mathjax|require(\.min)?\.js|cdn|jquery|fontawesome|google", re.IGNORECASE
)


def every_page(book: Book) -> Iterator[tuple[str, list[Tag]]]:
    """Each page of the table of contents, and the search page, with its tags."""
    for page in [*toc_pages(), "search.html"]:
        yield page, book.tags(page)


def named(tags: list[Tag], name: str) -> list[Tag]:
    return [tag for tag in tags if tag.name == name]


def theme_hashes(tags: list[Tag]) -> set[str]:
    """The inline scripts that the page's policy lets run, by their hash."""
    policy = next(tag["content"] for tag in tags if tag["http-equiv"] == "Content-Security-Policy")
    return set(re.findall(r"'sha256-([^']+)'", policy))


# Every page.


def test_every_page_has_the_policy_a_title_and_a_description_of_its_own(book: Book) -> None:
    policies, titles, descriptions = set(), [], []
    for page, tags in every_page(book):
        policy = [tag["content"] for tag in tags if tag["http-equiv"] == "Content-Security-Policy"]
        description = [tag["content"] for tag in tags if tag.name == "meta" and tag["name"] == "description"]
        assert len(policy) == len(description) == len(named(tags, "title")) == 1, page
        assert 20 < len(description[0]) <= 160, page
        assert named(tags, "html")[0]["lang"] == "en", page
        policies |= set(policy)
        descriptions += description if page != "search.html" else []
        titles.append(re.search("<title>(.*)</title>", book.read(page)))
    assert len(policies) == 1
    assert "default-src 'none'" in (rules := policies.pop().split("; "))
    assert all("http" not in rule and "*" not in rule and "unsafe-inline" not in rule for rule in rules)
    assert len(set(descriptions)) == len(descriptions)
    assert len({title[1] for title in titles if title}) == len(titles)


def test_the_policy_stands_before_anything_that_it_governs(book: Book) -> None:
    for page, tags in every_page(book):
        first = next(tag for tag in tags if tag.name in ("script", "link", "style", "img"))
        policy = next(tag for tag in tags if tag["http-equiv"] == "Content-Security-Policy")
        assert tags.index(policy) < tags.index(first), page


def test_every_page_has_one_style_sheet_and_no_style_or_handler_of_its_own(book: Book) -> None:
    for page, tags in every_page(book):
        assert len([tag for tag in named(tags, "link") if "stylesheet" in tag["rel"]]) == 1, page
        assert not named(tags, "style"), page
        inline = [tag for tag in tags if "style" in tag.attributes or any(a.startswith("on") for a in tag.attributes)]
        assert not inline, page


def test_scripts_come_from_the_books_own_folder_but_for_the_hashed_one(book: Book) -> None:
    for page, tags in every_page(book):
        inline = []
        for script in named(tags, "script"):
            assert not FROM_OUTSIDE.search(script["src"] + script.text * (script["type"] == "")), page
            if script["src"]:
                assert local(book, page, script["src"]).is_file(), f"{page}: {script['src']}"
                assert "defer" in script.attributes, f"{page}: {script['src']} holds the page up"
            elif script["type"] == "application/json":
                json.loads(script.text)
            else:
                inline.append(base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode())
        assert set(inline) == theme_hashes(tags), page
        assert len(inline) == 1, page


def local(book: Book, page: str, url: str) -> Path:
    """The file of the built book that a page's relative URL names."""
    parts = urlsplit(url)
    assert not parts.scheme, url
    assert not parts.netloc, url
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
    assert not path.startswith(("..", "/")), f"{page}: {url} leaves the book"
    return book.html / path


def test_no_page_loads_anything_from_outside(book: Book) -> None:
    for page, tags in every_page(book):
        for tag in tags:
            url = tag[LOADS.get(tag.name, "")]
            if url and not url.startswith("data:"):
                assert local(book, page, url).is_file(), f"{page}: {url}"


def test_every_image_has_words_and_every_figure_a_number_in_them(book: Book) -> None:
    figures = 0
    for page, tags in every_page(book):
        for index, tag in enumerate(tags):
            if tag.name != "img":
                continue
            if "art" in tag.classes:
                assert tag["alt"] == "", f"{page}: a picture that only decorates is passed over"
                continue
            assert tag["alt"].strip(), page
            if "explorer" in tags[index - 1].classes:
                figures += 1
                assert re.search(r"\d", tag["alt"]), f"{page}: {tag['src']}"
    called = [re.findall(r'explore\(\\?"', p.read_text("utf-8")) for p in (book.course / "chapters").glob("*.ipynb")]
    assert figures == sum(map(len, called)) > 0


def test_every_link_within_the_book_leads_somewhere(book: Book) -> None:
    anchors = {
        page: {tag["id"] for tag in tags if tag["id"]} | {tag["name"] for tag in tags if tag.name == "a"}
        for page, tags in every_page(book)
    }
    lost = []
    for page, tags in every_page(book):
        for link in named(tags, "a"):
            parts = urlsplit(link["href"])
            if parts.scheme in ("http", "https", "mailto", "tel"):
                continue
            target = local(book, page, link["href"]).relative_to(book.html).as_posix() if parts.path else page
            found = target in anchors or (book.html / target).is_file()
            if not found or (parts.fragment and unquote(parts.fragment) not in anchors.get(target, ())):
                lost.append(f"{page}: {link['href']}")
    assert not lost


def test_no_page_has_an_id_twice(book: Book) -> None:
    for page, tags in every_page(book):
        ids = [tag["id"] for tag in tags if tag["id"]]
        assert len(ids) == len(set(ids)), f"{page}: {sorted(id for id in ids if ids.count(id) > 1)}"


def test_a_notebooks_vignette_calls_are_not_shown_as_code(book: Book) -> None:
    for page, _ in every_page(book):
        assert 'vignette("' not in re.sub("<[^>]+>", "", book.read(page)).replace("&quot;", '"'), page


# The book as a whole.


@pytest.mark.parametrize("via", VIAS)
def test_the_books_own_address_leads_to_the_welcome_page(open_page: Reader, book: Book, via: str) -> None:
    assert theme_hashes(book.tags("index.html")) == theme_hashes(book.tags(toc_pages()[0]))
    page = open_page("index.html", via)
    page.wait_for_url("**/chapters/welcome.html")
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("via", VIAS)
def test_search_finds_a_word_of_the_course(open_page: Reader, via: str) -> None:
    page = open_page("search.html", via)
    page.get_by_role("searchbox").fill("boundary")
    page.get_by_role("searchbox").press("Enter")
    found = page.locator("#search-results li a")
    expect(found.filter(has_text="Boundaries").first).to_be_visible()
    found.filter(has_text="Boundaries").first.click()
    page.wait_for_url("**/chapters/**")
    expect(page.locator("main")).to_contain_text("boundar", ignore_case=True)


@pytest.mark.parametrize("via", VIAS)
def test_the_theme_turns_round_and_is_remembered_on_every_page(open_page: Reader, via: str) -> None:
    page = open_page("chapters/welcome.html", via, color_scheme="light")
    button = page.get_by_role("button", name="Theme:")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    seen = [button.inner_text()]
    for _ in range(3):
        button.click()
        seen.append(button.inner_text())
    assert seen == ["Theme: auto", "Theme: light", "Theme: dark", "Theme: auto"]
    button.click()
    button.click()
    dark = page.evaluate(paper)
    assert dark != light
    page.goto(page.url.replace("welcome", "references"))
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert page.evaluate(paper) == dark


def test_the_theme_follows_the_system_until_one_is_chosen(open_page: Reader) -> None:
    page = open_page("chapters/welcome.html", color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.emulate_media(color_scheme="light")
    assert page.evaluate(paper) != dark


def test_the_chosen_bodys_standards_come_first_and_are_remembered(open_page: Reader, book: Book) -> None:
    bodies = book.bank.bodies
    cited = [
        (v, [c.cite.split(":")[0] for c in v.entry.standards])
        for v in book.bank.values()
        if v.entry.format != "say" and v.chapter == "boundaries"
    ]
    vignette, ids = next(
        (v, ids) for v, ids in cited if len(set(ids)) > 1 and bodies[ids[-1]].practise and ids[-1] != ids[0]
    )
    page = open_page("chapters/boundaries.html")
    chosen = page.get_by_label("Practise under")
    lines = page.locator(f'ethics-vignette[data-id="{vignette.key}"] .vignette-standards li')
    order = "lines => lines.map(line => line.dataset.body)"
    assert lines.evaluate_all(order) == ids
    chosen.select_option(label=bodies[ids[-1]].practise)
    assert lines.evaluate_all(order)[0] == ids[-1]
    assert sorted(lines.evaluate_all(order)) == sorted(ids)
    page.goto(page.url.replace("boundaries", "practice"))
    expect(page.get_by_label("Practise under").locator("option:checked")).to_have_text(str(bodies[ids[-1]].practise))
