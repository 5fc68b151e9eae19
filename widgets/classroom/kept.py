"""What outlives a kernel: one file, which only its owner can read, that says where the server is and how to get in.

So a restarted kernel takes the same room, code, port and votes. The secrets in it are nowhere else: no command line,
no environment, no log and no repr has them.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

NAME = "server.json"
KEY = "key"  # of a server that was started by hand


def folder() -> Path:
    """Where a class is kept if nobody says otherwise: in the user's own data folder."""
    return user_data_path("where-the-line-is", appauthor=False) / "classroom"


@dataclass(frozen=True)
class Kept:
    """A server as its file describes it; ``hold`` is the port on this machine by which a kernel keeps it alive.

    ``rooms`` has, by code, what a notebook needs to take a room again; see ``again.py``.
    """

    pid: int
    port: int
    hold: int
    key: str = field(repr=False)
    lan: bool = False
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    rooms: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)


def read(folder: Path) -> Kept | None:
    """What the folder's file says; None if there is none, or none that can be understood."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        found = Kept(**{f.name: data[f.name] for f in fields(Kept) if f.name in data})
        return replace(found, trusted_proxies=tuple(found.trusted_proxies))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(folder: Path, kept: Kept) -> None:
    """Put it there whole, with mode 0600 from the first byte on."""
    private(folder / NAME, json.dumps(asdict(kept), ensure_ascii=False))


def remove(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)


def own_key(folder: Path) -> str:
    """The key of a server that was started by hand: made once, in a file that only its owner can read."""
    path = folder / KEY
    if not path.exists():
        private(path, secrets.token_urlsafe(24) + "\n")
    return path.read_text(encoding="utf-8").strip()


def private(path: Path, text: str) -> None:
    """A file that only its owner can read; whoever looks meanwhile sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # before it takes the old one's place, or a power cut leaves neither
        os.replace(unfinished, path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
