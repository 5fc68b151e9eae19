"""What an instructor does with a room, each an operation in a transaction: make, run, close and forget it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from .clock import Moment
from .messages import ItemSnapshot, NewRoom, Refused, StepTo
from .passed import passed
from .snapshot import sound
from .steps import obstacle, open_vote, seconds_left
from .tables import ages, hands, items, phones, reasons, rooms, rounds, votes
from .tokens import hashed, matches, new_code, new_secret

DAY = 86_400.0
KEPT_IN_MEMORY = 200  # snapshots, of 10 to 30 KB; they never change once they are made


class Wrong(Refused):
    """A wrong code or a bad token: the only refusals that count against an address."""


ROOM = select(rooms).where(rooms.c.code == bindparam("code"))
SNAPSHOT = select(items.c.snapshot).where(items.c.room == bindparam("room"), items.c.item == bindparam("item"))
VOTES = (
    select(votes.c.vote, func.count())
    .where(votes.c.room == bindparam("room"), votes.c.item == bindparam("item"))
    .group_by(votes.c.vote)
)


def make(connection: Connection, asked: NewRoom, moment: Moment) -> dict[str, Any]:
    """A new room in its lobby; its secret is told here and never again."""
    if missing := [key for key in asked.items if key not in asked.snapshot]:
        raise Refused(422, f"The snapshot lacks {', '.join(missing)}: send one for each item.")
    if len(set(asked.items)) < len(asked.items):
        raise Refused(422, "An item can be in a room only once.")
    for key in asked.items:
        if not sound(asked.snapshot[key]):
            raise Refused(422, f"{key} cannot be graded as it was sent. Make the snapshot from a bank without faults.")
    secret, code = new_secret(), new_code()
    while connection.execute(ROOM, {"code": code}).first():
        code = new_code()
    now = moment.wall
    values = {
        "code": code,
        "secret": hashed(secret),
        "made": now,
        "reasons_days": asked.reasons_days,
        "rest_days": asked.rest_days,
        "reasons_expire": now + min(asked.reasons_days, asked.rest_days) * DAY,
        "rest_expires": now + asked.rest_days * DAY,
        "version": 1,
        "step": "lobby",
        "asks_reason": False,
    }
    id = connection.execute(insert(rooms), values).inserted_primary_key[0]  # type: ignore[index]
    rows = [
        {"room": id, "item": key, "place": place, "snapshot": asked.snapshot[key].model_dump_json()}
        for place, key in enumerate(asked.items)
    ]
    connection.execute(insert(items), rows)
    connection.execute(insert(ages), {"room": id, "passed": passed(connection, moment)})
    room = connection.execute(ROOM, {"code": code}).one()
    return {"room": str(id), "code": code, "secret": secret, "expires": expiry(room)}


def find(connection: Connection, code: str) -> Row[Any]:
    """The room of that code; refuses an unknown one."""
    room = connection.execute(ROOM, {"code": code}).first()
    if room is None:
        raise Wrong(404, "There is no room with that code. Look at the six characters again.")
    return room


def enter(connection: Connection, code: str, secret: str | None) -> Row[Any]:
    """The room, for whoever holds its secret; refuses others."""
    room = find(connection, code)
    if secret is None or not matches(secret, room.secret):
        raise Wrong(
            401, "Only the instructor's own secret for this room opens this. It was told when the room was made."
        )
    return room


def snapshot(connection: Connection, room: int, item: str) -> ItemSnapshot:
    """The item as it was when the room was made; refuses one that is not of this room."""
    kept: dict[tuple[int, str], ItemSnapshot] = connection.info.setdefault("snapshots", {})
    if (room, item) not in kept:
        text = connection.execute(SNAPSHOT, {"room": room, "item": item}).scalar()
        if text is None:
            raise Refused(422, "That scene is not one of this room's.")
        if len(kept) >= KEPT_IN_MEMORY:
            kept.clear()
        kept[room, item] = ItemSnapshot.model_validate_json(text)
    return kept[room, item]


def state(connection: Connection, room: Row[Any], steady: float) -> dict[str, Any]:
    """The room as its instructor may see it at any time, but for ``here``, which no file knows."""
    counts, raised = {"1": 0, "2": 0}, {"1": 0, "2": 0}
    if room.item is not None:
        here = {"room": room.id, "item": room.item}
        counts |= {str(vote): n for vote, n in connection.execute(VOTES, here)}
        shown = connection.execute(
            select(hands.c.vote, hands.c.n).where(hands.c.room == room.id, hands.c.item == room.item)
        )
        raised |= {str(vote): n for vote, n in shown}
    return {
        "version": room.version,
        "step": room.step,
        "item": room.item,
        "seconds_left": seconds_left(room.ends, room.seconds, steady),
        "phones": connection.execute(select(func.count()).where(phones.c.room == room.id)).scalar(),
        "votes": counts,
        "hands": raised,
        "asks_reason": room.asks_reason,
        "opened_at": when(room.made),
        "expires": expiry(room),
    }


def look(connection: Connection, code: str, secret: str | None, steady: float) -> dict[str, Any]:
    """The room's state, for its instructor."""
    return state(connection, enter(connection, code, secret), steady)


