"""classroom() as a notebook calls it, with a server of its own, in a folder of the test's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from class_server import KEY, serving

import widgets
from widgets.classroom import KEY_IN, process, reach
from widgets.classroom.client import RoomError

BEST = "boundaries/barbecue-intake"


@pytest.fixture(autouse=True)
def _own_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the tests run, it is no container."""
    monkeypatch.setattr(reach, "obstacle", lambda: None)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("rooms")
    yield folder
    if server := process.resume(folder):
        server.stop()


def test_a_room_is_opened_said_and_taken_again_with_its_code_and_its_votes(data, capsys):
    room = widgets.classroom(BEST, data=data)
    printed = capsys.readouterr().out
    assert f"{room.address}/{room.code}" in printed
    assert "lan=True" in printed
    phone = httpx.Client(base_url=room.address)
    phone.post(f"/{room.code}/join", json={}).raise_for_status()
    show = room.present()
    for _ in range(3):
        show.next()
    again = widgets.classroom(BEST, data=data)
    assert again.code == room.code
    assert again.state()["phones"] == 1
    assert again.present().step == "vote1"
    phone.close()


def test_other_items_are_another_room_on_the_same_server(data):
    room, other = widgets.classroom(BEST, data=data), widgets.classroom([BEST, "boundaries/which-rung"], data=data)
    assert room.code != other.code
    assert room.address == other.address
    other.forget()
    assert widgets.classroom([BEST, "boundaries/which-rung"], data=data).code != other.code


def test_what_is_printed_has_no_secret(data, capsys):
    room = widgets.classroom(BEST, data=data)
    server = process.resume(data)
    assert server
    secrets = [server.key, *(kept["secret"] for kept in server.rooms.values())]
    said = capsys.readouterr().out + repr(room) + repr(room.present()) + server.log.read_text(encoding="utf-8")
    assert not [secret for secret in secrets if secret in said]


def test_a_chapter_that_is_not_there_names_those_there_are(data):
    with pytest.raises(KeyError, match="boundaries"):
        widgets.classroom("nowhere", data=data)


def test_in_jupyterlite_it_says_that_no_phone_can_come(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(RoomError, match="JupyterLite"):
        widgets.classroom(BEST)


def test_what_stands_in_between_is_printed(data, monkeypatch, capsys):
    monkeypatch.setattr(reach, "obstacle", lambda: "This is Binder.")
    widgets.classroom(BEST, data=data)
    assert capsys.readouterr().out == "This is Binder.\n"
    widgets.classroom(BEST, data=data, public_url="https://class.example")
    assert "https://class.example/" in capsys.readouterr().out


def test_to_close_the_last_room_ends_the_server_at_once(tmp_path):
    room = widgets.classroom(BEST, data=tmp_path)
    room.close()
    assert process.resume(tmp_path) is None
    assert "does not answer" in room.state()["notice"]


def test_a_server_elsewhere_is_used_with_its_key_and_its_room_is_remembered_here(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(KEY_IN, KEY)
    with serving(tmp_path / "rooms.sqlite") as far:
        room = widgets.classroom(BEST, server=far.url + "/", data=tmp_path / "own")
        assert widgets.classroom(BEST, server=far.url, data=tmp_path / "own").code == room.code
        monkeypatch.setenv(KEY_IN, "another key")
        with pytest.raises(RoomError):
            widgets.classroom("boundaries/which-rung", server=far.url, data=tmp_path / "own")
    assert KEY not in capsys.readouterr().out


def test_the_server_needs_nothing_of_the_notebooks_side():
    code = "import sys, widgets.classroom.app; print([m for m in ('ipywidgets', 'anywidget', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
