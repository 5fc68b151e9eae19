"""Reads, merges, checks and writes a reader's record: the attempts and sentences that a browser keeps.

A record is a list of events. An event never changes: to start over or to rewrite a sentence is a new event. So two
devices' records are put together by taking every event of both. ``record.schema.json`` describes the file.

It runs unchanged on CPython 3.11+ and on MicroPython 1.27 in the page, under the same limits as ``grading.py``.
Whole files are parsed elsewhere: MicroPython's JSON tears a character such as an emoji in two if it comes as ``\\u``
escapes. Of a damaged file such an event is set aside.
"""

import hashlib
import json

COURSE = "where-the-line-is"
SCHEMA = 1
MOST_EVENTS = 100000  # some three hundred times all the items of the course
LONGEST = 10000  # characters in one text
NUMBER_LIMIT = 1e15  # as in the grader; JavaScript keeps whole numbers up to 9e15
DEEPEST = 4  # an event, its answer, and two levels to spare
NO_RECORD = "This file is not a record, or too little of one is left. Choose a file that the course exported."
NOT_A_PROOF = "anybody can write such a file, so it is no proof of who answered"


class RecordError(ValueError):
    """A file that is no record of this course; the message tells the reader what to do."""


def read(data: object) -> tuple:
    """What can be kept of a file, and what cannot.

    ``data`` is the file's parsed JSON, or its text where that is cut off or damaged and cannot be parsed. Returns two
    lists: the events that fit the schema, in the file's order and untouched (``merge`` puts away what is there
    twice); and for each other event, or piece of the text that is no whole one, ``{"why": sentence, "event": the
    event or the piece}``. Fields that the schema does not name are kept. Texts are plain text: whoever shows one
    escapes it.

    Raises RecordError for what is no record, another course's, a newer course's, or has more than 100,000 events; and
    for a text without one whole event.
    """
    kept, set_aside = [], []
    for place, event in enumerate(_pieces(data) if isinstance(data, str) else _file(data)["events"]):
        if isinstance(event, str) and isinstance(data, str):
            set_aside.append({"why": "The file is cut off or damaged here.", "event": event})
            continue
        fault = _fault(event)
        if fault:
            set_aside.append({"why": "Event %d %s." % (place + 1, fault), "event": event})
        else:
            kept.append(event)
    return kept, set_aside


def merge(*event_lists: list) -> list:
    """Every event of every list once, by time and then id; the order of the lists does not matter.

    Of two different events with one id, that one stays whose canonical text sorts first: there is no telling which
    is right, but every device must come to the same record. The lists hold events as ``read`` gives them.
    """
    found: dict = {}
    for events in event_lists:
        for event in events:
            known = found.setdefault(event["id"], event)
            if known is not event and canonical(event) < canonical(known):
                found[event["id"]] = event
    return _in_order([((event["time"], event["id"]), event) for event in found.values()])


def canonical(value: object) -> str:
    """The same JSON text for the same value, on both interpreters and after a way through JavaScript.

    Keys are sorted by code point, nothing is spaced, only quotes, backslashes and control characters are escaped.
    Numbers have at most six decimals, no exponent and no trailing zeros; 2.0 is 2 and -0.0 is 0.

    Raises RecordError for what JSON has not, numbers beyond 1e15, half a surrogate pair, and twenty levels of nesting.
    """
    return _canonical(value, 20)


def digest(events: list) -> str:
    """``"sha256:"`` and the SHA-256 of the canonical events, sorted by id, as 64 hexadecimal digits."""
    texts = []
    for event in events:
        id = event.get("id") if isinstance(event, dict) else None
        text = canonical(event)
        texts.append(((id if isinstance(id, str) else "", text), text))
    sha = hashlib.sha256(b"[")
    comma = b""
    for text in _in_order(texts):
        sha.update(comma + text.encode())
        comma = b","
    sha.update(b"]")
    return "sha256:" + sha.digest().hex()


def verify(data: object) -> tuple:
    """Whether a file's digest fits its events, and a sentence that says so and what it does not show.

    ``data`` is the file's parsed JSON; of a text it says that it is no record. The digest covers the events, not the name or the date of the export.
    Raises nothing.
    """
    try:
        file = _file(data)
        count = len(file["events"])
        if "digest" not in file:
            return False, "This record has no digest, so there is no telling whether it was altered."
        if file["digest"] != digest(file["events"]):
            return False, "The digest does not fit: the record was altered after its export, or was damaged on its way."
    except RecordError as error:
        return False, str(error)
    return True, "The digest fits: %s not altered by accident since the export; %s." % (
        "the one event was" if count == 1 else "the %d events were" % count,
        NOT_A_PROOF,
    )


