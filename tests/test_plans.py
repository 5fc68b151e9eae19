"""The plans that present() walks, held against the pages that tell them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from widgets import figures, plans
from widgets.bank import load_bank
from widgets.classroom.steps import STEPS
from widgets.plans import Line, Said, Shown, Taken, keys, read_plans, stops

TEACHING = Path(__file__).parents[1] / "chapters" / "teaching"
CHAPTERS = sorted(path.stem for path in TEACHING.glob("*.md"))
BANK = load_bank()
EVERY_PLAN = pytest.mark.parametrize(
    ("chapter", "minutes"), [(chapter, minutes) for chapter in CHAPTERS for minutes in (50, 90)]
)


@dataclass
class Row:
    """A line of a page's table: minutes, its second cell, and the items that it names anywhere."""

    minutes: int
    what: str
    items: list[str]


def tables(chapter: str) -> dict[int, list[Row]]:
    """A teaching page's two tables, by the plan that each belongs to."""
    found: dict[int, list[Row]] = {}
    for section in re.split(r"^## ", (TEACHING / f"{chapter}.md").read_text(encoding="utf-8"), flags=re.MULTILINE):
        title = section.partition("\n")[0]
        minutes = 50 if re.search(r"50|Fifty", title) else 90 if re.search(r"90|Ninety", title) else 0
        if minutes:
            found[minutes] = [row(line, chapter) for line in section.splitlines() if re.match(r"\| *\d", line)]
    return found


def row(line: str, chapter: str) -> Row:
    minutes, what, *rest = [cell.strip() for cell in line.strip("| ").split("|")]
    start, _, end = re.sub("[–-]", "-", minutes).partition("-")
    named = re.findall(r"`([a-z0-9-]+)`", " ".join([what, *rest]))
    return Row(int(end) - int(start) if end else int(start), bare(what), [n for n in named if f"{chapter}/{n}" in BANK])


def bare(text: str) -> str:
    return re.sub(r"[*`\"“”]", "", text)


def shown(line: Line) -> list[str]:
    """The items of a line of the data, in order."""
    return [one.item if isinstance(one, Taken) else one for one in line.show if isinstance(one, (str, Taken))]


def twin(chapter: str, id: str) -> str:
    return getattr(BANK[f"{chapter}/{id}"].entry, "twin", None) or ""


def own_lines(chapter: str, minutes: int) -> list[Line]:
    """The lines that a plan has of its own: a page says "the 50 minutes above, then"."""
    lines, first = read_plans(chapter)[minutes], read_plans(chapter)[50]
    if minutes == 50:
        return lines
    begins = 0
    while lines[begins] == first[begins] and chapter in ("boundaries", "objectivity"):
        begins += 1
    return lines[begins:]


@EVERY_PLAN
def test_a_plan_takes_the_minutes_that_it_says(chapter, minutes):
    assert sum(line.minutes for line in read_plans(chapter)[minutes]) == minutes


@EVERY_PLAN
def test_a_plan_and_its_page_have_the_same_lines(chapter, minutes):
    told, lines = tables(chapter)[minutes], own_lines(chapter, minutes)
    # Objectivity adds to the shorter plan and closes with the same line, which its page does not repeat.
    if (chapter, minutes) == ("objectivity", 90):
        assert lines.pop() == read_plans(chapter)[50][-1]
    assert [line.minutes for line in lines] == [row.minutes for row in told]
    for line, row in zip(lines, told, strict=True):
        assert bare(line.what).lower() in row.what.lower()
        twins = [twin(chapter, id) for id in row.items] if "twin" in row.what else []
        named = [*row.items, *twins]
        missing = [id for id in row.items if id not in shown(line) and id not in line.instead]
        assert not missing, row
        assert set(shown(line)) <= {*named, *repeated(told, row, chapter)}, row
        assert [id for id in shown(line) if id in row.items] == [id for id in row.items if id in shown(line)]


def repeated(told: list[Row], row: Row, chapter: str) -> list[str]:
    """An item may be read before it is voted on: it is then named one line earlier or in the row's own words."""
    if row.what in ("The ten seconds", "Do you see Ana?"):
        return ["barbecue-intake", "say-do-you-see-ana"]
    return []


@EVERY_PLAN
def test_a_plan_shows_items_and_figures_that_there_are(chapter, minutes):
    walk = stops(chapter, BANK, minutes=minutes)
    assert {stop.name for stop in walk if stop.kind == "figure"} <= set(figures.names())
    assert set(keys(walk)) <= set(BANK)
    assert all(stop.words for stop in walk if stop.kind == "words")
    assert walk[-1].line == walk[-1].lines == len(read_plans(chapter)[minutes])


def test_nobody_votes_on_a_crisis_scene_in_the_plan_that_has_them():
    for stop in stops("support", BANK, minutes=90):
        if stop.kind == "item" and getattr(BANK[stop.name].entry, "crisis", False):
            assert not {"vote1", "vote2", "think"} & set(stop.steps)


def test_a_vignette_of_a_plan_goes_through_all_steps_unless_it_says_otherwise():
    ten_seconds, vote, *_ = [stop for stop in stops("boundaries", BANK) if stop.kind == "item"]
    assert ten_seconds.name == vote.name == "boundaries/barbecue-intake"
    assert ten_seconds.steps == ("scene",)
    assert vote.steps == STEPS[1:]
    assert next(stop for stop in stops("boundaries", BANK) if stop.name == "boundaries/gym-count").steps == STEPS


def test_an_item_or_a_list_of_items_is_a_walk():
    assert [stop.name for stop in stops("power/ward-talk", BANK)] == ["power/ward-talk"]
    assert keys(stops(["power/ward-talk", "support/no-shrinks"], BANK)) == ["power/ward-talk", "support/no-shrinks"]


def test_a_chapter_without_a_plan_gives_its_core_items_and_without_those_all_that_are_graded(tmp_path):
    core = [key for key, v in BANK.items() if v.chapter == "power" and v.entry.core]
    assert keys(stops("power", BANK, course=tmp_path)) == core
    practice = [key for key, v in BANK.items() if v.chapter == "practice" and v.item]
    assert keys(stops("practice", BANK)) == practice


def test_plans_come_from_the_course_that_the_bank_comes_from(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    assert read_plans("power") == {}


@pytest.mark.parametrize(
    ("what", "minutes", "error", "says"),
    [
        ("nowhere", 50, KeyError, "boundaries, "),
        ("boundaries/nothing-here", 50, KeyError, "There is no vignette"),
        ("boundaries", 45, ValueError, "50 or 90"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(what, minutes, error, says):
    with pytest.raises(error, match=says):
        stops(what, BANK, minutes=minutes)


def test_a_fault_in_a_plan_names_its_file_and_field(tmp_path):
    folder = tmp_path / "chapters" / "teaching"
    folder.mkdir(parents=True)
    (folder / "power.yml").write_text(
        "- plan: 50\n  lines: [{minutes: 5, show: [ward-talk], stpes: []}]\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"(?s)power\.yml.*stpes"):
        stops("power", BANK, course=tmp_path)


def test_what_a_line_shows_is_one_of_four_kinds():
    line = Line.model_validate(
        {"minutes": 5, "show": ["a-b", {"item": "a-b", "steps": ["scene"]}, {"figure": "c"}, {"words": "d"}]}
    )
    assert [type(one) for one in line.show] == [str, Taken, Shown, Said]
    assert plans.title_of(BANK["power/ward-talk"]) == "Ward talk"
