"""The sliders of a page: they step through frames that were drawn when the book was built."""

from __future__ import annotations

import pytest
from browser import Reader
from playwright.sync_api import Locator, Page, expect

from widgets import figures
from widgets.explorer import frames

PAGE, NAME = "chapters/boundaries.html", "nobody-with-a-diagnosis"


def explorer(page: Page) -> Locator:
    figure = page.locator(f'[data-frames="{NAME}"]')
    figure.scroll_into_view_if_needed()
    return figure


@pytest.mark.parametrize("via", ["http", "file"])
def test_an_arrow_key_shows_the_next_frame_and_says_what_is_on_it(open_page: Reader, via: str) -> None:
    figure = explorer(open_page(PAGE, via))
    name, slider = list(figures.load(NAME).SLIDERS.items())[-1]
    box = figure.locator(f'input[name="{name}"]')
    expect(box).to_be_enabled()
    before = figure.locator("img").get_attribute("alt")
    box.focus()
    step = 1 if slider.start != slider.values[-1] else -1
    box.press("ArrowRight" if step == 1 else "ArrowLeft")

    starts = {key: one.start for key, one in figures.load(NAME).SLIDERS.items()}
    wanted = starts | {name: slider.values[list(slider.values).index(slider.start) + step]}
    frame = next(frame for frame in frames(NAME) if frame.values == wanted)
    assert frame.alt != before
    expect(figure.locator("img")).to_have_attribute("alt", frame.alt)
    expect(figure.locator('[role="status"]')).to_have_text(frame.alt)
    expect(figure.locator(f'.explorer-slider:has([name="{name}"]) output')).to_have_text(slider.show(wanted[name]))
    expect(box).to_have_attribute("aria-valuetext", slider.show(wanted[name]))
    assert figure.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_the_frames_are_fetched_only_when_the_figure_comes_near(open_page: Reader) -> None:
    page = open_page(PAGE, viewport={"width": 800, "height": 600})
    page.wait_for_load_state("networkidle")
    assert not [url for url in open_page.requests(page) if f"figures/{NAME}.js" in url]
    expect(explorer(page).locator("input").first).to_be_enabled()

    assert [url for url in open_page.requests(page) if f"figures/{NAME}.js" in url]


def test_without_its_frames_the_figure_stands_still_and_says_so(open_page: Reader) -> None:
    page = open_page(PAGE, routes={f"**/{NAME}.js*": lambda route: route.abort()}, expects="ERR_FAILED")

    expect(explorer(page).locator('[role="status"]')).to_contain_text("stands still")
    expect(page.locator(f'[data-frames="{NAME}"] input').first).to_be_disabled()


def test_without_javascript_the_first_frame_is_there_with_its_caveat(open_page: Reader) -> None:
    figure = explorer(open_page(PAGE, java_script_enabled=False))

    expect(figure.locator("img")).to_be_visible()
    expect(figure.locator("figcaption")).to_contain_text("MODEL")
