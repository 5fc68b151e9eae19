"""Serves what is measured as a real host would: compressed, and with headers that let a browser keep it."""

from __future__ import annotations

import functools
import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

LEVEL = 6  # gzip's own default, and what GitHub Pages and Netlify come close to
COMPRESSED = {
    "application/javascript",
    "application/json",
    "application/wasm",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
    "text/x-python",
}
# The machine's own table of types may lack these, and a browser does not run a module of the wrong one.
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".py": "text/x-python"}


class Sent(NamedTuple):
    """One answered request: its path without the query, and the bytes of its body as they went over the wire."""

    path: str
    size: int


class Server(ThreadingHTTPServer):
    """Serves files under their mounts: ``mounts["book"] = folder`` answers ``/book/…``; a mount may be one file."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mounts: dict[str, Path] = {}
        self.sent: list[Sent] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"

    def find(self, path: str) -> Path | None:
        """The file that a request's path names, or None."""
        mount, _, rest = path.lstrip("/").partition("/")
        root = self.mounts.get(mount)
        if root is None:
            return None
        file = (root / rest).resolve() if rest else root.resolve()
        inside = file == root.resolve() or root.resolve() in file.parents
        return file if inside and file.is_file() else None


class Handler(BaseHTTPRequestHandler):
    """GET, with gzip for what compresses."""

    server: Server
    protocol_version = "HTTP/1.1"
    # Head and body are two writes; with Nagle's algorithm the second would wait 40 ms for the first one's receipt.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        file = self.server.find(unquote(address.path))
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        packed = kind in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        body = contents(file, file.stat().st_mtime_ns, packed)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind + ("; charset=utf-8" if kind.startswith("text/") else ""))
        self.send_header("Content-Length", str(len(body)))
        # A file asked for by its version never changes; a page is asked for again.
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if address.query else "max-age=600")
        self.send_header("Vary", "Accept-Encoding")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.server.sent.append(Sent(address.path, len(body)))
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the table is all that is printed."""


@functools.lru_cache(maxsize=256)
def contents(file: Path, changed: int, packed: bool) -> bytes:
    """A file's bytes; kept, so that no measured load waits for a compressor that a real host runs beforehand."""
    data = file.read_bytes()
    return gzip.compress(data, LEVEL, mtime=0) if packed else data


@contextmanager
def serving() -> Iterator[Server]:
    """A server on a free port of this machine, for as long as the block runs."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
