"""The classroom's server as one ASGI application.

>>> app = make_app(Store.open("class.sqlite"), key_hash=hashed(key), allowed_hosts=["classroom.local"])

Run it with one worker. ``app.state.hall.streams.end()`` before the server stops closes what phones hold open.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from . import instructor, phone
from .clock import Clock
from .guard import Guard
from .hall import Hall
from .messages import Refused
from .openapi import document
from .store import Store, StoreError
from .writer import Writer

LOOK_AT_CLOCK = 600.0  # seconds between looks for what has expired

log = logging.getLogger(__name__)


class Classroom(Starlette):
    """Starlette with the guard outside of everything, its own error replies included."""

    guard: dict[str, Any]

    def build_middleware_stack(self) -> ASGIApp:
        return Guard(super().build_middleware_stack(), **self.guard)


def make_app(
    store: Store,
    *,
    key_hash: str,
    allowed_hosts: Iterable[str],
    public_url: str | None = None,
    trusted_proxies: Iterable[str] = (),
    clock: Clock | None = None,
) -> Classroom:
    """The application that serves the store's rooms, and closes the store when it stops.

    ``key_hash`` is ``tokens.hashed`` of the key that opens rooms; ``allowed_hosts`` are the names that it may be
    called by (IP addresses and localhost always may); ``public_url`` is where phones reach it, if that is elsewhere;
    ``trusted_proxies`` are addresses or networks whose forwarding headers are believed. StoreError if the
    environment asks for more than one worker.
    """
    one_worker()
    hall = Hall(Writer(store), clock or Clock(), key_hash, public_url)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        hall.writer.start()
        expiring = asyncio.create_task(_expire(hall))
        try:
            yield
        finally:
            expiring.cancel()
            hall.streams.end()
            await hall.writer.stop()

    async def openapi(request: Request) -> Response:
        return JSONResponse(document())

    # In the order of how many ask at once: a route is found by trying one after the other.
    app = Classroom(
        routes=[Route("/openapi.json", openapi), *phone.routes(hall), *instructor.routes(hall)],
        exception_handlers={Refused: _refused, HTTPException: _no_route, Exception: _failed},
        lifespan=lifespan,
    )
    app.guard = {"hosts": allowed_hosts, "public_url": public_url, "proxies": trusted_proxies}
    app.state.hall = hall
    return app


def one_worker() -> None:
    """Refuse, in words, what uvicorn would read from the environment: SQLite has one writer, and it is here."""
    workers = os.environ.get("WEB_CONCURRENCY", "1")
    if workers not in ("", "1"):
        raise StoreError(
            f"WEB_CONCURRENCY asks for {workers} workers. A class has one server with one worker: it keeps its answers in "
            "SQLite, which has one writer. Unset WEB_CONCURRENCY."
        )


async def _expire(hall: Hall) -> None:
    """Look at the clock as long as the server runs; a look that fails is no reason to look no more."""
    while True:
        try:
            for entry in await hall.expire():
                log.warning("By the date the %s of room %s passed their time. If it is right, room.due(delete=True) in a "
                            "notebook with this server's key deletes them.", entry["what"], entry["code"])  # fmt: skip
        except Refused as refused:
            log.warning("%s", refused.sentence)
        except Exception:
            log.exception("What has passed its time could not be looked for.")
        await asyncio.sleep(LOOK_AT_CLOCK)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    headers = {"Retry-After": "60"} if error.status == 429 else {"Retry-After": "2"} if error.status == 503 else {}
    return JSONResponse({"error": error.sentence, **error.more}, error.status, headers)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = {404: "There is nothing here.", 405: "That cannot be done here."}.get(error.status_code, error.detail)
    return JSONResponse({"error": sentence}, error.status_code, error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "The server made a mistake. Try again; its log says what happened."}, 500)
