"""Tables with fixed columns, and tables as files that a spreadsheet may open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # also their full-width forms


def frame(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    """Rows as a table that has these columns, also where there are no rows."""
    return pd.DataFrame(list(rows), columns=list(columns))


def save_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV and return where it is.

    A text that begins as a formula does gets an apostrophe before it, as OWASP advises against CSV injection: a
    stranger's record must not run in the instructor's spreadsheet. Numbers stay numbers.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    safe = table.copy()
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name].dtype):
            safe[name] = [disarmed(value) for value in table[name]]
    safe.to_csv(path, index=False, encoding="utf-8-sig")  # with its mark, or Excel takes UTF-8 for something else
    return path


def disarmed(value: Any) -> Any:
    """A value as a cell: texts, and lists and maps as texts, that no spreadsheet takes for a formula."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value if isinstance(value, str) else str(value)
    return "'" + text if text.lstrip(" ").startswith(FORMULA) else text
