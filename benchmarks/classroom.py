"""A class of 500 on its phones, over real HTTP: the server on one core, the crowd on the other.

Each round is a new server and a new room: joining, following the stream, a vote within ten seconds, a burst of 200
votes, and opening, closing and revealing until the last phone has it. Beside them, in the same round, an endpoint that
does nothing and the longest that the machine itself kept a sleeping process waiting.

``python -m benchmarks.classroom --soak 30`` runs a room for so many minutes and prints how the server grew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from widgets.bank import load_bank
from widgets.classroom import snapshot

from .crowd import Connection, Instructor, Phone, together
from .setting import Setting
from .table import Row, Unmeasured, spread

ITEM = "boundaries/barbecue-intake"
KEY = "the benchmark's key"
PHONES, BURST, MANY, SLOW_DISK = 500, 200, 2000, 0.020
# Milliseconds; what a class of 500 is held to. CI fails at three times that.
BOUNDS = {"vote p95": 150, "vote p99": 400, "burst p95": 150, "open": 300, "close": 300, "reveal": 300}
QUIET = 50  # milliseconds: stalls of a machine that is fit to judge by
SLOW = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static int later(const char *name, int fd) {
  usleep(%d);
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}
int fsync(int fd) { return later("fsync", fd); }
int fdatasync(int fd) { return later("fdatasync", fd); }
"""


@dataclass
class Round:
    """Milliseconds by what was measured, and what was counted: all three must be zero."""

    took: dict[str, float] = field(default_factory=dict)
    lost: int = 0
    double: int = 0
    late: int = 0

    @property
    def wrong(self) -> int:
        return self.lost + self.double + self.late


@contextmanager
def server(slow_disk: Path | None = None) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server on the first core in a process of its own: its port and the process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **({"LD_PRELOAD": str(slow_disk)} if slow_disk else {})}
        core = [str(min(os.sched_getaffinity(0)))] if hasattr(os, "sched_getaffinity") else []
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.class_host", f"{folder}/rooms.sqlite", KEY, *core],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                raise Unmeasured("The classroom's server did not start.")
            yield int(line), process
        finally:
            process.stdin.close()
            process.wait(10)
            process.stdout.close()


@contextmanager
def other_core() -> Iterator[None]:
    """Keep this process off the server's core, and let it open as many connections as the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    try:
        if len(cores) > 1:
            os.sched_setaffinity(0, cores - {min(cores)})
        yield
    finally:
        if cores:
            os.sched_setaffinity(0, cores)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def percentile(values: list[float], percent: float) -> float:
    """Of seconds, in milliseconds: so many percent took no longer."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


async def class_of(port: int, number: int, within: float = 8.0) -> Round:
    """One class, from joining to the reasons; what it took, and what was lost, doubled or let in late."""
    found, instructor = Round(), Instructor(port, KEY)
    item = load_bank()[ITEM].item or {}
    options = [option["id"] for option in item["options"]]
    code = await instructor.open([ITEM], snapshot.make(load_bank(), [ITEM]))
    phones = [Phone(port, code) for _ in range(number)]
    try:
        found.took["join p95"] = percentile(await together((p.join() for p in phones), within / 2), 95)
        await together((p.listen() for p in phones), within / 4)
        await _nothing(port, found, min(BURST, number))
        stalls = asyncio.create_task(_stalls())
        found.took["open"] = await _reach(instructor, phones, "vote1")
        replies = await together((_think_and_vote(p, options) for p in phones), within)
        times = [took for status, took in replies if status == 200]
        found.took["vote p95"], found.took["vote p99"] = percentile(times, 95), percentile(times, 99)
        # Half of them press once more in the moment in which the vote is closed.
        rush = [asyncio.create_task(p.vote(ITEM, 1, 3, random.choice(options))) for p in phones[::2]]
        found.took["close, against 250 votes"] = await _reach(instructor, phones, "talk")
        await asyncio.gather(*rush)
        await _reach(instructor, phones, "vote1")
        found.took["close"] = await _reach(instructor, phones, "talk")
        await _late(phones[:50], found, options)
        await _reach(instructor, phones, "vote2")
        burst = await together(p.vote(ITEM, 2, 1, random.choice(options)) for p in phones[:BURST])
        found.took["burst p95"] = percentile([took for _, took in burst], 95)
        found.took["reveal"] = await _reach(instructor, phones, "reasons")
        stalls.cancel()
        found.took["stall"] = 1000 * max(await stalls)
        await _count(instructor, phones, found)
    finally:
        for phone in phones:
            phone.leave()
        instructor.http.close()
    return found


async def _think_and_vote(phone: Phone, options: list[str]) -> tuple[int, float]:
    """A vote; one in five sends it twice at once on two connections, one in five changes its mind."""
    chance, answer = random.random(), random.choice(options)
    if chance < 0.2:
        other = Phone(phone.port, phone.code)
        other.cookie, other.kept = phone.cookie, phone.kept
        both = await asyncio.gather(phone.vote(ITEM, 1, 1, answer), other.vote(ITEM, 1, 1, answer))
        other.leave()
        return both[0]
    first = await phone.vote(ITEM, 1, 1, answer)
    return await phone.vote(ITEM, 1, 2, random.choice(options)) if chance < 0.4 else first


async def _reach(instructor: Instructor, phones: list[Phone], step: str) -> float:
    """Milliseconds from the instructor's press until 95 of a hundred phones have the state of that step."""
    for phone in phones:
        phone.moved.clear()
    waiting = [asyncio.create_task(phone.sees(step)) for phone in phones]
    await asyncio.sleep(0)
    asked = await instructor.step(step, ITEM)
    return percentile([seen - asked for seen in await asyncio.gather(*waiting)], 95)


