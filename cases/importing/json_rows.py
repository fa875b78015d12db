"""Files of JSON Lines, as the archive writes tables: each line an object, its members the cells of a row."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases.importing.csv_rows import Row
from cases.importing.files import File
from cases.importing.positions import on_line
from cases.importing.reader import loads


def header(file: File) -> list[str]:
    """Return the members of the first line. Raises ValueError."""
    for _line, members in _objects(file):
        return list(members)
    return []


def rows(file: File, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the lines, cells as a CSV has them, empty lines left out. Raises ValueError with the line and member."""
    for line, members in _objects(file):
        odd = sorted(set(members) ^ set(columns))
        if odd:
            message = _("has other members than the first line: %(names)s") % {"names": ", ".join(odd)[:200]}
            raise ValueError(on_line(line, message))
        try:
            yield Row(line, {name: cell(members[name]) for name in columns})
        except TypeError as problem:
            raise ValueError(on_line(line, str(problem))) from problem


def _objects(file: File) -> Iterator[tuple[int, dict[str, Any]]]:
    with file.text() as text:
        for line, written in enumerate(text, 1):
            if not written.strip():
                continue
            try:
                found = loads(written.strip(), parse_float=Decimal)
            except (ValueError, RecursionError) as problem:
                message = _("is not JSON: %(problem)s") % {"problem": problem}
                raise ValueError(on_line(line, message)) from problem
            if not isinstance(found, dict):
                raise ValueError(on_line(line, _("is not an object")))
            yield line, found


def cell(value: Any) -> str:
    """Return a value as a CSV has it. Raises TypeError for what no table holds."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | Decimal):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "; ".join(value)
    raise TypeError(_("a table holds no %(type)s") % {"type": "list" if isinstance(value, list) else "object"})
