"""What a student's browser cannot learn or do, however it asks."""

from __future__ import annotations

import ast
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answering import other_answer, some_answer
from class_server import BEST, KEY, Class, Phone, Room, serving
from secrets_of import rewritten, with_entry

from widgets.bank import load_bank
from widgets.classroom import tokens
from widgets.classroom.streams import MOST
from widgets.classroom.tables import metadata
from widgets.classroom.tokens import Failures
from widgets.grading import course_answer

BANK = load_bank()
ONE_OF_EACH = [
    next(key for key, v in BANK.items() if v.entry.format == format and v.entry.basis != "open")
    for format in ("best", "pick", "rate", "rank", "sort", "mark", "estimate", "path")
]
ITEM = BANK[BEST].item or {}
RIGHT = course_answer(ITEM)
OTHER = other_answer(ITEM)
BEFORE = ("scene", "think", "vote1", "talk", "vote2")

ROUTES = [
    ("GET", "", None),
    ("DELETE", "", None),
    ("POST", "/step", {"step": "reasons", "item": BEST, "version": 1}),
    ("GET", f"/tally?item={BEST}&vote=1", None),
    ("POST", "/hands", {"item": BEST, "vote": 1, "counts": {}}),
    ("GET", f"/reasons?item={BEST}", None),
    ("GET", f"/reasons.csv?item={BEST}", None),
    ("POST", "/reasons/1", {"shown": True}),
    ("POST", "/tables", {"item": BEST}),
    ("GET", "/answers", None),
    ("POST", "/close", {}),
]


