"""Checks an answer to a vignette against the course's answer.

This file is the only grader there is. It runs unchanged on CPython 3.11+ in a notebook, a test or a class's
server, and on MicroPython 1.27 in the page; hence no imports, no dict displays with ``**``, no ``repr`` in
messages, and ``type(x) is int`` where a boolean must not pass for a number.

An item is plain data with stable ids; what each ``format`` needs stands in the docstring of its function below.
The course's answer is a position that the course argues for: no rule here measures competence.
"""

NUMBER_LIMIT = 1e15  # beyond it neighbouring floats are further apart than any tolerance
CERTAINTY_MARKS = {1: (1, 0), 2: (2, -2), 3: (3, -6)}  # Gardner-Medwin: (share 1, share 0) by level
LEVELS = (1, 2, 3, 4)  # very inappropriate, inappropriate, appropriate, very appropriate


class AnswerError(ValueError):
    """An answer that cannot be graded; the message tells the reader what to change."""


def grade(item: dict, answer: object, certainty: object = None) -> dict:
    """Grade one answer to one item.

    ``item`` is a vignette's data as the bank gives it; ``answer`` has the shape that its ``format`` asks for;
    ``certainty`` is None, 1, 2 or 3.

    Returns ``format``, ``marks`` (0 to ``out_of``, multiples of a half but for a panel), ``out_of``, ``share``
    (0 to 1, above what the rule gives for nothing), ``verdict`` (``match`` at 1, ``close`` from a half,
    ``apart``; ``open`` where nothing is scored), ``parts`` (one per option, span or step: ``id``, ``given``,
    ``key``, ``marks``, ``out_of``), and where they apply ``ending`` (of a path), ``certainty`` (``level`` and
    ``marks``) and ``lean`` (-1 more distant than the course's answer, to 1 closer).

    Raises AnswerError for an answer that does not fit the item, ValueError for an item that cannot be graded;
    nothing else.
    """
    if certainty is not None and (type(certainty) is not int or certainty not in CERTAINTY_MARKS):
        raise AnswerError("Say how sure you are with 1, 2 or 3, or leave it out.")
    try:
        rule = _RULES[item["format"]]
        scored = item.get("scored", True) is not False
        result = rule(item, answer, scored)
        if not scored:
            for part in result["parts"]:
                part["key"], part["marks"], part["out_of"] = None, 0, 0
            result["marks"], result["out_of"] = 0, 0
            share, verdict = None, "open"
        else:
            share = result.pop("share", None)
            if share is None:
                share = result["marks"] / result["out_of"]
            verdict = "match" if share == 1 else "close" if share >= 0.5 else "apart"
            lean = _lean(item, result["parts"])
            if lean is not None:
                result["lean"] = lean
    except AnswerError:
        raise
    except (KeyError, TypeError, AttributeError, IndexError, ArithmeticError, ValueError) as error:
        # The answer's shape has been checked by now, so what failed is the item.
        raise ValueError("This item cannot be graded (%s: %s)." % (type(error).__name__, error)) from None
    result["format"], result["share"], result["verdict"] = item["format"], share, verdict
    if certainty is not None:
        best, worst = CERTAINTY_MARKS[certainty]
        # Linear in the share, so that the break-evens stay at 2/3 and 0.8 and a guess gains nothing by boldness.
        marks = 0 if share is None else share * best + (1 - share) * worst
        result["certainty"] = {"level": certainty, "marks": marks}
    return result


def course_answer(item: dict) -> object:
    """The answer that the course argues for: graded, it has share 1. None for an item that is not scored."""
    if item.get("scored", True) is False:
        return None
    format, options = item["format"], item.get("options", [])
    if format == "best":
        return _best_ids(options)[0]
    if format == "pick":
        keyed = [o["id"] for o in options if o["keyed"]]
        return keyed if item["choose"] == "any" else keyed[: item["choose"]]
    if format == "mark":
        return [s["id"] for s in item["spans"] if s["keyed"]]
    if format == "estimate":
        return item["key"]
    if format == "rate":
        return {o["id"]: _levels(o)[0] for o in options}
    if format == "path":
        taken: list = []
        here = item["start"]
        while here in item["steps"]:
            options = item["steps"][here]["options"]
            chosen = _option(options, _best_ids(options)[0])
            taken.append(chosen["id"])
            here = chosen["next"]
        return taken
    return {o["id"]: _listed(o["key"])[0] for o in options}


# One function a format. Each returns parts, marks, out_of, and share where it is not marks / out_of.


def _best(item: dict, answer: object, scored: bool) -> dict:
    """``options: [{id, marks}]``; the answer is one id. The option's marks (0-4), out of the highest."""
    options = item["options"]
    chosen = _option(options, _one_id(answer, options))
    if not scored:
        return _sum([_part("answer", chosen["id"], None, 0, 0)])
    best = _best_ids(options)
    return _sum([_part("answer", chosen["id"], _single(best), chosen["marks"], _option(options, best[0])["marks"])])


