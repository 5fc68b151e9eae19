"""The course built in a copy, and its pages read without a browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from ruamel.yaml import YAML

from widgets.bank import Bank, load_bank

REPOSITORY = Path(__file__).resolve().parents[1]
COURSE_FILES = ("chapters", "references.bib", "_config.yml", "_toc.yml")


def toc_pages() -> list[str]:
    """Every page of the table of contents, as ``chapters/….html``."""
    toc = YAML(typ="safe").load(REPOSITORY / "_toc.yml")
    files = [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]
    return [f"{file}.html" for file in files]


@dataclass(frozen=True)
class Book:
    """A course in ``course`` that has been built."""

    course: Path

    @property
    def html(self) -> Path:
        return self.course / "_build" / "html"

    @property
    def bank(self) -> Bank:
        """The bank that the pages were made from."""
        return load_bank(self.course)

    def read(self, page: str) -> str:
        return (self.html / page).read_text(encoding="utf-8")

    def tags(self, page: str) -> list[Tag]:
        return tags(self.read(page))


class BuildError(AssertionError):
    """``jupyter-book build`` failed; the message is what it said was wrong."""


def copy_course(to: Path) -> Path:
    """The course's own files in ``to``: none that a build or an editor has left."""
    to.mkdir(parents=True, exist_ok=True)
    for name in COURSE_FILES:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns(".*", "__pycache__", "conftest.py"))
        else:
            shutil.copy(source, to / name)
    return to


def build(course: Path, *options: str, **environment: str) -> Book:
    """Run ``jupyter-book build`` on the course; raises BuildError with the log's warnings."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", *options]
    run = subprocess.run(
        command,
        cwd=course,
        env=os.environ | {"NO_COLOR": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if run.returncode:
        log = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout)
        told = [line for line in log.splitlines() if re.search(r"WARNING|ERROR|\.yml:\d+:", line)]
        raise BuildError("jupyter-book build failed:\n" + ("\n".join(told) or log[-4000:]))
    return Book(course)


@dataclass
class Tag:
    """One start tag, and for a script or a style the text in it."""

    name: str
    attributes: dict[str, str]
    text: str = field(default="")

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def classes(self) -> list[str]:
        return self["class"].split()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Tag] = []
        self.within: Tag | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Tag(tag, {name: value or "" for name, value in attrs}))
        if tag in ("script", "style"):
            self.within = self.found[-1]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.within = None

    def handle_data(self, data: str) -> None:
        if self.within:
            self.within.text += data


def tags(html: str) -> list[Tag]:
    """Every start tag of a page, in order."""
    reader = _Tags()
    reader.feed(html)
    reader.close()
    return reader.found
