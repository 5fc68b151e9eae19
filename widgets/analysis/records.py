"""Students' exported records, read from files that anybody may have written."""

from __future__ import annotations

import glob
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..bank import Bank, load_bank
from ..progress import first_draw, what_counts
from ..record import RecordError, merge, read, verify
from .results import Results, gather, items_of

PRACTICE = "practice"  # its chapter
LARGEST = (
    10_000_000  # bytes; a reader of the whole course has some 0.1 MB, and parsed a file takes twenty times its size
)


@dataclass(frozen=True)
class Records:
    """Records of a class, one person a file.

    ``files`` is how many were read, ``people`` how many they come from: files that share an event are one person's, from
    two devices or sent in twice. ``set_aside`` has (file, why) for each that was not read; ``remarks`` the same for what
    is odd about those that were.
    """

    people: list[list[dict[str, Any]]] = field(repr=False)
    files: int
    set_aside: list[tuple[str, str]]
    remarks: list[tuple[str, str]]

    def results(self, bank: Bank | None = None) -> Results:
        """Each person's first answer to each item; later ones are practice and are only counted.

        The first is the one that the reader's own record page calls so (``progress.summary``). Answers to the check
        are votes 1 (before) and 2 (after) by the form that was drawn first; without a draw they are left out.
        """
        bank = bank or load_bank()
        # The practice page is about ferns and teapots; it says nothing of anybody's judgement.
        items = items_of(bank, [key for key in bank if bank[key].chapter != PRACTICE])
        rows, dissents = [], []
        practice = 0
        for events in self.people:
            counted, later = _rows(events, items)
            rows += counted
            practice += later
            dissents += list(_dissents(events, items))
        remarks = [f"{name}: {why}" for name, why in [*self.set_aside, *self.remarks]]
        if practice:
            answers = "answer was" if practice == 1 else "answers were"
            remarks.append(f"{practice} later {answers} practice and not counted.")
        dissents.sort(key=lambda said: hashlib.sha256(said["text"].encode()).hexdigest())  # in nobody's order
        return gather(rows, items, dissents=dissents, remarks=remarks)

    def __repr__(self) -> str:
        aside = f", {len(self.set_aside)} set aside" if self.set_aside else ""
        return f"Records: {len(self.people)} people from {self.files} files{aside}"


def records(pattern: str | Path) -> Records:
    """Every record that a pattern such as ``"exported/*.json"`` finds.

    A file that is too large, no JSON, or no record of this course is set aside with the reason; the others are read.
    Raises FileNotFoundError if the pattern finds no file at all.
    """
    paths = sorted(Path(name) for name in glob.glob(str(pattern), recursive=True))
    if not paths:
        raise FileNotFoundError(f"No file fits {pattern}. Put the students' exported records there, one file a person.")
    read_files: list[list[dict[str, Any]]] = []
    set_aside, remarks = [], []
    for path in paths:
        try:
            data = _parsed(path)
            kept, faults = read(data)
        except RecordError as error:
            set_aside.append((path.name, str(error)))
            continue
        if faults:
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            remarks.append((path.name, f"{faults[0]['why']}{more} It was left out; the rest was read."))
        if not verify(data)[0]:
            remarks.append((path.name, "The digest does not fit its events, so it was changed after its export."))
        read_files.append(kept)
    return Records(_people(read_files), len(read_files), set_aside, remarks)


def _parsed(path: Path) -> object:
    """A file's JSON; RecordError, with a sentence, for what is none. A large file is not even opened."""
    try:
        if not path.is_file():
            raise RecordError("This is no file.")
        size = path.stat().st_size
        if size > LARGEST:
            raise RecordError(f"This file has {size / 1e6:.0f} MB, more than any record. It was not read.")
        with path.open("rb") as file:
            text = file.read(LARGEST + 1)
        return json.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise RecordError(f"This file cannot be read: {error.strerror}.") from None
    except (RecursionError, MemoryError, ValueError) as error:
        if isinstance(error, RecordError):
            raise
        raise RecordError("This file is not JSON, or only a part of it. Have it exported again.") from None


def _people(files: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """The events of each person: files that share an event's id are put together."""
    owner: dict[str, int] = {}
    groups: dict[int, list[list[dict[str, Any]]]] = {}
    for home, events in enumerate(files):
        groups[home] = [events]
        for other in sorted({owner[event["id"]] for event in events if event["id"] in owner}):
            groups[home] += groups.pop(other)
        owner |= {event["id"]: home for part in groups[home] for event in part}
    return [merge(*group) for group in groups.values()]


def _rows(events: list[dict[str, Any]], items: Mapping[str, Mapping[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """A person's first answers as rows, and how many answers came after them."""
    rows, practice = [], 0
    person = _number(events)
    described = [
        {"id": key, "chapter": meta["chapter"], "form": _form(key, meta["chapter"])} for key, meta in items.items()
    ]
    first = first_draw(events, described)
    for entry in what_counts(events, described):
        attempt, form = entry["first"], entry["item"]["form"]
        practice += len(entry["attempts"]) - (attempt is not None)
        if attempt is None or (form and not first):
            continue
        certainty = attempt["certainty"]
        row = {name: attempt.get(name) for name in ("item", "answer", "time", "version")}
        row |= {"person": person, "vote": 2 if form and form != first else 1, "form": form}
        row |= {"source": "check" if form else "record", "certainty": None if certainty is None else int(certainty)}
        rows.append(row)
    attempted = {event["item"] for event in events if event["kind"] == "attempt"}
    for item in sorted(id for id in attempted if id not in items and not id.startswith(f"{PRACTICE}/")):
        rows.append({"person": person, "item": item, "vote": 1, "answer": None, "source": "record"})
    return rows, practice


def _number(events: list[dict[str, Any]]) -> str:
    """A number for a person, the same each time the same record is read; it says nothing about whose it is."""
    return hashlib.sha256(min((event["id"] for event in events), default="").encode()).hexdigest()[:12]


def _form(key: str, chapter: str) -> str | None:
    """The check's items begin with their form: ``check/a-01-…``."""
    return key.partition("/")[2][:1] if chapter == "check" else None


def _dissents(events: list[dict[str, Any]], items: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The latest dissent of each item, if it was ticked to be shared and not withdrawn."""
    latest = {event["item"]: event for event in events if event["kind"] == "dissent"}
    for event in latest.values():
        if event["share_it"] and event["text"].strip() and event["item"] in items:
            yield {"item": event["item"], "text": event["text"]}
