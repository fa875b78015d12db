"""Files of CSV, row by row: with the line on which a row begins, and cells as values of their columns' types."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases.importing.files import File
from cases.importing.positions import on_line

csv.field_size_limit(10_000_000)  # a text is one cell

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?")


@dataclass(frozen=True)
class Row:
    """A row: the line on which it begins, and its cells by column, as they stand in the file."""

    line: int
    cells: dict[str, str]


def header(file: File) -> list[str]:
    """Return the names of the columns. Raises ValueError or csv.Error."""
    with file.text() as text:
        names = next(csv.reader(text, strict=True), [])
    return [name.removeprefix("\ufeff").strip() for name in names]


def rows(file: File, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows under the header, empty lines left out. Raises ValueError with the line for what is no row."""
    with file.text() as text:
        reader = csv.reader(text, strict=True)
        line = 1
        try:
            for n, cells in enumerate(reader):
                if n and cells:
                    if len(cells) != len(columns):
                        raise ValueError(on_line(line, too_many(len(cells), len(columns))))
                    yield Row(line, dict(zip(columns, cells, strict=True)))
                line = reader.line_num + 1
        except csv.Error as problem:
            raise ValueError(on_line(line, str(problem))) from problem


def too_many(cells: int, columns: int) -> str:
    """Return what is wrong with a row that is not as wide as the header."""
    return _("there are %(cells)d cells under %(columns)d columns") % {"cells": cells, "columns": columns}


def value_of(type_: str, cell: str) -> Any:
    """Return what a cell says: None if it is empty, [] of a list. Raises ValueError with what it is not."""
    if type_ == "list":
        return [part for part in (part.strip() for part in cell.split(";")) if part]
    if type_ not in ("integer", "number", "boolean"):
        return cell or None
    cell = cell.strip()
    return _READERS[type_](cell) if cell else None


def _number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        raise ValueError(_("“%(cell)s” is not a number, such as 22000 or 0.5") % {"cell": cell[:40]})
    return Decimal(cell)


def _integer(cell: str) -> int:
    number = _number(cell)
    if number != number.to_integral_value():
        raise ValueError(_("“%(cell)s” is not a whole number") % {"cell": cell[:40]})
    return int(number)


def _boolean(cell: str) -> bool:
    if cell.lower() not in ("true", "false"):
        raise ValueError(_("“%(cell)s” is neither true nor false") % {"cell": cell[:40]})
    return cell.lower() == "true"


_READERS: dict[str, Callable[[str], Any]] = {"integer": _integer, "number": _number, "boolean": _boolean}