@pytest.fixture(autouse=True)
def forgiven(server: Class, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Each test is as wrong as it likes; a traceback in the server's log fails the test that made it."""
    server.app.state.hall._failures = Failures()
    yield
    assert not [record for record in caplog.records if record.exc_info and record.levelno >= logging.ERROR]


def raw(phone: Phone) -> bytes:
    """The state to the byte, but for the two words that are this phone's alone."""
    reply = phone.http.get(f"/{phone.code}/state")
    assert reply.status_code == 200
    return re.sub(rb'"alias":"[a-z]+ [a-z]+"', b'"alias":"two words"', reply.content)


# A student and the instructor's routes.


@pytest.mark.parametrize(("method", "what", "body"), ROUTES)
def test_a_students_token_opens_nothing_of_the_instructors(room: Room, method: str, what: str, body: Any) -> None:
    phone = room.phone()
    before = room.state()
    token = phone.http.cookies[f"wtli-{room.code}"]
    for given in (f"Bearer {token}", f"Bearer {token.partition('.')[2]}", "Bearer", "guess", None):
        headers = {} if given is None else {"Authorization": given}
        more = {"json": body} if method == "POST" else {}
        reply = phone.http.request(
            method, room.path + what, headers={**headers, "Content-Type": "application/json"}, **more
        )
        assert (reply.status_code, list(reply.json())) == (401, ["error"])
    assert {**room.state(), "here": 0} == {**before, "here": 0}


@pytest.mark.parametrize(("method", "what", "body"), ROUTES)
def test_another_rooms_secret_and_the_servers_key_run_no_room(room: Room, method: str, what: str, body: Any) -> None:
    other = room.server.open()
    for secret in (other.secret, KEY):
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        more = {"json": body} if method == "POST" else {}
        assert room.server.client().request(method, room.path + what, headers=headers, **more).status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_rooms_secret_does_not_open_rooms(room: Room, method: str) -> None:
    path = "/api/due" if method == "GET" else "/api/rooms"
    headers = {"Content-Type": "application/json"}
    assert room.desk.request(method, path, headers=headers).status_code == 401


def test_no_route_takes_a_secret_from_the_address(room: Room) -> None:
    client = room.server.client()
    for name in ("secret", "token", "key", "authorization", "access_token"):
        assert client.get(room.path, params={name: room.secret}).status_code == 401
        assert client.get(room.path, params={name: f"Bearer {room.secret}"}).status_code == 401


# What a state tells before the reasons are shown.


@pytest.mark.parametrize("key", ONE_OF_EACH, ids=lambda key: BANK[key].entry.format)
def test_before_the_reveal_a_state_does_not_depend_on_the_key(server: Class, key: str) -> None:
    """Two rooms, alike but for key, marks, stances and reasons; the same answer; the same bytes at every step."""
    item, fields = BANK[key].item or {}, None
    if item["format"] == "pick":  # with nothing keyed there would be nothing to choose
        fields = {"keyed": lambda keyed: not keyed, "why": lambda _: "Bland.", "debrief": lambda _: "Bland."}
    bland = with_entry(BANK, key, rewritten(BANK[key].entry, fields))
    seen: list[list[bytes]] = []
    for bank in (BANK, bland):
        room = server.open(key, bank=bank)
        phone, states = room.phone(), []
        for step in BEFORE:
            room.step(step, key, asks_reason=True)
            states.append(raw(phone))
            if step.startswith("vote"):
                reply = phone.vote(some_answer(item), item=key, vote=int(step[-1]), reason="Because.")
                assert reply.status_code == 200
                states += [reply.content, raw(phone)]
        room.step("reasons", key)
        assert phone.state()["feedback"]["reasons"]
        seen.append(states)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("key", ONE_OF_EACH, ids=lambda key: BANK[key].entry.format)
def test_before_the_reveal_those_who_agree_with_the_key_see_what_the_others_see(server: Class, key: str) -> None:
    """Two phones of one room; their states are the same bytes once each one's own answer is taken out."""
    item = BANK[key].item or {}
    room = server.open(key)
    given = {room.phone(): course_answer(item), room.phone(): other_answer(item)}
    for step in BEFORE:
        room.step(step, key)
        states = set()
        for phone, answer in given.items():
            if step.startswith("vote"):
                assert phone.vote(answer, item=key, vote=int(step[-1])).status_code == 200
            own = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
            states.add(raw(phone).replace(b'"answer":' + own, b'"answer":0'))
        assert len(states) == 1, step


def test_before_the_reveal_nobody_reads_anothers_reason_even_if_it_was_let_through(room: Room) -> None:
    writer, reader = room.phone(), room.phone()
    room.step("vote1", asks_reason=True)
    writer.vote(OTHER, reason="Only for the instructor.")
    id = room.get("reasons", item=BEST)["reasons"][0]["id"]
    assert room.post(f"reasons/{id}", shown=True).status_code == 200
    for step in ("vote1", "talk", "vote2"):
        room.step(step)
        assert b"Only for the instructor" not in raw(reader)
    room.step("reasons")
    assert reader.state()["shown"] == ["Only for the instructor."]


def test_a_state_holds_no_secret_and_no_number_of_the_others(room: Room) -> None:
    phones_here = [room.phone() for _ in range(3)]
    held = [phone.http.cookies[f"wtli-{room.code}"] for phone in phones_here]
    room.step("vote1")
    for phone in phones_here:
        phone.vote(RIGHT)
    first = raw(phones_here[0])
    assert room.secret.encode() not in first
    assert not [token for token in held if token.encode() in first]
    room.phone()
    assert raw(phones_here[0]) == first, "others come and vote, and nothing tells"


# Tokens.


def test_the_cookie_is_for_this_room_and_no_script_reads_it(room: Room) -> None:
    cookie = Phone(room).join().headers["set-cookie"]
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert name.startswith(f"wtli-{room.code}=")
    assert {"HttpOnly", "SameSite=lax", f"Path=/{room.code}"} <= set(attributes)
    assert not [part for part in attributes if part.lower().startswith("domain")]


def test_the_page_gives_a_browser_its_secret_before_it_joins(room: Room) -> None:
    browser, another = Phone(room), Phone(room)
    url, name = f"/{room.code}", f"wtli-{room.code}"
    cookie = browser.http.get(url).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", f"Path={url}"} <= {part.strip() for part in cookie.split(";")}
    waiting = browser.http.cookies[name]
    assert re.fullmatch(r"new\.[\w-]{32}", waiting)
    assert "set-cookie" not in browser.http.get(url).headers, "a page that is loaded again keeps it"
    another.http.get(url)
    assert another.http.cookies[name] != waiting
    assert browser.join().status_code == 200
    number, _, secret = browser.http.cookies[name].partition(".")
    assert (number.isdigit(), secret) == (True, waiting.removeprefix("new."))
    assert "set-cookie" not in browser.http.get(url).headers, "nor does one that has joined lose its token"


def test_a_waiting_token_opens_nothing_and_is_no_failure(room: Room) -> None:
    browser = Phone(room)
    browser.http.get(f"/{room.code}")
    body = {"item": BEST, "vote": 1, "n": 1, "answer": RIGHT}
    room.step("vote1")
    for joined in (False, True):
        if joined:
            headers = {"Cookie": f"wtli-{room.code}={browser.http.cookies[f'wtli-{room.code}']}"}
            assert room.server.client().post(f"/{room.code}/join", json={}, headers=headers).status_code == 200
        for method, what, more in [("PUT", "vote", {"json": body}), ("GET", "state", {}), ("GET", "events", {})]:
            reply = browser.http.request(method, f"/{room.code}/{what}", **more)
            assert (reply.status_code, "Join it first" in reply.json()["error"]) == (401, True)
    assert not room.server.app.state.hall._failures._times
    assert room.state()["votes"]["1"] == 0


@pytest.mark.parametrize("made_up", ["new.", "new.x", "new." + "x" * 31, "new." + "é" * 32, "new." + "x" * 33, "new"])
def test_a_waiting_token_that_is_too_short_to_be_a_secret_becomes_none(room: Room, made_up: str) -> None:
    """Otherwise two browsers that came by the same one would be one phone."""
    headers = {"Cookie": f"wtli-{room.code}={made_up}".encode()}
    for _ in range(2):
        assert room.server.client().post(f"/{room.code}/join", json={}, headers=headers).status_code == 200
    assert room.state()["phones"] == 2
    assert "wtli" in room.server.client().get(f"/{room.code}", headers=headers).headers["set-cookie"]


def test_a_waiting_token_finds_its_phone_by_the_comparison_in_constant_time(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = room.server.client()
    headers = {"Cookie": browser.get(f"/{room.code}").headers["set-cookie"].partition(";")[0]}
    room.server.client().post(f"/{room.code}/join", json={}, headers=headers)
    with monkeypatch.context() as patched:
        patched.setattr(tokens.hmac, "compare_digest", lambda a, b: False)
        room.server.client().post(f"/{room.code}/join", json={}, headers=headers)
    assert room.state()["phones"] == 2


def test_a_waiting_token_of_another_room_is_none_here(room: Room) -> None:
    other = room.server.open()
    token = other.server.client().get(f"/{other.code}").headers["set-cookie"].partition(";")[0].partition("=")[2]
    for place in (room, other):
        headers = {"Cookie": f"wtli-{place.code}={token}"}
        assert place.server.client().post(f"/{place.code}/join", json={}, headers=headers).status_code == 200
    assert (room.state()["phones"], other.state()["phones"]) == (1, 1)


def test_only_hashes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    with serving(path) as server:
        room = server.open()
        token = room.phone().http.cookies[f"wtli-{room.code}"]
        files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert room.code.encode() in files
        for secret in (room.secret, token.partition(".")[2], KEY):
            assert secret.encode() not in files


def test_no_table_has_room_for_a_name_or_an_address() -> None:
    columns = {column.name for table in metadata.tables.values() for column in table.columns}
    assert not columns & {"name", "address", "ip", "email", "agent", "user_agent"}


def test_no_door_opens_but_by_the_comparison_in_constant_time(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """With that comparison saying no to everything, the right token, secret and key open nothing."""
    phone = room.phone()
    owner = room.server.client(headers={"Authorization": f"Bearer {KEY}"})
    doors = (
        lambda: phone.http.get(f"/{room.code}/state"),
        lambda: room.desk.get(room.path),
        lambda: owner.get("/api/due"),
    )
    assert [door().status_code for door in doors] == [200] * 3
    monkeypatch.setattr(tokens.hmac, "compare_digest", lambda a, b: False)
    assert [door().status_code for door in doors] == [401] * 3


SECRET = {"secret", "token", "key_hash", "_key_hash", "stored", "hashed", "_bearer"}


def _named(part: ast.expr) -> str:
    """What an operand is called: a name, an attribute, a function whose result it is."""
    if isinstance(part, ast.Call):
        return _named(part.func)
    return getattr(part, "attr", getattr(part, "id", ""))


def test_no_line_compares_a_secret_letter_by_letter() -> None:
    """``==`` stops at the first letter that differs, and the time tells how many were right."""
    found = []
    for file in sorted(Path(tokens.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Compare) or not any(
                isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops
            ):
                continue
            parts = [node.left, *node.comparators]
            # A hash in the store is looked up by SQLite; who finds one that way still has it compared here.
            looked_up = "bindparam" in map(_named, parts)
            if not looked_up and SECRET & set(map(_named, parts)):
                found.append(f"{file.name}: {ast.unparse(node)}")
    assert not found


@pytest.mark.parametrize(
    "forge",
    [
        lambda token, number: None,
        lambda token, number: "",
        lambda token, number: token[:-1],
        lambda token, number: token + "x",
        lambda token, number: f"{number + 1}.{token.partition('.')[2]}",
        lambda token, number: f"{number}.",
        lambda token, number: f"-{token}",
        lambda token, number: f"{'9' * 400}.x",
        lambda token, number: "1' OR '1'='1",
        lambda token, number: f"{number}.é",
    ],
)
def test_a_forged_or_missing_token_votes_for_nobody(room: Room, forge: Any) -> None:
    token = room.phone().http.cookies[f"wtli-{room.code}"]
    forged = forge(token, int(token.partition(".")[0]))
    room.step("vote1")
    headers = {} if forged is None else {"Cookie": f"wtli-{room.code}={forged}".encode()}
    body = {"item": BEST, "vote": 1, "n": 1, "answer": RIGHT}
    for method, what, more in [("PUT", "vote", {"json": body}), ("GET", "state", {}), ("GET", "events", {})]:
        reply = room.server.client().request(method, f"/{room.code}/{what}", headers=headers, **more)
        assert (reply.status_code, "Join it first" in reply.json()["error"]) == (401, True)
    assert room.state()["votes"]["1"] == 0


def test_a_token_of_another_room_is_none_here(room: Room) -> None:
    other = room.server.open()
    token = other.phone().http.cookies[f"wtli-{other.code}"]
    stranger = room.server.client(cookies={f"wtli-{room.code}": token})
    assert stranger.get(f"/{room.code}/state").status_code == 401
    assert stranger.post(f"/{room.code}/join", json={}).status_code == 200
    assert room.state()["phones"] == 1


def test_a_browser_listens_in_so_many_windows_at_most(room: Room) -> None:
    phone, other = room.phone(), room.phone()
    url = f"/{room.code}/events"
    held = [phone.http.stream("GET", url) for _ in range(MOST)]
    try:
        assert [stream.__enter__().status_code for stream in held] == [200] * MOST
        with phone.http.stream("GET", url) as refused:
            assert refused.status_code == 429
            assert "Close one" in refused.read().decode()
        with other.http.stream("GET", url) as reply:
            assert reply.status_code == 200
    finally:
        for stream in held:
            stream.__exit__(None, None, None)


# Logs, and what people write.


def test_no_secret_is_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), serving(tmp_path / "rooms.sqlite", log_level="trace") as server:
        room = server.open()
        phone = room.phone()
        token = phone.http.cookies[f"wtli-{room.code}"].partition(".")[2]
        room.step("vote1")
        phone.vote(RIGHT)
        room.try_step("vote1", "no/such")
        room.desk.get("/none")
        assert repr(server.app.state.hall).count(KEY) == 0
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    text = "\n".join(record.getMessage() for record in ours)
    for secret in (room.secret, token, KEY):
        assert secret not in text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<b onclick=alert(1)>bold</b>", "<b onclick=alert(1)>bold</b>"),
        ("a\u202egnp.exe\u2066b\u200f", "agnp.exeb"),
        ("bell\x07 null\x00 del\x7f c1\x85 esc\x1b[2J", "bell null del c1 esc[2J"),
        ("tab\there\r\nand there", "tab here\nand there"),
        ("👩\u200d⚕️ nurse", "👩\u200d⚕️ nurse"),
        (" \u202e ", None),
    ],
)
def test_a_reason_is_text_and_cannot_turn_or_hide_what_stands_around_it(
    room: Room, written: str, kept: str | None
) -> None:
    phone = room.phone()
    room.step("vote1", asks_reason=True)
    assert phone.vote(OTHER, reason=written).status_code == 200
    assert phone.state()["yours"]["1"]["reason"] == kept
    assert [r["text"] for r in room.get("reasons", item=BEST)["reasons"]] == ([kept] if kept else [])


def test_a_reason_does_not_say_what_its_writer_answered(room: Room) -> None:
    """One answer alone is never told, not even to the instructor and with the vote still open."""
    room.step("vote1", asks_reason=True)
    room.phone().vote(OTHER, reason="Because.")
    listed = room.desk.get(f"{room.path}/reasons", params={"item": BEST})
    filed = room.desk.get(f"{room.path}/reasons.csv", params={"item": BEST})
    for reply in (listed, filed):
        assert "Because." in reply.text
        assert OTHER not in reply.text


@pytest.mark.parametrize("written", ['=HYPERLINK("http://evil.example")', "+1", "-2+3", "@SUM(A1)", "  =1+1", "＝1"])
def test_a_reason_does_not_run_in_a_spreadsheet(room: Room, written: str) -> None:
    phone = room.phone()
    room.step("vote1", asks_reason=True)
    phone.vote(OTHER, reason=written)
    reply = room.desk.get(f"{room.path}/reasons.csv", params={"item": BEST})
    assert reply.headers["content-type"].startswith("text/csv")
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.text.splitlines()[1].startswith("\"'")


def test_after_forgetting_nothing_is_left_in_any_file(tmp_path: Path) -> None:
    with serving(tmp_path / "rooms.sqlite") as server:
        kept, room = server.open(), server.open()
        phone = room.phone()
        alias = phone.state()["alias"]
        room.step("vote1", asks_reason=True)
        phone.vote(OTHER, reason="A sentence that nobody may find again.")
        marks = [b"nobody may find", room.code.encode(), alias.encode()]
        assert all(mark in content(tmp_path) for mark in marks)
        assert room.desk.delete(room.path).status_code == 200
        assert not [mark for mark in marks if mark in content(tmp_path)]
        assert (tmp_path / "rooms.sqlite-wal").read_bytes() == b""
        assert kept.state()["step"] == "lobby"
        assert kept.code.encode() in content(tmp_path)


def content(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())
