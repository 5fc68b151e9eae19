"""What a phone does in a room, each an operation in a transaction: join, look, vote."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..grading import AnswerError, grade
from . import view
from .messages import CastVote, ItemSnapshot, Refused
from .rooms import Wrong, find, snapshot
from .steps import is_open, may_grade
from .tables import phones, reasons, rooms, rounds, votes
from .tokens import KINDS, THINGS, hashed, matches, new_alias, new_secret

WAITING = re.compile(r"new\.([A-Za-z0-9_-]{32})")  # as long as a secret of ours, so that nobody makes a shorter one
MOST_PHONES = 4000  # in one room: there are 4,096 aliases, and a room that anybody can join must not fill the disk

# A phone and its room in one look; built once, since five hundred phones look at the same moment.
PHONE = (
    select(
        rooms,
        phones.c.id.label("phone"),
        phones.c.token,
        phones.c.alias,
        phones.c.seat,
        func.coalesce(rounds.c.opened, 0).label("opened"),
    )
    .join(phones, phones.c.room == rooms.c.id)
    .outerjoin(rounds, (rounds.c.room == rooms.c.id) & (rounds.c.item == rooms.c.item))
    .where(rooms.c.code == bindparam("code"), phones.c.id == bindparam("phone"))
)
MADE = select(phones).where(phones.c.room == bindparam("room"), phones.c.token == bindparam("token"))
YOURS = (
    select(votes.c.vote, votes.c.n, votes.c.answer, reasons.c.text)
    .outerjoin(
        reasons,
        (reasons.c.phone == votes.c.phone) & (reasons.c.item == votes.c.item) & (reasons.c.vote == votes.c.vote),
    )
    .where(votes.c.phone == bindparam("phone"), votes.c.item == bindparam("item"))
)
SHOWN = (
    select(reasons.c.text)
    .where(reasons.c.room == bindparam("room"), reasons.c.item == bindparam("item"), reasons.c.shown)
    .order_by(reasons.c.id)
)
_cast = upsert(votes).values(
    {name: bindparam(name) for name in ("phone", "item", "vote", "room", "n", "answer", "time")}
)
# Only a higher number replaces an answer; the row that stands comes back when it was this one.
CAST = _cast.on_conflict_do_update(
    index_elements=["phone", "item", "vote"],
    set_={name: _cast.excluded[name] for name in ("n", "answer", "time")},
    where=_cast.excluded.n > votes.c.n,
).returning(votes.c.n)
KEPT = YOURS.where(votes.c.vote == bindparam("vote"))


def waiting_token() -> str:
    """What a browser holds from the room's page on: the secret that it will have as a phone.

    So whoever presses Join again, since the reply to the first press was lost, is the phone that it made.
    """
    return f"new.{new_secret()}"


def waits(token: str | None) -> str | None:
    """The secret in a waiting token; None for any other."""
    found = WAITING.fullmatch(token or "")
    return found[1] if found else None


def arrive(connection: Connection, code: str, token: str | None) -> dict[str, Any]:
    """What the room's page says: whether this browser has joined, and for how long what is kept."""
    room = find(connection, code)
    joined = _recognised(connection, code, token) is not None
    return {"joined": joined, "reasons_days": room.reasons_days, "rest_days": room.rest_days}


def join(connection: Connection, code: str, token: str | None) -> tuple[str, str | None]:
    """A phone's alias, and its new token; None for that if it brought a good one.

    Who brings a waiting token becomes the phone of that secret, however often it asks; it opens nothing else.
    """
    room = find(connection, code)
    known = _recognised(connection, code, token)
    if known is not None:
        return known.alias, None
    secret = waits(token)
    made = None if secret is None else _made_before(connection, room.id, secret)
    if made is not None:
        return made.alias, f"{made.id}.{secret}"
    if room.step == "closed":
        raise Refused(409, "This room is closed. Ask for the code of the next one.")
    if connection.execute(select(func.count()).where(phones.c.room == room.id)).scalar_one() >= MOST_PHONES:
        raise Refused(409, f"This room is full: it takes {MOST_PHONES:,} phones.")
    secret, alias = secret or new_secret(), _free_alias(connection, room.id)
    values = {"room": room.id, "token": hashed(secret), "alias": alias, "shuffle": secrets.randbits(62)}
    id = connection.execute(insert(phones), values).inserted_primary_key[0]  # type: ignore[index]
    return alias, f"{id}.{secret}"


