"""A browser for the tests: it opens the built book as a reader does, over HTTP or from disk, and watches it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

# The names that tests/browser.sh looks for.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
INSIDE = ("blob:", "data:", "about:")  # what never leaves the page


def find_chromium() -> str | None:
    """The machine's Chromium; None leaves it to Playwright's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The folder over HTTP on a free port of this machine; yields its URL, without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Reader:
    """Opens pages of a built book, each in a browser that remembers nothing, and notes what no page may do.

    >>> page = open_page("chapters/practice.html", via="file", color_scheme="dark")
    >>> open_page.requests(page)
    ['file:///…/chapters/practice.html', …]

    ``faults`` are requests that left the book's folder, errors on the console and exceptions that nobody caught.
    """

    def __init__(self, browser: Browser, site: str, html: Path) -> None:
        self.browser = browser
        self.roots = {"http": site, "file": html.resolve().as_uri()}
        self.faults: list[str] = []
        self._contexts: dict[BrowserContext, list[str]] = {}

    def __call__(
        self,
        path: str,
        via: str = "http",
        *,
        before: str = "",
        routes: dict[str, Callable[[Route], Any]] | None = None,
        expects: str | None = None,
        **context: Any,
    ) -> Page:
        """Open ``path``.

        ``before`` runs before any script of the page; ``routes`` stand between the page and what it asks for, by
        URL glob; ``expects`` is a pattern of console errors that the test is about; the rest is Playwright's.
        """
        opened = self.browser.new_context(**context)
        asked = self._contexts[opened] = []
        root = self.roots[via]

        def request(request: Request) -> None:
            asked.append(request.url)
            if not request.url.startswith((root + "/", *INSIDE)):
                self.faults.append(f"{path} asked for {request.url}")

        def error(text: str) -> None:
            if not (expects and re.search(expects, text)):
                self.faults.append(f"{path} ({via}): {text}")

        opened.on("request", request)
        opened.on("console", lambda message: error(message.text) if message.type == "error" else None)
        opened.on("weberror", lambda uncaught: error(str(uncaught.error)))
        if before:
            opened.add_init_script(before)
        for glob, handler in (routes or {}).items():
            opened.route(glob, handler)
        page = opened.new_page()
        page.goto(f"{root}/{path}")
        return page

    def requests(self, page: Page) -> list[str]:
        """The URLs that the page and its workers have asked for so far."""
        return self._contexts[page.context]

    def close(self) -> None:
        for context in self._contexts:
            context.close()
