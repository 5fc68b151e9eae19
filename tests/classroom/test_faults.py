"""What goes wrong in a lecture hall: lost replies, double presses, late retries, full disks, wrong clocks."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from class_server import BEST, Class, Phone, Room, SetClock, serving

from widgets.bank import load_bank
from widgets.classroom.messages import Refused

ITEM = load_bank()[BEST].item or {}
FIRST, SECOND, THIRD = (option["id"] for option in ITEM["options"][:3])


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """All of them from threads of their own, begun together."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int) -> None:
        gate.wait()
        results[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def twin(phone: Phone, room: Room) -> Phone:
    """The same browser, on another connection."""
    other = Phone(room)
    other.http.cookies = phone.http.cookies
    return other


def waiting(room: Room) -> str:
    """The cookie of a browser that has opened the room's page and not joined."""
    page = room.server.client().get(f"/{room.code}")
    return str(page.headers["set-cookie"].partition(";")[0])


def test_a_join_whose_reply_was_lost_makes_no_second_phone(room: Room) -> None:
    phone = Phone(room)
    assert phone.http.get(f"/{room.code}").status_code == 200
    cookie = f"wtli-{room.code}={phone.http.cookies[f'wtli-{room.code}']}"
    connection = http.client.HTTPConnection(room.server.url.removeprefix("http://"))
    connection.request("POST", f"/{room.code}/join", "{}", {"Content-Type": "application/json", "Cookie": cookie})
    connection.close()  # the phone has left the Wi-Fi before its token came
    until(lambda: room.state()["phones"] == 1)
    again = phone.join()
    assert (again.status_code, room.state()["phones"]) == (200, 1)
    assert phone.state()["alias"] == again.json()["alias"]
    room.step("vote1")
    assert phone.vote(FIRST).status_code == 200


def test_a_browser_that_joins_many_times_at_once_is_one_phone(room: Room) -> None:
    cookie = waiting(room)
    clients = [room.server.client(headers={"Cookie": cookie}) for _ in range(8)]
    replies = at_once(*(lambda c=c: c.post(f"/{room.code}/join", json={}) for c in clients))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.json()["alias"] for reply in replies}) == 1
    assert len({reply.headers["set-cookie"] for reply in replies}) == 1
    assert room.state()["phones"] == 1


def test_who_joined_before_the_room_closed_is_let_in_again(room: Room) -> None:
    asked = {"headers": {"Cookie": waiting(room)}, "json": {}}
    first = room.server.client().post(f"/{room.code}/join", **asked)
    room.post("close")
    again = room.server.client().post(f"/{room.code}/join", **asked)
    assert (again.status_code, again.json()) == (200, first.json())


def test_the_same_vote_twice_at_once_is_one(room: Room) -> None:
    phone = room.phone()
    room.step("vote1")
    again = [twin(phone, room) for _ in range(8)]
    replies = at_once(*(lambda p=p: p.vote(FIRST, n=1) for p in again))
    assert [(reply.status_code, reply.json()) for reply in replies] == [(200, {"n": 1, "answer": FIRST})] * 8
    assert room.state()["votes"]["1"] == 1


def test_of_answers_sent_at_once_the_highest_number_stays(room: Room) -> None:
    phone = room.phone()
    room.step("vote1")
    answers = [FIRST, SECOND, THIRD] * 3
    at_once(*(lambda n=n, a=a: twin(phone, room).vote(a, n=n) for n, a in enumerate(answers, start=1)))
    assert phone.state()["yours"]["1"] == {"n": 9, "answer": answers[8], "reason": None}
    assert room.state()["votes"]["1"] == 1


def test_the_same_vote_after_a_reconnect_is_one(room: Room) -> None:
    phone = room.phone()
    room.step("vote1")
    phone.vote(FIRST)
    back = twin(phone, room)
    back.join()
    assert back.vote(FIRST).json() == {"n": 1, "answer": FIRST}
    assert (room.state()["votes"]["1"], room.state()["phones"]) == (1, 1)


def test_a_late_retry_never_overwrites_a_newer_answer(room: Room) -> None:
    phone = room.phone()
    room.step("vote1", asks_reason=True)
    phone.vote(SECOND, n=2, reason="The newer one.")
    late = phone.vote(FIRST, n=1, reason="The older one.")
    assert (late.status_code, late.json()) == (200, {"n": 2, "answer": SECOND, "reason": "The newer one."})
    assert phone.state()["yours"]["1"] == {"n": 2, "answer": SECOND, "reason": "The newer one."}


def test_another_answer_under_the_same_number_is_told_what_stands(room: Room) -> None:
    phone = room.phone()
    room.step("vote1")
    phone.vote(FIRST, n=1)
    assert phone.vote(SECOND, n=1).json() == {"n": 1, "answer": FIRST}
    assert phone.vote(FIRST, n=1).json() == {"n": 1, "answer": FIRST}


