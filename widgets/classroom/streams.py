"""Who is listening for a room's next version: an event says only its number, and the phone then fetches its state."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from starlette.types import Receive, Scope, Send

from .messages import Refused

MOST = 3  # streams a phone: tabs of one browser share their token
BREATH = 15.0  # seconds between signs of life; proxies cut what is silent for a minute
HERE = 15.0  # seconds for which a phone that was seen counts as here


class Stream:
    """One open connection."""

    def __init__(self, version: int) -> None:
        self.version, self.ended, self.changed = version, False, asyncio.Event()

    def tell(self, version: int) -> None:
        self.version = max(self.version, version)
        self.changed.set()

    def end(self) -> None:
        self.ended = True
        self.changed.set()


class Streams:
    """The open streams of all rooms, and which phones were seen when. Kept in memory: none of it outlives the process."""

    def __init__(self) -> None:
        self._open: dict[str, dict[int, set[Stream]]] = {}
        self._latest: dict[str, int] = {}
        self._seen: dict[str, dict[int, float]] = {}
        self._ended = False

    @contextlib.contextmanager
    def opened(self, code: str, phone: int, version: int) -> Iterator[Stream]:
        """A stream as long as the context lasts; Refused for one more than a phone may have."""
        mine = self._open.setdefault(code, {}).setdefault(phone, set())
        if len(mine) >= MOST:
            raise Refused(429, f"This browser listens in {MOST} windows already. Close one; this page asks by itself.")
        stream = Stream(max(version, self._latest.get(code, 0)))
        if self._ended:
            stream.end()
        mine.add(stream)
        try:
            yield stream
        finally:
            mine.discard(stream)
            here = self._open.get(code, {})
            if not mine and here.get(phone) is mine:
                del here[phone]
            if not here:
                self._open.pop(code, None)

    def publish(self, code: str, version: int) -> None:
        self._latest[code] = max(version, self._latest.get(code, 0))
        for streams in self._open.get(code, {}).values():
            for stream in streams:
                stream.tell(version)

    def drop(self, code: str) -> None:
        """The room is gone: every stream of it ends, and the phones find out from their next look."""
        for streams in self._open.pop(code, {}).values():
            for stream in streams:
                stream.end()
        self._latest.pop(code, None)
        self._seen.pop(code, None)

    def end(self) -> None:
        """The server stops: every stream ends now, so that nobody has to be waited for."""
        self._ended = True
        for code in list(self._open):
            self.drop(code)

    def saw(self, code: str, phone: int, now: float) -> None:
        self._seen.setdefault(code, {})[phone] = now

    def here(self, code: str, now: float) -> int:
        """How many phones listen, or were seen in the last fifteen seconds."""
        return len(self.present(code, now))

    def present(self, code: str, now: float) -> set[int]:
        """Which phones those are."""
        seen = {phone: at for phone, at in self._seen.get(code, {}).items() if now - at < HERE}
        if seen:
            self._seen[code] = seen
        else:
            self._seen.pop(code, None)
        return seen.keys() | self._open.get(code, {}).keys()


class EventStream:
    """Server-sent events as an ASGI application: the room's version at once, and again with every change."""

    def __init__(self, streams: Streams, code: str, phone: int, version: int) -> None:
        self._place = (streams, code, phone, version)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        streams, code, phone, version = self._place
        with streams.opened(code, phone, version) as stream:
            headers = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            gone = asyncio.create_task(_until_gone(receive, stream))
            try:
                stream.changed.set()
                while True:
                    try:
                        async with asyncio.timeout(BREATH):
                            await stream.changed.wait()
                        text = f"data: {stream.version}\n\n"
                    except TimeoutError:
                        text = ": still here\n\n"
                    stream.changed.clear()
                    if stream.ended:
                        break
                    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                gone.cancel()


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()
