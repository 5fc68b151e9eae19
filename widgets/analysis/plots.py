"""The report's plots as small SVGs, each with its alt text: they stand in an ``<img>`` and ask for nothing.

Nothing is told by colour alone: the course's bar is named, levels carry their number, points theirs.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..palette import LIGHT
from .estimate import shown

FONT = "font-family:system-ui,'Segoe UI',Roboto,sans-serif"
# Of a scale, its lower half in one colour and its upper in the other, the ends stronger; each cut has its number too.
SOFT = ((LIGHT["reader"], 0.4), (LIGHT["reader"], 0.18), (LIGHT["course"], 0.18), (LIGHT["course"], 0.4))


@dataclass(frozen=True)
class Plot:
    """A picture ``width`` by ``height`` pixels, and the same in words with its numbers."""

    svg: str
    alt: str
    width: int
    height: int

    @property
    def src(self) -> str:
        """As a ``data:`` URI."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


def _plot(body: Sequence[str], alt: str, width: int, height: int) -> Plot:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="{FONT}" font-size="12" fill="{LIGHT["ink"]}">' + "".join(body) + "</svg>"
    )
    return Plot(svg, alt, width, height)


def _rect(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}" fill="{fill}"{more}/>'


def _text(x: float, y: float, text: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, more: str = "") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{LIGHT["line"]}"{more}/>'


@dataclass(frozen=True)
class Bar:
    """One option: its letter, how many of how many, and whether it is the course's (None where nothing is scored)."""

    letter: str
    n: int
    of: int
    right: bool | None

    @property
    def share(self) -> float:
        return self.n / self.of if self.of else 0.0


def shares(bars: Sequence[Bar]) -> Plot:
    """A bar an option, 0 to 100 %."""
    height = 24 * len(bars) + 6
    body, words = [], []
    for place, bar in enumerate(bars):
        y = 24 * place + 4
        fill = LIGHT["course"] if bar.right else LIGHT["line"] if bar.right is None else LIGHT["reader"]
        body += [_text(12, y + 14, bar.letter, "middle", ' font-weight="600"'), _rect(26, y, 190, 18, LIGHT["card"])]
        body += [_rect(26, y, 190 * bar.share, 18, fill)]
        course = ", the course’s" if bar.right else ""
        body.append(_text(222, y + 14, f"{shown(bar.share, percent=True)}{' course' if bar.right else ''}"))
        words.append(f"{bar.letter} {shown(bar.share, percent=True)} ({bar.n} of {bar.of}{course})")
    return _plot(body, f"Share of each option: {'; '.join(words)}.", 310, height)


def stacks(rows: Sequence[tuple[str, Sequence[Bar]]], what: str) -> Plot:
    """One bar an option, cut by what it was given (a level, a rank, a group); the course's own cut is framed."""
    height = 28 * len(rows) + 4
    body, words = [], []
    for place, (letter, bars) in enumerate(rows):
        y, x = 28 * place + 4, 26.0
        body.append(_text(12, y + 15, letter, "middle", ' font-weight="600"'))
        said = []
        for index, bar in enumerate(bars):
            width = 274 * bar.share
            frame = f' stroke="{LIGHT["course"]}" stroke-width="2.5"' if bar.right else f' stroke="{LIGHT["paper"]}"'
            if bar.n:
                fill, opacity = SOFT[index % len(SOFT)]
                body.append(_rect(x + 1, y + 1, width - 2, 18, fill, f'{frame} fill-opacity="{opacity}"'))
            if width >= 13:
                body.append(_text(x + width / 2, y + 14, bar.letter, "middle"))
            x += width
            course = " (the course’s)" if bar.right else ""
            said.append(f"{bar.letter}{course} {shown(bar.share, percent=True)}")
        words.append(f"{letter}: {', '.join(said)}")
    return _plot(body, f"{what}, for each option. {'; '.join(words)}.", 310, height)


def item_map(points: Sequence[tuple[int, float, float]]) -> Plot:
    """Items by their numbers: facility from left to right, discrimination upwards."""
    width, height, left, top, wide, high = 460, 400, 50, 12, 388, 336
    low = min([-0.2, *(r for _, _, r in points)])

    def at(facility: float, r: float) -> tuple[float, float]:
        return left + wide * facility, top + high * (1 - (r - low) / (1 - low))

    body = [_rect(left, top, wide, high, LIGHT["card"])]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, _ = at(tick, 0)
        body += [_line(x, top + high, x, top + high + 5), _text(x, top + high + 19, f"{tick:.0%}", "middle")]
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        _, y = at(0, tick)
        dashes = ' stroke-dasharray="4 4"' if tick == 0.2 else ' stroke-opacity=".35"'
        body += [_line(left, y, left + wide, y, dashes if tick else ""), _text(left - 6, y + 4, f"{tick:.1f}", "end")]
    body.append(_text(left + wide / 2, height - 4, "agreement with the course (facility)", "middle"))
    body.append(
        f'<text transform="translate(14 {top + high / 2:.0f}) rotate(-90)" text-anchor="middle">discrimination</text>'
    )
    for number, facility, r in points:
        x, y = at(facility, r)
        fill = LIGHT["notice"] if r < 0 else LIGHT["course"]
        body.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="{LIGHT["paper"]}" stroke="{fill}" stroke-width="1.5"/>'
        )
        body.append(_text(x, y + 3.5, str(number), "middle", ' font-size="10"'))
    below = [str(number) for number, _, r in points if r < 0]
    alt = (
        f"{len(points)} items by agreement and discrimination. Agreement runs from "
        f"{min(f for _, f, _ in points):.0%} to {max(f for _, f, _ in points):.0%}; "
        f"{sum(r >= 0.2 for _, _, r in points)} items have a discrimination of .20 or more; "
        + (f"below 0 are items {', '.join(below)}." if below else "none is below 0.")
        + " The table of items has every number."
    )
    return _plot(body, alt, width, height)


