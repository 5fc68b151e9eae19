"""The server as a process of its own: how it starts, who finds it again, and when it ends."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from class_server import Class
from jupyter_client.manager import KernelManager

from widgets.classroom import holding, kept, process, running
from widgets.classroom.process import Server, StartError

PATIENCE = 30  # seconds, on a busy machine
Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers, in this test's folder unless another is named; all are ended."""
    folders = {tmp_path}

    def begin(**settings: Any) -> Server:
        folders.add(settings.setdefault("data", tmp_path))
        return process.start(**{"port": 0, **settings})

    yield begin
    for folder in folders:
        if running := process.resume(folder):
            running.stop()


def eventually(come: Callable[[], bool]) -> bool:
    late = time.monotonic() + PATIENCE
    while not come() and time.monotonic() < late:
        time.sleep(0.05)
    return come()


def listens_on(server: Server) -> set[str]:
    found = psutil.Process(server.pid).net_connections("inet")
    return {c.laddr.ip for c in found if c.status == psutil.CONN_LISTEN and c.laddr.port == server.port}


# Starting.


def test_it_answers_on_this_machine_alone_unless_it_is_let_onto_the_network(start):
    server = start()
    assert httpx.get(f"{server.url}/api/healthz").json() == {"ok": True}
    assert listens_on(server) == {"127.0.0.1"}
    assert server.addresses == [server.url]
    wide = start(lan=True)
    assert listens_on(wide) == {"0.0.0.0"}
    assert wide.addresses
    assert not any("127.0.0.1" in address or "0.0.0.0" in address for address in wide.addresses)


def test_it_is_in_a_session_of_its_own(start):
    server = start()
    assert os.getsid(server.pid) == server.pid != os.getsid(0)


def test_it_takes_the_next_port_if_the_one_asked_for_is_taken(start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        server = start(port=taken)
        assert taken < server.port <= taken + running.NEXT
        assert httpx.get(f"{server.url}/api/healthz").status_code == 200


def test_a_reply_does_not_wait_until_the_phone_has_acknowledged_its_first_half():
    """Head and body are written apart; with Nagle's algorithm the second waits for a delayed acknowledgement, 40 ms."""
    seen: list[int] = []

    async def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def connect() -> None:
        with running.bind("127.0.0.1", 0) as listening:
            async with await asyncio.start_server(connected, sock=listening):
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                await reader.read()
                writer.close()
                await writer.wait_closed()

    asyncio.run(connect())
    assert seen
    assert all(seen)


def test_its_files_are_their_owners_alone(start, tmp_path):
    folder = tmp_path / "class"
    start(data=folder).remember("boundaries", {"code": "K7MQPX", "secret": "s"})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    names = {path.name for path in folder.iterdir()}
    assert {kept.NAME, process.LOG, process.FILE} <= names
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_its_key_is_in_no_command_line_environment_log_or_repr(start):
    server = start()
    httpx.post(f"{server.url}/api/rooms", headers={"Authorization": f"Bearer {server.key}"}, json={})
    running = psutil.Process(server.pid)
    seen = [*running.cmdline(), *running.environ().values(), repr(server), str(server), server.url]
    seen.append(server.log.read_text(encoding="utf-8"))
    assert len(server.key) > 20
    assert not [text for text in seen if server.key in text]
    found = kept.read(server.folder)
    assert found
    assert server.key == found.key
    assert server.key not in repr(found)


def test_what_cannot_start_says_why(tmp_path):
    (tmp_path / process.FILE).write_bytes(b"no database" * 100)
    with pytest.raises(StartError, match=r"rooms\.sqlite cannot be opened .* Move it away"):
        process.start(data=tmp_path, port=0)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match=r"file/class cannot be written .* data="):
        process.start(data=tmp_path / "file" / "class", port=0)


def test_a_log_that_has_grown_long_begins_anew(start, tmp_path):
    (tmp_path / process.LOG).write_bytes(b"x" * (process.LONGEST_LOG + 1))
    assert start().log.read_text(encoding="utf-8") == ""


def test_a_child_that_dies_unheard_points_to_its_log(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "MODULE", "widgets.no_such_module")
    with pytest.raises(StartError, match=str(tmp_path / process.LOG)):
        process.start(data=tmp_path, port=0)
    assert "No module named" in (tmp_path / process.LOG).read_text(encoding="utf-8")


# Finding it again.


def test_starting_it_twice_is_starting_it_once(start):
    first = start()
    again = start()
    assert (again.pid, again.port, again.resumed) == (first.pid, first.port, True)


