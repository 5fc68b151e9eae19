import re
from itertools import product

import pytest

from widgets.palette import DARK, LIGHT
from widgets.style import page_style, phone_style, present_style, widget_style

SCHEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
# What is written on what, in book.css and vignette.css.
GROUNDS = ("paper", "card")
TEXT = [
    *product(("ink", "quiet", "course", "reader", "notice"), GROUNDS),
    ("ink", "course-soft"),  # the outcome
    ("ink", "reader-soft"),  # an option that is chosen
    ("quiet", "reader-soft"),
    ("course", "course-soft"),  # a link in the contents
    ("paper", "course"),  # the Check button
    ("paper", "notice"),  # a phone that has lost its room
]
# What must be seen but is not read: the ring of the focus, the edge of a control, the mark of a choice.
SHAPES = [
    *product(("focus", "line", "course", "reader"), GROUNDS),
    ("reader", "reader-soft"),
]


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the grey that just fails


@SCHEMES
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(colours, text, ground):
    assert contrast(colours[text], colours[ground]) >= 4.5


@SCHEMES
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_and_the_focus_can_be_seen_on_their_ground(colours, shape, ground):
    assert contrast(colours[shape], colours[ground]) >= 3


def test_light_and_dark_have_the_same_names():
    assert list(LIGHT) == list(DARK)
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in (*LIGHT.values(), *DARK.values()))


def properties(css: str, selector: str) -> dict[str, str]:
    """The colours that the rules with exactly this selector set."""
    bodies = [body for other, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css) if other.strip() == selector]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", "".join(bodies)))


def test_a_page_follows_the_readers_choice_and_else_the_systems():
    css = page_style()
    assert properties(css, ":root, .explorer") == LIGHT
    assert properties(css, ':root[data-theme="dark"]') == DARK
    system = css[css.index("@media screen and (prefers-color-scheme: dark)") :]
    assert properties(system.partition("{")[2], ':root:not([data-theme="light"])') == DARK


def test_a_notebooks_vignette_follows_the_notebooks_theme():
    css = widget_style()
    assert properties(css, "ethics-vignette") == LIGHT
    assert properties(css, '[data-jp-theme-light="false"] ethics-vignette') == DARK
    # It must not recolour the rest of the notebook.
    assert ":root" not in css


def test_a_phone_follows_its_own_system():
    light, _, dark = phone_style().partition("@media (prefers-color-scheme: dark) {")
    assert properties(light, ":root") == LIGHT
    assert properties(dark, ":root") == DARK


def test_what_stands_on_a_wall_is_light_in_every_theme():
    css = present_style()
    assert properties(css, ".present") == LIGHT
    assert "data-jp-theme" not in css
    assert ":root" not in css


@pytest.mark.parametrize("style", [page_style, phone_style, present_style, widget_style])
def test_every_property_that_is_used_is_set(style):
    css = style()
    used, given = set(re.findall(r"var\((--[a-z-]+)", css)), set(re.findall(r"(--[a-z-]+):", css))
    assert used
    assert used <= given


@pytest.mark.parametrize("style", [page_style, phone_style])
def test_every_colour_comes_from_the_palette(style):
    css = style()
    known = {*LIGHT.values(), *DARK.values()}
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css)) <= known
    assert not re.findall(r"\b(?:rgba?|hsla?|oklch)\(", css)


@pytest.mark.parametrize("style", [page_style, phone_style, present_style, widget_style])
def test_no_style_sheet_fetches_anything(style):
    assert "@import" not in style()
    assert not re.findall(r"url\((?!data:)", style())