def flow(names: Sequence[str], counts: Sequence[tuple[int, int, int]], right: Sequence[bool]) -> Plot:
    """From the first vote (left) to the second (right); ``counts`` are places in ``names``, from and to, and how many."""
    total = sum(n for _, _, n in counts)
    gap, height = 8, 24 * max(3, len(names)) + 40
    edge = 46 + 7 * max(len(name) for name in names)
    width = 220 + 2 * edge
    middle, end = width / 2, width - edge
    high = height - 24 - gap * (len(names) - 1)
    tops: list[list[float]] = []
    sizes: list[list[int]] = []
    for side in (0, 1):
        sizes.append([sum(n for *ends, n in counts if ends[side] == place) for place in range(len(names))])
        y, column = 20.0, []
        for size in sizes[side]:
            column.append(y)
            y += high * size / total + gap
        tops.append(column)
    body = [_text(edge - 12, 12, "first", "start"), _text(end + 12, 12, "second", "end")]
    reached = [list(tops[0]), list(tops[1])]
    for one, two, n in sorted(counts):
        thick = high * n / total
        y1, y2 = reached[0][one], reached[1][two]
        reached[0][one] += thick
        reached[1][two] += thick
        fill = LIGHT["course"] if right[two] else LIGHT["reader"]
        body.append(
            f'<path d="M{edge} {y1:.1f} C{middle} {y1:.1f} {middle} {y2:.1f} {end} {y2:.1f} V{y2 + thick:.1f} '
            f'C{middle} {y2 + thick:.1f} {middle} {y1 + thick:.1f} {edge} {y1 + thick:.1f} Z" fill="{fill}" fill-opacity=".35"/>'
        )
    for side, x, anchor, beside in ((0, edge - 12, "end", edge - 18), (1, end, "start", end + 18)):
        for place, name in enumerate(names):
            thick = high * sizes[side][place] / total
            if sizes[side][place]:
                fill = LIGHT["course"] if right[place] else LIGHT["reader"]
                body.append(_rect(x, tops[side][place], 12, thick, fill))
                body.append(_text(beside, tops[side][place] + thick / 2 + 4, f"{name} {sizes[side][place]}", anchor))
    stayed = sum(n for one, two, n in counts if one == two)
    moved = ", ".join(f"{n} from {names[one]} to {names[two]}" for one, two, n in sorted(counts) if one != two)
    alt = f"First to second vote of {total} people: {stayed} stayed{'; ' + moved if moved else ''}."
    return _plot(body, alt, width, height)


def lean(rows: Sequence[tuple[str, int, int]]) -> Plot:
    """For each zone or chapter how many differing answers were more distant (left) and closer (right)."""
    most = max([1, *(max(distant, closer) for _, distant, closer in rows)])
    height = 26 * len(rows) + 26
    body = [_text(268, 14, "more distant", "end"), _text(292, 14, "closer"), _line(280, 20, 280, height)]
    words = []
    for place, (name, distant, closer) in enumerate(rows):
        y = 26 * place + 24
        body += [
            _text(4, y + 14, name),
            _rect(280 - 120 * distant / most, y, 120 * distant / most, 18, LIGHT["reader"]),
        ]
        body += [_rect(280, y, 120 * closer / most, 18, LIGHT["course"])]
        body += [_text(276 - 120 * distant / most, y + 14, str(distant), "end")]
        body += [_text(284 + 120 * closer / most, y + 14, str(closer))]
        words.append(f"{name} {distant} more distant, {closer} closer")
    return _plot(body, f"Answers that differed from the course’s, by direction: {'; '.join(words)}.", 440, height)


def calibration(rows: Sequence[tuple[int, int, float, float, float | None]]) -> Plot:
    """For each certainty the window that it claims (a box) and what came (a dot); hidden where there are too few answers.

    A row: level, answers, the window's ends, and the share or None.
    """
    body, words = [], []
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x = 120 + 280 * tick
        body += [_line(x, 8, x, 128, ' stroke-opacity=".35"'), _text(x, 146, f"{tick:.0%}", "middle")]
    for place, (level, n, low, high, share) in enumerate(rows):
        y = 38 * place + 14
        body += [_text(4, y + 18, f"certainty {level} ({n})")]
        body.append(
            _rect(120 + 280 * low, y, 280 * (high - low), 26, LIGHT["course-soft"], f' stroke="{LIGHT["course"]}"')
        )
        claim = f"claims {low:.0%} to {high:.0%}"
        if share is None:
            words.append(f"certainty {level} {claim}, hidden with {n} answers")
            continue
        body.append(f'<circle cx="{120 + 280 * share:.1f}" cy="{y + 13}" r="7" fill="{LIGHT["reader"]}"/>')
        words.append(f"certainty {level} {claim}, {share:.0%} came over {n} answers")
    return _plot(body, f"How sure, and how often in agreement: {'; '.join(words)}.", 430, 152)
