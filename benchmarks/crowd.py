"""Phones of a class as cheap asyncio clients over real HTTP: they join, follow the stream, fetch, and vote.

One connection for requests and one for the stream, as a browser has; nothing but what a phone sends. Raw asyncio, so
that the crowd costs less than the server that it measures.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


class Connection:
    """One HTTP/1.1 connection that is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes, str]:
        """Status, body, and the head; opens the connection anew if it was closed."""
        async with self._turn:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            try:
                writer.write(request(method, path, body, headers))
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                return int(head[9:12]), await reader.readexactly(length(head)), head
            except (OSError, asyncio.IncompleteReadError):
                self.close()
                raise

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Phone:
    """One phone in a room. ``kept`` is what the server has acknowledged: {(item, vote): (n, answer)}."""

    def __init__(self, port: int, code: str) -> None:
        self.port, self.code, self.cookie = port, code, ""
        self.http = Connection(port)
        self.version = 0
        self.moved = asyncio.Event()
        self.kept: dict[tuple[str, int], tuple[int, Any]] = {}
        self._listening: asyncio.Task[None] | None = None

    async def join(self) -> float:
        """Seconds that it took."""
        start = time.perf_counter()
        status, body, head = await self.http.ask("POST", f"/{self.code}/join", {})
        assert status == 200, body
        self.cookie = next(line for line in head.split("\r\n") if line.lower().startswith("set-cookie:"))
        self.cookie = self.cookie.split(":", 1)[1].split(";", 1)[0].strip()
        return time.perf_counter() - start

    async def state(self) -> Json:
        status, body, _ = await self.http.ask("GET", f"/{self.code}/state", Cookie=self.cookie)
        assert status == 200, body
        state: Json = json.loads(body)
        return state

    async def vote(self, item: str, vote: int, n: int, answer: Any) -> tuple[int, float]:
        """The status, and the seconds until it was acknowledged."""
        start = time.perf_counter()
        body = {"item": item, "vote": vote, "n": n, "answer": answer}
        status, reply, _ = await self.http.ask("PUT", f"/{self.code}/vote", body, Cookie=self.cookie)
        took = time.perf_counter() - start
        if status == 200:
            kept = json.loads(reply)
            if kept["n"] >= self.kept.get((item, vote), (0, None))[0]:
                self.kept[item, vote] = (kept["n"], kept["answer"])
        return status, took

    async def listen(self) -> None:
        """Follow the room's versions until ``leave``."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request("GET", f"/{self.code}/events", None, {"Cookie": self.cookie}))
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head, head
        self._listening = asyncio.create_task(self._follow(reader, writer))

    async def _follow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    self.version = int(line[6:])
                    self.moved.set()
        finally:
            writer.close()

    async def sees(self, step: str) -> float:
        """Wait until this phone has the state of that step, as a phone does: told by the stream; when it was there."""
        while True:
            await self.moved.wait()
            self.moved.clear()
            if (await self.state())["step"] == step:
                return time.perf_counter()

    def leave(self) -> None:
        if self._listening:
            self._listening.cancel()
        self.http.close()


class Instructor:
    """Opens a room and runs it."""

    def __init__(self, port: int, key: str) -> None:
        self.http, self._key, self.secret, self.code, self.version = Connection(port), key, "", "", 1

    async def open(self, items: list[str], snapshot: Json) -> str:
        body = {"items": items, "snapshot": snapshot}
        status, reply, _ = await self.http.ask("POST", "/api/rooms", body, Authorization=f"Bearer {self._key}")
        assert status == 201, reply
        made = json.loads(reply)
        self.code, self.secret, self.version = made["code"], made["secret"], 1
        return self.code

    async def ask(self, method: str, what: str = "", body: object = None) -> Any:
        path = f"/api/rooms/{self.code}{what}"
        status, reply, _ = await self.http.ask(method, path, body, Authorization=f"Bearer {self.secret}")
        assert status == 200, reply
        return json.loads(reply)

    async def step(self, step: str, item: str) -> float:
        """Go there; when it was asked for."""
        asked = time.perf_counter()
        state = await self.ask("POST", "/step", {"step": step, "item": item, "version": self.version})
        self.version = state["version"]
        return asked


def request(method: str, path: str, body: object, headers: Json) -> bytes:
    data = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
    return "\r\n".join([*lines, "", ""]).encode() + data


def length(head: str) -> int:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def together(phones: Iterable[Any], within: float = 0.0) -> list[Any]:
    """Run one coroutine a phone, begun evenly within so many seconds."""
    tasks = list(phones)

    async def later(place: int, task: Any) -> Any:
        await asyncio.sleep(within * place / len(tasks))
        return await task

    return list(await asyncio.gather(*(later(place, task) for place, task in enumerate(tasks))))
