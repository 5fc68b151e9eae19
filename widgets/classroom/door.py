"""The first five minutes: how to join, a tick when the first phone has, and why none does."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from typing import Any

import ipywidgets

from . import reach
from .pulse import Pulse
from .room import Room

WAIT = 30.0  # seconds until one asks why no phone has come
ALONE = (
    "This room listens on this computer alone, as yet. For phones in the same network: "
    "<code>classroom({name!r}, lan=True)</code>."
)


class Door(ipywidgets.VBox):  # type: ignore[misc]
    """What ``classroom()`` prints: QR code, address, code, and how many have come."""

    def __init__(self, room: Room, obstacle: str | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._room, self._obstacle, self._now = room, obstacle, now
        self._since = now()
        self._how = ipywidgets.HTML(self._invitation())
        self._come, self._why = ipywidgets.HTML(), ipywidgets.HTML()
        self._next = ipywidgets.Button(description="Try the next address", layout={"width": "14em", "display": "none"})
        self._next.on_click(lambda _: self._elsewhere())
        super().__init__([self._how, self._come, self._why, self._next, Pulse(self.look)])
        self.look()

    def look(self) -> None:
        """See who has come."""
        state = self._room.state()
        phones, waited = int(state["phones"]), self._now() - self._since
        if state.get("notice"):
            self._come.value = _paragraph(state["notice"])
        elif phones:
            here = int(state.get("here", 0))
            said = f"✓ {phones} phone{'' if phones == 1 else 's'} joined, {here} here now. "
            self._come.value = _paragraph(said + "One person with two browsers is two phones.")
        else:
            self._come.value = _paragraph("No phone yet.")
        late = not phones and self._room.reachable and waited >= WAIT
        why = self._hints() if late else ""
        if why != self._why.value:
            self._why.value = why
        self._next.layout.display = "" if late and self._room.other_addresses else "none"

    def _elsewhere(self) -> None:
        self._room.next_address()
        self._since = self._now()
        self._how.value = self._invitation()
        self.look()

    def _hints(self) -> str:
        tried = reach.hints(self._room.address, self._room.other_addresses)
        return (
            "<p><b>No phone has come for half a minute.</b> Likeliest first:</p><ol>"
            + "".join(f"<li>{html.escape(hint)}</li>" for hint in tried)
            + "</ol>"
        )

    def _invitation(self) -> str:
        room = self._room
        link, words = f"{room.address}/{room.code}", []
        if self._obstacle:
            words.append(_paragraph(self._obstacle))
        if not room.reachable and not self._obstacle:
            words.append(f"<p>{ALONE.format(name=room.name)}</p>")
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
        lines = [self._obstacle] if self._obstacle else []
        if room.reachable:
            lines += [f"{room.address}/{room.code}", f"code {room.code}", "Try it with your own phone now."]
        elif not self._obstacle:
            lines.append(
                f"{room.address}/{room.code} on this computer alone; classroom({room.name!r}, lan=True) lets phones in."
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.plain()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/plain"] = self.plain()
        return bundle


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"
