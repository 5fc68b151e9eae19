"""A class's server as a process of its own, for the crowd to meet: ``python -m benchmarks.class_host FILE KEY``.

Prints its port, serves until its standard input closes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from widgets.classroom.app import make_app
from widgets.classroom.running import bind, many_files, server_for, short_pauses
from widgets.classroom.store import Store
from widgets.classroom.tokens import hashed


async def serve(file: Path, key: str) -> None:
    app = make_app(Store.open(file), key_hash=hashed(key), allowed_hosts=[])
    server, listening = server_for(app), bind("127.0.0.1", 0)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    print(listening.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await running


def slow_commits(seconds: float) -> None:
    """A slow disk without a compiler: a commit that has written waits, in the writing thread and without the
    interpreter's lock, as it would for its fsync. It has one (write-ahead log, synchronous=FULL), but for the few that
    also move the log into the file."""
    written = 0

    def wait(connection: Connection) -> None:
        nonlocal written
        before, written = written, connection.connection.driver_connection.total_changes  # type: ignore[union-attr]
        if written != before:
            time.sleep(seconds)

    event.listen(Engine, "commit", wait)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class_host")
    parser.add_argument("file", type=Path)
    parser.add_argument("key")
    parser.add_argument("--core", type=int, help="run on this one alone")
    parser.add_argument("--commits", type=float, default=0.0, metavar="SECONDS", help="added to each commit")
    options = parser.parse_args()
    many_files()
    short_pauses()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    if options.commits:
        slow_commits(options.commits)
    asyncio.run(serve(options.file, options.key))
