"""The instructor's panel: never on the wall. Hands to count, a look at the first vote, reasons to let through, groups."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets

from .. import charts, votes
from ..bank import Vignette
from ..present import PresentWidget
from ..said import LABELS
from .errors import RoomError
from .messages import MOST_PEOPLE
from .pulse import Pulse
from .room import Room
from .tally import SEVERAL_HANDS

PRIVATE = "<b>For you, not for the wall.</b> Keep this on your own screen; put the presentation in its own window."
SEVERAL = "<b>People</b> is needed here: one person may raise a hand for several answers, or for none."
Counts = dict[str, Any]
_VOTE_AT = {"scene": 1, "think": 1, "vote1": 1, "vote2": 2, "reasons": 2}
IMAGE = '<img src="{src}" alt="{alt}" style="max-width: 100%">'


class Panel(ipywidgets.VBox):  # type: ignore[misc]
    """What an instructor does beside the presentation ``show``; with a ``room``, also what phones bring."""

    def __init__(self, show: PresentWidget, room: Room | None = None) -> None:
        self._show, self._room = show, room
        self._drawn: str | None = None
        self._at: tuple[str | None, str] | None = None  # where the wall was at the last look
        self._pulse = Pulse(self.refresh)
        self._read: Callable[[], Counts] = dict
        self._where, self._said = ipywidgets.HTML(), ipywidgets.HTML()
        self.vote = ipywidgets.ToggleButtons(
            options=[("first vote", 1), ("second vote", 2)], style={"button_width": "9em"}
        )
        self.counts = ipywidgets.VBox()
        self.people = ipywidgets.BoundedIntText(0, 0, MOST_PEOPLE, description="people", layout={"width": "14em"})
        self.several = ipywidgets.HTML()
        self.seen = ipywidgets.HTML()
        self.reasons = ipywidgets.VBox()
        self.ask = ipywidgets.Checkbox(False, description="Ask for a reason with the next vote", indent=False)
        self.ask.observe(self._asks, "value")
        parts: list[Any] = [
            ipywidgets.HTML(words(PRIVATE)),
            self._where,
            ipywidgets.HBox([_button("‹ Back", self._once(show.back)), _button("Next ›", self._once(show.next))]),
            _button("Look at the first vote", self.look, "It stays here; the wall shows nothing of it"),
            self.seen,
            ipywidgets.HTML("<p><b>Hands</b></p>"),
            self.vote,
            self.counts,
            self.several,
            ipywidgets.HBox([self.people, _button("Count these hands", self.count)]),
        ]
        if room:
            parts += [
                ipywidgets.HTML("<p><b>Phones</b></p>"),
                self.ask,
                ipywidgets.HBox(
                    [_button("Read the reasons", self.read_reasons), _button("Suggest tables of four", self.seat)]
                ),
                self.reasons,
            ]
        super().__init__([*parts, self._said, self._pulse])
        self.refresh()

    def _once(self, move: Callable[[], None]) -> Callable[[], None]:
        """The move, but not for a press before the panel has shown what the one before did: a step cannot be undone."""

        def press() -> None:
            if not self._pulse.waits:
                move()
                self.refresh()
                self._pulse.call()

        return press

    def refresh(self) -> None:
        """How things stand now; the boxes for hands follow the item that is on the wall."""
        item, step = self._show.item, self._show.step
        title = html.escape(self._show.title or item or "")
        line = f"{title}: {LABELS.get(step, 'before the first scene')}." if item else f"{title}."
        if self._room:
            state = self._room.state()
            votes_now = state.get("votes", {})
            line += (
                f" Code {self._room.code}. {state['phones']} phones joined, {state['here']} here."
                f" Voted: {votes_now.get('1', 0)} first, {votes_now.get('2', 0)} second."
                f" {html.escape(str(state.get('notice', '')))}"
            )
        line = words(line)
        if line != self._where.value:
            self._where.value = line
        if item != self._drawn:
            self._drawn = item
            self.counts.children, self._read = boxes(self._show.vignette) if item else ((), dict)
            self.people.value, self.seen.value, self.reasons.children = 0, "", ()
            self._said.value = ""
            self.several.value = words(SEVERAL) if item and _takes_several(self._show.vignette) else ""
        if (item, step) != self._at:  # and not each second: what was chosen by hand stays until the wall moves
            self._at = (item, step)
            if step in _VOTE_AT:
                self.vote.value = _VOTE_AT[step]

    def look(self) -> None:
        """The first vote and what it says about the next step; it is hidden by a second press, and at the next item."""
        if self.seen.value:
            self.seen.value = ""
            return
        with self._saying():
            vignette = self._show.vignette
            advice, first = self._show.look(), self._show.first_vote()
            drawing = charts.drawing(vignette, [first] if "format" in first else [])
            picture = IMAGE.format(src=drawing["src"], alt=html.escape(drawing["alt"])) if "src" in drawing else ""
            self.seen.value = words(html.escape(advice.says)) + picture

    def count(self) -> None:
        """Add what is typed to the vote, in place of what was counted before."""
        with self._saying(f"Counted for the {LABELS[f'vote{self.vote.value}'].lower()}."):
            self._show.hands(self._read(), self.vote.value, self.people.value or None)

    def seat(self) -> None:
        with self._saying():
            assert self._room
            tables = ", ".join(f"{t['n']} at table {t['table']}" for t in self._room.tables())
            self._said.value = f"Each phone shows its table: {tables}." if tables else "No phone is here to be seated."

    def read_reasons(self) -> None:
        """All reasons that were sent; a tick lets one through to the phones, from the step *reasons* on."""
        with self._saying():
            assert self._room
            given = self._room.reasons()
            self.reasons.children = [self._reason(one) for one in given] or [ipywidgets.HTML("No reason was sent.")]

    def _reason(self, one: dict[str, Any]) -> Any:
        tick = ipywidgets.Checkbox(one["shown"], description="let through", indent=False, layout={"width": "9em"})

        def through(change: Any) -> None:
            with self._saying():
                assert self._room
                self._room.let_through(one["id"], change.new)

        tick.observe(through, "value")
        vote = LABELS[f"vote{one['vote']}"].lower()
        # Label, not HTML: what somebody wrote is text.
        return ipywidgets.HBox([tick, ipywidgets.Label(f"({vote}) {one['text']}")])

    def _asks(self, change: Any) -> None:
        if self._room:
            self._room.asks_reason = change.new

    def _saying(self, done: str = "") -> _Saying:
        return _Saying(self._said, done)


class _Saying:
    """Says in the panel what cannot be done, instead of a traceback that nobody sees."""

    def __init__(self, line: Any, done: str) -> None:
        self._line, self._done = line, done

    def __enter__(self) -> None:
        self._line.value = ""

    def __exit__(self, kind: Any, error: BaseException | None, _: Any) -> bool:
        if isinstance(error, (RoomError, ValueError)):
            self._line.value = words(html.escape(str(error)))
            return True
        if error is None and self._done:
            self._line.value = self._done
        return False


def words(text: str) -> str:
    """A line of HTML that wraps, which ipywidgets' own would not."""
    return f'<div style="white-space: normal; line-height: 1.4; margin: .3em 0">{text}</div>'


