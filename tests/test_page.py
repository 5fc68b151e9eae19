"""What every vignette of the built page keeps to, whatever its format: its states, its grader, its sources."""

from __future__ import annotations

from typing import Any

import pytest
from answering import check, control, go_to_section, tab_to, with_mouse
from browser import Reader
from built_book import Book, toc_pages
from playwright.sync_api import Locator, Page, expect

from widgets.bank import Vignette
from widgets.grading import AnswerError, course_answer, grade

PRACTICE = "chapters/practice.html"
VIAS = ("http", "file")


def vignette_of(page: Page, key: str) -> Locator:
    return page.locator(f'ethics-vignette[data-id="{key}"]')


def of_format(book: Book, format: str) -> Vignette:
    """The practice page's vignette of the format."""
    return next(v for v in book.bank.values() if v.chapter == "practice" and v.entry.format == format)


def page_of(vignette: Vignette) -> str:
    return f"chapters/{vignette.chapter}.html"


def runtimes(open_page: Reader, page: Page) -> int:
    """How often the page has asked for its Python."""
    return sum("/runtime.js" in url for url in open_page.requests(page))


# The contract.

CONTRACT = """vignettes => vignettes.map(v => ({
  id: v.dataset.id, format: v.dataset.format, state: v.dataset.state, marks: v.dataset.marks ?? null,
  forms: [...v.querySelectorAll("form")].map(f => f.getAttribute("method")),
  submits: [...v.querySelectorAll("[type=submit]")].map(b => b.textContent),
  reveals: [...v.querySelectorAll("[data-do=reveal]")].map(b => b.textContent),
  statuses: v.querySelectorAll("form + [role=status]").length,
}))"""


@pytest.mark.parametrize("path", [page for page in toc_pages() if "/teaching/" not in page])
def test_vignettes_keep_the_contract(open_page: Reader, book: Book, path: str) -> None:
    page = open_page(path)
    drawn = page.locator("ethics-vignette").evaluate_all(CONTRACT)
    bank = {v.key: v.entry.format for v in book.bank.values() if page_of(v) == path}
    assert {v["id"]: v["format"] for v in drawn} == bank
    assert len(drawn) == len(bank), "a vignette stands on its page once"
    for vignette in drawn:
        said = vignette["format"] == "say"
        assert vignette == {
            "id": vignette["id"],
            "format": vignette["format"],
            "state": "untouched",
            "marks": None,
            "forms": ["dialog"],
            "submits": ["Compare" if said else "Check"],
            "reveals": [] if said else ["Show the reasons"],
            "statuses": 1,
        }


@pytest.mark.parametrize("via", VIAS)
def test_show_the_reasons_counts_nothing(open_page: Reader, book: Book, via: str) -> None:
    chosen = of_format(book, "best")
    vignette = vignette_of(open_page(PRACTICE, via), chosen.key)
    vignette.get_by_role("button", name="Show the reasons", exact=True).click()
    expect(vignette).to_have_attribute("data-state", "revealed")
    assert vignette.get_attribute("data-marks") is None
    assert vignette.get_attribute("data-out-of") is None
    for reason in vignette.locator(".vignette-why").all():
        expect(reason).to_be_visible()
    expect(vignette.locator(".vignette-outcome")).to_contain_text("Nothing is counted")
    expect(vignette.locator(".vignette-yours").locator("visible=true")).to_have_count(0)


def test_show_the_reasons_takes_the_keyboard_and_opens_a_whole_path(open_page: Reader, book: Book) -> None:
    chosen = of_format(book, "path")
    vignette = vignette_of(open_page(PRACTICE), chosen.key)
    go_to_section(vignette)
    tab_to(vignette.get_by_role("button", name="Show the reasons", exact=True))
    vignette.page.keyboard.press("Space")
    expect(vignette).to_have_attribute("data-state", "revealed")
    for part in vignette.locator(".vignette-parts > [data-part], [data-ending]").all():
        expect(part).to_be_visible()


def test_an_answer_after_the_reasons_is_graded(open_page: Reader, book: Book) -> None:
    chosen = of_format(book, "best")
    assert chosen.item
    vignette = vignette_of(open_page(PRACTICE), chosen.key)
    vignette.get_by_role("button", name="Show the reasons", exact=True).click()
    with_mouse(vignette, chosen.item, course_answer(chosen.item))
    expect(vignette).to_have_attribute("data-state", "answered")