def test_other_settings_move_it_but_not_its_port_its_key_or_its_rooms(start):
    first = start()
    first.remember("boundaries", {"code": "K7MQPX"})
    second = start(public_url="https://class.example")
    assert second.pid != first.pid
    assert (second.port, second.key, second.rooms) == (first.port, first.key, {"boundaries": {"code": "K7MQPX"}})
    assert second.addresses == ["https://class.example"]
    assert not psutil.pid_exists(first.pid)


def test_stopping_it_ends_it_and_leaves_a_file_only_for_a_room_to_be_remembered(start, tmp_path):
    server = start()
    server.stop()
    assert not psutil.pid_exists(server.pid)
    assert kept.read(tmp_path) is None
    server = start()
    server.remember("boundaries", {"code": "K7MQPX"})
    server.remember("power", {"code": "PXK7MQ"})
    server.forget("power")
    server.stop()
    assert not server.alive
    assert process.resume(tmp_path) is None
    again = start()
    assert (again.key, again.rooms, again.resumed) == (server.key, {"boundaries": {"code": "K7MQPX"}}, False)


def test_a_stranger_with_another_key_holds_nothing_and_stops_nothing(start):
    server = start()
    found = kept.read(server.folder)
    assert found
    for said in (b"another key\nstop\n", b"\nstop\n", b"stop\n", b"x" * 100_000, b"POST / HTTP/1.1\r\n\r\nstop\n"):
        with socket.create_connection(("127.0.0.1", found.hold), timeout=PATIENCE) as stranger:
            assert re.fullmatch(rb"[0-9a-f]{32}\n", stranger.makefile("rb", buffering=0).readline())
            stranger.sendall(said)
            stranger.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):
                assert stranger.recv(10) == b""
    assert server.alive
    assert server.log.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    "answer", [b"echo", b"held\n", b"", b"\xff" * 40 + b"\n"], ids=["echo", "held", "end", "noise"]
)
def test_whoever_has_the_old_port_by_now_is_not_shown_the_key_and_not_taken_for_the_server(tmp_path, answer):
    heard: list[bytes] = []

    def impostor(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.settimeout(PATIENCE)
            connection.sendall(b"0" * 32 + b"\n")
            said = connection.makefile("rb", buffering=0).readline()
            heard.append(said)
            connection.sendall(said.rpartition(b" ")[2] if answer == b"echo" else answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = kept.Kept(pid=1, port=1, hold=listening.getsockname()[1], key="the key of this server")
        kept.write(tmp_path, found)
        thread = threading.Thread(target=impostor, args=(listening,))
        thread.start()
        assert process.resume(tmp_path) is None
        thread.join()
    assert heard
    assert found.key.encode() not in heard[0]


def test_a_port_whose_owner_says_nothing_is_given_up_soon(tmp_path, monkeypatch):
    monkeypatch.setattr(holding, "SOON", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept.write(tmp_path, kept.Kept(pid=1, port=1, hold=listening.getsockname()[1], key="a key"))
        assert process.resume(tmp_path) is None


def test_a_server_that_does_not_end_is_ended_and_its_file_is_free_then(start, monkeypatch):
    server = start()
    process._held.clear()  # as another kernel, to which it is no child
    monkeypatch.setattr(holding, "ENDING", 0.5)
    other = start()
    assert (other.pid, other._child) == (server.pid, None)
    os.kill(server.pid, signal.SIGSTOP)
    other.stop()
    assert start().pid != server.pid
    server._hold.close()
    assert server._child
    server._child.wait(PATIENCE)


def test_other_proxies_are_other_settings(start):
    first = start()
    second = start(trusted_proxies=("127.0.0.1",))
    assert second.pid != first.pid
    assert start(trusted_proxies=("127.0.0.1",)).pid == second.pid


def test_a_file_from_before_a_setting_was_known_is_still_read(tmp_path):
    kept.write(tmp_path, kept.Kept(pid=1, port=2, hold=3, key="k"))
    said = json.loads((tmp_path / kept.NAME).read_text(encoding="utf-8"))
    del said["trusted_proxies"]
    (tmp_path / kept.NAME).write_text(json.dumps(said))
    assert kept.read(tmp_path) == kept.Kept(pid=1, port=2, hold=3, key="k")


def test_a_file_that_makes_no_sense_is_no_server(start, tmp_path):
    for text in ("", "{", "[]", '{"pid": 1}'):
        (tmp_path / kept.NAME).write_text(text)
        assert process.resume(tmp_path) is None
    assert start().alive


# Whoever started it is gone. Another Python plays the kernel here; real ones follow.

KERNEL = """
import sys
from pathlib import Path
from widgets.classroom import process
server = process.start(data=Path(sys.argv[1]), port=0, grace=float(sys.argv[2]))
print(server.pid, flush=True)
sys.stdin.read()
"""


def kernel(folder: Path, grace: float) -> tuple[subprocess.Popen[str], int]:
    """A Python that has started a server, and the server's process id."""
    started = kernel_begins(folder, grace)
    return started, the_server_of(started)


def kernel_begins(folder: Path, grace: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", KERNEL, str(folder), str(grace)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def the_server_of(started: subprocess.Popen[str]) -> int:
    assert started.stdout
    return int(started.stdout.readline())


def kill(started: subprocess.Popen[str]) -> None:
    started.kill()
    started.communicate()


def test_no_orphan_is_left_after_the_grace(tmp_path):
    started, pid = kernel(tmp_path, grace=1)
    assert psutil.pid_exists(pid)
    kill(started)
    assert psutil.pid_exists(pid)  # it waits for another kernel
    assert eventually(lambda: not psutil.pid_exists(pid))


def test_another_kernel_that_comes_in_time_keeps_it(start, tmp_path):
    started, pid = kernel(tmp_path, grace=3)
    kill(started)
    server = start()
    assert (server.pid, server.resumed) == (pid, True)
    time.sleep(4)  # longer than the grace
    assert server.alive


def test_it_lives_as_long_as_one_of_two_kernels(start, tmp_path):
    first, pid = kernel(tmp_path, grace=0)
    second, same = kernel(tmp_path, grace=0)
    assert pid == same
    kill(first)
    assert start().pid == pid
    kill(second)
    assert start().alive


def test_two_kernels_that_start_it_at_the_same_moment_share_it(tmp_path):
    both = [kernel_begins(tmp_path, grace=0) for _ in range(2)]
    pids = {the_server_of(one) for one in both}
    assert len(pids) == 1
    for one in both:
        kill(one)
    assert eventually(lambda: not psutil.pid_exists(*pids))


class Kernel:
    """A real Jupyter kernel."""

    def __init__(self) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self._connect()

    def _connect(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def run(self, code: str) -> str:
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            said.append(content.get("text", "") + "\n".join(content.get("traceback", [])))

        self.client.execute_interactive(code, output_hook=hear, timeout=PATIENCE, store_history=False)
        return "".join(said)

    def start(self, folder: Path, grace: float) -> tuple[int, int]:
        """The process id and the port of the server that the kernel starts or takes."""
        code = f"from pathlib import Path; from widgets.classroom import process; server = process.start(data=Path({str(folder)!r}), port=0, grace={grace}); print(server.pid, server.port)"
        pid, port = self.run(code).split()
        return int(pid), int(port)

    def restart(self) -> None:
        self.client.stop_channels()
        self.manager.restart_kernel(now=True)
        self._connect()

    def kill(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


def test_interrupting_restarting_and_killing_a_real_kernel(start, tmp_path):
    long, short = tmp_path / "long", tmp_path / "short"
    jupyter = Kernel()
    pid, port = jupyter.start(long, grace=120)
    jupyter.run("server.remember('boundaries', {'code': 'K7MQPX'})")
    jupyter.manager.interrupt_kernel()
    assert httpx.get(f"http://127.0.0.1:{port}/api/healthz").status_code == 200
    jupyter.restart()
    assert jupyter.start(long, grace=120) == (pid, port)
    assert jupyter.run("print(server.rooms, server.resumed)").strip() == "{'boundaries': {'code': 'K7MQPX'}} True"
    orphan, _ = jupyter.start(short, grace=0.5)
    jupyter.kill()
    assert eventually(lambda: not psutil.pid_exists(orphan))
    assert start(data=long).pid == pid
    assert "K7MQPX" in str(start(data=long).rooms)


# By hand.


def test_by_hand_it_says_where_it_is_and_keeps_its_key_in_a_file(tmp_path):
    command = [sys.executable, "-m", "widgets", "classroom", "--port", "0", "--data", str(tmp_path)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout
    try:
        place, where = running.stdout.readline(), running.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", place)
        path = tmp_path / kept.KEY
        assert url
        assert str(path) in where
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        key = path.read_text(encoding="utf-8").strip()
        assert key not in place + where
        other = subprocess.run(command, capture_output=True, text=True, check=False)
        assert other.returncode == 1
        assert "already served by another process" in other.stderr
        room = Class(url[0], key=key)
        assert room.open().state()["step"] == "lobby"
        room.leave()
    finally:
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out, err) == (0, "", "")