def test_a_reply_that_is_lost_after_the_commit_loses_and_doubles_nothing(room: Room) -> None:
    phone = room.phone()
    room.step("vote1")
    connection = http.client.HTTPConnection(room.server.url.removeprefix("http://"))
    body = json.dumps({"item": BEST, "vote": 1, "n": 1, "answer": FIRST})
    cookie = f"wtli-{room.code}={phone.http.cookies[f'wtli-{room.code}']}"
    connection.request("PUT", f"/{room.code}/vote", body, {"Content-Type": "application/json", "Cookie": cookie})
    connection.close()  # the phone has left the Wi-Fi before the answer came
    until(lambda: room.state()["votes"]["1"] == 1)
    assert phone.vote(FIRST).json() == {"n": 1, "answer": FIRST}
    assert room.state()["votes"]["1"] == 1


def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("it never came about")


@pytest.mark.parametrize("step", ["lobby", "scene", "think", "talk", "vote2", "reasons"])
def test_a_vote_for_a_step_that_is_closed_is_not_counted(room: Room, step: str) -> None:
    phone = room.phone()
    room.step("vote1")
    phone.vote(FIRST)
    room.step(step, None if step == "lobby" else BEST)
    refused = phone.vote(SECOND, n=2)
    assert (refused.status_code, "not open" in refused.json()["error"]) == (409, True)
    if step != "vote2":
        assert phone.vote(SECOND, vote=2).status_code == 409
    room.step("talk")
    assert phone.state()["yours"]["1"] == {"n": 1, "answer": FIRST, "reason": None}


def test_of_votes_that_race_with_closing_exactly_the_acknowledged_count(server: Class) -> None:
    """The check that voting is open and the vote are one transaction: no vote slips in after the close."""
    room = server.open()
    phones = [room.phone() for _ in range(24)]
    room.step("vote1")
    version = room.state()["version"]
    body = {"step": "talk", "item": BEST, "version": version}
    close = lambda: room.desk.post(f"{room.path}/step", json=body)  # noqa: E731
    calls = [(lambda p=p: p.vote(FIRST)) for p in phones]
    replies = at_once(*calls[:12], close, *calls[12:])
    closed = replies.pop(12)
    counted = closed.json()["votes"]["1"]
    assert {reply.status_code for reply in replies} <= {200, 409}
    assert sum(reply.status_code == 200 for reply in replies) == counted == room.state()["votes"]["1"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"item": "no/such"}, 422),
        ({"item": ""}, 422),
        ({"item": "x" * 500}, 422),
        ({"vote": 3}, 422),
        ({"vote": "1"}, 422),
        ({"vote": True}, 422),
        ({"n": 0}, 422),
        ({"n": 1.5}, 422),
        ({"n": 10**30}, 422),
        ({"answer": "no-such-option"}, 422),
        ({"answer": None}, 422),
        ({"answer": ["quick-screen"]}, 422),
        ({"answer": "quick-screen\x00"}, 422),
        ({"answer": {"a": {"b": [[[[]]]]}}}, 422),
        ({"answer": 10**400}, 422),
        ({"reason": "x" * 1001}, 422),
        ({"reason": ["x"]}, 422),
        ({"phone": 1}, 422),
    ],
)
def test_a_vote_that_fits_nothing_gets_a_sentence_and_is_not_counted(
    room: Room, change: dict[str, Any], status: int
) -> None:
    phone = room.phone()
    room.step("vote1", asks_reason=True)
    body = {"item": BEST, "vote": 1, "n": 1, "answer": FIRST, **change}
    reply = phone.http.put(f"/{room.code}/vote", json=body)
    assert reply.status_code == status
    assert reply.json()["error"].endswith(".")
    assert "Traceback" not in reply.text
    assert room.state()["votes"]["1"] == 0


@pytest.mark.parametrize("answer", ["NaN", "Infinity", "1e999", '"\\ud800"', '"\\u0000"', "[" * 500 + "]" * 500])
def test_an_answer_that_json_should_not_hold_is_refused(server: Class, answer: str) -> None:
    key = next(key for key, v in load_bank().items() if v.entry.format == "estimate")
    room = server.open(key)
    phone = room.phone()
    room.step("vote1", key)
    body = f'{{"item": "{key}", "vote": 1, "n": 1, "answer": {answer}}}'
    reply = phone.http.put(f"/{room.code}/vote", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422)
    assert room.state()["votes"]["1"] == 0


