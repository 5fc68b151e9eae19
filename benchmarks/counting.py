"""What became of a class's votes: lost, counted double, or let in after closing. Values in, numbers out.

Three accounts are held against one another: what each phone sent and was told, what the server says that each phone has,
and what it adds up. One fault may be seen in more than one of them, and counts as often; only no fault counts zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Vote = tuple[int, Any]  # its number, and the answer
Json = dict[str, Any]


@dataclass(frozen=True)
class Ballot:
    """One phone in one vote. ``sent`` is how often it pressed while the vote was open, and ``acknowledged`` how many of
    these the room said it had; ``told`` is the newest vote that the room acknowledged, ``held`` what it says it has."""

    sent: int = 0
    acknowledged: int = 0
    told: Vote | None = None
    held: Vote | None = None


@dataclass(frozen=True)
class Poll:
    """One vote of a class: a ballot for each phone, the tally's number of people and counts, and whose rows are kept."""

    ballots: Sequence[Ballot]
    n: int
    counts: Mapping[str, int]
    people: Sequence[str]

    @property
    def voters(self) -> int:
        return sum(ballot.told is not None for ballot in self.ballots)

    @property
    def lost(self) -> int:
        """Votes sent in time and never acknowledged; acknowledged ones that a phone's state, or the tally, has not."""
        unheard = sum(ballot.sent - ballot.acknowledged for ballot in self.ballots)
        gone = sum(ballot.told != ballot.held for ballot in self.ballots)
        told = Counter(ballot.told[1] for ballot in self.ballots if ballot.told is not None)
        uncounted = sum(max(0, number - self.counts.get(id, 0)) for id, number in told.items())
        return unheard + gone + uncounted

    @property
    def double(self) -> int:
        """More rows than people, or more people than phones that voted."""
        again = len(self.people) - len(set(self.people))
        return again + max(0, len(set(self.people)) - self.voters) + max(0, self.n - self.voters)


def changed(before: Json, after: Json) -> int:
    """By how many votes two tallies of the same vote differ; of a closed one: how many came in late."""
    first, then = (tally.get("counts", {}) for tally in (before, after))
    moved = sum(abs(first.get(id, 0) - then.get(id, 0)) for id in first.keys() | then.keys())
    return max(abs(before["n"] - after["n"]), -(-moved // 2))
