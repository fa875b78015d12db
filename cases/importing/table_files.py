"""Files of tables, in any format that the archive writes: which table it is, its rows, and whether cells agree."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.utils.translation import gettext as _

from cases import discrepancies, records
from cases.cells import unmarked
from cases.importing import csv_rows, decisions, json_rows, patches, workbook_rows
from cases.importing.csv_rows import Row, value_of
from cases.importing.files import File, UnreadableError
from cases.importing.positions import stands_at
from cases.importing.reader import Problem
from cases.packages.tables import TABLES as PACKAGED
from cases.public_fields import Table

AT_ONCE = 500
# Tables that are made from others: each is known by its whole header.
COMPARED = (
    *(table for table in PACKAGED if table.source and table.name not in patches.CONTENT),
    discrepancies.TABLE,
)


@dataclass(frozen=True)
class _Format:
    header: Callable[[File], list[str]]
    rows: Callable[[File, Sequence[str]], Iterator[Row]]


FORMATS = {
    ".csv": _Format(csv_rows.header, csv_rows.rows),
    ".jsonl": _Format(json_rows.header, json_rows.rows),
    ".xlsx": _Format(workbook_rows.header, workbook_rows.rows),
}


def is_table(file: File) -> bool:
    """Say whether a file holds a table, by the end of its name; other files are records."""
    return file.suffix in FORMATS


def is_of_decisions(file: File) -> bool:
    """Say whether a file is a table of decisions. One of discrepancies names two figures as well."""
    return file.suffix == ".csv" and decisions.is_table(file) and TableFile(file).table is None


class TableFile:
    """A file and the table of which it holds rows."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.name = file.name
        self.format = FORMATS[file.suffix]
        self.is_workbook = file.suffix == ".xlsx"

    @cached_property
    def columns(self) -> list[str]:
        return self.format.header(self.file)

    @cached_property
    def table(self) -> Table | None:
        """The table that the header names; None if it names none."""
        columns = set(self.columns)
        for name, named_by in patches.KNOWN_BY.items():
            if set(named_by) <= columns:
                return records.TABLES[name]
        return next((table for table in COMPARED if columns == set(table.columns)), None)

    @property
    def of(self) -> Table:
        """The table, once the header is known to name one."""
        if self.table is None:
            raise ValueError(f"{self.name} is no table")
        return self.table

    @property
    def is_compared(self) -> bool:
        """Whether the table is made from others: its rows are compared and change nothing."""
        return any(self.table is table for table in COMPARED)

    @cached_property
    def types(self) -> dict[str, str]:
        return {field.name: field.type for field in self.table.fields} if self.table else {}

    @property
    def is_marked(self) -> bool:
        """Whether texts that look like formulas have a mark before them: those of spreadsheets that are text files."""
        return not self.is_workbook and self.file.from_a_spreadsheet

    @property
    def notice(self) -> str:
        return "" if self.is_workbook else self.file.notice

    def header_problems(self) -> list[Problem]:
        """Return what is wrong with the header, or with the file as a whole."""
        try:
            columns, table = self.columns, self.table
        except (UnreadableError, ValueError, csv.Error) as problem:
            return [Problem(self.name, "", str(problem))]
        if table is None:
            known = _(" or ").join(_(" and ").join(names) for names in patches.NAMED_BY.values())
            message = _("the header names no table: it needs the columns %(columns)s") % {"columns": known}
            return [Problem(self.name, "", message, stands_at(1))]
        unknown = [name for name in columns if name not in self.types]
        twice = [name for name, n in Counter(columns).items() if n > 1]
        no_column = _("is not a column of %(table)s") % {"table": table.name}
        return [
            Problem(self.name, "", message, stands_at(1, name))
            for names, message in ((unknown, no_column), (twice, _("stands twice")))
            for name in names
        ]

    def rows(self) -> Iterator[list[Row]]:
        """Yield the rows, so many at a time. Raises ValueError for what is no row."""
        found = self.format.rows(self.file, self.columns)
        while batch := list(islice(found, AT_ONCE)):
            yield batch

    def problem(self, row: Row, column: str, message: str) -> Problem:
        """Return what is wrong with a cell."""
        return Problem(self.name, "", message, stands_at(row.line, column))

    def same(self, column: str, cell: str, old: str) -> bool:
        """Say whether two cells say the same, however they write it: line ends, numbers, marks, the site's address."""
        type_ = self.types[column]
        if type_ == "text":
            return _unix(old) in (_unix(cell), _unix(unmarked(cell))) or (
                self.is_address(column) and _without_site(cell) == _without_site(old)
            )
        try:
            new, known = value_of(type_, cell), value_of(type_, old)
            if self.is_workbook and type_ == "number" and new is not None and known is not None:
                return float(f"{new:.15g}") == float(f"{known:.15g}")  # Excel keeps no more digits
            return known in (new, value_of(type_, unmarked(cell)))
        except ValueError:
            return False

    def is_address(self, column: str) -> bool:
        """Say whether a column holds addresses of the archive's own pages."""
        return any(f.name == column and ":site" in f.sql for f in (self.table.fields if self.table else ()))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def _without_site(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)