def export(events: list, exported: str, name: str = "", dissents: str = "shared") -> dict:
    """The file as data, for ``json.dumps`` or JavaScript to write.

    ``exported`` is the time, ``"2026-11-23T20:15:00Z"``; ``name`` only what was typed for a print. With ``dissents``
    ``"shared"`` a dissent goes in if its latest version is ticked, with such earlier versions as were ticked too, and
    nothing of one that was withdrawn but the withdrawal; with ``"all"`` every version does. Settings stay behind.

    Raises RecordError for a time that is none, a name that is too long, or another word for ``dissents``.
    """
    if not _is_time(exported):
        raise RecordError("The time of an export looks like 2026-11-23T20:15:00Z.")
    if not isinstance(name, str) or _excess(name, 0):
        raise RecordError("A name is a text of at most 10,000 characters.")
    if dissents not in ("shared", "all"):
        raise RecordError("Dissents are exported shared or all.")
    merged = merge(events)
    latest = {event["item"]: event for event in merged if event["kind"] == "dissent"}
    written = []
    for event in merged:
        if event["kind"] == "setting":
            continue
        if event["kind"] == "dissent" and dissents == "shared":
            last = latest[event["item"]]
            if not last["share_it"] or not event["share_it"] or (last["text"] == "" and event is not last):
                continue
        written.append(event)
    return {
        "course": COURSE,
        "schema": SCHEMA,
        "exported": exported,
        "name": name,
        "events": written,
        "digest": digest(written),
    }


def _file(data: object) -> dict:
    """The file, if it is a record of this course; its events are in a list, whatever they are."""
    if not isinstance(data, dict) or "course" not in data or "events" not in data:
        raise RecordError(NO_RECORD)
    if data["course"] != COURSE:
        raise RecordError("This is a record of another course.")
    schema = data.get("schema")
    if type(schema) is int and schema > SCHEMA:
        raise RecordError(
            "This record comes from a newer version of the course. Open it there, or reload this page to have that version."
        )
    if type(schema) is not int or schema != SCHEMA:
        raise RecordError("This file does not say which version of the record it is. Export it again.")
    if not isinstance(data["events"], list):
        raise RecordError("The events of this record are not a list. Export it again.")
    if len(data["events"]) > MOST_EVENTS:
        raise RecordError("This record has more than 100,000 events, too many for one reader. Nothing was read.")
    return data


# A file that is cut off or damaged.


def _pieces(text: str) -> list:
    """The whole events of a text in its order, as data, and between them the pieces that belong to none, as text."""
    if _is_torn(text):
        raise RecordError(NO_RECORD)
    raw = text.encode()  # MicroPython walks through a text to find its n-th character, not so through bytes
    head = raw.find(b'"events"')
    frame = _parsed(raw[: max(0, head)].rstrip(b" \t\r\n,") + b"}")
    if isinstance(frame, dict):
        whole = {"course": COURSE, "schema": SCHEMA, "events": []}
        whole.update(frame)
        _file(whole)  # of another course, or a newer version
    at = 0
    if head >= 0:
        at = len(raw) - len(raw[head + 8 :].lstrip(_BETWEEN + b":["))
    pieces: list = []
    count = 0
    opened = raw.find(b"{", at)
    while opened >= 0:
        end = _end(raw, opened)
        event = _parsed(raw[opened:end])
        if isinstance(event, dict) and "id" in event and "kind" in event:
            pieces += [raw[at:opened], event]
            at, count = end, count + 1
        opened = raw.find(b"{", max(at, opened + 1))
    if not count:
        raise RecordError(NO_RECORD)
    if count > MOST_EVENTS:
        raise RecordError("This record has more than 100,000 events, too many for one reader. Nothing was read.")
    tail = raw[at:].strip(_BETWEEN)
    pieces.append(b"" if tail[:1] == b"]" and b'"kind"' not in tail else tail)
    pieces = [piece if isinstance(piece, dict) else piece.strip(_BETWEEN).decode() for piece in pieces]
    return [piece for piece in pieces if piece != ""]


