"""Where in a text of JSON a member stands, so that what is refused can be found in the file."""

import json
import re
from bisect import bisect_right

from django.utils.translation import gettext as _

_TOKEN = re.compile(r'([{}\[\],:])|("(?:[^"\\]|\\.)*")|([^\s{}\[\],:"]+)', re.DOTALL)
_LAST_PART = re.compile(r"(\.[^.\[]*|\[\d+\]|^[^.\[]+)$")


class _Level:
    """An object or a list that is being read, and which of its members is next."""

    def __init__(self, path: str, *, is_list: bool) -> None:
        self.path = path
        self.is_list = is_list
        self.number = 1
        self.name: str | None = None

    def member(self) -> str:
        if self.is_list:
            return f"{self.path}[{self.number}]"
        return f"{self.path}.{self.name}" if self.path else f"{self.name}"

    def next(self) -> None:
        self.number += 1
        self.name = None


def positions(text: str) -> dict[str, int]:
    """Return the offset at which the value of each member of a text of JSON begins, by path: `figures[2].place`."""
    found: dict[str, int] = {}
    levels: list[_Level] = []
    for token in _TOKEN.finditer(text):
        mark = token[1]
        level = levels[-1] if levels else None
        if mark in ("}", "]"):
            levels.pop()
        elif mark == "," and level:
            level.next()
        elif mark in ("{", "["):
            path = level.member() if level else ""
            found.setdefault(path, token.start())
            levels.append(_Level(path, is_list=mark == "["))
        elif token[2] and level and not level.is_list and level.name is None:
            level.name = json.loads(token[2], strict=False)
        elif mark is None:
            found.setdefault(level.member() if level else "", token.start())
    return found


def stands_at(line: int, column: int | str | None = None) -> str:
    """Say where something stands in a file, so that whoever reads it finds it."""
    if column is None:
        return _("line %(line)d") % {"line": line}
    return _("line %(line)d, column %(column)s") % {"line": line, "column": column}


def on_line(line: int, message: str) -> str:
    """Return a message with the line that it is about."""
    return _(": ").join((stands_at(line), message))


class Places:
    """Where the members of a text stand, as lines and columns counted from 1."""

    def __init__(self, text: str) -> None:
        self.offsets = positions(text)
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def of(self, where: str) -> str:
        """Say where a member stands, or what it would be a member of if it is missing."""
        while where not in self.offsets and (above := _LAST_PART.sub("", where)) != where:
            where = above
        at = self.offsets.get(where, 0)
        line = bisect_right(self.lines, at)
        return stands_at(line, at - self.lines[line - 1] + 1)