@pytest.mark.parametrize("via", VIAS)
def test_a_content_note_folds_its_scene(open_page: Reader, book: Book, via: str) -> None:
    noted = next(v for v in book.bank.values() if v.entry.note)
    vignette = vignette_of(open_page(page_of(noted), via), noted.key)
    note = vignette.locator(".vignette-note > summary")
    expect(note).to_contain_text(f"Content note: {str(noted.entry.note).strip()}")
    expect(vignette.locator(".vignette-scene")).to_be_hidden()
    expect(vignette.locator("form")).to_be_hidden()
    note.focus()
    note.press("Enter")
    expect(vignette.locator(".vignette-scene")).to_be_visible()
    expect(vignette.get_by_role("button", name="Check", exact=True)).to_be_visible()


@pytest.mark.parametrize("via", VIAS)
def test_standards_have_their_paraphrase_and_sources_lead_to_their_entry(
    open_page: Reader, book: Book, via: str
) -> None:
    bank = book.bank
    cited = next(
        v
        for v in bank.values()
        if v.entry.format not in ("say", "path") and not v.entry.note and v.entry.sources and v.entry.standards
    )
    entry: Any = cited.entry
    page = open_page(page_of(cited), via)
    vignette = vignette_of(page, cited.key)
    vignette.get_by_role("button", name="Show the reasons", exact=True).click()
    shown = vignette.locator(".vignette-standards li")
    expect(shown).to_have_count(len(entry.standards))
    for line, citation in zip(shown.all(), entry.standards, strict=True):
        body, standard = bank.standard(citation.cite)
        expect(line).to_be_visible()
        expect(line).to_contain_text(f"{body.body}, {standard.number}")
        expect(line).to_contain_text(f"({citation.relation})")
        expect(line).to_contain_text(standard.paraphrase or "Known here by its title only")
    links = vignette.locator(".vignette-sources a")
    expect(links).to_have_count(len(entry.sources))
    links.first.click()
    page.wait_for_url("**/chapters/references.html#*")
    expect(page.locator(":target")).to_be_visible()


# The grader in the page.

GRADE = """async (key, answer) => {
  try { return await course.grade(key, answer); }
  catch (error) { return { refused: error.message, name: error.name }; }
}"""
FORGED: tuple[Any, ...] = (
    *("no-such-id", ["no-such-id"], {"no-such-id": 1}, [], {}, "", True, False, None, 0, 1.5, 1e300, "2"),
    *([["a"]], {"a": {}}, {"a": True}, "é — “forged”"),
)


def in_python(item: dict[str, Any], answer: Any, certainty: int | None = None) -> dict[str, Any]:
    try:
        return grade(item, answer, certainty)
    except AnswerError as error:
        return {"refused": str(error), "name": "AnswerError"}


@pytest.mark.parametrize("via", VIAS)
def test_the_page_grades_and_refuses_as_python_does(open_page: Reader, book: Book, via: str) -> None:
    page = open_page(PRACTICE, via)
    refused = 0
    for vignette in book.bank.values():
        item = vignette.item
        if vignette.chapter != "practice" or item is None:
            continue
        for answer in (*FORGED, course_answer(item)):
            expected = in_python(item, answer)
            refused += "refused" in expected
            assert page.evaluate(f"([key, answer]) => ({GRADE})(key, answer)", [vignette.key, answer]) == expected
    assert refused > len(FORGED), "forged answers are refused"
    expect(page.locator('[data-state="untouched"]').first).to_be_visible()


def test_the_page_grades_certainty_as_python_does(open_page: Reader, book: Book) -> None:
    chosen = of_format(book, "best")
    assert chosen.item
    page = open_page(PRACTICE)
    for certainty in (1, 2, 3):
        graded = page.evaluate(
            "([...all]) => course.grade(...all)", [chosen.key, chosen.item["options"][0]["id"], certainty]
        )
        assert graded == in_python(chosen.item, chosen.item["options"][0]["id"], certainty)
    refused = page.evaluate("([...all]) => course.grade(...all).catch(e => e.message)", [chosen.key, "x", 4])
    assert refused == in_python(chosen.item, "x", 4)["refused"]