def _end(raw: bytes, at: int) -> int:
    """Where the object that begins at ``at`` ends; ``at`` itself if it does not, or is none that a record holds.

    It gives up where the text between two strings is none of JSON's, and where objects stand too deep in objects: so
    a damaged file, too, is read in the time of a few passes.
    """
    begun, depth = at, 0
    while True:
        quote = raw.find(b'"', at)
        closed = raw.find(b"}", at, quote if quote >= 0 else len(raw))
        stop = closed if closed >= 0 else quote
        if stop < 0 or raw[at:stop].strip(_NO_STRING):
            return begun
        depth += raw[at:stop].count(b"{")
        if depth > DEEPEST + 2:
            return begun
        at = stop + 1
        if closed >= 0:
            depth -= 1
            if depth == 0:
                return at
            continue
        while True:  # to the end of the string: a quote with an even number of backslashes before it
            quote = raw.find(b'"', at)
            if quote < 0:
                return begun
            letters = raw[at:quote]
            at = quote + 1
            if (len(letters) - len(letters.rstrip(b"\\"))) % 2 == 0:
                break


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw.decode()) if raw else None
    except (ValueError, RuntimeError):  # the second for nesting without end
        return None


_BETWEEN = b" \t\r\n,"
_NO_STRING = _BETWEEN + b"{}[]:+-.0123456789truefalsnE"


# What an event may be: for each kind its fields, a check of each, and words to follow "that is not".


def _made_of(value: object, letters: str, least: int, most: int) -> bool:
    # strip, since a loop over every letter of every event takes MicroPython seconds
    return isinstance(value, str) and least <= len(value) <= most and not value.strip(letters)


def _one_of(value: object, *words: str) -> bool:
    return isinstance(value, str) and value in words


def _between(value: object, least: float, most: float) -> bool:
    return (type(value) is int or type(value) is float) and least <= value <= most


def _is_certainty(value: object) -> bool:
    return value is None or (_between(value, 1, 3) and value in (1, 2, 3))


def _is_item(value: object) -> bool:
    if not isinstance(value, str) or len(value) > 200:
        return False
    parts = value.split("/")
    return len(parts) == 2 and _made_of(parts[0], _SLUG, 1, 200) and _made_of(parts[1], _SLUG, 1, 200)


def _is_time(value: object) -> bool:
    if not isinstance(value, str) or len(value) != 20:
        return False
    if value[4] + value[7] + value[10] + value[13] + value[16] + value[19] != "--T::Z":
        return False
    month, day, hour, minute, second = value[5:7], value[8:10], value[11:13], value[14:16], value[17:19]
    if (value[:4] + month + day + hour + minute + second).strip(_DIGITS):
        return False
    return "01" <= month <= "12" and "01" <= day <= "31" and hour <= "23" and minute <= "59" and second <= "59"


_DIGITS = "0123456789"
_HEX = _DIGITS + "abcdef"
_SLUG = "-" + _DIGITS + "abcdefghijklmnopqrstuvwxyz"
_ID = _SLUG + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EVERY = (
    ("id", lambda value: _made_of(value, _ID, 8, 64), "8 to 64 letters, digits and hyphens"),
    ("time", _is_time, "a time such as 2026-11-23T20:15:00Z"),
)
_ITEM = ("item", _is_item, "the id of a vignette")
_TEXT = ("text", lambda value: isinstance(value, str), "a text")
_KINDS = {
    "attempt": (
        _ITEM,
        ("answer", lambda value: True, "an answer"),
        ("certainty", _is_certainty, "1, 2, 3 or null"),
        ("marks", lambda value: _between(value, 0, NUMBER_LIMIT), "a number from 0"),
        ("out_of", lambda value: _between(value, 0, NUMBER_LIMIT), "a number from 0"),
        ("verdict", lambda value: _one_of(value, "match", "close", "apart", "open"), "match, close, apart or open"),
        ("share", lambda value: value is None or _between(value, 0, 1), "a number from 0 to 1, or null"),
        ("lean", lambda value: value is None or _between(value, -1, 1), "a number from -1 to 1, or null"),
        ("ending", lambda value: value is None or isinstance(value, str), "a text or null"),
    ),
    "reveal": (_ITEM,),
    "say": (_ITEM, _TEXT),
    "dissent": (_ITEM, _TEXT, ("share_it", lambda value: value is True or value is False, "true or false")),
    "reset": (
        ("scope", lambda value: _one_of(value, "item", "chapter", "all"), "item, chapter or all"),
        ("target", lambda value: isinstance(value, str), "a text"),
    ),
    "check": (("first", lambda value: _one_of(value, "a", "b"), "a or b"),),
}
# What an event may lack: records are older than these.
_LATER = {"attempt": (("version", lambda value: _made_of(value, _HEX, 8, 8), "eight hexadecimal digits"),)}


