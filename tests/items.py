"""Items and answers for tests: builders for writing them short, generators for having many.

The generators take a ``random.Random``, so a seed is a test case; the strategies at the end hand them hypothesis's.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

FORMATS = ("best", "pick", "rate", "rank", "sort", "mark", "estimate", "path")
LEVELS = (1, 2, 3, 4)

Item = dict[str, Any]


# Builders: `best(a=4, b=0)` for `{"format": "best", "options": [{"id": "a", "marks": 4}, …]}`.


def best(**marks: int) -> Item:
    return {"format": "best", "options": _each("marks", marks)}


def pick(choose: int | str, **keyed: bool | None) -> Item:
    return {"format": "pick", "choose": choose, "options": _each("keyed", keyed)}


def rate(**keys: int | list[int] | tuple[int, ...]) -> Item:
    """A level, a list of defensible levels, or a panel's four counts as a tuple."""
    options = [{"id": id, "panel" if isinstance(key, tuple) else "key": _plain(key)} for id, key in keys.items()]
    return {"format": "rate", "options": options}


def rank(**keys: int) -> Item:
    return {"format": "rank", "options": _each("key", keys)}


def sort(categories: list[str], **keys: str | list[str]) -> Item:
    return {"format": "sort", "categories": categories, "options": _each("key", keys)}


def mark(**keyed: bool | None) -> Item:
    return {"format": "mark", "spans": _each("keyed", keyed)}


def estimate(key: float, full: float = 0, half: float = 0) -> Item:
    return {"format": "estimate", "key": key, "full": full, "half": half}


def path(steps: dict[str, dict[str, tuple[int, str]]], *endings: str) -> Item:
    """Steps as ``{"step": {"option": (marks, "next")}}``; the first one is the start."""
    graph = {
        step: {"options": [{"id": id, "marks": marks, "next": after} for id, (marks, after) in options.items()]}
        for step, options in steps.items()
    }
    return {
        "format": "path",
        "start": next(iter(steps)),
        "steps": graph,
        "endings": {id: f"How {id} turns out." for id in endings},
    }


def with_stances(item: Item, **stances: int) -> Item:
    for option in _all_options(item):
        if option["id"] in stances:
            option["stance"] = stances[option["id"]]
    return item


