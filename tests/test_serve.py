"""The served book, over real HTTP: compressed, and kept by a browser only where it cannot change."""

from __future__ import annotations

import gzip
import http.client
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from widgets.__main__ import main
from widgets.serve import application


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "_static").mkdir()
    (tmp_path / "index.html").write_text("<p>The book.</p>" * 200, encoding="utf-8")
    (tmp_path / "_static" / "course.css").write_text("p { color: inherit; }\n" * 200, encoding="utf-8")
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[http.client.HTTPConnection]:
    running = uvicorn.Server(uvicorn.Config(application(folder), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    yield connection
    connection.close()
    running.should_exit = True
    thread.join()


def get(server: http.client.HTTPConnection, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    server.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = server.getresponse()
    return response, response.read()


def test_a_page_comes_compressed_and_is_checked_each_time(server: http.client.HTTPConnection) -> None:
    response, body = get(server, "/")

    assert response.status == 200
    assert response.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(body).startswith(b"<p>The book.</p>")
    assert response.getheader("Cache-Control") == "no-cache"
    assert response.getheader("ETag")


def test_a_file_asked_for_by_its_version_may_be_kept_for_ever(server: http.client.HTTPConnection) -> None:
    response, _ = get(server, "/_static/course.css?v=1")

    assert "immutable" in (response.getheader("Cache-Control") or "")
    assert response.getheader("X-Content-Type-Options") == "nosniff"


@pytest.mark.parametrize("path", ["/none.html", "/../secret", "/%2e%2e/secret"])
def test_nothing_outside_the_book_is_served(server: http.client.HTTPConnection, folder: Path, path: str) -> None:
    (folder.parent / "secret").write_text("no", encoding="utf-8")

    assert get(server, path)[0].status == 404


@pytest.mark.parametrize("command", ["serve", "zip"])
def test_without_a_book_the_command_says_what_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([command, "--folder", str(tmp_path / "none")]) == 1
    assert "make book" in capsys.readouterr().err


def test_the_archive_holds_the_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "_build" / "html"
    book.mkdir(parents=True)
    (book / "index.html").write_text("<p>The book.</p>", encoding="utf-8")

    assert main(["zip", "--folder", str(book)]) == 0
    with zipfile.ZipFile(tmp_path / "_build" / "where-the-line-is.zip") as archive:
        assert archive.namelist() == ["where-the-line-is/index.html"]
    assert "index.html" in capsys.readouterr().out
