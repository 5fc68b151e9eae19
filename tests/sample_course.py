"""A small valid course to break: one vignette of every format, two codes of ethics, one source."""

from __future__ import annotations

import shutil
from pathlib import Path

from widgets.bank import find_faults

SAMPLE = "chapters/sample.yml"
HERE = "§"


class Course:
    """A copy of ``tests/bank/course`` in ``root``.

    >>> line = course.change("marks: 4", "§marks: 9")
    >>> course.faults()
    ['chapters/sample.yml:16: sample/party: options.0.marks: …']
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(Path(__file__).with_name("bank") / "course", root, dirs_exist_ok=True)

    def change(self, old: str, new: str, file: str = SAMPLE) -> int:
        """Replace the first ``old``; the line of the § in ``new``, which is taken out, or 0 if it has none."""
        before, found, after = self.read(file).partition(old)
        assert found, f"{file} has no {old!r}"
        text = before + new + after
        self.write(text.replace(HERE, ""), file)
        return text.partition(HERE)[0].count("\n") + 1 if HERE in text else 0

    def read(self, file: str = SAMPLE) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def write(self, text: str, file: str = SAMPLE) -> None:
        (self.root / file).write_text(text, encoding="utf-8", newline="")

    def faults(self) -> list[str]:
        return [str(fault) for fault in find_faults(self.root)]
