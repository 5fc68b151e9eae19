"""A class's server as a process of its own, for the crowd to meet: ``python -m benchmarks.class_host FILE KEY``.

Prints its port, serves until its standard input closes.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

from widgets.classroom.app import make_app
from widgets.classroom.running import many_files, server_for, short_pauses
from widgets.classroom.store import Store
from widgets.classroom.tokens import hashed


async def serve(file: Path, key: str) -> None:
    app = make_app(Store.open(file), key_hash=hashed(key), allowed_hosts=[])
    server, listening = server_for(app), socket.create_server(("127.0.0.1", 0), backlog=4096)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    print(listening.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await running


if __name__ == "__main__":
    many_files()
    short_pauses()
    if len(sys.argv) > 3:
        os.sched_setaffinity(0, {int(sys.argv[3])})
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
