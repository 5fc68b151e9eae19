"""A room as its instructor's kernel reaches it: over HTTP, with the room's own secret, which is shown to nobody."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

import httpx

from .errors import Away, RoomError

PATIENCE = 5.0  # seconds; a class is watching


def open_room(url: str, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A new room of the server at ``url``: ``code``, ``secret``, ``expires`` … RoomError for what it refuses."""
    with _http(url, key) as http:
        return _ask(http, "POST", "/api/rooms", json=body)


def due(url: str, key: str, *, delete: bool = False) -> list[dict[str, Any]]:
    """What has passed its time by the date alone, and is kept until somebody says ``delete``."""
    with _http(url, key) as http:
        reply = _ask(http, "POST", "/api/due", json={"delete": True}) if delete else _ask(http, "GET", "/api/due")
    return list(reply["due"])


class Client:
    """One room. Every method raises RoomError with the server's own sentence, and Away where there is no server."""

    def __init__(self, url: str, code: str, secret: str) -> None:
        self.url, self.code = url, code
        self._http = _http(url, secret)
        weakref.finalize(self, self._http.close)

    def move_to(self, url: str) -> None:
        """The room's server is elsewhere now, with the same rooms."""
        self.url = url
        self._http.base_url = httpx.URL(url)

    def state(self) -> dict[str, Any]:
        return self._get("")

    def step(self, step: str, version: int, **more: Any) -> dict[str, Any]:
        """Go to a step; ``more`` is ``item``, ``seconds``, ``asks_reason``. The room as it stands then."""
        given = {name: value for name, value in more.items() if value is not None}
        return self._post("/step", step=step, version=version, **given)

    def tally(self, item: str, vote: int) -> dict[str, Any]:
        return self._get("/tally", item=item, vote=vote)

    def hands(self, item: str, vote: int, counts: Mapping[str, Any], n: int | None) -> dict[str, Any]:
        return self._post("/hands", item=item, vote=vote, counts=dict(counts), **({} if n is None else {"n": n}))

    def reasons(self, item: str) -> list[dict[str, Any]]:
        return list(self._get("/reasons", item=item)["reasons"])

    def reasons_csv(self, item: str) -> str:
        return self._send("GET", "/reasons.csv", params={"item": item}).text

    def let_through(self, id: int, shown: bool) -> None:
        self._post(f"/reasons/{id}", shown=shown)

    def tables(self, item: str, size: int) -> list[dict[str, int]]:
        return list(self._post("/tables", item=item, size=size)["tables"])

    def answers(self) -> dict[str, Any]:
        return self._get("/answers")

    def close(self) -> None:
        self._post("/close")

    def forget(self) -> None:
        _ask(self._http, "DELETE", f"/api/rooms/{self.code}")

    def __repr__(self) -> str:
        return f"Client({self.url!r}, {self.code!r})"

    def _get(self, what: str, **query: Any) -> dict[str, Any]:
        return _ask(self._http, "GET", f"/api/rooms/{self.code}{what}", params=query)

    def _post(self, what: str, **body: Any) -> dict[str, Any]:
        return _ask(self._http, "POST", f"/api/rooms/{self.code}{what}", json=body)

    def _send(self, method: str, what: str, **more: Any) -> httpx.Response:
        return _reply(self._http, method, f"/api/rooms/{self.code}{what}", **more)


def _http(url: str, secret: str) -> httpx.Client:
    own = url.startswith("http://127.0.0.1")  # no proxy stands between a kernel and its own machine
    return httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=PATIENCE, trust_env=not own
    )


def _ask(http: httpx.Client, method: str, path: str, **more: Any) -> dict[str, Any]:
    try:
        return dict(_reply(http, method, path, **more).json())
    except (ValueError, TypeError):
        raise Away(
            f"Something between here and {http.base_url} answers with a page of its own. Does this network ask you to sign in?"
        ) from None


def _reply(http: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response:
    try:
        reply = http.request(method, path, **more)
    except httpx.HTTPError as error:
        # `from None`: a traceback would show the request, and its header with it.
        raise Away(f"The room’s server at {http.base_url} does not answer ({type(error).__name__}).") from None
    if reply.is_success:
        return reply
    try:
        said = reply.json()
        sentence, room, status = str(said["error"]), said.get("room"), reply.status_code
    except (ValueError, KeyError, TypeError):  # a proxy's page, say, or a network's
        sentence, room, status = f"The server at {http.base_url} answered with {reply.status_code}.", None, None
    if reply.status_code in (502, 503, 504):
        raise Away(sentence, room, status)
    raise RoomError(sentence, room, status)
