"""Rooms on a server elsewhere, remembered here, so that a restarted kernel takes the same ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import kept

NAME = "elsewhere.json"


class Elsewhere:
    """The rooms that this user has opened on the server at ``url``, in a file of mode 0600 in ``folder``."""

    def __init__(self, folder: Path, url: str) -> None:
        self._file, self._url = Path(folder) / NAME, url

    @property
    def rooms(self) -> dict[str, dict[str, Any]]:
        """By code."""
        return dict(self._all().get(self._url, {}))

    def remember(self, code: str, room: dict[str, Any]) -> None:
        self._write({**self.rooms, code: room})

    def forget(self, code: str) -> None:
        self._write({known: room for known, room in self.rooms.items() if known != code})

    def stop(self) -> None:
        """A server elsewhere is not this notebook's to stop."""

    def _all(self) -> dict[str, dict[str, dict[str, Any]]]:
        try:
            return dict(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def _write(self, rooms: dict[str, dict[str, Any]]) -> None:
        kept.private(self._file, json.dumps({**self._all(), self._url: rooms}, ensure_ascii=False))
