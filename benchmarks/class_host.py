"""A class's server as a process of its own, for the crowd to meet: ``python -m benchmarks.class_host FILE KEY``.

Prints its port, serves until its standard input closes.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path

import uvicorn

from widgets.classroom.app import make_app
from widgets.classroom.store import Store
from widgets.classroom.tokens import hashed


async def serve(file: Path, key: str) -> None:
    app = make_app(Store.open(file), key_hash=hashed(key), allowed_hosts=[])
    config = uvicorn.Config(
        app,
        port=0,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        backlog=4096,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    app.state.hall.streams.end()
    server.should_exit = True
    await running


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if len(sys.argv) > 3:
        os.sched_setaffinity(0, {int(sys.argv[3])})
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
