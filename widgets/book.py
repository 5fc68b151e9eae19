"""The Sphinx extension: what the built book needs, and nothing from outside.

A chapter's cell that calls ``vignette(…)`` or ``explore(…)`` is replaced, when the chapter is read, by what it
would show: the item from the bank, the frames from the figure's module. No kernel runs, and no committed output
is trusted. The page gets one style sheet, a content security policy, and the Python that grades in it.
"""

from __future__ import annotations

import ast
import html
import json
import re
import shutil
from collections.abc import Iterator
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from . import assets, figures, markup, terms
from .bank import BankError, load_bank, stamps
from .bank.models import Body
from .report import items_script, report_html

if TYPE_CHECKING:
    from .explorer import Frame

HERE = Path(__file__).parent
COURSE_CALLS = ("vignette", "explore")
# Which of the page's scripts each kind of block needs.
SCRIPTS = (
    ("course.js", ("vignette", "report")),
    ("report.js", ("report",)),
    ("explorer.js", ("explore",)),
)
REFERENCES, HELP, GLOSSARY = "chapters/references", "chapters/help", "chapters/glossary"


class CourseBlock(nodes.raw):  # type: ignore[misc]
    """A vignette or a figure in a page; ``nodes.raw``, so that search indexes its words."""


# Reading: a cell becomes what it calls for.


def calls(source: str) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """The ``vignette`` and ``explore`` calls that are statements of their own in a cell, with literal arguments."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for statement in tree.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in COURSE_CALLS:
            args = [ast.literal_eval(argument) for argument in call.args]
            yield call.func.id, args, {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}


def replace_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Put the course's own blocks where a notebook calls for them, and note what the page depends on."""
    for cell in list(doctree.findall(nodes.container)):
        if cell.get("nb_element") != "cell_code" or cell.parent is None:
            continue
        source = "\n".join(block.astext() for block in cell.findall(nodes.literal_block))
        blocks: list[nodes.Node] = []
        for name, args, kwargs in calls(source):
            drawn = _vignette(app, *args) if name == "vignette" else _explorer(app, *args, **kwargs)
            blocks.append(CourseBlock("", drawn, format="html"))
            _note_block(app, name)
        if blocks:
            cell.replace_self(blocks)


def _note_block(app: Sphinx, kind: str) -> None:
    """Remember what a page holds, so that it gets the scripts for it and no others."""
    metadata = app.env.metadata[app.env.docname]
    metadata["course_blocks"] = f"{metadata.get('course_blocks', '')} {kind}"


class CourseReport(SphinxDirective):
    """``{course-report} record``: a place where a page shows the reader's own record."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        app, course = self.env.app, Path(self.env.srcdir)
        try:
            drawn = report_html(self.arguments[0])
        except ValueError as error:
            raise self.error(str(error)) from None
        told = [*(course / "chapters").glob("*.yml"), *(course / "chapters").glob("*.ipynb"), course / "_toc.yml"]
        for path in [*told, *(markup.TEMPLATES / "report").glob("*.html")]:
            self.env.note_dependency(str(path))
        if "report" not in self.env.metadata[self.env.docname].get("course_blocks", ""):
            drawn += items_script(load_bank(course), course, _token("chapters/{}"))
        _note_block(app, "report")
        return [CourseBlock("", drawn, format="html")]


def drop_thebe(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """sphinx-thebe, which Jupyter Book loads unasked, ends every notebook with two inline scripts; it has no switch."""
    for node in list(doctree.findall(nodes.raw)):
        if "thebe" in node.astext() or "kernelName" in node.astext():
            node.parent.remove(node)


def _vignette(app: Sphinx, key: str) -> str:
    course = Path(app.srcdir)
    # From the bank at build time; never the cell's output. An edited file makes Sphinx read the chapter again.
    for name in (f"chapters/{key.partition('/')[0]}.yml", "chapters/standards.yml", "references.bib"):
        app.env.note_dependency(str(course / name))
    for template in markup.TEMPLATES.rglob("*.html"):
        app.env.note_dependency(str(template))
    links = markup.Links(references=_token(REFERENCES), help=_token(HELP))
    return markup.vignette_html(load_bank(course), key, keyed=True, links=links)


def _explorer(app: Sphinx, name: str, **sliders: Any) -> str:
    from . import explorer  # ipywidgets and matplotlib: a second that a build without a figure to draw can spare

    figure = figures.load(name)
    app.env.note_dependency(str(HERE / "figures" / f"{name.replace('-', '_')}.py"))
    chosen = explorer.choose(figure, name, sliders)
    drawn = explorer.page_frames(name, tuple((key, tuple(slider.values)) for key, slider in chosen.items()))
    start = explorer.first(name, chosen)
    assets.write(_drawn(app) / f"{name}.svg", drawn[start].svg)
    controls = ""
    if chosen:
        assets.write(_drawn(app) / f"{name}.js", frames_script(name, drawn))
        controls = "".join(_range(key, slider) for key, slider in chosen.items())
    sources = ", ".join(
        f'<a href="{_token(REFERENCES)}#{markup.anchor(key)}">{html.escape(load_bank(app.srcdir).sources[key])}</a>'
        for key in figure.SOURCES
    )
    frames = f' data-frames="{name}"' if chosen else ""
    return (
        f'<figure class="explorer"{frames}><img src="{_token("_static/figures/" + name + ".svg", file=True)}" '
        f'width="640" height="400" loading="lazy" alt="{html.escape(drawn[start].alt)}">'
        f'{controls}<p class="unseen" role="status"></p>'
        f"<figcaption>{explorer.caption(figure)}{f' Source: {sources}.' if sources else ''}</figcaption></figure>"
    )


def _drawn(app: Sphinx) -> Path:
    """Where frames wait for the end of a build: beside the doctrees, so that both are there or neither is."""
    return Path(app.doctreedir) / "course-figures"


def _range(key: str, slider: figures.Slider) -> str:
    shown = [slider.show(value) for value in slider.values]
    at = list(slider.values).index(slider.start)
    return (
        f'<p class="explorer-slider"><label><span>{html.escape(slider.label)}</span> '
        f'<input type="range" name="{key}" min="0" max="{len(shown) - 1}" value="{at}" step="1" disabled '
        f'autocomplete="off" aria-valuetext="{html.escape(shown[at])}" data-shown="{html.escape(json.dumps(shown))}"></label> '
        f"<output>{html.escape(shown[at])}</output></p>"
    )


def frames_script(name: str, drawn: tuple[Frame, ...]) -> str:
    """All frames as one classic script; what every frame begins with is said once."""
    head = commonprefix([frame.svg for frame in drawn])  # noqa: RUF071 (text, not paths)
    data = {"head": head, "frames": [f.svg[len(head) :] for f in drawn], "alts": [f.alt for f in drawn]}
    return f"self.courseFrames[{json.dumps(name)}] = {json.dumps(data, ensure_ascii=False)};\n"


def link_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Glossary terms, where a page of the course first uses them."""
    glossary = Path(app.srcdir) / f"{GLOSSARY}.md"
    docname = app.env.docname
    if not docname.startswith("chapters/") or docname in (GLOSSARY, REFERENCES):
        return
    app.env.note_dependency(str(glossary))
    terms.link_first_uses(doctree, docname, terms.glossary_terms(glossary))


