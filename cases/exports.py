"""The whole result of a list as a file, streamed as the database writes it: CSV, CSV for Excel, JSON Lines, a workbook.

Each writer returns chunks of bytes. The same data and the same parameters give the same bytes.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cases import records, workbooks
from cases.public_fields import Table
from cases.search import cursors
from cases.search.results import Results

Chunks = Generator[bytes, None, None]
CHUNK = 64 * 1024
BOM = b"\xef\xbb\xbf"


class Export:
    """One table under the parameters of a list."""

    def __init__(self, results: Results, table: Table, site: str) -> None:
        self.results = results
        self.table = table
        self.site = site

    @cached_property
    def total(self) -> int:
        """How many rows it has."""
        if not self.table.within:
            return self.results.total
        ids, parameters = self.results.found.order_by().values("id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {self.table.source} where r.id in ({ids})", parameters)
            return int(cursor.fetchone()[0])

    def query(self, columns: str) -> tuple[str, tuple[Any, ...]]:
        """Return the query for some columns of every row, in the order of the list, and its parameters."""
        order = cursors.expressions(self.results.order)
        sorts = {f"sort{n}": expression for n, (expression, _direction) in enumerate(order)}
        wanted, parameters = self.results.found.order_by().values("id", **sorts).query.sql_with_params()
        terms = [f"wanted.sort{n} {direction}" for n, (_expression, direction) in enumerate(order)]
        if self.table.within:
            terms.append(self.table.within)
        query = (
            f"select {columns} from ({wanted}) wanted "
            f"join ({self.table.source}) on r.id = wanted.id order by {', '.join(terms)}"
        )
        return records.with_site(query, self.site), parameters

    def copied(self, columns: str, options: str) -> Iterator[bytes]:
        """Yield the lines of a COPY of some columns."""
        query, parameters = self.query(columns)
        # The driver's own cursor: Django's wrappers do not know COPY.
        with (
            connection.cursor() as wrapper,
            wrapper.cursor.copy(f"copy ({query}) to stdout ({options})", parameters) as c,
        ):
            for line in c:
                yield bytes(line)


def csv(export: Export) -> Chunks:
    """RFC 4180, in UTF-8: a header line and one line for each record."""
    return _lines(export, records.csv_select(export.table))


def csv_for_excel(export: Export) -> Chunks:
    """The same with a byte order mark, and with texts marked that Excel would take for formulas."""
    yield BOM
    yield from _lines(export, records.csv_select(export.table, for_excel=True))


def json_lines(export: Export) -> Chunks:
    """One JSON object a line, as in the JSON of the list."""
    # COPY writes a backslash as two; of what else it would write otherwise, the text of JSON has nothing.
    lines = export.copied(records.json_select(export.table), "format text")
    return in_chunks(line.replace(b"\\\\", b"\\") for line in lines)


def workbook(export: Export) -> Chunks:
    """An Excel workbook: the records as typed cells, and the codebook as a second sheet.

    It is made when this is called, not while it is read. Raises TooLargeError.
    """
    workbooks.check_rows(export.total)
    query, parameters = export.query(records.typed_select(export.table))
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        file = workbooks.written(export.table, _fetched(cursor))
    return _read(file)


def _fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(1000):
        yield from rows


def _read(file: IO[bytes]) -> Chunks:
    with file:
        while block := file.read(CHUNK):
            yield block


def _lines(export: Export, columns: str) -> Chunks:
    # PostgreSQL ends its lines with LF, each of which is one block; RFC 4180 wants CR LF.
    return in_chunks(line[:-1] + b"\r\n" for line in export.copied(columns, "format csv, header"))


def in_chunks(lines: Iterable[bytes]) -> Chunks:
    """Join lines to chunks; the first one goes by itself, so that a reader knows at once that the file comes."""
    chunk = bytearray()
    size = 1
    for line in lines:
        chunk += line
        if len(chunk) >= size:
            yield bytes(chunk)
            chunk.clear()
            size = CHUNK
    if chunk:
        yield bytes(chunk)


@dataclass(frozen=True)
class Format:
    """One format of files: how its addresses end, what it is called, and who writes it."""

    suffix: str
    label: str | Promise
    content_type: str
    write: Callable[[Export], Chunks]
    compressible: bool = True


FORMATS = {
    f.suffix: f
    for f in (
        Format(".csv", gettext_lazy("CSV"), "text/csv; charset=utf-8; header=present", csv),
        Format(".excel.csv", gettext_lazy("CSV for Excel"), "text/csv; charset=utf-8; header=present", csv_for_excel),
        Format(
            ".xlsx",
            gettext_lazy("Excel workbook"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook,
            compressible=False,
        ),
        Format(".jsonl", gettext_lazy("JSON Lines"), "application/jsonl; charset=utf-8", json_lines),
    )
}
