"""The style sheets: the palette as custom properties, then the rules that use it."""

from __future__ import annotations

from pathlib import Path

from . import palette

FRONTEND = Path(__file__).parent / "frontend"


def _properties(selector: str, scheme: str, colours: dict[str, str]) -> str:
    lines = "\n".join(f"  --{name}: {value};" for name, value in colours.items())
    return f"{selector} {{\n  color-scheme: {scheme};\n{lines}\n}}\n"


def _rules(*names: str) -> str:
    return "".join((FRONTEND / name).read_text(encoding="utf-8") for name in names)


def page_style() -> str:
    """The built book's one style sheet. Figures keep the light palette: they stand on a light card in both themes."""
    dark = _properties(':root:not([data-theme="light"])', "dark", palette.DARK)
    return (
        _properties(":root, .explorer", "light", palette.LIGHT)
        + _properties(':root[data-theme="dark"]', "dark", palette.DARK)
        + f"@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n"
        + _rules("book.css", "vignette.css")
    )


def phone_style() -> str:
    """What a phone in class loads: it follows the phone's own light or dark, and has nothing to choose it by."""
    return (
        _properties(":root", "light", palette.LIGHT)
        + f"@media (prefers-color-scheme: dark) {{\n{_properties(':root', 'dark', palette.DARK)}}}\n"
        + _rules("vignette.css", "phone.css")
    )


def widget_style() -> str:
    """What a vignette brings into a notebook, whose own theme says whether it is light or dark."""
    return (
        _properties("ethics-vignette", "light", palette.LIGHT)
        + _properties('[data-jp-theme-light="false"] ethics-vignette', "dark", palette.DARK)
        + _rules("vignette.css")
    )


def present_style() -> str:
    """What stands on a wall: always light, since a projector in a lit room shows dark grounds as grey."""
    return _properties(".present", "light", palette.LIGHT) + _rules("vignette.css", "present.css")
