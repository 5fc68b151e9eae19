"""Which way a class leans: first answers that differed from the course's, by their direction."""

from __future__ import annotations

import pandas as pd

ENOUGH = 8  # differing answers, below which a leaning is too few to say; as on a reader's own record


def leanings(answers: pd.DataFrame) -> pd.DataFrame:
    """By zone, then by chapter: ``by`` (``"zone"``, ``"chapter"`` or ``"all"``), ``name``, ``answers``, ``differed``,
    ``distant``, ``closer``, ``mean`` (-1 more distant to 1 closer), ``enough``.

    ``answers`` is a Results' frame with ``zone`` and ``chapter``. Scored answers of the first vote count; the check's
    do not. ``differed`` are those with a share below 1 and a lean other than 0; ``mean`` is NaN without any.
    """
    counted = answers[(answers["vote"] == 1) & answers["share"].notna() & (answers["source"] != "check")]
    rows = [_row("all", "all", counted)]
    for by in ("zone", "chapter"):
        groups = {str(name): group for name, group in counted.groupby(by, observed=True)}
        order = sorted(groups) if by == "zone" else dict.fromkeys(counted[by])
        rows += [_row(by, str(name), groups[name]) for name in order]
    return pd.DataFrame(rows)


def _row(by: str, name: str, answers: pd.DataFrame) -> dict[str, object]:
    leans = answers.loc[answers["share"] < 1, "lean"].dropna()
    leans = leans[leans != 0]
    return {
        "by": by,
        "name": name,
        "answers": len(answers),
        "differed": len(leans),
        "distant": int((leans < 0).sum()),
        "closer": int((leans > 0).sum()),
        "mean": float(leans.mean()) if len(leans) else float("nan"),
        "enough": len(leans) >= ENOUGH,
    }
