"""A class for real: JupyterLab as the instructor's, five phones, one whole round; a screenshot a step in ``_build/class``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live import Jupyter, Notebook, write
from phone import Student
from playwright.sync_api import Browser, Locator, expect

from widgets.bank import load_bank
from widgets.classroom import kept, process
from widgets.grading import course_answer

BEST, CRISIS = "boundaries/barbecue-intake", "objectivity/sister-chest"
BANK = load_bank()
SHOTS = Path(__file__).parents[2] / "_build" / "class"  # for people to look at; CI keeps them
HALL = {"width": 1024, "height": 768}  # what many a lecture hall still has
COURSE: Any = course_answer(BANK[BEST].item)  # type: ignore[arg-type]
OTHER = next(o["id"] for o in BANK[BEST].item["options"] if o["id"] != COURSE)  # type: ignore[index]


class Lesson:
    """The instructor's notebook, what is on the wall, and the phones."""

    def __init__(self, notebook: Notebook, browser: Browser, shots: Path) -> None:
        self.notebook, self.page, self._browser, self._shots = notebook, notebook.page, browser, shots
        self.wall = self.page.locator("section.present")
        self.address, self.code = json.loads(notebook.run("import json; print(json.dumps([room.address, room.code]))"))
        self.phones: list[Student] = []
        self.kept = Path()  # the folder of its server

    def phone(self, **more: Any) -> Student:
        student = Student(self._browser, self.address, self.code, expects="Failed to load|ERR_|error", **more)
        self.phones.append(student)
        student.join()
        return student

    def whole_screen(self) -> None:
        """And as large as it fits: in the notebook there may be more of it, and Page Down would turn the page."""
        self.wall.focus()
        self.page.keyboard.press("f")
        self.page.wait_for_function(
            "document.fullscreenElement && (b => b.scrollHeight - b.clientHeight <= 2)(document.querySelector('.present-body'))"
        )

    def on(self, step: str, key: str = "PageDown") -> None:
        self.page.keyboard.press(key)
        expect(self.wall.locator('[aria-current="step"]')).to_have_text(step)

    def shot(self, name: str) -> None:
        self.page.screenshot(path=self._shots / f"{name}-wall.png")
        if self.phones:
            self.phones[0].page.screenshot(path=self._shots / f"{name}-phone.png")

    @property
    def counted(self) -> Locator:
        return self.wall.locator(".present-count")


