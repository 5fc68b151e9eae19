"""What the course promises a reader of every chapter, counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from micropython import MicroPython

from widgets.bank import Vignette, load_bank
from widgets.grading import course_answer, grade

CHAPTERS = ("boundaries", "objectivity", "confidentiality", "power", "dual-relationships", "support")
BANK = load_bank()


def graded(chapter: str) -> list[Vignette]:
    return [v for v in BANK.values() if v.chapter == chapter and v.item is not None]


def entries(chapter: str) -> list[Any]:
    return [v.entry for v in graded(chapter)]


def paths() -> list[Vignette]:
    return [v for v in BANK.values() if v.entry.format == "path"]


@pytest.mark.parametrize("chapter", CHAPTERS)
class TestAChapter:
    def test_has_fourteen_vignettes_and_two_prompts_and_eight_of_them_are_core(self, chapter: str) -> None:
        assert len(graded(chapter)) >= 14
        assert sum(v.entry.format == "say" for v in BANK.values() if v.chapter == chapter) >= 2
        assert sum(entry.core for entry in entries(chapter)) == 8

    def test_uses_six_formats_four_professions_and_six_settings(self, chapter: str) -> None:
        assert len({entry.format for entry in entries(chapter)}) >= 6
        assert len({entry.profession for entry in entries(chapter)}) >= 4
        assert len({entry.setting for entry in entries(chapter)}) >= 6

    def test_visits_all_zones_and_a_third_of_it_lies_outside_the_clinic(self, chapter: str) -> None:
        zones = Counter(entry.zone for entry in entries(chapter))

        assert set(zones) == {"A", "B", "C"}
        assert zones["B"] + zones["C"] >= len(entries(chapter)) / 3

    def test_has_two_pairs_of_twins_that_name_each_other(self, chapter: str) -> None:
        twins = {entry.id: entry.twin for entry in entries(chapter) if entry.twin and "/" not in entry.twin}

        assert sum(twins.get(twin) == id for id, twin in twins.items()) >= 4

    def test_has_an_open_item_and_one_where_the_over_cautious_answer_is_wrong(self, chapter: str) -> None:
        assert any(entry.basis == "open" for entry in entries(chapter))
        distant = [
            option
            for entry in entries(chapter)
            if entry.format == "best" and entry.basis != "open"
            for option in entry.options
            if (option.stance or 0) < 0 and option.marks <= 1
        ]
        assert distant

    def test_has_a_path_and_at_most_two_estimates(self, chapter: str) -> None:
        formats = Counter(entry.format for entry in entries(chapter))

        assert formats["path"] >= 1
        assert formats["estimate"] <= 2

    def test_tags_every_option_of_a_scored_best_rate_or_path_item_with_its_stance(self, chapter: str) -> None:
        for entry in entries(chapter):
            if entry.basis == "open" or entry.format not in ("best", "rate", "path"):
                continue
            steps = getattr(entry, "steps", {})
            options = [o for s in steps.values() for o in s.options] if steps else entry.options
            assert all(option.stance is not None for option in options), entry.id


def test_there_are_a_hundred_vignettes_and_three_long_cases() -> None:
    assert sum(len(graded(chapter)) for chapter in (*CHAPTERS, "capstone")) >= 100
    cases = [v for v in paths() if v.chapter == "capstone"]
    assert len(cases) == 3
    for case in cases:
        assert len(course_answer(case.item or {})) >= 8  # type: ignore[arg-type]
    assert len(graded("capstone")) - len(cases) >= 16


def test_the_course_s_answers_score_full_marks_in_both_interpreters() -> None:
    items = [v.item for v in BANK.values() if v.item is not None and v.entry.basis != "open"]  # type: ignore[union-attr]
    answers = [course_answer(item) for item in items]
    assert [grade(item, answer)["share"] for item, answer in zip(items, answers, strict=True)] == [1] * len(items)
    with MicroPython() as python:
        replies = python.grade([[item, answer, None] for item, answer in zip(items, answers, strict=True)])
    assert [reply["result"]["share"] for reply in replies] == [1] * len(items)


@pytest.mark.parametrize("vignette", paths(), ids=lambda v: v.key)
class TestAPath:
    def test_of_four_decisions_or_more_ends_in_a_sound_but_hard_and_a_poor_but_lucky_way(
        self, vignette: Vignette
    ) -> None:
        entry: Any = vignette.entry
        kinds = {ending.kind for ending in entry.endings.values()}

        assert {"sound but hard", "poor but lucky"} <= kinds or vignette.chapter == "practice"
        assert len(course_answer(vignette.item or {})) >= (2 if vignette.chapter == "practice" else 4)  # type: ignore[arg-type]

    def test_lets_nobody_be_lost_by_two_poor_steps(self, vignette: Vignette) -> None:
        """From wherever two choices lead, the best choices after them do not end badly."""
        entry: Any = vignette.entry

        def best_end(here: str) -> str:
            while here in entry.steps:
                here = max(entry.steps[here].options, key=lambda o: o.marks).next
            return str(entry.endings[here].kind)

        for first in entry.steps[entry.start].options:
            if first.next in entry.steps:
                for second in entry.steps[first.next].options:
                    assert best_end(second.next) != "bad", (first.id, second.id)

    def test_rejoins_its_way_after_a_poor_choice(self, vignette: Vignette) -> None:
        entry: Any = vignette.entry
        arrivals = Counter(option.next for step in entry.steps.values() for option in step.options)

        assert any(count > 1 for step, count in arrivals.items() if step in entry.steps)


def test_a_crisis_scene_is_folded_and_never_asks_how_sure() -> None:
    crises = [v for v in BANK.values() if getattr(v.entry, "crisis", False)]

    assert crises
    assert all(v.entry.note for v in crises)
    assert not [v for v in crises if v.entry.format == "estimate"]


def test_the_check_has_two_forms_of_one_blueprint() -> None:
    forms = {form: sorted(k for k in BANK if k.startswith(f"check/{form}-")) for form in "ab"}

    assert {form: len(keys) for form, keys in forms.items()} == {"a": 10, "b": 10}
    for one, other in zip(*forms.values(), strict=True):
        a, b = BANK[one].entry, BANK[other].entry
        assert (a.format, a.zone, a.basis) == (b.format, b.zone, b.basis)  # type: ignore[union-attr]
    zones = Counter(BANK[key].entry.zone for key in forms["a"])
    formats = Counter(BANK[key].entry.format for key in forms["a"])
    assert zones == {"A": 4, "B": 3, "C": 3}
    assert formats == {"rate": 6, "best": 4}