def test_a_forged_form_is_refused_beside_its_field(open_page: Reader, book: Book) -> None:
    chosen = of_format(book, "best")
    assert chosen.item
    vignette = vignette_of(open_page(PRACTICE), chosen.key)
    option = control(vignette, chosen.item["options"][0]["id"])
    option.evaluate("e => { e.value = 'no-such-id'; e.click(); }")
    check(vignette)
    message = in_python(chosen.item, "no-such-id")["refused"]
    expect(vignette.locator("form .vignette-error")).to_have_text(message)
    expect(vignette).to_have_attribute("data-state", "untouched")
    assert vignette.get_attribute("data-marks") is None


def test_what_is_never_graded_and_what_is_not_there_is_refused(open_page: Reader, book: Book) -> None:
    said = of_format(book, "say")
    page = open_page(PRACTICE)
    refusal = "id => course.grade(id, 'x').then(() => null, error => error.message)"
    assert "never graded" in page.evaluate(refusal, said.key)
    assert "no vignette practice/nobody" in page.evaluate(refusal, "practice/nobody")


# The runtime.


def test_the_runtime_is_asked_for_once_a_page(open_page: Reader, book: Book) -> None:
    page = open_page(PRACTICE)
    for format in ("best", "estimate"):
        chosen = of_format(book, format)
        assert chosen.item
        with_mouse(vignette_of(page, chosen.key), chosen.item, course_answer(chosen.item))
        expect(vignette_of(page, chosen.key)).to_have_attribute("data-state", "answered")
    assert runtimes(open_page, page) == 1


# A screen or two of text before the first vignette, whatever the chapter has there.
FAR_DOWN = """addEventListener("DOMContentLoaded", () => {
  const text = document.createElement("div");
  text.style.height = "3000px";
  document.querySelector("main").prepend(text);
})"""


@pytest.mark.parametrize("via", VIAS)
def test_the_runtime_waits_until_a_vignette_comes_near(open_page: Reader, via: str) -> None:
    page = open_page(PRACTICE, via, before=FAR_DOWN)
    first = page.locator("ethics-vignette").first
    expect(first.locator("[type=submit]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert runtimes(open_page, page) == 0
    with page.expect_request("**/runtime.js*"):
        first.scroll_into_view_if_needed()


def test_a_page_without_vignettes_never_asks_for_the_runtime(open_page: Reader) -> None:
    page = open_page("chapters/references.html")
    page.wait_for_load_state("networkidle")
    assert runtimes(open_page, page) == 0


# Say it.

SENTENCE = "I would love to, but “I am away” — so I can't."


@pytest.mark.parametrize("via", VIAS)
def test_a_sentence_is_held_against_model_lines_and_never_graded(open_page: Reader, book: Book, via: str) -> None:
    said = of_format(book, "say")
    entry: Any = said.entry
    vignette = vignette_of(open_page(PRACTICE, via), said.key)
    expect(vignette.locator("form")).to_contain_text("Do not write about a real person.")
    box = vignette.locator("textarea[name=answer]")
    go_to_section(vignette)
    tab_to(box)
    vignette.page.keyboard.type(SENTENCE)
    tab_to(vignette.get_by_role("button", name="Compare", exact=True))
    vignette.page.keyboard.press("Enter")
    expect(vignette).to_have_attribute("data-state", "revealed")
    lines = vignette.locator(".vignette-models q")
    assert lines.all_inner_texts() == [line.text for line in entry.models]
    for line in lines.all():
        expect(line).to_be_visible()
    ticks = vignette.locator(".vignette-ticks").get_by_role("checkbox")
    expect(ticks).to_have_count(len(entry.ticks))
    ticks.first.check()
    expect(ticks.first).to_be_checked()
    expect(box).to_have_value(SENTENCE)
    assert vignette.get_attribute("data-marks") is None
    assert vignette.locator(".vignette-item").count() == 0


def test_model_lines_wait_for_the_readers_own(open_page: Reader, book: Book) -> None:
    said = of_format(book, "say")
    vignette = vignette_of(open_page(PRACTICE), said.key)
    expect(vignette.get_by_role("button", name="Compare", exact=True)).to_be_visible()
    expect(vignette.locator(".vignette-models")).to_be_hidden()
