"""An event says only a version, at once and with every change; and nothing is left of a stream that ended."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from class_server import BEST, Room

from widgets.classroom import streams
from widgets.classroom.messages import Refused
from widgets.classroom.streams import HERE, MOST, EventStream, Streams


def test_a_phone_hears_the_version_at_once_and_with_every_change(room: Room) -> None:
    phone, writer = room.phone(), room.phone()
    room.step("vote1", asks_reason=True)
    writer.vote("off-duty", reason="Because.")
    id = room.get("reasons", item=BEST)["reasons"][0]["id"]
    changes: list[Any] = [
        lambda: room.step("talk"),
        lambda: room.post("tables", item=BEST),
        lambda: room.post(f"reasons/{id}", shown=True),
        lambda: room.step("reasons"),
        lambda: room.post("close"),
    ]
    with phone.http.stream("GET", f"/{room.code}/events") as reply:
        assert reply.headers["content-type"] == "text/event-stream"
        lines = (line for line in reply.iter_lines() if line)
        assert next(lines) == f"data: {room.state()['version']}"
        for change in changes:
            change()
            assert next(lines) == f"data: {room.state()['version']}"


def test_a_stream_ends_with_its_room(room: Room) -> None:
    phone = room.phone()
    with phone.http.stream("GET", f"/{room.code}/events") as reply:
        lines = reply.iter_lines()
        assert next(lines) == "data: 1"
        room.desk.delete(room.path)
        assert [line for line in lines if line] == []


def test_a_vote_says_nothing_on_the_stream(room: Room) -> None:
    phone = room.phone()
    room.step("vote1")
    with phone.http.stream("GET", f"/{room.code}/events") as reply:
        lines = (line for line in reply.iter_lines() if line)
        before = next(lines)
        phone.vote("off-duty")
        room.step("talk")
        assert int(next(lines)[6:]) == int(before[6:]) + 1


def test_a_silent_stream_shows_that_it_lives(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BREATH", 0.02)
    with room.phone().http.stream("GET", f"/{room.code}/events") as reply:
        lines = (line for line in reply.iter_lines() if line)
        assert [next(lines) for _ in range(3)] == ["data: 1", ": still here", ": still here"]


def test_who_comes_to_a_room_that_has_moved_on_hears_where_it_is() -> None:
    hub = Streams()
    hub.publish("ROOM", 7)
    with hub.opened("ROOM", 1, 5) as stream:
        assert stream.version == 7
        hub.publish("ROOM", 6)
        assert stream.version == 7, "never back"


def test_a_stream_that_ended_makes_room_for_another() -> None:
    hub = Streams()
    for _ in range(MOST + 2):
        with hub.opened("ROOM", 1, 1):
            assert hub.here("ROOM", 0.0) == 1
    assert hub.here("ROOM", 0.0) == 0


def test_one_too_many_is_refused_and_counts_for_nothing() -> None:
    hub = Streams()
    held = [hub.opened("ROOM", 1, 1) for _ in range(MOST)]
    for stream in held:
        stream.__enter__()
    with pytest.raises(Refused, match="Close one"), hub.opened("ROOM", 1, 1):
        pass
    for stream in held:
        stream.__exit__(None, None, None)
    with hub.opened("ROOM", 1, 1):
        pass


def test_a_phone_is_here_for_a_while_after_it_was_seen() -> None:
    hub = Streams()
    hub.saw("ROOM", 1, 100.0)
    assert hub.here("ROOM", 100.0 + HERE - 0.1) == 1
    assert hub.here("ROOM", 100.0 + HERE) == 0


def test_those_who_are_here_are_known_by_their_numbers() -> None:
    hub = Streams()
    hub.saw("ROOM", 1, 100.0)
    hub.saw("ROOM", 2, 0.0)
    hub.saw("OTHER", 4, 100.0)
    with hub.opened("ROOM", 3, 1):
        assert hub.present("ROOM", 100.0) == {1, 3}
    assert hub.present("ROOM", 100.0) == {1}
    assert hub.present("NONE", 100.0) == set()


def test_when_the_server_stops_every_stream_ends_at_once() -> None:
    async def stop() -> list[dict[str, Any]]:
        hub, sent = Streams(), []

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        waiting = [asyncio.create_task(EventStream(hub, "ROOM", n, 1)({}, receive, send)) for n in range(50)]
        await asyncio.sleep(0.05)
        hub.end()
        await asyncio.wait_for(asyncio.gather(*waiting), 5)
        with hub.opened("ROOM", 99, 1) as late:
            assert late.ended
        return sent

    sent = asyncio.run(stop())
    assert sum(not message.get("more_body", True) for message in sent) == 50
