"""How much time has surely passed, whatever the date says: the machine's own uptime, added up over its restarts.

A date can be set, and a machine may start with a wrong one. Its uptime only grows, also while it sleeps, and begins
anew when it is started: so it vouches for a part of the time that has passed, and never for more.
"""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from .tables import PASSED, UPTIME, clock


def passed(connection: Connection, uptime: float) -> float:
    """Seconds that have surely passed since this file was made; ``uptime`` is the machine's now, and is remembered."""
    seen = {row.id: row.seen for row in connection.execute(select(clock))}
    before = seen.get(UPTIME, uptime)
    # A machine that was started anew since then has been up for no longer than that.
    total = float(seen.get(PASSED, 0.0) + (uptime - before if uptime >= before else uptime))
    for id, value in ((UPTIME, uptime), (PASSED, total)):
        connection.execute(
            upsert(clock).values(id=id, seen=value).on_conflict_do_update(index_elements=["id"], set_={"seen": value})
        )
    return total
