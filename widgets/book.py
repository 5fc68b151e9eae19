"""The Sphinx extension: what the built book needs, and nothing from outside.

A chapter's cell that calls ``vignette(…)`` or ``explore(…)`` is replaced, when the chapter is read, by what it
would show: the item from the bank, the frames from the figure's module. No kernel runs, and no committed output
is trusted. The page gets one style sheet, a content security policy, and the Python that grades in it.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator
from os.path import commonprefix
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from . import art, explorer, figures, markup, report, terms
from .bank import BankError, load_bank
from .bank.models import Body
from .style import page_style

HERE = Path(__file__).parent
FRONTEND = HERE / "frontend"
RUNTIME = FRONTEND / "node_modules" / "@micropython" / "micropython-webassembly-pyscript"
IDB = FRONTEND / "node_modules" / "idb-keyval" / "dist"
COURSE_CALLS = ("vignette", "explore")
MODULES = ("grading.py", "record.py", "progress.py")  # what the page imports on MicroPython
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
            drawn = report.report_html(self.arguments[0])
        except ValueError as error:
            raise self.error(str(error)) from None
        for path in [*(course / "chapters").glob("*.yml"), *(course / "chapters").glob("*.ipynb")]:
            self.env.note_dependency(str(path))
        if "report" not in self.env.metadata[self.env.docname].get("course_blocks", ""):
            drawn += report.items_script(load_bank(course), course, _token("chapters/{}"))
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
    figure = figures.load(name)
    app.env.note_dependency(str(HERE / "figures" / f"{name.replace('-', '_')}.py"))
    chosen = explorer.choose(figure, name, sliders)
    drawn = explorer.page_frames(name, tuple((key, tuple(slider.values)) for key, slider in chosen.items()))
    start = explorer.first(name, chosen)
    _write(Path(app.outdir) / "_static" / "figures" / f"{name}.svg", drawn[start].svg)
    controls = ""
    if chosen:
        _write(Path(app.outdir) / "_static" / "figures" / f"{name}.js", frames_script(name, drawn))
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


def _range(key: str, slider: figures.Slider) -> str:
    shown = [slider.show(value) for value in slider.values]
    at = list(slider.values).index(slider.start)
    return (
        f'<p class="explorer-slider"><label><span>{html.escape(slider.label)}</span> '
        f'<input type="range" name="{key}" min="0" max="{len(shown) - 1}" value="{at}" step="1" disabled '
        f'autocomplete="off" aria-valuetext="{html.escape(shown[at])}" data-shown="{html.escape(json.dumps(shown))}"></label> '
        f"<output>{html.escape(shown[at])}</output></p>"
    )


def frames_script(name: str, drawn: tuple[explorer.Frame, ...]) -> str:
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


def theme_script() -> str:
    return (FRONTEND / "theme.js").read_text(encoding="utf-8").strip()


def policy() -> str:
    """The page's content security policy: its own folder, Blobs for the Python runtime, and one inline script."""
    digest = base64.b64encode(hashlib.sha256(theme_script().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-{digest}'; worker-src blob:; "
        "connect-src 'self' blob:; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "base-uri 'none'; form-action 'self'"
    )


def version() -> str:
    """Changes with anything that the pages load, so that a browser's cache never mixes two builds."""
    digest = hashlib.sha256()
    for path in [
        *sorted(FRONTEND.glob("*.*")),
        *(HERE / name for name in MODULES),
        HERE / "palette.py",
        RUNTIME / "package.json",
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def page_context(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    blocks = app.env.metadata.get(pagename, {}).get("course_blocks", "")
    context["course_title"] = app.config.html_title
    context["course_policy"] = policy()
    context["course_theme_script"] = theme_script()
    context["course_version"] = app.config.course_version
    context["course_scripts"] = [script for script, kinds in SCRIPTS if any(kind in blocks for kind in kinds)]
    context["course_description"] = _description(doctree) or app.config.course_description
    context["course_contents"] = context["toctree"](collapse=False, titles_only=True, includehidden=True, maxdepth=2)
    toc = context.get("toc") or ""
    context["course_sections"] = toc if toc.count("<li>") > 3 else ""
    chapter = pagename.rpartition("/")[2]
    context["course_art"] = chapter if pagename == f"chapters/{chapter}" and chapter in art.PICTURES else ""
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


# What the pages load, written when they are.


def course_script() -> str:
    """The page's scripts in one file, in the order in which they need each other."""
    vignette = json.dumps((FRONTEND / "vignette.js").read_text(encoding="utf-8"), ensure_ascii=False)
    parts = [(IDB / "umd.js").read_text(encoding="utf-8")]
    parts += [(FRONTEND / name).read_text(encoding="utf-8") for name in ("python.js", "record.js", "page.js")]
    return "\n;\n".join(parts).replace("__VIGNETTE_JS__", vignette)


def runtime_script() -> str:
    """MicroPython and the grader as one classic script; FileNotFoundError names what to install."""
    if not (RUNTIME / "micropython.wasm").exists():
        raise FileNotFoundError("The page's Python runtime is missing. Run: pip install -r requirements.txt")
    runtime = {
        "mjs": (RUNTIME / "micropython.mjs").read_text(encoding="utf-8"),
        "wasm": base64.b64encode((RUNTIME / "micropython.wasm").read_bytes()).decode(),
        "modules": {name: (HERE / name).read_text(encoding="utf-8") for name in MODULES},
        "main": (FRONTEND / "main.py").read_text(encoding="utf-8"),
    }
    return f"self.courseRuntime = {json.dumps(runtime, ensure_ascii=False)};\n"


def write_assets(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    _write(static / "course.css", page_style())
    _write(static / "course.js", course_script())
    _write(static / "runtime.js", runtime_script())
    for chapter in art.PICTURES:
        for theme in ("light", "dark"):
            _write(static / "art" / f"{chapter}-{theme}.svg", art.picture(chapter, dark=theme == "dark"))
    for name in ("book.js", "explorer.js", "report.js", "favicon.svg"):
        _write(static / name, (FRONTEND / name).read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def check_bank(app: Sphinx) -> None:
    """Stop before the first page if an item is wrong, and say all that is."""
    try:
        load_bank(app.srcdir)
    except BankError as error:
        from sphinx.errors import ExtensionError

        raise ExtensionError(f"The item bank has faults:\n{error}") from None


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_theme("where_the_line_is", str(HERE / "theme"))
    app.add_config_value("course_version", version(), "html")
    app.add_config_value("course_description", "", "html")
    app.add_node(CourseBlock, html=(visit_block, None), latex=(skip_block, None), text=(skip_block, None))
    app.add_directive("course-report", CourseReport)
    app.connect("builder-inited", check_bank)
    app.connect("doctree-read", replace_cells)
    app.connect("doctree-read", link_terms)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("html-page-context", page_context, priority=900)
    app.connect("html-collect-pages", front_page)
    app.connect("build-finished", write_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
