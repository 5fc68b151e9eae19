"""A live class: phones that vote, a room that keeps the votes, and the notebook's side of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .room import Room

# Imported when called: the server, the book and a chapter's first cell need nothing of the notebook's side.

KEY_IN = "WHERE_THE_LINE_IS_KEY"  # the environment variable that may hold a far server's key


def classroom(
    what: str | list[str],
    *,
    lan: bool = False,
    server: str | None = None,
    public_url: str | None = None,
    minutes: int = 50,
    data: Path | None = None,
) -> Room:
    """Open a room for a class, or take the same one again after a restart, and show how to join it.

    ``what`` is what ``present`` takes: a chapter, an item or a list of items. The room is on this computer alone unless
    ``lan=True`` lets in phones of the same network, ``public_url`` names a tunnel or proxy that leads here, or
    ``server`` names a server elsewhere (its key is asked for, or taken from the environment). ``data`` is the folder
    that keeps the room (default: the user's own). StartError and RoomError say what to do.
    """
    if sys.platform == "emscripten":  # JupyterLite: neither processes nor sockets
        from .client import RoomError
        from .reach import obstacle as word

        raise RoomError(str(word()))
    from concurrent.futures import ThreadPoolExecutor

    from ..bank import load_bank
    from ..plans import keys, stops
    from . import kept, process, reach, snapshot
    from .client import Client, open_room
    from .door import Door
    from .elsewhere import Elsewhere
    from .room import Room

    with ThreadPoolExecutor(1) as beside:  # the server starts while the bank is read: a class is watching
        starting = None if server else beside.submit(process.start, lan=lan, public_url=public_url, data=data)
        bank = load_bank()
        walk = stops(what, bank, minutes=minutes)
        name, wanted = what if isinstance(what, str) else ", ".join(what), keys(walk)
        running = starting.result() if starting else None
    rooms: process.Server | Elsewhere
    if running:
        url, key, rooms = running.url, running.key, running
        addresses = running.addresses or [running.url]
    else:
        url, key = str(server).rstrip("/"), _key()
        rooms, addresses = Elsewhere(data or kept.folder(), url), [url]
    obstacle = None if server or public_url else reach.obstacle()
    room = _again(url, rooms.rooms.get(name), wanted)
    if room is None:
        made = open_room(url, key, {"items": wanted, "snapshot": snapshot.make(bank, wanted)})
        room = {"code": made["code"], "secret": made["secret"], "items": wanted}
        rooms.remember(name, room)
    opened = Room(name, walk, bank, Client(url, room["code"], room["secret"]), addresses, rooms, key=key)
    _display(Door(opened, obstacle))
    if late := opened.due():
        print(f"{len(late)} kept past their time, since this computer’s clock has jumped: room.due() lists them,")
        print("room.due(delete=True) deletes them.")
    return opened


def _again(url: str, known: dict[str, Any] | None, wanted: list[str]) -> dict[str, Any] | None:
    """The room that a kernel before this one had, if it is there and has the same items."""
    from .client import Away, Client, RoomError

    if known is None or known.get("items") != wanted:
        return None
    try:
        state = Client(url, known["code"], known["secret"]).state()
    except Away:
        raise
    except RoomError:
        return None  # it has been forgotten
    return None if state["step"] == "closed" else known


def _key() -> str:
    """A far server's key: from the environment, or typed where nobody can read it."""
    from getpass import getpass

    return os.environ.get(KEY_IN) or getpass("The server’s key (it was printed where the server was started): ")


def _display(door: Any) -> None:
    """In a notebook the door itself, elsewhere its words."""
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython():
        display(door)  # type: ignore[no-untyped-call]
    else:
        print(door)
