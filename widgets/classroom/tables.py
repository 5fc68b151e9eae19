"""What a room keeps, as tables. No names, no addresses, no browser's marks; a secret only as its hash."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

FORM = 1  # PRAGMA user_version: a file of another form is refused, not migrated; a room lives for thirty days

metadata = MetaData()


def _room() -> Column[int]:
    return Column("room", ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False)


rooms = Table(
    "rooms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("secret", Text, nullable=False),  # hashed
    Column("made", Float, nullable=False),  # times are seconds since 1970, UTC
    Column("reasons_days", Integer, nullable=False),
    Column("rest_days", Integer, nullable=False),
    Column("reasons_expire", Float, nullable=False),
    Column("rest_expires", Float, nullable=False),
    Column("version", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("item", Text),
    Column("ends", Float),  # of the timer
    Column("seconds", Integer),
    Column("asks_reason", Boolean, nullable=False),
    sqlite_autoincrement=True,  # an id that came back would find another room's items in memory
)
items = Table(
    "items",
    metadata,
    _room(),
    Column("item", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("snapshot", Text, nullable=False),  # JSON
    UniqueConstraint("room", "item"),
)
rounds = Table(
    "rounds",
    metadata,
    _room(),
    Column("item", Text, nullable=False),
    Column("opened", Integer, nullable=False),  # the highest vote that was ever open
    Column("revealed", Boolean, nullable=False),
    UniqueConstraint("room", "item"),
)
phones = Table(
    "phones",
    metadata,
    Column("id", Integer, primary_key=True),
    _room(),
    Column("token", Text, nullable=False),  # hashed
    Column("alias", Text, nullable=False),
    Column("shuffle", Integer, nullable=False),  # at random: the order in which persons are numbered
    Column("seat", Integer),  # the table, while this scene is on the screen
    UniqueConstraint("room", "alias"),
    Index("phones_by_token", "room", "token"),
    sqlite_autoincrement=True,
)
votes = Table(
    "votes",
    metadata,
    Column("phone", ForeignKey("phones.id", ondelete="CASCADE"), primary_key=True),
    Column("item", Text, primary_key=True),
    Column("vote", Integer, primary_key=True),
    _room(),
    Column("n", Integer, nullable=False),
    Column("answer", Text, nullable=False),  # JSON
    Column("time", Float, nullable=False),
    Index("votes_of_a_round", "room", "item", "vote"),
)
reasons = Table(
    "reasons",
    metadata,
    Column("id", Integer, primary_key=True),
    _room(),
    Column("phone", ForeignKey("phones.id", ondelete="CASCADE"), nullable=False),
    Column("item", Text, nullable=False),
    Column("vote", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("shown", Boolean, nullable=False),
    UniqueConstraint("phone", "item", "vote"),
    Index("reasons_of_a_round", "room", "item"),
    sqlite_autoincrement=True,
)
hands = Table(
    "hands",
    metadata,
    _room(),
    Column("item", Text, nullable=False),
    Column("vote", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("counts", Text, nullable=False),  # JSON
    UniqueConstraint("room", "item", "vote"),
)
# When a server last looked: the date, the machine's uptime, which start of it; and what has surely passed until then.
WALL, UPTIME, START, PASSED = 1, 2, 3, 4
clock = Table("clock", metadata, Column("id", Integer, primary_key=True), Column("seen", Float, nullable=False))
# What had passed when a room was made.
ages = Table("ages", metadata, _room(), Column("passed", Float, nullable=False), UniqueConstraint("room"))
