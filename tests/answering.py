"""How a reader fills in a vignette's form: with the mouse, and with the keyboard alone. Each ends with Check.

On a phone in class, where nothing is checked, that button says *Send*, or *Go on* along a path.
"""

from __future__ import annotations

import re
from typing import Any

from built_book import Book
from playwright.sync_api import Locator, Page, expect

from widgets.grading import course_answer

Item = dict[str, Any]
TABS = 80  # more stops than any vignette has
SUBMIT = re.compile("^(Check|Send|Go on)$")


def other_answer(item: Item) -> Any:
    """A complete answer, as the page asks for one, that is not the course's."""
    answer: Any = course_answer(item)
    match item["format"]:
        case "best":
            return min(item["options"], key=lambda o: o["marks"])["id"]
        case "pick":
            return [o["id"] for o in item["options"] if not o["keyed"]][: len(answer)]
        case "mark":
            return [s["id"] for s in item["spans"] if s["keyed"] is False][:1] + answer[:1]
        case "rate":
            return {id: 2 if level == 1 else level - 1 for id, level in answer.items()}
        case "rank":
            return {id: len(answer) + 1 - place for id, place in answer.items()}
        case "sort":
            groups = item["categories"]
            return {id: groups[(groups.index(group) + 1) % len(groups)] for id, group in answer.items()}
        case "estimate":
            return item["key"] + (item["full"] + item["half"]) / 2
        case _:
            return worst_path(item)


def some_answer(item: Item) -> Any:
    """The course's answer; where nothing is scored and there is none, any complete one."""
    answer = course_answer(item)
    if answer is not None:
        return answer
    ids = [option["id"] for option in item.get("options") or item.get("spans", [])]
    match item["format"]:
        case "best":
            return ids[0]
        case "pick" | "mark":
            return ids[: item["choose"]] if isinstance(item.get("choose"), int) else ids[:1]
        case "rate":
            return dict.fromkeys(ids, 2)
        case "rank":
            return {id: rank for rank, id in enumerate(ids, start=1)}
        case "sort":
            return dict.fromkeys(ids, item["categories"][0])
        case "estimate":
            return 1
        case _:
            taken, here = [], item["start"]
            while here in item["steps"]:
                option = item["steps"][here]["options"][0]
                taken.append(option["id"])
                here = option["next"]
            return taken


def worst_path(item: Item) -> list[str]:
    """The option with the fewest marks at each decision."""
    taken, here = [], item["start"]
    while here in item["steps"]:
        option = min(item["steps"][here]["options"], key=lambda o: o["marks"])
        taken.append(option["id"])
        here = option["next"]
    return taken


def check(vignette: Locator) -> None:
    vignette.get_by_role("button", name=SUBMIT).click()


def place(vignette: Locator, id: str) -> Locator:
    """Where the form asks about one option."""
    return vignette.locator(f'form [data-field="{id}"]')


def control(vignette: Locator, value: str, name: str = "answer") -> Locator:
    """The radio or checkbox that stands for a value, where it can be reached."""
    return vignette.locator(f'form :not([hidden]) > label > input[name="{name}"][value="{value}"]:enabled')


# The mouse.


def with_mouse(vignette: Locator, item: Item, answer: Any) -> None:
    match item["format"]:
        case "best":
            _press(control(vignette, answer))
        case "pick" | "mark":
            for option in item["options" if item["format"] == "pick" else "spans"]:
                box = control(vignette, option["id"])
                if box.is_checked() != (option["id"] in answer):
                    _press(box)
        case "rate":
            for id, level in answer.items():
                _press(control(vignette, str(level), id))
        case "rank":
            _order(vignette, sorted(answer, key=answer.__getitem__))
        case "sort":
            for id, group in answer.items():
                place(vignette, id).locator("select").select_option(group)
        case "estimate":
            vignette.locator("input[type=number]").fill(str(answer))
        case "path":
            for number, option in enumerate(answer, start=1):
                expect(vignette.locator(".vignette-route")).to_have_text(f"Decision {number}")
                _press(control(vignette, option))
                if number < len(answer):
                    check(vignette)
    check(vignette)


def _press(box: Locator) -> None:
    """Click the words beside it, as readers do."""
    box.locator("xpath=..").click()