def _pick(item: dict, answer: object, scored: bool) -> dict:
    """``choose`` and ``options: [{id, keyed}]``; the answer is a list of ids.

    A number n: 4 a keyed pick, 0 for the item with more than n picks (UK Foundation Programme).
    ``any``: right minus wrong, floor 0, out of the keyed count (NCLEX plus/minus, H5P).
    """
    options, choose = item["options"], item["choose"]
    picked = _ids(answer, options)
    if choose == "any":
        return _hits_minus_alarms(options, picked, scored)
    if type(choose) is not int or choose < 1:
        raise ValueError("choose is a number from 1, or any")
    parts, keyed = [], 0
    for option in options:
        given, key = option["id"] in picked, bool(scored and option["keyed"])
        keyed += key
        marks = 4 if given and key and len(picked) <= choose else 0
        parts.append(_part(option["id"], given, key, marks, 4 if key else 0))
    result = _sum(parts)
    result["out_of"] = 4 * min(choose, keyed)
    return result


def _mark(item: dict, answer: object, scored: bool) -> dict:
    """``spans: [{id, keyed}]``; the answer is a list of ids. Hits minus false alarms, floor 0 (H5P Mark the Words)."""
    return _hits_minus_alarms(item["spans"], _ids(answer, item["spans"]), scored)


def _hits_minus_alarms(spans: list, marked: dict, scored: bool) -> dict:
    """Nothing keyed: 1 out of 1 if nothing is marked (H5P). ``keyed: null`` counts neither way."""
    parts = []
    for span in spans:
        given = span["id"] in marked
        key = span["keyed"] if scored else None
        if key not in (True, False, None):
            raise ValueError("keyed is true, false or null")
        parts.append(
            _part(span["id"], given, key, 0 if not given or key is None else 1 if key else -1, 1 if key else 0)
        )
    result = _sum(parts)
    if scored and result["out_of"] == 0:
        result["out_of"] = 1
        result["marks"] = 0 if any(p["given"] and p["key"] is False for p in parts) else 1
    result["marks"] = max(0, result["marks"])
    return result


def _rate(item: dict, answer: object, scored: bool) -> dict:
    """``options: [{id, key}]`` with levels 1-4, a list of them, or ``panel``; the answer is ``{id: level}``.

    1 on the key, 0.5 one step off on the same side of the middle, 0 across it (AAMC PREview); of several keys
    the best counts. With ``panel: [n1, n2, n3, n4]``: n(level) / n(mode) (script concordance).
    """
    given = _map(answer, item["options"], "a level from 1 to 4")
    for level in given.values():
        if type(level) is not int or level not in LEVELS:
            raise AnswerError("Rate each option with a level from 1 to 4.")
    parts = []
    for option in item["options"]:
        level = given.get(option["id"])
        if not scored:
            parts.append(_part(option["id"], level, None, 0, 0))
            continue
        keys = _levels(option)
        if level is None:
            marks: float = 0
        elif "panel" in option:
            marks = option["panel"][level - 1] / max(option["panel"])
        else:
            marks = max(1 if level == k else 0.5 if (level <= 2) == (k <= 2) else 0 for k in keys)
        parts.append(_part(option["id"], level, _single(keys), marks, 1))
    return _sum(parts)


def _rank(item: dict, answer: object, scored: bool) -> dict:
    """``options: [{id, key}]`` with key 1..n; the answer is ``{id: rank}``.

    Each option max(0, (n - 1) - distance); ids that share a rank score 0 each (UK Foundation Programme).
    The share counts from the lowest total a full order can have, n(n - 1) - n*n // 2.
    """
    options = item["options"]
    n = len(options)
    given = _map(answer, options, "a rank")
    times: dict = {}
    for rank in given.values():
        if type(rank) is not int or not 1 <= rank <= n:
            raise AnswerError("Give each option a rank from 1 to %d." % n)
        times[rank] = times.get(rank, 0) + 1
    parts = []
    for option in options:
        rank = given.get(option["id"])
        marks = 0
        if scored and rank is not None and times[rank] == 1:
            marks = max(0, n - 1 - abs(rank - option["key"]))
        parts.append(_part(option["id"], rank, option["key"] if scored else None, marks, n - 1))
    result = _sum(parts)
    if scored:
        floor = n * (n - 1) - n * n // 2
        result["share"] = max(0, (result["marks"] - floor) / (result["out_of"] - floor))
    return result


def _sort(item: dict, answer: object, scored: bool) -> dict:
    """``categories: [id]`` and ``options: [{id, key}]``; the answer is ``{id: category}``. 1 each; a key may be a list."""
    categories = item["categories"]
    given = _map(answer, item["options"], "a group")
    for category in given.values():
        if not isinstance(category, str) or category not in categories:
            raise AnswerError("Put each option in one of these groups: %s." % ", ".join(categories))
    parts = []
    for option in item["options"]:
        category = given.get(option["id"])
        keys = _listed(option["key"]) if scored else [None]
        parts.append(
            _part(option["id"], category, _single(keys), 1 if category is not None and category in keys else 0, 1)
        )
    return _sum(parts)


