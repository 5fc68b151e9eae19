"""What the measurements share: a built copy of the course, a server for it, and a browser."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, NamedTuple

from playwright.sync_api import Page, Playwright, sync_playwright

from widgets.bank import Bank, load_bank
from widgets.grading import course_answer

from .serve import Server, serving
from .table import Unmeasured
from .tools import chromium

COURSE = Path(__file__).resolve().parents[1]
PARTS = ("_config.yml", "_toc.yml", "references.bib", "chapters")


class Asked(NamedTuple):
    """A vignette of a page, its item, and the course's answer to it."""

    id: str
    item: dict[str, Any]
    answer: Any


class Took(NamedTuple):
    """Seconds of a build: on the clock, and of processor time, which a busy machine stretches less."""

    clock: float
    work: float


class Setting:
    """Makes each shared thing when it is first asked for, and puts all of them away at the end.

    ``pages`` are names from the table of contents; without any it is the first full chapter.
    """

    def __init__(self, pages: list[str] | None = None, runs: int = 5) -> None:
        self.runs = runs
        self._pages = pages or []
        self._stack = ExitStack()

    def __enter__(self) -> Setting:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    @functools.cached_property
    def folder(self) -> Path:
        """A folder for what the run makes; the repository's own _build stays as it is."""
        return Path(self._stack.enter_context(TemporaryDirectory(prefix="benchmarks-")))

    @functools.cached_property
    def bank(self) -> Bank:
        return load_bank(COURSE)

    @functools.cached_property
    def book(self) -> Path:
        """The built course."""
        course = copy_course(self.folder / "course")
        build(course)
        return course / "_build" / "html"

    @functools.cached_property
    def contents(self) -> list[str]:
        """The names of the pages that hold text: all that the table of contents lists and the build wrote."""
        return sorted(p.relative_to(self.book).with_suffix("").as_posix() for p in self.book.glob("chapters/**/*.html"))

    @functools.cached_property
    def pages(self) -> list[str]:
        for name in self._pages:
            if name not in self.contents:
                raise Unmeasured(f"The book has no page {name}. It has: {', '.join(self.contents)}.")
        first = next((n for n in ("chapters/boundaries", "chapters/practice") if n in self.contents), None)
        if first is None:
            raise Unmeasured("The book has neither chapters/boundaries nor chapters/practice; name one with --page.")
        return self._pages or [first]

    @functools.cached_property
    def chapters(self) -> list[str]:
        """The pages that were named; without any, all that hold vignettes."""
        if self._pages:
            return self.pages
        return [name for name in self.contents if "<ethics-vignette" in (self.book / f"{name}.html").read_text("utf-8")]

    @functools.cached_property
    def server(self) -> Server:
        server = self._stack.enter_context(serving())
        server.mounts["book"] = self.book
        return server

    def address(self, page: str) -> str:
        return self.server.url(f"book/{page}.html")

    def asked(self, page: str) -> list[Asked]:
        """The vignettes on a built page that are scored, in the page's order."""
        text = (self.book / f"{page}.html").read_text(encoding="utf-8")
        found = []
        for id in re.findall(r'<ethics-vignette[^>]* data-id="([^"]+)"', text):
            item = self.bank[id].item
            if item is not None and (answer := course_answer(item)) is not None:
                found.append(Asked(id, item, answer))
        return found

    @functools.cached_property
    def _playwright(self) -> Playwright:
        return self._stack.enter_context(sync_playwright())

    @functools.cached_property
    def browser_name(self) -> str:
        with self.fresh_page() as page:
            return f"Chromium {page.context.browser.version if page.context.browser else '?'}"

    @property
    def playwright_chromium(self) -> str:
        """Where Playwright keeps its own browser."""
        return self._playwright.chromium.executable_path

    @contextmanager
    def fresh_page(self, script: str = "") -> Iterator[Page]:
        """A page in a browser that has just started on an empty profile; ``script`` runs before the page's own."""
        browser = self._playwright.chromium.launch(executable_path=chromium())
        try:
            page = browser.new_page()
            if script:
                page.add_init_script(script)
            yield page
        finally:
            browser.close()


def copy_course(to: Path) -> Path:
    """The course's sources, copied to where they may be edited and built."""
    to.mkdir(parents=True)
    for part in PARTS:
        source = COURSE / part
        if source.is_dir():
            shutil.copytree(source, to / part, ignore=shutil.ignore_patterns(".*"))
        else:
            shutil.copy(source, to / part)
    return to


def build(course: Path) -> Took:
    """Build a course with the command that the README gives; what it took, the interpreter's start included."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "."]
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=course, capture_output=True, text=True)
    clock, after = time.perf_counter() - start, os.times()
    if done.returncode:
        raise Unmeasured(f"The book in {course} does not build: {(done.stderr or done.stdout).strip()[-800:]}")
    work = after.children_user - before.children_user + after.children_system - before.children_system
    return Took(clock, work)


def js(value: object) -> str:
    """A value as JavaScript."""
    return json.dumps(value, ensure_ascii=False)
