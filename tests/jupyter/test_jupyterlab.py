"""A chapter in JupyterLab and in Notebook 7, from *run all* to a graded answer."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from live import Jupyter, Notebook, write
from playwright.sync_api import Browser, Locator, expect

from widgets import figures
from widgets.bank import load_bank
from widgets.grading import course_answer, grade

BANK = load_bank()
# Of the practice page, one each; they stay what they are, since everybody meets the formats there.
KEYS = {v.entry.format: key for key, v in BANK.items() if v.chapter == "practice"}
FIGURE, SLIDER = "nobody-with-a-diagnosis", "friends"


def another(key: str) -> str:
    """An option of a best item that is not the course's."""
    item: Any = BANK[key].item
    return next(o["id"] for o in item["options"] if o["id"] != course_answer(item))


def choose(vignette: Locator, value: str) -> None:
    vignette.locator(f'input[value="{value}"]').check()


def check(vignette: Locator) -> None:
    vignette.get_by_role("button", name="Check").click()


def expect_graded(vignette: Locator, key: str, answer: Any) -> None:
    result = grade(BANK[key].item, answer)  # type: ignore[arg-type]
    expect(vignette).to_have_attribute("data-state", "answered")
    expect(vignette).to_have_attribute("data-marks", str(result["marks"]))
    expect(vignette).to_have_attribute("data-out-of", str(result["out_of"]))
    expect(vignette.locator(".vignette-debrief")).to_be_visible()


# One notebook for what can be seen side by side: each test has a vignette or a figure of its own in it.


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Jupyter) -> Iterator[Notebook]:
    shown = [f"{format} = vignette({key!r})\n{format}" for format, key in KEYS.items()]
    write(
        lab.chapters / "live.ipynb",
        ["from widgets import explore, vignette", *shown, f"figure = explore({FIGURE!r})\nfigure"],
    )
    opened = Notebook(browser, lab, "live.ipynb")
    opened.run_all()
    expect(opened.page.locator(".jp-OutputArea img")).to_be_visible()
    yield opened
    opened.close()


def test_an_answer_in_the_browser_is_graded_by_the_kernel_and_known_to_it(notebook):
    key = KEYS["best"]
    vignette = notebook.vignette(key)
    choose(vignette, another(key))
    check(vignette)
    expect_graded(vignette, key, another(key))
    said = notebook.run("import json; print(json.dumps([best.answer, best.result]))")
    assert json.loads(said) == [another(key), grade(BANK[key].item, another(key))]


def test_an_answer_set_from_python_shows_in_the_widget(notebook):
    key = KEYS["rank"]
    answer = course_answer(BANK[key].item)
    vignette = notebook.vignette(key)
    expect(vignette).to_have_attribute("data-state", "untouched")
    notebook.run(f"rank.answer = {answer!r}")
    expect_graded(vignette, key, answer)
    for option, place in answer.items():
        expect(vignette.locator(f'select[name="{option}"]')).to_have_value(str(place))


def test_a_refusal_by_the_kernel_leaves_the_answer_in_the_form(notebook):
    vignette = notebook.vignette(KEYS["estimate"])
    vignette.locator("input").fill("1e16")  # beyond what the grader takes for a number
    check(vignette)
    expect(vignette.locator(".vignette-error")).to_be_visible()
    expect(vignette).to_have_attribute("data-state", "untouched")
    expect(vignette.locator("input")).to_have_value("1e16")
    assert notebook.run("print(estimate.answer)") == "None"


def test_a_path_is_followed_step_by_step_to_its_ending(notebook):
    key = KEYS["path"]
    answer = course_answer(BANK[key].item)
    vignette = notebook.vignette(key)
    for number, choice in enumerate(answer):
        expect(vignette.locator(".vignette-route")).to_have_text(f"Decision {number + 1}")
        expect(vignette.locator(".vignette-debrief")).to_have_count(0)
        choose(vignette, choice)
        check(vignette)
    expect_graded(vignette, key, answer)


def test_reasons_can_be_had_without_an_answer(notebook):
    vignette = notebook.vignette(KEYS["sort"])
    vignette.get_by_role("button", name="Show the reasons").click()
    expect(vignette).to_have_attribute("data-state", "revealed")
    expect(vignette.locator(".vignette-debrief")).to_be_visible()
    assert notebook.run("print(sort.answer)") == "None"


def arrow_down_and_up(notebook: Notebook) -> Locator:
    """Move through a group of four choices by arrow key; the one that is then chosen."""
    vignette = notebook.vignette(KEYS["rate"])
    radios = vignette.locator("fieldset.vignette-rate").first.locator("input")
    active = notebook.page.locator(".jp-Notebook .jp-Cell.jp-mod-active").filter(has=vignette)
    radios.first.check()
    expect(active).to_be_visible()
    for pressed, key, next in [(0, "ArrowDown", 1), (1, "ArrowDown", 2), (2, "ArrowDown", 3), (3, "ArrowUp", 2)]:
        radios.nth(pressed).press(key)
        expect(radios.nth(next)).to_be_checked()
        expect(radios.nth(next)).to_be_focused()
    expect(active).to_be_visible()
    expect(vignette).to_have_attribute("data-state", "untouched")  # no Check fires on an arrow key
    return radios.nth(2)


