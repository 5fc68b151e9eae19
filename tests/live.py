"""JupyterLab or Notebook on a copy of the chapters, and one notebook of it open in a browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

TOKEN = "practice"
STARTING = 60  # seconds that a server may take on a busy machine


@dataclass(frozen=True)
class Jupyter:
    """A running server; ``app`` is ``jupyterlab`` or ``notebook``, ``chapters`` the folder that it serves."""

    app: str
    url: str
    chapters: Path

    def page(self, name: str) -> str:
        # A workspace of its own: Lab would open the notebooks of the one before again.
        where = f"lab/workspaces/{Path(name).stem}/tree" if self.app == "jupyterlab" else "notebooks"
        return f"{self.url}{where}/{name}?token={TOKEN}"

    def ask(self, path: str, method: str = "GET") -> Any:
        """The REST interface."""
        request = urllib.request.Request(
            f"{self.url}api/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request) as reply:
            text = reply.read()
        return json.loads(text) if text else None


@contextmanager
def serving(app: str, course: Path, home: Path) -> Iterator[Jupyter]:
    """A server on the chapters of ``course`` that keeps all its own files in ``home``; ended afterwards."""
    folders = {
        "HOME": home,
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
        "MPLCONFIGDIR": home / "matplotlib",
        "COURSE_ROOT": course,
    }
    chapters = course / "chapters"
    command = [
        *(sys.executable, "-m", app, "--no-browser", "--allow-root"),
        *("--ServerApp.port=0", f"--ServerApp.token={TOKEN}", f"--ServerApp.root_dir={chapters}"),
    ]
    settings = home / "config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    # It would ask about news and look for updates on the network.
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    with (home / "log").open("w") as log:
        environment = os.environ | {name: str(folder) for name, folder in folders.items()}
        server = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield Jupyter(app, _url(server, home), chapters)
    finally:
        server.terminate()
        server.wait(timeout=STARTING)


def _url(server: subprocess.Popen[bytes], home: Path) -> str:
    """Where the server says that it is, once it answers there."""
    late = time.monotonic() + STARTING
    while time.monotonic() < late and server.poll() is None:
        for info in (home / "runtime").glob("jpserver-*.json"):
            try:
                url: str = json.loads(info.read_text(encoding="utf-8"))["url"]
                urllib.request.urlopen(f"{url}api/status?token={TOKEN}").close()
                return url
            except (ValueError, OSError):
                continue  # half written, or not listening yet
        time.sleep(0.1)
    raise AssertionError(f"The server did not start:\n{(home / 'log').read_text(encoding='utf-8')[-4000:]}")


class Notebook:
    """A notebook, open in a page.

    >>> notebook = Notebook.open(browser, jupyter, "practice.ipynb")
    >>> notebook.run_all()
    >>> notebook.vignette("practice/making-tea")
    """

    def __init__(self, browser: Browser, jupyter: Jupyter, name: str) -> None:
        self.jupyter, self.name = jupyter, name
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page: Page = self.context.new_page()
        self.received: list[str] = []
        self.page.on("websocket", self._watch)
        self.page.goto(jupyter.page(name))
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
        # The menu is there before the kernel is, and to run then is to be asked for a kernel.
        self._wait(lambda: any("kernel_info_reply" in frame for frame in self.received), "no kernel answered")

    def _watch(self, socket: WebSocket) -> None:
        def keep(payload: str | bytes) -> None:
            self.received.append(payload if isinstance(payload, str) else payload.decode("utf-8", "replace"))

        socket.on("framereceived", keep)

    def _wait(self, come: Callable[[], bool], otherwise: str) -> None:
        """For what the page itself does not show."""
        late = time.monotonic() + STARTING
        while not come():
            assert time.monotonic() < late, otherwise
            self.page.wait_for_timeout(50)

    @property
    def path(self) -> Path:
        return self.jupyter.chapters / self.name

    def menu(self, menu: str, item: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{item}")).first.click()

    def run_all(self) -> None:
        self.menu("Run", "Run All Cells")

    def saving(self) -> Any:
        """A block in which the notebook is saved; it ends when the server has the file."""
        where = f"/api/contents/{self.name}"
        return self.page.expect_response(lambda reply: reply.request.method == "PUT" and where in reply.url)

    def save(self) -> str:
        """The notebook's file as it is now."""
        with self.saving():
            self.menu("File", "Save Notebook")
        return self.path.read_text(encoding="utf-8")

    def vignette(self, key: str) -> Locator:
        return self.page.locator(f'ethics-vignette[data-id="{key}"]')

    def run(self, code: str) -> str:
        """Write code into the last cell, run it, and return what it printed."""
        cell = self.page.locator(".jp-CodeCell").last
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        mark = f"ran {len(self.received)}"
        self.page.keyboard.insert_text(f"{code}\nprint({mark!r})")
        self.page.keyboard.press("Control+Enter")
        output = cell.locator(".jp-OutputArea-output")
        expect(output.filter(has_text=mark)).to_be_visible()
        return "".join(output.all_inner_texts()).replace(mark, "").strip()

    def close(self) -> None:
        self.context.close()


def write(path: Path, cells: list[str]) -> None:
    """A notebook of code cells, and an empty one at its end."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in [*cells, ""]])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