def _estimate(item: dict, answer: object, scored: bool) -> dict:
    """``key``, ``full`` and ``half`` (tolerances); the answer is a number. 1 within full, 0.5 within half, inclusive."""
    if type(answer) is not int and type(answer) is not float:
        raise AnswerError("Enter a number.")
    if answer != answer or answer > NUMBER_LIMIT or answer < -NUMBER_LIMIT:
        raise AnswerError("Enter an ordinary number, between -1e15 and 1e15.")
    if not scored:
        return _sum([_part("answer", answer, None, 0, 0)])
    key = item["key"]
    distance = abs(answer - key)
    slack = 1e-9 * max(1, abs(key))
    marks = 1 if distance <= item["full"] + slack else 0.5 if distance <= item["half"] + slack else 0
    return _sum([_part("answer", answer, key, marks, 1)])


def _path(item: dict, answer: object, scored: bool) -> dict:
    """``start``, ``steps: {id: {options: [{id, marks, next}]}}``, ``endings``; the answer is the options taken, in order.

    Each decision reached counts against the best that was open at it. A prefix is graded too; its ending is None.
    """
    if not isinstance(answer, (list, tuple)) or not answer:
        raise AnswerError("Choose one of the options.")
    parts, here = [], item["start"]
    for given in answer:
        if here in item["endings"]:
            raise AnswerError("This path has ended. Go back to change an earlier choice.")
        options = item["steps"][here]["options"]
        chosen = _option(options, _one_id(given, options))
        if scored:
            best = _best_ids(options)
            parts.append(_part(here, given, _single(best), chosen["marks"], _option(options, best[0])["marks"]))
        else:
            parts.append(_part(here, given, None, 0, 0))
        here = chosen["next"]
        if here not in item["steps"] and here not in item["endings"]:
            raise ValueError("next names no step and no ending")
    result = _sum(parts)
    result["ending"] = here if here in item["endings"] else None
    return result


_RULES = {
    "best": _best,
    "pick": _pick,
    "rate": _rate,
    "rank": _rank,
    "sort": _sort,
    "mark": _mark,
    "estimate": _estimate,
    "path": _path,
}


def _lean(item: dict, parts: list) -> object:
    """The mean direction of what was chosen, -1 (more distant) to 1 (closer); None where no stance applies."""
    leans = []
    if item["format"] == "best":
        leans = [_option(item["options"], parts[0]["given"]).get("stance")]
    elif item["format"] == "path":
        leans = [_option(item["steps"][p["id"]]["options"], p["given"]).get("stance") for p in parts]
    elif item["format"] == "rate":
        for option, part in zip(item["options"], parts):
            if part["given"] is not None and option.get("stance") is not None:
                off = part["given"] - min(_levels(option), key=lambda k: abs(part["given"] - k))
                leans.append(option["stance"] * ((off > 0) - (off < 0)))
    known = [lean / 2 for lean in leans if lean is not None]
    return sum(known) / len(known) if known else None


# What an answer may be. A reader sees these messages, so they say what to do.


def _one_id(answer: object, options: list) -> str:
    if not isinstance(answer, str):
        raise AnswerError("Choose one of the options.")
    for option in options:
        if option["id"] == answer:
            return answer
    raise _unknown(options)


def _ids(answer: object, options: list) -> dict:
    """The ids of a list answer, as the keys of a dict."""
    if not isinstance(answer, (list, tuple)):
        raise AnswerError("Choose from the options; the answer is a list of them.")
    known, picked = {o["id"] for o in options}, {}
    for given in answer:
        if not isinstance(given, str) or given not in known:
            raise _unknown(options)
        if given in picked:
            raise AnswerError("An option can be chosen only once.")
        picked[given] = True
    return picked


def _map(answer: object, options: list, what: str) -> dict:
    if not isinstance(answer, dict) or not answer:
        raise AnswerError("Give at least one option %s." % what)
    known = {o["id"] for o in options}
    for given in answer:
        if not isinstance(given, str) or given not in known:
            raise _unknown(options)
    return answer


def _unknown(options: list) -> AnswerError:
    return AnswerError("That is not one of the options here: %s." % ", ".join([o["id"] for o in options]))


# Reading an item.


def _option(options: list, id: object) -> dict:
    option: dict
    for option in options:
        if option["id"] == id:
            return option
    raise ValueError("no such option")


def _best_ids(options: list) -> list:
    highest = max([o["marks"] for o in options])
    return [o["id"] for o in options if o["marks"] == highest]


def _levels(option: dict) -> list:
    """The key's levels; of a panel, the level or levels that most of it chose."""
    if "panel" not in option:
        return _listed(option["key"])
    most = max(option["panel"])
    return [level for level in LEVELS if option["panel"][level - 1] == most]


def _listed(key: object) -> list:
    return key if isinstance(key, list) else [key]


def _single(keys: list) -> object:
    return keys[0] if len(keys) == 1 else keys


def _part(id: str, given: object, key: object, marks: float, out_of: float) -> dict:
    return {"id": id, "given": given, "key": key, "marks": marks, "out_of": out_of}


def _sum(parts: list) -> dict:
    return {"marks": sum([p["marks"] for p in parts]), "out_of": sum([p["out_of"] for p in parts]), "parts": parts}