async def _late(phones: list[Phone], found: Round, options: list[str]) -> None:
    kept = [dict(phone.kept) for phone in phones]
    replies = await together(phone.vote(ITEM, 1, 99, random.choice(options)) for phone in phones)
    found.late += sum(status != 409 for status, _ in replies)
    found.late += sum(phone.kept != before for phone, before in zip(phones, kept, strict=True))


async def _count(instructor: Instructor, phones: list[Phone], found: Round) -> None:
    """What the server has against what it acknowledged, phone by phone and in sum."""
    for vote in (1, 2):
        kept = [phone.kept[ITEM, vote] for phone in phones if (ITEM, vote) in phone.kept]
        tally = await instructor.ask("GET", f"/tally?item={ITEM}&vote={vote}")
        found.double += max(0, tally["n"] - len(kept))
        found.lost += max(0, len(kept) - tally["n"])
        counts = {id: sum(answer == id for _, answer in kept) for id in tally["counts"]}
        found.lost += sum(abs(counts[id] - n) for id, n in tally["counts"].items()) // 2
    for phone, state in zip(phones, await together(phone.state() for phone in phones), strict=True):
        for vote in (1, 2):
            own = state["yours"][str(vote)]
            found.lost += (own and (own["n"], own["answer"])) != phone.kept.get((ITEM, vote))


async def _nothing(port: int, found: Round, number: int) -> None:
    """The same burst on an endpoint that does nothing, over connections that are open already."""
    connections = [Connection(port) for _ in range(number)]

    async def ask(connection: Connection) -> float:
        start = time.perf_counter()
        await connection.ask("GET", "/api/healthz")
        return time.perf_counter() - start

    await together(ask(connection) for connection in connections)
    found.took["nothing p95"] = percentile(await together(ask(c) for c in connections), 95)
    for connection in connections:
        connection.close()


async def _stalls() -> list[float]:
    """How much longer than asked the machine let somebody sleep who does nothing else, in a process of its own."""
    code = (
        "import time\nworst = 0\n"
        "try:\n while True:\n  at = time.perf_counter(); time.sleep(.005); worst = max(worst, time.perf_counter() - at - .005)\n"
        "except KeyboardInterrupt:\n print(worst)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(3600)
    process.send_signal(2)
    output, _ = await process.communicate()
    return [float(output or 0)]


def slow_fsync(folder: Path) -> Path:
    """A library that makes every fsync take 20 ms longer; Unmeasured without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise Unmeasured("To slow fsync down takes a C compiler: install gcc.")
    source, library = folder / "slow.c", folder / "slow.so"
    source.write_text(SLOW % round(SLOW_DISK * 1e6), encoding="utf-8")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def too_slow(found: Round) -> list[str]:
    """What took more than three times its bound. Nothing, where the machine kept even a sleeping process waiting for
    longer than ``QUIET``: such a round says something about its other work, and not about the server."""
    if found.took["stall"] > QUIET:
        return []
    return [
        f"{what}: {found.took[what]:.0f} ms, more than three times {bound} ms"
        for what, bound in BOUNDS.items()
        if found.took[what] > 3 * bound
    ]


def one_round(number: int = PHONES, slow_disk: Path | None = None, within: float = 8.0) -> Round:
    # In a thread of its own: the benchmarks' browser has a loop running in this one. It inherits the core.
    with server(slow_disk) as (port, _), other_core(), ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, class_of(port, number, within)).result()


def rows_of(name: str, rounds: list[Round], bound: bool) -> list[Row]:
    wrong = sum(round.wrong for round in rounds)
    rows = [Row(f"{name}: votes lost, doubled or taken late", f"{wrong}", "0", wrong == 0)]
    for what in rounds[0].took:
        values = [round.took[what] for round in rounds]
        most = BOUNDS.get(what) if bound else None
        target = f"under {most} ms" if most else ""
        rows.append(Row(f"{name}: {what}", spread(values, " ms"), target, most and statistics.median(values) < most))
    return rows


def measure(setting: Setting) -> list[Row]:
    rows = rows_of(f"{PHONES} phones", [one_round() for _ in range(setting.runs)], bound=True)
    with tempfile.TemporaryDirectory() as folder:
        library = slow_fsync(Path(folder))
        slow = [one_round(slow_disk=library) for _ in range(setting.runs)]
    rows += rows_of(f"{PHONES} phones, 20 ms more an fsync", slow, bound=True)
    return rows + rows_of(f"{MANY:,} phones", [one_round(MANY, within=30)], bound=False)


def memory(process: subprocess.Popen[str]) -> float:
    """Resident megabytes."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


async def cycles(port: int, process: subprocess.Popen[str], seconds: float, number: int = 60) -> list[float]:
    """Class after class on one server, for so long; the server's megabytes after each."""
    grown, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        found = await class_of(port, number, within=2.0)
        assert found.wrong == 0, found
        grown.append(memory(process))
    return grown


def soak(minutes: float) -> None:
    with server() as (port, process), other_core():
        grown = asyncio.run(cycles(port, process, 60 * minutes))
    settled = grown[min(5, len(grown) - 1) :]
    print(json.dumps({"classes": len(grown), "megabytes": [round(n, 1) for n in grown[:: max(1, len(grown) // 20)]]}))
    print(f"grown by {settled[-1] - settled[0]:.1f} MB after the fifth of {len(grown)} classes (target: under 20 MB)")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description="The soak, by itself.")
    parser.add_argument("--soak", type=float, default=30, metavar="MINUTES", help="how long (default: 30)")
    soak(parser.parse_args(arguments).soak)


if __name__ == "__main__":
    main()
