"""The first five minutes, on a clock of their own."""

from __future__ import annotations

from typing import Any

import pytest

from widgets.classroom.door import WAIT, Door
from widgets.classroom.errors import Away

ADDRESSES = ["http://192.0.2.7:8765", "http://198.51.100.7:8765"]


class Waiting:
    """A room in which phones arrive when the test says so."""

    name, code = "boundaries", "K7MWQR"

    def __init__(self, addresses: list[str] = ADDRESSES) -> None:
        self.addresses, self.place = addresses, 0
        self.phones, self.notice = 0, ""
        self.here: int | None = None  # as many as have joined, unless it is said
        self.late: list[dict[str, Any]] = []
        self.can_let_phones_in, self.in_no_network, self.own = False, False, True

    @property
    def address(self) -> str:
        return self.addresses[self.place]

    @property
    def reachable(self) -> bool:
        return "127.0.0.1" not in self.address

    @property
    def other_addresses(self) -> list[str]:
        return [one for one in self.addresses if one != self.address]

    def next_address(self) -> str:
        self.place = (self.place + 1) % len(self.addresses)
        return self.address

    def state(self) -> dict[str, Any]:
        here = self.phones if self.here is None else self.here
        return {"phones": self.phones, "here": here, "notice": self.notice}

    def let_phones_in(self) -> None:
        self.addresses, self.can_let_phones_in = ADDRESSES, False

    def due(self, *, delete: bool = False) -> list[dict[str, Any]]:
        if delete:
            self.late = []
        return self.late


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def room() -> Waiting:
    return Waiting()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def door(room: Waiting, clock: Clock, obstacle: str | None = None, **more: Any) -> Door:
    return Door(room, obstacle, clock, **more)  # type: ignore[arg-type]


def html(door: Door) -> str:
    """All that it shows."""
    return "".join(child.value for child in door.children if hasattr(child, "value"))


def beat(door: Door) -> None:
    """As the browser does, once a second."""
    door.children[-1]._handle_custom_msg({"do": "beat"}, [])


def test_it_shows_qr_code_address_and_code_and_asks_to_be_tried(room, clock):
    shown = html(door(room, clock))
    assert 'alt="QR code for http://192.0.2.7:8765/K7MWQR"' in shown
    assert "192.0.2.7:8765" in shown
    assert "K7MWQR" in shown
    assert "Try it with your own phone now" in shown
    assert "No phone yet" in shown


def test_it_ticks_when_the_first_phone_arrives(room, clock):
    one = door(room, clock)
    room.phones = 1
    beat(one)
    assert "✓ 1 phone joined" in html(one)
    assert "two browsers is two phones" in html(one)
    room.phones = 2
    beat(one)
    assert "✓ 2 phones joined" in html(one)


def button(door: Door, text: str = "Try the next address") -> Any:
    return next(child for child in door.children if getattr(child, "description", "") == text)


def test_after_half_a_minute_it_says_why_likeliest_first_and_offers_what_else_there_is(room, clock):
    one = door(room, clock)
    clock.now += WAIT - 1
    beat(one)
    assert "half a minute" not in html(one)
    assert button(one).layout.display == "none"
    clock.now += 1
    beat(one)
    shown = html(one)
    order = [
        shown.index(said)
        for said in ("same Wi-Fi", "firewall", "devices apart", ADDRESSES[1], "server=", "public_url=", "hands")
    ]
    assert order == sorted(order)
    assert button(one).layout.display == ""


def test_a_phone_that_comes_late_takes_the_hints_away(room, clock):
    one = door(room, clock)
    clock.now += WAIT
    beat(one)
    room.phones = 1
    beat(one)
    assert "half a minute" not in html(one)
    assert button(one).layout.display == "none"


def test_the_next_address_gets_a_qr_code_and_half_a_minute_of_its_own(room, clock):
    one = door(room, clock)
    clock.now += WAIT
    beat(one)
    button(one).click()
    shown = html(one)
    assert "QR code for http://198.51.100.7:8765/K7MWQR" in shown
    assert "half a minute" not in shown
    clock.now += WAIT
    beat(one)
    assert "half a minute" in html(one)


def test_with_one_address_no_other_is_offered(clock):
    one = door(Waiting(ADDRESSES[:1]), clock)
    clock.now += WAIT
    beat(one)
    assert "half a minute" in html(one)
    assert button(one).layout.display == "none"


def test_a_room_on_this_computer_alone_says_how_phones_get_in(clock):
    one = door(Waiting(["http://127.0.0.1:8765"]), clock)
    clock.now += WAIT
    beat(one)
    shown = html(one)
    assert "lan=True" in shown
    assert 'href="http://127.0.0.1:8765/K7MWQR"' in shown
    assert "QR code" not in shown
    assert "half a minute" not in shown
    assert "lan=True" in repr(one)


def test_what_stands_in_between_is_said_at_once(room, clock):
    one = door(room, clock, "This is Colab: <no> phone can reach it.")
    assert "This is Colab: &lt;no&gt; phone" in html(one)
    assert repr(one).startswith("This is Colab")


def test_far_away_no_address_is_named_that_nobody_can_open(clock):
    one = door(Waiting(["http://127.0.0.1:8765"]), clock, "This is Binder.")
    assert "This is Binder" in html(one)
    assert "127.0.0.1" not in html(one)
    assert repr(one) == "This is Binder."


def test_a_server_that_is_gone_is_said(room, clock):
    one = door(room, clock)
    room.notice = "The room’s server does not answer."
    beat(one)
    assert "does not answer" in html(one)


