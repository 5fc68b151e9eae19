"""A presenter's keys in JupyterLab and in Notebook 7, and what the wall looks like at the size that many halls have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from live import Jupyter, Notebook, write
from playwright.sync_api import Browser, Locator, Page, expect

from widgets.bank import load_bank

BEST, PATH, CRISIS = "boundaries/barbecue-intake", "boundaries/the-fence", "support/lunch-with-ida"
BANK = load_bank()
HALL = {"width": 1024, "height": 768}
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}  # as tests/test_accessibility.py
READABLE = 20  # pixels: about a fortieth of the height of the wall
DRAWN_READABLE = 16  # in a drawing, which is looked at and not read through
PICK, RANK, ESTIMATE = "boundaries/request-client", "boundaries/overrun-repair", "boundaries/family-prescribing"


class Wall:
    """A presentation in a notebook."""

    def __init__(self, notebook: Notebook, page: Page | None = None) -> None:
        self.notebook, self.page = notebook, page or notebook.page
        self.what: str | list[str] = BEST
        self.stage: Locator = self.page.locator("section.present")
        self.cells = notebook.page.locator(".jp-Notebook .jp-Cell")

    def show(self, what: str | list[str]) -> None:
        """Present something else in the same cell."""
        self.what = what
        self.notebook.run(f"show._walk = stops({what!r}, show._bank)\nshow._at = show._step = 0\nshow._draw()")

    def drawn(self) -> Locator:
        """The reasons of an item, with two votes of twelve people above them; its drawing."""
        self.show(PICK)
        first, second = [option["id"] for option in BANK[PICK].item["options"]][:2]  # type: ignore[index]
        counts = {first: 9, second: 4}
        self.notebook.run(f"for vote in (1, 2):\n    show.hands({counts}, vote, 12)")
        self.go("Reasons")
        drawing = self.stage.locator(".present-drawing img")
        expect(drawing).to_be_visible()
        return drawing

    def go(self, step: str) -> None:
        self.stage.get_by_role("button", name=step, exact=True).click()
        self.expect(step)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def expect(self, step: str) -> None:
        expect(self.stage.locator('[aria-current="step"]')).to_have_text(step)


def opened(browser: Browser, jupyter: Jupyter) -> Wall:
    write(
        jupyter.chapters / "present.ipynb",
        [f"from widgets import present\nfrom widgets.plans import stops\n\nshow = present({BEST!r})\nshow"],
    )
    notebook = Notebook(browser, jupyter, "present.ipynb")
    notebook.page.set_viewport_size(HALL)
    notebook.run_all()
    wall = Wall(notebook)
    expect(wall.stage).to_be_visible()
    return wall


@pytest.fixture(scope="module")
def in_lab(browser: Browser, lab: Jupyter) -> Iterator[Wall]:
    wall = opened(browser, lab)
    yield wall
    wall.notebook.close()


@pytest.fixture(scope="module")
def in_notebook(browser: Browser, notebook7: Jupyter) -> Iterator[Wall]:
    wall = opened(browser, notebook7)
    yield wall
    wall.notebook.close()


@pytest.fixture
def wall(request: Any) -> Iterator[Wall]:
    """JupyterLab's, or the one that a test names; at the scene, with the focus on it."""
    wall: Wall = request.getfixturevalue(getattr(request, "param", "in_lab"))
    if wall.what != BEST:
        wall.show(BEST)
    wall.stage.focus()
    while wall.stage.get_by_role("button", name="‹ Back").is_enabled():
        wall.go("Scene")
    yield wall
    if wall.page.evaluate("!!document.fullscreenElement"):
        wall.press("f")
        expect(wall.stage).not_to_have_css("position", "fixed")


BOTH = pytest.mark.parametrize("wall", ["in_lab", "in_notebook"], indirect=True)


@BOTH
def test_a_remotes_keys_move_the_wall_and_not_the_notebook(wall):
    count = wall.cells.count()
    for key, step in [("PageDown", "Think"), ("ArrowRight", "First vote"), ("PageUp", "Think"), ("ArrowLeft", "Scene")]:
        wall.press(key)
        wall.expect(step)
    # In command mode these would insert, delete and move cells.
    wall.press("a", "x", "d", "d", "j", "k", "ArrowDown", "ArrowUp")
    wall.press("PageDown")
    wall.expect("Think")
    expect(wall.cells).to_have_count(count)
    expect(wall.stage).to_be_focused()


