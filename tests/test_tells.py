"""A reader who never reads the scene gains nothing by it: measured on an item where the rule is plain, and bounded on the bank."""

from __future__ import annotations

from typing import Any

import pytest

from widgets import tells
from widgets.bank import Bank, Vignette, load_bank, to_item
from widgets.bank.models import Best


def one_item_bank(texts: list[str], marks: list[int], zone: str = "A") -> Bank:
    options = [
        {"id": f"o{i}", "text": text, "why": "Because.", "marks": mark, "stance": mark // 2 - 1}
        for i, (text, mark) in enumerate(zip(texts, marks, strict=True))
    ]
    data: dict[str, Any] = {
        "id": "only",
        "format": "best",
        "zone": zone,
        "basis": "judgement",
        "profession": "counselor",
        "setting": "cafe",
        "scene": "A scene.",
        "ask": "What now?",
        "options": options,
        "debrief": "So.",
        "standards": [{"cite": "aca:A.6.a", "relation": "not engaged"}],
    }
    entry = Best.model_validate(data)
    return Bank({"x/only": Vignette("x/only", entry, to_item(entry))}, {}, {})


def gap(bank: Bank, rule: str) -> float:
    return next(tell.gap for tell in tells.measure(bank) if tell.rule == rule)


def test_a_rule_that_always_wins_is_seen() -> None:
    bank = one_item_bank(["short", "this one is by far the longest of them", "middling one"], [0, 4, 0])

    assert gap(bank, "the longest") == pytest.approx(2 / 3)
    assert gap(bank, "the first") == pytest.approx(-1 / 3)


def test_a_word_that_no_option_has_is_worth_as_much_as_luck() -> None:
    assert gap(one_item_bank(["a", "b"], [4, 0]), "consult, refer, document") == 0


def test_the_word_that_always_wins_is_seen() -> None:
    assert gap(one_item_bank(["Ask the team", "Consult a colleague"], [0, 4]), "consult, refer, document") == 0.5


@pytest.mark.parametrize(("zone", "expected"), [("A", -0.25), ("C", 0.25)])
def test_the_zone_rule_rules_out_a_side(zone: str, expected: float) -> None:
    """Three options: more distant (0 marks), the course's (2 of 4) and closer (4): in A the closer one is ruled out."""
    bank = one_item_bank(["far", "between", "near"], [0, 2, 4], zone)

    assert gap(bank, tells.ZONE_RULE) == pytest.approx(expected)


def test_every_answer_of_an_item_is_counted_once() -> None:
    bank = load_bank()
    rank = next(v for v in bank.values() if v.entry.format == "rank")
    orders = list(tells.answers(rank))

    assert len({tuple(sorted(order.items())) for order in orders}) == len(orders) > 1


def test_no_blind_rule_beats_luck_on_the_course_by_more_than_the_bound() -> None:
    found = tells.measure(load_bank())

    assert {tell.rule for tell in found} == {*tells.RULES, tells.ZONE_RULE}
    beyond = [f"{tell.rule}: {tell.gap:+.3f}" for tell in found if abs(tell.gap) > tells.BOUND]
    assert not beyond


def test_no_blind_rule_wins_more_than_the_bound_at_the_decisions_of_the_paths() -> None:
    found = tells.along_paths(load_bank())

    assert len(found) == len(tells.RULES)
    assert not [f"{tell.rule}: {tell.gap:+.3f}" for tell in found if tell.gap > tells.BOUND]


def test_a_path_whose_longest_option_always_wins_is_seen() -> None:
    bank = load_bank()
    path: Any = next(v.entry for v in bank.values() if v.entry.format == "path" and v.entry.basis != "open")
    steps = {
        name: step.model_copy(
            update={"options": [o.model_copy(update={"text": "x" * (1 + (o.marks or 0))}) for o in step.options]}
        )
        for name, step in path.steps.items()
    }
    entry = path.model_copy(update={"steps": steps})
    found = {t.rule: t for t in tells.along_paths(Bank({"x/path": Vignette("x/path", entry, to_item(entry))}, {}, {}))}

    assert found["in a path: the longest"].share == 1
    assert found["in a path: the shortest"].gap < 0


def test_marking_everything_or_nothing_and_one_level_throughout_win_no_more_than_luck_and_the_bound() -> None:
    assert not [f"{t.rule}: {t.gap:+.3f}" for t in tells.constant(load_bank()) if t.gap > tells.BOUND]


def test_the_course_s_answer_stands_evenly_in_every_place() -> None:
    observed, expected, statistic = tells.key_positions(load_bank())

    assert sum(observed) == pytest.approx(sum(expected))
    assert statistic < tells.CHI_SQUARE_5[len(observed) - 1]


def test_a_bank_whose_answer_always_comes_first_is_uneven() -> None:
    many = {f"x/{i}": one_item_bank(["a", "b", "c", "d"], [4, 0, 0, 0])["x/only"] for i in range(20)}

    assert tells.key_positions(Bank(many, {}, {}))[2] > tells.CHI_SQUARE_5[3]