def _fault(event: object) -> str:
    """What is wrong with an event, to follow "Event 3 "; empty where nothing is."""
    if not isinstance(event, dict):
        return "is not an event"
    excess = _excess(event, DEEPEST)
    if excess:
        return excess
    kind = event.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        return "is of a kind that this version of the course does not know"
    for name, fits, what in _EVERY + _KINDS[kind]:
        if name not in event:
            return "has no %s" % name
        if not fits(event[name]):
            return "has a field, %s, that is not %s" % (name, what)
    for name, fits, what in _LATER.get(kind, ()):
        if name in event and not fits(event[name]):
            return "has a field, %s, that is not %s" % (name, what)
    return ""


def _excess(value: object, levels: int) -> str:
    """What makes a value too much for a record: a phrase, or an empty one."""
    if value is None or value is True or value is False:
        return ""
    if isinstance(value, str):
        if len(value) > LONGEST:
            return "has a text of more than 10,000 characters"
        return "has a text with half a character in it" if _is_torn(value) else ""
    if type(value) is int or type(value) is float:
        return "" if -NUMBER_LIMIT <= value <= NUMBER_LIMIT else "has a number beyond 1e15"
    if not isinstance(value, (dict, list)):
        return "has something in it that JSON has not"
    if levels == 0:
        return "has lists within lists within lists"
    if isinstance(value, dict):
        if not all([isinstance(key, str) for key in value]):
            return "has something in it that JSON has not"
        value = list(value) + list(value.values())
    for inner in value:
        excess = _excess(inner, levels - 1)
        if excess:
            return excess
    return ""


def _is_torn(text: str) -> bool:
    """Whether there is half a surrogate pair in it. CPython cannot encode one; MicroPython does, as ED A0 to ED BF."""
    try:
        data = text.encode()
    except ValueError:
        return True
    place = data.find(b"\xed")
    while place >= 0:
        if data[place + 1] >= 0xA0:
            return True
        place = data.find(b"\xed", place + 1)
    return False


# The canonical text.


def _canonical(value: object, levels: int) -> str:
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if type(value) is int or type(value) is float:
        return _number(value)
    if not isinstance(value, (dict, list)):
        raise RecordError("A record holds what JSON can, and nothing else.")
    if levels == 0:
        raise RecordError("This record has lists within lists beyond any use. It was not read.")
    if isinstance(value, list):
        return "[" + ",".join([_canonical(inner, levels - 1) for inner in value]) + "]"
    if not all([isinstance(key, str) for key in value]):
        raise RecordError("A record holds what JSON can, and nothing else.")
    return "{" + ",".join([_quoted(key) + ":" + _canonical(value[key], levels - 1) for key in sorted(value)]) + "}"


def _quoted(text: str) -> str:
    if _is_torn(text):
        raise RecordError("A text in this record has half a character in it. It was damaged on its way.")
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    for code in range(32):
        if chr(code) in text:
            text = text.replace(chr(code), "\\u%04x" % code)
    return '"' + text + '"'


def _number(value: float) -> str:
    if not -NUMBER_LIMIT <= value <= NUMBER_LIMIT:  # NaN is not
        raise RecordError("A number in this record is beyond 1e15. It was damaged on its way.")
    size = abs(value)
    whole = int(size)
    millionths = int((size - whole) * 1000000 + 0.5)
    if millionths == 1000000:
        whole, millionths = whole + 1, 0
    text = "%d" % whole
    if millionths:
        text += "." + ("%06d" % millionths).rstrip("0")
    return "-" + text if value < 0 and text != "0" else text


def _in_order(keyed: list) -> list:
    """The values of ``[(key, value)]`` by key: a merge sort of the stretches that are already in order.

    MicroPython's own sort takes quadratic time on a sorted list, and most records come sorted.
    """
    runs: list = []
    for pair in keyed:
        if runs and runs[-1][-1][0] <= pair[0]:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    while len(runs) > 1:
        merged = [_zipped(runs[place], runs[place + 1]) for place in range(0, len(runs) - 1, 2)]
        runs = merged + runs[2 * len(merged) :]
    return [pair[1] for pair in runs[0]] if runs else []


def _zipped(left: list, right: list) -> list:
    out, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if right[j][0] < left[i][0]:
            out.append(right[j])
            j += 1
        else:
            out.append(left[i])
            i += 1
    return out + left[i:] + right[j:]
