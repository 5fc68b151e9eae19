"""The bibliography as short labels: "La Puma et al. (1991)"."""

from __future__ import annotations

from pathlib import Path

from pybtex.database import Entry, parse_string
from pybtex.exceptions import PybtexError
from pybtex.scanner import PybtexSyntaxError


class BibFault(Exception):
    """references.bib cannot be read; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def read_sources(path: Path) -> dict[str, str]:
    """A label for every key of a BibTeX file, in its order; raises BibFault."""
    try:
        entries = parse_string(path.read_text(encoding="utf-8"), "bibtex").entries
    except (OSError, UnicodeDecodeError):
        raise BibFault(1, "the bibliography is missing or not UTF-8") from None
    except PybtexSyntaxError as error:
        raise BibFault(int(error.lineno or 1), f"not valid BibTeX: {error.error_type}: {error.args[0]}") from None
    except PybtexError as error:  # an entry twice, a name with too many commas: named, but not placed
        raise BibFault(1, str(error)) from None
    return {key: _label(entry) for key, entry in entries.items()}


def _label(entry: Entry) -> str:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [
        " ".join([*person.prelast_names, *person.last_names]).replace("{", "").replace("}", "") for person in people
    ]
    if not names:
        who = entry.fields.get("title", "Untitled").replace("{", "").replace("}", "")
    elif len(names) > 2:
        who = f"{names[0]} et al."
    else:
        who = " and ".join(names)
    year = entry.fields.get("year")
    return f"{who} ({year})" if year else who
