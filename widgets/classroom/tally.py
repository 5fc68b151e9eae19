"""What a class's answers to one item add up to, by its format; never who gave which, and nothing for fewer than five.

A show of hands mixes with phones. It was seen by everyone in the room, so taking it away from the sum would tell what
the phones said: phones are added only where they alone are five or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .messages import MOST_PEOPLE, Refused

FEWEST = 5  # answers; of fewer, nobody could say that theirs cannot be told
LEVELS = (1, 2, 3, 4)
FIELDS = {
    "best": "counts",
    "pick": "counts",
    "mark": "counts",
    "rate": "levels",
    "rank": "places",
    "sort": "groups",
    "estimate": "values",
    "path": "first",
}
SEVERAL_HANDS = ("pick", "mark")  # here one person may raise a hand for several options, or for none

Item = Mapping[str, Any]


def of(
    item: Item | None, answers: Iterable[Any], raised: Mapping[str, Any] | None = None, *, crisis: bool = False
) -> dict[str, Any]:
    """The tally of ``answers``, one a phone, and of a show of hands, ``{"n": people, "counts": …}``.

    ``item`` is the grader's, or None for a *say* prompt. Returns ``n``, ``phones``, ``hands``, ``format`` and, by
    format: ``counts`` {option: n}; ``levels`` {option: [n at level 1 … 4]}; ``places`` {option: [n at place 1 … k]};
    ``groups`` {option: {category: n}}; ``values`` sorted numbers; ``first`` {option: n} with ``endings`` {ending: n}.
    Fewer than five answers: ``n`` and ``too_few``. A crisis scene and a *say* prompt: ``n``. Fewer than five phones
    beside five hands or more: the hands alone, and ``held_back``, how many phones were left out.
    """
    given = list(answers)
    people = int(raised["n"]) if raised else 0
    total = {"n": len(given) + people}
    if item is None or crisis:
        return total
    held = len(given) if 0 < len(given) < FEWEST else 0
    if held:
        given = []
    if len(given) + people < FEWEST:
        return {**total, "too_few": True}
    body = _empty(item)
    for answer in given:
        _ADD[item["format"]](body, item, answer)
    if raised:
        _merge(body, item, raised["counts"])
    if "values" in body:
        body["values"].sort()
    tally = {"format": item["format"], "n": len(given) + people, "phones": len(given), "hands": people, **body}
    return {**tally, "held_back": held} if held else tally


def hands(item: Item, counts: Mapping[str, Any], n: int | None = None) -> dict[str, Any]:
    """A show of hands as ``of`` takes it; raises Refused, with what to change, for one that does not fit the item.

    ``counts`` has the shape of the tally's own field; an estimate's is ``{"12.5": n}``, a path's the first decision's
    options. ``n`` is how many people took part; without it, as many as must have raised a hand, except for ``pick`` and
    ``mark``, where that cannot be told.
    """
    checked = {key: _checked(item, key, value) for key, value in counts.items()}
    format = item["format"]
    by_option = [_people(value) for value in checked.values()]
    # In these each person raises one hand; in the others one for each option.
    alone = format in ("best", "path", "estimate")
    least = sum(by_option) if alone else max(by_option, default=0)
    if n is None and least and format in SEVERAL_HANDS:
        raise Refused(
            422,
            "Say how many people took part as well: each may raise a hand for several answers or for none, so the "
            "counts do not tell.",
        )
    if n is None:
        n = least
    if format == "estimate" and n and not least:
        raise Refused(422, "Count an estimate’s hands by number, such as 25: 3, and not only the people.")
    if n < least:
        raise Refused(422, f"{least} hands were counted, more than the {n} people. Count again.")
    return {"n": n, "counts": checked}


def _empty(item: Item) -> dict[str, Any]:
    format, ids = item["format"], _ids(item)
    match format:
        case "rate":
            return {"levels": {id: [0] * len(LEVELS) for id in ids}}
        case "rank":
            return {"places": {id: [0] * len(ids) for id in ids}}
        case "sort":
            return {"groups": {id: dict.fromkeys(item["categories"], 0) for id in ids}}
        case "estimate":
            return {"values": []}
        case "path":
            return {"first": dict.fromkeys(ids, 0), "endings": dict.fromkeys(item["endings"], 0)}
        case _:
            return {"counts": dict.fromkeys(ids, 0)}


def _ids(item: Item) -> list[str]:
    if item["format"] == "estimate":
        return []
    options = item["steps"][item["start"]]["options"] if item["format"] == "path" else item.get("options")
    return [option["id"] for option in options or item["spans"]]


def _one(body: dict[str, Any], item: Item, answer: Any) -> None:
    body["counts"][answer] += 1


def _several(body: dict[str, Any], item: Item, answer: Any) -> None:
    for id in answer:
        body["counts"][id] += 1


def _numbered(field: str) -> Any:
    def add(body: dict[str, Any], item: Item, answer: Any) -> None:
        for id, number in answer.items():
            body[field][id][number - 1] += 1

    return add


def _grouped(body: dict[str, Any], item: Item, answer: Any) -> None:
    for id, category in answer.items():
        body["groups"][id][category] += 1


def _number(body: dict[str, Any], item: Item, answer: Any) -> None:
    body["values"].append(answer)


def _walked(body: dict[str, Any], item: Item, answer: Any) -> None:
    body["first"][answer[0]] += 1
    here = item["start"]
    for id in answer:
        here = next(option["next"] for option in item["steps"][here]["options"] if option["id"] == id)
    if here in body["endings"]:
        body["endings"][here] += 1


_ADD: dict[str, Any] = {
    "best": _one,
    "pick": _several,
    "mark": _several,
    "rate": _numbered("levels"),
    "rank": _numbered("places"),
    "sort": _grouped,
    "estimate": _number,
    "path": _walked,
}


def _merge(body: dict[str, Any], item: Item, counts: Mapping[str, Any]) -> None:
    field = FIELDS[item["format"]]
    place = body[field]
    for key, value in counts.items():
        if field == "values":
            place.extend([float(key)] * value)
        elif isinstance(value, list):
            place[key] = [a + b for a, b in zip(place[key], value, strict=True)]
        elif isinstance(value, Mapping):
            for category, n in value.items():
                place[key][category] += n
        else:
            place[key] += value


def _checked(item: Item, key: str, value: Any) -> Any:
    """One option's count, in its format's shape."""
    format, ids = item["format"], _ids(item)
    if format == "estimate":
        try:
            number = float(key)
        except ValueError:
            number = float("nan")
        if not abs(number) <= 1e15:
            raise Refused(422, "Count an estimate's hands by number, such as 25.")
        return _count(value)
    if key not in ids:
        raise Refused(422, f"That is not one of the options here: {', '.join(ids)}.")
    if format in ("rate", "rank"):
        places = len(LEVELS) if format == "rate" else len(ids)
        if not isinstance(value, list) or len(value) != places:
            raise Refused(
                422, f"Give each option {places} counts, one for each {'level' if format == 'rate' else 'place'}."
            )
        return [_count(n) for n in value]
    if format == "sort":
        if not isinstance(value, Mapping) or any(category not in item["categories"] for category in value):
            raise Refused(422, f"Count each option's hands by group: {', '.join(item['categories'])}.")
        return {category: _count(n) for category, n in value.items()}
    return _count(value)


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST_PEOPLE:
        raise Refused(422, f"A count of hands is a whole number from 0 to {MOST_PEOPLE:,}.")
    return value


def _people(value: Any) -> int:
    return sum(value.values()) if isinstance(value, dict) else sum(value) if isinstance(value, list) else int(value)
