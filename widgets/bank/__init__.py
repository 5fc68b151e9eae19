"""The item bank: ``chapters/*.yml`` read, checked and made ready for the grader.

>>> from widgets.bank import load_bank
>>> load_bank()["boundaries/barbecue-intake"].item["format"]
'best'
"""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from . import faults as checks
from .lines import Lines, Loc, YamlFault, read_yaml
from .models import FORMATS, Best, Body, Estimate, Mark, Pick, Rank, Rate, Say, Sort, Standard
from .models import Path as PathEntry
from .sources import BibFault, read_sources
from .version import version

__all__ = ["Bank", "BankError", "Fault", "Vignette", "find_faults", "load_bank", "read_bank", "stamps"]

COURSE = Path(__file__).resolve().parents[2]  # the folder that holds chapters/ and references.bib
AnyEntry = Best | Pick | Rate | Rank | Sort | Mark | Estimate | PathEntry | Say


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to put right: file and line, the vignette it concerns, the field, and what to do."""

    file: str
    line: int
    item: str
    field: str
    message: str

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.item, self.field) if part)
        return f"{self.file}:{self.line}: {where + ': ' if where else ''}{self.message}"


class BankError(ValueError):
    """The bank cannot be used; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class Vignette:
    """One vignette: what an author wrote (``entry``) and what the grader takes (``item``; None for *say it*)."""

    key: str
    entry: AnyEntry
    item: dict[str, Any] | None = field(repr=False)

    @property
    def chapter(self) -> str:
        return self.key.partition("/")[0]

    @property
    def version(self) -> str:
        """Changes with what a reader sees or is graded by; see ``version.py``."""
        return version(self.entry.model_dump())


class Bank(Mapping[str, Vignette]):
    """Vignettes by ``"chapter/id"``, in the files' order; the codes of ethics and the sources they cite."""

    def __init__(self, vignettes: dict[str, Vignette], bodies: dict[str, Body], sources: dict[str, str]) -> None:
        self._vignettes, self.bodies, self.sources = vignettes, bodies, sources

    def __getitem__(self, key: str) -> Vignette:
        try:
            return self._vignettes[key]
        except KeyError:
            near = difflib.get_close_matches(str(key), self._vignettes, n=3, cutoff=0.4)
            hint = f" The nearest are: {', '.join(near)}." if near else f" There are {len(self)} in chapters/*.yml."
            raise KeyError(f"There is no vignette {str(key)!r}.{hint}") from None

    def __contains__(self, key: object) -> bool:
        return key in self._vignettes

    def __iter__(self) -> Iterator[str]:
        return iter(self._vignettes)

    def __len__(self) -> int:
        return len(self._vignettes)

    def standard(self, cite: str) -> tuple[Body, Standard]:
        """The body and standard that ``"body:number"`` names."""
        body = self.bodies[cite.split(":", 1)[0]]
        return body, next(s for s in body.standards if s.number == cite.split(":", 1)[1])


def load_bank(course: Path | str | None = None) -> Bank:
    """The bank of the course in ``course`` (default: the one this package came with).

    Read again when a file in it has changed. Raises BankError, with every fault in it, if there is any.
    """
    root = Path(course or os.environ.get("COURSE_ROOT") or COURSE)
    return _cached_bank(root, stamps(root))


def stamps(course: Path | str) -> tuple[tuple[str, int], ...]:
    """The bank's files and when each was changed last: equal as long as the bank is the same."""
    root = Path(course)
    return tuple((str(p), p.stat().st_mtime_ns) for p in [*_files(root), root / "references.bib"] if p.exists())


@functools.lru_cache(maxsize=4)
def _cached_bank(root: Path, stamps: tuple[tuple[str, int], ...]) -> Bank:
    bank, found = read_bank(root)
    if found:
        raise BankError(found)
    return bank


def find_faults(course: Path | str | None = None) -> list[Fault]:
    """Everything that is wrong with the bank, by file and line."""
    return read_bank(course or COURSE)[1]


def _files(root: Path) -> list[Path]:
    return sorted((root / "chapters").glob("*.yml"))


def read_bank(course: Path | str) -> tuple[Bank, list[Fault]]:
    """What can be read of the bank, and every fault in it."""
    root = Path(course)
    found: list[Fault] = []
    bodies, cited = _read_bodies(root, found)
    files = {path: _read_list(path, root, found) for path in _files(root) if path.name != "standards.yml"}
    if not files:
        found.append(Fault("chapters", 1, "", "", "there is no item bank (chapters/*.yml)"))
    known = {path.stem: {id for _, id in checks.ids(lines.data)} if lines else None for path, lines in files.items()}
    sources = _sources(root, found)
    vignettes: dict[str, Vignette] = {}
    for path, lines in files.items():
        if lines is None:
            continue
        report = _Reporter(root, path, lines, found)
        for loc, message in checks.repeated_ids(lines.data, (), "vignette"):
            report(loc[0], loc[1:], message)
        for index, data in enumerate(lines.data):
            before = len(found)
            entry = _validate(data, index, report)
            for loc, message in checks.entry_faults(data):
                report(index, loc, message)
            for loc, message in checks.citation_faults(data, cited, sources):
                report(index, loc, message)
            for loc, message in checks.twin_faults(data, path.stem, known):
                report(index, loc, message)
            if entry is not None and len(found) == before:
                key = f"{path.stem}/{entry.id}"
                vignettes.setdefault(key, Vignette(key, entry, to_item(entry)))
    return Bank(vignettes, bodies, sources or {}), sorted(set(found))