# Writing: a link inside a block is relative to the page it stands on.


def _token(target: str, file: bool = False) -> str:
    return f"[[{'file' if file else 'page'}:{target}]]"


def visit_block(self: Any, node: CourseBlock) -> None:
    builder = self.builder

    def resolve(match: re.Match[str]) -> str:
        kind, target = match.groups()
        uri = target if kind == "file" else builder.get_target_uri(target)
        return relative_uri(builder.get_target_uri(builder.current_docname), uri)

    self.body.append(re.sub(r"\[\[(page|file):([^\]]+)\]\]", resolve, node.astext()))
    raise nodes.SkipNode


def skip_block(self: Any, node: CourseBlock) -> None:
    raise nodes.SkipNode


# The page around the chapter.


def page_context(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    blocks = app.env.metadata.get(pagename, {}).get("course_blocks", "")
    context["course_title"] = app.config.html_title
    context["course_policy"] = assets.policy()
    context["course_theme_script"] = assets.theme_script()
    context["course_version"] = app.config.course_version
    context["course_scripts"] = [script for script, kinds in SCRIPTS if any(kind in blocks for kind in kinds)]
    context["course_description"] = _description(doctree) or app.config.course_description
    contents = context["toctree"](collapse=False, titles_only=True, includehidden=True, maxdepth=2)
    # Sphinx makes the captions headings and forgets of which level.
    context["course_contents"] = contents.replace('role="heading"', 'role="heading" aria-level="2"')
    # The bibliography's <div role="list"> needs items; the role that docutils gives them has no list around it.
    context["body"] = context.get("body", "").replace('role="doc-biblioentry"', 'role="listitem"')
    toc = context.get("toc") or ""
    context["course_sections"] = toc if toc.count("<li>") > 3 else ""
    chapter = pagename.rpartition("/")[2]
    context["course_art"] = chapter if pagename == f"chapters/{chapter}" and chapter in assets.PICTURES else ""
    context["course_bodies"] = _bodies(app)
    context.setdefault("title", "Search")


def front_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """``index.html``, which sphinx-external-toc would else write without a policy, a title or an icon."""
    yield "index", {}, "index.html"


def _bodies(app: Sphinx) -> list[tuple[str, str, str]]:
    """What a reader may practise under: the bodies' ids, the name, and how their rows in a table begin."""
    named: dict[str, list[Body]] = {}
    for body in load_bank(app.srcdir).bodies.values():
        if body.practise:
            named.setdefault(body.practise, []).append(body)
    return [(" ".join(b.id for b in group), name, "|".join(b.body for b in group)) for name, group in named.items()]


def _description(doctree: nodes.document | None) -> str:
    """The page's first paragraph, cut at a word."""
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None) if doctree else None
    text = " ".join(paragraph.astext().split()) if paragraph else ""
    return text if len(text) <= 155 else text[:155].rsplit(" ", 1)[0] + " …"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Put beside the pages what they load."""
    if exception is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        assets.write_assets(static)
        if _drawn(app).exists():
            shutil.copytree(_drawn(app), static / "figures", dirs_exist_ok=True)


def check_bank(app: Sphinx) -> None:
    """Stop before the first page if an item is wrong, and say all that is."""
    now = stamps(app.srcdir)
    if getattr(app.env, "course_bank", None) == now:
        return  # the last build has checked these very files, and a build with nothing to do should be quick
    try:
        load_bank(app.srcdir)
    except BankError as error:
        raise ExtensionError(f"The item bank has faults:\n{error}") from None
    setattr(app.env, "course_bank", now)  # noqa: B010 (Sphinx keeps the environment between builds)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_theme("where_the_line_is", str(HERE / "theme"))
    app.add_config_value("course_version", assets.version(), "html")
    app.add_config_value("course_description", "", "html")
    app.add_node(CourseBlock, html=(visit_block, None), latex=(skip_block, None), text=(skip_block, None))
    app.add_directive("course-report", CourseReport)
    app.connect("builder-inited", check_bank)
    app.connect("doctree-read", replace_cells)
    app.connect("doctree-read", link_terms)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("html-page-context", page_context, priority=900)
    app.connect("html-collect-pages", front_page)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
