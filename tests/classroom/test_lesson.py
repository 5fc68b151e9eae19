"""The crowd's counting sees what a faulty server does to votes; a right one's counts are zero."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from class_server import KEY, serving

from benchmarks.lesson import Round, class_of
from widgets.classroom import answers
from widgets.classroom.messages import Refused

PHONES = 20
Vote = Callable[..., dict[str, Any]]
VOTE = answers.vote
Held = Callable[[], Round]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    """Holds one small class on a real server."""
    with serving(tmp_path / "rooms.sqlite") as server:
        port = int(server.url.rpartition(":")[2])
        yield lambda: asyncio.run(class_of(port, KEY, PHONES, within=0.5))


def every_third(fault: Vote) -> Vote:
    number = count(1)

    def vote(connection: Any, **about: Any) -> dict[str, Any]:
        return VOTE(connection, **about) if next(number) % 3 else fault(connection, **about)

    return vote


def refused(status: int) -> Vote:
    def fault(connection: Any, **about: Any) -> dict[str, Any]:
        raise Refused(status, "No.")

    return fault


def said_and_not_kept(connection: Any, *, cast: Any, **about: Any) -> dict[str, Any]:
    return {"n": cast.n, "answer": cast.answer}


def kept_as_another(connection: Any, *, cast: Any, **about: Any) -> dict[str, Any]:
    VOTE(connection, cast=cast.model_copy(update={"answer": "name-the-role"}), **about)
    return {"n": cast.n, "answer": cast.answer}


def test_a_right_server_loses_and_doubles_nothing(held: Held) -> None:
    found = held()
    assert (found.lost, found.double, found.late) == (0, 0, 0)
    assert found.votes == (PHONES, PHONES)


@pytest.mark.parametrize("status", [409, 422])
def test_a_vote_that_is_refused_while_it_is_open_is_lost(
    status: int, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "vote", every_third(refused(status)))
    assert held().lost


def test_a_vote_that_is_acknowledged_and_not_kept_is_lost(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "vote", every_third(said_and_not_kept))
    assert held().lost


def test_a_vote_that_is_kept_as_another_is_lost(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "vote", every_third(kept_as_another))
    assert held().lost


def test_a_vote_that_comes_through_at_the_second_time_is_not_lost(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone sends again what a room that is full or restarting did not take; it takes its time."""
    number = count(1)

    def vote(connection: Any, **about: Any) -> dict[str, Any]:
        return refused(503)(connection, **about) if next(number) <= 2 else VOTE(connection, **about)

    monkeypatch.setattr(answers, "vote", vote)
    found = held()
    assert (found.wrong, found.votes) == (0, (PHONES, PHONES))
    assert found.took["vote p99"] >= 750


def test_a_vote_that_is_taken_after_closing_is_late(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "is_open", lambda *_: True)
    assert held().late


def test_a_tally_that_is_short_of_phones_is_wrong() -> None:
    assert Round(votes=(20, 20), cast=(20, 20)).wrong == 0
    assert Round(votes=(10, 20), cast=(20, 20)).wrong == 10
