"""Secrets: made at random, kept as a hash, compared in constant time; and who has been wrong too often.

A secret has 128 bits or more, so that one round of SHA-256 is enough: there is no dictionary to try.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict

# No vowels, so that no word comes out; none of 0 O 1 I L, 2 Z, 5 S, 8 B, U V that are taken for each other.
ALPHABET = "34679CDFGHJKMNPQRTWXY"
CODE_LENGTH = 6  # 86 million; a network may be wrong `LIMIT` times a minute
LIMIT = 100  # failures a minute: a class of 500 mistypes less, and nobody finds a room by guessing
WINDOW = 60.0  # seconds
MOST_ADDRESSES = 10_000


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def hashed(secret: str) -> str:
    """What is stored of a secret: its SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def matches(secret: str, stored: str) -> bool:
    """Whether ``stored`` is the hash of ``secret``; takes as long for a near miss as for a far one."""
    return hmac.compare_digest(hashed(secret), stored)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def is_code(text: str) -> bool:
    return len(text) == CODE_LENGTH and all(c in ALPHABET for c in text)


def new_alias() -> str:
    """Two words; 4,096 of them. Whoever hands them out sees to it that no two in a room are the same."""
    return f"{secrets.choice(KINDS)} {secrets.choice(THINGS)}"


class Failures:
    """Counts failures by address, over the last minute; what succeeds never counts.

    A whole class comes from one address, so an address is not a person: whoever has a good token passes always.
    """

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[float]] = OrderedDict()

    def too_many(self, address: str, now: float) -> bool:
        """``now`` in seconds of a clock that only goes forward."""
        return len(self._recent(address, now)) >= LIMIT

    def add(self, address: str, now: float) -> None:
        times = self._recent(address, now)
        if len(times) < LIMIT:
            times.append(now)
        self._times[address] = times
        self._times.move_to_end(address)
        while len(self._times) > MOST_ADDRESSES:
            self._times.popitem(last=False)

    def _recent(self, address: str, now: float) -> list[float]:
        return [time for time in self._times.get(address, ()) if now - time < WINDOW]


_KINDS = (
    "able amber apt azure bold brave brief bright brisk calm candid careful cheerful clear clever cobalt copper coral "
    "cosy crisp curious deft dusky eager early easy fair fleet fresh gentle glad golden grand happy honest humble "
    "indigo ivory jolly keen kind lively lucid merry mild misty modest neat noble olive patient plain polite prompt "
    "proud quick quiet rapid ready rosy ruby sage serene silver"
)
_THINGS = (
    "acorn alder apple aspen badger beech birch bison bramble brook cedar cherry clover comet condor cricket daisy "
    "delta dove dune eagle elm falcon fern finch fjord fox glade hare harbour hazel heron ibis island juniper kestrel "
    "lagoon lark laurel linden lotus maple marten meadow moss oak orchid osprey otter pebble pine plover poplar "
    "quail raven reef robin rowan sparrow spruce stork swift tulip willow"
)
KINDS, THINGS = tuple(_KINDS.split()), tuple(_THINGS.split())
