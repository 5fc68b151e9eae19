"""classroom() as a notebook calls it, with a server of its own, in a folder of the test's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from class_server import KEY, serving

import widgets
from widgets.classroom import KEY_IN, process, reach
from widgets.classroom.client import Client
from widgets.classroom.errors import RoomError
from widgets.classroom.tokens import LIMIT

BEST = "boundaries/barbecue-intake"


@pytest.fixture(autouse=True)
def _own_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the tests run, it is no container."""
    monkeypatch.setattr(reach, "obstacle", lambda port: None)


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


def older(data: Path, hours: float) -> None:
    """As if every room that is remembered there had been opened so long ago."""
    server = process.resume(data)
    assert server
    for code, room in server.rooms.items():
        server.remember(code, {**room, "opened": room["opened"] - 3600 * hours})


def test_a_room_that_is_taken_again_says_whose_it_is_and_how_to_have_another(tmp_path, capsys):
    room = widgets.classroom(BEST, data=tmp_path)
    httpx.post(f"{room.address}/{room.code}/join", json={}).raise_for_status()
    room.present().next()
    assert "again" not in capsys.readouterr().out
    assert widgets.classroom(BEST, data=tmp_path).code == room.code
    said = capsys.readouterr().out
    assert "This is the room of" in said
    assert "1 phone joined, and it is at Scene" in said
    assert "classroom(…, new=True)" in said
    other = widgets.classroom(BEST, data=tmp_path, new=True)
    assert other.code != room.code
    assert other.present().step == "lobby"
    assert widgets.classroom(BEST, data=tmp_path).code == other.code, "the newest"
    other.close()
    room.close()


def test_a_class_of_another_day_gets_a_room_of_its_own_and_the_old_one_stays_by_its_code(tmp_path, capsys):
    room = widgets.classroom(BEST, data=tmp_path)
    show = room.present()
    while show.step != "reasons":
        show.next()
    older(tmp_path, hours=20)
    capsys.readouterr()
    new = widgets.classroom(BEST, data=tmp_path)
    said = capsys.readouterr().out
    assert new.code != room.code
    assert new.state()["step"] == "lobby"
    assert f"Kept from before: {room.code} (" in said
    assert 'again="CODE"' in said
    old = widgets.classroom(BEST, data=tmp_path, again=room.code.lower())
    assert old.code == room.code
    assert old.present().step == "reasons"
    with pytest.raises(RoomError, match=rf"other scenes.*opened for {BEST}"):
        widgets.classroom("boundaries/which-rung", data=tmp_path, again=room.code)
    with pytest.raises(RoomError, match=rf"no room K7K7K7\. It remembers: .*{new.code}.*{room.code}"):
        widgets.classroom(BEST, data=tmp_path, again="K7K7K7")
    old.forget()
    with pytest.raises(RoomError, match="no room"):
        widgets.classroom(BEST, data=tmp_path, again=room.code)
    new.close()


def test_a_class_that_went_on_all_day_is_not_taken_for_another(tmp_path):
    room = widgets.classroom(BEST, data=tmp_path)
    older(tmp_path, hours=7)
    room.present().next()
    assert widgets.classroom(BEST, data=tmp_path).code == room.code
    room.close()


def test_a_note_that_cannot_be_written_does_not_hold_up_the_class(tmp_path, monkeypatch):
    room = widgets.classroom(BEST, data=tmp_path)
    older(tmp_path, hours=1)
    show = room.present()

    def full(*_: Any) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "replace", full)
        show.next()
        show.next()
    assert (show.step, room.state()["step"]) == ("think", "think")
    assert not list(tmp_path.glob("server.json.*"))
    room.close()


def test_a_note_that_a_wrong_clock_made_is_not_believed(tmp_path):
    widgets.classroom(BEST, data=tmp_path)
    older(tmp_path, hours=-72)
    new = widgets.classroom(BEST, data=tmp_path)
    new.present().next()
    assert widgets.classroom(BEST, data=tmp_path, new=True).code != new.code
    new.close()
    last = widgets.classroom(BEST, data=tmp_path)
    last.close()
    assert process.resume(tmp_path) is None