def who(connection: Connection, code: str, token: str | None) -> Row[Any]:
    """The phone that holds the token, with its room; refuses others."""
    known = _recognised(connection, code, token)
    if known is None:
        find(connection, code)
        # A browser that has not joined has not guessed at anything; one with a bad token may have.
        raise (Refused if token is None or waits(token) else Wrong)(
            401, "This phone has not joined the room yet. Join it first."
        )
    return known


def look(connection: Connection, code: str, token: str | None, steady: float) -> tuple[int, dict[str, Any]]:
    """The phone's number, and all that it may know."""
    phone = who(connection, code, token)
    if phone.item is None:
        return phone.phone, view.state(phone, None, {}, [], steady)
    here = {"phone": phone.phone, "item": phone.item}
    yours = {row.vote: row for row in connection.execute(YOURS, here)}
    shown = []
    if may_grade(phone.step):  # before, the view would leave them out
        shown = list(connection.execute(SHOWN, {"room": phone.id, "item": phone.item}).scalars())
    return phone.phone, view.state(phone, snapshot(connection, phone.id, phone.item), yours, shown, steady)


def vote(connection: Connection, code: str, token: str | None, cast: CastVote, now: float) -> dict[str, Any]:
    """Keep an answer, if its vote is open and its number is the highest; the answer that stands then."""
    phone = who(connection, code, token)
    shown = snapshot(connection, phone.id, cast.item)
    if not is_open(phone.step, phone.item, cast.item, cast.vote):
        raise Refused(409, "This vote is not open. Your answer counts as it was when it closed.")
    fitting(shown, cast.answer)
    place = {"phone": phone.phone, "item": cast.item, "vote": cast.vote}
    values = {**place, "room": phone.id, "n": cast.n, "answer": json.dumps(cast.answer), "time": now}
    if connection.execute(CAST, values).first() is None:
        stands = connection.execute(KEPT, place).one()
        other = (stands.n, stands.answer) != (cast.n, values["answer"])
        reason = {"reason": stands.text} if other and stands.text else {}
        return {"n": stands.n, "answer": json.loads(stands.answer), **reason}
    if phone.asks_reason:
        _keep_reason(connection, {**place, "room": phone.id}, cast.reason)
    return {"n": cast.n, "answer": cast.answer}


def fitting(shown: ItemSnapshot, answer: object) -> None:
    """Refuse what is no whole answer to the item, in the grader's words."""
    if shown.item is None:
        raise Refused(422, "This one is written on paper. Nothing is sent.")
    try:
        result = grade(shown.item, answer)
    except AnswerError as error:
        raise Refused(422, str(error)) from None
    except ValueError:
        raise Refused(422, "This scene cannot be answered here: the room was made with a faulty copy of it.") from None
    if result.get("ending", "") is None:
        raise Refused(422, "Walk the path to its end, then send it whole.")


def _keep_reason(connection: Connection, place: dict[str, Any], text: str | None) -> None:
    """In place of an earlier one, which may have been let through: this one has not."""
    connection.execute(delete(reasons).where(*(reasons.c[name] == place[name] for name in ("phone", "item", "vote"))))
    if text:
        connection.execute(insert(reasons), {**place, "text": text, "shown": False})


def _recognised(connection: Connection, code: str, token: str | None) -> Row[Any] | None:
    """The phone whose token it is. Found by its number, so that the secret itself is compared, not looked up."""
    id, dot, secret = (token or "").partition(".")
    if not (dot and secret and id.isascii() and id.isdigit() and len(id) < 16):
        return None
    row = connection.execute(PHONE, {"code": code, "phone": int(id)}).first()
    return row if row is not None and matches(secret, row.token) else None


def _made_before(connection: Connection, room: int, secret: str) -> Row[Any] | None:
    """The phone that this secret has made here already."""
    row = connection.execute(MADE, {"room": room, "token": hashed(secret)}).first()
    return row if row is not None and matches(secret, row.token) else None


def _free_alias(connection: Connection, room: int) -> str:
    """Two words that no other phone of the room has."""
    for _ in range(4):
        alias = new_alias()
        if not connection.execute(select(phones.c.id).where(phones.c.room == room, phones.c.alias == alias)).first():
            return alias
    taken = set(connection.execute(select(phones.c.alias).where(phones.c.room == room)).scalars())
    return secrets.choice([alias for a in KINDS for b in THINGS if (alias := f"{a} {b}") not in taken])
