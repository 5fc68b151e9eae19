"""What can go wrong between a notebook and its room, in sentences; a kernel in a browser can say them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RoomError(RuntimeError):
    """What was asked of a room cannot be done, in a sentence.

    ``room`` is how it stands, if the server said so; ``status`` the reply's, if that was the room's server's own.
    """

    def __init__(self, sentence: str, room: Mapping[str, Any] | None = None, status: int | None = None) -> None:
        super().__init__(sentence)
        self.room, self.status = room, status


class Away(RoomError):
    """The room's server does not answer."""
