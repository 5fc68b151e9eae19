"""What is deleted, when, and what a wrong clock cannot do."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from class_server import BEST, KEY, Class, Room, SetClock, serving

from widgets.classroom import app
from widgets.classroom.hall import Hall

DAY = 86_400.0
SENTENCE = "A sentence of mine."


def room_with_a_reason(server: Class, **days: int) -> Room:
    room = server.open(**days)
    phone = room.phone()
    room.step("vote1", asks_reason=True)
    assert phone.vote("off-duty", reason=SENTENCE).status_code == 200
    room.step("talk")
    return room


def due(server: Class) -> list[dict[str, Any]]:
    """Have the server look at its clock; what it would delete if it believed it."""
    with server.client(headers={"Authorization": f"Bearer {KEY}"}) as owner:
        return list(owner.get("/api/due").json()["due"])


def delete(server: Class) -> None:
    with server.client(headers={"Authorization": f"Bearer {KEY}"}) as owner:
        assert owner.post("/api/due", json={"delete": True}).json() == {"due": []}


def passes(server: Class, clock: SetClock, days: float) -> None:
    """Days go by while the server runs."""
    for _ in range(round(days * 2)):
        clock.passes(DAY / 2)
        assert due(server) == []


def reasons(room: Room) -> list[str]:
    return [reason["text"] for reason in room.get("reasons", item=BEST)["reasons"]]


def content(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize(("days", "first", "second"), [({}, 7, 30), ({"reasons_days": 1, "rest_days": 2}, 1, 2)])
def test_reasons_go_first_and_then_the_rest(tmp_path: Path, days: dict[str, int], first: int, second: int) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        room = room_with_a_reason(server, **days)
        assert due(server) == []
        passes(server, clock, first - 0.5)
        assert reasons(room) == [SENTENCE]
        passes(server, clock, 0.5)
        assert reasons(room) == []
        assert SENTENCE.encode() not in content(tmp_path), "nor is it left in the file or its log"
        assert room.state()["phones"] == 1
        passes(server, clock, second - first - 0.5)
        assert room.state()["phones"] == 1
        passes(server, clock, 0.5)
        assert room.desk.get(room.path).status_code == 404
        assert room.code.encode() not in content(tmp_path)


def test_the_dates_are_written_when_the_room_is_made(tmp_path: Path) -> None:
    with serving(tmp_path / "rooms.sqlite", clock=SetClock(1_800_000_000)) as server:
        made = server.open(reasons_days=2, rest_days=3).made
    assert made["expires"] == {"reasons": "2027-01-17T08:00:00+00:00", "rest": "2027-01-18T08:00:00+00:00"}


def test_reasons_never_outlive_their_room(tmp_path: Path) -> None:
    with serving(tmp_path / "rooms.sqlite") as server:
        expires = server.open(reasons_days=30, rest_days=3).made["expires"]
    assert expires["reasons"] == expires["rest"]


def test_a_clock_set_forward_deletes_nothing_without_asking(tmp_path: Path) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        room = room_with_a_reason(server)
        assert due(server) == []
        clock.shown += 400 * DAY
        waiting = [{"code": room.code, "what": "rest", "expired": room.made["expires"]["rest"]}]
        for _ in range(3):
            assert due(server) == waiting
            clock.passes(DAY / 4)
        assert reasons(room) == [SENTENCE]
        clock.shown -= 400 * DAY
        assert due(server) == []
        assert reasons(room) == [SENTENCE]
        passes(server, clock, 6)
        assert reasons(room) == [SENTENCE]
        passes(server, clock, 1)
        assert reasons(room) == []


@pytest.mark.parametrize(("lived", "jump"), [(0, 6.9), (5.6, 1.45), (0, 1.0), (6.5, 0.6)])
def test_nor_does_a_small_step_or_one_that_made_nothing_due_by_itself(
    tmp_path: Path, lived: float, jump: float
) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        room = room_with_a_reason(server)
        assert due(server) == []
        clock.passes(lived * DAY)
        assert due(server) == []
        clock.shown += jump * DAY
        due(server)
        for _ in range(20):
            if clock.ticked + DAY / 10 >= 7 * DAY:
                break
            clock.passes(DAY / 10)
            due(server)
        assert reasons(room) == [SENTENCE], "seven days have not passed"
        clock.passes(7 * DAY - clock.ticked)
        due(server)
        assert reasons(room) == [], "now they have"


def test_nor_does_a_server_that_is_started_on_a_wrong_date(tmp_path: Path) -> None:
    path, clock = tmp_path / "rooms.sqlite", SetClock()
    with serving(path, clock=clock) as server:
        room = room_with_a_reason(server)
    with serving(path, clock=SetClock(clock.shown + 8 * DAY)) as server:
        assert [(entry["what"], entry["code"]) for entry in due(server)] == [("reasons", room.code)]
        room.desk = server.client(headers={"Authorization": f"Bearer {room.secret}"})
        assert reasons(room) == [SENTENCE]


@pytest.mark.parametrize("uptime", [1, 90])
def test_nor_does_another_machine_or_one_that_was_started_anew(tmp_path: Path, uptime: int) -> None:
    """A folder on the network, say: what the other machine has been up for has not passed since."""
    path, clock = tmp_path / "rooms.sqlite", SetClock()
    clock.ticked = 50 * DAY
    with serving(path, clock=clock) as server:
        room = room_with_a_reason(server)
    later = SetClock(clock.shown + 8 * DAY)
    later.ticked, later.machine = uptime * DAY, 2.0
    with serving(path, clock=later) as server:
        assert len(due(server)) == 1
        later.passes(7 * DAY - 1)
        assert len(due(server)) == 1
        later.passes(1)
        assert due(server) == []
        room.desk = server.client(headers={"Authorization": f"Bearer {room.secret}"})
        assert reasons(room) == []


@pytest.mark.parametrize(("ticked", "shown"), [(1, 9), (90, 1)])
def test_nor_does_one_where_the_system_does_not_tell_one_start_from_another(
    tmp_path: Path, ticked: int, shown: int
) -> None:
    path, clock = tmp_path / "rooms.sqlite", SetClock()
    clock.machine = 0.0
    with serving(path, clock=clock) as server:
        room = room_with_a_reason(server)
    later = SetClock(clock.shown + shown * DAY)
    later.ticked, later.machine = ticked * DAY, 0.0
    with serving(path, clock=later) as server:
        due(server)
        room.desk = server.client(headers={"Authorization": f"Bearer {room.secret}"})
        assert reasons(room) == [SENTENCE]
        later.passes(6 * DAY)
        due(server)
        assert reasons(room) == []


def test_a_machine_that_slept_meanwhile_needs_not_be_asked(tmp_path: Path) -> None:
    path, clock = tmp_path / "rooms.sqlite", SetClock()
    with serving(path, clock=clock) as server:
        room = room_with_a_reason(server)
    clock.passes(8 * DAY)  # its uptime goes on while it sleeps, and while no server runs
    with serving(path, clock=clock) as server:
        assert due(server) == []
        room.desk = server.client(headers={"Authorization": f"Bearer {room.secret}"})
        assert reasons(room) == []


def test_a_jump_before_a_room_was_made_is_none_of_its_business(tmp_path: Path) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        assert due(server) == []
        clock.shown += 40 * DAY
        room = room_with_a_reason(server)
        assert due(server) == []
        passes(server, clock, 7)
        assert reasons(room) == []


def test_when_somebody_says_so_it_is_deleted(tmp_path: Path) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        room = room_with_a_reason(server)
        assert due(server) == []
        clock.shown += 8 * DAY
        assert [entry["what"] for entry in due(server)] == ["reasons"]
        delete(server)
        assert reasons(room) == []
        assert SENTENCE.encode() not in content(tmp_path)
        assert room.state()["phones"] == 1
        clock.shown += 22 * DAY
        assert [entry["what"] for entry in due(server)] == ["rest"], "one yes is not an answer to the next question"
        delete(server)
        assert room.desk.get(room.path).status_code == 404


def test_a_room_that_was_made_in_the_future_expires_no_later_than_one_made_now(tmp_path: Path) -> None:
    clock = SetClock()
    clock.shown += 400 * DAY
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        room = room_with_a_reason(server)
        clock.shown -= 400 * DAY
        assert due(server) == []
        passes(server, clock, 7)
        assert reasons(room) == []
        passes(server, clock, 23)
        assert room.desk.get(room.path).status_code == 404


def test_and_where_the_machine_is_off_at_night_it_is_asked_about_no_later(tmp_path: Path) -> None:
    path, clock = tmp_path / "rooms.sqlite", SetClock()
    clock.shown += 400 * DAY
    with serving(path, clock=clock) as server:
        room = room_with_a_reason(server)
    clock.shown -= 400 * DAY
    asked: list[int] = []
    for day in range(1, 16):
        clock.shown += DAY
        clock.machine = float(day)
        with serving(path, clock=clock) as server:
            asked += [day] if due(server) else []
            clock.passes(DAY / 2)
            asked += [day] if due(server) else []
    assert asked, f"room {room.code} would have stayed for a year"


def test_time_that_passed_while_the_date_was_put_right_has_passed(tmp_path: Path) -> None:
    path, clock = tmp_path / "rooms.sqlite", SetClock()
    clock.shown += 400 * DAY
    with serving(path, clock=clock) as server:
        room = room_with_a_reason(server)
    clock.passes(8 * DAY)
    clock.shown -= 400 * DAY
    with serving(path, clock=clock) as server:
        assert due(server) == []
        room.desk = server.client(headers={"Authorization": f"Bearer {room.secret}"})
        assert reasons(room) == []


def test_a_machine_that_woke_with_an_old_date_asks_about_none_of_the_rooms_from_before(tmp_path: Path) -> None:
    """A flat battery: it starts years ago, and the network then puts the date right."""
    path, clock = tmp_path / "rooms.sqlite", SetClock()
    with serving(path, clock=clock) as server:
        before = room_with_a_reason(server)
    woken = SetClock(clock.shown - 2000 * DAY)
    with serving(path, clock=woken) as server:
        between = room_with_a_reason(server)
        assert due(server) == []
        woken.shown += 2000 * DAY + 3600
        waiting = due(server)
        assert [(entry["code"], entry["expired"][:4]) for entry in waiting] == [(between.code, "2021")]
        before.desk = server.client(headers={"Authorization": f"Bearer {before.secret}"})
        assert reasons(before) == reasons(between) == [SENTENCE]


def test_a_date_that_is_put_half_right_deletes_nothing(tmp_path: Path) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        room = room_with_a_reason(server)
        clock.shown += 730 * DAY
        assert len(due(server)) == 1
        clock.shown -= 365 * DAY
        assert len(due(server)) == 1
        assert reasons(room) == [SENTENCE]


def test_a_machine_that_slept_and_wakes_to_a_class_does_not_take_its_room_for_an_old_one(tmp_path: Path) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        assert due(server) == []
        clock.passes(60 * DAY)
        room = room_with_a_reason(server)
        assert due(server) == []
        assert reasons(room) == [SENTENCE]


def test_rooms_of_a_file_that_does_not_say_when_they_were_made_count_from_now(tmp_path: Path) -> None:
    path, clock = tmp_path / "rooms.sqlite", SetClock()
    clock.ticked = 90 * DAY
    with serving(path, clock=clock) as server:
        room = room_with_a_reason(server)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DROP TABLE ages")
    with serving(path, clock=clock) as server:
        room.desk = server.client(headers={"Authorization": f"Bearer {room.secret}"})
        assert reasons(room) == [SENTENCE]
        passes(server, clock, 7)
        assert reasons(room) == []


def test_a_look_that_fails_is_not_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, looks = Hall.expire, list[int]()

    async def expire(self: Hall, **more: Any) -> Any:
        looks.append(1)
        if len(looks) == 1:
            raise OSError("the disk does not answer")
        return await real(self, **more)

    monkeypatch.setattr(Hall, "expire", expire)
    monkeypatch.setattr(app, "LOOK_AT_CLOCK", 0.01)
    with serving(tmp_path / "rooms.sqlite"):
        late = time.monotonic() + 20
        while len(looks) < 3 and time.monotonic() < late:
            time.sleep(0.01)
    assert len(looks) >= 3
    assert "could not be looked for" in caplog.text