def _order(vignette: Locator, wanted: list[str]) -> None:
    """Bring the options into an order with the buttons beside them."""
    last = place(vignette, wanted[-1])
    last.locator('[data-move="-1"]').click()  # one press numbers all, also where the order is the wanted one
    for index, id in enumerate(wanted):
        row = place(vignette, id)
        while row.evaluate("e => [...e.parentElement.children].indexOf(e)") > index:
            row.locator('[data-move="-1"]').click()


# The keyboard. Focus starts where a link to the vignette's section leaves it.


def with_keyboard(vignette: Locator, item: Item, answer: Any) -> None:
    """Tab, arrows, Space, Enter and letters; the form must be as it was loaded."""
    keys = vignette.page.keyboard
    go_to_section(vignette)
    match item["format"]:
        case "best":
            _arrow_to(control(vignette, item["options"][0]["id"]), control(vignette, answer))
        case "pick" | "mark":
            for id in sorted(answer, key=[o["id"] for o in item.get("options") or item["spans"]].index):
                tab_to(control(vignette, id))
                keys.press("Space")
        case "rate":
            for option in item["options"]:
                id = option["id"]
                _arrow_to(control(vignette, "1", id), control(vignette, str(answer[id]), id))
        case "rank":
            for option in item["options"]:
                tab_to(place(vignette, option["id"]).locator("select"))
                keys.type(str(answer[option["id"]]))
        case "sort":
            for option in item["options"]:
                tab_to(place(vignette, option["id"]).locator("select"))
                for _ in range(item["categories"].index(answer[option["id"]]) + 1):
                    keys.press("ArrowDown")
        case "estimate":
            tab_to(vignette.locator("input[type=number]"))
            keys.type(str(answer))
            keys.press("Enter")
            return
        case "path":
            here = item["start"]
            for number, id in enumerate(answer, start=1):
                options = item["steps"][here]["options"]
                _arrow_to(control(vignette, options[0]["id"]), control(vignette, id))
                here = next(o["next"] for o in options if o["id"] == id)
                if number < len(answer):
                    _enter_check(vignette)
                    expect(vignette.locator(".vignette-route")).to_have_text(f"Decision {number + 1}")
    # An arrow key or a letter must not check the answer before its reader does.
    expect(vignette).to_have_attribute("data-state", "untouched")
    _enter_check(vignette)


def go_to_section(vignette: Locator) -> None:
    page = vignette.page
    expect(vignette.locator('[type="submit"]')).to_be_visible()
    section = vignette.evaluate("e => e.closest('section').id")
    page.goto(f"{page.url.partition('#')[0]}#{section}")


def tab_to(target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus."""
    for _ in range(TABS):
        if target.evaluate("e => e === document.activeElement"):
            return
        target.page.keyboard.press(key)
    raise AssertionError(f"{TABS} presses of {key} do not reach {target}")


def _arrow_to(first: Locator, wanted: Locator) -> None:
    tab_to(first)
    first.page.keyboard.press("Space")
    for _ in range(TABS):
        if wanted.is_checked():
            return
        first.page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow key reaches {wanted}")


def _enter_check(vignette: Locator) -> None:
    tab_to(vignette.get_by_role("button", name=SUBMIT))
    vignette.page.keyboard.press("Enter")


# A vignette of the built page.


def vignette(page: Page, key: str) -> Locator:
    return page.locator(f'ethics-vignette[data-id="{key}"]')


def first(book: Book, chapter: str, format: str) -> str:
    """The key of the chapter's first vignette of the format."""
    return next(k for k, v in book.bank.items() if v.chapter == chapter and v.entry.format == format and v.item)


def answer(book: Book, page: Page, key: str, right: bool = True) -> None:
    """Answer as the course does, or not, and wait for the reasons."""
    item = book.bank[key].item
    assert item is not None
    with_mouse(vignette(page, key), item, course_answer(item) if right else other_answer(item))
    expect(vignette(page, key)).to_have_attribute("data-state", "answered")


def goto(page: Page, path: str) -> None:
    """Go to another page of the same book."""
    page.goto(page.url.rpartition("/chapters/")[0] + "/" + path)
