"""The first five minutes begin with a wait: how long ``classroom("boundaries")`` takes until its words are there.

Cold: each round is a new Python and a new folder, so the server is started, the bank read and the room made. The clock
runs from the call until the words have come out, and is this process's own.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

from .setting import COURSE, Setting
from .table import Row, Unmeasured, spread

SECONDS = 3.0
CALL = """
import sys
from pathlib import Path
from widgets import classroom
print("called", flush=True)
room = classroom("boundaries", lan=True, data=Path(sys.argv[1]))
sys.stdin.read()
room.close()
"""


def words() -> float:
    """Seconds from the call until the door's words are printed, in a terminal as in a notebook's cell."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-u", "-c", CALL, folder]
        with subprocess.Popen(command, cwd=COURSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as python:
            assert python.stdout is not None
            python.stdout.readline()
            start = time.perf_counter()
            said = python.stdout.readline()
            took = time.perf_counter() - start
            python.communicate()
    if not said or python.returncode:
        raise Unmeasured("classroom() did not open its room; what it said is above.")
    return took


def bare() -> float:
    """Seconds of a Python that only imports ipywidgets, from its start to its end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import ipywidgets"], check=True)
    return time.perf_counter() - start


def measure(setting: Setting) -> list[Row]:
    rounds = [(words(), bare()) for _ in range(setting.runs)]
    ours, theirs = zip(*rounds, strict=True)
    met = statistics.median(ours) < SECONDS
    return [
        Row('classroom("boundaries"), cold: the call to its words', spread(ours, " s", 2), f"under {SECONDS:g} s", met),
        Row("a Python that only imports ipywidgets", spread(theirs, " s", 2)),
    ]