@pytest.fixture(scope="module")
def lesson(browser: Browser, lab: Jupyter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    rooms = tmp_path_factory.mktemp("rooms")
    write(
        lab.chapters / "class.ipynb",
        [
            "from pathlib import Path\n\nfrom widgets import classroom, present",
            f"room = classroom({[BEST, CRISIS]!r}, lan=True, data=Path({str(rooms)!r}))",
            "show = room.present()\nshow",
            "panel = room.panel()\npanel",
        ],
    )
    notebook = Notebook(browser, lab, "class.ipynb")
    notebook.page.set_viewport_size(HALL)
    notebook.run_all()
    expect(notebook.page.locator("section.present")).to_be_visible()
    SHOTS.mkdir(parents=True, exist_ok=True)
    lesson = Lesson(notebook, browser, SHOTS)
    lesson.kept = rooms
    yield lesson
    for phone in lesson.phones:
        phone.close()
    notebook.close()
    server = process.resume(rooms)
    assert server  # it outlives its notebook, but not this test
    server.stop()


def told(notebook: Notebook, since: int) -> str:
    """What the kernel has sent to the browser."""
    return "".join(notebook.received[since:])


def test_a_class_from_the_first_phone_to_the_reasons(lesson: Lesson) -> None:
    notebook, page, wall = lesson.notebook, lesson.page, lesson.wall
    since = len(notebook.received)
    door = page.locator(".jp-OutputArea-output").filter(has_text=lesson.code).first
    expect(door).to_contain_text("Try it with your own phone now")
    expect(door.get_by_role("img")).to_have_attribute("alt", f"QR code for {lesson.address}/{lesson.code}")
    expect(door).to_contain_text("No phone yet")
    lesson.phone()
    expect(door).to_contain_text("✓ 1 phone joined")
    for _ in range(3):
        lesson.phone()

    lesson.whole_screen()
    expect(wall.locator(".present-code")).to_have_text(lesson.code)
    expect(lesson.counted).to_have_text("4 phones")
    lesson.shot("0-door")
    first, second, third, fourth = lesson.phones

    lesson.on("Scene")
    expect(wall.locator(".vignette-scene")).to_be_visible()
    expect(wall.locator("form")).to_be_hidden()
    lesson.shot("1-scene")
    lesson.on("Think")
    expect(wall.get_by_role("timer")).to_have_text(re.compile(r"^(1:00|0:5\d)$"))
    expect(wall.locator(".vignette-option")).to_have_count(len(BANK[BEST].item["options"]))  # type: ignore[index]
    lesson.shot("2-think")
    lesson.on("First vote")
    for student, answer in [(first, OTHER), (second, OTHER), (third, COURSE)]:
        student.choose(answer)
        student.send()
    expect(lesson.counted).to_have_text("3 of 4 phones voted")
    late = lesson.phone()
    late.choose(COURSE)
    late.send()
    fourth.choose(OTHER)
    fourth.send()
    expect(lesson.counted).to_have_text("5 of 5 phones voted")
    lesson.shot("3-first-vote")
    lesson.on("Talk")
    lesson.shot("4-talk")

    # A deliberate look, elsewhere than on the wall.
    page.keyboard.press("f")
    on_the_wall = wall.locator(".present-body").inner_text()
    look = page.get_by_role("button", name="Look at the first vote")
    look.click()
    seen = page.locator(".widget-html").filter(has_text="40% of 5")
    expect(seen).to_contain_text("Let them talk in pairs")
    expect(seen.get_by_role("img")).to_have_attribute("alt", re.compile("First vote"))
    lesson.shot("4-look")
    assert wall.locator(".present-body").inner_text() == on_the_wall
    assert not wall.get_by_role("img").count()
    look.click()
    expect(seen).to_have_count(0)

    lesson.whole_screen()
    lesson.on("Second vote")
    first.context.set_offline(True)
    first.choose(COURSE)
    first.send()
    for student in (second, third, fourth, late):
        student.choose(COURSE)
        student.send()
    expect(lesson.counted).to_have_text("4 of 5 phones voted")
    first.context.set_offline(False)
    expect(lesson.counted).to_have_text("5 of 5 phones voted")
    lesson.shot("5-second-vote")
    # Until now nothing that the browser was sent says what the course answers, but for the look.
    reasons = BANK[BEST].entry.debrief.split(".")[0]  # type: ignore[union-attr]
    before = told(notebook, since)
    assert reasons not in before
    assert "_drawing" not in before
    assert not wall.locator(".present-drawing, .vignette-reasons").count()

    lesson.on("Reasons")
    drawing = wall.locator(".present-drawing img")
    expect(drawing).to_be_visible()
    alt = drawing.get_attribute("alt") or ""
    assert re.search(r"First vote, 5 people\..*40%.*Second vote, 5 people\..*100%", alt)
    expect(wall.locator(".vignette-debrief")).to_contain_text(reasons)
    expect(first.item.locator(".vignette-outcome")).to_contain_text("the course’s answer")
    lesson.shot("6-reasons")
    assert not [fault for phone in lesson.phones for fault in phone.faults]


def test_no_secret_comes_into_the_notebook_or_its_file(lesson: Lesson) -> None:
    found = kept.read(lesson.kept)
    assert found
    secrets = [found.key, *(room["secret"] for room in found.rooms.values())]
    assert len(secrets) == 2
    with lesson.notebook.saving():
        lesson.page.keyboard.press("Control+s")
    file = lesson.notebook.path.read_text(encoding="utf-8")
    everything = told(lesson.notebook, 0) + file
    assert lesson.code in everything
    assert not [secret for secret in secrets if secret in everything]


def test_the_panel_moves_a_step_for_two_presses_that_the_kernel_gets_at_once(lesson: Lesson) -> None:
    page, step = lesson.page, lesson.wall.locator('[aria-current="step"]')
    page.evaluate("document.fullscreenElement && document.exitFullscreen()")
    expect(step).to_have_text("Reasons")
    page.locator(".jupyter-button", has_text="Next ›").evaluate("button => { button.click(); button.click(); }")
    expect(step).to_have_text("Scene")
    assert lesson.notebook.run("print(panel._pulse.waits)") == "False"  # by now the browser has answered
    expect(step).to_have_text("Scene")
    page.locator(".jupyter-button", has_text="‹ Back").click()
    expect(step).to_have_text("Reasons")


def test_a_crisis_scene_is_folded_and_has_no_timer_and_no_drawing(lesson: Lesson) -> None:
    lesson.page.evaluate("document.fullscreenElement || document.querySelector('section.present').focus()")
    wall, page = lesson.wall, lesson.page
    expect(wall.locator(".vignette-reasons")).to_be_visible()
    lesson.on("Scene", "ArrowRight")
    expect(wall.locator(".vignette-note")).to_be_visible()
    expect(wall.locator(".vignette-scene")).to_be_hidden()
    page.keyboard.press("PageDown")  # opens it before it goes on
    expect(wall.locator(".vignette-scene")).to_be_visible()
    lesson.shot("7-crisis")
    for step in ("Think", "First vote", "Talk", "Second vote", "Reasons"):
        lesson.on(step, "ArrowRight")
        expect(wall.get_by_role("timer")).to_be_hidden()
    assert not wall.locator(".present-drawing img").count()
    assert "mark" not in wall.locator(".vignette-reasons").inner_text().lower().split()