def test_a_key_that_is_held_moves_one_step_and_goes_on_scrolling(wall):
    for key, then in [("PageDown", "Think"), ("ArrowRight", "First vote")]:
        wall.page.keyboard.down(key)
        wall.expect(then)
        wall.page.keyboard.down(key)  # what a key that is held down sends
        wall.page.keyboard.up(key)
    forward = wall.stage.get_by_role("button", name="Next ›")
    forward.focus()
    wall.page.keyboard.down("Enter")
    wall.expect("Talk")
    expect(forward).to_be_focused()
    wall.page.keyboard.down("Enter")
    wall.page.keyboard.up("Enter")
    assert wall.notebook.run("print(show.step)") == "talk"  # whatever else was sent has been done by now
    wall.go("Reasons")
    wall.stage.focus()
    wall.page.keyboard.down("ArrowDown")
    wall.page.keyboard.down("ArrowDown")
    wall.page.keyboard.up("ArrowDown")
    wall.page.wait_for_function("document.querySelector('.present-body').scrollTop > 100")


@pytest.mark.parametrize(
    ("step", "after", "named"), [("First vote", "Talk", "talk"), ("Second vote", "Reasons", "reasons")]
)
def test_two_presses_before_the_kernel_answers_move_one_step(wall, step, after, named):
    wall.show([BEST, PATH])
    wall.go(step)
    wall.stage.evaluate(
        """e => ["ArrowRight", "ArrowRight"].forEach(
          key => e.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})))"""
    )
    wall.expect(after)
    assert wall.notebook.run("print(show.step)") == named
    wall.expect(after)


@BOTH
@pytest.mark.parametrize("key", [".", "b"])
def test_a_full_stop_blanks_the_wall_and_any_key_brings_it_back_where_it_was(wall, key):
    count = wall.cells.count()
    wall.press(key)
    black = wall.stage.locator(".present-black")
    expect(black).to_be_visible()
    expect(black).to_have_css("background-color", "rgb(0, 0, 0)")
    wall.press("PageDown")
    expect(black).to_be_hidden()
    wall.expect("Scene")
    wall.press("PageDown")
    wall.expect("Think")
    expect(wall.cells).to_have_count(count)


def test_while_it_is_blank_any_key_but_a_modifier_brings_it_back_and_nothing_behind_is_reached(wall):
    black = wall.stage.locator(".present-black")
    for key in ("x", "Tab", "Enter", "Escape", "5"):
        wall.press("B")  # Caps Lock is on
        expect(black).to_be_visible()
        wall.press("Shift", "CapsLock", "Control")
        expect(black).to_be_visible()
        reached = wall.stage.locator(".present-foot button:not(:disabled)").evaluate_all(
            "all => all.filter(b => (b.focus(), document.activeElement === b)).length"
        )
        assert reached == 0
        black.focus()
        wall.press(key)
        expect(black).to_be_hidden()
        expect(wall.stage).to_be_focused()
    wall.expect("Scene")
    wall.press("F")
    expect(wall.stage).to_have_css("position", "fixed")


@BOTH
def test_full_screen_shows_the_wall_alone_and_its_keys_go_on_working(wall):
    wall.press("f")
    expect(wall.stage).to_have_css("position", "fixed")
    box = wall.stage.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (HALL["width"], HALL["height"])
    wall.page.evaluate("document.activeElement.blur()")
    wall.press("PageDown")
    wall.expect("Think")
    wall.press("F5")  # "start the show" on many a remote; the notebook is not loaded anew
    expect(wall.stage).not_to_have_css("position", "fixed")
    wall.expect("Think")


@pytest.mark.parametrize(
    "key",
    [BEST, PATH, PICK, RANK, ESTIMATE, "boundaries/school-gate", "boundaries/which-rung", "boundaries/special-client"],
)
def test_scene_and_answers_can_be_read_at_1024_by_768(wall, key):
    if key != wall.what:
        wall.show(key)
        wall.stage.focus()
    wall.press("f", "ArrowRight")
    wall.expect("Think")
    sizes = wall.page.evaluate(
        """() => [...document.querySelectorAll(".present-page .vignette-scene p, .present-page .vignette-option span,"
          + " .present-page legend, .present-page .vignette-sorting label span, .present-page .vignette-span span,"
          + " .present-page .vignette-places label span, .present-page .vignette-estimate span")]
          .filter(e => !e.matches(".present-letter, .vignette-hint") && e.getClientRects().length)
          .map(e => parseFloat(getComputedStyle(e).fontSize) * e.currentCSSZoom)"""
    )
    assert sizes
    assert min(sizes) >= READABLE
    sideways = wall.page.evaluate("(b => b.scrollWidth - b.clientWidth)(document.querySelector('.present-body'))")
    assert sideways <= 0
    hidden = wall.page.evaluate("(b => b.scrollHeight - b.clientHeight)(document.querySelector('.present-body'))")
    assert hidden <= 2


