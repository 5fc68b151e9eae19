"""Faults that lie between fields: keys that tie, paths without an end, citations that nothing answers to.

Every check reads plain data that may be wrong in any other way, so it looks before it leaps; the models report
what it passes over. A fault is ``(loc, message)``, the message telling the author what to do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from .lines import Loc
from .models import LEAST_PANEL, PROFESSIONS

Fault = tuple[Loc, str]
Bodies = dict[str, dict[str, Any] | None]


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def ids(entries: Any) -> list[tuple[int, str]]:
    """The position and id of each entry that has a text id."""
    return [(i, e["id"]) for i, e in enumerate(_list(entries)) if isinstance(e, dict) and isinstance(e.get("id"), str)]


def repeated_ids(entries: Any, loc: Loc, what: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, id in ids(entries):
        if id in seen:
            yield (*loc, index, "id"), f"the {what} id {id!r} is used twice; give each its own"
        seen.add(id)


def entry_faults(entry: Any) -> Iterator[Fault]:
    """What is wrong within one vignette, beyond its fields' own shapes."""
    entry = _dict(entry)
    format, scored = entry.get("format"), entry.get("basis") != "open"
    yield from repeated_ids(entry.get("options"), ("options",), "option")
    yield from repeated_ids(entry.get("spans"), ("spans",), "span")
    yield from repeated_ids(entry.get("categories"), ("categories",), "category")
    if entry.get("crisis") is True and not entry.get("note"):
        yield ("crisis",), "a crisis scene needs a content note: add `note`"
    if entry.get("crisis") is True and format == "estimate":
        yield ("crisis",), "a crisis scene is no matter for an estimate; choose another format"
    if format == "path":
        yield from _path_faults(entry, scored)
    elif scored:
        check = {
            "best": _best,
            "pick": _pick,
            "rate": _rate,
            "rank": _rank,
            "sort": _sort,
            "mark": _mark,
            "estimate": _estimate,
        }
        if isinstance(format, str) and format in check:
            yield from check[format](entry)
    if format == "sort":
        yield from _sort_names(entry)
    if format == "mark":
        yield from _passage(entry)


def _missing(entries: Any, loc: Loc, field: str) -> Iterator[Fault]:
    for index, option in enumerate(_list(entries)):
        if isinstance(option, dict) and option.get(field) is None:
            yield (*loc, index, field), f"`{field}` is missing; only an item whose basis is `open` goes without"


def _best(entry: dict[str, Any], loc: Loc = ()) -> Iterator[Fault]:
    options = _list(entry.get("options"))
    yield from _missing(options, (*loc, "options"), "marks")
    marks = [o.get("marks") for o in options if isinstance(o, dict)]
    if marks and all(m == 0 for m in marks):
        yield (*loc, "options"), "every option has 0 marks; the best one has some"


def _pick(entry: dict[str, Any]) -> Iterator[Fault]:
    options, choose = _list(entry.get("options")), entry.get("choose")
    yield from _missing(options, ("options",), "keyed")
    keyed = sum(o.get("keyed") is True for o in options if isinstance(o, dict))
    if type(choose) is int and choose > keyed:
        yield ("choose",), f"asks for {choose}, but only {keyed} of the options {'is' if keyed == 1 else 'are'} keyed"


def _rate(entry: dict[str, Any]) -> Iterator[Fault]:
    yield from _panel_source(entry)
    for index, option in enumerate(_list(entry.get("options"))):
        if not isinstance(option, dict):
            continue
        key, panel = option.get("key"), option.get("panel")
        if (key is None) == (panel is None):
            yield ("options", index, "key"), "give either `key` (levels 1 to 4) or `panel` (four counts)"
        if isinstance(panel, list) and panel and all(n == 0 for n in panel):
            yield ("options", index, "panel"), "the panel has no votes"
        levels = [k for k in _list(key) if type(k) is int and 1 <= k <= 4]
        if len(set(levels)) != len(levels):
            yield ("options", index, "key"), "a level is named twice"
        if len({level <= 2 for level in levels}) > 1:
            yield (
                ("options", index, "key"),
                "the defensible levels lie on both sides of the middle; make the item's basis `open`",
            )


def _panel_source(entry: dict[str, Any]) -> Iterator[Fault]:
    """A panel's counts and their source go together, and the counts are of those people."""
    source = entry.get("panel_from")
    people = _dict(source).get("people")
    panels = [
        (index, counts)
        for index, option in enumerate(_list(entry.get("options")))
        if isinstance(counts := _dict(option).get("panel"), list) and _dict(option).get("key") is None
    ]
    if panels and source is None:
        yield ("panel_from",), "is missing: who was the panel? give who, people, when and qualification"
    if source is not None and not panels:
        yield ("panel_from",), "no option has a `panel`"
    for index, counts in panels:
        if not all(type(n) is int for n in counts):
            continue
        votes = sum(counts)
        if 0 < votes < LEAST_PANEL:
            yield ("options", index, "panel"), f"{votes} votes; a panel has {LEAST_PANEL} or more"
        elif type(people) is int and LEAST_PANEL <= people < votes:
            yield ("options", index, "panel"), f"{votes} votes of {people} people"


def _rank(entry: dict[str, Any]) -> Iterator[Fault]:
    options = _list(entry.get("options"))
    yield from _missing(options, ("options",), "key")
    seen: set[int] = set()
    for index, option in enumerate(options):
        key = _dict(option).get("key")
        if type(key) is not int:
            continue
        if key in seen:
            yield (
                ("options", index, "key"),
                f"place {key} is given twice; keys run from 1 to {len(options)} without ties",
            )
        if key > len(options):
            yield ("options", index, "key"), f"place {key} of {len(options)}; keys run from 1 to {len(options)}"
        seen.add(key)


