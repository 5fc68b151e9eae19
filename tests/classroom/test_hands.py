from __future__ import annotations

from typing import Any

import pytest

from widgets.bank import load_bank
from widgets.classroom.hands import Hands

BANK = load_bank()
BEST, SAY, CRISIS = "boundaries/barbecue-intake", "boundaries/say-neighbour", "objectivity/sister-chest"
RIGHT, WRONG = "name-the-role", "off-duty"


@pytest.fixture
def hands() -> Hands:
    return Hands(BANK)


def test_counts_come_back_as_a_tally_once_the_vote_is_closed(hands):
    hands.move("vote1", BEST, None)
    hands.hands(BEST, 1, {RIGHT: 4, WRONG: 3}, None)
    assert hands.tally(BEST, 1) == {"item": BEST, "vote": 1, "n": 7, "open": True}
    hands.move("talk", BEST, None)
    counted = hands.tally(BEST, 1)
    assert counted["counts"][RIGHT] == 4
    assert (counted["n"], counted["hands"], counted["phones"]) == (7, 7, 0)


def test_a_second_count_takes_the_place_of_the_first(hands):
    hands.hands(BEST, 1, {RIGHT: 4, WRONG: 3}, None)
    hands.hands(BEST, 1, {RIGHT: 9}, None)
    assert hands.tally(BEST, 1)["n"] == 9


def test_fewer_than_five_hands_show_nothing_but_their_number(hands):
    hands.hands(BEST, 1, {RIGHT: 4}, None)
    assert hands.tally(BEST, 1) == {"item": BEST, "vote": 1, "n": 4, "too_few": True}


def test_a_crisis_scene_is_only_counted(hands):
    first = BANK[CRISIS].item["options"][0]["id"]  # type: ignore[index]
    hands.hands(CRISIS, 1, {first: 9}, None)
    assert hands.tally(CRISIS, 1) == {"item": CRISIS, "vote": 1, "n": 9}


def test_what_does_not_fit_is_refused_and_changes_nothing(hands):
    hands.hands(BEST, 1, {RIGHT: 6}, None)
    with pytest.raises(ValueError, match="not one of the options"):
        hands.hands(BEST, 1, {"nonsense": 6}, None)
    with pytest.raises(ValueError, match="on paper"):
        hands.hands(SAY, 1, {"a": 6}, None)
    assert hands.tally(BEST, 1)["n"] == 6


@pytest.mark.parametrize("key", ["boundaries/request-client", "boundaries/special-client"])
def test_where_one_person_may_raise_several_hands_it_asks_how_many_there_were(hands, key):
    item: Any = BANK[key].item
    first, second = [option["id"] for option in item.get("options") or item["spans"]][:2]
    with pytest.raises(ValueError, match="how many people"):
        hands.hands(key, 1, {first: 9, second: 7}, None)
    assert hands.tally(key, 1)["n"] == 0
    hands.hands(key, 1, {first: 9, second: 7}, 12)
    assert hands.tally(key, 1)["n"] == 12
    hands.hands(key, 1, {first: 0, second: 0}, None)  # a count is taken back so
    assert hands.tally(key, 1)["n"] == 0


def test_it_is_where_it_was_moved_to_and_nobody_can_join(hands):
    assert hands.move("think", BEST, 60) == ""
    state = hands.state()
    assert (state["step"], state["item"], state["phones"]) == ("think", BEST, 0)
    assert 0 < state["seconds_left"] <= 60
    hands.move("vote1", BEST, None)
    assert hands.state()["seconds_left"] is None
    assert hands.lobby(large=True) == {}