def test_the_reasons_and_what_is_drawn_above_them_can_be_read_at_1024_by_768(wall):
    drawing = wall.drawn()
    wall.stage.focus()
    wall.press("f")
    expect(wall.stage).to_have_css("position", "fixed")
    written = wall.stage.locator(".vignette-reasons").evaluate(
        """reasons => [...reasons.querySelectorAll("*")]
          .filter(e => e.getClientRects().length && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
          .map(e => parseFloat(getComputedStyle(e).fontSize) * e.currentCSSZoom)"""
    )
    assert written
    assert min(written) >= READABLE
    drawn = drawing.evaluate(
        """async image => {
          const svg = new DOMParser().parseFromString(await (await fetch(image.src)).text(), "image/svg+xml").documentElement;
          const scale = image.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          return [...svg.querySelectorAll("text")].map(text => parseFloat(text.style.fontSize) * scale);
        }"""
    )
    assert drawn
    assert min(drawn) >= DRAWN_READABLE


def test_page_down_turns_the_page_before_it_goes_on(wall):
    wall.go("Reasons")
    wall.stage.focus()
    body = wall.stage.locator(".present-body")
    assert body.evaluate("b => b.scrollHeight > 2 * b.clientHeight")
    wall.press("PageDown")
    wall.page.wait_for_function("document.querySelector('.present-body').scrollTop > 100")
    wall.expect("Reasons")
    wall.press("PageUp")
    wall.page.wait_for_function("document.querySelector('.present-body').scrollTop < 5")
    wall.expect("Reasons")
    wall.press("PageUp")
    wall.expect("Second vote")


def test_a_path_is_walked_by_the_room_and_says_nothing_of_its_ending(wall):
    wall.show(PATH)
    wall.stage.focus()
    wall.press("ArrowRight")
    wall.expect("Think")
    route = wall.stage.locator(".vignette-route")
    expect(route).to_have_text("Decision 1")
    decisions = len(BANK[PATH].entry.steps)  # type: ignore[union-attr]
    end = wall.stage.get_by_text("The story ends here")
    for number in range(decisions):
        if end.is_visible():
            break
        expect(route).to_have_text(f"Decision {number + 1}")
        wall.stage.locator("button.vignette-option:visible").first.press("Enter")
    expect(end).to_be_visible()
    wall.stage.get_by_role("button", name="Back one decision").click()
    expect(end).to_be_hidden()
    wall.expect("Think")


def test_a_window_of_its_own_shows_the_same_and_takes_the_keys(wall):
    with wall.page.expect_popup() as opened:
        wall.stage.get_by_role("button", name="Own window").click()
    apart = Wall(wall.notebook, opened.value)
    apart.expect("Scene")
    apart.press("PageDown")
    apart.expect("Think")
    wall.expect("Think")
    expect(apart.stage.locator(".vignette-option")).to_have_count(4)
    assert apart.stage.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    apart.press(".")
    expect(apart.stage.locator(".present-black")).to_be_visible()
    expect(wall.stage.locator(".present-black")).to_be_visible()
    apart.press(".")
    expect(wall.stage.locator(".present-black")).to_be_hidden()
    apart.page.close()
    wall.stage.focus()
    wall.press("PageUp")
    wall.expect("Scene")


def test_a_second_press_goes_to_the_window_that_is_open_and_its_keys_act_once(wall):
    button = wall.stage.get_by_role("button", name="Own window")
    with wall.page.expect_popup() as opened:
        button.click()
    apart = Wall(wall.notebook, opened.value)
    apart.expect("Scene")
    button.click()
    expect(apart.page.locator("section.present")).to_have_count(1)
    apart.press("PageDown")
    apart.expect("Think")
    assert wall.notebook.run("print(show.step)") == "think"
    apart.press("f")
    apart.page.wait_for_function("document.fullscreenElement")
    apart.press("f")
    apart.page.wait_for_function("!document.fullscreenElement")
    assert wall.page.context.pages == [wall.page, apart.page]
    apart.page.close()
    with wall.page.expect_popup() as anew:
        button.click()
    Wall(wall.notebook, anew.value).expect("Think")
    anew.value.close()


