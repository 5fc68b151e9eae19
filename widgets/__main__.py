"""The course's command line: ``python -m widgets check``, ``verify``, ``serve``, ``zip`` and ``classroom``."""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from . import record, tells
from .bank import Bank, read_bank
from .readability import reading_grades

BUILT = Path("_build/html")
NAME = "where-the-line-is"


def check(course: Path) -> int:
    """Print every fault of the bank, a line each, and return 1; or what the bank holds, and return 0."""
    bank, faults = read_bank(course)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}.", file=sys.stderr)
        return 1
    print(table(bank))
    print()
    print(tells_table(bank))
    print()
    print(reading_line(bank))
    return 0


def table(bank: Bank) -> str:
    """Items by chapter: how many, in which formats, zones and bases."""
    rows = [("chapter", "items", "say", "core", "formats", "A/B/C", "open", "professions", "settings")]
    for chapter in dict.fromkeys(v.chapter for v in bank.values()):
        entries = [v.entry for v in bank.values() if v.chapter == chapter]
        graded = [e for e in entries if e.format != "say"]
        zones = Counter(str(e.zone) for e in graded)
        rows.append(
            (
                chapter,
                str(len(graded)),
                str(len(entries) - len(graded)),
                str(sum(e.core for e in graded)),
                str(len({e.format for e in graded})),
                "/".join(str(zones[zone]) for zone in "ABC"),
                str(sum(e.basis == "open" for e in graded)),
                str(len({e.profession for e in graded})),
                str(len({e.setting for e in graded})),
            )
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def tells_table(bank: Bank) -> str:
    """What blind rules win, in points of a hundred, beside a random answer; and where the course's answer stands."""
    lines = [f"{'a reader who never reads the scene takes':<42}share  random   gap  items"]
    for tell in [*tells.measure(bank), *tells.constant(bank), *tells.along_paths(bank)]:
        lines.append(f"{tell.rule:<42}{tell.share:5.0%}  {tell.random:6.0%}  {100 * tell.gap:+4.0f}  {tell.items:5}")
    observed, expected, statistic = tells.key_positions(bank)
    limit = tells.CHI_SQUARE_5[max(1, len(observed) - 1)]
    places = ", ".join(f"{o:.1f} (by chance {e:.1f})" for o, e in zip(observed, expected, strict=True))
    lines.append(f"the course's answer by place: {places}; chi-square {statistic:.2f}, below {limit} is even")
    return "\n".join(lines)


def reading_line(bank: Bank) -> str:
    grades = reading_grades(bank)
    hardest = max(grades, key=lambda place: grades[place])
    return (
        f"reading grade (Flesch-Kincaid) of {len(grades)} scenes, steps and options: "
        f"median {median(grades.values()):.1f}, highest {grades[hardest]:.1f} ({hardest})"
    )


def verify(path: Path, rescue: Path | None = None) -> int:
    """Print in one sentence whether a reader's exported record is as it was exported; return 0 if it is, else 1.

    With ``rescue`` what can be read is written there as a record of its own, and the rest beside it.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        print(f"{path} cannot be read: {error.strerror}.")
        return 1
    try:
        data = json.loads(text)
        fits, sentence = record.verify(data)
    except (ValueError, RecursionError):
        data = text
        fits, sentence = False, f"{path} is not JSON, or only a part of it: {_whole_entries(text)}"
    print(sentence)
    if rescue and not _rescue(data, rescue):
        return 1
    return 0 if fits else 1


def _whole_entries(text: str) -> str:
    try:
        kept, _ = record.read(text)
    except record.RecordError:
        return "export the record again."
    many = "entries in it are" if len(kept) != 1 else "entry in it is"
    return f"{len(kept)} {many} whole. “Read a file” on the page Your record takes them in, and so does --rescue FILE here."


def _rescue(data: object, to: Path) -> bool:
    """Write the entries that can be read into a record of their own, and what cannot be read beside it."""
    aside = to.with_suffix(".set-aside.json")
    try:
        kept, set_aside = record.read(data)
        for file in (to, aside):
            if file.exists():
                raise record.RecordError(f"{file} is there already. Name a file that is not.")
    except record.RecordError as error:
        print(error)
        return False
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _write(to, record.export(kept, now, dissents="all"))
    print(f"{to}: {len(kept)} entries, with a digest of today.")
    if set_aside:
        _write(aside, set_aside)
        print(f"{aside}: {len(set_aside)} that could not be read, so that nothing is lost. {set_aside[0]['why']}")
    return True


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def host(options: argparse.Namespace) -> int:
    """Serve the built book until interrupted."""
    from .serve import serve  # the bank is checked without a web server

    serve(options.folder, options.host, options.port)
    return 0


def classroom(options: argparse.Namespace) -> int:
    """Serve rooms by itself until interrupted, for notebooks elsewhere; return 1, with the reason, if it cannot."""
    from .classroom import running  # the bank is checked without a web server

    return running.by_hand(options)


def archive(folder: Path) -> int:
    """One archive beside the built book; opened from a folder it does all that the book does over http."""
    if not (folder / "index.html").exists():
        raise FileNotFoundError(f"There is no built book in {folder}. Run: make book")
    path = folder.parent / f"{NAME}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():  # in a folder of its own, or unpacking would strew it over the desktop
                archive.write(file, f"{NAME}/{file.relative_to(folder).as_posix()}")
    print(f"{path} ({path.stat().st_size / 1e6:.1f} MB): unpack it and open {NAME}/index.html.")
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m widgets", description="Where the Line Is: checks the item bank and records."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    checks = commands.add_parser("check", help="validate chapters/*.yml and print what they hold")
    checks.add_argument(
        "--course", type=Path, default=Path.cwd(), help="the folder that holds chapters/ (default: here)"
    )
    verifies = commands.add_parser("verify", help="see whether a reader's record is as it was exported")
    verifies.add_argument("record", type=Path, help="the file that the page Your record exported")
    verifies.add_argument("--rescue", type=Path, metavar="FILE", help="write what can be read of a damaged one to FILE")
    serves = commands.add_parser("serve", help="serve the built book, compressed, for a look over http")
    serves.add_argument("--folder", type=Path, default=BUILT, help=f"the built book (default: {BUILT})")
    serves.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines in (default: this one only)")
    serves.add_argument("--port", type=int, default=8000)
    rooms = commands.add_parser("classroom", help="run the server of a live class by itself")
    rooms.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets phones in (default: this machine only)")
    rooms.add_argument("--port", type=int, default=8765, help="or the next free one (default: 8765)")
    rooms.add_argument("--data", type=Path, help="the folder that keeps the rooms (default: the user's data folder)")
    rooms.add_argument("--public-url", help="where phones find it, if a tunnel or a proxy leads here")
    rooms.add_argument("--trusted-proxy", action="append", default=[], help="whose X-Forwarded-For is believed")
    zips = commands.add_parser("zip", help="put the built book into one archive that works unpacked")
    zips.add_argument("--folder", type=Path, default=BUILT, help=f"the built book (default: {BUILT})")
    options = parser.parse_args(arguments)
    if options.command == "verify":
        return verify(options.record, options.rescue)
    if options.command == "check":
        return check(options.course)
    if options.command == "classroom":
        return classroom(options)
    try:
        return archive(options.folder) if options.command == "zip" else host(options)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
