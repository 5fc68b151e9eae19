"""Ninety rounds on one real server, as a term has them: nobody is lost on the way, and nothing piles up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
from answering import some_answer
from class_server import Class, Room

from widgets.bank import load_bank
from widgets.classroom import process
from widgets.classroom.process import Server

BANK = load_bank()
ROUNDS, PHONES, WARM = 90, 8, 10
GROWTH = 20_000_000  # bytes


class Listener:
    """A phone that follows the room by its stream, votes as soon as it may, and now and then loses the line."""

    def __init__(self, web: aiohttp.ClientSession, room: Room, number: int) -> None:
        self.web, self.room, self.number = web, room, number
        self.base = f"{room.server.url}/{room.code}"
        self.cookie: dict[str, str] = {}
        self.heard = 0
        self.given: dict[tuple[str, int], Any] = {}
        self.state: dict[str, Any] = {}

    async def follow(self) -> None:
        async with self.web.post(f"{self.base}/join", json={}) as reply:
            self.cookie = {"Cookie": reply.headers["Set-Cookie"].partition(";")[0]}
        while True:
            async with self.web.get(f"{self.base}/events", headers=self.cookie) as stream:
                async for line in stream.content:
                    if line.startswith(b"data: "):
                        self.heard += 1
                        await self.look()
                        if self.heard % 17 == self.number % 17:
                            break  # the line is lost

    async def look(self) -> None:
        async with self.web.get(f"{self.base}/state", headers=self.cookie) as reply:
            self.state = await reply.json()
        item, vote = self.state["item"], self.state["vote"]
        if not self.state["open"] or (item, vote) in self.given:
            return
        answer = some_answer(BANK[item].item)  # type: ignore[arg-type]
        cast = {"item": item, "vote": vote, "n": self.heard, "answer": answer}
        for _ in range(1 + (self.number == 0)):  # one phone's replies are lost, and it sends all twice
            async with self.web.put(f"{self.base}/vote", json=cast, headers=self.cookie) as reply:
                assert reply.status == 200, await reply.text()
        self.given[item, vote] = answer


@pytest.mark.timeout(180)  # seconds that ninety rounds may take, on a busy machine too
def test_ninety_rounds_lose_nothing_and_pile_nothing_up(tmp_path: Path) -> None:
    items = [key for key, v in BANK.items() if v.item is not None and not getattr(v.entry, "crisis", False)][:ROUNDS]
    assert len(items) == ROUNDS
    running = process.start(data=tmp_path, port=0)
    served = Class(running.url, key=running.key)
    try:
        asyncio.run(rounds(running, served.open(*items), items))
        assert running.log.read_text(encoding="utf-8") == ""
    finally:
        served.leave()
        running.stop()


async def rounds(server: Server, room: Room, items: list[str]) -> None:
    plain = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), cookie_jar=plain) as web:
        phones = [Listener(web, room, number) for number in range(PHONES)]
        following = [asyncio.create_task(phone.follow()) for phone in phones]

        async def until(come: Callable[[Listener], bool]) -> None:
            async with asyncio.timeout(30):
                while not all(map(come, phones)):
                    for task in following:
                        if task.done():
                            task.result()
                    await asyncio.sleep(0.005)

        desk = DeskOf(web, room)
        running, usual = psutil.Process(server.pid), (0, 0)
        await until(lambda phone: "step" in phone.state)
        for number, item in enumerate(items):
            for step, vote in (("vote1", 1), ("talk", 0), ("vote2", 2), ("reasons", 0)):
                await desk.go(step, item)
                if vote:
                    await until(lambda phone, given=(item, vote): given in phone.given)  # type: ignore[misc]
            await until(lambda phone: phone.state["feedback"] is not None)
            assert desk.state["votes"] == {"1": PHONES, "2": PHONES}
            if number == WARM:
                usual = (running.memory_info().rss, running.num_fds())
        assert running.memory_info().rss - usual[0] < GROWTH
        assert running.num_fds() - usual[1] < PHONES
        state = await desk.ask("GET", "")
        assert (state["phones"], state["here"]) == (PHONES, PHONES)
        kept = (await desk.ask("GET", "/answers"))["answers"]
        assert len(kept) == ROUNDS * 2 * PHONES
        wanted = {(item, vote): answer for phone in phones for (item, vote), answer in phone.given.items()}
        assert all(row["answer"] == wanted[row["item"], row["vote"]] for row in kept)
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)


class DeskOf:
    """The instructor, without waiting in the way of the phones."""

    def __init__(self, web: aiohttp.ClientSession, room: Room) -> None:
        self.web, self.url = web, f"{room.server.url}{room.path}"
        self.headers = {"Authorization": f"Bearer {room.secret}"}
        self.state: dict[str, Any] = {"version": room.state()["version"]}

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        async with self.web.request(method, self.url + path, headers=self.headers, **body) as reply:
            assert reply.status == 200, await reply.text()
            return await reply.json()

    async def go(self, step: str, item: str) -> None:
        asked = {"step": step, "item": item, "version": self.state["version"]}
        self.state = await self.ask("POST", "/step", json=asked)
