"""Reads YAML into plain data and remembers on which line each piece stood."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarbool import ScalarBoolean

Loc = tuple[str | int, ...]


class YamlFault(Exception):
    """The file is no YAML at all; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


_UNPLACED = (ValueError, LookupError, TypeError, AttributeError, AssertionError)


class _Constructor(RoundTripConstructor):
    """ruamel's, but what it cannot make (a 13th month, ``!!bool maybe``) is an error with a place."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except _UNPLACED as error:
            raise ConstructorError(None, None, f"this value cannot be read ({error})", node.start_mark) from None


class Lines:
    """Data with the line of every key and list entry in it."""

    def __init__(self, data: Any, lines: dict[Loc, int]) -> None:
        self.data, self._lines = data, lines

    def at(self, loc: Loc) -> int:
        """The line of the deepest part of ``loc`` that the file has; 1 if it has none of it."""
        for length in range(len(loc), 0, -1):
            if loc[:length] in self._lines:
                return self._lines[loc[:length]]
        return 1


def read_yaml(path: Path) -> Lines:
    """The file's data with its lines; raises YamlFault for what is not UTF-8 or not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise YamlFault(line, "this byte is not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise YamlFault(1, f"the file cannot be read: {error.strerror}") from None
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    try:
        node = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = _line(text, mark.index if mark else 0)
        # A repeated key comes with both its values, which may be half the file.
        problem = re.sub(r'^(found duplicate key ".*?") with value .*', r"\1", error.problem or "", flags=re.DOTALL)
        if re.match(r" *\t", text.split("\n")[line - 1]):
            problem = "this line is indented with a tab; use spaces"
        raise YamlFault(line, f"not valid YAML: {problem.partition(chr(10))[0]}") from None
    except (YAMLError, RecursionError, *_UNPLACED) as error:
        line = _line(text, error.position) if isinstance(error, ReaderError) else 1
        raise YamlFault(line, f"not valid YAML: {str(error).partition(chr(10))[0]}") from None
    lines: dict[Loc, int] = {}
    return Lines(_plain(node, (), lines, ()), lines)


def _line(text: str, index: int) -> int:
    """The line that ``text[index]`` stands on; for the end of the file, its last line with anything on it."""
    return min(text.count("\n", 0, index), text.rstrip().count("\n")) + 1


def _plain(node: Any, loc: Loc, lines: dict[Loc, int], above: tuple[int, ...]) -> Any:
    """ruamel's round-trip types as plain Python ones. An alias to a node that encloses it is cut off."""
    if id(node) in above:
        return None
    if isinstance(node, CommentedMap):
        for key in node:
            lines[(*loc, key)] = node.lc.key(key)[0] + 1 if key in (node.lc.data or {}) else lines.get(loc, 1)
        return {key: _plain(value, (*loc, key), lines, (*above, id(node))) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        for index in range(len(node)):
            lines[(*loc, index)] = node.lc.item(index)[0] + 1
        return [_plain(value, (*loc, index), lines, (*above, id(node))) for index, value in enumerate(node)]
    if isinstance(node, ScalarBoolean):  # an int to Python
        return bool(node)
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    if isinstance(node, datetime.datetime):
        return node
    if isinstance(node, datetime.date) or node is None:
        return node
    return str(node)
