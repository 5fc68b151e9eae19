"""The instructor's panel, pressed from Python: what it counts, what it shows, what it says when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from class_server import BEST, KEY, Class
from class_server import Room as Desk

import widgets
from widgets.bank import load_bank
from widgets.classroom import pulse, tally
from widgets.classroom.client import Client
from widgets.classroom.elsewhere import Elsewhere
from widgets.classroom.panel import Panel, boxes, estimates
from widgets.classroom.room import Room
from widgets.plans import stops

BANK = load_bank()
RIGHT, WRONG = "name-the-role", "off-duty"
ITEMS = {v.entry.format: key for key, v in BANK.items() if v.chapter == "practice"}
ADDRESSES = ["http://192.0.2.7:8765"]


def walk(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def words(widget: Any) -> str:
    return " ".join(str(part.value) for part in walk(widget) if isinstance(getattr(part, "value", None), str))


def button(panel: Panel, text: str) -> Any:
    return next(part for part in walk(panel) if getattr(part, "description", "") == text)


def numbers(panel: Panel) -> list[Any]:
    return [part for part in walk(panel.counts) if type(part).__name__ == "BoundedIntText"]


@pytest.fixture
def show() -> Any:
    return widgets.present([BEST, "boundaries/say-neighbour", ITEMS["pick"]])


def to(show: Any, step: str) -> None:
    while show.step != step:
        show.next()


def test_hands_are_typed_in_by_option_and_counted_into_the_vote_that_is_open(show):
    panel = show.panel()
    to(show, "vote1")
    panel.refresh()
    for box, count in zip(numbers(panel), [1, 6, 0, 3], strict=True):
        box.value = count
    button(panel, "Count these hands").click()
    assert "Counted for the first vote." in words(panel)
    to(show, "talk")
    assert show.first_vote()["counts"] == {"quick-screen": 1, RIGHT: 6, "my-practice": 0, WRONG: 3}


def beat(panel: Panel) -> None:
    """A second goes by."""
    panel.children[-1]._handle_custom_msg({"do": "beat"}, [])


def test_the_vote_that_was_chosen_stays_chosen_until_the_wall_moves(show):
    panel = show.panel()
    to(show, "vote2")
    beat(panel)
    assert panel.vote.value == 2
    panel.vote.value = 1  # the hands of the first vote, typed in late
    beat(panel)
    numbers(panel)[1].value = 6
    beat(panel)
    panel.count()
    assert "Counted for the first vote." in words(panel)
    assert show.first_vote()["n"] == 6
    show.next()
    beat(panel)
    assert panel.vote.value == 2
    panel.count()
    assert "Counted for the second vote." in words(panel)


def test_where_one_person_may_raise_several_hands_the_panel_asks_for_the_people(show):
    panel = show.panel()
    assert "several" not in words(panel)
    while show.item != ITEMS["pick"]:
        show.next()
    to(show, "vote1")
    beat(panel)
    assert "several" in words(panel)
    numbers(panel)[0].value = 6
    panel.count()
    assert "how many people" in words(panel)
    panel.people.value = 9
    panel.count()
    assert "Counted for the first vote." in words(panel)
    assert show.first_vote()["n"] == 9


def test_an_estimate_needs_its_numbers_and_not_only_a_head_count():
    show = widgets.present(ITEMS["estimate"])
    panel = show.panel()
    to(show, "vote1")
    beat(panel)
    panel.people.value = 30
    panel.count()
    assert "such as 25" in words(panel)
    assert show.first_vote()["n"] == 0
    to(show, "reasons")
    assert show._shown["drawing"] == {}
    next(part for part in walk(panel.counts) if type(part).__name__ == "Text").value = "25: 30"
    panel.vote.value = 1
    panel.count()
    assert "First vote, 30 people" in show._shown["drawing"]["alt"]


def test_a_look_shows_numbers_and_advice_and_goes_away_again(show):
    panel = show.panel()
    to(show, "vote1")
    show.hands({RIGHT: 6, WRONG: 4})
    to(show, "talk")
    assert panel.seen.value == ""
    button(panel, "Look at the first vote").click()
    assert "60% of 10 chose the course’s answer" in panel.seen.value
    assert "First vote, 10 people" in panel.seen.value
    button(panel, "Look at the first vote").click()
    assert panel.seen.value == ""
    panel.look()
    to(show, "reasons")
    show.next()
    panel.refresh()
    assert panel.seen.value == ""  # another item: what was seen is not left standing


def test_a_look_while_the_vote_is_open_says_to_close_it(show):
    panel = show.panel()
    to(show, "vote1")
    show.hands({RIGHT: 6})
    panel.look()
    assert "still open" in panel.seen.value
    assert "<img" not in panel.seen.value


def test_what_cannot_be_done_is_said_in_the_panel(show):
    panel = show.panel()
    to(show, "vote1")
    panel.refresh()
    numbers(panel)[0].value = 9
    panel.people.value = 4
    panel.count()
    assert "more than the 4 people" in words(panel)


def test_the_boxes_follow_the_item(show):
    panel = show.panel()
    assert len(numbers(panel)) == 4
    for _ in range(6):
        show.next()
    panel.refresh()
    assert "on paper" in words(panel.counts)
    for _ in range(6):
        show.next()
    panel.refresh()
    assert len(numbers(panel)) == len(BANK[ITEMS["pick"]].item["options"])  # type: ignore[index]


def answer(panel: Panel) -> None:
    """As the browser does, once it has been told what the kernel has done."""
    beating = panel.children[-1]
    beating._handle_custom_msg({"answers": beating._asked}, [])


def test_it_moves_the_wall_a_step_a_press_and_not_two_for_presses_that_waited(show):
    panel = show.panel()
    button(panel, "Next ›").click()
    assert show.step == "think"
    assert "Think" in words(panel)
    button(panel, "Next ›").click()  # pressed while the kernel was busy with the first
    panel.children[-1]._handle_custom_msg({"do": "beat"}, [])  # and sent before that, too
    button(panel, "‹ Back").click()
    assert show.step == "think"
    answer(panel)
    button(panel, "‹ Back").click()
    assert show.step == "scene"


def test_where_nobody_answers_the_buttons_come_back(show, monkeypatch):
    panel = show.panel()
    button(panel, "Next ›").click()
    monkeypatch.setattr(pulse, "LOST", 0.0)
    button(panel, "Next ›").click()
    assert show.step == "vote1"


@pytest.mark.parametrize("format", ITEMS)
def test_what_the_boxes_give_is_what_a_show_of_hands_takes(format):
    vignette = BANK[ITEMS[format]]
    parts, read = boxes(vignette)
    if vignette.item is None:
        assert read() == {}
        return
    for part in walk(type("All", (), {"children": parts})()):
        if type(part).__name__ == "BoundedIntText":
            part.value = 6
        elif type(part).__name__ == "Text":
            part.value = "25: 2, 40: 6"
    raised = tally.hands(vignette.item, read(), 30)
    assert tally.of(vignette.item, [], raised)["hands"] >= 6


def test_estimates_are_typed_as_number_and_hands():
    assert estimates("25: 3, 40: 6, 25: 1") == {"25": 4, "40": 6}
    assert estimates(" 2.5 : 3\n") == {"2.5": 3}
    assert estimates("") == {}
    with pytest.raises(ValueError, match="25: 3"):
        estimates("25, 40")


# With phones.


@pytest.fixture
def desk(server: Class) -> Iterator[Desk]:
    opened = server.open(BEST)
    yield opened
    opened.desk.close()


@pytest.fixture
def make(server: Class, desk: Desk, tmp_path: Path) -> Callable[[], Room]:
    def make() -> Room:
        client = Client(server.url, desk.code, desk.secret)
        return Room("x", stops([BEST], BANK), BANK, client, ADDRESSES, Elsewhere(tmp_path, server.url), key=KEY)

    return make


def test_it_says_how_many_phones_there_are_and_have_voted(desk, make):
    room = make()
    show = room.present()
    panel = room.panel()
    phones = [desk.phone() for _ in range(3)]
    to(show, "vote1")
    assert phones[0].vote(RIGHT).status_code == 200
    beat(panel)
    assert f"Code {desk.code}. 3 phones joined" in words(panel)
    assert "Voted: 1 first, 0 second" in words(panel)
    for phone in phones:
        phone.http.close()


def test_what_a_far_server_says_is_shown_as_text(make, monkeypatch):
    room = make()
    panel = room.panel()
    said = {**room.state(), "notice": "<img src=x onerror=alert(1)>"}
    monkeypatch.setattr(room, "state", lambda: said)
    beat(panel)
    assert "&lt;img src=x" in words(panel)
    assert "<img" not in words(panel)


def test_reasons_are_asked_for_read_and_let_through_one_by_one(desk, make):
    room = make()
    show = room.present()
    panel = room.panel()
    phone = desk.phone()
    panel.ask.value = True
    to(show, "vote1")
    assert phone.vote(RIGHT, reason="<b>He</b> is a neighbour.").status_code == 200
    button(panel, "Read the reasons").click()
    (line,) = panel.reasons.children
    tick, text = line.children
    assert type(text).__name__ == "Label"  # not HTML
    assert text.value == "(first vote) <b>He</b> is a neighbour."
    assert phone.state()["shown"] == []
    tick.value = True
    to(show, "reasons")
    assert phone.state()["shown"] == ["<b>He</b> is a neighbour."]
    tick.value = False
    assert phone.state()["shown"] == []
    phone.http.close()


def test_where_no_phone_is_nobody_is_seated_and_it_says_so(desk, make):
    room = make()
    show = room.present()
    to(show, "talk")
    panel = room.panel()
    panel.seat()
    assert "No phone is here to be seated" in words(panel)


def test_tables_are_suggested_once_the_first_vote_is_closed(desk, make):
    room = make()
    show = room.present()
    panel = room.panel()
    phones = [desk.phone() for _ in range(5)]
    to(show, "vote1")
    button(panel, "Suggest tables of four").click()
    assert "Close the first vote" in words(panel)
    for phone in phones:
        assert phone.vote(RIGHT).status_code == 200
    show.next()
    button(panel, "Suggest tables of four").click()
    assert "3 at table 1, 2 at table 2" in words(panel)
    for phone in phones:
        phone.http.close()
