"""A live class: phones that vote, a room that keeps the votes, and the notebook's side of it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
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
    trusted_proxies: Sequence[str] = (),
    minutes: int = 50,
    new: bool = False,
    again: str | None = None,
    data: Path | None = None,
) -> Room:
    """Open a room for a class, or take the same one again after a restart, and show how to join it.

    ``what`` is what ``present`` takes: a chapter, an item or a list of items. The room is on this computer alone unless
    ``lan=True`` lets in phones of the same network, ``public_url`` names a tunnel or proxy that leads here, or
    ``server`` names a server elsewhere (its key is asked for, or taken from the environment). ``trusted_proxies`` are
    addresses or networks whose word is taken for where a phone is: that of the tunnel, often ``["127.0.0.1"]``.

    A room with the same scenes is taken again if its class went on in the last four hours or phones are in it; ``new=True``
    opens another all the same, and ``again="K7MWQR"`` takes the one of that code, however old. ``data`` is the folder
    that keeps the rooms (default: the user's own). ValueError, StartError and RoomError say what to do.
    """
    if sys.platform == "emscripten":  # JupyterLite: neither processes nor sockets
        from .errors import RoomError
        from .reach import obstacle as word

        raise RoomError(str(word()))
    from concurrent.futures import ThreadPoolExecutor
    from functools import partial

    from ..bank import load_bank
    from ..plans import keys, stops
    from . import kept, process, reach, snapshot
    from .again import same
    from .client import Client, open_room
    from .door import Door
    from .elsewhere import Elsewhere
    from .room import Room

    server, public_url = reach.checked("server", server), reach.checked("public_url", public_url)
    proxies = reach.networks(trusted_proxies)
    with ThreadPoolExecutor(1) as beside:  # the server starts while the bank is read: a class is watching
        start = partial(process.start, lan=lan, public_url=public_url, trusted_proxies=proxies, data=data)
        starting = None if server else beside.submit(start)
        bank = load_bank()
        walk = stops(what, bank, minutes=minutes)
        name, wanted = what if isinstance(what, str) else ", ".join(what), keys(walk)
        running = starting.result() if starting else None
    rooms: process.Server | Elsewhere
    if running:
        url, key, rooms = running.url, running.key, running
        addresses = running.addresses or [running.url]
        obstacle = None if public_url else reach.obstacle(running.port)
    else:
        assert server
        url, key, obstacle = server, _key(), None
        rooms, addresses = Elsewhere(data or kept.folder(), url), [url]
    now = time.time()
    room, words = same(rooms, url, name, wanted, now, new=new, again=again)
    if room is None:
        made = open_room(url, key, {"items": wanted, "snapshot": snapshot.make(bank, wanted)})
        room = {"code": made["code"], "secret": made["secret"], "name": name, "items": wanted, "opened": now}
        rooms.remember(made["code"], dict(room))
    opened = Room(name, walk, bank, Client(url, room["code"], room["secret"]), addresses, rooms, key=key)
    _display(Door(opened, obstacle, words=words, by="server" if server else "public_url" if public_url else "network"))
    return opened


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