def _takes_several(vignette: Vignette) -> bool:
    return vignette.item is not None and vignette.item["format"] in SEVERAL_HANDS


def _button(text: str, act: Callable[[], None], tooltip: str = "") -> Any:
    button = ipywidgets.Button(description=text, tooltip=tooltip, layout={"width": "auto", "align_self": "flex-start"})
    button.on_click(lambda _: act())
    return button


def boxes(vignette: Vignette) -> tuple[tuple[Any, ...], Callable[[], Counts]]:
    """Number boxes for a show of hands, in the item's format, and how to read them as ``hands`` takes them."""
    entry: Any = vignette.entry
    if vignette.item is None:
        return (ipywidgets.HTML("Written on paper; nothing is counted."),), dict
    if entry.format == "estimate":
        box = ipywidgets.Text(
            placeholder="25: 3, 40: 6", description="number: hands", style={"description_width": "initial"}
        )
        return (box,), lambda: estimates(box.value)
    names: list[Any]
    match entry.format:
        case "rate":
            names = [1, 2, 3, 4]
        case "rank":
            names = list(range(1, len(entry.options) + 1))
        case "sort":
            names = [category.id for category in entry.categories]
        case _:
            names = [""]
    rows = votes.rows(vignette)
    table = {row.id: [_box(str(name)) for name in names] for row in rows}
    lines = tuple(
        ipywidgets.HBox([ipywidgets.Label(f"{row.letter}  {row.text[:60]}", layout={"width": "30em"}), *table[row.id]])
        for row in rows
    )

    def read() -> Counts:
        if entry.format == "sort":
            return {id: {n: box.value for n, box in zip(names, given, strict=True)} for id, given in table.items()}
        if len(names) > 1:
            return {id: [box.value for box in given] for id, given in table.items()}
        return {id: given[0].value for id, given in table.items()}

    return lines, read


def _box(name: str) -> Any:
    width = "6em" if not name or len(name) < 3 else "16em"
    return ipywidgets.BoundedIntText(
        0, 0, MOST_PEOPLE, description=name, layout={"width": width}, style={"description_width": "initial"}
    )


def estimates(text: str) -> Counts:
    """``"25: 3, 40: 6"`` as ``{"25": 3, "40": 6}``; ValueError shows the form for anything else."""
    found: Counts = {}
    for part in text.replace("\n", ",").split(","):
        number, colon, hands = part.partition(":")
        if not part.strip():
            continue
        if not colon or not hands.strip().isdecimal():
            raise ValueError("Write each number and its hands as 25: 3, with commas between them.")
        found[number.strip()] = found.get(number.strip(), 0) + int(hands)
    return found