def test_after_the_class_nobody_is_sent_back_to_it(tmp_path):
    room = widgets.classroom(BEST, data=tmp_path)
    show = room.present()
    room.close()
    show.next()
    assert show._shown["notice"] == room.state()["notice"] == "This class is closed."


def test_two_rooms_of_one_kernel_are_closed_one_after_the_other(tmp_path):
    first, second = widgets.classroom(BEST, data=tmp_path), widgets.classroom("boundaries/which-rung", data=tmp_path)
    second.let_phones_in()  # the server is another process from here on
    second.close()
    assert process.resume(tmp_path)
    first.close()
    assert process.resume(tmp_path) is None


def test_a_page_of_the_networks_own_is_taken_for_what_it_is(tmp_path, monkeypatch):
    room = widgets.classroom(BEST, data=tmp_path)
    with monkeypatch.context() as between:
        between.setattr(httpx.Client, "request", lambda self, *_, **__: httpx.Response(200, text="<h1>Sign in</h1>"))
        assert "does not answer" in room.state()["notice"]
        with pytest.raises(RoomError, match="sign in"):
            widgets.classroom(BEST, data=tmp_path)
    room.close()


@pytest.mark.parametrize("page", [401, 404])
def test_a_proxys_own_page_does_not_make_a_notebook_forget_its_rooms(tmp_path, monkeypatch, page):
    monkeypatch.setenv(KEY_IN, KEY)
    with serving(tmp_path / "rooms.sqlite") as far:
        room = widgets.classroom(BEST, server=far.url, data=tmp_path / "own")
        with monkeypatch.context() as between:
            sign_in = httpx.Response(page, text="<h1>Sign in</h1>")
            between.setattr(httpx.Client, "request", lambda self, *_, **__: sign_in)
            with pytest.raises(RoomError, match=f"answered with {page}"):
                widgets.classroom(BEST, server=far.url, data=tmp_path / "own")
        assert widgets.classroom(BEST, server=far.url, data=tmp_path / "own").code == room.code


def test_an_old_room_with_phones_in_it_is_the_class_that_is_going_on(tmp_path):
    room = widgets.classroom(BEST, data=tmp_path)
    with httpx.Client(base_url=room.address) as phone:
        phone.post(f"/{room.code}/join", json={}).raise_for_status()
        older(tmp_path, hours=7)
        phone.get(f"/{room.code}/state").raise_for_status()
        assert widgets.classroom(BEST, data=tmp_path).code == room.code
    room.close()


def test_a_room_that_its_server_has_not_any_more_is_struck_off(tmp_path):
    room = widgets.classroom(BEST, data=tmp_path)
    server = process.resume(tmp_path)
    assert server
    secret = server.rooms[room.code]["secret"]
    reply = httpx.delete(f"{room.address}/api/rooms/{room.code}", headers={"Authorization": f"Bearer {secret}"})
    reply.raise_for_status()
    new = widgets.classroom(BEST, data=tmp_path)
    assert new.code != room.code
    assert list(server.rooms) == [new.code]
    older(tmp_path, hours=24 * 400)  # or the clock was set
    last = widgets.classroom(BEST, data=tmp_path)
    assert list(server.rooms) == [new.code, last.code], "whatever the date says, its server has it"
    last.close()
    assert list(server.rooms) == [new.code]


def test_a_room_stays_known_while_its_server_is_ill(tmp_path, monkeypatch):
    room = widgets.classroom(BEST, data=tmp_path)
    with monkeypatch.context() as ill:
        ill.setattr(Client, "state", lambda self: _ill())
        with pytest.raises(RoomError, match="answered with 500"):
            widgets.classroom(BEST, data=tmp_path)
    assert widgets.classroom(BEST, data=tmp_path).code == room.code
    room.close()


def _ill() -> dict[str, Any]:
    raise RoomError("The server answered with 500.", status=500)