def _sort(entry: dict[str, Any]) -> Iterator[Fault]:
    yield from _missing(entry.get("options"), ("options",), "key")


def _sort_names(entry: dict[str, Any]) -> Iterator[Fault]:
    known = {id for _, id in ids(entry.get("categories"))}
    for index, option in enumerate(_list(entry.get("options"))):
        key = _dict(option).get("key")
        for name in key if isinstance(key, list) else [key]:
            if isinstance(name, str) and name not in known:
                yield ("options", index, "key"), f"there is no category {name!r}"


def _mark(entry: dict[str, Any]) -> Iterator[Fault]:
    for index, span in enumerate(_list(entry.get("spans"))):
        if isinstance(span, dict) and "keyed" not in span:
            yield ("spans", index, "keyed"), "`keyed` is missing: true, false, or null where it counts neither way"


def _passage(entry: dict[str, Any]) -> Iterator[Fault]:
    passage = entry.get("passage")
    if not isinstance(passage, str):
        return
    spans = ids(entry.get("spans"))
    for index, id in spans:
        if passage.count("{" + id + "}") != 1:
            yield ("spans", index, "id"), f"the passage must hold {{{id}}} once"
    for name in re.findall(r"\{([^{}]*)\}", passage):
        if name not in [id for _, id in spans]:
            yield ("passage",), f"there is no span {name!r}"


def _estimate(entry: dict[str, Any]) -> Iterator[Fault]:
    full, half, key = entry.get("full"), entry.get("half"), entry.get("key")
    least, most = entry.get("least", 0), entry.get("most", 100)
    if isinstance(full, (int, float)) and isinstance(half, (int, float)) and full > half:
        yield ("full",), "the tolerance for full marks is wider than the one for half"
    if all(isinstance(n, (int, float)) for n in (key, least, most)) and not least <= key <= most:
        yield ("key",), f"lies outside least..most ({least} to {most})"


def _path_faults(entry: dict[str, Any], scored: bool) -> Iterator[Fault]:
    steps, endings, start = _dict(entry.get("steps")), _dict(entry.get("endings")), entry.get("start")
    if isinstance(start, str) and start not in steps:
        yield ("start",), f"there is no step {start!r}"
    for name in steps:
        if name in endings:
            yield ("endings", name), f"{name!r} is a step and an ending; rename one"
    follows: dict[Any, list[Any]] = {}
    dangling = False
    for name, step in steps.items():
        loc: Loc = ("steps", name)
        options = _list(_dict(step).get("options"))
        yield from repeated_ids(options, (*loc, "options"), "option")
        if scored:
            yield from _best(_dict(step), loc)
        follows[name] = []
        for index, option in enumerate(options):
            after = _dict(option).get("next")
            if not isinstance(after, str):
                continue
            if after in steps or after in endings:
                follows[name].append(after)
            else:
                dangling = True
                yield (*loc, "options", index, "next"), f"there is no step or ending {after!r}"
    # While a choice leads nowhere, what it was meant to lead to is not at fault.
    if isinstance(start, str) and start in steps and not dangling:
        reached = _reach(start, follows)
        for name in steps:
            if name not in reached:
                yield ("steps", name), "no choice leads to this step"
        for name in endings:
            if name not in reached:
                yield ("endings", name), "no choice leads to this ending"
    for name in _on_a_cycle(follows):
        yield ("steps", name), "this step can lead back to itself, so the path need never end"


def _reach(start: Any, follows: dict[Any, list[Any]]) -> set[Any]:
    seen, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting.extend(follows.get(here, []))
    return seen


def _on_a_cycle(follows: dict[Any, list[Any]]) -> Iterator[Any]:
    for name in follows:
        if any(name in _reach(after, follows) for after in follows[name]):
            yield name


def citation_faults(entry: Any, bodies: Bodies | None, sources: Collection[str] | None) -> Iterator[Fault]:
    """Standards that no body lists, sources that ``references.bib`` lacks, a first standard of another profession.

    None stands for what could not be read, a file or a body: its own fault is enough.
    """
    entry = _dict(entry)
    profession = entry.get("profession")
    for index, citation in enumerate(_list(entry.get("standards"))):
        cite = _dict(citation).get("cite")
        if not isinstance(cite, str) or ":" not in cite:
            continue
        body, number = cite.split(":", 1)
        if bodies is None:
            continue
        if body not in bodies:
            yield ("standards", index, "cite"), f"chapters/standards.yml has no body {body!r}"
            continue
        code = bodies[body]
        if code is None:
            continue
        if number not in code["numbers"]:
            yield ("standards", index, "cite"), f"chapters/standards.yml lists no {number} under {body}"
        elif index == 0 and profession in PROFESSIONS and profession not in code["binds"]:
            yield (
                ("standards", 0, "cite"),
                f"the first standard must come from a code that covers a {profession}; {body} does not",
            )
    for index, source in enumerate(_list(entry.get("sources"))):
        if isinstance(source, str) and sources is not None and source not in sources:
            yield ("sources", index), f"references.bib has no entry {source!r}"


def twin_faults(entry: Any, chapter: str, known: dict[str, set[str] | None]) -> Iterator[Fault]:
    """A twin that is not there, or is the vignette itself; ``known`` has each chapter's ids, None if it is unread."""
    twin = _dict(entry).get("twin")
    if not isinstance(twin, str):
        return
    whole = twin if "/" in twin else f"{chapter}/{twin}"
    there = known.get(whole.partition("/")[0], set())
    if there is None:
        return
    if whole.partition("/")[2] not in there:
        yield ("twin",), f"there is no vignette {whole!r}"
    elif whole == f"{chapter}/{_dict(entry).get('id')}":
        yield ("twin",), "a vignette cannot be its own twin"
