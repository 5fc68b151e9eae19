from __future__ import annotations

import re
from typing import Any

import pytest
from answering import other_answer, some_answer

from widgets import votes
from widgets.bank import load_bank
from widgets.classroom import tally
from widgets.classroom.advice import advise, agreement

BANK = load_bank()
KEYS = {
    "best": "boundaries/barbecue-intake",
    "pick": "boundaries/request-client",
    "rate": "boundaries/school-gate",
    "mark": "boundaries/special-client",
    "rank": "boundaries/overrun-repair",
    "sort": "boundaries/which-rung",
    "estimate": "boundaries/family-prescribing",
    "path": "boundaries/the-fence",
}
BEST, SAY = KEYS["best"], "boundaries/say-neighbour"
EVERY_FORMAT = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
RIGHT, WRONG = "name-the-role", "off-duty"


def of(key: str, answers: list[Any]) -> dict[str, Any]:
    v = BANK[key]
    return {"item": key, "vote": 1, **tally.of(v.item, answers, crisis=getattr(v.entry, "crisis", False))}


def best(right: int, wrong: int) -> dict[str, Any]:
    return of(BEST, [RIGHT] * right + [WRONG] * wrong)


@EVERY_FORMAT
def test_a_class_that_answers_as_the_course_agrees_wholly(key):
    item: Any = BANK[key].item
    assert agreement(item, of(key, [some_answer(item)] * 6)) == 1


@EVERY_FORMAT
def test_agreement_falls_with_every_other_answer(key):
    item: Any = BANK[key].item
    right, wrong = some_answer(item), other_answer(item)
    shares = [agreement(item, of(key, [right] * (6 - n) + [wrong] * n)) for n in range(7)]
    assert all(share is not None for share in shares)
    assert shares == sorted(shares, reverse=True)  # type: ignore[type-var]
    assert shares[0] == 1 > shares[-1]  # type: ignore[operator]


@pytest.mark.parametrize("key", [key for key, v in BANK.items() if v.item])
def test_agreement_is_a_share_or_nothing_for_every_item(key):
    item: Any = BANK[key].item
    share = agreement(item, tally.of(item, [some_answer(item)] * 5))
    assert share is None if item.get("scored") is False else share == pytest.approx(1) or item["format"] == "rate"


@pytest.mark.parametrize(
    ("right", "wrong", "do"),
    [
        (0, 20, "teach"),
        (6, 14, "teach"),
        (7, 13, "talk"),
        (10, 10, "talk"),
        (14, 6, "talk"),
        (15, 5, "go on"),
        (20, 0, "go on"),
    ],
)
def test_the_window_is_35_to_70_percent_with_both_ends_in_it(right, wrong, do):
    advice = advise(BANK[BEST], best(right, wrong))
    assert advice.do == do
    assert advice.share == right / 20
    assert f"{right / 20:.0%} of 20 chose the course’s answer" in advice.says


@pytest.mark.parametrize("format", ["best", "path"])
def test_those_who_raised_no_hand_are_among_the_people_that_it_speaks_of(format):
    v = BANK[KEYS[format]]
    item: Any = v.item
    options = item["options"] if format == "best" else item["steps"][item["start"]]["options"]
    top = max(option["marks"] for option in options)
    right = next(option["id"] for option in options if option["marks"] == top)
    wrong = next(option["id"] for option in options if option["marks"] < top)
    counted = {"vote": 1, **tally.of(item, [], tally.hands(item, {right: 10, wrong: 10}, 40))}
    advice = advise(v, counted)
    assert advice.share == 0.25
    assert "25% of 40" in advice.says
    assert re.search(r"A [^;]* 25%|25% \(the course’s answer\)", votes.describe(v, [counted]))  # as it is drawn


@pytest.mark.parametrize("format", ["best", "rate", "rank", "sort", "path"])
def test_a_head_count_without_hands_is_not_taken_for_an_item_that_is_not_scored(format):
    v = BANK[KEYS[format]]
    item: Any = v.item
    advice = advise(v, tally.of(item, [], tally.hands(item, {}, 40)))
    assert (advice.n, advice.share, advice.do) == (40, None, "")
    assert "no hand was counted" in advice.says
    assert "scored" not in advice.says


def test_the_window_is_a_parameter_and_its_source_is_named():
    assert advise(BANK[BEST], best(6, 14), talk_from=0.3).do == "talk"
    assert advise(BANK[BEST], best(15, 5), go_on_above=0.8).do == "talk"
    said = advise(BANK[BEST], best(6, 14), 0.3, 0.8).says
    assert "30% to 80%" in said
    assert "Vickrey and others (2015)" in said
    assert "Sources disagree".lower() in said.lower()


@pytest.mark.parametrize("window", [(0.7, 0.35), (-0.1, 0.7), (0.35, 1.1)])
def test_a_window_that_is_none_is_refused(window):
    with pytest.raises(ValueError, match="between 0 and 1"):
        advise(BANK[BEST], best(5, 5), *window)


@pytest.mark.parametrize(
    ("key", "counted", "says"),
    [
        (SAY, {"n": 0}, "on paper"),
        (BEST, {"n": 0}, "Nobody has voted"),
        (BEST, {"n": 12, "open": True}, "still open"),
        (BEST, {"n": 3, "too_few": True}, "fewer than five"),
        ("objectivity/sister-chest", {"n": 9}, "not scored"),
    ],
)
def test_where_there_is_no_share_it_says_why(key, counted, says):
    advice = advise(BANK[key], counted)
    assert says in advice.says
    assert advice.share is None
    assert advice.do == ""


def test_an_open_item_is_for_talking_whatever_the_spread():
    advice = advise(BANK["dual-relationships/allotment"], of("dual-relationships/allotment", ["x"] * 0))
    assert advice.do == ""
    item: Any = BANK["dual-relationships/allotment"].item
    advice = advise(
        BANK["dual-relationships/allotment"], of("dual-relationships/allotment", [item["options"][0]["id"]] * 6)
    )
    assert (advice.do, advice.share) == ("talk", None)


def test_it_says_in_the_cell_that_it_is_not_for_the_wall():
    assert "not for the wall" in advise(BANK[BEST], best(9, 1))._repr_html_()
