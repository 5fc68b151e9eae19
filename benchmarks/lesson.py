"""One class from joining to the reasons, as a crowd of phones has it: what it took, and what became of its votes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from widgets.bank import load_bank
from widgets.classroom import snapshot

from .counting import Json, Poll, changed
from .crowd import Connection, Instructor, Phone, together
from .table import Unmeasured

ITEM = "boundaries/barbecue-intake"
BURST, RUSH, TARDY = 200, 250, 50  # phones that vote at once; that vote in the moment of closing; that vote after it
JOIN, FOLLOW, VOTE = 0.2, 0.1, 0.6  # of the time for all three; what is left is for opening and the last replies
PATIENCE = 180  # seconds that a class may take in all


@dataclass
class Round:
    """Milliseconds by what was measured, and what was counted: lost, double and late must be zero, ``votes`` must be
    as many as were ``cast`` in the first and in the second vote. ``quickest`` is the join that took least: one commit.
    """

    took: dict[str, float] = field(default_factory=dict)
    lost: int = 0
    double: int = 0
    late: int = 0
    votes: tuple[int, int] = (0, 0)
    cast: tuple[int, int] = (0, 0)
    quickest: float = 0.0

    @property
    def wrong(self) -> int:
        return self.lost + self.double + self.late + sum(abs(a - b) for a, b in zip(self.votes, self.cast, strict=True))


def percentile(values: list[float], percent: float) -> float:
    """Of seconds, in milliseconds: so many percent took no longer."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


async def class_of(port: int, key: str, number: int, within: float = 10.0) -> Round:
    """A class of so many phones, which join, follow and vote within so many seconds; Unmeasured if it does not end."""
    instructor = Instructor(port, key)
    phones: list[Phone] = []
    try:
        async with asyncio.timeout(PATIENCE):
            code = await instructor.open([ITEM], snapshot.make(load_bank(), [ITEM]))
            phones += [Phone(port, code) for _ in range(number)]
            return await Lesson(port, instructor, phones).held(within)
    except TimeoutError:
        raise Unmeasured(f"A class of {number:,} had not ended after {PATIENCE} seconds.") from None
    except (OSError, asyncio.IncompleteReadError) as broken:
        raise Unmeasured(f"The line to the room broke ({broken!r}).") from None
    finally:
        for phone in phones:
            phone.leave()
        instructor.http.close()