def test_one_bad_vote_among_many_fails_alone(room: Room) -> None:
    phones = [room.phone() for _ in range(12)]
    room.step("vote1", asks_reason=True)
    calls: list[Callable[[], Any]] = [lambda p=p: p.vote(FIRST) for p in phones[:10]]
    bad = json.dumps({"item": BEST, "vote": 1, "n": 1, "answer": FIRST, "reason": "\ud800"})
    json_kind = {"Content-Type": "application/json"}
    calls.insert(4, lambda: phones[10].http.put(f"/{room.code}/vote", content=bad, headers=json_kind))
    calls.insert(7, lambda: phones[11].vote(FIRST, reason="nul\x00"))
    replies = at_once(*calls)
    assert [reply.status_code for reply in replies] == [200] * 4 + [400] + [200] * 7
    assert room.state()["votes"]["1"] == 11


def test_a_vote_for_another_room_is_refused(server: Class, room: Room) -> None:
    phone = room.phone()
    other = server.open("boundaries/gym-count")
    other.step("vote1", "boundaries/gym-count")
    room.step("vote1")
    assert phone.vote("count-him", item="boundaries/gym-count").status_code == 422
    assert other.state()["votes"]["1"] == 0


def test_a_full_disk_keeps_what_was_acknowledged_and_takes_the_rest_later(tmp_path: Path) -> None:
    path, reason = tmp_path / "rooms.sqlite", "x" * 1000
    with serving(path, most_pages=80) as server:
        room = server.open()
        phones = [room.phone() for _ in range(12)]
        room.step("vote1", asks_reason=True)
        fill(server)
        replies = at_once(*(lambda p=p: p.vote(FIRST, reason=reason) for p in phones))
        taken = [reply.status_code == 200 for reply in replies]
        refused = [reply for reply in replies if reply.status_code != 200]
        assert refused
        for reply in refused:
            assert (reply.status_code, "sent again" in reply.json()["error"]) == (503, True)
            assert reply.headers["retry-after"]
        assert room.state()["votes"]["1"] == sum(taken)
        for phone, kept in zip(phones, taken, strict=True):
            own = {"n": 1, "answer": FIRST, "reason": reason} if kept else None
            assert phone.state()["yours"]["1"] == own, "never half a vote"
    with serving(path) as server:  # somebody has made room
        for phone in phones:
            phone.http = server.client(cookies=phone.http.cookies)
            assert phone.vote(FIRST, reason=reason).status_code == 200
            assert phone.state()["yours"]["1"] == {"n": 1, "answer": FIRST, "reason": reason}


def fill(server: Class) -> None:
    """Write until the disk is full."""
    writer = server.app.state.hall.writer

    def more(connection: Any) -> None:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS filler (text)")
        connection.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(3000))")

    def flood() -> None:
        for _ in range(200):
            asyncio.run_coroutine_threadsafe(writer.do(more), writer._loop).result(10)

    with pytest.raises(Refused, match="full"):
        flood()


def test_a_clock_that_is_set_back_or_forward_moves_no_timer_and_no_vote(tmp_path: Path) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        room = server.open()
        phone = room.phone()
        room.step("vote1", seconds=60)
        clock.passes(20)
        assert phone.state()["seconds_left"] == 40
        phone.vote(FIRST)
        clock.shown -= 86_400 * 400
        assert phone.state()["seconds_left"] == 40
        assert phone.vote(SECOND, n=2).json() == {"n": 2, "answer": SECOND}
        clock.shown += 86_400 * 800
        assert phone.state()["seconds_left"] == 40
        clock.passes(50)
        assert phone.state()["seconds_left"] == 0
        assert phone.vote(THIRD, n=3).status_code == 200, "a timer that has run out closes nothing: the instructor does"


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    with serving(path) as server:
        room = server.open()
        phone = room.phone()
        alias = phone.state()["alias"]
        room.step("vote1", asks_reason=True)
        phone.vote(FIRST, reason="Because.")
        before = room.state()
    with serving(path) as server:
        phone.http = server.client(cookies=phone.http.cookies)
        room.desk = server.client(headers={"Authorization": f"Bearer {room.secret}"})
        assert {**room.state(), "here": 0} == {**before, "here": 0}
        assert phone.state()["alias"] == alias
        assert phone.join().json() == {"alias": alias}
        assert phone.state()["yours"]["1"] == {"n": 1, "answer": FIRST, "reason": "Because."}
        assert phone.vote(SECOND, n=2).status_code == 200


def test_a_state_that_is_fetched_while_a_batch_fails_is_never_half_a_vote(room: Room) -> None:
    """The reason is written after the answer; a refusal in between takes both back."""
    phone = room.phone()
    room.step("vote1", asks_reason=True)
    assert phone.vote(FIRST, reason="y" * 1001).status_code == 422
    assert phone.state()["yours"]["1"] is None
