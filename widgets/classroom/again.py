"""Which room a notebook takes again, and when it opens a new one.

A kernel that restarts in the middle of a class must find its class as it was. A class of next week must not find this
week's answers, with the reasons on the wall. So a room is taken again by itself if its class went on lately or phones are
in it; an older one stays, and is taken again by its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from ..said import LABELS
from .client import Client
from .errors import RoomError

YOUNG = 4 * 3600.0  # seconds: longer than a break, shorter than the time to the class of another day
NOTED = 600.0  # seconds between two notes of when a class went on

Known = Mapping[str, Any]  # code, secret, name, items, opened and, once it has moved, moved (seconds since 1970)


class Rooms(Protocol):
    """Where a notebook's rooms are remembered, by code."""

    @property
    def rooms(self) -> dict[str, dict[str, Any]]: ...

    def remember(self, code: str, room: dict[str, Any]) -> None: ...

    def forget(self, code: str) -> None: ...


def same(
    rooms: Rooms, url: str, name: str, wanted: list[str], now: float, *, new: bool, again: str | None
) -> tuple[Known | None, list[str]]:
    """The room that is to be taken again, or None for a new one; and in words which it is, or which there would be.

    ``wanted`` are its items, ``again`` a code, ``new`` that none is to be taken. RoomError says why ``again`` cannot be.
    """
    there = known(rooms)
    if again is not None:
        room = named(there, again)
        if room["items"] != wanted:
            raise RoomError(
                f"Room {room['code']} has other scenes. It was opened for {room['name']}; if that is what you ask for, with "
                "another number of minutes, or its scenes have changed since."
            )
        if stands(url, room, rooms) is None:
            raise RoomError(f"Room {room['code']} is not there any more: it was forgotten, or its time has passed.")
        return room, [f"This is the room of {at(room)} again."]
    older: list[str] = []
    for room in there:
        if room["items"] != wanted:
            continue
        state = stands(url, room, rooms)
        if state and not new and in_use(room, state, now):
            phones, step = state["phones"], LABELS.get(state["step"], "the door")
            return room, [
                f"This is the room of {at(room)} again: {phones} phone{'' if phones == 1 else 's'} joined, and it "
                f"is at {step}. For another class: classroom(…, new=True)."
            ]
        if state:
            older.append(f"{room['code']} ({at(room)})")
    if not older:
        return None, []
    return None, [
        f'A new room. Kept from before: {", ".join(older)}. again="CODE" takes one of them up, or reads its results.'
    ]


def known(rooms: Rooms) -> list[Known]:
    """The rooms that are remembered, newest first."""
    return sorted(rooms.rooms.values(), key=lambda room: -float(room.get("opened", 0)))


def moved(rooms: Rooms, code: str, now: float) -> None:
    """Note that this class goes on; where that cannot be written, the class goes on all the same."""
    room = rooms.rooms.get(code)
    if room and abs(now - _last(room)) > NOTED:
        with suppress(OSError):
            rooms.remember(code, {**room, "moved": now})


def named(found: Iterable[Known], code: str) -> Known:
    """The room with that code; RoomError names those there are."""
    wanted = "".join(code.split()).upper()
    for room in found:
        if room["code"] == wanted:
            return room
    others = ", ".join(f"{room['code']} ({room['name']}, {at(room)})" for room in found) or "none"
    raise RoomError(f"This computer remembers no room {wanted}. It remembers: {others}.")


def stands(url: str, room: Known, rooms: Rooms) -> dict[str, Any] | None:
    """How the room stands on its server; None, and it is struck off, if it is not there any more."""
    try:
        return Client(url, room["code"], room["secret"]).state()
    except RoomError as error:
        if error.status not in (401, 404):
            raise
        rooms.forget(room["code"])
        return None


def in_use(room: Known, state: Mapping[str, Any], now: float) -> bool:
    """Whether this may be the class that is going on: it did lately, or phones are in it."""
    return state["step"] != "closed" and (lately(room, now) or bool(state["here"]))


def lately(room: Known, now: float) -> bool:
    """Whether its class went on lately, as far as that was noted. A note of tomorrow's was made by a wrong clock."""
    return abs(now - _last(room)) < YOUNG


def _last(room: Known) -> float:
    return float(room.get("moved", room.get("opened", 0)))


def at(room: Known) -> str:
    """When it was opened, as the clock on the wall of this place says: 23 November, 15:10."""
    opened = datetime.fromtimestamp(float(room.get("opened", 0)))
    return f"{opened.day} {opened:%B, %H:%M}"
