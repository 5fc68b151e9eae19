"""A reader's events for tests: builders for writing them short, strategies for having many."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import strategies as st

Event = dict[str, Any]
_numbers = count(1)


# Builders: a time is "2026-11-23" for noon of that day, or "2026-11-23T09:30:00Z".


def event(kind: str, time: str, **fields: Any) -> Event:
    whole = time if "T" in time else f"{time}T12:00:00Z"
    return {"id": f"event-{next(_numbers):06}", "kind": kind, "time": whole, **fields}


def attempt(item: str, time: str, share: float | None = 1, **fields: Any) -> Event:
    """Four marks an item; without ``share`` the item is open."""
    verdict = "open" if share is None else "match" if share == 1 else "close" if share >= 0.5 else "apart"
    graded = {
        "answer": "a",
        "certainty": None,
        "marks": 4 * (share or 0),
        "out_of": 0 if share is None else 4,
        "verdict": verdict,
        "share": share,
        "lean": None,
        "ending": None,
    }
    return event("attempt", time, item=item, **{**graded, **fields})


def reveal(item: str, time: str) -> Event:
    return event("reveal", time, item=item)


def say(item: str, time: str, text: str) -> Event:
    return event("say", time, item=item, text=text)


def dissent(item: str, time: str, text: str, *, share_it: bool = True) -> Event:
    return event("dissent", time, item=item, text=text, share_it=share_it)


def reset(time: str, scope: str = "all", target: str = "") -> Event:
    return event("reset", time, scope=scope, target=target)


def draw(time: str, first: str) -> Event:
    return event("check", time, first=first)


def item(id: str, **fields: Any) -> dict[str, Any]:
    """An item as ``summary`` takes it: scored, in zone B, of no check."""
    usual = {
        "chapter": id.split("/")[0],
        "zone": "B",
        "profession": "psychologist",
        "core": False,
        "format": "best",
        "scored": True,
        "twin": None,
        "crisis": False,
        "certain": False,
        "form": None,
    }
    return {"id": id, **usual, **fields}


# Strategies. Few ids, days and seconds, so that events meet.

ITEMS = [
    item("one/a", zone="A", core=True, twin="one/b", certain=True),
    item("one/b", zone="A", twin="one/a", certain=True),
    item("one/c", zone="C", scored=False, format="pick"),
    item("one/d", format="say"),
    item("two/a", zone="C", core=True, format="path", profession="counselor"),
    item("two/b", crisis=True, core=True),
    *(item(f"check/{form}{n}", form=form) for form in "ab" for n in range(3)),
]
ids = st.sampled_from([entry["id"] for entry in ITEMS] + ["gone/a"])
times = st.builds(
    "2026-{:02}-{:02}T{:02}:00:0{}Z".format,
    st.sampled_from((2, 3, 12)),
    st.sampled_from((1, 2, 8, 28)),
    st.sampled_from((0, 23)),
    st.integers(0, 3),
)
shares = st.sampled_from((0, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1))
texts = st.text(max_size=6) | st.sampled_from(
    ("", "<b>no</b>", "naïve 日本 😀", 'a "quote" \\ \n', "\u2028", "\x00\x1f\x7f")
)
answers = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def _answers_of_a_record(answer: Any, levels: int = 3) -> bool:
    if not isinstance(answer, (list, dict)):
        return True
    inner = answer.values() if isinstance(answer, dict) else answer
    return levels > 0 and all(_answers_of_a_record(value, levels - 1) for value in inner)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """One that the schema has, now and then with a field that it does not name."""
    kind = draw(st.sampled_from(("attempt",) * 5 + ("reveal", "say", "dissent", "reset", "check")))
    made: Event = {"id": draw(st.builds("event-{:03}".format, st.integers(0, 40))), "kind": kind, "time": draw(times)}
    if kind == "attempt":
        share = draw(shares | st.none())
        made |= {
            "answer": draw(answers.filter(_answers_of_a_record)),
            "certainty": draw(st.sampled_from((None, 1, 2, 3))),
        }
        made |= {"marks": 4 * (share or 0), "out_of": 0 if share is None else 4, "share": share}
        made |= {"verdict": draw(st.sampled_from(("match", "close", "apart", "open")))}
        made |= draw(st.sampled_from(({}, {"version": "0a1b2c3d"})))
        made |= {"lean": draw(st.sampled_from((None, -1, -0.25, 0, 0.5, 1))), "ending": draw(st.none() | texts)}
    if kind == "reset":
        scope, target = draw(
            st.sampled_from((("all", ""), ("chapter", "one"), ("chapter", "check"), ("item", "two/a")))
        )
        made |= {"scope": scope, "target": target}
    elif kind == "check":
        made["first"] = draw(st.sampled_from("ab"))
    else:
        made["item"] = draw(ids)
    if kind in ("say", "dissent"):
        made["text"] = draw(texts)
    if kind == "dissent":
        made["share_it"] = draw(st.booleans())
    if draw(st.integers(0, 9)) == 0:
        made["from-another-version"] = draw(texts)
    return made


records = st.lists(events(), max_size=30)
