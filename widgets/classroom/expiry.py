"""Deletes what has passed its time: reasons after seven days, the rest after thirty, or as the room was told.

A date can be wrong: set a year forward, it would empty every room in a minute. So a room is deleted unasked only when
so many days have surely passed since it was made (``passed.py``): while the machine ran or slept. What is due by the
date alone is named, and deleted when somebody says so. A machine that was off for a week looks like one whose clock
was set.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from .clock import Moment
from .passed import passed
from .rooms import DAY, erase, when
from .tables import ages, reasons, rooms


def expire(connection: Connection, moment: Moment, *, asked: bool = False) -> list[dict[str, Any]]:
    """Delete what is surely due; what is due by the date alone is returned, or with ``asked`` deleted too."""
    total, now = passed(connection, moment), moment.wall
    waiting: list[dict[str, Any]] = []
    for room in connection.execute(select(rooms).order_by(rooms.c.id)).all():
        age = total - _made(connection, room, total)
        if age >= room.rest_days * DAY or (asked and room.rest_expires <= now):
            erase(connection, room.id)
            continue
        if age >= min(room.reasons_days, room.rest_days) * DAY or (asked and room.reasons_expire <= now):
            connection.execute(delete(reasons).where(reasons.c.room == room.id))
        if room.made > now + DAY and age >= DAY:
            _bring_back(connection, room, now)
            continue
        if room.rest_expires <= now:
            waiting.append({"code": room.code, "what": "rest", "expired": when(room.rest_expires)})
        elif room.reasons_expire <= now and _has_reasons(connection, room):
            waiting.append({"code": room.code, "what": "reasons", "expired": when(room.reasons_expire)})
    return waiting


def _made(connection: Connection, room: Row[Any], total: float) -> float:
    """What had passed when the room was made; for one that does not say, it counts from now."""
    made = connection.execute(select(ages.c.passed).where(ages.c.room == room.id)).scalar()
    if made is None:
        connection.execute(insert(ages), {"room": room.id, "passed": total})
    return total if made is None else float(made)


def _bring_back(connection: Connection, room: Row[Any], now: float) -> None:
    """A room that was made while the date was ahead is asked about no later than one made now. It is a day old at least:
    a machine that woke with a date of years ago has it right again by then."""
    dates = {"made": now, "reasons_expire": now + min(room.reasons_days, room.rest_days) * DAY}
    connection.execute(
        update(rooms).where(rooms.c.id == room.id).values(**dates, rest_expires=now + room.rest_days * DAY)
    )


def _has_reasons(connection: Connection, room: Row[Any]) -> bool:
    return connection.execute(select(reasons.c.id).where(reasons.c.room == room.id)).first() is not None
