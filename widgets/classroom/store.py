"""The file that a class is kept in: SQLite, one connection, batches of operations in one transaction.

An operation is a function of the connection that returns what it read or raises. A batch is committed once, and what
an operation returned counts only after that commit. One that raises is rolled back alone.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import StaticPool

from .messages import Refused
from .tables import FORM, metadata

Operation = Callable[[Connection], Any]


class StoreError(RuntimeError):
    """The file cannot be opened; the message says what to do."""


class Served(StoreError):
    """Another process has it."""


@dataclass(frozen=True)
class Outcome:
    """What an operation returned, or what it raised."""

    value: Any = None
    error: Exception | None = None


class Store:
    """One file of rooms. Only one thread uses it at a time, and only one process holds it.

    The file is locked exclusively as long as it is open. So a second worker or a second server is refused in words,
    and SQLite keeps the index of its log in its own memory: the shared memory that it would use otherwise does not
    work on a network file system.
    """

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection, self.path = connection, path

    @classmethod
    def open(cls, path: Path | str, *, most_pages: int | None = None) -> Store:
        """Open the file, or make it (0600, in a folder made 0700); StoreError says why it cannot be.

        ``most_pages`` limits its size, in pages of 4,096 bytes.
        """
        path = Path(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)  # the files beside it take its mode
        except OSError as error:
            raise StoreError(f"{path} cannot be written ({error.strerror}). Name another folder for it.") from None
        engine = create_engine(
            f"sqlite:///{path}",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 0.5},
            hide_parameters=True,  # an error would name them, and an error goes into the log: what somebody wrote must not
        )
        # The driver would begin a transaction only before the first write: what an operation reads belongs to it too.
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        event.listen(engine, "connect", lambda connection, _: _prepare(connection, most_pages))
        try:
            connection = engine.connect()
            with connection.begin():
                metadata.create_all(connection)
        except OperationalError as error:
            engine.dispose()
            if _name(error) in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                raise Served(
                    f"{path} is already served by another process. A class has one server with one worker: "
                    "use the one that runs, or end it first."
                ) from None
            raise StoreError(f"{path} cannot be opened ({error.orig}). Move it away, or name another.") from None
        except DBAPIError as error:
            engine.dispose()
            raise StoreError(f"{path} cannot be opened ({error.orig}). Move it away, or name another.") from None
        except StoreError:
            engine.dispose()
            raise
        return cls(connection, path)

    def close(self) -> None:
        self._connection.close()
        self._connection.engine.dispose()

    def run(self, operations: Sequence[Operation]) -> list[Outcome]:
        """All operations in one transaction, in order; an outcome for each, once it is committed."""
        try:
            return self._together(operations)
        except DBAPIError as error:
            self._connection.rollback()
            if self._driver().in_transaction:  # a commit that fails leaves its transaction open
                self._driver().rollback()
            if len(operations) == 1:
                return [Outcome(error=_in_words(error))]
            # The commit failed, or SQLite gave the whole transaction up: each on its own, so that one takes down none.
            return [self.run([operation])[0] for operation in operations]

    def do(self, operation: Operation) -> Any:
        """One operation in its own transaction: what it returns; raises what it raises."""
        outcome = self.run([operation])[0]
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    def wipe(self) -> None:
        """Empty the log, where deleted rows could still be read. In the file itself they are overwritten already.

        sqlite3.Error if that cannot be done now.
        """
        busy, _, _ = self._driver().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("the log is in use")

    def _together(self, operations: Sequence[Operation]) -> list[Outcome]:
        connection, outcomes = self._connection, []
        with connection.begin():
            # The driver's own: through SQLAlchemy a savepoint would cost as much as the vote in it.
            execute = self._driver().execute
            for operation in operations:
                execute("SAVEPOINT operation")
                try:
                    outcome = Outcome(operation(connection))
                except Exception as error:
                    if not self._driver().in_transaction:
                        raise error from None  # a full disk ends the whole transaction
                    execute("ROLLBACK TO operation")
                    outcome = Outcome(error=_in_words(error))
                execute("RELEASE operation")
                outcomes.append(outcome)
        return outcomes

    def _driver(self) -> sqlite3.Connection:
        driver = self._connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return driver


def _prepare(connection: Any, most_pages: int | None) -> None:
    """What must be said before anything is read; the order matters."""
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # a commit is on the disk before a vote is acknowledged
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA foreign_keys=ON")
    if most_pages is not None:
        connection.execute(f"PRAGMA max_page_count={int(most_pages)}")
    form = connection.execute("PRAGMA user_version").fetchone()[0]
    if form not in (0, FORM):
        raise StoreError("This file of rooms is of another version of the course. Move it away, or name another.")
    connection.execute(f"PRAGMA user_version={FORM}")


def _name(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", "").partition("_CANTINIT")[0]


def _in_words(error: Exception) -> Exception:
    if isinstance(error, DBAPIError):
        if _name(error) == "SQLITE_FULL":
            return Refused(
                503, "The disk of the computer that keeps this room is full. Your answer is kept here and sent again."
            )
        if isinstance(error, OperationalError):
            return Refused(503, "The room cannot write just now. Your answer is kept here and sent again.")
    if isinstance(error, UnicodeEncodeError):
        return Refused(422, "That text has characters that cannot be kept. Write it anew.")
    return error