def _each(field: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": id, field: value} for id, value in values.items()]


def _plain(key: Any) -> Any:
    return list(key) if isinstance(key, tuple) else key


def _all_options(item: Item) -> list[dict[str, Any]]:
    steps = item.get("steps", {}).values()
    return item.get("options", []) + [option for step in steps for option in step["options"]]


# Generators.

IDS = ("a", "b", "keep-away", "say-no", "x1", "Z", "naïve", "日本", "quote's", 'double"', "100%", "😀", "a b", "\u2028")
SPOILT = (None, True, False, 2.0, 1.5, "2", "", "nobody", 0, -1, 9, 10**20, 1e16, -1e300, [], [1], {}, {"a": 1})


def some_item(format: str, random: Random, *, scored: bool | None = None) -> Item:
    """An item that the bank would pass; one in ten is not scored unless ``scored`` says."""
    ids = random.sample(IDS, random.randint(2, 6))
    item = _ITEMS[format](ids, random)
    for option in _all_options(item):
        if random.random() < 0.4:
            option["stance"] = random.randint(-2, 2)
    if scored is False or (scored is None and random.random() < 0.1):
        item["scored"] = False
    return item


def _some_marks(ids: list[str], random: Random) -> dict[str, int]:
    return {**{id: random.randint(0, 4) for id in ids}, random.choice(ids): random.randint(1, 4)}


def _some_pick(ids: list[str], random: Random) -> Item:
    keyed = set(random.sample(ids, random.randint(0, len(ids))))
    choose: int | str = random.randint(1, len(keyed)) if keyed and random.random() < 0.5 else "any"
    return pick(choose, **{id: id in keyed for id in ids})


def _some_level(random: Random) -> int | list[int] | tuple[int, ...]:
    key = random.choice(LEVELS)
    side = random.choice(([1, 2], [3, 4], [2, 1]))
    panel = [random.choice((0, 1, 2, 5, 11)) for _ in LEVELS]
    panel[random.randrange(4)] += 1
    return random.choice((key, key, [key], side, tuple(panel)))


def _some_rank(ids: list[str], random: Random) -> Item:
    return rank(**dict(zip(ids, random.sample(range(1, len(ids) + 1), len(ids)), strict=True)))


def _some_sort(ids: list[str], random: Random) -> Item:
    groups = random.sample(IDS, random.randint(2, 4))
    keys = {id: random.sample(groups, random.choice((1, 1, 1, 2))) for id in ids}
    return sort(groups, **{id: key if len(key) > 1 else key[0] for id, key in keys.items()})


def _some_estimate(_: list[str], random: Random) -> Item:
    key = random.choice((0, 25, 0.1, -3.7, 1_000_000, random.uniform(-100, 100)))
    full = random.choice((0, 0.1, 1, 2.5))
    return estimate(key, full, full + random.choice((0, 0.2, 5)))


def _some_path(ids: list[str], random: Random) -> Item:
    """Steps that lead only onwards, so that the path ends."""
    names = random.sample(IDS, random.randint(2, 6))
    endings = names[-random.randint(1, len(names) - 1) :]
    count = len(names) - len(endings)
    steps = {}
    for place in range(count):
        options = random.sample(ids, random.randint(2, len(ids)))
        marks = _some_marks(options, random)
        steps[names[place]] = {id: (marks[id], random.choice(names[place + 1 :])) for id in options}
    return path(steps, *endings)


_ITEMS = {
    "best": lambda ids, random: best(**_some_marks(ids, random)),
    "pick": _some_pick,
    "rate": lambda ids, random: rate(**{id: _some_level(random) for id in ids}),
    "rank": _some_rank,
    "sort": _some_sort,
    "mark": lambda ids, random: mark(**{id: random.choice((True, False, None)) for id in ids}),
    "estimate": _some_estimate,
    "path": _some_path,
}


def good_answer(item: Item, random: Random) -> Any:
    """An answer that the grader takes: full or partial, near the key or far from it."""
    format = item["format"]
    if format == "estimate":
        off = random.choice((0, item["full"], item["half"], item["half"] + 1, random.uniform(0, 8)))
        return item["key"] + random.choice((-1, 1)) * off
    if format == "path":
        return _walk(item, random)
    ids = [option["id"] for option in item["spans" if format == "mark" else "options"]]
    if format == "best":
        return random.choice(ids)
    if format in ("pick", "mark"):
        return random.sample(ids, random.randint(0, len(ids)))
    if format == "rank" and random.random() < 0.4:
        return dict(zip(ids, random.sample(range(1, len(ids) + 1), len(ids)), strict=True))
    values = {"rate": LEVELS, "rank": range(1, len(ids) + 1), "sort": item.get("categories")}[format]
    return {id: random.choice(values) for id in random.sample(ids, random.randint(1, len(ids)))}


def _walk(item: Item, random: Random) -> list[str]:
    taken, here = [], item["start"]
    while here in item["steps"] and (not taken or random.random() < 0.8):
        option = random.choice(item["steps"][here]["options"])
        taken.append(option["id"])
        here = option["next"]
    return taken


def bad_answer(item: Item, random: Random) -> Any:
    """Most often an answer that the grader must refuse; sometimes one that it takes after all."""
    answer = good_answer(item, random)
    spoilt = random.choice(SPOILT)
    if random.random() < 0.3:
        return spoilt
    if isinstance(answer, list):
        extra = random.choice((spoilt, random.choice(IDS), *answer[:1]))
        answer.insert(random.randint(0, len(answer)), extra)
        return answer
    if isinstance(answer, dict):
        id = random.choice((*answer, *answer, random.choice(IDS)))
        return {**answer, id: spoilt}
    return random.choice((spoilt, [answer], {"answer": answer}, str(answer) + " "))


def broken(item: Item, random: Random) -> Item:
    """The item with one piece of it missing or replaced."""
    item = {**item}
    place: Any = item
    while True:
        key = random.choice(list(place) if isinstance(place, dict) else range(len(place)))
        inner = place[key]
        if isinstance(inner, (dict, list)) and inner and random.random() < 0.8:
            place[key] = place = inner.copy()
        elif random.random() < 0.5:
            del place[key]
            return item
        else:
            place[key] = random.choice(SPOILT)
            return item


# Strategies.

texts = st.text(max_size=5) | st.sampled_from(IDS)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def items(draw: st.DrawFn, *formats: str, scored: bool | None = None) -> Item:
    format = draw(st.sampled_from(formats or FORMATS))
    return some_item(format, draw(st.randoms(use_true_random=False)), scored=scored)


@st.composite
def answers(draw: st.DrawFn, item: Item) -> Any:
    """Good, bad, or any JSON value at all."""
    random = draw(st.randoms(use_true_random=False))
    if draw(st.booleans()):
        return draw(json_values)
    return draw(st.sampled_from((good_answer, bad_answer)))(item, random)
