"""What is worth a look, in plain words, with what to do."""

from __future__ import annotations

from typing import Any

import pytest
from classes import ITEMS, a_class, described, row, voted
from items import pick

from widgets.analysis.flags import flags, label, letter, quoted
from widgets.analysis.summary import Summary

WORDS = described()
WORDS["one/best"]["labels"] = {"stay": "Stay a while.", "ask": "Ask him"}


def kinds(*groups: Any, **more: Any) -> dict[str, str]:
    found = flags(Summary(a_class(*groups, **{"items": WORDS, **more})))
    assert all(flag.said.endswith((".", "”")) and flag.do.endswith((".", "aloud.")) for flag in found)
    return {flag.kind: flag.said for flag in found}


def test_two_thirds_on_the_same_other_option_are_worth_a_talk_or_an_argument_with_the_key() -> None:
    results = a_class(voted("one/best", *["ask"] * 14, *["stay"] * 7), items=WORDS)
    first = next(flag for flag in flags(Summary(results)) if flag.item)
    assert first.kind == "same other answer"
    assert first.said == "Two thirds or more (14 of 21) chose the same other option: “Ask him”."
    assert "argue with our key" in first.do


SAME_OTHER: dict[str, tuple[str, list[Any], str]] = {
    "a level across the middle": ("one/rate", [{"a": 1, "b": 1, "c": 2}] * 6, "across the middle"),
    "another group": ("two/sort", [{"a": "theirs", "b": "mine", "c": "theirs"}] * 6, "under “theirs”"),
    "a span too many": ("two/mark", [["a", "b"]] * 6, "marked “b”"),
    "a step of a path": ("two/path", [["wait", "sit"]] * 6, "“sit”"),
}


@pytest.mark.parametrize(("key", "answers", "words"), SAME_OTHER.values(), ids=SAME_OTHER)
def test_the_same_other_answer_is_told_in_every_format(key: str, answers: list[Any], words: str) -> None:
    said = kinds(voted(key, *answers))["same other answer"]
    assert words in said
    assert said.startswith("Nearly everybody (6 of 6)")


def test_one_step_off_on_the_same_side_is_no_other_answer() -> None:
    assert "same other answer" not in kinds(voted("one/rate", *[{"a": 3, "b": 1, "c": 1}] * 6))


def test_hands_can_make_the_same_other_answer() -> None:
    hands = [{"item": "one/best", "vote": 1, "n": 9, "counts": {"leave": 9}}]
    assert "(9 of 9)" in kinds(hands=hands)["same other answer"]


def test_under_five_answers_nothing_is_flagged() -> None:
    assert kinds(voted("one/best", *["ask"] * 4)) == {}


def test_a_split_room_should_talk_and_vote_again_unless_it_has() -> None:
    votes = voted("one/best", *["stay"] * 4, *["ask"] * 3, *["leave"] * 3)
    assert kinds(votes)["worth a talk"] == "4 of 10 agreed with the course, enough on both sides to talk."
    assert "worth a talk" not in kinds(votes, voted("one/best", *["stay"] * 10, vote=2))


def test_what_nearly_all_or_hardly_any_got_is_said() -> None:
    assert "nearly all agreed" in kinds(voted("one/best", *["stay"] * 10))
    assert "far from the course" in kinds(voted("one/pick", ["c"], ["c"], [], [], [], ["a"]))


def test_the_check_is_not_talked_over() -> None:
    items = described({"check/a-1": ITEMS["one/best"]})
    rows = voted("check/a-1", *["stay"] * 4, *["ask"] * 3, *["leave"] * 3, source="check", form="a")
    assert kinds(rows, items=items) == {}


def test_an_item_that_runs_against_the_rest_is_said_with_its_caution() -> None:
    items = described({f"one/{n}": pick("any", a=True, b=False) for n in range(4)})
    rows = [
        row(person, f"one/{n}", ["a"] if (person % 2 == 0) != (n == 0) else ["b"])
        for person in range(24)
        for n in range(4)
    ]
    said = kinds(rows, items=items)["runs against the rest"]
    assert "With 24 answers that may be chance." in said


def test_sure_and_apart() -> None:
    found = kinds(voted("one/best", *["leave"] * 5, *["stay"] * 5, certainty=3))
    assert found["surer than right"].startswith("At certainty 3 the class agreed with the course in 50% of 10 answers")
    assert kinds(voted("one/best", *["leave"] * 6, "stay", certainty=3))["sure, and apart"] == (
        "6 of the 7 who were surest were apart from the course."
    )


def test_a_lean_to_one_side_is_of_the_class() -> None:
    found = flags(Summary(a_class(voted("one/best", *["leave"] * 8, *["stay"] * 3))))
    assert (found[0].kind, found[0].item) == ("one-sided lean", "")
    assert "8 of 8 answers that differed were more distant" in found[0].said


def test_an_idle_option_another_version_and_a_dissent() -> None:
    rows = [*voted("one/best", *["stay"] * 15, *["ask"] * 10), row(99, "one/best", "stay", version="00000000")]
    found = kinds(rows, dissents=[{"item": "one/best", "text": "No."}])
    assert found["an idle option"] == "Hardly anybody chose C."
    assert found["another version"] == "1 of 26 answers were given to another version of this item."
    assert found["argued"] == "One student argues with it in writing."


def test_crisis_scenes_and_open_items_are_not_flagged() -> None:
    assert kinds(voted("two/crisis", *["wait"] * 9), voted("two/open", *["no"] * 9)) == {}


def test_the_words_are_the_readers() -> None:
    summary = Summary(a_class(voted("one/best", "stay"), items=WORDS))
    assert label(summary, "one/best", "answer", "stay") == "Stay a while."
    assert label(summary, "one/best", "answer", "leave") == "leave"


def test_a_line_of_speech_keeps_its_own_quotation_marks() -> None:
    items = described()
    items["one/best"]["labels"] = {"ask": "“Is it bad?”"}
    said = kinds(voted("one/best", *["ask"] * 9), items=items)["same other answer"]
    assert said.endswith("the same other option: “Is it bad?”")
    assert quoted("“No,” she says") == "““No,” she says”"


def test_options_are_lettered_as_far_as_there_are_any() -> None:
    assert [letter(place) for place in (0, 25, 26, 53)] == ["A", "Z", "A2", "B3"]
