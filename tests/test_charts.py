"""What is drawn of a vote, by format; in the drawing's own text and in the words beside it."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

import pytest
from answering import some_answer

from widgets import charts, votes
from widgets.bank import load_bank
from widgets.classroom import tally
from widgets.palette import LIGHT

BANK = load_bank()
# One scored item a format, and one that is open.
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
OPEN = [key for key, v in BANK.items() if getattr(v.entry, "basis", "") == "open" and not v.entry.crisis]  # type: ignore[union-attr]
EVERY_FORMAT = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)


def tallied(key: str, answers: list[Any], vote: int = 1) -> dict[str, Any]:
    vignette = BANK[key]
    crisis = getattr(vignette.entry, "crisis", False)
    return {"item": key, "vote": vote, **tally.of(vignette.item, answers, crisis=crisis)}


def counted(key: str, n: int = 6) -> list[dict[str, Any]]:
    """Both votes of ``n`` people who all gave the same answer."""
    return [tallied(key, [some_answer(BANK[key].item)] * n, vote) for vote in (1, 2)]


def svg(drawing: dict[str, str]) -> str:
    return base64.b64decode(drawing["src"].partition("base64,")[2]).decode()


def texts(drawing: dict[str, str]) -> list[str]:
    """What is written in a drawing."""
    return [html.unescape(text).strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg(drawing))]


@EVERY_FORMAT
def test_both_votes_stand_side_by_side_with_how_many_voted(key):
    one, two = counted(key, 6)[0], tallied(key, [some_answer(BANK[key].item)] * 7, 2)
    written = texts(charts.drawing(BANK[key], [one, two]))
    assert "First vote: 6" in written
    assert "Second vote: 7" in written


@EVERY_FORMAT
def test_a_vote_that_was_not_taken_leaves_its_room_to_the_other(key):
    written = texts(charts.drawing(BANK[key], counted(key)[:1]))
    assert "First vote: 6" in written
    assert not [text for text in written if text.startswith("Second vote")]


@EVERY_FORMAT
def test_every_option_is_there_with_its_letter(key):
    rows = votes.rows(BANK[key])
    written = "\n".join(texts(charts.drawing(BANK[key], counted(key))))
    for letter, row in zip("ABCDEFGHI", rows, strict=False):
        assert row.letter == letter
        assert re.search(rf"^{letter} +{re.escape(row.text.split()[0])}", written, re.MULTILINE)


@pytest.mark.parametrize("key", OPEN)
def test_an_item_that_is_not_scored_is_drawn_without_key_or_marks(key):
    drawing = charts.drawing(BANK[key], counted(key))
    assert not [text for text in texts(drawing) if text.startswith(("the course", "the figure", "a panel"))]
    assert "A box" not in " ".join(texts(drawing))
    assert LIGHT["course-soft"] not in svg(drawing)
    # No bar stands out from the others.
    bars = set(re.findall(r"fill: (#[0-9a-f]{6})", svg(drawing)))
    assert BANK[key].entry.format not in ("best", "pick", "mark") or LIGHT["course"] not in bars
    assert "(the course" not in drawing["alt"]


def test_a_crisis_scene_is_only_counted():
    key = next(key for key, v in BANK.items() if getattr(v.entry, "crisis", False) and v.entry.format == "best")
    assert charts.drawing(BANK[key], counted(key)) == {"words": "Answered, first vote: 6; second vote: 6."}


def test_fewer_than_five_are_not_drawn_and_the_wall_says_so():
    key = KEYS["best"]
    drawing = charts.drawing(BANK[key], counted(key, 4))
    assert set(drawing) == {"words"}
    assert "fewer than five" in drawing["words"]


def test_no_vote_is_no_drawing():
    assert charts.drawing(BANK[KEYS["best"]], []) == {}


def options(key: str) -> list[str]:
    return [row.id for row in votes.rows(BANK[key])]


def test_best_shows_the_share_for_each_option_and_the_course_s_answer_in_words():
    key = KEYS["best"]
    a, b, _, d = options(key)
    drawing = charts.drawing(BANK[key], [tallied(key, [a] * 3 + [b] * 6 + [d])])
    assert [text for text in texts(drawing) if re.fullmatch(r"\d+%", text) and text not in ("50%", "100%")] == [
        "30%",
        "60%",
        "0%",
        "10%",
    ]
    assert texts(drawing).count("the course’s answer") == 1
    assert re.search(r"B [^;]* 60% \(the course’s answer\)", drawing["alt"])


def test_pick_counts_people_and_not_ticks():
    key = KEYS["pick"]
    a, b, *_ = options(key)
    drawing = charts.drawing(BANK[key], [tallied(key, [[a, b]] * 5 + [[a]] * 5)])
    shares = re.findall(r"(\d+)%", drawing["alt"])
    assert shares[:2] == ["100", "50"]


def test_rate_stacks_its_levels_and_names_the_course_s():
    key = KEYS["rate"]
    answers = [dict.fromkeys(options(key), level) for level in (1, 1, 1, 2, 4)]
    drawing = charts.drawing(BANK[key], [tallied(key, answers)])
    assert (
        "3 very inappropriate, 1 inappropriate, 0 appropriate, 1 very appropriate (the course: 1 or 2)"
        in drawing["alt"]
    )
    assert "1 very inappropriate, 2 inappropriate, 3 appropriate, 4 very appropriate." in texts(drawing)


def test_rank_shows_the_mean_place_and_its_spread():
    key = KEYS["rank"]
    ids = options(key)
    forward, backward = [dict(zip(order, range(1, 6), strict=True)) for order in (ids, ids[::-1])]
    drawing = charts.drawing(BANK[key], [tallied(key, [forward] * 3 + [backward] * 3)])
    assert "mean place 3.0, standard deviation 2.0" in drawing["alt"]
    assert "3.0" in texts(drawing)


def test_sort_is_a_table_of_shares_and_boxes_the_course_s():
    key = KEYS["sort"]
    entry: Any = BANK[key].entry
    categories = [category.id for category in entry.categories]
    drawing = charts.drawing(BANK[key], [tallied(key, [dict.fromkeys(options(key), categories[0])] * 5)])
    assert texts(drawing).count("100%") == len(options(key))
    note = " ".join(text for text in texts(drawing) if "box" in text or text.startswith("1 "))
    assert all(name in note for name in ("1 Company and listening", "A box: the course."))
    # A box for each option that has one key.
    assert svg(drawing).count(LIGHT["course-soft"]) == sum(len(option.key) for option in entry.options)


def test_estimate_is_a_dot_a_person_and_the_figure_a_line():
    key = KEYS["estimate"]
    drawing = charts.drawing(BANK[key], [tallied(key, [10, 10, 20, 83, 95])])
    assert "the figure: 83" in texts(drawing)
    assert "From 10 to 95, median 20 %. The figure is 83." in drawing["alt"]
    dots = re.search(r'id="PathCollection_1">(.*?)</g>', svg(drawing), re.DOTALL)
    assert dots
    assert dots.group(1).count("<use") == 5


def test_an_estimate_beyond_the_scale_stands_at_its_end_and_is_named():
    key = KEYS["estimate"]
    written = texts(charts.drawing(BANK[key], [tallied(key, [1, 2, 3, 4, 1e15])]))
    assert "% (1 beyond the scale, at its ends)" in written
    assert "100" in written


def test_path_shows_the_first_decision_and_where_the_stories_ended():
    key = KEYS["path"]
    entry: Any = BANK[key].entry
    drawing = charts.drawing(BANK[key], [tallied(key, [some_answer(BANK[key].item)] * 5)])
    kinds = {ending.kind for ending in entry.endings.values()}
    assert all(f"({kind})" in drawing["alt"] for kind in kinds)
    assert drawing["alt"].count("100%") == 2  # one first decision, one ending


def test_hands_on_a_path_are_about_its_first_decision():
    key = KEYS["path"]
    first = options(key)[0]
    item: Any = BANK[key].item
    raised = tally.hands(item, {first: 8})
    mixed = {"vote": 1, **tally.of(item, [some_answer(BANK[key].item)] * 5, raised)}
    said = charts.drawing(BANK[key], [mixed])["alt"]
    assert "First vote, 13 people" in said
    # All stories that were walked ended in one way, however many hands went up.
    assert re.search(r"→ [^;]* 100%", said)


@EVERY_FORMAT
def test_the_same_votes_are_drawn_in_the_same_bytes(key):
    assert charts.drawing(BANK[key], counted(key)) == charts.drawing(BANK[key], counted(key))
