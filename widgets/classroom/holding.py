"""How a kernel and its server show each other that they know the same key, and show the key to nobody.

A port may have another owner by now: after a restart of the machine the file names one that anybody may have taken.
So each side sends a number used once, and proves with it (HMAC) that it has the key.
"""

from __future__ import annotations

import hmac
import secrets
import socket
from contextlib import suppress
from io import BufferedIOBase
from typing import IO

Hold = IO[bytes] | socket.SocketIO  # a pipe, or a connection, that keeps the server alive
SOON = 2.0  # seconds; both ends are on this machine
ENDING = 5.0  # that a server may take to end, which shows as the end of the connection
LONGEST = 256  # bytes in a line


def number() -> bytes:
    return secrets.token_hex(16).encode()


def proof(key: str, who: str, first: bytes, second: bytes) -> bytes:
    """What only ``who`` with the key can say to these two numbers; each side's own word keeps it from being echoed."""
    return hmac.new(key.encode(), b" ".join((who.encode(), first, second)), "sha256").hexdigest().encode()


def proven(said: bytes, key: str, who: str, first: bytes, second: bytes) -> bool:
    return hmac.compare_digest(said, proof(key, who, first, second))


def take(port: int, key: str) -> Hold | None:
    """A connection that keeps the server at ``port`` alive; None if none is there, or it has not this key."""
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=SOON)
    except OSError:
        return None
    with connection:  # the file below keeps it open
        hold = connection.makefile("rwb", buffering=0)
        with suppress(OSError):
            theirs, mine = _line(hold), number()
            hold.write(mine + b" " + proof(key, "kernel", theirs, mine) + b"\n")
            if proven(_line(hold), key, "server", theirs, mine):
                connection.settimeout(ENDING)
                return hold
        hold.close()
        return None


def _line(hold: socket.SocketIO | BufferedIOBase) -> bytes:
    return hold.readline(LONGEST).strip()
