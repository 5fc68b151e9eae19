"""Each format in the built page: answered by mouse and by keyboard, graded, and explained."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from answering import check, control, go_to_section, other_answer, place, tab_to, with_keyboard, with_mouse, worst_path
from browser import Reader
from built_book import Book
from playwright.sync_api import Locator, expect

from widgets.bank import Vignette
from widgets.bank.models import FORMATS
from widgets.grading import course_answer, grade
from widgets.markup import LEVELS, inline

GRADED = [format for format in FORMATS if format != "say"]
PRACTICE = "chapters/practice.html"
Hand = Callable[[Locator, dict[str, Any], Any], None]


def of_format(book: Book, format: str) -> Vignette:
    """The practice page's vignette of the format."""
    return next(v for v in book.bank.values() if v.chapter == "practice" and v.entry.format == format)


def graded_item(book: Book, format: str) -> tuple[str, dict[str, Any]]:
    vignette = of_format(book, format)
    assert vignette.item
    return vignette.key, vignette.item


def open_vignette(open_page: Reader, key: str, via: str = "http", **how: Any) -> Locator:
    return open_page(PRACTICE, via, **how).locator(f'ethics-vignette[data-id="{key}"]')


def expect_graded(vignette: Locator, result: dict[str, Any]) -> None:
    """The marks of a result on the element, the outcome told, the reasons open."""
    expect(vignette).to_have_attribute("data-state", "answered")
    assert float(vignette.get_attribute("data-marks") or "nan") == result["marks"]
    assert float(vignette.get_attribute("data-out-of") or "nan") == result["out_of"]
    expect(vignette.locator(".vignette-outcome")).to_contain_text(f"{result['marks']:g} of {result['out_of']:g} mark")
    expect(vignette.locator(".vignette-reasons .vignette-why").first).to_be_visible()


@pytest.mark.parametrize("hand", [with_mouse, with_keyboard])
@pytest.mark.parametrize("via", ["http", "file"])
@pytest.mark.parametrize("format", GRADED)
def test_the_courses_answer_has_all_marks(open_page: Reader, book: Book, format: str, via: str, hand: Hand) -> None:
    key, item = graded_item(book, format)
    vignette = open_vignette(open_page, key, via)
    expect(vignette).to_have_attribute("data-state", "untouched")
    assert vignette.get_attribute("data-marks") is None
    hand(vignette, item, course_answer(item))
    result = grade(item, course_answer(item))
    assert result["marks"] == result["out_of"]
    expect_graded(vignette, result)


@pytest.mark.parametrize("format", GRADED)
def test_another_answer_has_the_graders_marks_and_can_be_changed(open_page: Reader, book: Book, format: str) -> None:
    key, item = graded_item(book, format)
    vignette = open_vignette(open_page, key)
    result = grade(item, other_answer(item))
    assert result["share"] < 1
    with_mouse(vignette, item, other_answer(item))
    expect_graded(vignette, result)
    if format == "path":
        for _ in other_answer(item):
            vignette.get_by_role("button", name="Back one step").click()
    with_mouse(vignette, item, course_answer(item))
    expect(vignette).to_have_attribute("data-marks", f"{grade(item, course_answer(item))['marks']:g}")


# What each option is told: the words for what was given, by format.
GIVEN: dict[str, Callable[[Any, Any], str]] = {
    "best": lambda _entry, _part: "Your answer.",
    "pick": lambda _entry, part: "You chose it." if part["given"] else "You left it.",
    "mark": lambda _entry, part: "You marked it." if part["given"] else "You left it.",
    "rate": lambda _entry, part: f"You: {LEVELS[part['given'] - 1].lower()}.",
    "rank": lambda _entry, part: f"You: place {part['given']}.",
    "sort": lambda entry, part: f"You: {next(c.text for c in entry.categories if c.id == part['given'])}.",
    "estimate": lambda _entry, part: f"You: {part['given']:g}.",
}
# And for what the key says.
KEYED: dict[str, Callable[[Any, Any], str]] = {
    "best": lambda _entry, part: f"{part['marks']} of {part['out_of']} marks",
    "pick": lambda _entry, part: "The course chooses it." if part["key"] else "The course leaves it.",
    "mark": lambda _entry, part: "The course marks it." if part["key"] else "The course leaves it.",
    "rate": lambda _entry, part: f"The course: {_either(part['key'], lambda level: LEVELS[level - 1].lower())}.",
    "rank": lambda _entry, part: f"The course: place {part['key']}.",
    "sort": lambda entry, part: f"The course: {_either(part['key'], _category(entry))}.",
    "estimate": lambda entry, part: f"The figure: {part['key']:,g} {entry.unit}.",
}


