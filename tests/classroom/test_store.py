"""The file: who may read it, what survives, what fails alone, and what is left of what was deleted."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from widgets.classroom.messages import Refused
from widgets.classroom.store import Operation, Store, StoreError
from widgets.classroom.tables import FORM, clock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data" / "rooms.sqlite")
    yield opened
    opened.close()


def add(id: int) -> Operation:
    return lambda connection: connection.execute(insert(clock), {"id": id, "seen": 0.0}).rowcount


def ids(store: Store) -> list[int]:
    return list(store.do(lambda connection: connection.execute(select(clock.c.id)).scalars().all()))


def refuse(connection: object) -> None:
    raise Refused(409, "No.")


def test_only_the_instructor_can_read_the_files(store: Store) -> None:
    store.do(add(1))
    files = sorted(store.path.parent.iterdir())
    assert [file.name for file in files] == ["rooms.sqlite", "rooms.sqlite-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    path.touch(mode=0o644)
    Store.open(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_commit_is_in_a_log_and_on_the_disk(store: Store) -> None:
    pragmas = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "locking_mode")
    found = store.do(lambda c: [c.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas])
    assert found == ["wal", 2, 1, 1, "exclusive"]  # 2 is FULL


def test_no_shared_memory_is_used_which_a_network_file_system_does_not_have(store: Store) -> None:
    store.do(add(1))
    assert not store.path.with_name("rooms.sqlite-shm").exists()


def test_a_second_server_or_worker_is_refused_in_words(store: Store) -> None:
    with pytest.raises(StoreError, match=r"already served by another process.*one server with one worker"):
        Store.open(store.path)
    store.do(add(1))  # and the first is none the worse for it


def test_once_the_first_has_gone_the_file_is_free(store: Store) -> None:
    store.do(add(1))
    store.close()
    again = Store.open(store.path)
    assert ids(again) == [1]
    again.close()


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be looked at" * 40, b"SQLite format 3\x00broken"]
)
def test_a_file_that_is_something_else_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rooms.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"cannot be opened.*Move it away"):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_file_of_another_form_is_refused_in_words(store: Store) -> None:
    store.do(lambda c: c.exec_driver_sql(f"PRAGMA user_version={FORM + 1}"))
    store.close()
    with pytest.raises(StoreError, match="another version of the course"):
        Store.open(store.path)


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be written"):
        Store.open(tmp_path / "data" / "rooms.sqlite")


def test_a_batch_has_an_outcome_for_each_in_order(store: Store) -> None:
    outcomes = store.run([add(1), refuse, add(2), add(2), lambda c: "read"])
    assert [outcome.value for outcome in outcomes] == [1, None, 1, None, "read"]
    assert isinstance(outcomes[1].error, Refused)
    assert outcomes[3].error is not None
    assert ids(store) == [1, 2]


def test_what_a_failed_operation_had_written_is_taken_back(store: Store) -> None:
    def half(connection):
        add(1)(connection)
        raise ValueError("half way")

    assert isinstance(store.run([half, add(2)])[0].error, ValueError)
    assert ids(store) == [2]


def test_one_commit_serves_the_whole_batch(store: Store) -> None:
    """The log grows by the pages that changed, so a batch that is committed once grows it by a page or two."""
    log = store.path.with_name("rooms.sqlite-wal")
    store.do(add(0))
    before = log.stat().st_size
    store.run([add(n) for n in range(1, 21)])
    assert log.stat().st_size - before <= 2 * 4200
    before = log.stat().st_size
    for n in range(21, 41):
        store.do(add(n))
    assert log.stat().st_size - before >= 20 * 4096


def test_a_commit_that_fails_is_tried_for_each_alone(store: Store) -> None:
    """A foreign key that is checked at the commit only: one row breaks it for all."""

    def orphan(connection):
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("INSERT INTO items (room, item, place, snapshot) VALUES (12345, 'a/b', 0, '{}')")

    outcomes = store.run([add(1), orphan, add(2)])
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert ids(store) == [1, 2]


def test_a_full_disk_is_told_in_words_and_nothing_else_is_lost(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "rooms.sqlite", most_pages=40)
    store.do(add(1))

    def much(connection):
        connection.exec_driver_sql("CREATE TABLE filler (text)")
        connection.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(400000))")

    outcomes = store.run([add(2), much, add(3)])
    assert [outcome.value for outcome in outcomes] == [1, None, 1]
    assert isinstance(outcomes[1].error, Refused)
    assert (outcomes[1].error.status, "full" in outcomes[1].error.sentence) == (503, True)
    assert ids(store) == [1, 2, 3]
    store.close()


def test_after_a_wipe_nothing_deleted_is_left_in_the_log_or_the_file(store: Store) -> None:
    marks = "what nobody may read again"
    store.do(lambda c: c.exec_driver_sql("CREATE TABLE notes (text)"))
    store.do(lambda c: c.exec_driver_sql("INSERT INTO notes VALUES (?)", (marks,)))
    log = store.path.with_name("rooms.sqlite-wal")
    assert marks.encode() in log.read_bytes()
    store.wipe()
    assert marks.encode() in store.path.read_bytes()
    store.do(lambda c: c.exec_driver_sql("DELETE FROM notes"))
    assert marks.encode() in store.path.read_bytes()
    store.wipe()
    assert marks.encode() not in store.path.read_bytes()
    assert log.read_bytes() == b""


def test_what_somebody_wrote_is_in_no_error(store: Store) -> None:
    """An error goes into the server's log, which nobody empties when a room is forgotten."""
    mine = "A sentence of mine."
    outcome = store.run([lambda c: c.exec_driver_sql("INSERT INTO clock VALUES (?, NULL)", (mine,))])[0]
    assert outcome.error is not None
    assert mine not in str(outcome.error)


def test_a_log_that_cannot_be_emptied_is_an_error_and_not_silence(store: Store) -> None:
    store.do(add(1))

    def while_it_is_written(connection):
        add(2)(connection)
        store.wipe()

    with pytest.raises(Exception, match=r"locked|in use"):
        store.do(while_it_is_written)
