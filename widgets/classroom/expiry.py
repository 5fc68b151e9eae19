"""Deletes what has passed its time: reasons after seven days, the rest after thirty, or as the room was told.

A date can be wrong: set a year forward, it would empty every room in a minute. So the date is believed as far as the
machine's own uptime, which nobody sets, says that the time has passed: while the server runs, and while the machine
sleeps. What the date has gained beyond that is a jump. It is remembered, and what is due only because of jumps is
named, and deleted when somebody says that the date is right. A machine that was off for a week looks the same.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from .rooms import DAY, erase, when
from .tables import UPTIME, WALL, clock, jumps, reasons, rooms

DRIFT = 300.0  # seconds between two looks by which a clock may be put right without being asked


def expire(connection: Connection, now: float, uptime: float, *, asked: bool = False) -> list[dict[str, Any]]:
    """Delete what is surely due; what is due by the date alone is returned, or with ``asked`` deleted too.

    ``now`` is the date in seconds since 1970, ``uptime`` the machine's in seconds.
    """
    _look(connection, now, uptime)
    if asked:
        connection.execute(delete(jumps))
    _bring_back(connection, now)
    waiting: list[dict[str, Any]] = []
    for room in connection.execute(select(rooms).where(rooms.c.reasons_expire <= now).order_by(rooms.c.id)).all():
        sure = now - _doubt(connection, room)
        if room.rest_expires <= sure:
            erase(connection, room.id)
            continue
        if room.reasons_expire <= sure:
            connection.execute(delete(reasons).where(reasons.c.room == room.id))
        if room.rest_expires <= now:
            waiting.append({"code": room.code, "what": "rest", "expired": when(room.rest_expires)})
        elif connection.execute(select(reasons.c.id).where(reasons.c.room == room.id)).first():
            waiting.append({"code": room.code, "what": "reasons", "expired": when(room.reasons_expire)})
    return waiting


def _look(connection: Connection, now: float, uptime: float) -> None:
    """Remember what the clocks show, and a jump if the date has gained more than the uptime vouches for."""
    seen = {row.id: row.seen for row in connection.execute(select(clock))}
    if len(seen) == 2:
        gained = now - seen[WALL]
        # A machine that was started anew since then has been up for no longer than that.
        passed = uptime - seen[UPTIME] if uptime >= seen[UPTIME] else uptime
    else:  # nobody has looked yet: whatever rooms there are may be of any age
        gained, passed = now - (connection.execute(select(func.min(rooms.c.made))).scalar() or now), 0.0
    connection.execute(delete(jumps).where(jumps.c.at > now))  # it was set back: that jump is undone
    if gained - passed > DRIFT:
        connection.execute(insert(jumps), {"at": now, "seconds": gained - passed})
    for id, value in ((WALL, now), (UPTIME, uptime)):
        connection.execute(
            upsert(clock).values(id=id, seen=value).on_conflict_do_update(index_elements=["id"], set_={"seen": value})
        )


def _doubt(connection: Connection, room: Row[Any]) -> float:
    """Seconds that the date has jumped since the room was made."""
    total = connection.execute(select(func.sum(jumps.c.seconds)).where(jumps.c.at > room.made)).scalar()
    return float(total or 0)


def _bring_back(connection: Connection, now: float) -> None:
    """A room made while the clock was ahead expires no later than one made now."""
    for room in connection.execute(select(rooms).where(rooms.c.made > now + DAY)).all():
        connection.execute(
            update(rooms)
            .where(rooms.c.id == room.id)
            .values(
                made=now,
                reasons_expire=now + min(room.reasons_days, room.rest_days) * DAY,
                rest_expires=now + room.rest_days * DAY,
            )
        )