def test_two_views_have_a_window_each_and_it_closes_with_its_view(wall):
    wall.notebook.run("display(show)")
    views = wall.page.locator("section.present")
    expect(views).to_have_count(2)
    windows = []
    for view in (views.first, views.last):
        with wall.page.expect_popup() as opened:
            view.get_by_role("button", name="Own window").click()
        windows.append(Wall(wall.notebook, opened.value))
    one, two = windows
    for pressed, key, then in [(one, "PageDown", "Think"), (two, "PageDown", "First vote"), (one, "PageUp", "Think")]:
        pressed.press(key)
        for window in windows:
            window.expect(then)
    two.press(".")
    for window in windows:
        expect(window.stage.locator(".present-black")).to_be_visible()
    one.press(".")
    for window in windows:
        expect(window.stage.locator(".present-black")).to_be_hidden()
    with two.page.expect_event("close"):
        wall.notebook.run("")
    expect(views).to_have_count(1)
    one.page.close()


def test_a_door_that_no_phone_can_come_to_says_that_hands_are_raised(wall):
    wall.what = "the door"
    wall.notebook.run(
        "from widgets.plans import Stop\nshow._walk = [Stop('lobby', steps=('lobby',))]\n"
        "show._at = show._step = 0\nshow._draw()"
    )
    page = wall.stage.locator(".present-body")
    expect(page).to_contain_text("We vote by raising hands")
    expect(page).to_contain_text("raise your hand when yours is called")
    expect(page).not_to_contain_text("phone")
    expect(page.get_by_role("img")).to_have_count(0)


def test_a_kernel_that_says_nothing_may_only_be_busy_and_the_wall_says_what_to_do(wall):
    wall.page.evaluate(
        """() => {
          const notice = document.querySelector(".present-notice"), now = performance.now.bind(performance);
          let late = 0;
          window.noticed = [];
          new MutationObserver(() => window.noticed.push(notice.textContent)).observe(notice, {childList: true});
          performance.now = () => now() + (late += 7000);  // each look at the clock is seven seconds after the last
        }"""
    )
    try:
        wall.page.wait_for_function(
            "window.noticed.some(text => /busy.*Wait a moment.*run this cell again/.test(text))"
        )
    finally:
        wall.page.evaluate("delete performance.now")


def test_axe_finds_nothing_on_the_wall_at_any_step(wall):
    with wall.page.expect_popup() as popup:
        wall.stage.get_by_role("button", name="Own window").click()
    apart = Wall(wall.notebook, popup.value)
    found = {}
    for step in ("Scene", "Think", "First vote", "Reasons"):
        apart.go(step)
        violations = Axe().run(apart.page, options=OPTIONS).response["violations"]
        found[step] = [f"{rule['id']}: {node['target']}" for rule in violations for node in rule["nodes"]]
    apart.page.close()
    assert not {step: faults for step, faults in found.items() if faults}


def test_in_forced_colours_the_step_and_the_answers_can_still_be_told(wall):
    wall.page.emulate_media(forced_colors="active")
    try:
        wall.press("ArrowRight")
        current = wall.stage.locator('[aria-current="step"]')
        expect(current).to_have_text("Think")
        others = wall.stage.locator(".present-foot button:not([aria-current]):not(:disabled)").first
        ground = "e => getComputedStyle(e).backgroundColor"
        assert current.evaluate(ground) != others.evaluate(ground)
        assert current.evaluate("e => getComputedStyle(e, '::before').content").startswith('"▸ "')
        option = wall.stage.locator(".vignette-option").first
        assert option.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    finally:
        wall.page.emulate_media(forced_colors="none")


def test_in_forced_colours_a_drawing_keeps_its_own_white_ground(wall):
    drawing = wall.drawn()
    wall.page.emulate_media(forced_colors="active", color_scheme="dark")
    try:
        ground = "e => getComputedStyle(e).backgroundColor"
        assert wall.stage.evaluate(ground) != "rgb(255, 255, 255)"
        assert drawing.evaluate(ground) == "rgb(255, 255, 255)"
    finally:
        wall.page.emulate_media(forced_colors="none", color_scheme="light")


def test_a_folded_crisis_scene_is_opened_before_it_is_left(wall):
    wall.show(CRISIS)
    wall.stage.focus()
    wall.press("f")
    expect(wall.stage.locator(".vignette-scene")).to_be_hidden()
    wall.press("PageDown")
    expect(wall.stage.locator(".vignette-scene")).to_be_visible()
    wall.expect("Scene")
    wall.press("PageDown")
    wall.expect("Think")
    expect(wall.stage.get_by_role("timer")).to_be_hidden()
