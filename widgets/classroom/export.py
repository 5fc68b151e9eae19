"""Reasons as a CSV file that a spreadsheet shows and does not run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # of a formula (OWASP, CSV injection)


def reasons_csv(reasons: Iterable[Mapping[str, Any]]) -> str:
    """``text, vote, shown``, a row a reason, as ``results.given_reasons`` lists them.

    Everything is quoted and the text is first: many countries' spreadsheets split at semicolons, and a quotation mark
    keeps a text together only where it begins the line. Otherwise what follows a semicolon in it would be a cell.
    """
    file = io.StringIO()
    rows = csv.writer(file, quoting=csv.QUOTE_ALL)
    rows.writerow(["text", "vote", "shown"])
    rows.writerows([harmless(reason["text"]), reason["vote"], "yes" if reason["shown"] else "no"] for reason in reasons)
    return file.getvalue()


def harmless(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(STARTS) else text