class Lesson:
    """The class while it runs."""

    def __init__(self, port: int, instructor: Instructor, phones: list[Phone]) -> None:
        self.port, self.instructor, self.phones = port, instructor, phones
        self.options = [option["id"] for option in (load_bank()[ITEM].item or {})["options"]]
        self.found = Round(cast=(len(phones), min(BURST, len(phones))))

    async def held(self, within: float) -> Round:
        phones, found = self.phones, self.found
        await self._nothing(min(BURST, len(phones)))
        begun = time.perf_counter()
        joined = await together((p.join() for p in phones), within * JOIN)
        found.took["join p95"], found.quickest = percentile(joined, 95), 1000 * min(joined)
        await together((p.listen() for p in phones), within * FOLLOW)
        await self._reach("vote1", "open")
        replies = await together((self._think_and_vote(p) for p in phones), within * VOTE)
        found.took["joined, following and voted"] = 1000 * (time.perf_counter() - begun)
        times = [took for several in replies for took in several]
        found.took["vote p95"], found.took["vote p99"] = percentile(times, 95), percentile(times, 99)
        await self._close_in_a_rush()
        await self._reach("vote1")
        await self._reach("talk", "close")
        closed = [await self.instructor.tally(ITEM, 1)]
        await self._too_late(1, phones[:TARDY])
        await self._reach("vote2")
        burst = await together(self._vote(p, 2, 1) for p in phones[:BURST])
        found.took["burst p95"] = percentile(burst, 95)
        await self._reach("reasons", "reveal")
        closed.append(await self.instructor.tally(ITEM, 2))
        middle = max(0, BURST - TARDY // 2)  # some who have voted, and some who have not
        await self._too_late(2, phones[middle : middle + TARDY] or phones)
        await self._count(closed)
        return found

    async def _vote(self, phone: Phone, vote: int, n: int) -> float:
        """A vote while that is open; the seconds until the phone knew what became of it."""
        _, took = await phone.vote(ITEM, vote, n, random.choice(self.options), open=True)
        return took

    async def _think_and_vote(self, phone: Phone) -> list[float]:
        """A vote; one in five sends it twice at once on two connections, one in five changes its mind."""
        chance = random.random()
        if chance < 0.2:
            other, answer = phone.twin(), random.choice(self.options)
            both = await asyncio.gather(*(tab.vote(ITEM, 1, 1, answer, open=True) for tab in (phone, other)))
            other.leave()
            return [took for _, took in both]
        first = await self._vote(phone, 1, 1)
        return [first, await self._vote(phone, 1, 2)] if chance < 0.4 else [first]

    async def _reach(self, step: str, name: str = "", rush: Sequence[Phone] = ()) -> Json:
        """From the instructor's press until each phone has fetched the state of that step: the last, and 95 of a
        hundred. ``rush`` votes in that moment, half of it just before the press; the tally then, at the first look."""
        for phone in self.phones:
            phone.moved.clear()
        waiting = [asyncio.create_task(phone.sees(step)) for phone in self.phones]
        pressed = [self._press(phone) for phone in rush[::2]]
        await asyncio.sleep(0)
        asking = asyncio.create_task(self.instructor.step(step, ITEM))
        pressed += [self._press(phone) for phone in rush[1::2]]
        asked = await asking
        tally = await self.instructor.tally(ITEM, 1) if rush else {}
        times = [seen - asked for seen in await asyncio.gather(*waiting)]
        await asyncio.gather(*pressed)
        if name:
            self.found.took[f"{name}, last phone"] = 1000 * max(times)
            self.found.took[f"{name} p95"] = percentile(times, 95)
        return tally

    def _press(self, phone: Phone) -> asyncio.Task[tuple[int, float]]:
        """Once more, on a vote that may be closed by then."""
        return asyncio.create_task(phone.vote(ITEM, 1, 3, random.choice(self.options), open=False))

    async def _close_in_a_rush(self) -> None:
        """Each vote of the rush is taken or refused: what the tally has when the instructor has heard that it is
        closed, it has once all of them are answered."""
        rush = self.phones[:: max(2, len(self.phones) // RUSH)][:RUSH]
        closed = await self._reach("talk", f"close against {len(rush)} votes", rush)
        self.found.late += changed(closed, await self.instructor.tally(ITEM, 1))

    async def _too_late(self, vote: int, phones: list[Phone]) -> None:
        replies = await together(
            phone.vote(ITEM, vote, 99, random.choice(self.options), open=False) for phone in phones
        )
        self.found.late += sum(status != 409 for status, _ in replies)

    async def _count(self, closed: list[Json]) -> None:
        """What the phones were told, what the room says that each has, and what it adds up: they must be one."""
        found, instructor = self.found, self.instructor
        states = await together(phone.state() for phone in self.phones)
        kept = (await instructor.ask("GET", "/answers"))["answers"]
        tallies = [await instructor.tally(ITEM, vote) for vote in (1, 2)]
        for vote, tally, before in zip((1, 2), tallies, closed, strict=True):
            poll = Poll(
                ballots=[p.ballot(ITEM, vote, state) for p, state in zip(self.phones, states, strict=True)],
                n=tally["n"],
                counts=tally["counts"],
                people=[row["person"] for row in kept if row["vote"] == vote],
            )
            found.lost += poll.lost
            found.double += poll.double
            found.late += changed(before, tally)
        found.votes = (tallies[0]["n"], tallies[1]["n"])
        found.double += max(0, (await instructor.ask("GET"))["phones"] - len(self.phones))

    async def _nothing(self, number: int) -> None:
        """As many requests at once to an endpoint that does nothing, over connections that are open already."""
        connections = [Connection(self.port) for _ in range(number)]

        async def ask(connection: Connection) -> float:
            start = time.perf_counter()
            await connection.ask("GET", "/api/healthz")
            return time.perf_counter() - start

        await together(ask(connection) for connection in connections)
        self.found.took["nothing p95"] = percentile(await together(ask(c) for c in connections), 95)
        for connection in connections:
            connection.close()
