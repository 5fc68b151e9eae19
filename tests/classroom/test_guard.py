"""What stands before every route, over real HTTP."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from class_server import BEST, Class, Room, serving

from widgets.classroom import answers
from widgets.classroom.guard import LARGEST_BODY, LARGEST_ROOM
from widgets.classroom.tokens import LIMIT

OURS = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """A server behind a proxy on this machine, at a name of its own."""
    path = tmp_path_factory.mktemp("proxied") / "rooms.sqlite"
    with serving(path, public_url="https://class.example.org", trusted_proxies=["127.0.0.0/8"]) as running:
        yield running


def join(room: Room, **more: Any) -> Any:
    return room.server.client().post(f"/{room.code}/join", json={}, **more)


@pytest.mark.parametrize(
    "host", ["classroom.test", "CLASSROOM.test:80", "classroom.test.", "192.168.1.7:8765", "[::1]:80", "localhost"]
)
def test_a_host_that_is_ours_is_answered(room: Room, host: str) -> None:
    assert join(room, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "classroom.test.evil.example", "evil.example:8765", "", "a b", "[", "@127.0.0.1"]
)
def test_a_foreign_host_is_refused(room: Room, host: str) -> None:
    reply = room.server.client().get(f"/{room.code}", headers={"Host": host})
    assert reply.status_code == 400
    assert host != "evil.example" or "Use the address" in reply.json()["error"]


def test_a_second_host_is_refused(room: Room) -> None:
    connection = http.client.HTTPConnection(room.server.url.removeprefix("http://"))
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", "localhost")
    connection.putheader("Host", "evil.example")
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:1", "", "http://[", "ftp://localhost"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_is_refused(room: Room, origin: str, method: str) -> None:
    headers = {**OURS, "Origin": origin, "Host": "localhost"}
    what = "join" if method == "POST" else "state"
    reply = room.server.client().request(method, f"/{room.code}/{what}", headers=headers, content="{}")
    assert (reply.status_code, "Another site" in reply.json()["error"]) == (403, True)


def test_the_rooms_own_page_is_not_refused(room: Room, proxied: Class) -> None:
    assert join(room, headers={"Origin": room.server.url}).status_code == 200
    behind = proxied.open()
    assert behind.made["url"] == f"https://class.example.org/{behind.code}"
    own = {"Origin": "https://class.example.org", "Host": "class.example.org"}
    assert join(behind, headers=own).status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
@pytest.mark.parametrize("what", ["join", "vote"])
def test_a_body_that_is_not_json_is_refused(room: Room, kind: str, what: str) -> None:
    method = "POST" if what == "join" else "PUT"
    headers = {"Content-Type": kind} if kind else {}
    reply = room.server.client().request(method, f"/{room.code}/{what}", headers=headers, content="{}")
    assert (reply.status_code, reply.json()["error"][:9]) == (415, "Send JSON")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{", 400), (b"\xff\xfe", 400), (b'{"a": "\\ud800"}', 400), (b"[" * 9000, 400), (b"[]", 422), (b"null", 422), (b'{"a": 1}', 422)],
)  # fmt: skip
def test_malformed_json_gets_a_sentence(room: Room, body: bytes, status: int) -> None:
    reply = room.server.client().post(f"/{room.code}/join", headers=OURS, content=body)
    assert (reply.status_code, list(reply.json())) == (status, ["error"])
    assert reply.json()["error"].endswith(".")


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in chunks"])
def test_a_body_that_is_too_large_is_refused(room: Room, told: bool) -> None:
    phone = room.phone()
    room.step("vote1", asks_reason=True)
    body = json.dumps({"item": BEST, "vote": 1, "n": 1, "answer": "x", "reason": "x" * 1_000_000}).encode()
    content: Any = body if told else (body[at : at + 50_000] for at in range(0, len(body), 50_000))
    reply = phone.http.put(f"/{phone.code}/vote", headers=OURS, content=content)
    assert (reply.status_code, f"{LARGEST_BODY:,}" in reply.json()["error"]) == (413, True)


def test_a_length_that_is_no_number_is_refused(room: Room) -> None:
    connection = http.client.HTTPConnection(room.server.url.removeprefix("http://"))
    connection.putrequest("POST", f"/{room.code}/join")
    for name, value in {**OURS, "Content-Length": "9" * 30}.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status in (400, 413)
    connection.close()


def test_only_the_owner_may_send_a_whole_room(room: Room) -> None:
    big = b"x" * (LARGEST_BODY + 1)
    client = room.server.client()
    assert client.post("/api/rooms", headers=OURS, content=big).status_code == 401
    key = {**OURS, "Authorization": f"Bearer {room.server.key}"}
    assert client.post("/api/rooms", headers=key, content=big).status_code == 400
    assert client.post("/api/rooms", headers=key, content=b"x" * (LARGEST_ROOM + 1)).status_code == 413


@pytest.mark.parametrize(
    "path",
    ["/", "/{code}", "/{code}/state", "/none/at/all", "/assets/x/phone.js", "/api/rooms/{code}", "/openapi.json"],
)
def test_every_reply_says_what_a_browser_may_do_with_it(room: Room, path: str) -> None:
    headers = room.server.client().get(path.format(code=room.code)).headers
    policy = headers["content-security-policy"].split("; ")
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy, "no inline script, no other origin"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers
    assert headers["cache-control"]


def test_a_mistake_of_the_server_is_a_sentence_with_the_same_headers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "rooms.sqlite") as server:
        room = server.open()

        def broken(*args: Any, **more: Any) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr(answers, "look", broken)
        reply = room.server.client().get(f"/{room.code}/state")
    assert reply.status_code == 500
    assert "secret detail" not in reply.text
    assert reply.json()["error"].endswith(".")
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]


def test_a_method_that_there_is_not_is_refused(room: Room) -> None:
    reply = room.server.client().get(f"/{room.code}/join")
    assert (reply.status_code, reply.json()) == (405, {"error": "That cannot be done here."})


def test_a_websocket_is_refused(room: Room) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "x" * 22,
    }
    assert room.server.client().get(f"/{room.code}/events", headers=upgrade).status_code in (401, 403)


# Failures, and whose they are.


def wrong_codes(server: Class, times: int, **headers: str) -> list[int]:
    client = server.client(headers=headers)
    return [client.get(f"/{'CDFGHJKMNPQRTWXY'[n % 16] * 6}/state").status_code for n in range(times)]


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Class]:
    with serving(tmp_path / "rooms.sqlite") as running:
        yield running


def test_after_too_many_wrong_codes_an_address_finds_no_room_but_its_phones_go_on(fresh: Class) -> None:
    room = fresh.open()
    phone = room.phone()
    room.step("vote1")
    assert wrong_codes(fresh, LIMIT) == [404] * LIMIT
    assert set(wrong_codes(fresh, 3)) == {429}
    refused = join(room)
    assert (refused.status_code, "Wait a minute" in refused.json()["error"], refused.headers["retry-after"]) == (
        429,
        True,
        "60",
    )
    assert fresh.client().get(f"/{room.code}").status_code == 429, "nor does a right guess tell itself apart"
    assert fresh.client().get(f"/{room.code}/state").status_code == 429
    assert phone.state()["open"]
    assert phone.vote("off-duty").status_code == 200
    assert phone.http.get(f"/{room.code}").status_code == 200
    assert room.state()["phones"] == 1


def test_only_failures_count_against_an_address(fresh: Class) -> None:
    room = fresh.open()
    client = fresh.client()
    for _ in range(LIMIT + 50):
        assert client.get(f"/{room.code}").status_code == 200
        assert client.get("/api/healthz").status_code == 200
        assert client.get(f"/{room.code}/state").status_code == 401  # not joined yet: no guess at anything
    assert join(room).status_code == 200


def test_a_forged_token_counts_as_a_failure(fresh: Class) -> None:
    room = fresh.open()
    forged = fresh.client(cookies={f"wtli-{room.code}": "1.forged"})
    assert [forged.get(f"/{room.code}/state").status_code for _ in range(LIMIT + 1)] == [401] * LIMIT + [429]


def test_a_guessed_secret_or_key_counts_as_a_failure(fresh: Class) -> None:
    room = fresh.open()
    guess = fresh.client(headers={"Authorization": "Bearer guess"})
    assert {guess.get(room.path).status_code for _ in range(LIMIT // 2)} == {401}
    assert {guess.post("/api/rooms", json={}).status_code for _ in range(LIMIT // 2)} == {401}
    assert guess.get(room.path).status_code == 429
    assert room.desk.get(room.path).status_code == 200, "the instructor is on the same network"


def test_a_strangers_forwarding_header_is_not_believed(fresh: Class) -> None:
    for n in range(LIMIT):
        wrong_codes(fresh, 1, **{"X-Forwarded-For": f"10.0.0.{n}"})
    assert wrong_codes(fresh, 1, **{"X-Forwarded-For": "10.0.1.1"}) == [429]


def test_a_named_proxy_is_believed_and_only_for_what_it_heard_itself(proxied: Class) -> None:
    assert set(wrong_codes(proxied, LIMIT + 1, **{"X-Forwarded-For": "10.9.9.9, 10.0.0.5"})) == {404, 429}
    assert wrong_codes(proxied, 1, **{"X-Forwarded-For": "10.0.0.5"}) == [429]
    assert wrong_codes(proxied, 1, **{"X-Forwarded-For": "10.0.0.5, 127.0.0.2"}) == [429], "a second proxy of ours"
    assert wrong_codes(proxied, 1, **{"X-Forwarded-For": "10.9.9.9"}) == [404]


def test_over_https_the_cookie_never_goes_over_http(proxied: Class, room: Room) -> None:
    behind = proxied.open()
    assert "; Secure" in join(behind, headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]
    assert "Secure" not in join(behind).headers["set-cookie"]
    assert "Secure" not in join(room, headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]
