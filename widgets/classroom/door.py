"""The first five minutes: how to join, a tick when the first phone has, and why none does."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import ipywidgets

from . import reach
from .errors import RoomError
from .pulse import Pulse
from .room import Room

WAIT = 30.0  # seconds until one asks why no phone has come
ALONE = "This room listens on this computer alone, as yet. classroom(…, lan=True) lets in phones of the same network."
NO_NETWORK = "This computer is in no network that phones could share. Join the Wi-Fi, then try again."


class Door(ipywidgets.VBox):  # type: ignore[misc]
    """What ``classroom()`` prints: QR code, address, code, and how many have come.

    ``words`` is what there is to say of the room itself, ``by`` how phones come to it (see ``reach.hints``).
    """

    def __init__(
        self,
        room: Room,
        obstacle: str | None = None,
        now: Callable[[], float] = time.monotonic,
        *,
        words: Sequence[str] = (),
        by: str = "network",
    ) -> None:
        self._room, self._obstacle, self._now, self._words, self._by = room, obstacle, now, list(words), by
        self._since = now()
        self._before = int(room.state()["phones"])  # of a room that is taken again: they may all have gone
        self._ticked = False
        self._how = ipywidgets.HTML(self._invitation())
        self._come, self._why = ipywidgets.HTML(), ipywidgets.HTML()
        self._next = _button("Try the next address", self._elsewhere)
        self._in = _button("Let in phones of this network", self._let_in)
        self._in.layout.display = "" if room.can_let_phones_in and not obstacle else "none"
        self._failed = ipywidgets.HTML()
        self._late = ipywidgets.HTML()
        self._delete = _button("The dates are right: delete them", self._delete_late)
        super().__init__(
            [
                self._how,
                self._in,
                self._failed,
                self._come,
                self._why,
                self._next,
                self._late,
                self._delete,
                Pulse(self.look),
            ]
        )
        self._say_late(self._past_their_time())
        self.look()

    def look(self) -> None:
        """See who has come."""
        state = self._room.state()
        phones, here, waited = int(state["phones"]), int(state.get("here", 0)), self._now() - self._since
        self._ticked |= bool(here) or phones > self._before
        if state.get("notice"):
            self._come.value = _paragraph(state["notice"])
        elif self._ticked:
            said = f"✓ {phones} phone{'' if phones == 1 else 's'} joined, {here} here now. "
            self._come.value = _paragraph(said + "One person with two browsers is two phones.")
        else:
            self._come.value = _paragraph("No phone here now." if phones else "No phone yet.")
        late = not self._ticked and self._room.reachable and waited >= WAIT
        why = self._hints() if late else ""
        if why != self._why.value:
            self._why.value = why
        self._next.layout.display = "" if late and self._room.other_addresses else "none"

    def _elsewhere(self) -> None:
        self._room.next_address()
        self._invite()

    def _let_in(self) -> None:
        try:
            self._room.let_phones_in()
        except (RuntimeError, OSError) as refused:  # nobody sees a button's traceback
            self._failed.value = _paragraph(str(refused))
            return
        self._failed.value = ""
        self._in.layout.display = "none" if self._room.reachable else ""
        self._invite()

    def _invite(self) -> None:
        self._since = self._now()
        self._how.value = self._invitation()
        self.look()

    def _say_late(self, late: Sequence[Mapping[str, Any]]) -> None:
        self._late.value = f"<p>{html.escape(_past_their_time(late))}</p>" if late else ""
        self._delete.layout.display = "" if late else "none"

    def _past_their_time(self) -> list[dict[str, Any]]:
        """Of a server of one's own: of another, with other people's rooms, its log tells its owner."""
        try:
            return self._room.due() if self._room.own else []
        except RoomError:  # a full disk, say: the class goes on, and is asked another time
            return []

    def _delete_late(self) -> None:
        try:
            self._say_late(self._room.due(delete=True))
        except RoomError as refused:
            self._late.value = _paragraph(str(refused))

    def _hints(self) -> str:
        tried = reach.hints(self._room.address, self._room.other_addresses, self._by)
        return (
            "<p><b>No phone has come for half a minute.</b> Likeliest first:</p><ol>"
            + "".join(f"<li>{html.escape(hint)}</li>" for hint in tried)
            + "</ol>"
        )

    def _invitation(self) -> str:
        room = self._room
        link, words = f"{room.address}/{room.code}", [_paragraph(word) for word in self._words]
        if self._obstacle:
            words.append(_paragraph(self._obstacle))
        if not room.reachable and not self._obstacle:
            words.append(_paragraph(NO_NETWORK if room.in_no_network else ALONE))
            words.append(
                f'<p>Try it in this browser: <a href="{link}" target="_blank">{link}</a>. Hands can be counted in any case.</p>'
            )
        if not room.reachable:
            return "".join(words)
        large = "font: 700 2.2em/1.3 monospace; letter-spacing: .1em"
        return (
            "".join(words)
            + '<div style="display: flex; gap: 2em; align-items: center">'
            + f'<img src="{reach.qr_data(link)}" alt="QR code for {link}" width="200" height="200">'
            + f'<div><p>{html.escape(room.address.removeprefix("http://"))}</p><p style="{large}">{room.code}</p>'
            + "<p><b>Try it with your own phone now.</b></p></div></div>"
        )

    def plain(self) -> str:
        """The same in words, for a terminal."""
        room = self._room
        lines = [*self._words, *([self._obstacle] if self._obstacle else [])]
        if room.reachable:
            lines += [f"{room.address}/{room.code}", f"code {room.code}", "Try it with your own phone now."]
        elif room.in_no_network:
            lines.append(NO_NETWORK)
        elif not self._obstacle:
            lines.append(f"{room.address}/{room.code} on this computer alone; classroom(…, lan=True) lets phones in.")
        if late := self._past_their_time():
            lines.append(f"{_past_their_time(late)} room.due(delete=True) deletes them.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.plain()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/plain"] = self.plain()
        return bundle


def _past_their_time(late: Sequence[Mapping[str, Any]]) -> str:
    """What waits for a word, and the question that only a person can answer."""
    kinds = {"reasons": "the reasons of room {}", "rest": "room {}"}
    names = ", ".join(f"{kinds[one['what']].format(one['code'])} (since {_day(one['expired'])})" for one in late)
    return (
        f"Past their time by the date, and still kept: {names}. This computer cannot tell days that passed from a clock that "
        f"was set. It says that today is {_day(datetime.now().isoformat())}. If all of these dates are right, delete them."
    )


def _day(time: str) -> str:
    day = datetime.fromisoformat(time)
    return f"{day.day} {day:%B %Y}"


def _button(text: str, act: Callable[[], None]) -> Any:
    button = ipywidgets.Button(
        description=text, layout={"width": "auto", "display": "none", "align_self": "flex-start"}
    )
    button.on_click(lambda _: act())
    return button


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"
