"""What axe, a very small screen, a thumb and a keyboard find on the phone's page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from class_server import BEST, Class
from playwright.sync_api import Page, expect

from widgets.bank import load_bank

BANK = load_bank()
FIRST = BANK[BEST].item["options"][0]["id"]  # type: ignore[index]
KEYS = {v.entry.format: key for key, v in BANK.items() if v.chapter == "practice"}
NARROW = {"width": 320, "height": 640}
LOOKS = {"light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"}}
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# Apple asks for 44 points and Android for 48; WCAG 2.2 (2.5.8) for 24.
THUMB = 44


def faults(page: Page) -> list[str]:
    """What axe finds, and by how much the page can be pushed sideways."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    said = [f"{rule['id']}: {node['target']}: {node['failureSummary']}" for rule in found for node in rule["nodes"]]
    aside = page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
    return said if aside <= 0 else [*said, f"{aside} pixels sideways"]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_step(student, server: Class, look: str) -> None:
    room = server.open()
    one = student(room, viewport=NARROW, expects="404", **LOOKS[look])
    one.page.goto(f"{one.url}/?code=nosuch")
    assert not faults(one.page)
    one.open()
    expect(one.page.get_by_role("button", name="Join")).to_be_enabled()
    assert not faults(one.page)
    one.page.get_by_role("button", name="Join").click()
    expect(one.step).to_have_text("You are in")
    assert not faults(one.page)
    for step, heading in (("scene", "The scene"), ("think", "Think"), ("vote1", "First vote")):
        room.step(step, seconds=300, asks_reason=True)
        expect(one.step).to_have_text(heading)
        assert not faults(one.page), step
    one.send()
    expect(one.page.locator(".vignette-error")).to_be_visible()
    assert not faults(one.page)
    one.choose(FIRST)
    one.page.get_by_label("Why?").fill("A reason")
    one.send()
    expect(one.told).to_contain_text("Sent.")
    assert not faults(one.page)
    room.step("talk", seconds=120)
    room.post("tables", item=BEST)
    expect(one.page.locator("#table")).to_be_visible()
    assert not faults(one.page)
    room.step("reasons")
    for given in room.get("reasons", item=BEST)["reasons"]:
        room.post(f"reasons/{given['id']}", shown=True)
    expect(one.page.locator("#shown")).to_be_visible()
    assert not faults(one.page)


@pytest.mark.parametrize("format", ["pick", "rate", "rank", "sort", "mark", "estimate", "path", "say"])
def test_axe_finds_nothing_in_any_format_and_a_thumb_hits_what_it_aims_at(student, server: Class, format: str) -> None:
    key = KEYS[format]
    room = server.open(key)
    one = student(room, viewport=NARROW)
    one.join()
    room.step("vote1", key)
    expect(one.step).to_have_text("First vote")
    expect(one.item).to_be_visible()
    assert not faults(one.page)
    aims = one.item.locator("button:visible, select:visible, input[type=number]:visible, label:has(> input):visible")
    # A sentence to mark is as high as its line, and can be as long; WCAG's exception for targets in a sentence.
    lowest = 24 if format == "mark" else THUMB
    for box in aims.evaluate_all("all => all.map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])"):
        assert box[1] >= lowest, box


COVERED = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const box = e.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const outline = parseFloat(getComputedStyle(e).outlineWidth);
  return { what: e.outerHTML.slice(0, 90), seen: seen === e || e.contains(seen) || seen?.contains(e), outline };
}"""


@pytest.mark.parametrize("key", ["rank", "rate"])
def test_the_keyboard_reaches_everything_and_nothing_that_sticks_covers_the_focus(student, server, key: str) -> None:
    room = server.open(KEYS[key])
    one = student(room, viewport={"width": 360, "height": 500})
    one.join()
    room.step("vote1", KEYS[key], seconds=600, asks_reason=True)
    expect(one.step).to_have_text("First vote")
    reached: list[dict[str, Any]] = []
    while True:
        one.page.keyboard.press("Tab")
        focused = one.page.evaluate(COVERED)
        if focused is None:
            break
        assert focused["seen"], focused
        assert focused["outline"] >= 2, focused
        reached.append(focused)
        assert len(reached) < 100
    assert any("Send" in focused["what"] or "submit" in focused["what"] for focused in reached)


def test_the_button_is_always_within_reach(student, server: Class) -> None:
    room = server.open(KEYS["rate"])
    one = student(room)
    one.join()
    room.step("vote1", KEYS["rate"])
    button = one.item.get_by_role("button", name="Send", exact=True)
    expect(button).to_be_in_viewport(ratio=1)
    one.page.evaluate("scrollTo(0, 400)")
    expect(button).to_be_in_viewport(ratio=1)
    expect(one.step).to_be_in_viewport(ratio=1)


def test_a_new_step_begins_at_the_top_but_nobody_is_moved_when_the_vote_opens(student, server: Class) -> None:
    room = server.open()
    one = student(room)
    one.join()
    room.step("think")
    expect(one.step).to_have_text("Think")
    one.page.evaluate("scrollTo(0, 250)")
    room.step("vote1")
    expect(one.item.locator(f'[value="{FIRST}"]')).to_be_enabled()
    assert one.page.evaluate("scrollY") == 250
    room.step("talk")
    expect(one.step).to_have_text("Talk")
    assert one.page.evaluate("scrollY") == 0


def test_a_page_without_scripts_says_what_to_do(server: Class) -> None:
    # Chromium that is driven draws no <noscript>, so its HTML is read.
    room = server.open()
    with server.client() as plain:
        html = plain.get(f"/{room.code}").text
    (said,) = re.findall("<noscript>(.*?)</noscript>", html, re.S)
    assert "put your hand up when the others vote" in said
    assert re.search(r'<button[^>]* id="enter"[^>]* disabled>', html)