class _Reporter:
    """Turns a place in a file's data into a Fault."""

    def __init__(self, root: Path, path: Path, lines: Lines, found: list[Fault]) -> None:
        self._file, self._stem = path.relative_to(root).as_posix(), path.stem
        self._lines, self._found = lines, found

    def known(self, index: int, loc: Loc) -> Loc:
        """A place as the file has it: pydantic also counts a mapping's key, and the list a lone value stands for."""
        here, kept = self._lines.data[index], []
        for part in loc:
            if part == "[key]" or not isinstance(here, (dict, list)):
                break
            kept.append(part)
            here = here.get(part) if isinstance(here, dict) else here[int(part)]
        return tuple(kept)

    def __call__(self, index: Any, loc: Loc, message: str) -> None:
        entry = self._lines.data[index]
        id = entry.get("id") if isinstance(entry, dict) else None
        item = f"{self._stem}/{id}" if isinstance(id, str) else f"entry {index + 1}"
        self._found.append(Fault(self._file, self._lines.at((index, *loc)), item, ".".join(map(str, loc)), message))


def _read_list(path: Path, root: Path, found: list[Fault]) -> Lines | None:
    """A file that must be a list of entries; None, with a fault, if it is not."""
    file = path.relative_to(root).as_posix()
    try:
        lines = read_yaml(path)
    except YamlFault as fault:
        found.append(Fault(file, fault.line, "", "", fault.message))
        return None
    if not isinstance(lines.data, list) or not lines.data:
        what = "the file is empty" if not lines.data else "the file is no list"
        found.append(Fault(file, 1, "", "", f"{what}; it holds entries that begin with `- id:`"))
        return None
    return lines


def _read_bodies(root: Path, found: list[Fault]) -> tuple[dict[str, Body], checks.Bodies | None]:
    """The codes of ethics, and what a citation of each is checked against."""
    path = root / "chapters" / "standards.yml"
    lines = _read_list(path, root, found)
    if lines is None:
        return {}, None
    report = _Reporter(root, path, lines, found)
    for loc, message in checks.repeated_ids(lines.data, (), "body"):
        report(loc[0], loc[1:], message)
    bodies: dict[str, Body] = {}
    cited: checks.Bodies = {id: None for _, id in checks.ids(lines.data)}
    for index, data in enumerate(lines.data):
        try:
            body = Body.model_validate(data)
        except ValidationError as error:
            _report_all(error, index, report)
            continue
        seen: set[str] = set()
        for place, standard in enumerate(body.standards):
            if standard.number in seen:
                report(index, ("standards", place, "number"), f"{standard.number} is listed twice")
            if (standard.paraphrase is None) != (standard.verified == "title only"):
                report(
                    index,
                    ("standards", place, "paraphrase"),
                    "goes with a text that was seen; without it, `title only`",
                )
            seen.add(standard.number)
        bodies[body.id] = body
        cited[body.id] = {"numbers": seen, "binds": body.binds}
    return bodies, cited


def _sources(root: Path, found: list[Fault]) -> dict[str, str] | None:
    try:
        return read_sources(root / "references.bib")
    except BibFault as fault:
        found.append(Fault("references.bib", fault.line, "", "", fault.message))
        return None


def _validate(data: Any, index: int, report: _Reporter) -> AnyEntry | None:
    if not isinstance(data, dict):
        report(index, (), "an entry is a group of fields that begins with `- id:`")
        return None
    format = data.get("format")
    if not isinstance(format, str) or format not in FORMATS:
        report(index, ("format",), f"must be one of {', '.join(FORMATS)}")
        return None
    try:
        return FORMATS[format].model_validate(data)
    except ValidationError as error:
        _report_all(error, index, report)
        return None


def _report_all(error: ValidationError, index: int, report: _Reporter) -> None:
    for fault in error.errors(include_url=False):
        report(index, report.known(index, fault["loc"]), _ADVICE.get(fault["type"], fault["msg"]))


_ADVICE = {
    "extra_forbidden": "there is no such field; see CONTRIBUTING.md for the fields of a vignette",
    "missing": "this field is missing",
    "model_type": "must be a group of fields",
    "string_type": "must be text; put a number in quotes",
    "string_pattern_mismatch": "has a form that is not allowed here "
    "(an id is lower-case words joined by hyphens; a standard is cited as body:number; text is not blank)",
}


def to_item(entry: AnyEntry) -> dict[str, Any] | None:
    """The plain data that ``grading.grade`` takes: ids and keys, no words."""
    if isinstance(entry, Say):
        return None
    item: dict[str, Any] = {"format": entry.format}
    if entry.basis == "open":
        item["scored"] = False
    if isinstance(entry, PathEntry):
        item["start"] = entry.start
        item["steps"] = {name: {"options": [_bare(o) for o in step.options]} for name, step in entry.steps.items()}
        item["endings"] = {name: ending.text for name, ending in entry.endings.items()}
    elif isinstance(entry, Estimate):
        item.update(key=entry.key, full=entry.full, half=entry.half)
    elif isinstance(entry, Mark):
        item["spans"] = [{"id": span.id, "keyed": span.keyed} for span in entry.spans]
    else:
        if isinstance(entry, Pick):
            item["choose"] = entry.choose
        if isinstance(entry, Sort):
            item["categories"] = [category.id for category in entry.categories]
        item["options"] = [_bare(option) for option in entry.options]
    return item


def _bare(option: Any) -> dict[str, Any]:
    """An option without its words; a list of one key as that key."""
    bare = {k: v for k, v in option.model_dump().items() if k not in ("text", "why") and v is not None}
    if isinstance(bare.get("key"), list) and len(bare["key"]) == 1:
        bare["key"] = bare["key"][0]
    return bare