def test_to_close_the_class_ends_the_server_though_older_rooms_are_remembered(tmp_path):
    widgets.classroom(BEST, data=tmp_path)
    older(tmp_path, hours=24)
    room, other = widgets.classroom(BEST, data=tmp_path), widgets.classroom("boundaries/which-rung", data=tmp_path)
    room.close()
    assert process.resume(tmp_path), "another class is going on"
    other.close()
    assert process.resume(tmp_path) is None


def test_phones_are_let_in_later_into_the_same_room(tmp_path):
    room = widgets.classroom(BEST, data=tmp_path)
    show, other = room.present(), room.present()
    show.next()
    assert "code" not in other._shown["lobby"]
    room.let_phones_in()
    assert (other._shown["lobby"]["code"], show._shown["lobby"]["code"]) == (room.code, room.code)
    assert room.reachable
    assert not room.can_let_phones_in
    assert room.state()["step"] == "scene"
    server = process.resume(tmp_path)
    assert server
    assert server.lan
    assert httpx.get(f"{server.url}/{room.code}").status_code == 200
    show.next()
    assert room.state()["step"] == "think"
    with pytest.raises(ValueError, match="already"):
        room.let_phones_in()
    room.close()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"public_url": "class.example"}, 'public_url="https://class.example"'),
        ({"public_url": "https://"}, "Write all of it"),
        ({"public_url": "https://hub.example/user/me/proxy/8765"}, "has a path"),
        ({"server": "https://class.example/course"}, "has a path"),
        ({"server": "ftp://class.example"}, 'server="https://class.example"'),
        ({"server": "https://class.example:port"}, "Write all of it"),
        ({"trusted_proxies": ["my-proxy"]}, "'my-proxy' is no address"),
    ],
)
def test_an_address_that_no_phone_could_open_is_refused_before_anything_starts(tmp_path, given, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        widgets.classroom(BEST, data=tmp_path, **given)
    assert not list(tmp_path.iterdir())


def test_the_proxy_that_is_named_is_believed_about_where_a_phone_is(tmp_path):
    """Behind a tunnel everybody comes from one address; one guesser must not lock the others out."""
    room = widgets.classroom(BEST, data=tmp_path, public_url="https://class.example", trusted_proxies=["127.0.0.1"])
    server = process.resume(tmp_path)
    assert server
    with httpx.Client(base_url=server.url, headers={"X-Forwarded-For": "203.0.113.9"}) as guesser:
        for _ in range(LIMIT + 1):
            last = guesser.post("/K7K7K7/join", json={})
        assert last.status_code == 429
    forwarded = {"X-Forwarded-For": "203.0.113.10", "X-Forwarded-Proto": "https", "Host": "class.example"}
    reply = httpx.post(f"{server.url}/{room.code}/join", json={}, headers=forwarded)
    assert reply.status_code == 200
    assert "secure" in reply.headers["set-cookie"].lower()
    room.close()


def test_in_jupyterlite_it_says_that_no_phone_can_come(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(RoomError, match="JupyterLite"):
        widgets.classroom(BEST)


def test_and_does_so_without_what_a_kernel_in_a_browser_cannot_have():
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('httpx', 'psutil', 'uvicorn', 'sqlalchemy', 'segno')))\n"
        "import widgets; sys.platform = 'emscripten'\n"
        "try: widgets.classroom('boundaries')\n"
        "except RuntimeError as said: print(said)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("This is JupyterLite")


def test_what_stands_in_between_is_printed(data, monkeypatch, capsys):
    room = widgets.classroom(BEST, data=data)
    capsys.readouterr()
    monkeypatch.setattr(reach, "obstacle", lambda port: f"This is Binder, at {port}.")
    widgets.classroom(BEST, data=data)
    assert f"This is Binder, at {room.address.rpartition(':')[2]}.\n" in capsys.readouterr().out
    widgets.classroom(BEST, data=data, public_url="https://class.example")
    assert "https://class.example/" in capsys.readouterr().out


def test_to_close_the_last_room_ends_the_server_at_once(tmp_path):
    room = widgets.classroom(BEST, data=tmp_path)
    room.close()
    assert process.resume(tmp_path) is None
    assert room.state()["notice"] == "This class is closed."


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
