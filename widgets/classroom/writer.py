"""The one thread that writes: it takes whatever waits and commits it in one transaction.

A commit waits for the disk, and a disk is slow. One commit a vote makes the last of two hundred phones wait for two
hundred disks; one commit for all that came in the meantime makes it wait for two.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from dataclasses import dataclass
from typing import Any

from .messages import Refused
from .store import Operation, Outcome, Store

MOST = 1000  # operations in one transaction
UNWIPED = (
    "What was deleted may have left a trace in the file’s log, which cannot be emptied just now. That is tried again."
)


@dataclass(frozen=True)
class _Waiting:
    operation: Operation
    future: asyncio.Future[Any]
    wipes: bool


class Writer:
    """Runs operations on a store, from one event loop. Start it there; after ``stop`` the store is closed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._owes_wipe = False

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def do(self, operation: Operation, *, wipes: bool = False) -> Any:
        """What the operation returns, once it is committed; raises what it raised.

        With ``wipes`` the log is emptied before the answer, so that nothing deleted is left in it. Where that fails the
        operation has been done all the same: Refused says so, and the log is emptied with a later batch.
        """
        if self._stopped:
            raise Refused(503, "The room is being closed down. Your answer is kept here and sent again.")
        waiting = _Waiting(operation, self._loop.create_future(), wipes)
        self._queue.put(waiting)
        return await waiting.future

    async def stop(self) -> None:
        """Finish what waits, then close the store."""
        self._stopped = True
        self._queue.put(None)
        if self._thread:
            await asyncio.to_thread(self._thread.join)
        self._store.close()

    def _work(self) -> None:
        more = True
        while more:
            batch, more = self._batch()
            try:
                outcomes = self._store.run([waiting.operation for waiting in batch])
            except Exception as error:  # nobody may wait for ever
                outcomes = [Outcome(error=error)] * len(batch)
            self._owes_wipe |= any(waiting.wipes for waiting in batch)
            if self._owes_wipe and not self._wiped():
                told = Outcome(error=Refused(503, UNWIPED))
                outcomes = [
                    told if waiting.wipes and outcome.error is None else outcome
                    for waiting, outcome in zip(batch, outcomes, strict=True)
                ]
            self._loop.call_soon_threadsafe(_settle, batch, outcomes)

    def _wiped(self) -> bool:
        try:
            self._store.wipe()
        except sqlite3.Error:
            return False
        self._owes_wipe = False
        return True

    def _batch(self) -> tuple[list[_Waiting], bool]:
        """All that waits, and whether there will be more."""
        batch: list[_Waiting] = []
        while len(batch) < MOST:
            try:
                waiting = self._queue.get(block=not batch)
            except queue.Empty:
                break
            if waiting is None:
                return batch, False
            batch.append(waiting)
        return batch, True


def _settle(batch: list[_Waiting], outcomes: list[Outcome]) -> None:
    for waiting, outcome in zip(batch, outcomes, strict=True):
        if waiting.future.done():  # whoever asked has gone
            continue
        if outcome.error is not None:
            waiting.future.set_exception(outcome.error)
        else:
            waiting.future.set_result(outcome.value)
