"""What a reader's record says: progress, leanings, calibration, what to look at again, the before-and-after check.

Computed from the events that ``record.merge`` gives, never kept. It runs unchanged on CPython 3.11+ in a kernel and
on MicroPython 1.27 in the page, under the same limits as ``grading.py``; hence no ``sum`` of fractions either, which
CPython 3.12 does more exactly than MicroPython.
"""

AGREEMENT = "Agreement with the course, not competence or fitness to practise."
ENOUGH = 8  # differing answers, below which a leaning is too few to say
LONGEST_INTERVAL = 365  # days; SM-2 has no end, and nobody is served by a date years away
CERTAINTY_MARKS = {1: (1, 0), 2: (2, -2), 3: (3, -6)}  # Gardner-Medwin, as in the grader: (share 1, share 0) by level

# Student's t, 97.5 % quantile at 1 to 30 degrees of freedom; beyond, the value at 30 is a little too wide.
T_QUANTILES = (
    (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
    + (2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086)
    + (2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)
)


def summary(events: list, items: list, today: str) -> dict:
    """All that the page *Your record* shows, as plain data.

    ``events``: each id once, with the fields that ``record.read`` asks for. ``items``: the course's, in its order,
    each with ``id``, ``chapter``, ``zone`` (A, B or C), ``profession``, ``core``, ``format``, ``scored``, ``twin`` (an id or
    None), ``crisis``, ``certain`` (certainty may be asked) and ``form`` (a or b for items of the check, or None).
    ``today``: ``"2026-11-23"``, by UTC as the events' times are.

    The FIRST attempt at an item is the earliest by (time, id) after the latest reset of the item, its chapter or
    everything, unless the reasons had been shown before it. Later ones are practice. Means are over shares of first
    attempts, 0 to 1, None where there is none: ``AGREEMENT``.

    - ``chapters``: in the course's order, ``{"chapter", "items", "answered", "core", "core_answered", "skipped",
      "agreement", "practice"}``: how many items (say-it prompts are not counted), how many with a first attempt, how
      many revealed instead, how many later attempts. Crisis scenes and the check's items are not in the agreement.
    - ``lean``: over first attempts that differed from the course's answer with a lean other than 0 (crisis scenes
      and the check left out). ``rows``, for zones A, B, C and ``"all"`` with chapter None, then for each chapter with
      zone None: ``{"zone", "chapter", "count", "closer", "distant", "mean", "enough"}``, mean -1 (more distant) to 1
      (closer), enough from 8. ``answers``: ``{"item", "chapter", "zone", "profession", "lean"}`` each.
    - ``certain``: for levels 1 to 3 ``{"level", "n", "mean_share", "marks"}``, the marks summed by Gardner-Medwin's table,
      from items that may ask; ``certain_and_wrong``: ``{"item", "certainty", "share"}`` at level 3 with less than half.
    - ``again``: by due date, ``{"item", "serve", "due", "late", "interval"}``, one for an item or a pair of twins: the
      one attempted last, what to ``serve`` (its twin where it has one), the days since it was due (below 0: not yet),
      and the interval in days as ``spaced`` has it from the last attempt of each day. Only scored items that are no
      crisis scene and not of the check.
    - ``check``: ``{"first", "before", "after", "gain"}``, never a grade. ``first`` is the form drawn, or None. Each side
      ``{"form", "answered", "of", "agreement", "half_width", "lean"}``: half of a 95 % t-interval over the items' shares,
      None under two; lean as a row without zone and chapter. ``gain``: ``{"gain", "half_width"}`` by Welch, or
      None until both sides have an agreement.
    - ``sentences`` ``{"item", "text", "time"}`` and ``dissents`` (and ``share_it``): the latest of each item, if not empty.
    - ``count``: attempts in the record, those before a reset too; ``unknown``: ids attempted that ``items`` has not.

    Raises ValueError if ``today`` is no date.
    """
    day = to_days(today)
    reached = what_counts(events, items)
    certain, wrong = _certain(reached)
    known = {item["id"] for item in items}
    attempted = [event["item"] for event in events if event["kind"] == "attempt"]
    return {
        "chapters": [_chapter(name, reached) for name in _chapters(items)],
        "lean": _leanings(reached, _chapters(items)),
        "certain": certain,
        "certain_and_wrong": wrong,
        "again": _again(reached, day),
        "check": _check(events, reached),
        "sentences": _latest("say", ("item", "text", "time"), events, items),
        "dissents": _latest("dissent", ("item", "text", "time", "share_it"), events, items),
        "count": len(attempted),
        "unknown": sorted({id for id in attempted if id not in known}),
    }


def spaced(qualities: list) -> tuple:
    """SM-2 (Woźniak 1990): the days until the next repetition, and the easiness in hundredths.

    ``qualities``: 0 to 5, one a repetition, in order. I(1) = 1, I(2) = 6, I(n) = I(n - 1) x EF, rounded up, here 365 at
    most; EF starts at 2.5, EF' = EF + 0.1 - (5 - q)(0.08 + (5 - q) 0.02), 1.3 at least, and holds for the interval that
    follows. Below 3 the repetitions start again, tomorrow, and EF stays. No qualities: (0, 250).
    """
    interval, easiness, repetitions = 0, 250, 0
    for quality in qualities:
        if quality < 3:
            interval, repetitions = 1, 0
            continue
        short = 5 - quality
        easiness = max(130, easiness + 10 - short * (8 + short * 2))
        repetitions += 1
        # Whole hundredths: with EF as a sum of floats 50 x 3.0 comes out a little above 150, and is rounded up to 151.
        interval = 1 if repetitions == 1 else 6 if repetitions == 2 else -(-interval * easiness // 100)
        interval = min(interval, LONGEST_INTERVAL)
    return interval, easiness


def to_days(date: str) -> int:
    """The days from 1970-01-01 to ``"2026-11-23"`` or to a time that starts so; ValueError for anything else.

    The arithmetic is Howard Hinnant's days_from_civil (chrono-compatible low-level date algorithms).
    """
    digits = date[:4] + date[5:7] + date[8:10]
    shaped = len(date) >= 10 and date[4] + date[7] == "--" and not digits.strip("0123456789")
    if not shaped or not "01" <= date[5:7] <= "12" or not "01" <= date[8:10] <= "31":
        raise ValueError("A date looks like 2026-11-23.")
    year, month, day = int(date[:4]), int(date[5:7]), int(date[8:10])
    if month <= 2:
        year -= 1
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1  # from 1 March
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def to_date(days: int) -> str:
    """The date so many days after 1970-01-01, as ``"2026-11-23"``. Hinnant's civil_from_days."""
    days += 719468
    era = days // 146097
    day_of_era = days - era * 146097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * march + 2) // 5 + 1
    month = march + 3 if march < 10 else march - 9
    return "%04d-%02d-%02d" % (year_of_era + era * 400 + (month <= 2), month, day)


# Which attempts count.


def what_counts(events: list, items: list) -> list:
    """For each item what counts of it: ``{"item", "first", "attempts", "skipped"}``.

    ``items`` need ``id`` and ``chapter`` here. The first attempt or None, all attempts in order since the latest reset,
    and whether the reasons were shown instead: see ``summary``.
    """
    cuts = _cuts(events)
    by_item: dict = {}
    for event in events:
        if event["kind"] in ("attempt", "reveal"):
            by_item.setdefault(event["item"], []).append(event)
    reached = []
    for item in items:
        cut = max(
            cuts.get(("all", ""), ""), cuts.get(("chapter", item["chapter"]), ""), cuts.get(("item", item["id"]), "")
        )
        first, attempts, shown = None, [], False
        for event in _in_order(by_item.get(item["id"], [])):
            if event["time"] <= cut:
                continue
            if event["kind"] == "attempt":
                attempts.append(event)
                if first is None and not shown:
                    first = event
            elif first is None:
                shown = True
        reached.append({"item": item, "first": first, "attempts": attempts, "skipped": shown})
    return reached


def _cuts(events: list) -> dict:
    """The time of the latest reset by its scope and target."""
    cuts: dict = {}
    for event in events:
        if event["kind"] == "reset":
            place = (event["scope"], "" if event["scope"] == "all" else event["target"])
            cuts[place] = max(cuts.get(place, ""), event["time"])
    return cuts


def _when(event: dict) -> tuple:
    return (event["time"], event["id"])


def _in_order(events: list) -> list:
    # Merged events are in order already, and that is where MicroPython's sort takes quadratic time.
    if all([_when(events[i]) <= _when(events[i + 1]) for i in range(len(events) - 1)]):
        return events
    return sorted(events, key=_when)


def _counts(item: dict) -> bool:
    """Whether its first attempt goes into agreement, leanings and what to look at again."""
    return bool(item["scored"] and not item["crisis"] and item["form"] is None)


def _share(entry: dict) -> object:
    return None if entry["first"] is None else entry["first"]["share"]


def _shares(reached: list) -> list:
    return [_share(entry) for entry in reached if _share(entry) is not None]


def _mean(numbers: list) -> object:
    return _total(numbers) / len(numbers) if numbers else None


def _total(numbers: list) -> float:
    total = 0
    for number in numbers:
        total += number
    return total


# Progress, leanings, certainty.


def _chapters(items: list) -> list:
    names: list = []
    for item in items:
        if item["chapter"] not in names:
            names.append(item["chapter"])
    return names


def _chapter(name: str, reached: list) -> dict:
    here = [entry for entry in reached if entry["item"]["chapter"] == name and entry["item"]["format"] != "say"]
    answered = [entry for entry in here if entry["first"] is not None]
    return {
        "chapter": name,
        "items": len(here),
        "answered": len(answered),
        "core": len([entry for entry in here if entry["item"]["core"]]),
        "core_answered": len([entry for entry in answered if entry["item"]["core"]]),
        "skipped": len([entry for entry in here if entry["skipped"]]),
        "agreement": _mean(_shares([entry for entry in answered if _counts(entry["item"])])),
        "practice": sum([len(entry["attempts"]) for entry in here]) - len(answered),
    }


def _leanings(reached: list, chapters: list) -> dict:
    answers = []
    for entry in reached:
        if _counts(entry["item"]) and _leans(entry):
            answer = {name: entry["item"][name] for name in ("chapter", "zone", "profession")}
            answer["item"], answer["lean"] = entry["item"]["id"], entry["first"]["lean"]
            answers.append(answer)
    rows = []
    for zone in ("A", "B", "C", "all"):
        rows.append(_lean([a["lean"] for a in answers if zone in ("all", a["zone"])]))
        rows[-1]["zone"], rows[-1]["chapter"] = zone, None
    for chapter in chapters:
        rows.append(_lean([a["lean"] for a in answers if a["chapter"] == chapter]))
        rows[-1]["zone"], rows[-1]["chapter"] = None, chapter
    return {"rows": rows, "answers": answers}


def _leans(entry: dict) -> bool:
    """Whether the first attempt differed from the course's answer in a direction."""
    first = entry["first"]
    return first is not None and first["share"] is not None and first["share"] < 1 and first["lean"] not in (None, 0)


def _lean(leans: list) -> dict:
    return {
        "count": len(leans),
        "closer": len([lean for lean in leans if lean > 0]),
        "distant": len([lean for lean in leans if lean < 0]),
        "mean": _mean(leans),
        "enough": len(leans) >= ENOUGH,
    }


def _certain(reached: list) -> tuple:
    asked = [
        entry
        for entry in reached
        if entry["item"]["certain"] and _share(entry) is not None and entry["first"]["certainty"] is not None
    ]
    levels = []
    for level in (1, 2, 3):
        best, worst = CERTAINTY_MARKS[level]
        shares = _shares([entry for entry in asked if entry["first"]["certainty"] == level])
        marks = _total([share * best + (1 - share) * worst for share in shares])
        levels.append({"level": level, "n": len(shares), "mean_share": _mean(shares), "marks": marks})
    wrong = [
        {"item": entry["item"]["id"], "certainty": 3, "share": entry["first"]["share"]}
        for entry in asked
        if entry["first"]["certainty"] == 3 and entry["first"]["share"] < 0.5
    ]
    return levels, wrong


# What to look at again.


def _again(reached: list, today: int) -> list:
    """One row for an item or a pair of twins: to answer either is to repeat both, or what was served would stay due."""
    eligible = {entry["item"]["id"]: entry["item"] for entry in reached if _counts(entry["item"])}
    pair: dict = {}
    for id, item in eligible.items():
        if item["twin"] in eligible:
            pair[id] = pair[item["twin"]] = pair.get(id) or pair.get(item["twin"]) or id
    repeated: dict = {}
    for entry in reached:
        id = entry["item"]["id"]
        if id in eligible:
            attempts = [attempt for attempt in entry["attempts"] if attempt["share"] is not None]
            repeated.setdefault(pair.get(id, id), []).extend(attempts)
    rows = []
    for attempts in repeated.values():
        days: list = []  # [day, quality] of the last attempt of each
        for attempt in _in_order(attempts):
            day = to_days(attempt["time"])
            if days and days[-1][0] == day:
                days.pop()
            days.append([day, _quality(attempt["share"])])
            last = eligible[attempt["item"]]
        if days:
            interval = spaced([quality for _, quality in days])[0]
            serve = last["twin"] if last["twin"] in eligible else last["id"]
            rows.append((days[-1][0] + interval, last["id"], serve, interval))
    return [
        {"item": id, "serve": serve, "due": to_date(due), "late": today - due, "interval": interval}
        for due, id, serve, interval in sorted(rows)
    ]


def _quality(share: float) -> int:
    """Woźniak's 0 to 5 from a share: 3 and above is remembered."""
    return 5 if share == 1 else 4 if share >= 0.75 else 3 if share >= 0.5 else 2 if share >= 0.25 else 1


# The before-and-after check.


def first_draw(events: list, items: list) -> object:
    """The check's form that was drawn to come first, a or b, or None; ``items`` each with ``chapter`` and ``form``.

    It is the earliest draw since everything, or the check's own chapter, was last started over.
    """
    cuts = _cuts(events)
    cut = cuts.get(("all", ""), "")
    for item in items:
        if item["form"] is not None:
            cut = max(cut, cuts.get(("chapter", item["chapter"]), ""))
    draws = [event for event in events if event["kind"] == "check" and event["time"] > cut]
    return _in_order(draws)[0]["first"] if draws else None


def _check(events: list, reached: list) -> dict:
    first = first_draw(events, [entry["item"] for entry in reached])
    before, after = _side(first, reached), _side("b" if first == "a" else "a" if first == "b" else None, reached)
    return {"first": first, "before": before[0], "after": after[0], "gain": _gain(before[1], after[1])}


def _side(form: object, reached: list) -> tuple:
    """One side of the check, and the shares that it rests on."""
    here = [entry for entry in reached if form is not None and entry["item"]["form"] == form]
    shares = _shares([entry for entry in here if entry["item"]["scored"] and not entry["item"]["crisis"]])
    side = {
        "form": form,
        "answered": len([entry for entry in here if entry["first"] is not None]),
        "of": len(here),
        "agreement": _mean(shares),
        "half_width": None,
        "lean": _lean([entry["first"]["lean"] for entry in here if _leans(entry)]),
    }
    if len(shares) >= 2:
        side["half_width"] = _t(len(shares) - 1) * _squared_error(shares) ** 0.5
    return side, shares


def _gain(before: list, after: list) -> object:
    if not before or not after:
        return None
    gain = {"gain": _total(after) / len(after) - _total(before) / len(before), "half_width": None}
    if len(before) >= 2 and len(after) >= 2:
        one, other = _squared_error(before), _squared_error(after)
        # Welch and Satterthwaite; without any spread there are no degrees of freedom to count, and no width.
        below = one * one / (len(before) - 1) + other * other / (len(after) - 1)
        gain["half_width"] = _t((one + other) * (one + other) / below) * (one + other) ** 0.5 if below else 0
    return gain


def _squared_error(shares: list) -> float:
    """The squared standard error of their mean."""
    mean = _total(shares) / len(shares)
    return _total([(share - mean) * (share - mean) for share in shares]) / (len(shares) - 1) / len(shares)


def _t(freedom: float) -> float:
    return T_QUANTILES[min(len(T_QUANTILES), max(1, int(freedom + 1e-9))) - 1]


# The reader's own words.


def _latest(kind: str, fields: tuple, events: list, items: list) -> list:
    """The latest of each item, in the course's order and then by id; an empty text withdraws what came before."""
    found: dict = {}
    for event in events:
        if event["kind"] == kind and (event["item"] not in found or _when(found[event["item"]]) < _when(event)):
            found[event["item"]] = event
    ids = [item["id"] for item in items if item["id"] in found]
    ids += sorted([id for id in found if id not in set(ids)])
    return [{field: found[id][field] for field in fields} for id in ids if found[id]["text"] != ""]