def _either(key: Any, named: Callable[[Any], str]) -> str:
    return " or ".join(map(named, key if isinstance(key, list) else [key]))


def _category(entry: Any) -> Callable[[str], str]:
    return lambda category: next(c.text for c in entry.categories if c.id == category)


def _reasons(entry: Any) -> dict[str, str]:
    """The bank's reason for each part of an entry that is no path."""
    if entry.format == "estimate":
        return {"answer": entry.why}
    return {o.id: o.why for o in (entry.spans if entry.format == "mark" else entry.options)}


@pytest.mark.parametrize("format", [format for format in GRADED if format != "path"])
def test_each_part_says_what_was_given_the_key_the_marks_and_why(open_page: Reader, book: Book, format: str) -> None:
    key, item = graded_item(book, format)
    entry = book.bank[key].entry
    vignette = open_vignette(open_page, key)
    with_mouse(vignette, item, other_answer(item))
    expect(vignette).to_have_attribute("data-state", "answered")
    result = grade(item, other_answer(item))
    for part in result["parts"]:
        id = part["given"] if format == "best" else part["id"]
        feedback = vignette.locator(f'.vignette-parts [data-part="{id}"]')
        yours = feedback.locator(".vignette-yours")
        expect(yours).to_be_visible()
        expect(yours).to_contain_text(GIVEN[format](entry, part))
        if format != "best" and part["marks"] >= 0 and part["out_of"]:
            expect(yours).to_contain_text(f"{part['marks']:g} of {part['out_of']:g}")
        expect(feedback.locator(".vignette-course")).to_contain_text(KEYED[format](entry, part))
    for id, why in _reasons(entry).items():
        reason = vignette.locator(f'.vignette-parts [data-part="{id}"] .vignette-why')
        expect(reason).to_be_visible()
        assert plain(reason) in (why, plain_markdown(vignette, why))
    expect(vignette.locator(".vignette-debrief")).to_be_visible()
    expect(vignette.locator(".vignette-agreement")).to_have_text(
        "Agreement with the course, not competence or fitness to practise."
    )


def plain(locator: Locator) -> str:
    return " ".join(locator.inner_text().split())


def plain_markdown(vignette: Locator, text: str) -> str:
    """A bank's Markdown as the words that a browser shows."""
    show = "html => new DOMParser().parseFromString(html, 'text/html').body.textContent.replace(/\\s+/g, ' ').trim()"
    return str(vignette.evaluate(f"(_, html) => ({show})(html)", str(inline(text))))


def test_the_options_that_best_did_not_choose_have_their_marks_too(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "best")
    vignette = open_vignette(open_page, key)
    with_mouse(vignette, item, other_answer(item))
    expect(vignette).to_have_attribute("data-state", "answered")
    best = max(option["marks"] for option in item["options"])
    for option in item["options"]:
        told = vignette.locator(f'[data-part="{option["id"]}"] .vignette-course')
        expect(told).to_contain_text(f"{option['marks']} of {best} marks")
        assert ("The course’s answer" in told.inner_text()) == (option["marks"] == best)
        yours = vignette.locator(f'[data-part="{option["id"]}"] .vignette-yours')
        expect(yours).to_be_visible(visible=option["id"] == other_answer(item))


def test_a_part_marked_too_many_costs_one(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "mark")
    alarm = next(part for part in grade(item, other_answer(item))["parts"] if part["marks"] < 0)
    vignette = open_vignette(open_page, key)
    with_mouse(vignette, item, other_answer(item))
    expect(vignette.locator(f'[data-part="{alarm["id"]}"] .vignette-yours')).to_contain_text("One mark less.")


