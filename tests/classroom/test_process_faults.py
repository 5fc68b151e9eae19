"""A real server that is killed, ended or asked twice in the middle of a class."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from class_server import BEST, Class, Phone
from phone import Student
from playwright.sync_api import Browser, expect

from widgets.bank import load_bank
from widgets.classroom import process
from widgets.classroom.process import Server

BANK = load_bank()
OPTIONS = [option["id"] for option in BANK[BEST].item["options"]]  # type: ignore[index]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Server]:
    """A server whose room is to be remembered, so that it comes back where it was."""
    started = process.start(data=tmp_path, port=0)
    started.remember("boundaries", {"kept": "here"})
    yield started
    if left := process.resume(tmp_path):
        left.stop()


@pytest.fixture
def served(running: Server) -> Iterator[Class]:
    served = Class(running.url, key=running.key)
    yield served
    served.leave()


def kill(server: Server) -> None:
    os.kill(server.pid, signal.SIGKILL)
    psutil.Process(server.pid).wait(10)


def again(server: Server) -> Server:
    """Started anew, as a notebook's next ``classroom()`` does; on its old port."""
    back = process.start(data=server.folder, port=0)
    assert (back.port, back.key, back.resumed) == (server.port, server.key, False)
    return back


class Changing(threading.Thread):
    """A phone whose owner cannot decide; ``acknowledged`` is the last vote that the room has confirmed."""

    def __init__(self, phone: Phone) -> None:
        super().__init__()
        self.phone, self.acknowledged, self.tried = phone, 0, 0

    def run(self) -> None:
        while True:
            self.tried += 1
            try:
                reply = self.phone.vote(OPTIONS[self.tried % len(OPTIONS)], n=self.tried)
            except httpx.TransportError:
                return  # the server is gone
            assert reply.json()["n"] == self.tried
            self.acknowledged = self.tried


def test_a_server_that_is_killed_in_the_middle_of_a_vote_has_every_vote_that_it_acknowledged(
    running: Server, served: Class, browser: Browser
) -> None:
    room = served.open()
    in_the_room = Student(browser, served.url, room.code, expects="ERR_|50[0-9]")
    in_the_room.join()
    room.step("vote1")
    expect(in_the_room.step).to_have_text("First vote")
    phones = [Changing(room.phone()) for _ in range(20)]
    for phone in phones:
        phone.start()
    while sum(phone.acknowledged for phone in phones) < 200:
        time.sleep(0.01)
    kill(running)
    for phone in phones:
        phone.join()
    in_the_room.choose(OPTIONS[0])
    in_the_room.send()
    expect(in_the_room.told).to_contain_text("kept on this phone")

    back = again(running)
    # The phone in the room comes back by itself, and with what it kept.
    expect(in_the_room.told).to_have_text("Sent. You can change it until the vote closes.")
    for phone in phones:
        kept = phone.phone.state()["yours"]["1"]
        assert phone.acknowledged <= kept["n"] <= phone.tried
        assert kept["answer"] == OPTIONS[kept["n"] % len(OPTIONS)]
    assert room.step("talk")["votes"]["1"] == len(phones) + 1
    assert sum(room.get("tally", item=BEST, vote=1)["counts"].values()) == len(phones) + 1
    expect(in_the_room.step).to_have_text("Talk")
    assert back.rooms == {"boundaries": {"kept": "here"}}
    assert not in_the_room.faults
    in_the_room.close()


def test_the_same_vote_twice_is_one_vote_at_once_and_after_a_restart(running: Server, served: Class) -> None:
    room = served.open()
    room.step("vote1")
    phone = room.phone()
    replies: list[Any] = []
    both = [threading.Thread(target=lambda: replies.append(phone.vote(OPTIONS[0], n=7).json())) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    kill(running)
    again(running)
    replies.append(phone.vote(OPTIONS[0], n=7).json())
    assert replies == [{"n": 7, "answer": OPTIONS[0]}] * 3
    assert phone.vote(OPTIONS[1], n=6).json() == {"n": 7, "answer": OPTIONS[0]}  # one that was late
    assert room.state()["votes"]["1"] == 1


def stream(server: Server, phone: Phone) -> socket.socket:
    """An open stream of a phone that has heard the version."""
    (cookie,) = phone.http.cookies.jar
    opened = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    request = f"GET /{phone.code}/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookie.name}={cookie.value}\r\n\r\n"
    opened.sendall(request.encode())
    heard = b""
    while b"data: " not in heard:
        more = opened.recv(4096)
        assert more, heard
        heard += more
    return opened


def test_asked_to_end_with_five_hundred_streams_open_it_does_in_three_seconds(running: Server, served: Class) -> None:
    room = served.open()
    phones = [room.phone() for _ in range(167)]
    streams = [stream(running, phone) for phone in phones for _ in range(3)]
    assert len(streams) > 500
    room.step("vote1")
    assert phones[0].vote(OPTIONS[0]).status_code == 200
    os.kill(running.pid, signal.SIGTERM)
    psutil.Process(running.pid).wait(3)
    for opened in streams:
        opened.close()
    assert running.log.read_text(encoding="utf-8") == ""  # no line for each that it cut
    again(running)
    assert phones[0].state()["yours"]["1"]["answer"] == OPTIONS[0]