def test_arrow_keys_in_a_group_of_choices_stay_in_the_vignette_and_control_s_does_not(notebook):
    radio = arrow_down_and_up(notebook)
    with notebook.saving():
        radio.press("Control+s")


def test_a_letter_typed_in_a_vignette_is_no_command_of_the_notebook(notebook):
    """Lab takes b for *insert a cell below*, wherever the focus is."""
    vignette = notebook.vignette(KEYS["say"])
    cells = notebook.page.locator(".jp-Notebook .jp-Cell")
    count = cells.count()
    box = vignette.locator("textarea")
    box.press_sequentially("a bad bib")
    expect(box).to_have_value("a bad bib")
    vignette.get_by_role("button", name="Compare").press("b")
    vignette.get_by_role("button", name="Compare").press("Enter")
    expect(vignette.locator(".vignette-models")).to_be_visible()
    expect(cells).to_have_count(count)


def test_an_explorers_slider_redraws_its_figure(notebook):
    start = figures.load(FIGURE).SLIDERS[SLIDER].start
    image = notebook.page.locator(".jp-OutputArea img")
    before = {name: image.get_attribute(name) for name in ("alt", "src")}
    assert notebook.run(f"print(figure.frame.values[{SLIDER!r}])") == f"{start:g}"
    handle = notebook.page.get_by_role("slider").first
    handle.focus()
    handle.press("ArrowRight")
    for name, value in before.items():
        expect(image).not_to_have_attribute(name, value or "")
    moved = float(notebook.run(f"print(figure.frame.values[{SLIDER!r}])"))
    assert moved > start
    expect(image).to_have_attribute("alt", re.compile(f"{moved:g}"))


# Notebooks of their own.


@pytest.fixture
def open_notebook(browser: Browser) -> Iterator[Any]:
    opened: list[Notebook] = []

    def open_one(jupyter: Jupyter, name: str) -> Notebook:
        opened.append(Notebook(browser, jupyter, name))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def chapter_run(open_notebook: Any, jupyter: Jupyter) -> Notebook:
    """The practice chapter as it is committed, run from top to bottom."""
    notebook: Notebook = open_notebook(jupyter, "practice.ipynb")
    notebook.run_all()
    expect(notebook.vignette(KEYS["best"])).to_be_visible()
    return notebook


def answer_the_best(notebook: Notebook) -> None:
    key = KEYS["best"]
    vignette = notebook.vignette(key)
    choose(vignette, course_answer(BANK[key].item))
    check(vignette)
    expect_graded(vignette, key, course_answer(BANK[key].item))


def reasons(chapter: str) -> list[str]:
    """Every ``why`` and debrief of a chapter, as far as a character that JSON or HTML would write otherwise."""
    found = []
    for v in BANK.values():
        if v.chapter == chapter:
            data = json.dumps(v.entry.model_dump(mode="json"))
            found += re.findall(r'"(?:why|debrief)": "([^"\\\'&]{12,})', data)
    assert len(found) > 20
    return found


def test_no_key_and_no_reason_reaches_the_browser_before_an_answer(open_notebook, lab):
    notebook = chapter_run(open_notebook, lab)
    last = list(KEYS.values())[-1]
    expect(notebook.vignette(last)).to_have_count(1)
    places = {"file": notebook.save(), "page": notebook.page.content(), "messages": "\n".join(notebook.received)}
    assert "application/vnd.jupyter.widget-view+json" in places["messages"]
    for where, text in places.items():
        assert "Your neighbour Ines" in text, where  # the scene did
        assert not [why for why in reasons("practice") if why in text], where
        assert not re.search(r'\\?"(marks|keyed|stance|why)\\?": ', text), where
        assert 'class="vignette-item"' not in text.replace("\\", ""), where
    answer_the_best(notebook)
    assert [why for why in reasons("practice") if why in "\n".join(notebook.received)]


def test_a_dead_kernel_is_named_and_the_answer_stays(open_notebook, lab):
    key = KEYS["best"]
    write(lab.chapters / "dead.ipynb", ["from widgets import vignette", f"vignette({key!r})"])
    notebook = open_notebook(lab, "dead.ipynb")
    notebook.run_all()
    vignette = notebook.vignette(key)
    choose(vignette, another(key))
    (session,) = [s for s in lab.ask("sessions") if s["path"] == "dead.ipynb"]
    lab.ask(f"kernels/{session['kernel']['id']}", "DELETE")
    expect(notebook.page.get_by_text("No Kernel").first).to_be_visible()
    check(vignette)
    expect(vignette.get_by_role("status")).to_contain_text("Run the notebook again")
    expect(vignette).to_have_attribute("data-state", "untouched")
    expect(vignette.locator(f'input[value="{another(key)}"]')).to_be_checked()


def test_notebook_7_grades_an_answer_from_run_all_and_leaves_the_arrow_keys_alone(open_notebook, notebook7):
    notebook = chapter_run(open_notebook, notebook7)
    answer_the_best(notebook)
    arrow_down_and_up(notebook)
