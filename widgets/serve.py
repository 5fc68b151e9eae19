"""Serves the built book as a real host should: compressed, and with headers that let a browser keep what cannot change.

For a look over http on this machine or in a classroom's network. Starlette and uvicorn: maintained, BSD, and small.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class Book(StaticFiles):
    """The book's files. A file asked for by its version (``?v=…``) never changes; a page is checked each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def application(folder: Path) -> Starlette:
    """The ASGI application that serves ``folder``; FileNotFoundError says what to run if no book is there."""
    if not (folder / "index.html").exists():
        raise FileNotFoundError(f"There is no built book in {folder}. Run: make book")
    book: Any = Book(directory=folder, html=True)
    return Starlette(routes=[Mount("/", book)], middleware=[Middleware(GZipMiddleware, minimum_size=500)])


def serve(folder: Path, host: str, port: int) -> None:
    """Serve until interrupted."""
    served = application(folder)
    print(f"Serving {folder} at http://{host}:{port}/ (stop with Ctrl+C)", flush=True)
    uvicorn.run(served, host=host, port=port, log_level="warning")
