"""Counting what became of votes: each kind of fault is seen, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.counting import Ballot, Poll, changed

A, B = (1, "a"), (2, "b")
VOTED_A, VOTED_B = Ballot(1, 1, A, A), Ballot(2, 2, B, B)
SILENT = Ballot()


def poll(ballots: Sequence[Ballot], n: int, people: str, **counts: int) -> tuple[int, int]:
    found = Poll(ballots, n, counts, list(people))
    return found.lost, found.double


def test_a_vote_that_all_accounts_agree_on_is_neither_lost_nor_double() -> None:
    assert poll([VOTED_A, VOTED_B, SILENT], 2, "pq", a=1, b=1, c=0) == (0, 0)


def test_a_refused_vote_is_lost_although_all_accounts_agree() -> None:
    assert poll([Ballot(sent=1), VOTED_B], 1, "q", a=0, b=1) == (1, 0)
    assert poll([Ballot(2, 1, A, A), VOTED_B], 2, "pq", a=1, b=1) == (1, 0)


def test_an_acknowledged_vote_that_is_not_there_or_older_is_lost() -> None:
    assert poll([Ballot(1, 1, A, None)], 1, "p", a=1) == (1, 0)
    assert poll([Ballot(2, 2, B, A)], 1, "p", b=1) == (1, 0)


def test_an_acknowledged_vote_that_the_tally_has_not_is_lost() -> None:
    assert poll([VOTED_A, VOTED_B], 1, "p", a=1, b=0) == (1, 0)
    assert poll([VOTED_A, VOTED_B], 2, "pq", a=2, b=0) == (1, 0)


def test_a_person_with_two_rows_and_one_that_no_phone_knows_are_double() -> None:
    assert poll([VOTED_A], 1, "pp", a=1) == (0, 1)
    assert poll([VOTED_A], 1, "pq", a=1) == (0, 1)
    assert poll([VOTED_A], 2, "p", a=2) == (0, 1)


def test_a_closed_tally_that_moves_had_late_votes() -> None:
    before = {"n": 3, "counts": {"a": 2, "b": 1}}
    assert changed(before, before) == 0
    assert changed(before, {"n": 4, "counts": {"a": 2, "b": 2}}) == 1
    assert changed(before, {"n": 3, "counts": {"a": 1, "b": 2}}) == 1
    assert changed({"n": 3, "too_few": True}, {"n": 4, "too_few": True}) == 1
