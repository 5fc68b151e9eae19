"""A vignette as semantic HTML, one Jinja2 template a format, in two guises.

*Keyed* is the built page: the course's answer and reasons stand in a ``<details>``, so that they are there in
print and without JavaScript. *Unkeyed* is the live notebook and the class: no key, no marks, no reasons.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from .bank import Bank, Vignette

TEMPLATES = Path(__file__).parent / "templates"
LEVELS = ("Very inappropriate", "Inappropriate", "Appropriate", "Very appropriate")
ZONES = {"A": "a professional tie", "B": "a clinical pull", "C": "ordinary life"}
BASES = {
    "rule": "Rule: a named standard settles it for this profession.",
    "law": "Law: a law of a named place settles it.",
    "evidence": "Evidence: a study settles it, as far as it goes.",
    "judgement": "Judgement: the course's own, argued; no rule settles it.",
    "open": "Open: thoughtful people differ, so nothing is scored.",
}

# Authors write Markdown, never HTML: what looks like a tag is shown as text.
_markdown = MarkdownIt("commonmark", {"html": False, "typographer": False})


def blocks(text: str) -> Markup:
    """Markdown paragraphs as HTML."""
    return Markup(_markdown.render(text))


def inline(text: str) -> Markup:
    """One Markdown paragraph as HTML without the ``<p>``."""
    return Markup(_markdown.renderInline(text.strip()))


@dataclass(frozen=True)
class Links:
    """Where the references page and the help page are, as URLs; "" where there is no such page to link to."""

    references: str = ""
    help: str = ""


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "blocks": blocks,
        "inline": inline,
        "passage": passage,
        "course_route": course_route,
        "anchor": anchor,
        "names": _names,
        "number": "{:,g}".format,
    }
    environment.globals |= {"LEVELS": LEVELS, "ZONES": ZONES, "BASES": BASES}
    return environment


def vignette_html(bank: Bank, key: str, *, keyed: bool, links: Links = Links()) -> str:
    """The whole ``<ethics-vignette>``; raises KeyError, with the nearest ids, for an unknown one."""
    vignette = bank[key]
    return _render(
        "vignette.html",
        bank,
        vignette,
        keyed=keyed,
        links=links,
        item=_script(vignette),
        certain=certainty_fits(vignette),
    )


def reasons_html(bank: Bank, key: str, *, links: Links = Links()) -> str:
    """What a live vignette is shown once it has been answered or revealed."""
    return _render("reasons.html", bank, bank[key], links=links)


def render(template: str, **values: Any) -> str:
    """A template of the course with its values."""
    return _environment().get_template(template).render(**values)


def _render(template: str, bank: Bank, vignette: Vignette, **values: Any) -> str:
    entry = vignette.entry
    cited = [] if entry.format == "say" else [(c.relation, *bank.standard(c.cite)) for c in entry.standards]
    sources = [] if entry.format == "say" else [(key, bank.sources[key]) for key in entry.sources]
    template_values = {"v": vignette, "e": entry, "fmt": f"formats/{entry.format}.html", "cited": cited}
    html = _environment().get_template(template).render(template_values, cited_sources=sources, **values)
    # No blank line: Markdown that meets the HTML again would take one for the end of it.
    return "\n".join(line for line in html.splitlines() if line.strip())


def passage(text: str, spans: list[Any], draw: Callable[[Any], str]) -> Markup:
    """A passage with each ``{id}`` replaced by its span, drawn."""
    html = blocks(text)
    for span in spans:
        html = html.replace("{" + span.id + "}", Markup(draw(span)))
    return html


def anchor(key: str) -> str:
    """Where a source stands on the references page: docutils allows an id letters, digits and hyphens only."""
    return "ref-" + re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")


def certainty_fits(vignette: Vignette) -> bool:
    """Whether a reader may say how sure they are: only where a rule, a law or evidence settles the answer.

    On a judgement it would punish conviction, and on a crisis scene nothing is asked but the scene.
    """
    entry = vignette.entry
    if entry.format not in ("best", "estimate"):
        return False
    return entry.basis in ("rule", "law", "evidence") and not entry.crisis


def _script(vignette: Vignette) -> Markup:
    """The item as JSON that cannot end its own ``<script>``."""
    return Markup(json.dumps(vignette.item, ensure_ascii=False).replace("<", "\\u003c"))


def course_route(entry: Any) -> tuple[list[tuple[str, str]], Any]:
    """A path as the course would walk it: what happened and what it did, step by step, and the ending."""
    taken, here = [], entry.start
    while here in entry.steps:
        step = entry.steps[here]
        option = max(step.options, key=lambda o: o.marks)
        taken.append((step.text, option.text))
        here = option.next
    return taken, entry.endings[here]


def _names(keys: list[Any], labels: Sequence[Any]) -> str:
    """Keys as their labels, joined by *or*: levels count from 1, categories have ids."""
    names = [labels[key - 1] if isinstance(key, int) else next(c.text for c in labels if c.id == key) for key in keys]
    return " or ".join(names)
