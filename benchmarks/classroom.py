"""A class of 500 on its phones, over real HTTP: the server on one core, the crowd on the other.

Each round is a new server and a new room: joining, following the stream and a vote within ten seconds, a burst of 200
votes, and opening, closing and revealing until the last phone has it. Beside them, in the same round, an endpoint that
does nothing and the longest that the machine itself kept a sleeping process waiting.

``python -m benchmarks.classroom --soak 30`` runs a room for so many minutes and prints how the server grew.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .cores import KEY, SLOW_DISK, memory, other_core, server, slow_fsync, watched
from .lesson import RUSH, Round, class_of
from .setting import Setting
from .table import Row, Unmeasured, render, spread

PHONES, MANY = 500, 2000
IN_A_RUSH = f"close against {RUSH} votes, last phone"
# Milliseconds; what a class of 500 is held to. The votes that a closing comes behind may take as long as a burst.
BOUNDS = {
    "vote p95": 150,
    "vote p99": 400,
    "burst p95": 150,
    "open, last phone": 300,
    "close, last phone": 300,
    IN_A_RUSH: 150 + 300,
    "reveal, last phone": 300,
}
IN_TEN_SECONDS = {"joined, following and voted": 10_000}
CI = 3  # times the bound: what a test still lets pass
STALL, OTHERS = 50, 10  # milliseconds and percent: what a machine may do besides and still be fit to judge by
ROUNDS = 3  # at most, until there is a quiet one
GROWTH, SETTLED = 20, 5  # megabytes; classes after which a server has all that it needs


def one_round(number: int = PHONES, *, fsync: Path | None = None, commits: float = 0.0, within: float = 10.0) -> Round:
    """One class on a server of its own; Unmeasured if it could not be held to its end."""
    # In a thread of its own: the benchmarks' browser has a loop running in this one. It inherits the core.
    with server(fsync, commits) as (port, process), other_core(), ThreadPoolExecutor(1) as apart:
        with watched(process) as machine:
            found: Round = apart.submit(asyncio.run, class_of(port, KEY, number, within)).result()
        found.took |= machine
    if (fsync or commits) and found.quickest < 1000 * SLOW_DISK:
        raise Unmeasured("The disk was to be slow, and a phone joined faster than it writes: nothing was slowed down.")
    return found


def quiet(found: Round) -> bool:
    """Whether the machine was the class's alone, as far as one can tell."""
    return found.took["stall"] <= STALL and found.took["others' work"] <= OTHERS


def too_slow(found: Round) -> list[str]:
    """What took more than three times its bound; on a machine that was not quiet, and the stall besides."""
    stall = 0 if quiet(found) else found.took["stall"]
    return [
        f"{what}: {found.took[what]:.0f} ms, more than {CI} times {bound} ms"
        for what, bound in BOUNDS.items()
        if found.took[what] > CI * bound + stall
    ]


def judged(hold: Callable[[], Round]) -> list[str]:
    """What is too slow. A quiet round decides at once. One on a machine that was not is held again if it was too slow,
    although it is allowed the stall: a neighbour that computes slows a server down without keeping a sleeper waiting."""
    slow: list[str] = []
    for _ in range(ROUNDS):
        found = hold()
        slow = too_slow(found)
        if not slow or quiet(found):
            break
    return slow


def rows_of(name: str, rounds: list[Round], wanted: int, bounds: dict[str, int]) -> list[Row]:
    """A table's rows, of the rounds that could be held; it is said, and fails the run, if they are not all."""
    held = f"{len(rounds)} of {wanted}"
    rows = [Row(f"{name}: classes held to their end", held, f"all {wanted}", len(rounds) == wanted, must=True)]
    if not rounds:
        return rows
    wrong, cast = sum(round.wrong for round in rounds), rounds[0].cast
    voted = {f"{first:,} and {second:,}" for first, second in (round.votes for round in rounds)}
    all_there = voted == {f"{cast[0]:,} and {cast[1]:,}"}
    rows += [
        Row(f"{name}: votes lost, doubled or taken late", f"{wrong}", "0", wrong == 0, must=True),
        Row(
            f"{name}: voters in the two tallies",
            "; ".join(sorted(voted)),
            "{:,} and {:,}".format(*cast),
            all_there,
            must=True,
        ),
    ]
    for what in rounds[0].took:
        values = [round.took[what] for round in rounds]
        most, unit = bounds.get(what), " %" if what == "others' work" else " ms"
        target = f"under {most:,} ms" if most else ""
        rows.append(Row(f"{name}: {what}", spread(values, unit), target, most and statistics.median(values) < most))
    return rows


def held(wanted: int, number: int = PHONES, fsync: Path | None = None, within: float = 10.0) -> list[Round]:
    """So many rounds; fewer, with the reason on stderr, where one could not be held."""
    rounds = []
    for place in range(1, wanted + 1):
        try:
            rounds.append(one_round(number, fsync=fsync, within=within))
        except Unmeasured as reason:
            print(f"{number:,} phones, round {place} of {wanted} is missed: {reason}", file=sys.stderr)
    return rounds


def measure(setting: Setting) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        library = slow_fsync(Path(folder))  # first: without it nothing that takes minutes is begun
        rows = rows_of(f"{PHONES} phones", held(setting.runs), setting.runs, BOUNDS | IN_TEN_SECONDS)
        slow = held(setting.runs, fsync=library)
    rows += rows_of(f"{PHONES} phones, 20 ms more an fsync", slow, setting.runs, BOUNDS | IN_TEN_SECONDS)
    return rows + rows_of(f"{MANY:,} phones", held(1, MANY, within=50), 1, {})


async def cycles(port: int, process: subprocess.Popen[str], seconds: float, number: int = 60) -> list[float]:
    """Class after class on one server, for so long; the server's megabytes after each."""
    grown, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        found = await class_of(port, KEY, number, within=3.5)
        if found.wrong:
            raise Unmeasured(f"Class {len(grown) + 1} lost, doubled or let in votes: {found}")
        grown.append(memory(process))
    return grown


def soak(minutes: float) -> Row:
    with server() as (port, process), other_core():
        grown = asyncio.run(cycles(port, process, 60 * minutes))
    growth = grown[-1] - grown[min(SETTLED, len(grown)) - 1]
    print(f"megabytes: {', '.join(f'{n:.1f}' for n in grown[:: max(1, len(grown) // 20)])}", file=sys.stderr)
    what = f"soak of {minutes:g} minutes, {len(grown)} classes of 60: the server's growth after the fifth"
    return Row(what, f"{growth:.1f} MB", f"under {GROWTH} MB", growth < GROWTH)


def main(arguments: list[str] | None = None) -> int:
    """The soak alone; 1 if it could not be run, or a vote went wrong in it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description="The soak, by itself.")
    parser.add_argument("--soak", type=float, default=30, metavar="MINUTES", help="how long (default: 30)")
    try:
        print(render([soak(parser.parse_args(arguments).soak)]))
    except Unmeasured as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