def step(connection: Connection, code: str, secret: str | None, asked: StepTo, steady: float) -> dict[str, Any]:
    """Take the room to a step: that closes the vote that was open, opens the one that is, or reveals.

    Refuses what another tab has overtaken, with the room as it is now.
    """
    room = enter(connection, code, secret)
    if asked.version != room.version:
        raise Refused(
            409,
            "Another window has moved this room on. Here is how it stands now.",
            room=state(connection, room, steady),
        )
    if room.step == "closed":
        raise Refused(409, "This room is closed. Open a new one.", room=state(connection, room, steady))
    values: dict[str, Any] = {"version": room.version + 1, "step": asked.step, "ends": None, "seconds": None}
    if asked.asks_reason is not None:
        values["asks_reason"] = asked.asks_reason
    if asked.step == "lobby":
        values["item"] = None
    else:
        item = asked.item or room.item
        if item is None:
            raise Refused(422, "Say which scene: there is none on the screen yet.")
        values["item"] = item
        shown = snapshot(connection, room.id, item)
        if asked.seconds and not shown.crisis:  # nobody is hurried through a crisis
            values |= {"ends": steady + asked.seconds, "seconds": asked.seconds}
        _take(connection, room, item, asked.step)
    if values["item"] != room.item:
        leave_tables(connection, room.id)  # they were for those who differed on the last scene
    connection.execute(update(rooms).where(rooms.c.id == room.id).values(values))
    return state(connection, find(connection, code), steady)


def progress(connection: Connection, room: int, item: str) -> tuple[int, bool]:
    """The highest vote on the item that was ever open, 0 to 2, and whether its reasons were shown."""
    row = connection.execute(
        select(rounds.c.opened, rounds.c.revealed).where(rounds.c.room == room, rounds.c.item == item)
    ).first()
    return (row.opened, row.revealed) if row else (0, False)


def closed_vote(connection: Connection, room: Row[Any], item: str, vote: int) -> bool:
    """Whether this vote has been open and is not any more."""
    now_open = room.item == item and open_vote(room.step) == vote
    return progress(connection, room.id, item)[0] >= vote and not now_open


def touch(connection: Connection, room: int) -> None:
    """Phones have something new to fetch."""
    connection.execute(update(rooms).where(rooms.c.id == room).values(version=rooms.c.version + 1))


def leave_tables(connection: Connection, room: int) -> None:
    connection.execute(update(phones).where(phones.c.room == room, phones.c.seat.is_not(None)).values(seat=None))


def count_hands(connection: Connection, room: Row[Any], item: str, vote: int, n: int, counts: dict[str, Any]) -> None:
    """Keep a show of hands in place of an earlier one; refuses it for a vote that was never opened."""
    if progress(connection, room.id, item)[0] < vote:
        raise Refused(409, "That vote has not been opened yet. Open it, then count the hands.")
    values = {"room": room.id, "item": item, "vote": vote, "n": n, "counts": json.dumps(counts)}
    statement = upsert(hands).values(values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["room", "item", "vote"], set_={"n": n, "counts": values["counts"]}
        )
    )


def close(connection: Connection, code: str, secret: str | None) -> int:
    """End the class: nothing opens any more, and what was answered stays until it expires. The room's version then."""
    room = enter(connection, code, secret)
    if room.step == "closed":
        return int(room.version)
    closed = {"step": "closed", "item": None, "ends": None, "seconds": None, "version": room.version + 1}
    connection.execute(update(rooms).where(rooms.c.id == room.id).values(closed))
    leave_tables(connection, room.id)
    return int(room.version) + 1


def forget(connection: Connection, code: str, secret: str | None) -> None:
    """Delete the room and all that is in it. The log is emptied by whoever commits this."""
    erase(connection, enter(connection, code, secret).id)


def erase(connection: Connection, room: int) -> None:
    for table in (reasons, votes, hands, phones, rounds, items, ages):
        connection.execute(delete(table).where(table.c.room == room))
    connection.execute(delete(rooms).where(rooms.c.id == room))
    kept = connection.info.get("snapshots", {})
    for place in [place for place in kept if place[0] == room]:
        del kept[place]


def expiry(room: Row[Any]) -> dict[str, str]:
    return {"reasons": when(room.reasons_expire), "rest": when(room.rest_expires)}


def when(time: float) -> str:
    """Seconds since 1970 as ISO 8601, UTC, to the second."""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def _take(connection: Connection, room: Row[Any], item: str, step: str) -> None:
    opened, revealed = progress(connection, room.id, item)
    if (sentence := obstacle(step, opened=opened, revealed=revealed)) is not None:
        raise Refused(409, sentence)
    values = {"opened": max(opened, open_vote(step) or 0), "revealed": revealed or step == "reasons"}
    statement = upsert(rounds).values(room=room.id, item=item, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["room", "item"], set_=values))
