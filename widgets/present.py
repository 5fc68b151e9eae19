"""A vignette in front of a class: large, without a key, one step at a time.

The browser is given the unkeyed vignette. The course's answer and what the class answered follow at the step
*reasons* and not before: an answer that stands on the wall too early cannot be taken back.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from . import plans
from .bank import Bank, Vignette, load_bank
from .classroom.advice import GO_ON_ABOVE, TALK_FROM, Advice, advise
from .classroom.errors import RoomError
from .classroom.hands import Ballot, Hands
from .classroom.steps import VOTES
from .markup import reasons_html, vignette_html
from .plans import Stop
from .said import DOOR, HANDS, HANDS_SAYS, LABELS, ON_PAPER, SAYS, SECONDS, WITHOUT_VOTES
from .style import present_style

FRONTEND = Path(__file__).parent / "frontend"


class PresentWidget(anywidget.AnyWidget):
    """What the class sees, and the keys that move it on.

    >>> show = present("boundaries/barbecue-intake")
    >>> show.step
    'scene'
    >>> show.next()
    >>> show.step
    'think'

    ``hands`` takes counts of raised hands, ``look`` says in the instructor's own cell how the first vote went.
    """

    _esm = FRONTEND / "present.js"
    _css = present_style()

    _shown = traitlets.Dict().tag(sync=True)
    _count = traitlets.Dict().tag(sync=True)
    _blank = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        name: str,
        walk: list[Stop],
        bank: Bank,
        *,
        ballot: Ballot | None = None,
        seconds: Mapping[str, int] = SECONDS,
    ) -> None:
        self._name, self._walk, self._bank = name, walk, bank
        self._ballot: Ballot = ballot or Hands(bank)
        self._seconds = dict(seconds)
        self._at, self._step = 0, 0
        self._told = 0
        self._ends: float | None = None
        self._taken: tuple[str | None, str | None] = (None, "lobby")  # where the room was last
        super().__init__()
        self.on_msg(self._asked)
        self._take_up(self._ballot.state())
        self._draw()

    # Where it stands.

    @property
    def stop(self) -> Stop:
        return self._walk[self._at]

    @property
    def step(self) -> str:
        """``scene`` to ``reasons``; "" where words or a figure are shown, ``lobby`` before the first."""
        return self.stop.steps[self._step]

    @property
    def item(self) -> str | None:
        """The key of the vignette that is shown."""
        return self.stop.name if self.stop.kind == "item" else None

    @property
    def title(self) -> str:
        """What stands over it; at the door, how votes are taken."""
        if self.stop.kind == "lobby":
            return DOOR if self._ballot.lobby(large=False) else HANDS
        return self.stop.title

    @property
    def vignette(self) -> Vignette:
        """The one that is shown; ValueError where words or a figure are."""
        if self.item is None:
            raise ValueError("Nothing is voted on here. Move to a vignette first.")
        return self._bank[self.item]

    def next(self) -> None:
        """One step on, and from the last step of an item to what comes after it."""
        if self._step + 1 < len(self.stop.steps):
            self._move(self._at, self._step + 1)
        elif self._at + 1 < len(self._walk):
            self._move(self._at + 1, 0)

    def back(self) -> None:
        """One step back."""
        if self._step:
            self._move(self._at, self._step - 1)
        elif self._at:
            self._move(self._at - 1, len(self._walk[self._at - 1].steps) - 1)

    def go(self, step: str) -> None:
        """To a step of the item that is shown; ValueError names its steps for another."""
        if step not in self.stop.steps:
            raise ValueError(f"There is no step {step!r} here. There are: {', '.join(self.stop.steps)}.")
        self._move(self._at, self.stop.steps.index(step))

    def _move(self, at: int, step: int) -> None:
        """The room first: what it refuses does not happen on the wall either."""
        stop = self._walk[at]
        name, seconds = stop.steps[step], self._time(stop, stop.steps[step])
        notice = ""
        if stop.kind == "item":
            notice = self._ballot.move(name, stop.name, seconds)
        elif name == "lobby" or self.item:
            notice = self._ballot.move("lobby", None, None)
        if notice:
            self._take_up(self._ballot.state())
        else:
            self._at, self._step = at, step
            self._taken = (stop.name, name) if stop.kind == "item" else (None, "lobby")
            self._ends = time.monotonic() + seconds if seconds else None
        self._draw(notice)

    def _time(self, stop: Stop, step: str) -> int | None:
        """Seconds for a step. None for a crisis scene: nobody is to think about a life against a clock."""
        if stop.kind != "item" or self._crisis(stop):
            return None
        return self._seconds.get(step) or None

    def _crisis(self, stop: Stop) -> bool:
        return stop.kind == "item" and bool(getattr(self._bank[stop.name].entry, "crisis", False))

    def _take_up(self, state: Mapping[str, Any]) -> bool:
        """Go where the room is: a kernel that was restarted, or another tab, left it there. Whether that is elsewhere."""
        here = (state.get("item"), state.get("step"))
        if here in ((self.item, self.step), self._taken):
            return False
        self._taken = here
        for at, stop in enumerate(self._walk):
            place = stop.name if stop.kind == "item" else None
            if place == here[0] and here[1] in stop.steps:
                self._at, self._step = at, stop.steps.index(here[1])
                left = state.get("seconds_left")
                self._ends = time.monotonic() + left if left else None
                return True
        return False

    # What the class sees.

    def redraw(self) -> None:
        """Show the same again, once how to join has changed."""
        self._draw()

    def _draw(self, notice: str = "") -> None:
        stop, step = self.stop, self.step
        shown: dict[str, Any] = {"kind": stop.kind, "title": self.title, "words": stop.words, "step": step}
        shown |= {
            "at": [self._at, self._step],
            "where": self._place(),
            "notice": notice,
            "first": not (self._at or self._step),
        }
        shown["last"] = self._at + 1 == len(self._walk) and self._step + 1 == len(stop.steps)
        shown["steps"] = [{"id": s, "label": LABELS[s]} for s in stop.steps] if stop.kind == "item" else []
        shown["lobby"] = self._ballot.lobby(large=step == "lobby")
        if stop.kind == "lobby" and not shown["lobby"]:
            shown["words"] = HANDS_SAYS
        if stop.kind == "figure":
            shown |= _figure(stop)
        if stop.kind == "item":
            shown["says"] = self._says(stop).get(step, SAYS[step])
            shown["crisis"] = self._crisis(stop)
            shown["html"] = vignette_html(self._bank, stop.name, keyed=False)
            if step == "reasons":
                shown["reasons"] = reasons_html(self._bank, stop.name)
                shown["drawing"] = self._drawing(stop.name)
        self._shown = shown
        self._tell(self._ballot.state())

    def _says(self, stop: Stop) -> Mapping[str, str]:
        """What the room is asked to do, where that is not the usual."""
        if self._bank[stop.name].item is None:
            return ON_PAPER
        return SAYS if any(step in VOTES for step in stop.steps) else WITHOUT_VOTES

    def _place(self) -> str:
        stop = self.stop
        return f"Part {stop.line} of {stop.lines} · {stop.minutes} minutes" if stop.lines else ""

    def _drawing(self, key: str) -> dict[str, str]:
        """Both votes side by side, or why there is nothing to draw."""
        vignette = self._bank[key]
        if vignette.item is None:
            return {}
        from . import charts  # Matplotlib takes a second to load, and the first step does not need it

        try:
            tallies = [self._ballot.tally(key, vote) for vote in (1, 2)]
        except RoomError as error:  # the reasons are due all the same
            return {"words": str(error)}
        return charts.drawing(vignette, [tally for tally in tallies if tally.get("n")])

    def _tell(self, state: Mapping[str, Any]) -> None:
        """Only counts: how many there are, how many have voted, how long there is."""
        ends = None if self._crisis(self.stop) else self._ends
        left = None if ends is None else max(0, round(ends - time.monotonic()))
        votes = state.get("votes", {}).get(self.step[-1:]) if self.step in ("vote1", "vote2") else None
        count = {"phones": state.get("phones", 0), "here": state.get("here", 0), "votes": votes, "seconds": left}
        self._told += 1  # so that even the same counts are an answer: the browser takes silence for a dead kernel
        self._count = count | {"notice": state.get("notice", ""), "told": self._told}

    def _asked(self, _: Any, content: Any, __: Any) -> None:
        """The browser: a key, a button, or once a second how things stand."""
        do = content.get("do") if isinstance(content, dict) else None
        if do == "count":
            state = self._ballot.state()
            if self._take_up(state):
                self._draw("Another window has moved this class on; this one has followed.")
            self._tell(state)
            if self.step not in ("", "lobby", "scene"):
                from . import charts  # noqa: F401  Matplotlib takes a second to load: now, while they think
        elif do and content.get("at") != [self._at, self._step]:
            pass  # pressed once more while this kernel was busy: from a view that is gone, it would end a vote unseen
        elif do in ("next", "back"):
            getattr(self, do)()
        elif do == "step" and content.get("step") in self.stop.steps:
            self.go(content["step"])

    # The instructor's side.

    def hands(self, counts: Mapping[str, Any], vote: int | None = None, n: int | None = None) -> None:
        """Counts of raised hands for the item that is shown: ``{"name-the-role": 12}``, by option id.

        ``vote`` is 1 or 2; by default the one that is open or was last. ``n`` is how many people took part, where the
        counts do not say (``pick``, ``mark``). They are added to what phones sent, in place of an earlier count.
        """
        if vote is None:
            vote = 2 if self.step in ("vote2", "reasons") else 1
        self._ballot.hands(self.vignette.key, vote, counts, n)
        if self.step == "reasons":
            self._draw()

    def look(self, talk_from: float = TALK_FROM, go_on_above: float = GO_ON_ABOVE) -> Advice:
        """How the first vote went, for you alone: show it where the class does not see it.

        Between ``talk_from`` and ``go_on_above`` (shares) the class talks; see ``classroom/advice.py``.
        """
        return advise(self.vignette, self.first_vote(), talk_from, go_on_above)

    def first_vote(self) -> dict[str, Any]:
        """What the first vote adds up to, for you alone; only ``n`` while it is open."""
        return self._ballot.tally(self.vignette.key, 1)

    def panel(self) -> ipywidgets.VBox:
        """The instructor's panel: counts of hands, a look at the first vote. Not for the wall."""
        from .classroom.panel import Panel

        return Panel(self)

    def __repr__(self) -> str:
        return f"present({self._name!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/plain"] = repr(self)
        return (data, bundle[1]) if isinstance(bundle, tuple) else data


def _figure(stop: Stop) -> dict[str, str]:
    from .explorer import caption, still

    figure, html = still(stop.name)
    return {"title": stop.title or figure.TITLE, "figure": html, "caption": caption(figure)}


def present(
    what: str | list[str],
    *,
    minutes: int = 50,
    seconds: Mapping[str, int] = SECONDS,
    ballot: Ballot | None = None,
    bank: Bank | None = None,
) -> PresentWidget:
    """``present("chapter/id")``, several of those in a list, or a chapter's plan of 50 or 90 ``minutes``.

    ``seconds`` is how long the timer of a step runs (0 or left out: no timer). KeyError and ValueError say what there is.
    """
    bank = bank or load_bank()
    return PresentWidget(
        what if isinstance(what, str) else ", ".join(what),
        plans.stops(what, bank, minutes=minutes),
        bank,
        ballot=ballot,
        seconds=seconds,
    )
