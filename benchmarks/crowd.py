"""Phones of a class as cheap asyncio clients over real HTTP: they join, follow the stream, fetch, and vote.

One connection for requests and one for the stream, as a browser has; nothing but what a phone sends, and a vote again
after as long as ``room.js`` waits. Raw asyncio, so that the crowd costs less than the server that it measures.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .counting import Ballot, Json, Vote
from .table import Unmeasured

TRIES = 4  # a phone sends a vote until the room has it or refuses it; this crowd gives up, so that a round ends


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
    """One phone in a room. By item and vote: ``told`` is the newest answer that the room has acknowledged, ``sent`` and
    ``heard`` are how often it voted while that was open, and how many of these were acknowledged."""

    def __init__(self, port: int, code: str) -> None:
        self.port, self.code, self.cookie = port, code, ""
        self.http = Connection(port)
        self.version = 0
        self.moved = asyncio.Event()
        self.told: dict[tuple[str, int], Vote] = {}
        self.sent: Counter[tuple[str, int]] = Counter()
        self.heard: Counter[tuple[str, int]] = Counter()
        self._listening: asyncio.Task[None] | None = None

    def twin(self) -> Phone:
        """Another tab of the same browser."""
        other = Phone(self.port, self.code)
        other.cookie, other.told, other.sent, other.heard = self.cookie, self.told, self.sent, self.heard
        return other

    async def join(self) -> float:
        """Seconds that it took."""
        start = time.perf_counter()
        _, head = await self._fetch("POST", "/join", {})
        took = time.perf_counter() - start
        self.cookie = next(line for line in head.split("\r\n") if line.lower().startswith("set-cookie:"))
        self.cookie = self.cookie.split(":", 1)[1].split(";", 1)[0].strip()
        return took

    async def state(self) -> Json:
        state, _ = await self._fetch("GET", "/state")
        return state

    async def _fetch(self, method: str, what: str, body: object = None) -> tuple[Json, str]:
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        status, reply, head = await self.http.ask(method, f"/{self.code}{what}", body, **cookie)
        if status != 200:
            raise Unmeasured(f"The room answered {status} to a phone’s {what}: {reply.decode()}")
        return json.loads(reply), head

    async def vote(self, item: str, vote: int, n: int, answer: Any, *, open: bool) -> tuple[int, float]:
        """The last status, and the seconds until it came, with what was waited before sending again.

        ``open`` says that the vote is open and stays so meanwhile: then it must be acknowledged.
        """
        start, place = time.perf_counter(), (item, vote)
        self.sent[place] += open
        body = {"item": item, "vote": vote, "n": n, "answer": answer}
        for failures in range(1, TRIES + 1):
            status, kept = await self._send(body)
            if not passing(status):
                break
            if failures < TRIES:
                await asyncio.sleep(patience(failures))
        took = time.perf_counter() - start
        if status == 200 and kept["n"] >= n:
            self.heard[place] += open
            if kept["n"] >= self.told.get(place, (0, None))[0]:
                self.told[place] = (kept["n"], kept["answer"])
        return status, took

    async def _send(self, body: Json) -> tuple[int, Json]:
        """The status and what the room says that it has; 0 where the line broke."""
        try:
            status, reply, _ = await self.http.ask("PUT", f"/{self.code}/vote", body, Cookie=self.cookie)
        except (OSError, asyncio.IncompleteReadError):
            return 0, {}
        return status, json.loads(reply) if status == 200 else {}

    def ballot(self, item: str, vote: int, state: Json) -> Ballot:
        """What this phone sent and heard, beside what the room's state says that it has."""
        place, held = (item, vote), state["yours"][str(vote)]
        return Ballot(
            sent=self.sent[place],
            acknowledged=self.heard[place],
            told=self.told.get(place),
            held=(held["n"], held["answer"]) if held else None,
        )

    async def listen(self) -> None:
        """Follow the room's versions until ``leave``."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request("GET", f"/{self.code}/events", None, {"Cookie": self.cookie}))
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            raise Unmeasured(f"The room answered a phone’s /events with {head.decode('latin-1').splitlines()[0]}.")
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
        made = await self._fetch("POST", "/api/rooms", {"items": items, "snapshot": snapshot}, self._key)
        self.code, self.secret, self.version = made["code"], made["secret"], 1
        return self.code

    async def ask(self, method: str, what: str = "", body: object = None) -> Any:
        return await self._fetch(method, f"/api/rooms/{self.code}{what}", body, self.secret)

    async def tally(self, item: str, vote: int) -> Json:
        tally: Json = await self.ask("GET", f"/tally?item={item}&vote={vote}")
        return tally

    async def _fetch(self, method: str, path: str, body: object, bearer: str) -> Any:
        status, reply, _ = await self.http.ask(method, path, body, Authorization=f"Bearer {bearer}")
        if status not in (200, 201):
            raise Unmeasured(f"The room answered {status} to the instructor’s {path}: {reply.decode()}")
        return json.loads(reply)

    async def step(self, step: str, item: str) -> float:
        """Go there; when it was asked for."""
        asked = time.perf_counter()
        state = await self.ask("POST", "/step", {"step": step, "item": item, "version": self.version})
        self.version = state["version"]
        return asked


def passing(status: int) -> bool:
    """Whether a vote with this answer is sent again (``room.js``: ask); 0 is a broken line."""
    return status in (0, 408, 425, 429) or status >= 500


def patience(failures: int) -> float:
    """Seconds that a phone waits after so many failures in a row (``room.js``: patience)."""
    return min(5.0, 2.0 ** (failures - 1)) * (0.75 + random.random() / 2)


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
