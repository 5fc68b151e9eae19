"""How much time has surely passed, whatever the date says: what the machine's own uptime vouches for, added up.

A date can be set, and a machine may start with a wrong one. Its uptime only grows, also while it sleeps. So what it has
grown by between two looks has passed, if it is the same machine and it was not started anew meanwhile; otherwise
nothing is vouched for. Where a system does not tell one start from another, the date must have gone on as far, too.
"""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from .clock import Moment
from .tables import PASSED, START, UPTIME, WALL, clock


def passed(connection: Connection, now: Moment) -> float:
    """Seconds that have surely passed since this file was made; the moment is remembered."""
    seen = {row.id: row.seen for row in connection.execute(select(clock))}
    total = float(seen.get(PASSED, 0.0))
    if seen.get(START) == now.start:
        gained = now.uptime - seen[UPTIME]
        total += max(0.0, gained if now.start else min(gained, now.wall - seen[WALL]))
    for id, value in ((WALL, now.wall), (UPTIME, now.uptime), (START, now.start), (PASSED, total)):
        connection.execute(
            upsert(clock).values(id=id, seen=value).on_conflict_do_update(index_elements=["id"], set_={"seen": value})
        )
    return total
