"""The machine under a class: the server on its first core, the crowd on the others, and what else happened there."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from .table import Unmeasured

KEY = "the benchmark's key"
SLOW_DISK = 0.020  # seconds that each fsync takes longer
FSYNC = """
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
SLEEPER = """
import os, sys, time
from threading import Thread
if len(sys.argv) > 1: os.sched_setaffinity(0, {int(sys.argv[1])})
ended = Thread(target=sys.stdin.read, daemon=True)
ended.start()
print("asleep", flush=True)
worst = 0.0
while ended.is_alive():
    at = time.perf_counter()
    time.sleep(0.005)
    worst = max(worst, time.perf_counter() - at - 0.005)
print(worst)
"""


def cores() -> list[int]:
    """The cores that may be used; none where a process cannot be kept on one."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


@contextmanager
def server(fsync: Path | None = None, commits: float = 0.0) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server on the first core in a process of its own: its port and the process.

    ``fsync`` is a library that is loaded before libc; ``commits`` seconds are added to each commit.
    """
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.class_host", f"{folder}/rooms.sqlite", KEY, f"--commits={commits}"]
            + [f"--core={core}" for core in cores()[:1]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **({"LD_PRELOAD": str(fsync)} if fsync else {})},
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
    mine = cores()
    try:
        if len(mine) > 1:
            os.sched_setaffinity(0, mine[1:])
        yield
    finally:
        if mine:
            os.sched_setaffinity(0, mine)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def watched(server: subprocess.Popen[str]) -> Iterator[dict[str, float]]:
    """What is filled in at the end: ``stall``, the milliseconds that a process which only sleeps was kept waiting at
    worst, on the server's core or on the next; and ``others' work``, in percent of the machine, all but the server and
    the crowd. A neighbour that computes makes everything slower without keeping a sleeper waiting."""
    found: dict[str, float] = {}
    ours = [psutil.Process(server.pid), psutil.Process()]
    with ExitStack() as stack:
        sleepers = [stack.enter_context(asleep(core)) for core in cores()[:2] or [None]]
        before, all_before = _work(ours), psutil.cpu_times()
        yield found
        worked, all_after = _work(ours) - before, psutil.cpu_times()
        found["stall"] = max(1000 * float(sleeper.communicate()[0]) for sleeper in sleepers)
    total, idle = sum(all_after) - sum(all_before), _idle(all_after) - _idle(all_before)
    found["others' work"] = max(0.0, 100 * (total - idle - worked) / total)


@contextmanager
def asleep(core: int | None) -> Iterator[subprocess.Popen[str]]:
    """A process that sleeps and wakes until its input ends, then prints the longest that a sleep took too long."""
    place = [] if core is None else [str(core)]
    command = [sys.executable, "-I", "-S", "-c", SLEEPER, *place]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            if process.stdout.readline() != "asleep\n":
                raise Unmeasured("The process that watches for stalls did not start.")
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def _work(processes: list[psutil.Process]) -> float:
    """Seconds of processor time."""
    return float(sum(times.user + times.system for times in (process.cpu_times() for process in processes)))


def _idle(times: object) -> float:
    return float(getattr(times, "idle", 0.0)) + float(getattr(times, "iowait", 0.0))


def slow_fsync(folder: Path) -> Path:
    """A library that makes every fsync take 20 ms longer; Unmeasured without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise Unmeasured("To slow fsync down takes a C compiler: install gcc.")
    source, library = folder / "slow.c", folder / "slow.so"
    source.write_text(FSYNC % round(SLOW_DISK * 1e6), encoding="utf-8")
    made = subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], stderr=subprocess.PIPE
    )
    if made.returncode:
        raise Unmeasured(f"{compiler} could not make the library that slows fsync down: {made.stderr.decode().strip()}")
    return library


def memory(process: subprocess.Popen[str]) -> float:
    """Resident megabytes."""
    return float(psutil.Process(process.pid).memory_info().rss) / 2**20
