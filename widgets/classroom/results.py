"""What an instructor reads of a room's answers, each an operation in a transaction; only of votes that are closed."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select, update

from . import tally as sums
from .messages import LAST_NUMBER, Hands, Refused, Seat
from .rooms import closed_vote, count_hands, enter, leave_tables, progress, snapshot, touch, when
from .tables import hands, items, phones, reasons, votes

NO_REASON = "There is no such reason any more: whoever wrote it may have changed it. Look again."


def tally(connection: Connection, code: str, secret: str | None, item: str, vote: int) -> dict[str, Any]:
    """The tally of a closed vote; of an open one, how many have answered."""
    room = enter(connection, code, secret)
    shown = snapshot(connection, room.id, item)
    answers = _answers(connection, room.id, item, vote)
    raised = _raised(connection, room.id, item, vote)
    head = {"item": item, "vote": vote}
    if not closed_vote(connection, room, item, vote):
        return {**head, "n": len(answers) + (raised["n"] if raised else 0), "open": True}
    return {**head, **sums.of(shown.item, answers.values(), raised, crisis=shown.crisis)}


def raise_hands(connection: Connection, code: str, secret: str | None, counted: Hands) -> dict[str, Any]:
    """Keep a show of hands for a vote that is or was open; what is kept."""
    room = enter(connection, code, secret)
    shown = snapshot(connection, room.id, counted.item)
    if shown.item is None:
        raise Refused(422, "Nothing is counted here: everyone writes on paper.")
    checked = sums.hands(shown.item, counted.counts, counted.n)
    count_hands(connection, room, counted.item, counted.vote, checked["n"], checked["counts"])
    return {"item": counted.item, "vote": counted.vote, **checked}


def given_reasons(connection: Connection, code: str, secret: str | None, item: str) -> list[dict[str, Any]]:
    """The reasons given with an item's votes, in the order in which they came; never what their writers answered."""
    room = enter(connection, code, secret)
    snapshot(connection, room.id, item)
    rows = connection.execute(
        select(reasons.c.id, reasons.c.vote, reasons.c.text, reasons.c.shown)
        .where(reasons.c.room == room.id, reasons.c.item == item)
        .order_by(reasons.c.id)
    )
    return [row._asdict() for row in rows]


def show_reason(connection: Connection, code: str, secret: str | None, id: int, shown: bool) -> int:
    """Let one reason through to the phones, or take it back; the room's new version."""
    room = enter(connection, code, secret)
    if id > LAST_NUMBER:  # SQLite's own numbers end not far beyond
        raise Refused(404, NO_REASON)
    found = connection.execute(update(reasons).where(reasons.c.room == room.id, reasons.c.id == id).values(shown=shown))
    if not found.rowcount:
        raise Refused(404, NO_REASON)
    touch(connection, room.id)
    return int(room.version) + 1


def seat(
    connection: Connection, code: str, secret: str | None, asked: Seat, here: Collection[int]
) -> tuple[int, list[dict[str, int]]]:
    """Give phones a table where people sit who answered differently; the new version, and how many at each.

    Seated are those that answered, and of the others those that are ``here``: a chair for a phone that left stays empty.
    """
    room = enter(connection, code, secret)
    snapshot(connection, room.id, asked.item)
    opened, _ = progress(connection, room.id, asked.item)
    vote = 2 if opened == 2 and closed_vote(connection, room, asked.item, 2) else 1
    if not closed_vote(connection, room, asked.item, vote):
        raise Refused(409, "Close the first vote, then make the groups: they come from what people answered.")
    answers = _answers(connection, room.id, asked.item, vote)
    everyone = connection.execute(
        select(phones.c.id).where(phones.c.room == room.id).order_by(phones.c.shuffle)
    ).scalars()
    seated = [phone for phone in everyone if phone in answers or phone in here]
    leave_tables(connection, room.id)
    # Those who agree stand side by side, then everybody is dealt out, table by table.
    queue = sorted(seated, key=lambda phone: (phone not in answers, json.dumps(answers.get(phone), sort_keys=True)))
    number = max(1, -(-len(queue) // asked.size))
    counts = [0] * number
    for place, phone in enumerate(queue):
        counts[place % number] += 1
        connection.execute(update(phones).where(phones.c.id == phone).values(seat=place % number + 1))
    touch(connection, room.id)
    return int(room.version) + 1, [{"table": place, "n": n} for place, n in enumerate(counts, start=1) if n]


def answers(connection: Connection, code: str, secret: str | None) -> dict[str, Any]:
    """All answers to closed votes, for analysis: no alias, no reason, and only how many where fewer than five answered."""
    room = enter(connection, code, secret)
    found: dict[str, Any] = {"items": {}, "answers": [], "hands": [], "withheld": []}
    numbers: dict[int, str] = {}
    order = connection.execute(select(phones.c.id).where(phones.c.room == room.id).order_by(phones.c.shuffle))
    for number, phone in enumerate(order.scalars(), start=1):
        numbers[phone] = f"p{number}"
    for key in connection.execute(
        select(items.c.item).where(items.c.room == room.id).order_by(items.c.place)
    ).scalars():
        shown = snapshot(connection, room.id, key)
        found["items"][key] = shown.model_dump(exclude={"html", "reasons"})
        for vote in (1, 2):
            if closed_vote(connection, room, key, vote):
                _gather(connection, room, key, vote, numbers, found)
    return found


def _gather(
    connection: Connection, room: Row[Any], key: str, vote: int, numbers: dict[int, str], found: dict[str, Any]
) -> None:
    head = {"item": key, "vote": vote}
    if (raised := _raised(connection, room.id, key, vote)) is not None:
        found["hands"].append({**head, **raised})
    rows = connection.execute(
        select(votes.c.phone, votes.c.answer, votes.c.time)
        .join(phones, phones.c.id == votes.c.phone)
        .where(votes.c.room == room.id, votes.c.item == key, votes.c.vote == vote)
        .order_by(phones.c.shuffle)
    ).all()
    if 0 < len(rows) < sums.FEWEST:
        found["withheld"].append({**head, "n": len(rows)})
        return
    for row in rows:
        answer = {"answer": json.loads(row.answer), "reason": None, "time": when(row.time)}
        found["answers"].append({"person": numbers[row.phone], **head, **answer})


def _answers(connection: Connection, room: int, item: str, vote: int) -> dict[int, Any]:
    rows = connection.execute(
        select(votes.c.phone, votes.c.answer).where(votes.c.room == room, votes.c.item == item, votes.c.vote == vote)
    )
    return {row.phone: json.loads(row.answer) for row in rows}


def _raised(connection: Connection, room: int, item: str, vote: int) -> dict[str, Any] | None:
    row = connection.execute(
        select(hands.c.n, hands.c.counts).where(hands.c.room == room, hands.c.item == item, hands.c.vote == vote)
    ).first()
    return None if row is None else {"n": row.n, "counts": json.loads(row.counts)}