def test_a_sentence_is_written_and_compared_from_the_keyboard(open_page: Reader, book: Book) -> None:
    vignette = open_vignette(open_page, of_format(book, "say").key)
    go_to_section(vignette)
    tab_to(vignette.locator("textarea"))
    vignette.page.keyboard.type("I am away then, sorry.")
    tab_to(vignette.get_by_role("button", name="Compare", exact=True))
    vignette.page.keyboard.press("Enter")
    expect(vignette).to_have_attribute("data-state", "revealed")
    expect(vignette.locator(".vignette-models")).to_be_visible()
    tab_to(vignette.locator(".vignette-ticks input").last)
    vignette.page.keyboard.press("Space")
    expect(vignette.locator(".vignette-ticks input").last).to_be_checked()


# Putting in order.


def test_two_options_in_one_place_are_named_before_anything_is_graded(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "rank")
    vignette = open_vignette(open_page, key)
    tied, other, *rest = [option["id"] for option in item["options"]]
    for rank, id in enumerate([other, *rest], start=2):
        place(vignette, id).locator("select").select_option(str(rank))
    place(vignette, tied).locator("select").select_option("2")
    check(vignette)
    expect(place(vignette, tied).locator("select")).to_have_accessible_description(
        "Two options share place 2. Give each its own."
    )
    expect(vignette).to_have_attribute("data-state", "untouched")


def test_move_buttons_take_the_keyboard_and_keep_the_focus(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "rank")
    vignette = open_vignette(open_page, key)
    ids = [option["id"] for option in item["options"]]
    down = place(vignette, ids[0]).locator('[data-move="1"]')
    expect(down).to_be_visible()
    place(vignette, ids[0]).locator("select").focus()
    tab_to(down)
    down.press("Enter")
    down.press("Space")
    expect(down).to_be_focused()
    order = [ids[1], ids[2], ids[0], *ids[3:]]
    assert [row.get_attribute("data-field") for row in vignette.locator("li[data-field]").all()] == order
    for rank, id in enumerate(order, start=1):
        expect(place(vignette, id).locator("select")).to_have_value(str(rank))
    expect(vignette.get_by_role("status").first).to_contain_text(f"place 3 of {len(ids)}")
    for _ in ids:
        down.press("Enter")
    expect(place(vignette, ids[0]).locator("select")).to_have_value(str(len(ids)))
    up = place(vignette, ids[0]).locator('[data-move="-1"]')
    tab_to(up, "Shift+Tab")
    for rank in (len(ids) - 1, len(ids) - 2):
        vignette.page.keyboard.press("Enter")
        expect(place(vignette, ids[0]).locator("select")).to_have_value(str(rank))
        expect(up).to_be_focused()


def test_a_move_keeps_the_places_that_were_chosen(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "rank")
    vignette = open_vignette(open_page, key)
    first, *rest = [option["id"] for option in item["options"]]
    for rank, id in enumerate(reversed(rest), start=1):  # the last of the list first; the first has no place yet
        place(vignette, id).locator("select").select_option(str(rank))
    place(vignette, rest[-1]).locator('[data-move="1"]').click()
    order = [*reversed(rest), first]
    order[:2] = order[1], order[0]
    assert [row.get_attribute("data-field") for row in vignette.locator("li[data-field]").all()] == order
    for rank, id in enumerate(order, start=1):
        expect(place(vignette, id).locator("select")).to_have_value(str(rank))
    expect(place(vignette, rest[-1]).locator('[data-move="1"]')).to_be_focused()
    expect(vignette.get_by_role("status").first).to_have_text(re.compile(f"^Now in place 2 of {len(order)}: "))


def test_a_move_takes_a_fault_away_like_any_other_change(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "rank")
    vignette = open_vignette(open_page, key)
    check(vignette)
    expect(vignette.locator(".vignette-error")).to_have_text("Give this one a place.")
    place(vignette, item["options"][0]["id"]).locator('[data-move="1"]').click()
    expect(vignette.locator(".vignette-error")).to_have_count(0)
    expect(place(vignette, item["options"][0]["id"]).locator("select")).not_to_have_attribute("aria-invalid", "true")