def test_phones_of_an_earlier_hour_are_not_taken_for_phones_that_have_come(room, clock):
    room.phones, room.here = 23, 0
    one = door(
        room, clock, words=["This is the room of 23 November, 15:10 again: 23 phones joined, and it is at Reasons."]
    )
    assert "room of 23 November, 15:10 again" in html(one)
    assert "✓" not in html(one)
    assert "No phone here now" in html(one)
    clock.now += WAIT
    beat(one)
    assert "half a minute" in html(one)
    room.here = 1
    beat(one)
    assert "✓ 23 phones joined, 1 here now" in html(one)
    assert "half a minute" not in html(one)
    room.here = 0
    beat(one)
    assert "✓ 23 phones joined, 0 here now" in html(one)
    assert "half a minute" not in html(one), "it has been seen that phones can come"


def test_a_phone_that_joined_and_was_put_away_has_come(room, clock):
    one = door(room, clock)
    room.phones, room.here = 1, 0
    beat(one)
    assert "✓ 1 phone joined" in html(one)


def test_a_room_on_this_computer_alone_is_opened_to_phones_by_a_button(clock):
    room = Waiting(["http://127.0.0.1:8765"])
    room.can_let_phones_in = True
    one = door(room, clock)
    let = button(one, "Let in phones of this network")
    assert let.layout.display == ""
    let.click()
    assert "QR code for http://192.0.2.7:8765/K7MWQR" in html(one)
    assert "Try it with your own phone now" in html(one)
    assert let.layout.display == "none"


def test_where_phones_cannot_come_no_button_says_that_they_could(clock):
    room = Waiting(["http://127.0.0.1:8765"])
    room.can_let_phones_in = True
    assert button(door(room, clock, "This is Binder."), "Let in phones of this network").layout.display == "none"


def test_what_cannot_be_opened_is_said(clock):
    room = Waiting(["http://127.0.0.1:8765"])
    room.can_let_phones_in = True
    one = door(room, clock)

    def no() -> None:
        raise RuntimeError("This machine cannot listen on 0.0.0.0.")

    room.let_phones_in = no  # type: ignore[method-assign]
    button(one, "Let in phones of this network").click()
    beat(one)
    assert "cannot listen" in html(one)
    del room.let_phones_in
    button(one, "Let in phones of this network").click()
    assert "cannot listen" not in html(one)


def test_a_computer_in_no_network_says_so_and_can_try_again(clock):
    room = Waiting(["http://127.0.0.1:8765"])
    room.can_let_phones_in = room.in_no_network = True
    one = door(room, clock)
    assert "in no network" in html(one)
    assert "lan=True" not in html(one)
    assert "in no network" in repr(one)
    let = button(one, "Let in phones of this network")
    found, room.addresses = ADDRESSES, room.addresses
    room.let_phones_in = lambda: None  # type: ignore[method-assign]
    let.click()
    assert let.layout.display == ""
    room.let_phones_in = lambda: setattr(room, "addresses", found)  # type: ignore[method-assign]
    let.click()
    assert let.layout.display == "none"
    assert "QR code" in html(one)


def test_a_tunnel_that_nobody_comes_through_has_hints_of_its_own(clock):
    one = door(Waiting(["https://class.example"]), clock, by="public_url")
    clock.now += WAIT
    beat(one)
    shown = html(one)
    assert "tunnel or proxy run" in shown
    assert "Wi-Fi" not in shown
    assert "count hands" in shown


def test_what_is_past_its_time_by_the_date_is_asked_about_and_deleted_by_a_button(room, clock):
    room.late = [
        {"code": "K7MWQR", "what": "reasons", "expired": "2026-11-19T08:00:00+00:00"},
        {"code": "PXK7MQ", "what": "rest", "expired": "2020-02-01T08:00:00+00:00"},
    ]
    one = door(room, clock)
    assert "the reasons of room K7MWQR (since 19 November 2026), room PXK7MQ (since 1 February 2020)" in html(one)
    assert "It says that today is" in html(one)
    assert "room.due(delete=True)" in repr(one)
    delete = button(one, "The dates are right: delete them")
    assert delete.layout.display == ""
    delete.click()
    assert room.late == []
    assert "Past their time" not in html(one)
    assert delete.layout.display == "none"


def test_of_a_server_that_others_may_use_nobody_is_asked_what_is_to_be_deleted(room, clock):
    room.late = [{"code": "K7MWQR", "what": "rest", "expired": "2026-11-19T08:00:00+00:00"}]
    room.own = False
    one = door(room, clock, by="server")
    assert "Past their time" not in html(one) + repr(one)
    assert button(one, "The dates are right: delete them").layout.display == "none"


def test_a_server_that_cannot_say_what_is_past_its_time_does_not_keep_the_class_out(room, clock):
    def full(**_: Any) -> Any:
        raise Away("The room cannot write just now.")

    room.due = full  # type: ignore[method-assign]
    one = door(room, clock)
    assert "K7MWQR" in html(one)
    assert "K7MWQR" in repr(one)


def test_a_terminal_gets_the_words(room, clock):
    one = door(room, clock)
    assert repr(one).splitlines() == [f"{ADDRESSES[0]}/K7MWQR", "code K7MWQR", "Try it with your own phone now."]
    data = one._repr_mimebundle_()
    assert (data[0] if isinstance(data, tuple) else data)["text/plain"] == repr(one)
