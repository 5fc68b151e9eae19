"""What a reader scores who never reads the scene: a good item gives such a reader no more than luck.

Each *blind rule* answers an item from the look of its options alone. ``measure`` compares the mean share of each with
that of a random answer; ``key_positions`` asks whether the course's answer stands in each place equally often.
The bound of ten points is the course's own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from .bank import Bank, Vignette
from .grading import grade

BOUND = 0.10  # how far a blind rule's mean share may lie from a random answer's
# Upper 5 % points of the chi-square distribution by degrees of freedom.
CHI_SQUARE_5 = {1: 3.841, 2: 5.991, 3: 7.815, 4: 9.488, 5: 11.070}
REFERRING = re.compile(r"supervis|consult|refer|document", re.IGNORECASE)
HEDGED = re.compile(
    r"\b(may|might|could|perhaps|maybe|possibly|probably|gently|carefully|a little|a bit|briefly|for now|sometimes|"
    r"usually|if (?:he|she|they|you) (?:want|wish|like)s?)\b",
    re.IGNORECASE,
)
ZONE_RULE = "step back in A, step in in C"
Order = Callable[[Sequence[Any]], list[int]]


def _by(score: Callable[[Any], float]) -> Callable[[Sequence[Any]], list[int]]:
    """Options ranked by a score, highest first; in listed order where it is equal."""
    return lambda options: sorted(range(len(options)), key=lambda i: -score(options[i]))


# Each rule puts the options in the order in which it would take them, or gives up (an empty list).
RULES: dict[str, Order] = {
    "the first": lambda options: list(range(len(options))),
    "the last": lambda options: list(reversed(range(len(options)))),
    "the longest": _by(lambda option: len(option.text)),
    "the shortest": _by(lambda option: -len(option.text)),
    "consult, refer, document": lambda options: (
        _by(lambda option: len(REFERRING.findall(option.text)))(options)
        if any(REFERRING.search(option.text) for option in options)
        else []
    ),
    "the most hedged": lambda options: (
        _by(lambda option: len(HEDGED.findall(option.text)))(options)
        if any(HEDGED.search(option.text) for option in options)
        else []
    ),
}


@dataclass(frozen=True)
class Tell:
    """One blind rule: the mean share it wins, a random answer's on the same items, and on how many items."""

    rule: str
    share: float
    random: float
    items: int

    @property
    def gap(self) -> float:
        """How much more than a random answer the rule wins, -1 to 1."""
        return self.share - self.random


def answers(vignette: Vignette) -> Iterator[Any]:
    """Every complete answer to a `best`, `pick`, `rank` or `mark` item."""
    entry: Any = vignette.entry
    if entry.format == "mark":
        spans = [span.id for span in entry.spans]
        yield from (list(some) for n in range(len(spans) + 1) for some in itertools.combinations(spans, n))
        return
    ids = [option.id for option in entry.options]
    if entry.format == "best":
        yield from ids
    elif entry.format == "pick" and entry.choose == "any":
        yield from (list(some) for n in range(len(ids) + 1) for some in itertools.combinations(ids, n))
    elif entry.format == "pick":
        yield from (list(some) for some in itertools.combinations(ids, entry.choose))
    else:
        yield from (dict(zip(order, range(1, len(ids) + 1), strict=True)) for order in itertools.permutations(ids))


def share(vignette: Vignette, answer: Any) -> float:
    assert vignette.item is not None
    return float(grade(vignette.item, answer)["share"])


def random_share(vignette: Vignette) -> float:
    """The mean share of all complete answers, each as likely as any other."""
    return fmean(share(vignette, answer) for answer in answers(vignette))


def _answer(vignette: Vignette, order: list[int]) -> Any:
    """The answer that takes the options in ``order``."""
    entry: Any = vignette.entry
    ids = [entry.options[i].id for i in order]
    if entry.format == "best":
        return ids[0]
    if entry.format == "pick":
        return ids[: 1 if entry.choose == "any" else entry.choose]
    return {id: place for place, id in enumerate(ids, start=1)}


