"""What stands on the wall, and when: the kernel's side, with no browser."""

from __future__ import annotations

import json
from typing import Any

import pytest
from secrets_of import rewritten, with_entry

import widgets
from widgets import plans
from widgets.bank import Bank, load_bank
from widgets.classroom.steps import STEPS
from widgets.present import PresentWidget
from widgets.said import LABELS, ON_PAPER, SAYS, SECONDS, WITHOUT_VOTES

BANK = load_bank()
BEST, SAY = "boundaries/barbecue-intake", "boundaries/say-neighbour"
CRISIS = "objectivity/sister-chest"
EVERY_ITEM = pytest.mark.parametrize("key", BANK)
RIGHT, WRONG = "name-the-role", "off-duty"


def show(what: str | list[str] = BEST, bank: Bank = BANK, **more: Any) -> PresentWidget:
    walk = plans.stops(what, bank)
    return PresentWidget(str(what), walk, bank, **more)


def press(widget: PresentWidget, do: str, **more: Any) -> None:
    """As the browser asks, from what it shows."""
    widget._handle_custom_msg({"do": do, "at": wall(widget)["at"], **more}, [])


def sent(widget: PresentWidget) -> str:
    """All that the browser is given."""
    state = {
        name: value for name, value in widget.get_state().items() if not name.startswith(("_esm", "_css", "layout"))
    }
    return json.dumps(state, ensure_ascii=False)


def wall(widget: PresentWidget) -> dict[str, Any]:
    shown: dict[str, Any] = widget._shown
    return shown


def to(widget: PresentWidget, step: str) -> PresentWidget:
    while widget.step != step:
        widget.next()
    return widget


# The steps.


def test_an_item_goes_through_its_steps_in_their_order_and_back():
    one = show()
    seen = [one.step]
    for _ in STEPS[1:]:
        press(one, "next")
        seen.append(one.step)
    assert tuple(seen) == STEPS
    assert wall(one)["last"]
    press(one, "next")
    assert one.step == "reasons"
    for _ in range(9):
        press(one, "back")
    assert one.step == "scene"
    assert wall(one)["first"]


def test_a_step_can_be_gone_to_and_another_names_those_there_are():
    one = show()
    press(one, "step", step="talk")
    assert one.step == "talk"
    press(one, "step", step="lobby")
    press(one, "step", step=["talk"])
    press(one, "nonsense")
    assert one.step == "talk"
    with pytest.raises(ValueError, match="scene, think"):
        one.go("lobby")


@pytest.mark.parametrize("start", ["vote1", "vote2"])
def test_keys_that_were_pressed_while_the_kernel_was_busy_move_one_step_and_not_two(start):
    one = to(show([BEST, SAY]), start)
    seen = wall(one)["at"]
    press(one, "next", at=seen)
    after = one.step
    assert after != start
    press(one, "next", at=seen)
    press(one, "back", at=seen)
    press(one, "step", step="reasons", at=seen)
    assert (one.item, one.step) == (BEST, after)
    press(one, "next")
    assert one.step != after


@pytest.mark.parametrize("at", [None, 3, "0", [0], [[0, 0]]])
def test_a_move_that_does_not_say_from_where_is_not_made(at):
    one = show()
    press(one, "next", at=at)
    assert one.step == "scene"


def test_a_chapters_plan_is_walked_line_by_line():
    one = widgets.present("boundaries")
    kinds = []
    while True:
        kinds.append(wall(one)["kind"])
        if wall(one)["last"]:
            break
        one.next()
    assert kinds[0] == kinds[-1] == "words"
    assert kinds.count("figure") == 1
    assert wall(one)["where"] == "Part 7 of 7 · 3 minutes"
    one.back()
    assert (one.step, one.item) == ("reasons", SAY)


def test_a_figure_is_shown_with_its_words():
    one = widgets.present("boundaries")
    while wall(one)["kind"] != "figure":
        one.next()
    assert "<img alt=" in wall(one)["figure"]
    assert wall(one)["caption"]


# What is never too early.


@EVERY_ITEM
def test_nothing_on_the_wall_depends_on_key_or_reasons_before_they_are_due(key):
    other = with_entry(BANK, key, rewritten(BANK[key].entry))
    mine, others = show(key), show(key, other)
    for step in STEPS[:-1]:
        to(mine, step), to(others, step)
        assert sent(mine) == sent(others)
    # The two are not the same vignette: their reasons differ.
    assert sent(to(mine, "reasons")) != sent(to(others, "reasons"))


def counted(**more: Any) -> PresentWidget:
    one = to(show(**more), "vote1")
    one.hands({RIGHT: 4, WRONG: 6})
    to(one, "vote2").hands({RIGHT: 9, WRONG: 1})
    return one


def test_no_vote_is_drawn_before_the_second_has_closed():
    with_hands, without = counted(), to(show(), "vote2")
    assert sent(with_hands) == sent(without)
    with_hands.back()
    without.back()
    assert sent(with_hands) == sent(without)
    drawn = wall(to(with_hands, "reasons"))["drawing"]["alt"]
    assert "First vote, 10 people" in drawn
    assert "Second vote, 10 people" in drawn
    assert "90% (the course’s answer)" in drawn


