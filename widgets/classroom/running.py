"""What runs in the server's process: it binds, says where, serves, and ends when nobody holds it any more."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import json
import os
import socket
import sys
import threading
from argparse import Namespace
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from . import holding, kept, process, reach, tokens
from .app import Classroom, make_app
from .store import Served, Store, StoreError

NEXT = 50  # ports that are tried after the one that was asked for
KEPT = 75  # seconds that an idle connection stays: a phone asks seldom, and a new one costs more than a vote
FINISHING = 1  # second that replies have to end in
MAC_MOST = 10_240  # open files: macOS says "unlimited" and takes no more than this (OPEN_MAX)
SWITCH = 0.0005  # seconds that one thread may compute while the other waits; Python's own is ten times that
WAITING = 4096  # connections that may wait to be taken: a class that joins at once


class Holds:
    """Counts who keeps the server alive, and calls ``end`` when nobody has for ``grace`` seconds."""

    def __init__(self, grace: float, end: Callable[[], None]) -> None:
        self._grace, self._end = grace, end
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self) -> None:
        self._count += 1
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def drop(self) -> None:
        self._count -= 1
        if self._count == 0:
            self._timer = asyncio.get_running_loop().call_later(self._grace, self._end)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on the port, or on the next free one; OSError, in words, if this machine has not that address."""
    wanted = [*range(port, min(port + NEXT, 65_536)), 0] if port else [0]
    for candidate in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Named as TCP, or asyncio leaves Nagle's algorithm on, and each reply waits 40 ms for the phone's delayed ACK.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":  # elsewhere it would share the port with whoever has it
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, candidate))
            listening.listen(WAITING)
            return listening
        except PermissionError:
            listening.close()  # a port below 1024; the next may do
        except OSError as error:
            listening.close()
            if error.errno != errno.EADDRINUSE:
                raise OSError(f"This machine cannot listen on {host} ({error.strerror}).") from None
    raise OSError(f"No port is free on {host}.")


def application(config: dict[str, Any]) -> Classroom:
    """The app on its file; StoreError says why the file cannot be had."""
    public = config["public_url"]
    names = {socket.gethostname(), f"{socket.gethostname()}.local"}
    if public and (name := urlsplit(public).hostname):
        names.add(name)
    return make_app(
        Store.open(Path(config["data"])),
        key_hash=tokens.hashed(config["key"]),
        allowed_hosts=tuple(sorted(names)),
        public_url=public,
        trusted_proxies=tuple(config["trusted_proxies"]),
    )


class Uvicorn(uvicorn.Server):
    """Ends the streams first: uvicorn would wait for them, and they never end by themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.hall.streams.end()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def server_for(app: Classroom) -> Uvicorn:
    """Quiet: no access log, since an address belongs to a person. Forwarded addresses are the app's own business."""
    return Uvicorn(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ws="none",
            timeout_keep_alive=KEPT,
            timeout_graceful_shutdown=FINISHING,
            backlog=WAITING,
        )
    )


def short_pauses() -> None:
    """A look for garbage halts everybody for as long as there is memory to look through. What is there before the first
    phone stays, and is not looked through again. How often it looks is Python's own: seldomer, a server whose phones
    come and go grew by a megabyte in four classes.

    The writer gives the interpreter up at each call to SQLite, and while phones keep the other thread busy it gets it back
    only after this interval: at Python's own, a class's new state was now and then a tenth of a second later."""
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH)


def many_files() -> None:
    """A stream is an open file, and the usual limit is 1,024."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows, which has no such limit

        limit = resource.RLIMIT_NOFILE
        _, most = resource.getrlimit(limit)
        resource.setrlimit(limit, (min(most, MAC_MOST) if sys.platform == "darwin" else most, most))


async def serve_held(app: Classroom, listening: socket.socket, config: dict[str, Any], pipe: FileIO) -> None:
    """Serve until told to stop, or until nobody has held this process for its grace."""
    server = server_for(app)
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    holds = Holds(config["grace"], end)

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A kernel that did not start this process: it proves that it has the key, and holds by staying connected."""
        try:
            key, mine = config["key"], holding.number()
            writer.write(mine + b"\n")
            theirs, _, said = (await asyncio.wait_for(reader.readline(), 5)).strip().partition(b" ")
            if not holding.proven(said, key, "kernel", mine, theirs):
                return
            holds.add()
            try:
                writer.write(holding.proof(key, "server", mine, theirs) + b"\n")
                while line := await reader.readline():
                    if line == b"stop\n":
                        end()
            finally:
                holds.drop()
        except (OSError, ValueError, TimeoutError):
            pass
        finally:
            writer.close()

    # The pipe of the kernel that did. A thread reads it: not every system lets an event loop do so.
    def listen() -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended before the kernel
            while line := pipe.readline():
                if line == b"stop\n":
                    loop.call_soon_threadsafe(end)
            loop.call_soon_threadsafe(holds.drop)

    holds.add()
    holders = await asyncio.start_server(hold, "127.0.0.1", 0)
    threading.Thread(target=listen, name="pipe", daemon=True).start()
    _report({"port": listening.getsockname()[1], "hold": holders.sockets[0].getsockname()[1]})
    try:
        await server.serve(sockets=[listening])
    finally:
        holders.close()


def _report(said: dict[str, Any]) -> None:
    """The one line that the starting kernel waits for. What is printed later goes into the log."""
    os.write(1, json.dumps(said).encode() + b"\n")
    os.dup2(2, 1)


def child() -> int:
    """The process that ``process.start`` starts: its settings and its key come down the pipe."""
    pipe = FileIO(0)  # unbuffered: a thread that waits in a buffer's lock would spoil the process's end
    line = pipe.readline()
    if not line:
        return 1
    config = json.loads(line)
    many_files()
    short_pauses()
    try:
        app = application(config)
        listening = bind(config["host"], config["port"])
    except (StoreError, OSError) as error:
        _report({"error": str(error), "served": isinstance(error, Served)})
        return 1
    asyncio.run(serve_held(app, listening, config, pipe))
    return 0


def by_hand(options: Namespace) -> int:
    """Serve in the foreground until interrupted; return 1, with the reason on stderr, if that cannot be.

    Whoever opens rooms here needs the key. It is made once and kept in a file that only its owner can read.
    """
    folder = options.data or kept.folder()
    many_files()
    short_pauses()
    try:
        config = {
            "key": kept.own_key(folder),
            "data": folder / process.FILE,
            "public_url": reach.checked("public_url", options.public_url),
            "trusted_proxies": reach.networks(options.trusted_proxy),
        }
        app = application(config)
        listening = bind(options.host, options.port)
    except (StoreError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Rooms at http://{options.host}:{listening.getsockname()[1]}/ (stop with Ctrl+C).", flush=True)
    print(f"Notebooks open them with the key in {folder / kept.KEY}.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server_for(app).serve(sockets=[listening]))
    return 0
