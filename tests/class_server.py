"""The classroom's server as its clients see it: real uvicorn on a real port, in a thread of this process."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from widgets.bank import Bank, load_bank
from widgets.classroom import snapshot
from widgets.classroom.app import make_app
from widgets.classroom.clock import Clock
from widgets.classroom.store import Store
from widgets.classroom.tokens import hashed

KEY = "the-server's-own-key"
BEST = "boundaries/barbecue-intake"
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; each client would read the machine's certificates


class SetClock(Clock):
    """A clock whose wall somebody sets, while its ticks run on. ``shown`` moves the date alone, ``passes`` time itself."""

    def __init__(self, wall: float = 1_800_000_000.0) -> None:
        self.shown, self.ticked, self.machine = wall, 0.0, 1.0
        super().__init__(lambda: self.shown, lambda: self.ticked, lambda: self.ticked, lambda: self.machine)

    def passes(self, seconds: float) -> None:
        self.shown += seconds
        self.ticked += seconds


class Class:
    """A running server: ``url``, its ``app``, and what an instructor and a phone do with it."""

    def __init__(self, url: str, app: Any = None, key: str = KEY) -> None:
        self.url, self.app, self.key = url, app, key
        self._clients: list[httpx.Client] = []

    def client(self, **more: Any) -> httpx.Client:
        self._clients.append(httpx.Client(base_url=self.url, timeout=20, verify=PLAIN, **more))
        return self._clients[-1]

    def leave(self) -> None:
        """Close what its clients hold open."""
        for client in self._clients:
            client.close()

    def open(self, *keys: str, bank: Bank | None = None, **more: Any) -> Room:
        """A new room with these items (default: one *best*)."""
        items = list(keys or (BEST,))
        body = {"items": items, "snapshot": snapshot.make(bank or load_bank(), items), **more}
        with self.client(headers={"Authorization": f"Bearer {self.key}"}) as owner:
            reply = owner.post("/api/rooms", json=body)
        assert reply.status_code == 201, reply.text
        return Room(self, reply.json())


class Room:
    """A room and its instructor."""

    def __init__(self, server: Class, made: dict[str, Any]) -> None:
        self.server, self.code, self.secret, self.made = server, made["code"], made["secret"], made
        self.desk = server.client(headers={"Authorization": f"Bearer {self.secret}"})
        self.path = f"/api/rooms/{self.code}"

    def state(self) -> dict[str, Any]:
        reply = self.desk.get(self.path)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def step(self, step: str, item: str | None = BEST, **more: Any) -> dict[str, Any]:
        """Go to a step, whatever the version is; the room then."""
        reply = self.try_step(step, item, **more)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def try_step(self, step: str, item: str | None = BEST, **more: Any) -> httpx.Response:
        body = {"step": step, "version": self.state()["version"], **more}
        return self.desk.post(f"{self.path}/step", json=body if item is None else {**body, "item": item})

    def get(self, what: str, **query: Any) -> Any:
        reply = self.desk.get(f"{self.path}/{what}", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def post(self, what: str, **body: Any) -> httpx.Response:
        return self.desk.post(f"{self.path}/{what}", json=body)

    def phone(self) -> Phone:
        phone = Phone(self)
        assert phone.join().status_code == 200
        return phone


class Phone:
    """One browser; it has its own cookies."""

    def __init__(self, room: Room) -> None:
        self.code = room.code
        self.http = room.server.client()

    def join(self) -> httpx.Response:
        return self.http.post(f"/{self.code}/join", json={})

    def state(self) -> dict[str, Any]:
        reply = self.http.get(f"/{self.code}/state")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def vote(self, answer: Any, n: int = 1, vote: int = 1, item: str = BEST, **more: Any) -> httpx.Response:
        body = {"item": item, "vote": vote, "n": n, "answer": answer, **more}
        return self.http.put(f"/{self.code}/vote", json=body)


@contextmanager
def serving(
    path: Path, clock: Clock | None = None, most_pages: int | None = None, log_level: str = "error", **more: Any
) -> Iterator[Class]:
    """A server on the file at ``path``, until the context ends; then the store is closed."""
    store = Store.open(path, most_pages=most_pages)
    app = make_app(store, key_hash=hashed(KEY), clock=clock, **{"allowed_hosts": ["classroom.test"], **more})
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,  # the log goes where pytest catches it
        log_level=log_level,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started and thread.is_alive():
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    served = Class(f"http://127.0.0.1:{port}", app)
    try:
        yield served
    finally:
        served.leave()
        running.should_exit = True
        thread.join()