def test_move_buttons_say_which_option_they_move(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "rank")
    entry: Any = book.bank[key].entry
    vignette = open_vignette(open_page, key)
    for option in entry.options:
        words = plain_markdown(vignette, option.text)
        expect(vignette.get_by_role("button", name=f"Move up: {words}", exact=True)).to_be_visible()
    assert vignette.get_by_role("button", name="Move down: ").count() == len(item["options"])


# A path.


def test_a_path_unfolds_one_decision_at_a_time_and_goes_back(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "path")
    entry: Any = book.bank[key].entry
    vignette = open_vignette(open_page, key)
    first, *_ = taken = worst_path(item)
    steps = vignette.locator("form [data-step]")
    back = vignette.get_by_role("button", name="Back one step")
    expect(back).to_be_hidden()
    control(vignette, first).check()
    check(vignette)
    expect(vignette.locator(".vignette-route")).to_have_text("Decision 2")
    after = next(o["next"] for o in item["steps"][item["start"]]["options"] if o["id"] == first)
    for step in steps.all():
        expect(step).to_be_visible(visible=step.get_attribute("data-step") == after)
    consequence = vignette.locator(f'form [data-step="{after}"] .vignette-turn')
    assert plain(consequence) == plain_markdown(vignette, entry.steps[after].text)
    assert len(taken) > 1
    # On the way nothing is told: neither marks, nor reasons, nor an ending.
    expect(vignette).to_have_attribute("data-state", "untouched")
    expect(vignette.locator(".vignette-reasons")).to_be_hidden()
    assert not vignette.locator("[data-ending]").locator("visible=true").count()
    back.click()
    expect(vignette.locator(".vignette-route")).to_have_text("Decision 1")
    expect(control(vignette, first)).to_be_checked()
    expect(back).to_be_hidden()


@pytest.mark.parametrize("route", [course_answer, worst_path])
def test_a_path_ends_where_its_choices_lead_and_explains_those(
    open_page: Reader, book: Book, route: Callable[[dict[str, Any]], Any]
) -> None:
    key, item = graded_item(book, "path")
    entry: Any = book.bank[key].entry
    vignette = open_vignette(open_page, key)
    with_mouse(vignette, item, route(item))
    result = grade(item, route(item))
    expect_graded(vignette, result)
    for ending in vignette.locator("[data-ending]").all():
        expect(ending).to_be_visible(visible=ending.get_attribute("data-ending") == result["ending"])
    reached = {part["id"]: part["given"] for part in result["parts"]}
    for step in vignette.locator(".vignette-parts > [data-part]").all():
        id = step.get_attribute("data-part") or ""
        expect(step).to_be_visible(visible=id in reached)
        if id in reached:
            chosen = next(o for o in entry.steps[id].options if o.id == reached[id])
            words = plain_markdown(vignette, chosen.text)
            expect(step.locator("> .vignette-yours")).to_have_text(f"You: {words}")
            expect(step.locator(f'[data-option="{chosen.id}"] .vignette-why')).to_be_visible()
    # A path that has ended is left by going back, not by checking again.
    expect(vignette.get_by_role("button", name="Check", exact=True)).to_be_hidden()


def test_going_back_from_an_ending_takes_the_marks_away(open_page: Reader, book: Book) -> None:
    key, item = graded_item(book, "path")
    vignette = open_vignette(open_page, key)
    with_mouse(vignette, item, worst_path(item))
    expect(vignette).to_have_attribute("data-state", "answered")
    vignette.get_by_role("button", name="Back one step").click()
    expect(vignette).to_have_attribute("data-state", "untouched")
    assert vignette.get_attribute("data-marks") is None
    assert vignette.get_attribute("data-out-of") is None
    expect(vignette.locator(".vignette-reasons")).to_be_hidden()
    expect(vignette.locator(".vignette-route")).to_have_text(f"Decision {len(worst_path(item))}")
    expect(vignette.get_by_role("button", name="Check", exact=True)).to_be_visible()
