"""A class in its room, as the instructor's notebook has it: run, read, close, forget.

A presentation moves it on (``room.present()``), a panel that is not for the wall counts hands and looks at the first
vote (``room.panel()``).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..bank import Bank
from ..plans import Stop
from . import again, reach
from .advice import GO_ON_ABOVE, TALK_FROM, Advice, advise
from .client import Client, due
from .elsewhere import Elsewhere
from .errors import Away, RoomError

if TYPE_CHECKING:
    from ..analysis import Results
    from ..present import PresentWidget
    from .panel import Panel
    from .process import Server

GONE = 'The room’s server does not answer. Call classroom(…, again="{}"): that takes this room up, with its code and votes.'
CLOSED = "This class is closed."
AGAIN = 5.0  # seconds until a server that did not answer is asked anew


class Room:
    """One class. ``code`` is what phones enter, at ``address``; nothing that it prints has the secret in it."""

    def __init__(
        self,
        name: str,
        walk: Sequence[Stop],
        bank: Bank,
        client: Client,
        addresses: Sequence[str],
        server: Server | Elsewhere,
        *,
        key: str = "",
    ) -> None:
        self.name, self.code = name, client.code
        self.asks_reason = False
        self._walk, self._bank, self._client, self._server = list(walk), bank, client, server
        self._addresses, self._address = list(addresses), 0
        self._state: dict[str, Any] = {"version": 0, "step": "lobby", "item": None, "phones": 0, "here": 0, "votes": {}}
        self._key = key
        self._away_until = 0.0
        self._gone = GONE.format(self.code)
        self._shows: list[PresentWidget] = []
        self.state()

    # How phones come in.

    @property
    def address(self) -> str:
        """Where phones find the room."""
        return self._addresses[self._address]

    @property
    def reachable(self) -> bool:
        """Whether phones can come to that address at all, as far as one can tell: not if it is this machine's own."""
        return not self.address.startswith("http://127.")

    @property
    def own(self) -> bool:
        """Whether its server is this notebook's own, and not one elsewhere that others may use too."""
        return not isinstance(self._server, Elsewhere)

    @property
    def can_let_phones_in(self) -> bool:
        return self.own and not self.reachable

    @property
    def in_no_network(self) -> bool:
        """Whether phones are let in, and this computer has no address at which they could come."""
        return not isinstance(self._server, Elsewhere) and self._server.lan and not self.reachable

    def let_phones_in(self) -> None:
        """Let phones of the same network in, as ``lan=True`` would have: the same room, code and votes."""
        if not self.can_let_phones_in:
            raise ValueError("Phones can come already, or this room’s server is not this notebook’s own.")
        assert not isinstance(self._server, Elsewhere)
        self._server = self._server.opened_to_the_network()
        self._client.move_to(self._server.url)
        self._addresses, self._address = self._server.addresses or [self._server.url], 0
        self._redraw()

    def next_address(self) -> str:
        """Offer another address of this machine, on the wall too; after the last comes the first again."""
        self._address = (self._address + 1) % len(self._addresses)
        self._redraw()
        return self.address

    def _redraw(self) -> None:
        """The address is on the wall too."""
        for show in self._shows:
            show.redraw()

    @property
    def other_addresses(self) -> list[str]:
        return [one for one in self._addresses if one != self.address]

    def lobby(self, *, large: bool) -> dict[str, str]:
        if not self.reachable:
            return {}
        shown = {"url": self.address.removeprefix("http://"), "code": self.code}
        return {**shown, "qr": reach.qr_data(f"{self.address}/{self.code}")} if large else shown

    # What a presentation asks of it (hands.Ballot).

    def state(self) -> dict[str, Any]:
        """How the room stands; how it last stood, with a ``notice``, while its server does not answer."""
        if time.monotonic() < self._away_until:
            return {**self._state, "notice": self._gone}
        try:
            self._state = self._client.state()
        except Away:
            self._away_until = time.monotonic() + AGAIN
            return {**self._state, "notice": self._gone}
        except RoomError as refused:
            return {**self._state, "notice": str(refused)}
        return self._state

    def move(self, step: str, item: str | None, seconds: int | None) -> str:
        asks = self.asks_reason if step in ("vote1", "vote2") else None
        for _ in range(2):
            before = self._state
            try:
                self._state = self._client.step(step, before["version"], item=item, seconds=seconds, asks_reason=asks)
            except Away:
                return self._gone
            except RoomError as refused:
                said = str(refused)
                if not refused.room:
                    return said
                self._state = dict(refused.room)
                if (self._state["step"], self._state["item"]) != (before["step"], before["item"]):
                    return said
                # Only a reason was let through, or tables were given: nobody has moved the room on.
            else:
                again.moved(self._server, self.code, time.time())
                return ""
        return said

    def tally(self, item: str, vote: int) -> dict[str, Any]:
        return {"item": item, "vote": vote, **self._client.tally(item, vote)}

    def hands(self, item: str, vote: int, counts: Mapping[str, Any], n: int | None = None) -> None:
        """Count raised hands beside the phones; RoomError says what does not fit."""
        self._client.hands(item, vote, counts, n)

    # What the instructor does.

    def present(self, **options: Any) -> PresentWidget:
        """The presentation of this room's plan: for the wall."""
        from ..present import PresentWidget

        door = Stop("lobby", steps=("lobby",))
        show = PresentWidget(self.name, [door, *self._walk], self._bank, ballot=self, **options)
        self._shows.append(show)
        return show

    def panel(self) -> Panel:
        """The instructor's panel: counts, a look at the first vote, reasons, groups. Not for the wall."""
        from .panel import Panel

        return Panel(self._shows[-1] if self._shows else self.present(), self)

    def look(self, talk_from: float = TALK_FROM, go_on_above: float = GO_ON_ABOVE, item: str | None = None) -> Advice:
        """How the first vote went and what that says about the next step: for you alone, not for the wall."""
        chosen = self._item(item)
        return advise(self._bank[chosen], self.tally(chosen, 1), talk_from, go_on_above)

    def reasons(self, item: str | None = None) -> list[dict[str, Any]]:
        """The reasons that came with the votes on an item (default: the one that is open): ``id, vote, text, shown …``."""
        return self._client.reasons(self._item(item))

    def let_through(self, id: int, shown: bool = True) -> None:
        """Show one reason on the phones, from the step *reasons* on, or take it back."""
        self._client.let_through(id, shown)

    def save_reasons(self, path: Path | str, item: str | None = None) -> Path:
        """The reasons as a CSV file; one that begins like a formula is made harmless to a spreadsheet."""
        file = Path(path)
        file.write_text(self._client.reasons_csv(self._item(item)), encoding="utf-8", newline="")
        return file

    def tables(self, item: str | None = None, size: int = 4) -> list[dict[str, int]]:
        """Give each phone a table, so that people who differ sit together; how many there are at each."""
        return self._client.tables(self._item(item), size)

    def results(self) -> Results:
        """What the class answered, as ``widgets.analysis`` takes it: closed votes, persons by number, no reasons."""
        from ..analysis import gather  # SciPy is slow to import, and a class does not wait for it

        return gather(*gathered(self._client.answers()))

    def due(self, *, delete: bool = False) -> list[dict[str, Any]]:
        """What is past its time if the date is right, of all rooms of this server; ``delete`` says that it is."""
        return due(self._client.url, self._key, delete=delete)

    def close(self) -> None:
        """End the class at once, and the server with it if this notebook's machine runs it and no other class is on it."""
        self._client.close()
        self._server.forget(self.code)
        self._gone = CLOSED
        if isinstance(self._server, Elsewhere):
            return
        if not any(self._goes_on(room) for room in again.known(self._server)):
            self._server.stop()

    def _goes_on(self, other: again.Known) -> bool:
        """Whether another class of this server's may be going on."""
        now = time.time()
        try:
            state = again.stands(self._client.url, other, self._server)
        except RoomError:
            return again.lately(other, now)
        return state is not None and again.in_use(other, state, now)

    def forget(self) -> None:
        """Delete the room and everything in it, now and for good."""
        self._client.forget()
        self._server.forget(self.code)
        self._gone = CLOSED

    def _item(self, item: str | None) -> str:
        chosen = item or self.state()["item"]
        if not chosen:
            raise ValueError('Nothing is on the wall: name the item, such as "boundaries/barbecue-intake".')
        return str(chosen)

    def __repr__(self) -> str:
        phones = self._state["phones"]
        return f"classroom({self.name!r}): code {self.code}, {phones} phone{'' if phones == 1 else 's'}"


ITEM_FIELDS = ("item", "chapter", "zone", "basis", "version", "crisis", "labels", "ask")


def gathered(answers: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any], list[dict[str, Any]]]:
    """A room's answers as rows ``{person, item, vote, answer, certainty, time, source, form, version}``, its items, hands."""
    items = {key: {name: entry[name] for name in ITEM_FIELDS} for key, entry in answers["items"].items()}
    rows = [
        {
            **{name: row[name] for name in ("person", "item", "vote", "answer", "time")},
            "certainty": None,
            "source": "room",
            "form": None,
            "version": items[row["item"]]["version"],
        }
        for row in answers["answers"]
    ]
    return rows, items, [dict(hand) for hand in answers["hands"]]