def test_to_look_changes_nothing_on_the_wall():
    one = counted()
    one.back()
    before = sent(one)
    assert one.look().share == 0.4
    one.panel().look()
    assert sent(one) == before


def test_back_from_the_reasons_takes_them_off_the_wall():
    one = to(show(), "reasons")
    assert wall(one)["reasons"]
    one.back()
    assert "reasons" not in wall(one)
    assert "drawing" not in wall(one)


def test_hands_counted_late_are_drawn_at_once():
    one = to(show(), "reasons")
    assert wall(one)["drawing"] == {}
    one.hands({RIGHT: 5}, vote=1)
    assert "First vote, 5 people" in wall(one)["drawing"]["alt"]


def test_hands_go_to_the_vote_that_is_open_or_was_last():
    one = to(show(), "talk")
    one.hands({RIGHT: 7})
    assert one.first_vote()["n"] == 7
    to(one, "vote2").hands({RIGHT: 8})
    assert one.first_vote()["n"] == 7


@pytest.mark.parametrize("counts", [{"no-such-option": 3}, {RIGHT: -1}, {RIGHT: 1.5}, {RIGHT: True}])
def test_hands_that_do_not_fit_are_refused_in_words(counts):
    one = to(show(), "vote1")
    with pytest.raises(ValueError, match=r"option|whole number"):
        one.hands(counts)
    assert one.first_vote()["n"] == 0


def test_nothing_is_counted_where_nothing_is_asked():
    one = widgets.present("boundaries")
    with pytest.raises(ValueError, match="Move to a vignette"):
        one.hands({RIGHT: 3})
    with pytest.raises(ValueError, match="Move to a vignette"):
        one.look()


def test_even_unchanged_counts_are_an_answer_so_that_silence_means_a_dead_kernel():
    one = show()
    before = dict(one._count)
    press(one, "count")
    assert one._count != before


# The clock.


def test_thinking_and_talking_have_a_timer_that_goes_out_as_seconds_left():
    one = show()
    seen = {}
    for step in STEPS:
        to(one, step)
        seen[step] = one._count["seconds"]
    assert seen == dict.fromkeys(STEPS, None) | {"think": 60, "talk": 120}


def test_the_timer_is_the_instructors_to_set():
    one = to(show(seconds={"think": 5, "vote1": 30}), "think")
    assert one._count["seconds"] == 5
    one.next()
    assert one._count["seconds"] == 30
    one.next()
    assert one._count["seconds"] is None


@pytest.mark.parametrize("key", [key for key, v in BANK.items() if getattr(v.entry, "crisis", False)])
def test_a_crisis_scene_has_no_timer_no_score_and_no_drawing(key):
    one = show(key, seconds=dict.fromkeys(STEPS, 90))
    for step in STEPS:
        to(one, step)
        assert one._count["seconds"] is None
    if BANK[key].entry.format == "best":
        one.hands(dict.fromkeys(options(key), 3), 1)
        assert "Answered" in wall(one)["drawing"]["words"]
    assert wall(one)["drawing"].get("src") is None
    assert wall(one)["reasons"]
    assert one.look().share is None


def options(key: str) -> list[str]:
    entry: Any = BANK[key].entry
    return [option.id for option in getattr(entry, "options", [])]


def test_the_room_is_told_on_paper_where_nothing_is_sent():
    one = to(show(SAY), "vote1")
    assert "paper" in wall(one)["says"]
    assert "vignette-models" in wall(to(one, "reasons"))["reasons"]
    assert wall(one)["drawing"] == {}


@pytest.mark.parametrize("id", ["two-in-the-morning", "police-at-night"])
def test_where_the_plan_has_no_vote_the_wall_speaks_of_none(id):
    one = widgets.present("support", minutes=90)
    while one.item != f"support/{id}":
        one.next()
    said = {}
    for step in ("scene", "talk", "reasons"):
        said[step] = wall(to(one, step))["says"]
    assert said["scene"] == SAYS["scene"]
    assert "otherwise" not in said["talk"]
    assert "the room said" not in said["reasons"]
    assert not [text for text in said.values() if "vote" in text.lower()]
    # With its votes the same item has the usual words.
    assert wall(to(show(f"support/{id}"), "talk"))["says"] == SAYS["talk"]


# As the last expression of a cell.


def test_a_cell_shows_the_live_view_or_its_name():
    data, _ = widgets.present(BEST)._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert data["text/plain"] == "present('boundaries/barbecue-intake')"


def test_several_items_and_another_plan():
    assert repr(widgets.present([BEST, SAY])) == f"present('{BEST}, {SAY}')"
    assert len(plans.keys(widgets.present("boundaries", minutes=90)._walk)) > len(
        plans.keys(widgets.present("boundaries")._walk)
    )
    with pytest.raises(KeyError, match="nearest"):
        widgets.present("boundaries/barbecue-intak")


def test_a_step_has_a_name_and_says_what_to_do():
    assert set(LABELS) == set(SAYS) == set(STEPS)
    assert set(ON_PAPER) <= set(STEPS)
    assert set(WITHOUT_VOTES) <= set(STEPS)
    assert set(SECONDS) <= set(STEPS)
