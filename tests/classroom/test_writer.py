"""One thread, one transaction for all that waits, and an answer only after the commit."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from widgets.classroom.messages import Refused
from widgets.classroom.store import Operation, Outcome, Store
from widgets.classroom.tables import clock
from widgets.classroom.writer import Writer


def add(id: int) -> Operation:
    return lambda connection: connection.execute(insert(clock), {"id": id, "seen": 0.0}).rowcount


def count(connection: Any) -> int:
    return len(connection.execute(select(clock.c.id)).all())


class Watched:
    """A store whose batches are noted, and whose commits wait until they are let go."""

    def __init__(self, store: Store) -> None:
        self.store, self.batches = store, []
        self.go, self.threads = threading.Event(), set()

    def run(self, operations: Sequence[Operation]) -> list[Outcome]:
        self.batches.append(len(operations))
        self.threads.add(threading.current_thread().name)
        outcomes = self.store.run(operations)
        self.go.wait(5)
        return outcomes

    def wipe(self) -> None:
        self.store.wipe()

    def close(self) -> None:
        self.store.close()


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(Store.open(tmp_path / "rooms.sqlite"))


def test_what_waits_for_a_commit_goes_into_the_next_one_together(watched: Watched) -> None:
    async def class_of_fifty():
        writer = Writer(watched)
        writer.start()
        first = asyncio.create_task(writer.do(add(0)))
        while not watched.batches:
            await asyncio.sleep(0.001)
        rest = [asyncio.create_task(writer.do(add(n))) for n in range(1, 50)]
        await asyncio.sleep(0.01)
        assert not first.done(), "acknowledged before it was committed"
        watched.go.set()
        await asyncio.gather(first, *rest)
        assert await writer.do(count) == 50
        await writer.stop()

    asyncio.run(class_of_fifty())
    assert watched.batches[:2] == [1, 49]
    assert watched.threads == {"writer"}


@pytest.mark.parametrize(
    "bad",
    [
        lambda c: c.exec_driver_sql("INSERT INTO clock VALUES (?, ?)", ("\ud800", 0)),
        lambda c: c.exec_driver_sql("INSERT INTO clock VALUES (7, ?)", ("\x00",)) and 1 / 0,
        lambda c: add(1)(c),
    ],
    ids=["a lone surrogate", "NUL and a fault", "a row that is there"],
)
def test_one_bad_operation_in_a_batch_fails_alone(watched: Watched, bad: Operation) -> None:
    watched.go.set()

    async def run():
        writer = Writer(watched)
        writer.start()
        outcomes = await asyncio.gather(
            *(writer.do(op) for op in (add(1), add(2), bad, add(3))), return_exceptions=True
        )
        assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, False, True, False]
        assert await writer.do(count) == 3
        await writer.stop()

    asyncio.run(run())


def test_who_stopped_waiting_does_not_take_the_others_along(watched: Watched) -> None:
    async def run():
        writer = Writer(watched)
        writer.start()
        gone, stays = (asyncio.create_task(writer.do(add(n))) for n in (1, 2))
        await asyncio.sleep(0.01)
        gone.cancel()
        watched.go.set()
        assert await stays == 1
        assert await writer.do(count) == 2, "what was asked is done, whether or not somebody waits for the answer"
        await writer.stop()

    asyncio.run(run())


def test_a_store_that_breaks_keeps_nobody_waiting(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(operations):
        raise OSError("the disk has gone")

    async def run():
        writer = Writer(watched)
        writer.start()
        with pytest.raises(OSError, match="gone"):
            await writer.do(count)
        await writer.stop()

    monkeypatch.setattr(watched, "run", break_down)
    asyncio.run(run())


def test_a_log_that_cannot_be_emptied_fails_who_asked_for_it_and_nobody_beside(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.go.set()
    tried: list[bool] = []

    def wipe() -> None:
        tried.append(len(tried) > 1)
        if not tried[-1]:
            raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(watched, "wipe", wipe)

    async def run():
        writer = Writer(watched)
        writer.start()
        outcomes = await asyncio.gather(
            writer.do(add(1)), writer.do(add(2), wipes=True), writer.do(add(2), wipes=True), return_exceptions=True
        )
        assert outcomes[0] == 1
        assert isinstance(outcomes[1], Refused)
        assert (outcomes[1].status, "tried again" in outcomes[1].sentence) == (503, True)
        assert not isinstance(outcomes[2], Refused), "what failed before says why it failed"
        assert await writer.do(count) == 2, "it was done all the same"
        assert await writer.do(count) == 2
        assert await writer.do(count) == 2
        await writer.stop()

    asyncio.run(run())
    assert tried.count(True) == 1, "tried again with what came next, until it was done, and then no more"


def test_stopping_finishes_what_waits_and_refuses_what_comes_later(watched: Watched, tmp_path: Path) -> None:
    watched.go.set()

    async def run():
        writer = Writer(watched)
        writer.start()
        waiting = [asyncio.create_task(writer.do(add(n))) for n in range(20)]
        await asyncio.sleep(0)
        await writer.stop()
        assert [await task for task in waiting] == [1] * 20
        with pytest.raises(Refused, match="sent again"):
            await writer.do(add(99))

    asyncio.run(run())
    again = Store.open(tmp_path / "rooms.sqlite")
    assert again.do(count) == 20
    again.close()
