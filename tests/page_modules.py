"""The course's pure modules in the page's Python, for tests: MicroPython on WebAssembly in one node process."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from micropython import RUNTIME, WIDGETS, node

HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


class PageModules:
    """Calls what the page's Python calls.

    >>> with PageModules("record.py") as page:
    ...     page.call("record", "canonical", {"b": 2.0, "a": 1})
    '{"a":1,"b":2}'
    """

    def __init__(self, *names: str) -> None:
        paths = [str(WIDGETS / name) for name in names]
        command = [node(), str(Path(__file__).with_suffix(".mjs")), str(RUNTIME), *paths]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def call(self, module: str, function: str, *arguments: Any) -> Any:
        """What the function returns, as JSON has it; for what it raises, ``("RecordError", message)``."""
        # One line out for one line in, and none out before the whole line is in: the pipes cannot block each other.
        self._process.stdin.write(_as_browsers_write([module, function, arguments]).encode() + b"\n")  # type: ignore[union-attr]
        self._process.stdin.flush()  # type: ignore[union-attr]
        line = self._process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise RuntimeError(f"node ended with {self._process.wait()}; its message is on stderr")
        outcome = json.loads(line)
        return outcome["result"] if "result" in outcome else (outcome["error"], outcome["message"])

    def __enter__(self) -> PageModules:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:  # closes both pipes and waits
            pass


def _as_browsers_write(value: Any) -> str:
    """As JSON.stringify does it: every character as it is, but half of one escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return HALF_A_CHARACTER.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
