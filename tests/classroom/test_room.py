"""A room from the instructor's notebook, on a real server: what it can do, and what it never says."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from class_server import BEST, KEY, Class
from class_server import Phone as Caller
from class_server import Room as Desk

from widgets import report
from widgets.bank import load_bank
from widgets.classroom.client import Client, RoomError
from widgets.classroom.elsewhere import Elsewhere
from widgets.classroom.room import GONE, Room, gathered
from widgets.grading import grade
from widgets.plans import stops

BANK = load_bank()
OTHER, ESTIMATE = "boundaries/barbecue-client", "boundaries/family-prescribing"
FIRST, SECOND = [option["id"] for option in BANK[BEST].item["options"]][:2]  # type: ignore[index]
ADDRESSES = ["http://192.0.2.7:8765", "http://198.51.100.7:8765"]


@pytest.fixture
def desk(server: Class) -> Iterator[Desk]:
    opened = server.open(BEST, OTHER)
    yield opened
    opened.desk.close()


@pytest.fixture
def make(server: Class, desk: Desk, tmp_path: Path) -> Callable[..., Room]:
    """The room as one more kernel sees it."""

    def make(addresses: list[str] = ADDRESSES) -> Room:
        walk = stops([BEST, OTHER], BANK)
        client = Client(server.url, desk.code, desk.secret)
        return Room("the class", walk, BANK, client, addresses, Elsewhere(tmp_path, server.url), key=KEY)

    return make


@pytest.fixture
def room(make: Callable[..., Room]) -> Room:
    return make()


@pytest.fixture
def phones(desk: Desk) -> Iterator[Callable[[int], list[Caller]]]:
    """So many phones that have joined."""
    joined: list[Caller] = []

    def join(n: int) -> list[Caller]:
        joined.extend(desk.phone() for _ in range(n))
        return joined[-n:]

    yield join
    for phone in joined:
        phone.http.close()


def vote(callers: list[Caller], vote: int, answers: list[str], **more: Any) -> None:
    for caller, answer in zip(callers, answers, strict=True):
        assert caller.vote(answer, vote=vote, **more).status_code == 200


# Running it.


def test_a_presentation_moves_the_room_and_the_phones_with_it(desk, phones, room):
    (phone,) = phones(1)
    show = room.present()
    assert show.step == "lobby"
    assert show._shown["lobby"]["code"] == desk.code
    seen = []
    for _ in range(7):
        show.next()
        state = phone.state()
        seen.append((state["step"], state["item"]))
    steps = ("scene", "think", "vote1", "talk", "vote2", "reasons")
    assert seen == [*((step, BEST) for step in steps), ("scene", OTHER)]
    show.go("think")
    assert 0 < phone.state()["seconds_left"] <= 60


def test_back_to_the_door_takes_the_phones_there_too(phones, room):
    (phone,) = phones(1)
    show = room.present()
    show.next()
    show.back()
    assert show.step == "lobby"
    assert phone.state()["step"] == "lobby"


def test_a_restarted_kernel_finds_the_step_at_which_the_room_is(make, desk):
    show = make().present()
    for _ in range(4):
        show.next()
    again = make().present()
    assert (again.item, again.step) == (BEST, "talk")


def test_of_two_tabs_the_slower_one_is_told_and_follows(make):
    one, two = make().present(), make().present()
    one.next()
    one.next()
    two.next()
    assert (two.item, two.step) == (BEST, "think")
    assert "Another window" in two._shown["notice"]
    two.next()
    assert two.step == "vote1"
    assert two._shown["notice"] == ""


def test_a_tab_that_only_watches_follows_within_a_beat(make):
    one, two = make().present(), make().present()
    one.next()
    one.next()
    two._handle_custom_msg({"do": "count"}, [])
    assert (two.item, two.step) == (BEST, "think")
    assert "has followed" in two._shown["notice"]
    for _ in range(4):
        one.next()
    two._handle_custom_msg({"do": "count"}, [])
    assert two.step == "reasons"
    assert two._shown["reasons"]


def test_words_between_two_scenes_leave_the_phones_at_the_door_and_the_wall_where_it_is(server, tmp_path):
    desk = server.open(BEST, "boundaries/which-rung")
    walk = [stop for stop in stops("boundaries", BANK) if stop.name in (BEST, "") or stop.kind == "figure"]
    room = Room("x", walk, BANK, Client(server.url, desk.code, desk.secret), ADDRESSES, Elsewhere(tmp_path, server.url))
    show = room.present()
    show.next()
    assert show.step == ""
    show._handle_custom_msg({"do": "count"}, [])
    assert show._shown["kind"] == "words"
    while show._shown["kind"] != "figure":
        show.next()
        show._handle_custom_msg({"do": "count"}, [])
    assert desk.state()["step"] == "lobby"
    desk.desk.close()


def test_what_the_room_refuses_does_not_happen_on_the_wall_either(room):
    show = room.present()
    for _ in range(6):
        show.next()
    assert show.step == "reasons"
    show.back()
    assert show.step == "reasons"
    assert "reasons" in show._shown["notice"]
    assert show._shown["drawing"] == {}


def test_only_counts_reach_the_wall_while_a_vote_is_open(phones, room):
    callers = phones(6)
    show = room.present()
    for _ in range(3):
        show.next()
    vote(callers[:5], 1, [FIRST] * 4 + [SECOND])
    show._handle_custom_msg({"do": "count"}, [])
    assert show._count["votes"] == 5
    assert show._count["phones"] == 6
    assert room.tally(BEST, 1) == {"item": BEST, "vote": 1, "n": 5, "open": True}


def test_hands_and_phones_mix(phones, room):
    callers = phones(5)
    show = room.present()
    for _ in range(3):
        show.next()
    vote(callers, 1, [FIRST] * 5)
    show.hands({SECOND: 10})
    show.next()
    counted = show.first_vote()
    assert (counted["n"], counted["counts"][FIRST], counted["counts"][SECOND]) == (15, 5, 10)
    assert show.look() == room.look()
    assert show.look().n == 15


def test_hands_that_do_not_fit_are_refused_in_the_servers_words(room):
    show = room.present()
    for _ in range(3):
        show.next()
    with pytest.raises(RoomError, match="not one of the options"):
        show.hands({"nonsense": 3})


def test_an_estimate_whose_hands_have_no_number_is_refused_and_the_wall_goes_on(server, tmp_path):
    desk = server.open(ESTIMATE)
    client = Client(server.url, desk.code, desk.secret)
    room = Room("x", stops([ESTIMATE], BANK), BANK, client, ADDRESSES, Elsewhere(tmp_path, server.url))
    show = room.present()
    for _ in range(5):
        show.next()
    assert show.step == "vote2"
    with pytest.raises(RoomError, match="such as 25"):
        show.hands({}, n=30)
    show.hands({"25": 6}, n=30)
    show.next()
    assert show.step == "reasons"
    assert "Second vote, 30 people" in show._shown["drawing"]["alt"]
    desk.desk.close()


def test_tables_are_counts_only(phones, room):
    callers = phones(8)
    show = room.present()
    for _ in range(3):
        show.next()
    vote(callers, 1, [FIRST, SECOND] * 4)
    show.next()
    assert room.tables() == [{"table": 1, "n": 4}, {"table": 2, "n": 4}]
    assert {caller.state()["table"] for caller in callers} == {1, 2}


# Reasons.


def test_a_reason_is_shown_once_it_was_let_through(phones, room, tmp_path):
    callers = phones(2)
    room.asks_reason = True
    show = room.present()
    for _ in range(3):
        show.next()
    assert callers[0].state()["asks_reason"]
    vote(callers, 1, [FIRST, SECOND])
    assert callers[0].vote(FIRST, n=2, reason="=HYPERLINK(1)").status_code == 200
    assert callers[1].vote(SECOND, n=2, reason="He is a neighbour.").status_code == 200
    given = room.reasons()
    assert [one["text"] for one in given] == ["=HYPERLINK(1)", "He is a neighbour."]
    room.let_through(given[1]["id"])
    for _ in range(3):
        show.next()
    assert callers[0].state()["shown"] == ["He is a neighbour."]
    rows = list(csv.DictReader(room.save_reasons(tmp_path / "reasons.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["text"] for row in rows] == ["'=HYPERLINK(1)", "He is a neighbour."]


def test_no_item_on_the_wall_is_asked_for_by_name(room):
    with pytest.raises(ValueError, match="name the item"):
        room.reasons()
    assert room.reasons(BEST) == []


# Results.


def test_answers_become_rows_with_nobodys_name(phones, room):
    callers = phones(5)
    show = room.present()
    for _ in range(3):
        show.next()
    vote(callers, 1, [FIRST] * 5)
    show.hands({SECOND: 9})
    show.next()
    rows, items, hands = gathered(room._client.answers())
    assert len({row["person"] for row in rows}) == 5
    assert {row["answer"] for row in rows} == {FIRST}
    assert set(rows[0]) == {"person", "item", "vote", "answer", "certainty", "time", "source", "form", "version"}
    assert (rows[0]["source"], rows[0]["vote"], rows[0]["version"]) == ("room", 1, BANK[BEST].version)
    assert items[BEST]["item"] == BANK[BEST].item
    assert set(items[BEST]) == {"item", "chapter", "zone", "basis", "version", "crisis", "labels", "ask"}
    assert hands == [{"item": BEST, "vote": 1, "n": 9, "counts": {SECOND: 9}}]
    aliases = {caller.state()["alias"] for caller in callers}
    assert not [alias for alias in aliases if alias in str((rows, items, hands))]


def test_a_class_is_reported_on_from_the_room_itself(phones, room, tmp_path):
    callers = phones(6)
    show = room.present()
    for _ in range(3):
        show.next()
    vote(callers, 1, [FIRST, FIRST, SECOND, SECOND, SECOND, SECOND])
    show.hands({SECOND: 9})
    show.next()
    show.next()
    vote(callers, 2, [FIRST] * 5 + [SECOND])
    show.next()
    results = room.results()
    shares = results.answers.groupby("vote").share.agg(["count", "mean"])
    right = grade(BANK[BEST].item, FIRST)["share"]
    wrong = grade(BANK[BEST].item, SECOND)["share"]
    assert list(shares["count"]) == [6, 6]
    assert list(shares["mean"]) == pytest.approx([(2 * right + 4 * wrong) / 6, (5 * right + wrong) / 6])
    assert results.hands.to_dict("records") == [{"item": BEST, "vote": 1, "part": "answer", "given": SECOND, "n": 9}]
    assert results.set_aside.empty
    page = report(results).save(tmp_path / "class.html").read_text(encoding="utf-8")
    assert BANK[BEST].entry.ask in page
    aliases = {caller.state()["alias"] for caller in callers}
    assert not [alias for alias in aliases if alias in page]


# How it is found.


def test_the_next_address_comes_round_to_the_first_again(make):
    room = make()
    assert room.address == ADDRESSES[0]
    assert room.other_addresses == ADDRESSES[1:]
    assert room.next_address() == ADDRESSES[1]
    assert room.lobby(large=False) == {"url": "198.51.100.7:8765", "code": room.code}
    assert room.next_address() == ADDRESSES[0]


def test_the_next_address_is_on_the_wall_at_once(make):
    room = make()
    shows = [room.present(), room.present()]
    before = shows[0]._shown["lobby"]
    room.next_address()
    for show in shows:
        assert show._shown["lobby"]["url"] == "198.51.100.7:8765"
        assert show._shown["lobby"]["qr"] != before["qr"]
    shows[0].next()
    room.next_address()
    assert shows[0]._shown["lobby"]["url"] == before["url"]
    assert shows[0].step == "scene"


def test_the_door_has_a_qr_code_and_later_screens_only_the_address(room):
    assert room.lobby(large=True)["qr"].startswith("data:image/svg+xml")
    assert set(room.lobby(large=False)) == {"url", "code"}


def test_an_address_of_this_machine_alone_is_offered_to_nobody(make):
    room = make(["http://127.0.0.1:8765"])
    assert not room.reachable
    assert room.lobby(large=True) == {}


def test_a_door_that_no_phone_can_come_to_speaks_of_raised_hands_and_not_of_phones(make):
    room = make(["http://127.0.0.1:8765", ADDRESSES[0]])
    show = room.present()
    said = f"{show._shown['title']} {show._shown['words']}"
    assert "hands" in said
    assert "phone" not in said.lower()
    room.next_address()
    assert show._shown["title"] == "Take out your phone"
    assert show._shown["words"] == ""
    room.next_address()
    assert "hands" in show._shown["title"]
    assert show._shown["lobby"] == {}


# What it does not say, and how it ends.


def test_the_secret_is_in_no_repr_and_in_no_error(desk, room):
    room.present().next()
    seen = [repr(room), repr(room._client), repr(room.state()), str(room.lobby(large=True))]
    with pytest.raises(RoomError) as refused:
        room.hands(BEST, 2, {"nonsense": 1})
    seen += [str(refused.value), repr(refused.value)]
    assert not [text for text in seen if desk.secret in text or KEY in text]


def test_a_server_that_is_gone_is_said_on_the_wall_and_not_asked_every_second(desk, tmp_path):
    walk = stops([BEST], BANK)
    client = Client("http://127.0.0.1:9", desk.code, desk.secret)  # nothing listens on the discard port
    room = Room("the class", walk, BANK, client, ADDRESSES, Elsewhere(tmp_path, "x"))
    show = room.present()
    show.next()
    assert show.step == "lobby"
    assert show._shown["notice"] == room.state()["notice"] == GONE.format(room.code)
    assert f'again="{room.code}"' in show._shown["notice"]


def test_the_reasons_are_shown_even_where_the_votes_cannot_be_had(room, monkeypatch):
    show = room.present()
    for _ in range(5):
        show.next()
    monkeypatch.setattr(room, "tally", lambda *_: (_ for _ in ()).throw(RoomError("No answer.")))
    show.next()
    assert show._shown["reasons"]
    assert show._shown["drawing"] == {"words": "No answer."}


def test_a_room_that_is_closed_says_so_and_forgets_nothing(phones, room):
    (phone,) = phones(1)
    room.close()
    assert phone.state()["step"] == "closed"
    assert room.state()["phones"] == 1


def test_a_room_that_is_forgotten_is_gone_and_no_more_remembered(room, tmp_path, server):
    kept = Elsewhere(tmp_path, server.url)
    kept.remember(room.code, {"code": room.code})
    room.forget()
    assert "no room with that code" in room.state()["notice"]
    assert kept.rooms == {}


def test_what_is_past_its_time_is_listed(room):
    assert room.due() == []
