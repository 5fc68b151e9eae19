"""Deletes what has passed its time: reasons after seven days, the rest after thirty, or as the room was told.

A clock that has jumped is not believed. Set a year forward it would empty every room in a minute; so after a jump what
is due is named, and deleted only when somebody says so. A computer that slept for a week looks the same.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from .rooms import DAY, erase, when
from .tables import clock, reasons, rooms

JUMP = 1.5 * DAY  # a server that runs looks at its clock every few minutes


def expire(connection: Connection, now: float, *, asked: bool = False) -> list[dict[str, Any]]:
    """Delete what is due; returns what is due and was not deleted, since the clock has jumped. ``asked`` deletes it."""
    seen = connection.execute(select(clock.c.seen)).scalar()
    _bring_back(connection, now)
    due = _due(connection, now)
    if due and not asked and (seen is None or now - seen > JUMP):
        return due
    for entry in due:
        room = connection.execute(select(rooms.c.id).where(rooms.c.code == entry["code"])).scalar_one()
        if entry["what"] == "rest":
            erase(connection, room)
        else:
            connection.execute(delete(reasons).where(reasons.c.room == room))
    if seen is None:
        connection.execute(insert(clock), {"id": 1, "seen": now})
    else:
        connection.execute(update(clock).values(seen=now))
    return []


def _due(connection: Connection, now: float) -> list[dict[str, Any]]:
    due: list[dict[str, Any]] = []
    for room in connection.execute(select(rooms).where(rooms.c.reasons_expire <= now).order_by(rooms.c.id)):
        if room.rest_expires <= now:
            due.append({"code": room.code, "what": "rest", "expired": when(room.rest_expires)})
        elif connection.execute(select(reasons.c.id).where(reasons.c.room == room.id)).first():
            due.append({"code": room.code, "what": "reasons", "expired": when(room.reasons_expire)})
    return due


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