def _by_zone(vignette: Vignette) -> float | None:
    """Step back in A, step in in C: rule out what is closer (in C, more distant), and take any of the rest.

    Stances are counted from the course's answer, so *the most distant* could not be it; ruling out a side is what a
    reader who goes by the zone alone can do.
    """
    entry: Any = vignette.entry
    direction = {"A": -1, "B": 0, "C": 1}[entry.zone]
    if entry.format != "best" or not direction or any(option.stance is None for option in entry.options):
        return None
    return fmean(share(vignette, option.id) for option in entry.options if direction * option.stance >= 0)


def measure(bank: Bank) -> list[Tell]:
    """Each blind rule over all scored `best`, `pick` and `rank` items; where it gives up, a random answer stands in."""
    items = [v for v in bank.values() if v.entry.format in ("best", "pick", "rank") and v.entry.basis != "open"]
    if not items:
        return []
    luck = {v.key: random_share(v) for v in items}
    found = []
    for name, rule in RULES.items():
        orders = {v.key: rule(v.entry.options) for v in items}  # type: ignore[union-attr]
        won = [share(v, _answer(v, orders[v.key])) if orders[v.key] else luck[v.key] for v in items]
        found.append(Tell(name, fmean(won), fmean(luck.values()), len(items)))
    by_zone = [luck[v.key] if (won_here := _by_zone(v)) is None else won_here for v in items]
    return [*found, Tell(ZONE_RULE, fmean(by_zone), fmean(luck.values()), len(items))]


def along_paths(bank: Bank) -> list[Tell]:
    """The same rules at every decision of the scored paths, each out of the best that was open there."""
    paths: list[Any] = [v.entry for v in bank.values() if v.entry.format == "path" and v.entry.basis != "open"]
    steps = [step.options for entry in paths for step in entry.steps.values()]
    if not steps:
        return []
    worth = [[(o.marks or 0) / max(other.marks or 0 for other in options) for o in options] for options in steps]
    luck = [fmean(shares) for shares in worth]
    found = []
    for name, rule in RULES.items():
        orders = [rule(options) for options in steps]
        won = [shares[order[0]] if order else mean for shares, order, mean in zip(worth, orders, luck, strict=True)]
        found.append(Tell(f"in a path: {name}", fmean(won), fmean(luck), len(steps)))
    return found


def constant(bank: Bank) -> list[Tell]:
    """What one answer for everything wins: a level throughout a `rate` item, all or nothing of a `mark` item."""
    found = []
    rates = [v for v in bank.values() if v.entry.format == "rate" and v.entry.basis != "open"]
    marks = [v for v in bank.values() if v.entry.format == "mark" and v.entry.basis != "open"]
    if rates:
        by_level = {n: [share(v, {o.id: n for o in v.entry.options}) for v in rates] for n in (1, 2, 3, 4)}  # type: ignore[union-attr]
        mean = fmean(itertools.chain(*by_level.values()))
        names = {1: "everything very inappropriate", 2: "everything inappropriate", 3: "everything appropriate"}
        for level, shares in by_level.items():
            found.append(Tell(names.get(level, "everything very appropriate"), fmean(shares), mean, len(rates)))
    if marks:
        whole = [share(v, [s.id for s in v.entry.spans]) for v in marks]  # type: ignore[union-attr]
        none = [share(v, []) for v in marks]
        luck = fmean(random_share(v) for v in marks)
        found.append(Tell("mark everything", fmean(whole), luck, len(marks)))
        found.append(Tell("mark nothing", fmean(none), luck, len(marks)))
    return found


def key_positions(bank: Bank) -> tuple[list[float], list[float], float]:
    """Where the course's answer stands among a `best` item's options.

    Returns how often in each place (ties shared), how often chance would put it there, and the chi-square statistic,
    to be held against ``CHI_SQUARE_5`` for one degree of freedom less than there are places.
    """
    observed, expected = [0.0] * 6, [0.0] * 6
    for vignette in bank.values():
        entry: Any = vignette.entry
        if entry.format != "best" or entry.basis == "open":
            continue
        best = max(option.marks for option in entry.options)
        winners = [i for i, option in enumerate(entry.options) if option.marks == best]
        for i in range(len(entry.options)):
            expected[i] += 1 / len(entry.options)
            observed[i] += (i in winners) / len(winners)
    places = [i for i in range(6) if expected[i] > 0]
    statistic = sum((observed[i] - expected[i]) ** 2 / expected[i] for i in places)
    return [observed[i] for i in places], [expected[i] for i in places], statistic
