"""The classroom's server as a process of its own: it outlives the kernel that started it, but not for long.

It runs in a new session, so that interrupting or restarting a kernel does not reach it, and holds one end of a pipe
to the kernel. When the kernel is gone it waits for another, ten minutes, and ends.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from . import holding, kept, reach
from .holding import ENDING, Hold
from .kept import Kept

PORT = 8765
GRACE = 600.0  # seconds that a server waits for another kernel
STARTING = 60.0  # seconds that it may take to start, on a very busy machine
MODULE = "widgets.classroom"
LOG, FILE = "server.log", "rooms.sqlite"
LONGEST_LOG = 1_000_000  # bytes; then it begins anew


class StartError(RuntimeError):
    """The server did not start; the message says what to do."""


@dataclass
class Server:
    """A running server, and this kernel's hold on it.

    ``url`` is for this machine, ``addresses`` for phones. ``rooms`` is kept in a file of mode 0600; see ``remember``.
    ``resumed`` says that it ran already.
    """

    port: int
    pid: int
    lan: bool
    public_url: str | None
    trusted_proxies: tuple[str, ...]
    folder: Path
    resumed: bool
    key: str = field(repr=False)
    _hold: Hold = field(repr=False)
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / LOG

    @property
    def addresses(self) -> list[str]:
        """Where phones may find it, likeliest first; only this machine can if it is not on the local network."""
        if self.public_url:
            return [self.public_url.rstrip("/")]
        return [f"http://{address}:{self.port}" for address in reach.addresses()] if self.lan else [self.url]

    @property
    def alive(self) -> bool:
        """Whether it answers, and knows this key."""
        found = kept.read(self.folder)
        hold = holding.take(found.hold, found.key) if found and found.pid == self.pid else None
        if hold:
            hold.close()
        return hold is not None

    @property
    def rooms(self) -> dict[str, dict[str, Any]]:
        found = kept.read(self.folder)
        return found.rooms if found else {}

    def remember(self, code: str, room: dict[str, Any]) -> None:
        """Keep what a restarted kernel needs to take this room again."""
        if found := kept.read(self.folder):
            kept.write(self.folder, replace(found, rooms=found.rooms | {code: room}))

    def forget(self, code: str) -> None:
        if found := kept.read(self.folder):
            kept.write(
                self.folder, replace(found, rooms={known: room for known, room in found.rooms.items() if known != code})
            )

    def opened_to_the_network(self) -> Server:
        """The same server for phones of this network too: it is started anew, on its port and with its rooms."""
        return start(
            lan=True, data=self.folder, public_url=self.public_url, trusted_proxies=self.trusted_proxies, port=self.port
        )

    def stop(self) -> None:
        """End it at once. What it holds stays in its file, and so do the rooms that are remembered."""
        if self._hold.closed:  # another object of this kernel has ended it, or started it anew with other settings
            running = resume(self.folder)
            if running:
                running.stop()
            return
        with suppress(OSError):
            self._hold.write(b"stop\n")
        if not _gone(self):
            with suppress(OSError):
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            _wait_for_its_end(self)
        _let_go(self)
        if not self.rooms:
            kept.remove(self.folder)


# As long as the kernel lives it holds its servers, whatever becomes of the objects that a cell made.
_held: dict[Path, Server] = {}


def start(
    *,
    lan: bool = False,
    data: Path | None = None,
    port: int = PORT,
    public_url: str | None = None,
    trusted_proxies: tuple[str, ...] = (),
    grace: float = GRACE,
) -> Server:
    """The server of the folder ``data``: the one that runs, or a new one, held by this kernel until it ends.

    It listens on this machine alone unless ``lan``, on ``port`` or the next free one. One that was killed comes back
    on its old port, with its old key and rooms; one that runs with other settings is started anew there.
    ``public_url`` is where a tunnel or proxy that one already has leads to it. StartError says why it cannot run.
    """
    folder = _folder(data)
    running, wanted = resume(folder), (lan, public_url, trusted_proxies)
    if running and (running.lan, running.public_url, running.trusted_proxies) == wanted:
        return running
    if running:
        running.stop()
    before = kept.read(folder)
    config = {
        "key": before.key if before else secrets.token_urlsafe(24),
        "data": str(folder / FILE),
        "host": "0.0.0.0" if lan else "127.0.0.1",
        "port": before.port if before and before.rooms else port,
        "public_url": public_url,
        "trusted_proxies": list(trusted_proxies),
        "grace": grace,
    }
    child, report = _spawn(folder, config)
    if "error" in report:
        child.wait()
        # Another kernel may have been faster by a moment.
        if report.get("served") and (running := _soon(folder)):
            return running
        raise StartError(report["error"])
    found = Kept(
        pid=child.pid,
        port=report["port"],
        hold=report["hold"],
        key=str(config["key"]),
        lan=lan,
        public_url=public_url,
        trusted_proxies=trusted_proxies,
        rooms=before.rooms if before else {},
    )
    kept.write(folder, found)
    assert child.stdin
    server = _server(folder, found, child.stdin, child)
    _held[folder] = server
    return server


def resume(data: Path | None = None) -> Server | None:
    """The server that runs already, whoever started it, held from now on by this kernel too; or None."""
    folder = _folder(data)
    mine = _held.get(folder)
    if mine and mine.alive:
        mine.resumed = True
        return mine
    if mine:
        _let_go(mine)
    found = kept.read(folder)
    hold = holding.take(found.hold, found.key) if found else None
    if not found or not hold:
        return None
    server = _server(folder, found, hold)
    _held[folder] = server
    return server


def _folder(data: Path | None) -> Path:
    return Path(data).resolve() if data else kept.folder()


def _server(folder: Path, found: Kept, hold: Hold, child: subprocess.Popen[bytes] | None = None) -> Server:
    return Server(
        port=found.port,
        pid=found.pid,
        lan=found.lan,
        public_url=found.public_url,
        trusted_proxies=found.trusted_proxies,
        folder=folder,
        resumed=child is None,
        key=found.key,
        _hold=hold,
        _child=child,
    )


def _spawn(folder: Path, config: dict[str, Any]) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """The new process and what it says of itself. The key goes down the pipe that then keeps it alive."""
    log = folder / LOG
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        begin = os.O_TRUNC if log.exists() and log.stat().st_size > LONGEST_LOG else 0
        errors = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | begin, 0o600)
    except OSError as error:
        raise StartError(f"{folder} cannot be written ({error.strerror}). Name another folder: data=…") from None
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            bufsize=0,
            cwd=Path(__file__).parents[2],  # where this package is found, whatever folder the notebook is in
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    finally:
        os.close(errors)
    assert child.stdin
    assert child.stdout
    with suppress(OSError):  # a process that has died says so by what it does not report
        child.stdin.write(json.dumps(config).encode() + b"\n")
    said: list[bytes] = []
    reading = threading.Thread(target=lambda out: said.append(out.readline()), args=(child.stdout,), daemon=True)
    reading.start()
    reading.join(STARTING)
    if not said or not said[0]:
        child.kill()
        reading.join()
        said = [json.dumps({"error": f"The classroom's server did not start. Its log says why: {log}"}).encode()]
    child.stdout.close()
    report: dict[str, Any] = json.loads(said[0])
    if "error" in report:
        child.stdin.close()
    return child, report


def _let_go(server: Server) -> None:
    """Close what this kernel holds of a server that has ended."""
    _held.pop(server.folder, None)
    with suppress(OSError):
        server._hold.close()
    if server._child:
        server._child.poll()


def _soon(folder: Path) -> Server | None:
    late = time.monotonic() + ENDING
    while time.monotonic() < late:
        if running := resume(folder):
            return running
        time.sleep(0.1)
    return None


def _wait_for_its_end(server: Server) -> None:
    """Until then it has the file, and nobody else could open that."""
    with suppress(psutil.Error, subprocess.TimeoutExpired):
        (server._child or psutil.Process(server.pid)).wait(ENDING)


def _gone(server: Server) -> bool:
    """Whether the process has ended, by now or within a few seconds."""
    try:
        if server._child:
            server._child.wait(ENDING)
            return True
        return server._hold.read(1) == b""  # the end of the connection
    except ConnectionError:
        return True
    except (subprocess.TimeoutExpired, OSError):
        return False
